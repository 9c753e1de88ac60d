"""The text of a CloudFormation template, YAML or JSON, as plain data.

Short forms (``!Ref``) become their long ones here, so that nothing after this knows of YAML. What
the sections must look like belongs to :mod:`~moto_proton.provision.loading`.

What CloudFormation says of a text it refuses is from its errors as users have reported them; the
bounds are choices. Of a key that stands twice the last one counts (Rule 15-4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from moto_proton import nesting
from moto_proton.nesting import MAX_DEPTH
from moto_proton.provision.provisioner import ProvisioningError
from moto_proton.recorded_messages import NULL_IN_TEMPLATE
from moto_proton.yamltext.building import (
    MAPPING_TAGS,
    SEQUENCE_TAGS,
    Builder,
    Reason,
    Refused,
    document,
)
from moto_proton.yamltext.events import with_events
from moto_proton.yamltext.scalars import ScalarError, plain_scalar, tagged_scalar

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
_PLAIN_TAGS: Final = MAPPING_TAGS | SEQUENCE_TAGS
_SURROGATE: Final = re.compile("[\\ud800-\\udfff]")


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
    except _NoJson as error:
        raise ProvisioningError(f"Template format error: JSON not well-formed. ({error})") from None
    except UnicodeEncodeError:
        raise ProvisioningError(
            "Template format error: JSON not well-formed. (an escape names half of a character)"
        ) from None
    except ValueError:
        raise ProvisioningError(
            "Template format error: JSON not well-formed. (a number is too long)"
        ) from None
    return data


class _NoJson(Exception):
    """Something that Python takes for JSON."""


def _no_constant(name: str) -> Any:
    raise _NoJson(f"{name} is not JSON")


def _read_yaml(text: str) -> Any:
    try:
        return with_events(text, lambda next_event: document(next_event, _Template()))
    except Refused as refused:
        if refused.reason is Reason.EMPTY:
            return None
        raise _refusal(refused) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            raise ProvisioningError("Template format error: YAML not well-formed.") from None
        raise _malformed("YAML", mark.line + 1, mark.column + 1, error.problem or "") from None
    except (yaml.reader.ReaderError, ValueError):
        # A character that YAML does not admit, or an escape or a version beyond reason.
        raise ProvisioningError("Template format error: YAML not well-formed.") from None


class _Template(Builder):
    """Builds a template: keys are text, short forms become long ones, the last equal key counts."""

    aliases = False

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        tag = event.tag
        try:
            if tag is not None and tag != "!":
                function = _LONG_FORMS.get(tag)
                if function is not None:
                    return {function: text}
                if tag.startswith("!"):
                    raise Refused(f"the tag '{tag[:60]}' is not known")
                return tagged_scalar(tag, text)
            if event.implicit[0]:
                return plain_scalar(text)
        except ScalarError as error:
            raise Refused(str(error)) from None
        if not text.isascii() and _SURROGATE.search(text):
            # PyYAML's own parser lets halves of characters through.
            raise Refused("an escape names half of a character")
        return text

    def key_scalar(self, event: Any) -> Any:
        # CloudFormation's keys are text, whatever type YAML would give them.
        return event.value

    def key(self, container: Any, value: Any, event: Any) -> Any:
        return value

    def begin(self, event: Any, *, is_mapping: bool) -> Any:
        if event.tag in _LONG_FORMS:
            return _Function(_LONG_FORMS[event.tag], {} if is_mapping else [])
        if event.tag not in _PLAIN_TAGS:
            raise Refused(f"the tag '{event.tag[:60]}' is not known")
        return {} if is_mapping else []

    def member(self, container: Any, key: Any, value: Any) -> None:
        _inner(container)[key] = value

    def item(self, container: Any, value: Any) -> None:
        _inner(container).append(value)

    def end(self, container: Any, *, is_mapping: bool) -> Any:
        if isinstance(container, _Function):
            return {container.name: container.argument}
        return container


class _Function:
    """A function under construction, of which the short form was read."""

    __slots__ = ("argument", "name")

    def __init__(self, name: str, argument: Any) -> None:
        self.name = name
        self.argument = argument


def _inner(container: Any) -> Any:
    return container.argument if isinstance(container, _Function) else container


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


def _refusal(refused: Refused) -> ProvisioningError:
    if refused.reason is Reason.TOO_DEEP:
        return _too_deep()
    if refused.reason is Reason.ALIAS:
        return ProvisioningError(
            "Template format error: YAML aliases are not allowed in CloudFormation templates"
        )
    mark = refused.event.start_mark
    return _malformed("YAML", mark.line + 1, mark.column + 1, str(refused))


def _malformed(language: str, line: int, column: int, detail: str = "") -> ProvisioningError:
    told = f"Template format error: {language} not well-formed. (line {line}, column {column})"
    return ProvisioningError(f"{told}: {detail}" if detail else told)


def _too_deep() -> ProvisioningError:
    return ProvisioningError(f"Template format error: nested deeper than {MAX_DEPTH} levels.")
