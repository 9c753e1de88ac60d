"""Regular expressions of schemas, which may be hostile: compiled and searched within bounds.

``pattern`` is a search. The flavour is that of the ``regex`` package (choice): it can stop a search
after some time, which ``re`` can't; it differs from ECMA's only in details (``$`` also matches
before a final newline). ``\\d`` and ``\\w`` are ASCII, as with ECMA.
"""

from __future__ import annotations

import re
import warnings
from typing import Any, Final

from moto_proton.remembering import remembering

# The compiler copies what is repeated a fixed number of times; this many atoms need a megabyte.
MAX_ATOMS: Final = 5_000
MAX_GROUPS_DEEP: Final = 100
# The compiler and the searches for literal text can't be stopped, and take the square of this.
MAX_CHARACTERS: Final = 1_000
# For all patterns of one schema together. Without repetition, a schema of 50 KB can't reach it.
MAX_ATOMS_TOGETHER: Final = 100_000
# The fixed cost of a compiled pattern, in atoms.
_BARE: Final = 20

_PIECE = re.compile(
    r"\(\?(?:R|[+-]?[0-9]|&|P>)|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\{(?P<least>[0-9]+)(?:,[0-9]*)?\}|.",
    re.DOTALL,
)


class PatternError(ValueError):
    """A pattern that cannot be used; the text says why."""


@remembering(lambda pattern: _BARE + atoms_of(pattern), MAX_ATOMS_TOGETHER)
def compiled(pattern: str) -> Any:
    """The pattern, ready for :func:`found`. Raises PatternError."""
    import regex  # type: ignore[import-untyped]

    atoms_of(pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return regex.compile(pattern, regex.ASCII)
    except RecursionError:
        raise PatternError("it is nested too deeply") from None
    except (regex.error, ValueError, OverflowError, KeyError, IndexError) as error:
        raise PatternError(str(error)) from None


def found(pattern: str, text: str, seconds: float) -> bool:
    """Whether the pattern is found in the text. Raises TimeoutError when it takes longer.

    Rule 8.3-4.
    """
    return compiled(pattern).search(text, timeout=max(seconds, 0.001)) is not None


def atoms_of(pattern: str) -> int:
    """How many atoms the compiler makes: those of a group count as often as it is repeated at
    least.

    Raises PatternError for a pattern that would need too much memory.
    """
    if len(pattern) > MAX_CHARACTERS:
        raise PatternError(f"it has more than {MAX_CHARACTERS:,} characters")
    enclosing: list[int] = []
    atoms = last = 0
    for piece in _PIECE.finditer(pattern):
        if piece[0].startswith("(?"):
            # Not part of ECMA's syntax, and its memory use would have no limit.
            raise PatternError("it calls itself")
        if piece[0] == "(":
            enclosing.append(atoms)
            atoms = last = 0
            if len(enclosing) > MAX_GROUPS_DEEP:
                raise PatternError("it is nested too deeply")
        elif piece[0] == ")" and enclosing:
            last = max(atoms, 1)
            atoms = enclosing.pop() + last
        elif piece["least"] is not None:
            repeated = last * max(int(piece["least"][:9]), 1)
            atoms += repeated - last
            last = repeated
        else:
            last = 1
            atoms += 1
        if atoms > MAX_ATOMS or last > MAX_ATOMS:
            raise PatternError("it repeats too much")
    return atoms
