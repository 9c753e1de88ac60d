"""YAML text to plain immutable data, safely and fast.

Values are built from the parser's events in one loop, not by PyYAML's composer: that recurses (in
C, without a limit), builds arbitrary types and copies what aliases name. What the values must look
like to be a spec belongs to the grammars; where they stand in the text to
:mod:`~moto_proton.spec.positions`.

Choices: the refusal of duplicate keys, of keys that are no strings, and the bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from moto_proton.nesting import MAX_DEPTH, TooDeep
from moto_proton.spec import block_style
from moto_proton.spec.errors import SpecError, SpecKind
from moto_proton.spec.scalars import ScalarError, plain_scalar, tagged_scalar
from moto_proton.spec.values import Value, element_path, member_path, shown

T = TypeVar("T")

# Each alias weighs one for every value it stands for and one more for every 50 characters of it.
MAX_ALIASED_WEIGHT: Final = 10_000
_CHARACTERS_PER_WEIGHT: Final = 50


Twice: TypeAlias = Callable[[str, int], None]


class EventSource(Protocol):
    """PyYAML's event parsers, as far as they are needed here."""

    def get_event(self) -> Any:
        """The next event."""


class PurePythonParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's own parser without its composer, for where PyYAML has no libyaml."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


def _fastest_parser() -> Callable[[str], EventSource]:
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return PurePythonParser
    fastest: Callable[[str], EventSource] = CParser
    return fastest


event_source: Callable[[str], EventSource] = _fastest_parser()

# A parser reads this far ahead of its events, in search of the colon that would make it a key.
_LOOKED_AHEAD: Final = 1100
# Up to here the slower parser takes a second.
_AFFORDABLE: Final = 100_000


def with_events(text: str, read: Callable[[Callable[[], Any]], T]) -> T:
    """What a reader makes of a text's events; it is given the function that answers with the next.

    The reader limits the depth. libyaml has a limit on brackets, too, and because it looks ahead it
    can refuse them before the reader has seen a single one. PyYAML's own parser has none, so where
    libyaml stops among many brackets the reader begins again with that one, and has the say.
    """
    try:
        return read(event_source(text).get_event)
    except yaml.MarkedYAMLError as error:
        if not _stopped_among_brackets(text, error):
            raise
    return read(PurePythonParser(text).get_event)


def _stopped_among_brackets(text: str, error: yaml.MarkedYAMLError) -> bool:
    mark = error.problem_mark or error.context_mark
    if mark is None or mark.index > _AFFORDABLE:
        return False
    begin = max(0, mark.index - _LOOKED_AHEAD)
    return text.count("[", begin, mark.index) + text.count("{", begin, mark.index) > MAX_DEPTH


def check_depth(text: str) -> None:
    """Raise TooDeep for YAML nested too deeply; whether it is YAML is for its parser to say."""
    with suppress(yaml.YAMLError, UnicodeEncodeError):
        with_events(text, _check_depth)


def _check_depth(next_event: Callable[[], Any]) -> None:
    depth = 0
    while True:
        event = next_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise TooDeep(line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.StreamEndEvent):
            return


# The characters that YAML 1.1 admits; both parsers refuse the others without naming a line.
_NOT_ADMITTED = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)
_SURROGATE = re.compile("[\\ud800-\\udfff]")

_MAPPING_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:map"})
_SEQUENCE_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:seq"})


class _NoKey:
    """Stands for "the mapping waits for a key", which None cannot, being a value."""


class _Refused(Exception):
    """What is wrong at the event at hand; of_document, when its path would say nothing."""

    def __init__(self, detail: str, *, of_document: bool = False) -> None:
        super().__init__(detail)
        self.of_document = of_document


_NO_KEY: Final = _NoKey()
_MERGE: Final = _NoKey()
_OPEN: Final = _NoKey()


def load(text: str, kind: SpecKind, twice: Twice | None = None) -> Value:
    """The one document of the text as plain, immutable data; mappings keep their order.

    ``twice`` is told of a key that stands twice, with the line of the later one, which then counts.
    Without it, as in a spec, such a key is an error.

    Raises SpecError, with line and column, for a text that is not exactly one YAML document or
    that uses what a spec may not: duplicate keys, keys that are no strings, tags beyond those of
    JSON's types, more than 100 levels, aliases that refer to themselves or stand for too much.

    Rules 4.1-1, 4.1-2 and 4.1-12.
    """
    simple = block_style.read(text)
    return parsed(text, kind, twice) if simple is None else simple


def parsed(text: str, kind: SpecKind, twice: Twice | None = None) -> Value:
    """:func:`load` by the YAML parser, whatever the style of the text."""
    try:
        return with_events(text, lambda next_event: _document(next_event, kind, twice))
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, kind) from None
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        raise _bad_character(text, kind) from None
    except SpecError:
        raise
    except ValueError:
        # The pure parser meets an escape beyond Unicode or a version number of 5,000 digits.
        raise SpecError(kind, "", "this is not YAML") from None


def _document(next_event: Callable[[], Any], kind: SpecKind, twice: Twice | None) -> Value:
    next_event()  # the start of the stream
    start = next_event()
    if start.__class__ is yaml.StreamEndEvent:
        raise _refusal(kind, "", "the document is empty", start)
    value = _value(next_event, kind, twice)
    next_event()  # the end of the document
    following = next_event()
    if following.__class__ is not yaml.StreamEndEvent:
        raise _refusal(kind, "", "there is more than one document", following)
    return value


