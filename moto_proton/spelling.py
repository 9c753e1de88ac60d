"""Which of the known names a misspelt one was meant to be: one answer for settings, markers, seeds,
faults.

Internal: no part of the public API.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

_LONGEST: int = 100
"""Characters of a name that are compared; the time that this takes grows with their square."""


def hint(name: object, known: Collection[str]) -> str:
    """``"; did you mean 'quotas'?"``, or nothing if no known name is near."""
    close = difflib.get_close_matches(str(name)[:_LONGEST], known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def refuse_unknown(where: str, given: Iterable[object], known: Collection[str]) -> None:
    """Raise ``ValueError`` for the first name that is not known, with the one that was meant.

    ``where`` is what has no such name: the subject of the message.
    """
    for name in given:
        if name not in known:
            meant = hint(name, known) or f"; known are {', '.join(known)}"
            raise ValueError(f"{where} has no {name!r}{meant}")


def is_slip(name: str, known: str) -> bool:
    """Whether a name is likely to be another one with a slip in it, not a name of its own.

    Names of resources often differ on purpose in one of their parts (``team-a`` and ``team-b``,
    ``dev-env`` and ``prod-env``) or in a number, so parts are compared with each other: a part is a
    slip if almost all of its letters are the other's. Case and separators make no difference.
    """
    parts, known_parts = _parts(name), _parts(known)
    if "".join(parts) == "".join(known_parts):
        return name != known
    return len(parts) == len(known_parts) and all(
        one == other or _is_slip_of_a_word(one, other)
        for one, other in zip(parts, known_parts, strict=True)
    )


def _parts(name: str) -> list[str]:
    return re.split(r"[-_]", name[:_LONGEST].lower())


def _is_slip_of_a_word(one: str, other: str) -> bool:
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other) or min(len(one), len(other)) < 3:
        return False
    swapped = sorted(one) == sorted(other)
    return swapped or difflib.SequenceMatcher(None, one, other).ratio() >= 0.8
