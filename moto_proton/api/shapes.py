"""Writes a result as the JSON of Proton's response, member by member as the output shape says.

Each operation's output shape is compiled once into closures. The values come from the resources.
Source: the service model; that absent members are left out and times have milliseconds is what
every recorded example shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Final

from moto_proton.api.left_out import LEFT_OUT
from moto_proton.api.naming import snake_case
from moto_proton.api.service_model import Shape, output_shape

_Write = Callable[[object], object]


def write_response(operation: str, result: object) -> dict[str, object]:
    """The response of an operation as JSON values, new dicts and lists throughout.

    The resource in it goes without what ``left_out`` names for the operation.
    ``result`` and what it holds are mappings with snake-case keys or objects with such attributes;
    None and missing members are left out, and attributes that the model does not know are ignored.
    A None as the whole result is an empty response. Raises TypeError naming the member for a value
    that the shape cannot carry (a naive datetime included), LookupError for an unknown operation.

    Rules 1.3-1, 1.3-2 and 4.3-12.
    """
    if result is None:
        return {}
    return _response_writer(operation)(result)


@cache
def _response_writer(operation: str) -> Callable[[object], dict[str, object]]:
    return _structure_writer(
        output_shape(operation), operation, of_members=LEFT_OUT.get(operation, frozenset())
    )


def _writer(shape: Shape, path: str, without: frozenset[str] = frozenset()) -> _Write:
    if shape.type_name == "structure":
        return _structure_writer(shape, path, without)
    if shape.type_name == "list":
        return _list_writer(shape, path)
    if shape.type_name not in _PLAIN_WRITERS:
        raise NotImplementedError(f"The service model now answers with a {shape.type_name}: {path}")
    return _PLAIN_WRITERS[shape.type_name](path)


def _structure_writer(
    shape: Shape,
    path: str,
    without: frozenset[str] = frozenset(),
    of_members: frozenset[str] = frozenset(),
) -> Callable[[object], dict[str, object]]:
    """Writes a structure but for the members ``without``, and its structures but for others."""
    members = tuple(
        (name, snake_case(name), _writer(member, f"{path}.{name}", of_members))
        for name, member in shape.members.items()
        if name not in without
    )

    def write(value: object) -> dict[str, object]:
        written: dict[str, object] = {}
        if isinstance(value, Mapping):
            for name, attribute, write_member in members:
                item = value.get(attribute)
                if item is not None:
                    written[name] = write_member(item)
            return written
        # A plain value has no members at all; answering {} for it would hide a mistake.
        if isinstance(value, _NO_STRUCTURES):
            raise _misfit(path, "structure", value)
        for name, attribute, write_member in members:
            item = getattr(value, attribute, None)
            if item is not None:
                written[name] = write_member(item)
        return written

    return write


def _list_writer(shape: Shape, path: str) -> _Write:
    write_element = _writer(shape.member, f"{path}[]")

    def write(value: object) -> object:
        if isinstance(value, _NO_LISTS) or not isinstance(value, Iterable):
            raise _misfit(path, "list", value)
        return [write_element(item) for item in value]

    return write


def _string_writer(path: str) -> _Write:
    def write(value: object) -> object:
        if type(value) is str:
            return value
        if isinstance(value, Enum) and isinstance(value.value, str):
            return value.value
        if isinstance(value, str):
            return str(value)
        raise _misfit(path, "string", value)

    return write


def _boolean_writer(path: str) -> _Write:
    def write(value: object) -> object:
        if isinstance(value, bool):
            return value
        raise _misfit(path, "boolean", value)

    return write


def _integer_writer(path: str) -> _Write:
    def write(value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return int(value)
        raise _misfit(path, "integer", value)

    return write


def _timestamp_writer(path: str) -> _Write:
    # Rule 1.1-6.
    def write(value: object) -> object:
        if isinstance(value, datetime) and value.tzinfo is not None:
            return round(value.timestamp(), 3)
        raise _misfit(path, "timestamp", value)

    return write


_NO_LISTS: Final = (str, bytes, Mapping)
_NO_STRUCTURES: Final = (str, bytes, int, float, list, tuple, set, frozenset, datetime)

_PLAIN_WRITERS: Final[Mapping[str, Callable[[str], _Write]]] = {
    "string": _string_writer,
    "boolean": _boolean_writer,
    "integer": _integer_writer,
    "timestamp": _timestamp_writer,
}


def _misfit(path: str, type_name: str, value: object) -> TypeError:
    return TypeError(f"{path} is a {type_name} in the service model, not {value!r:.200}")