def _value(next_event: Callable[[], Any], kind: SpecKind, twice: Twice | None) -> Value:
    """Build one value from its events. Long, because a call per event would cost as much again."""
    value: Any
    container: Any = None  # the list or dict being filled, None outside of both
    key: Any = _NO_KEY
    merges: list[Mapping[str, Value]] | None = None
    anchor: str | None = None
    begun = 0  # the weight where the container began
    enclosing: list[tuple[Any, Any, Any, str | None, int]] = []
    anchors: dict[str, tuple[Any, int]] = {}
    weight = 0  # of everything so far
    aliased = 0  # of what aliases stood for
    event: Any = None
    try:
        while True:
            event = next_event()
            event_class = event.__class__
            is_merge_key = False

            if event_class is ScalarEvent:
                value = event.value
                own_weight = 1 + len(value) // _CHARACTERS_PER_WEIGHT
                weight += own_weight
                if event.tag is not None and event.tag != "!":
                    value = tagged_scalar(event.tag, value)
                elif event.implicit[0]:
                    is_merge_key = value == "<<"
                    value = plain_scalar(value)
                elif not value.isascii() and _SURROGATE.search(value):
                    # libyaml sees to it itself, PyYAML's own parser does not.
                    raise _Refused("an escape names half of a character")
                if event.anchor is not None:
                    anchors[event.anchor] = (value, own_weight)

            elif event_class is MappingStartEvent or event_class is SequenceStartEvent:
                is_mapping = event_class is MappingStartEvent
                if event.tag not in (_MAPPING_TAGS if is_mapping else _SEQUENCE_TAGS):
                    raise _Refused(f"the tag {event.tag[:60]!r} is not allowed")
                if container.__class__ is dict and key is _NO_KEY:
                    raise _Refused("a key must be a string")
                if len(enclosing) == MAX_DEPTH:
                    raise _Refused(f"nested deeper than {MAX_DEPTH} levels", of_document=True)
                enclosing.append((container, key, merges, anchor, begun))
                container = {} if is_mapping else []
                key, merges, anchor, begun = _NO_KEY, None, event.anchor, weight
                weight += 1
                if anchor is not None:
                    anchors[anchor] = (_OPEN, 0)
                continue

            elif event_class is MappingEndEvent or event_class is SequenceEndEvent:
                if event_class is SequenceEndEvent:
                    value = tuple(container)
                elif merges is None:
                    value = MappingProxyType(container)
                else:
                    value = _merged(merges, container)
                if anchor is not None:
                    anchors[anchor] = (value, weight - begun)
                container, key, merges, anchor, begun = enclosing.pop()

            else:
                value, own_weight = anchors.get(event.anchor, (_NO_KEY, 0))
                if value is _NO_KEY:
                    raise _Refused(f"the alias {event.anchor[:60]!r} has no anchor before it")
                if value is _OPEN:
                    raise _Refused(f"the alias {event.anchor[:60]!r} stands for what it is part of")
                weight += own_weight
                aliased += own_weight
                if aliased > MAX_ALIASED_WEIGHT:
                    raise _Refused("the aliases stand for too much", of_document=True)

            if key is not _NO_KEY:
                if key is _MERGE:
                    merges = _mappings_to_merge(value)
                    if merges is None:
                        raise _Refused("a merge takes a mapping or a list of mappings")
                else:
                    container[key] = value
                key = _NO_KEY
            elif container.__class__ is list:
                container.append(value)
            elif container is None:
                return value  # type: ignore[no-any-return]
            elif is_merge_key:
                if merges is not None:
                    raise _Refused("the key '<<' stands here twice")
                key = _MERGE
            elif value.__class__ is not str:
                raise _Refused("a key must be a string")
            elif value in container and twice is None:
                raise _Refused(f"the key {shown(value)} stands here twice")
            else:
                if value in container and twice is not None:
                    twice(value, event.start_mark.line + 1)
                key = value
    except (_Refused, ScalarError) as refused:
        path = ""
        if not (isinstance(refused, _Refused) and refused.of_document):
            path = _path([*((frame[0], frame[1]) for frame in enclosing), (container, key)])
        raise _refusal(kind, path, str(refused), event) from None


def _mappings_to_merge(value: Value) -> list[Mapping[str, Value]] | None:
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, tuple):
        mappings = [item for item in value if isinstance(item, Mapping)]
        return mappings if len(mappings) == len(value) else None
    return None


def _merged(merges: list[Mapping[str, Value]], own: dict[str, Value]) -> Mapping[str, Value]:
    # YAML 1.1: the mapping's own keys win over merged ones, an earlier merged mapping over a later.
    members: dict[str, Value] = {}
    for mapping in reversed(merges):
        members.update(mapping)
    members.update(own)
    return MappingProxyType(members)


def _path(frames: list[tuple[Any, Any]]) -> str:
    path = ""
    for container, key in frames:
        if container.__class__ is list:
            path = element_path(path, len(container))
        elif isinstance(key, str):
            path = member_path(path, key)
    return path


def _refusal(kind: SpecKind, path: str, detail: str, event: Any) -> SpecError:
    mark = event.start_mark
    return SpecError(kind, path, detail, mark.line + 1, mark.column + 1)


def _unreadable(error: yaml.MarkedYAMLError, kind: SpecKind) -> SpecError:
    what = ", ".join(part for part in (error.context, error.problem) if part)
    detail = f"this is not YAML: {what}" if what else "this is not YAML"
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return SpecError(kind, "", detail)
    return SpecError(kind, "", detail, mark.line + 1, mark.column + 1)


def _bad_character(text: str, kind: SpecKind) -> SpecError:
    found = _NOT_ADMITTED.search(text)
    if found is None:
        return SpecError(kind, "", "a character is not allowed in YAML")
    before = text[: found.start()]
    line_start = before.rfind("\n") + 1
    return SpecError(
        kind,
        "",
        f"the character U+{ord(found[0]):04X} is not allowed in YAML",
        before.count("\n") + 1,
        len(before) - line_start + 1,
    )
