"""OpenAPI 3.0 schema objects as schema.yaml holds them: checked, and as plain dictionaries.

:mod:`~moto_proton.bundle.schema` reads the header of a schema.yaml. Choices: keywords that do not
concern values, and unknown ones, are ignored; a reference names another type of the same file
("#/schema/types/Name", or "#/types/Name") and may not lead back to itself. What is odd, and plain
in what it means, is read so, with a doubt: a number in quotes, ``required`` that names what is not
declared, a default that does not fit its own schema (Rule 15-3).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto_proton.bundle.budget import Budget, TooMuchError
from moto_proton.bundle.documents import Document, ValuePath
from moto_proton.bundle.inputs import violations
from moto_proton.bundle.patterns import MAX_ATOMS_TOGETHER, PatternError, atoms_of, compiled
from moto_proton.spec.values import Value, shown
from moto_proton.yamltext.scalars import ScalarError, plain_scalar

MAX_DEPTH: Final = 20
# With references, a file of 50 KB can stand for far more schema objects than it has.
MAX_SCHEMA_OBJECTS: Final = 5_000

TYPES: Final = ("string", "number", "integer", "boolean", "array", "object")
_REFERENCE = re.compile(r"#/(?:schema/)?types/(?P<name>[^/]+)")
_RANGES: Final = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_LONGEST_NUMBER: Final = 40
_IN_PARTS: Final = ("allOf", "anyOf", "oneOf")


def _is_number(value: Value) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _is_count(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_NUMBER: Final = (_is_number, "a number")
_COUNT: Final = (_is_count, "a count")
_FLAG: Final = (lambda value: isinstance(value, bool), "true or false")
_SCALAR_KEYWORDS: Final[Mapping[str, tuple[Callable[[Value], bool], str]]] = {
    "minimum": _NUMBER,
    "maximum": _NUMBER,
    "multipleOf": (
        lambda value: isinstance(value, (int, float)) and _is_number(value) and value > 0,
        "a number above 0",
    ),
    "minLength": _COUNT,
    "maxLength": _COUNT,
    "minItems": _COUNT,
    "maxItems": _COUNT,
    "minProperties": _COUNT,
    "maxProperties": _COUNT,
    "exclusiveMinimum": _FLAG,
    "exclusiveMaximum": _FLAG,
    "uniqueItems": _FLAG,
    "nullable": _FLAG,
    "type": (lambda value: value in TYPES, f"one of {', '.join(TYPES)}"),
    "pattern": (lambda value: isinstance(value, str), "a string"),
    "format": (lambda value: isinstance(value, str), "a string"),
    "enum": (lambda value: isinstance(value, tuple) and len(value) > 0, "a list of values"),
}


def _meant(value: Value) -> Value:
    """The number, or true or false, that a text stands for, or a whole number with a point."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        try:
            value = plain_scalar(value.strip())
        except ScalarError:
            return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class _Type:
    """A named type: how many schema objects it consists of, and how deeply they are nested."""

    schema: dict[str, Any]
    size: int
    height: int


