"""The plain data that specs are made of: its type, when two values are the same, how to show one.

Text is read by :mod:`~moto_proton.spec.document` and written by :mod:`~moto_proton.spec.dump`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeGuard

Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | Mapping[str, Value] | None"


class Missing(Enum):
    """The type of :data:`MISSING`, so that "there is no value" differs from null."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING

PLACEHOLDER: Final = "${Proton::CURRENT_VAL}"

NO_INPUTS: Final[Mapping[str, Value]] = MappingProxyType({})

_COMPARED_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
_NAME_LIKE = re.compile(r"[\w-]+")
_LONGEST_SHOWN = 60


def freeze(value: Any) -> Value:
    """An immutable copy of plain data: tuples for lists, read-only mappings for mappings.

    Raises TypeError for a value, or a key of a mapping, that a spec cannot hold.
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    if isinstance(value, Mapping):
        return freeze_mapping(value)
    raise TypeError(f"a spec cannot hold a {type(value).__name__}")


def freeze_mapping(mapping: Mapping[str, Any]) -> Mapping[str, Value]:
    """:func:`freeze` for a value that is known to be a mapping."""
    for key in mapping:
        if not isinstance(key, str):
            raise TypeError(f"a spec cannot hold a {type(key).__name__} as a key")
    return MappingProxyType({key: freeze(item) for key, item in mapping.items()})


def is_mapping(value: object) -> TypeGuard[Mapping[str, Value]]:
    """Whether a value is a mapping; fast for the types that specs are read into.

    ``isinstance`` with :class:`~collections.abc.Mapping` takes five times as long.
    """
    return value.__class__ is MappingProxyType or isinstance(value, Mapping)


def same_value(one: Value, other: Value) -> bool:
    """Whether two values are equal as parsed data, types included.

    ``80`` is not ``"80"``, ``1`` is neither ``True`` nor ``1.0``; a not-a-number is itself. The
    order of a mapping does not matter, that of a list does. Anything that Rule 4.3-6 does not say
    is a choice.

    Rule 4.3-6.
    """
    if one is other:
        return True
    if type(one) in _COMPARED_AS_THEY_ARE:
        return type(other) is type(one) and one == other
    if is_mapping(one):
        if not is_mapping(other) or len(one) != len(other):
            return False
        for key, item in one.items():
            theirs = other.get(key, MISSING)
            # Most members are the very same object; calling a function for each would take several
            # times as long.
            if theirs is not item and (isinstance(theirs, Missing) or not same_value(item, theirs)):
                return False
        return True
    if isinstance(one, (tuple, list)):
        return (
            isinstance(other, (tuple, list))
            and len(one) == len(other)
            and all(map(same_value, one, other))
        )
    if type(one) is not type(other):
        return False
    return one == other or (
        isinstance(one, float)
        and isinstance(other, float)
        and math.isnan(one)
        and math.isnan(other)
    )


def member_path(path: str, key: str) -> str:
    """The path of a mapping's member; a key that is not a plain word is quoted, in brackets."""
    if _NAME_LIKE.fullmatch(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def element_path(path: str, index: int) -> str:
    """The path of a list's element."""
    return f"{path}[{index}]"


def shown(value: Value) -> str:
    """A value as one short line for a message, in the manner of JSON."""
    text = json.dumps(value, ensure_ascii=False, default=_as_json)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def _as_json(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a spec cannot hold a {type(value).__name__}")


def identity(value: Any, of_scalar: Callable[[Any], Any]) -> Any:
    """A hashable key that is equal for equal values only, whatever the order of members.

    ``of_scalar`` says when two scalars are the same; it is asked of mappings and lists, too, whose
    answer does not matter.
    """
    scalar = of_scalar(value)
    if isinstance(value, Mapping):
        members = ((key, identity(item, of_scalar)) for key, item in value.items())
        return ("object", frozenset(members))
    if isinstance(value, (list, tuple)):
        return ("array", *(identity(item, of_scalar) for item in value))
    return scalar
