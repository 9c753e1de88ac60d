"""Which resources a fault's pattern can fit: one that can fit none is refused when it is given.

A pattern is matched as a file name is in a shell, but for ``*``, which fits slashes, too.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from moto_proton.spelling import hint

# Characters of a pattern: the resource part of an ARN has some 350 at most, and the time that
# matching takes grows with the square of this.
_LONGEST: Final = 1_000
_SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "component": ("component/NAME",),
    "environment": ("environment/NAME",),
    "environment-template": ("environment-template/NAME:1.0",),
    "service": ("service/NAME/service-instance/NAME", "service/NAME/pipeline/ID"),
    "service-template": ("service-template/NAME:1.0",),
}
"""What can fail, by kind, as the resource part of its ARN."""

_PLAIN_SERVICE: Final = re.compile(r"service/[^/*?\[]+")
_PART: Final = re.compile(r"NAME|ID|1\.0|.")
_CLASS: Final = re.compile(r"\[!?\]?[^\]]*\]|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Step:
    """One of these characters, or, if it repeats, any number of them."""

    characters: frozenset[str]
    repeats: bool = False


_DIGITS: Final = frozenset("0123456789")
_ALPHANUMERIC: Final = _DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_IN_NAMES: Final = _ALPHANUMERIC | frozenset("-_")
_ALL: Final = _IN_NAMES | frozenset("/:.")
_NAME: Final = (_Step(_ALPHANUMERIC), _Step(_IN_NAMES, repeats=True))
_NUMBER: Final = (_Step(_DIGITS), _Step(_DIGITS, repeats=True))
_PARTS: Final = {
    "NAME": _NAME,
    "ID": _NAME,
    "1.0": (*_NUMBER, _Step(frozenset(".")), *_NUMBER),
}


def kinds(pattern: str) -> list[str]:
    """The kinds of resources that the pattern can fit.

    What it has before its first slash is meant for the kind, though ``*`` fits more than that.
    """
    steps = list(_of_pattern(pattern))
    start, slash, _ = pattern.partition("/")
    return [
        kind
        for kind, shapes in _SHAPES.items()
        if (not slash or fnmatch.fnmatchcase(kind, start))
        and any(_meet(steps, list(_of_shape(shape))) for shape in shapes)
    ]


def read_pattern(resource: str) -> str:
    """The pattern as the book keeps it; raises ``ValueError`` for one that fits no resource."""
    if not isinstance(resource, str):
        raise ValueError(f"a resource is a string, not {resource!r}")
    if len(resource) > _LONGEST:
        raise ValueError(f"a resource has at most {_LONGEST:,} characters")
    if resource.startswith("arn:"):
        raise ValueError(
            f"{resource!r} is an ARN; a fault takes its resource part, such as 'environment/dev'"
        )
    if _PLAIN_SERVICE.fullmatch(resource):
        raise ValueError(
            f"{resource!r} is a service, and no service is deployed by itself; a fault takes its "
            f"parts: '{resource}/service-instance/NAME', '{resource}/pipeline/*'"
        )
    if kinds(resource):
        return resource
    # A service has at most one pipeline, and its id is not known before it is created.
    if resource.endswith("/pipeline") and kinds(f"{resource}/*"):
        return f"{resource}/*"
    kind, slash, _ = resource.partition("/")
    shapes = [each for name, each in _SHAPES.items() if slash and fnmatch.fnmatchcase(name, kind)]
    if shapes:
        known = ", ".join(shape for each in shapes for shape in each)
        raise ValueError(f"{resource!r} fits no resource; what can fail is called {known}")
    starts = [f"{each}/" for each in _SHAPES]
    raise ValueError(
        f"{resource!r} fits no resource; a pattern starts with one of {', '.join(starts)}"
        + hint(f"{kind}/", starts)
    )


def _of_shape(shape: str) -> Iterator[_Step]:
    for part in _PART.findall(shape):
        yield from _PARTS.get(part, (_Step(frozenset(part)),))


def _of_pattern(pattern: str) -> Iterator[_Step]:
    for part in _CLASS.findall(pattern):
        if part == "*":
            yield _Step(_ALL, repeats=True)
        elif part == "?" or len(part) > 1:
            yield _Step(frozenset(each for each in _ALL if fnmatch.fnmatchcase(each, part)))
        else:
            yield _Step(frozenset(part))


def _meet(one: list[_Step], other: list[_Step]) -> bool:
    """Whether there is a text that both fit."""
    ahead = [(0, 0)]
    seen = set(ahead)
    while ahead:
        i, j = ahead.pop()
        if i == len(one) and j == len(other):
            return True
        reached = []
        if i < len(one) and one[i].repeats:
            reached.append((i + 1, j))
        if j < len(other) and other[j].repeats:
            reached.append((i, j + 1))
        if i < len(one) and j < len(other) and one[i].characters & other[j].characters:
            reached.append((i + (not one[i].repeats), j + (not other[j].repeats)))
        for each in reached:
            if each not in seen:
                seen.add(each)
                ahead.append(each)
    return False
