"""Options that may be given once for each environment or service instance: ``NAME=VALUE``.

Without a name, a value is for whatever is rendered; for outputs that has to be one thing, since
those of development in production's template are wrong, and nobody would see it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from moto_proton.cli.ending import Status, fail, note

# Service model: the pattern and the lengths of ResourceName.
NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{0,99}")
_NAMED: Final = re.compile(rf"({NAME.pattern})=(.*)", re.DOTALL)


def values_by_name(
    option: str,
    given: Sequence[str],
    *,
    kind: str,
    known: Collection[str],
    used: Collection[str],
    may_be_shared: bool = False,
) -> Mapping[str, str]:
    """The values of an option by the names that use them; ends the command if it can't be told.

    ``kind`` is what has the names: ``environment`` or ``service instance``. ``known`` are those of
    the spec, ``used`` those that are rendered. Values that nothing uses are noted.
    """
    from moto_proton.spelling import hint

    named: dict[str, str] = {}
    shared: list[str] = []
    for text in given:
        found = _NAMED.fullmatch(text)
        if found is None:
            shared.append(text)
            continue
        name, value = found.groups()
        if name not in known:
            meant = hint(name, known) or f"; it has {', '.join(known) or 'none'}"
            fail(Status.USAGE, f"{option} {text}: the spec has no {kind} {name}{meant}")
        if name in named:
            fail(Status.USAGE, f"{option}: given twice for {kind} {name}")
        named[name] = value
    rest = [name for name in used if name not in named]
    if len(shared) > 1:
        fail(Status.USAGE, f"{option}: given twice without a name; {_each(option, known)}")
    if shared and len(rest) > 1 and not may_be_shared:
        fail(
            Status.USAGE,
            f"{option} {shared[0]} would serve {len(rest)} {kind}s, {' and '.join(rest)}; "
            f"say which is whose: {_each(option, rest)}",
        )
    for name, value in named.items():
        if name not in used:
            note(f"{option} {name}={value} is not used: no template that sees it is rendered")
    if shared and not rest:
        note(f"{option} {shared[0]} is not used: no template that sees it is rendered")
    return {**{name: shared[0] for name in rest if shared}, **named}


def _each(option: str, names: Collection[str]) -> str:
    return " ".join(f"{option} {name}=..." for name in names)
