"""Where a value of a document stands in its text.

A second, slower pass over a text that has been read already; only errors pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from moto_proton.spec import document


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
    next_event = document.event_source(text).get_event
    next_event()  # the start of the stream
    next_event()  # the start of the document
    anchors: dict[str | None, _Place] = {}
    enclosing: list[tuple[_Place, bool]] = []
    key: str | None = None
    root: _Place | None = None
    while True:
        event = next_event()
        if isinstance(event, yaml.CollectionEndEvent):
            root, _ = enclosing.pop()
        elif isinstance(event, yaml.AliasEvent):
            place = anchors[event.anchor]
        else:
            scalar = event.value if isinstance(event, yaml.ScalarEvent) else ""
            place = _Place(event.start_mark.line, event.start_mark.column, scalar)
            if event.anchor is not None:
                anchors[event.anchor] = place
            root = root or place
        if not isinstance(event, yaml.CollectionEndEvent) and enclosing:
            container, is_mapping = enclosing[-1]
            if not is_mapping:
                container.members[len(container.members)] = place
            elif key is not None:
                container.members[key] = place
                key = None
            else:
                key = place.text
                container.keys[key] = place
        if isinstance(event, yaml.CollectionStartEvent):
            enclosing.append((place, isinstance(event, yaml.MappingStartEvent)))
        if not enclosing and root is not None:
            return root
