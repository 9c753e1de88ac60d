"""The loop over the events of one document, and the interface of the builders that it calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import Enum
from typing import Any, ClassVar, Final

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from moto_proton.nesting import MAX_DEPTH

MAX_ALIASED_WEIGHT: Final = 10_000
"""Limit on the total size of what the aliases of a text stand for: one for each value, and one more
for every 50 characters."""
_CHARACTERS_PER_WEIGHT: Final = 50

MAPPING_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:map"})
SEQUENCE_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:seq"})


class Reason(Enum):
    """Why a document was refused, for callers that treat the reasons differently."""

    EMPTY = "empty"
    MANY_DOCUMENTS = "many documents"
    TOO_DEEP = "too deep"
    ALIAS = "an alias where none is allowed"
    CONTENT = "its content"


class Refused(Exception):
    """An error in a document; a builder raises it with only a detail.

    ``event`` is the parser's event where it was found, and ``path`` the keys and indexes that lead
    to it, empty for an error of the document as a whole.
    """

    def __init__(self, detail: str, reason: Reason = Reason.CONTENT) -> None:
        super().__init__(detail)
        self.reason = reason
        self.path: tuple[str | int, ...] = ()
        self.event: Any = None


class NoKey:
    """Stands for "the mapping waits for a key", which None cannot, being a value."""


NO_KEY: Final = NoKey()
_OPEN: Final = NoKey()


class Builder(ABC):
    """Makes the values of a document, which may be of any type.

    ``aliases`` says whether a text may have any, ``max_aliased`` limits the size of what they stand
    for. None means no limit, for builders that keep no values or whose values are never written
    out. With ``open_aliases`` an alias may stand for a container that it is inside of.
    """

    aliases: ClassVar[bool] = True
    max_aliased: ClassVar[int | None] = MAX_ALIASED_WEIGHT
    open_aliases: ClassVar[bool] = False

    @abstractmethod
    def scalar(self, event: Any) -> Any:
        """The value of a scalar."""

    def key_scalar(self, event: Any) -> Any:
        """The value of a scalar in the position of a key."""
        return self.scalar(event)

    @abstractmethod
    def key(self, container: Any, value: Any, event: Any) -> Any:
        """The key for a value, in a mapping under construction; refuses what can't be a key."""

    def alias(self, value: Any, event: Any) -> Any:
        """The value of an alias of ``value``."""
        return value

    @abstractmethod
    def begin(self, event: Any, *, is_mapping: bool) -> Any:
        """A mapping or a list under construction, empty."""

    def begin_key(self, event: Any) -> None:
        """Called for a mapping or a list in the position of a key; may refuse it."""
        raise Refused("a key must be a string")

    def member(self, container: Any, key: Any, value: Any) -> None:
        """Put a member into a mapping under construction."""
        container[key] = value

    def item(self, container: Any, value: Any) -> None:
        """Put an item into a list under construction."""
        container.append(value)

    def end(self, container: Any, *, is_mapping: bool) -> Any:
        """The final value of a mapping or list whose members are complete."""
        return container


class _Frame:
    """A mapping or a list under construction; ``count`` is that of its items."""

    __slots__ = ("anchor", "begun", "container", "count", "is_mapping", "key")

    def __init__(self, container: Any, anchor: str | None, begun: int, is_mapping: bool) -> None:
        self.container = container
        self.anchor = anchor
        self.begun = begun
        self.is_mapping = is_mapping
        self.key: Any = NO_KEY
        self.count = 0


def document(next_event: Callable[[], Any], builder: Builder) -> Any:
    """The value of the one document of a text; raises :class:`Refused`, or what the parser does."""
    next_event()  # the start of the stream
    start = next_event()
    if start.__class__ is yaml.StreamEndEvent:
        raise _at(Refused("the document is empty", Reason.EMPTY), start)
    value = _value(next_event, builder)
    next_event()  # the end of the document
    following = next_event()
    if following.__class__ is not yaml.StreamEndEvent:
        raise _at(Refused("there is more than one document", Reason.MANY_DOCUMENTS), following)
    return value


