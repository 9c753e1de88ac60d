"""YAML text to plain immutable data, as specs, schemas and manifests are read.

What the values must look like to be a spec belongs to the grammars; where they stand in the text to
:mod:`~moto_proton.spec.positions`; how a text is gone through to :mod:`~moto_proton.yamltext`.

Choices: the refusal of duplicate keys, of keys that are no strings, and the bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import yaml

from moto_proton.spec.errors import SpecError, SpecKind
from moto_proton.spec.values import Value, element_path, member_path, shown
from moto_proton.yamltext.building import (
    MAPPING_TAGS,
    SEQUENCE_TAGS,
    Builder,
    Refused,
    document,
)
from moto_proton.yamltext.events import with_events
from moto_proton.yamltext.scalars import ScalarError, plain_scalar, tagged_scalar

Twice: TypeAlias = Callable[[str, int], None]

# The characters that YAML 1.1 admits; both parsers refuse the others without naming a line.
_NOT_ADMITTED = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)
_SURROGATE = re.compile("[\\ud800-\\udfff]")


class _MergeKey:
    """The key ``<<``, by which YAML 1.1 merges mappings into the one that it stands in."""


_MERGE: Final = _MergeKey()


class _Mapping:
    """A mapping under construction; ``merged`` are the mappings that are merged into it."""

    __slots__ = ("members", "merged")

    def __init__(self) -> None:
        self.members: dict[str, Value] = {}
        self.merged: list[Mapping[str, Value]] | None = None


class _Data(Builder):
    """Builds immutable data: mappings with text as keys, tuples, scalars of YAML 1.1."""

    def __init__(self, twice: Twice | None) -> None:
        self._twice = twice

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        try:
            if event.tag is not None and event.tag != "!":
                return tagged_scalar(event.tag, text)
            if event.implicit[0]:
                return plain_scalar(text)
        except ScalarError as error:
            raise Refused(str(error)) from None
        if not text.isascii() and _SURROGATE.search(text):
            # libyaml sees to it itself, PyYAML's own parser does not.
            raise Refused("an escape names half of a character")
        return text

    def key(self, container: _Mapping, value: Any, event: Any) -> Any:
        if value == "<<" and event.__class__ is yaml.ScalarEvent and event.implicit[0]:
            if container.merged is not None:
                raise Refused("the key '<<' stands here twice")
            return _MERGE
        if value.__class__ is not str:
            raise Refused("a key must be a string")
        if value in container.members:
            if self._twice is None:
                raise Refused(f"the key {shown(value)} stands here twice")
            self._twice(value, event.start_mark.line + 1)
        return value

    def begin(self, event: Any, *, is_mapping: bool) -> Any:
        if event.tag not in (MAPPING_TAGS if is_mapping else SEQUENCE_TAGS):
            raise Refused(f"the tag {event.tag[:60]!r} is not allowed")
        return _Mapping() if is_mapping else []

    def member(self, container: _Mapping, key: Any, value: Any) -> None:
        if key is not _MERGE:
            container.members[key] = value
            return
        container.merged = _mappings_to_merge(value)
        if container.merged is None:
            raise Refused("a merge takes a mapping or a list of mappings")

    def end(self, container: Any, *, is_mapping: bool) -> Any:
        if not is_mapping:
            return tuple(container)
        if container.merged is None:
            return MappingProxyType(container.members)
        return _merged(container.merged, container.members)


def load(text: str, kind: SpecKind, twice: Twice | None = None) -> Value:
    """The one document of the text as plain, immutable data; mappings keep their order.

    ``twice`` is told of a key that stands twice, with the line of the later one, which then counts.
    Without it, as in a spec, such a key is an error.

    Raises SpecError, with line and column, for a text that is not exactly one YAML document or
    that uses what a spec may not: duplicate keys, keys that are no strings, tags beyond those of
    JSON's types, more than 100 levels, aliases that refer to themselves or stand for too much.

    Rules 4.1-1, 4.1-2 and 4.1-12.
    """
    try:
        value: Value = with_events(text, lambda following: document(following, _Data(twice)))
        return value
    except Refused as refused:
        raise _refusal(kind, refused) from None
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, kind) from None
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        raise _bad_character(text, kind) from None
    except ValueError:
        # The pure parser meets an escape beyond Unicode or a version number of 5,000 digits.
        raise SpecError(kind, "", "this is not YAML") from None


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


def _refusal(kind: SpecKind, refused: Refused) -> SpecError:
    path = ""
    for step in refused.path:
        path = element_path(path, step) if isinstance(step, int) else member_path(path, step)
    mark = refused.event.start_mark
    return SpecError(kind, path, str(refused), mark.line + 1, mark.column + 1)


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