class SchemaObjects:
    """Reads the schema objects of one file; its defaults share one budget (Rule 8.3-2)."""

    def __init__(self, document: Document, types: Mapping[str, Value], path: ValuePath) -> None:
        """``types`` are the types of the file, which are at the path."""
        self._document = document
        self._types = types
        self._path = path
        # By name, and by whether it is part of an allOf or the like, for which other rules hold.
        self._named: dict[tuple[str, bool], _Type] = {}
        self._read = 0
        self._deepest = 0
        self._budget = Budget()
        self._atoms = 0

    def type(self, name: str) -> dict[str, Any]:
        """A named type, with references resolved. Raises BundleError."""
        return self._type(name, (*self._path, name), 0, (), in_parts=False)

    def _type(
        self, name: str, path: ValuePath, depth: int, within: tuple[str, ...], *, in_parts: bool
    ) -> dict[str, Any]:
        """The type with the name at the path, read at its first use."""
        known = self._named.get((name, in_parts))
        if known is not None:
            self._count(path, depth + known.height, known.size)
            return known.schema
        deepest, self._deepest = self._deepest, depth
        read = self._read
        schema = self._object(
            self._types[name], (*self._path, name), depth, (*within, name), in_parts=in_parts
        )
        self._named[name, in_parts] = _Type(schema, self._read - read, self._deepest - depth)
        self._deepest = max(self._deepest, deepest)
        return schema

    def _count(self, path: ValuePath, depth: int, size: int) -> None:
        self._read += size
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH or self._read > MAX_SCHEMA_OBJECTS:
            what = shown(path[-2] if path[-1] == "$ref" else path[-1])
            raise self._document.error(path, f"the schema of {what} is nested too deeply")

    def _object(
        self, value: Value, path: ValuePath, depth: int, within: tuple[str, ...], *, in_parts: bool
    ) -> dict[str, Any]:
        what = shown(path[-1])
        self._count(path, depth, 1)
        source = self._document.mapping(value, path, f"the schema of {what}")
        if "$ref" in source:
            return self._referred(source["$ref"], path, depth, within, in_parts=in_parts)
        schema = self._scalars(source, path)
        for keyword in ("items", "not"):
            if keyword in source:
                schema[keyword] = self._object(
                    source[keyword], (*path, keyword), depth + 1, within, in_parts=keyword == "not"
                )
        additional = source.get("additionalProperties")
        if isinstance(additional, bool):
            schema["additionalProperties"] = additional
        elif additional is not None:
            schema["additionalProperties"] = self._object(
                additional, (*path, "additionalProperties"), depth + 1, within, in_parts=False
            )
        for keyword in _IN_PARTS:
            if keyword in source:
                schema[keyword] = self._parts(source, keyword, path, depth, within)
        if "properties" in source:
            properties_path = (*path, "properties")
            properties = self._document.mapping(source["properties"], properties_path, "properties")
            schema["properties"] = {
                name: self._object(
                    each, (*properties_path, name), depth + 1, within, in_parts=False
                )
                for name, each in properties.items()
            }
        if source.get("required"):
            required = self._required(source, path, in_parts=in_parts)
            if required:
                schema["required"] = required
        if "default" in source:
            schema["default"] = source["default"]
            self._check_default(schema, (*path, "default"), what)
        return schema

    def _check_default(self, schema: Mapping[str, Any], path: ValuePath, what: str) -> None:
        try:
            problems = violations(schema, schema["default"], self._budget)
        except TooMuchError:
            raise self._document.error(
                path, "the defaults of this schema take too long to check"
            ) from None
        for problem in problems[:1]:
            place = f"default of {what}"
            place = f"{place}, {problem.input}," if problem.input else place
            self._document.doubt(
                path,
                f"the {place} breaks its own schema: {problem.message}. It is used as it is where "
                "a spec gives no value",
            )

    def _scalars(self, source: Mapping[str, Value], path: ValuePath) -> dict[str, Any]:
        schema: dict[str, Any] = {}
        for keyword, (is_right, words) in _SCALAR_KEYWORDS.items():
            if keyword not in source:
                continue
            value = source[keyword]
            if not is_right(value):
                detail = f"the {keyword} of {shown(path[-1])} must be {words}, not {shown(value)}"
                meant = _meant(value)
                if meant is None or not is_right(meant):
                    raise self._document.error((*path, keyword), detail)
                self._document.doubt((*path, keyword), f"{detail}, which is taken for it")
                value = meant
            schema[keyword] = list(value) if isinstance(value, tuple) else value
        for least, most in _RANGES:
            if least in schema and most in schema and schema[least] > schema[most]:
                self._document.doubt(
                    (*path, least),
                    f"the {least} of {shown(path[-1])} is {shown(schema[least])}, above its {most} "
                    f"of {shown(schema[most])}: no value fits",
                )
        if "pattern" in schema:
            try:
                self._check_pattern(schema["pattern"])
            except PatternError as error:
                raise self._document.error(
                    (*path, "pattern"),
                    f"the pattern of {shown(path[-1])} is no regular expression: {error}",
                ) from None
        return schema

    def _check_pattern(self, pattern: str) -> None:
        self._atoms += atoms_of(pattern)
        if self._atoms > MAX_ATOMS_TOGETHER:
            raise PatternError("with the others of this schema, it repeats too much")
        compiled(pattern)

    def _required(
        self, source: Mapping[str, Value], path: ValuePath, *, in_parts: bool
    ) -> list[str]:
        required = source["required"]
        what = shown(path[-1])
        path = (*path, "required")
        if required is True:
            self._document.doubt(
                path,
                f"required: true at {what} says nothing; required is a list, beside the properties",
            )
            return []
        if not isinstance(required, tuple):
            raise self._document.error(
                path, f"required must be a list of properties, not {shown(required)}"
            )
        properties = source.get("properties")
        names: list[str] = []
        for index, name in enumerate(required):
            if not isinstance(name, str):
                detail = f"required must name properties, which {shown(name)} does not"
                raise self._document.error((*path, index), detail)
            # One part of an allOf may require what another part declares.
            if not in_parts and isinstance(properties, Mapping) and name not in properties:
                self._document.doubt(
                    (*path, index),
                    f"required names {shown(name)}, which is not a property and is not asked for",
                )
            elif name not in names:
                names.append(name)
        return names

    def _parts(
        self,
        source: Mapping[str, Value],
        keyword: str,
        path: ValuePath,
        depth: int,
        within: tuple[str, ...],
    ) -> list[dict[str, Any]]:
        parts = source[keyword]
        path = (*path, keyword)
        if not isinstance(parts, tuple) or not parts:
            raise self._document.error(
                path, f"{keyword} must be a list of schemas, not {shown(parts)}"
            )
        return [
            self._object(part, (*path, index), depth + 1, within, in_parts=True)
            for index, part in enumerate(parts)
        ]

    def _referred(
        self,
        reference: Value,
        path: ValuePath,
        depth: int,
        within: tuple[str, ...],
        *,
        in_parts: bool,
    ) -> dict[str, Any]:
        path = (*path, "$ref")
        found = _REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
        if found is None or found["name"] not in self._types:
            raise self._document.error(
                path, f"the reference {shown(reference)} names no type of this schema"
            )
        name = found["name"]
        if name in within:
            raise self._document.error(path, f"the type {name} refers to itself")
        return self._type(name, path, depth + 1, within, in_parts=in_parts)
