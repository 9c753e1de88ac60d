"""The events of a YAML text, from libyaml's parser where PyYAML has it, else from PyYAML's own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar

import yaml

from moto_proton.nesting import MAX_DEPTH, TooDeep

T = TypeVar("T")


class EventSource(Protocol):
    """The part of PyYAML's event parsers that is used here."""

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

# A parser reads up to this many characters ahead, looking for the colon that would make a key.
_LOOKED_AHEAD: Final = 1100
# A text of this length takes the slower parser about a second.
_AFFORDABLE: Final = 100_000


def with_events(text: str, read: Callable[[Callable[[], Any]], T]) -> T:
    """Call ``read`` with a function that returns the next event of a text; returns its result.

    The reader limits the depth. libyaml also has a limit on nested brackets, and as it reads ahead,
    it can refuse them before the reader has seen any. PyYAML's own parser has no such limit: where
    libyaml stops among many brackets, the reader starts again with that parser.
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
    """Raise TooDeep for YAML nested too deeply; does not check that it is valid YAML."""
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