def _value(next_event: Callable[[], Any], builder: Builder) -> Any:
    """Build one value from its events: the only loop over untrusted YAML."""
    frames: list[_Frame] = []
    frame: _Frame | None = None
    anchors: dict[str, tuple[Any, int]] = {}
    weight = aliased = 0  # of all values so far, and of what aliases stand for
    event: Any = None
    value: Any
    try:
        while True:
            event = next_event()
            event_class = event.__class__
            needs_key = frame is not None and frame.is_mapping and frame.key is NO_KEY
            if event_class is ScalarEvent:
                own_weight = 1 + len(event.value) // _CHARACTERS_PER_WEIGHT
                weight += own_weight
                value = builder.key_scalar(event) if needs_key else builder.scalar(event)
                if event.anchor is not None:
                    anchors[event.anchor] = (value, own_weight)
            elif event_class is MappingEndEvent or event_class is SequenceEndEvent:
                assert frame is not None
                value = builder.end(frame.container, is_mapping=frame.is_mapping)
                if frame.anchor is not None:
                    anchors[frame.anchor] = (value, weight - frame.begun)
                frames.pop()
                frame = frames[-1] if frames else None
                needs_key = frame is not None and frame.is_mapping and frame.key is NO_KEY
            elif event_class is AliasEvent:
                value, own_weight = _aliased(event, anchors, builder)
                weight += own_weight
                aliased += own_weight
                if builder.max_aliased is not None and aliased > builder.max_aliased:
                    raise _whole("the aliases stand for too much")
            else:
                is_mapping = event_class is MappingStartEvent
                container = builder.begin(event, is_mapping=is_mapping)
                if needs_key:
                    builder.begin_key(event)
                if len(frames) == MAX_DEPTH:
                    raise _whole(f"nested deeper than {MAX_DEPTH} levels", Reason.TOO_DEEP)
                frame = _Frame(container, event.anchor, weight, is_mapping)
                frames.append(frame)
                weight += 1
                if event.anchor is not None:
                    anchors[event.anchor] = (_OPEN, 0)
                continue
            if frame is None:
                return value
            if not frame.is_mapping:
                builder.item(frame.container, value)
                frame.count += 1
            elif needs_key:
                frame.key = builder.key(frame.container, value, event)
            else:
                builder.member(frame.container, frame.key, value)
                frame.key = NO_KEY
    except Refused as refused:
        if refused.event is None:
            refused.path = _path(frames)
        raise _at(refused, event) from None


class _OfWhole(Refused):
    """A refusal of the whole document, so without a path."""


def _whole(detail: str, reason: Reason = Reason.CONTENT) -> Refused:
    return _OfWhole(detail, reason)


def _at(refused: Refused, event: Any) -> Refused:
    refused.event = event
    if isinstance(refused, _OfWhole):
        refused.path = ()
    return refused


def _aliased(event: Any, anchors: dict[str, tuple[Any, int]], builder: Builder) -> tuple[Any, int]:
    anchor: str = event.anchor
    if not builder.aliases:
        raise Refused("aliases are not allowed", Reason.ALIAS)
    value, weight = anchors.get(anchor, (NO_KEY, 0))
    if value is NO_KEY:
        raise Refused(f"the alias {anchor[:60]!r} has no anchor before it")
    if value is _OPEN and not builder.open_aliases:
        raise Refused(f"the alias {anchor[:60]!r} stands for what it is part of")
    return builder.alias(value, event), weight


def _path(frames: list[_Frame]) -> tuple[str | int, ...]:
    steps: list[str | int] = []
    for frame in frames:
        if not frame.is_mapping:
            steps.append(frame.count)
        elif isinstance(frame.key, str):
            steps.append(frame.key)
    return tuple(steps)
