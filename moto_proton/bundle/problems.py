"""The messages for errors of the schema validator.

They are made of the keyword, the value and the constraint of an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from moto_proton.spec.values import shown

_TYPES: Final[Mapping[str, str]] = {
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def problem_text(error: Any) -> str:
    """The message for a jsonschema ValidationError."""
    text = _TEXTS.get(error.validator)
    return text(error) if text is not None else "does not fit its schema"


def _plain(error: Any) -> str:
    return str(error.message)


def _type(error: Any) -> str:
    if error.instance is None:
        return "must not be null"
    return f"must be {_TYPES[error.validator_value]}, not {shown(error.instance)}"


def _enum(error: Any) -> str:
    choices = ", ".join(map(shown, error.validator_value[:20]))
    more = ", ..." if len(error.validator_value) > 20 else ""
    return f"must be one of {choices}{more}, not {shown(error.instance)}"


def _bound(exclusive_keyword: str, inclusive: str, exclusive: str) -> Callable[[Any], str]:
    def text(error: Any) -> str:
        words = exclusive if error.schema.get(exclusive_keyword) else inclusive
        return f"must be {words} {shown(error.validator_value)}, not {shown(error.instance)}"

    return text


def _size(words: str, noun: str, plural: str) -> Callable[[Any], str]:
    def text(error: Any) -> str:
        limit = error.validator_value
        what = noun if limit == 1 else plural
        return f"must have {words} {limit} {what}, but has {len(error.instance)}"

    return text


def _multiple(error: Any) -> str:
    return f"must be a multiple of {shown(error.validator_value)}, not {shown(error.instance)}"


_TEXTS: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": _type,
    "enum": _enum,
    "minimum": _bound("exclusiveMinimum", "at least", "more than"),
    "maximum": _bound("exclusiveMaximum", "at most", "less than"),
    "multipleOf": _multiple,
    "minLength": _size("at least", "character", "characters"),
    "maxLength": _size("at most", "character", "characters"),
    "minItems": _size("at least", "element", "elements"),
    "maxItems": _size("at most", "element", "elements"),
    "minProperties": _size("at least", "member", "members"),
    "maxProperties": _size("at most", "member", "members"),
    "uniqueItems": _plain,
    "pattern": _plain,
    "format": _plain,
    "required": _plain,
    "additionalProperties": _plain,
    "allOf": lambda error: "does not fit all that allOf asks for",
    "anyOf": lambda error: "fits none of the alternatives of anyOf",
    "oneOf": lambda error: "must fit exactly one of the alternatives of oneOf",
    "not": lambda error: "is what the schema excludes",
}
