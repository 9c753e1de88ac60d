"""The style that most specs are written in, read without a YAML parser: several times as fast.

That style is block mappings and lists of mappings or scalars, each entry with its scalar on one
line, in printable ASCII, without anchors, tags, flow collections or escapes. Whatever else a text
has in it, right or wrong, is left to :mod:`~moto_proton.spec.document`: what is read here means
exactly the same there, which a property of the tests holds us to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from moto_proton.spec.scalars import Scalar, ScalarError, plain_scalar
from moto_proton.spec.values import Value

_MAX_DEPTH: Final = 50
# The entries of a spec share most of their lines, and so do the specs of a test.
_REMEMBERED_LINES: Final = 1024
_LONGEST_REMEMBERED: Final = 100

# Every run of spaces is followed by "no further space", so that no line takes long to be refused.
_LINE: Final = re.compile(
    r"""
    (?P<indent> \ *) (?!\ )
    (?P<dash> -\ + (?!\ ) )?
    (?: (?P<key> [A-Za-z_][\w-]{0,99} ) : (?=\ |\Z) \ * (?!\ ) )?
    (?: (?P<plain> (?: [\w./$+=~] | -(?=[\w.]) ) [!"$-9;-~]*
                   (?: (?: \ + | :+ ) [!"$-9;-~]+ )* )
      | (?P<quoted> "[\ !\#-\[\]-~]*" | '[\ -&(-~]*' ) )?
    \ * (?: (?<!\S) \#[\ -~]* )?
    """,
    re.VERBOSE | re.ASCII,
)

_Line: TypeAlias = tuple[int, int, str, Scalar, bool]
"""The column, the width of a dash and its spaces, the key, the scalar, and whether there is one."""
_NOTHING: Final[_Line] = (0, 0, "", None, False)


class _OtherStyle(Exception):
    """The text is not in this style, or is wrong."""


def read(text: str) -> Mapping[str, Value] | None:
    """The mapping that a text in this style is, as immutable data; None for any other text."""
    try:
        return _mapping(text)
    except (_OtherStyle, ScalarError):
        return None


def _line(line: str) -> _Line:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _OtherStyle
    indent, dash, key, plain, quoted = found.groups()
    has_value = plain is not None or quoted is not None
    if key is None and dash is None:
        if has_value:
            raise _OtherStyle
        return _NOTHING
    if key is None and not has_value:
        raise _OtherStyle
    if key is not None and plain_scalar(key) != key:
        raise _OtherStyle
    value = quoted[1:-1] if quoted is not None else plain_scalar(plain) if plain else None
    return len(indent), len(dash or ""), key or "", value, has_value


_remembered_line: Final = lru_cache(maxsize=_REMEMBERED_LINES)(_line)


def _mapping(text: str) -> Mapping[str, Value]:
    """Fill mappings and lists line by line. Long for the same reason as the loop over events."""
    top: dict[str, Any] = {}
    here: Any = top  # the dict or the list that is being filled
    here_column = 0
    enclosing: list[tuple[Any, int]] = []
    lists: list[tuple[dict[str, Any], str]] = []  # to be frozen when all is read
    awaiting: str | None = None  # the last key, if nothing stood behind it
    for line in text.removeprefix("---\n").split("\n"):
        read_line = (_remembered_line if len(line) <= _LONGEST_REMEMBERED else _line)(line)
        column, dash, key, value, has_value = read_line
        if read_line is _NOTHING:
            continue

        if awaiting is not None and (column > here_column or (dash and column == here_column)):
            # What follows is the value of the last key.
            enclosing.append((here, here_column))
            if len(enclosing) > _MAX_DEPTH:
                raise _OtherStyle
            inner: Any
            if dash:
                inner = []
                here[awaiting] = inner
                lists.append((here, awaiting))
            else:
                inner = {}
                here[awaiting] = MappingProxyType(inner)
            here, here_column = inner, column
        else:
            # A list may stand in the same column as the keys of the mapping that it is in.
            while here_column > column or (
                here_column == column and not dash and here.__class__ is list
            ):
                here, here_column = enclosing.pop()
            if here_column != column or (here.__class__ is list) is not bool(dash):
                raise _OtherStyle
        awaiting = None

        if dash:
            if not key:
                here.append(value)
                continue
            entry: dict[str, Any] = {}
            here.append(MappingProxyType(entry))
            enclosing.append((here, column))
            here, here_column = entry, column + dash

        if key in here:
            raise _OtherStyle
        here[key] = value
        if not has_value:
            awaiting = key
    if not top:
        raise _OtherStyle
    for owner, key in lists:
        owner[key] = tuple(owner[key])
    return MappingProxyType(top)
