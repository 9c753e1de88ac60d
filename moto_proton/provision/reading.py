"""The text of a CloudFormation template, YAML or JSON, as plain data.

Short forms (``!Ref``) become their long ones here, so that nothing after this knows of YAML. What
the sections must look like belongs to :mod:`~moto_proton.provision.loading`.

Values are built from the parser's events in one loop, as those of specs are, because PyYAML's
composer recurses without a limit and knows no tag of CloudFormation's. What CloudFormation says of
a text it refuses is from its errors as users have reported them; the bounds are choices. Of a key
that stands twice the last one counts (Rule 15-4).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from moto_proton import nesting
from moto_proton.nesting import MAX_DEPTH
from moto_proton.provision.provisioner import ProvisioningError
from moto_proton.recorded_messages import NULL_IN_TEMPLATE
from moto_proton.spec.document import with_events
from moto_proton.spec.scalars import ScalarError, plain_scalar, tagged_scalar

MAX_BYTES: Final = 1_000_000

_FUNCTIONS: Final = (
    "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue",
    "Join", "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform",
)  # fmt: skip
_LONG_FORMS: Final[Mapping[str, str]] = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _FUNCTIONS},
}
_PLAIN_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


class _NoKey:
    """Stands for "the mapping waits for a key", which None cannot, being a value."""


class _Refused(Exception):
    """What is wrong at the event at hand."""


_NO_KEY: Final = _NoKey()


def read(text: str) -> dict[str, Any]:
    """The template as dicts, lists and scalars; whoever gets it must not change it.

    Raises ProvisioningError for a text that is too long, that is neither YAML nor JSON or no
    mapping, for aliases, unknown tags, more than 100 levels, and for nulls.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ProvisioningError(f"Template may not exceed {MAX_BYTES} bytes in size.")
    data = _read_json(text) if text.lstrip().startswith("{") else _read_yaml(text)
    if not isinstance(data, dict):
        raise ProvisioningError("Template format error: unsupported structure.")
    _check_values(data, (), 0)
    return data


def _read_json(text: str) -> Any:
    try:
        nesting.check_json(text)
        data = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(data, ensure_ascii=False).encode()
    except nesting.TooDeep:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise _malformed("JSON", error.lineno, error.colno) from None
    except _Refused as refused:
        raise ProvisioningError(
            f"Template format error: JSON not well-formed. ({refused})"
        ) from None
    except UnicodeEncodeError:
        raise ProvisioningError(
            "Template format error: JSON not well-formed. (an escape names half of a character)"
        ) from None
    except ValueError:
        raise ProvisioningError(
            "Template format error: JSON not well-formed. (a number is too long)"
        ) from None
    return data


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is not JSON")


def _read_yaml(text: str) -> Any:
    try:
        return with_events(text, _document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            raise ProvisioningError("Template format error: YAML not well-formed.") from None
        raise _malformed("YAML", mark.line + 1, mark.column + 1, error.problem or "") from None
    except (yaml.reader.ReaderError, ValueError):
        # A character that YAML does not admit, or an escape or a version beyond reason.
        raise ProvisioningError("Template format error: YAML not well-formed.") from None


def _document(next_event: Callable[[], Any]) -> Any:
    next_event()  # the start of the stream
    if next_event().__class__ is yaml.StreamEndEvent:
        return None
    value = _value(next_event)
    next_event()  # the end of the document
    following = next_event()
    if following.__class__ is not yaml.StreamEndEvent:
        mark = following.start_mark
        raise _malformed("YAML", mark.line + 1, mark.column + 1, "there is more than one document")
    return value


def _value(next_event: Callable[[], Any]) -> Any:
    """Build one value from its events. Long, because a call per event would cost as much again."""
    value: Any
    container: Any = None  # the list or dict being filled, None outside of both
    key: Any = _NO_KEY
    tag: str | None = None
    enclosing: list[tuple[Any, Any, str | None]] = []
    while True:
        event = next_event()
        event_class = event.__class__
        try:
            if event_class is ScalarEvent:
                value = event.value
                if container.__class__ is dict and key is _NO_KEY:
                    # CloudFormation's keys are text, whatever type YAML would give them.
                    key = value
                    continue
                if event.tag is not None and event.tag != "!":
                    value = _tagged(event.tag, value)
                elif event.implicit[0]:
                    value = plain_scalar(value)
                elif not value.isascii():
                    value.encode()  # PyYAML's own parser lets halves of characters through.
            elif event_class is MappingEndEvent or event_class is SequenceEndEvent:
                value = container
                if tag is not None:
                    value = {_LONG_FORMS[tag]: value}
                container, key, tag = enclosing.pop()
            elif event_class is AliasEvent:
                raise ProvisioningError(
                    "Template format error: YAML aliases are not allowed in CloudFormation "
                    "templates"
                )
            else:
                if event.tag not in _PLAIN_TAGS and event.tag not in _LONG_FORMS:
                    raise _Refused(f"the tag '{event.tag[:60]}' is not known")
                if container.__class__ is dict and key is _NO_KEY:
                    raise _Refused("a key must be a string")
                if len(enclosing) == MAX_DEPTH:
                    raise _too_deep()
                enclosing.append((container, key, tag))
                container = {} if event_class is MappingStartEvent else []
                key, tag = _NO_KEY, event.tag if event.tag in _LONG_FORMS else None
                continue
        except (_Refused, ScalarError, UnicodeEncodeError) as refused:
            mark = event.start_mark
            detail = str(refused)
            if isinstance(refused, UnicodeEncodeError):
                detail = "an escape names half of a character"
            raise _malformed("YAML", mark.line + 1, mark.column + 1, detail) from None

        if key is not _NO_KEY:
            container[key] = value
            key = _NO_KEY
        elif container is None:
            return value
        else:
            container.append(value)


def _tagged(tag: str, text: str) -> Any:
    function = _LONG_FORMS.get(tag)
    if function is None:
        if tag.startswith("!"):
            raise _Refused(f"the tag '{tag[:60]}' is not known")
        return tagged_scalar(tag, text)
    return {function: text}


def _check_values(value: Any, path: tuple[str, ...], depth: int) -> None:
    if value is None:
        raise ProvisioningError(NULL_IN_TEMPLATE(path="/" + "/".join(_as_named(path))))
    if depth > MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, dict):
        for name, member in value.items():
            if member.__class__ is not str:
                _check_values(member, (*path, name), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if item.__class__ is not str:
                _check_values(item, (*path, str(index)), depth + 1)


def _as_named(path: tuple[str, ...]) -> tuple[str, ...]:
    # CloudFormation: the properties of a resource stand under its type in the paths of errors.
    if len(path) > 3 and path[0] == "Resources" and path[2] == "Properties":
        return (*path[:2], "Type", *path[3:])
    return path


def _malformed(language: str, line: int, column: int, detail: str = "") -> ProvisioningError:
    told = f"Template format error: {language} not well-formed. (line {line}, column {column})"
    return ProvisioningError(f"{told}: {detail}" if detail else told)


def _too_deep() -> ProvisioningError:
    return ProvisioningError(f"Template format error: nested deeper than {MAX_DEPTH} levels.")
