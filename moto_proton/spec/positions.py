"""Where a value of a document stands in its text.

A second, slower pass over a text that has been read already; only errors pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto_proton.yamltext.building import Builder, document
from moto_proton.yamltext.events import with_events


@dataclass(slots=True)
class _Place:
    """Where a value starts, its text if it is a scalar, its keys' places and its members'."""

    line: int
    column: int
    text: str
    keys: dict[str, _Place] = field(default_factory=dict)
    members: dict[str | int, _Place] = field(default_factory=dict)


def position(text: str, path: tuple[str | int, ...], *, of_key: bool = False) -> tuple[int, int]:
    """Line and column, from 1, of the value at the path, or of the key that leads to it.

    The text must be one that :func:`~moto_proton.spec.document.load` accepts. What came in by a
    merge has no place of its own: then, as for a value that is missing, it is the place of the
    innermost value on the way that has one.
    """
    place = _places(text)
    for depth, step in enumerate(path, start=1):
        if of_key and depth == len(path) and isinstance(step, str) and step in place.keys:
            place = place.keys[step]
        elif step in place.members:
            place = place.members[step]
        else:
            break
    return place.line + 1, place.column + 1


def _places(text: str) -> _Place:
    place: _Place = with_events(text, lambda next_event: document(next_event, _Places()))
    return place


class _Places(Builder):
    """Builds the places of a text that has been accepted; keys are known by their text."""

    def scalar(self, event: Any) -> Any:
        return _Place(event.start_mark.line, event.start_mark.column, event.value)

    def key(self, container: _Place, value: _Place, event: Any) -> Any:
        container.keys[value.text] = value
        return value.text

    def begin(self, event: Any, *, is_mapping: bool) -> Any:
        return _Place(event.start_mark.line, event.start_mark.column, "")

    def member(self, container: _Place, key: Any, value: Any) -> None:
        container.members[key] = value

    def item(self, container: _Place, value: Any) -> None:
        container.members[len(container.members)] = value
