"""Whether specs of an earlier minor version still fit a later one, decided by the schemas alone.

Rules: section 7.3 of docs/behaviour.md: best effort, infrastructure files are not compared. It is
not compatible if a property is removed, changes its type, becomes required without a default, or
admits fewer values. Changed patterns are accepted, because it can't be decided which of two admits
less; so are changes of allOf, anyOf, oneOf and not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto_proton import workplace
from moto_proton.bundle.errors import BundleError
from moto_proton.bundle.inputs import InputSchema
from moto_proton.bundle.schema import (
    ENVIRONMENT_INPUT_TYPE,
    PIPELINE_INPUT_TYPE,
    SERVICE_INPUT_TYPE,
    Schema,
)
from moto_proton.spec.values import identity, member_path, shown

# How many of the values that an enum has lost are named.
MAX_SHOWN: Final = 20
_SIZES: Final = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)


def incompatibilities(previous: Schema, new: Schema) -> tuple[str, ...]:
    """The changes in the new schema that would break specs for the previous one.

    Rules 7.3-1 and 7.3-2.
    """
    try:
        return workplace.run(_incompatibilities, previous, new)
    except workplace.OutOfBoundsError as error:
        raise BundleError(f"The schemas could not be compared: {error.reason}") from None


def _incompatibilities(previous: Schema, new: Schema) -> tuple[str, ...]:
    return (
        *_of_type(ENVIRONMENT_INPUT_TYPE, previous.environment_inputs, new.environment_inputs),
        *_of_type(SERVICE_INPUT_TYPE, previous.service_inputs, new.service_inputs),
        *_of_type(PIPELINE_INPUT_TYPE, previous.pipeline_inputs, new.pipeline_inputs),
    )


def _of_type(key: str, previous: InputSchema | None, new: InputSchema | None) -> Iterator[str]:
    if previous is None:
        return
    if new is None:
        yield f"{key} is gone"
        return
    for path, change in _Comparison().of_members(previous.schema, new.schema, ""):
        yield f"{new.type_name}.{path}: {change}" if path else f"{new.type_name}: {change}"


class _Comparison:
    """Compares two types; schema objects that many references share, once."""

    def __init__(self) -> None:
        self._narrowings: dict[tuple[int, int], tuple[str, ...]] = {}

    def of_members(
        self, previous: Mapping[str, Any], new: Mapping[str, Any], path: str
    ) -> Iterator[tuple[str, str]]:
        """What changed in the properties and elements of a schema object."""
        old_properties = previous.get("properties", {})
        new_properties = new.get("properties", {})
        for name, schema in old_properties.items():
            place = member_path(path, name)
            if name not in new_properties:
                yield place, "the property was removed"
            else:
                yield from self._of_value(schema, new_properties[name], place)
        was_needed = set(_needed(previous))
        for name in _needed(new):
            if name not in was_needed:
                is_old = name in old_properties
                words = "became required" if is_old else "is new and required"
                yield member_path(path, name), f"the property {words}, without a default"
        if previous.get("additionalProperties") is not False and (
            new.get("additionalProperties") is False
        ):
            yield path, "undeclared properties are no longer allowed"
        if "items" in previous and "items" in new:
            yield from self._of_value(previous["items"], new["items"], f"{path}[]")

    def _of_value(
        self, previous: Mapping[str, Any], new: Mapping[str, Any], path: str
    ) -> Iterator[tuple[str, str]]:
        old_type, new_type = previous.get("type"), new.get("type")
        if new_type != old_type and new_type is not None:
            yield path, f"the type changed from {old_type or 'any'} to {new_type}"
            return
        pair = (id(previous), id(new))
        if pair not in self._narrowings:
            self._narrowings[pair] = tuple(_narrowings(previous, new))
        for change in self._narrowings[pair]:
            yield path, change
        yield from self.of_members(previous, new, path)


def _needed(schema: Mapping[str, Any]) -> Iterator[str]:
    """The properties that a spec must give: required ones without a default."""
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if "default" not in properties.get(name, {}):
            yield name


def _narrowings(previous: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in new:
        if "enum" not in previous:
            yield "an enum was added"
        else:
            left = set(map(_identity, new["enum"]))
            lost = [value for value in previous["enum"] if _identity(value) not in left]
            if lost:
                more = ", ..." if len(lost) > MAX_SHOWN else ""
                yield f"the enum lost {', '.join(map(shown, lost[:MAX_SHOWN]))}{more}"
    yield from _bound(previous, new, "minimum", "exclusiveMinimum", 1)
    yield from _bound(previous, new, "maximum", "exclusiveMaximum", -1)
    for least, most in _SIZES:
        if new.get(least, 0) > previous.get(least, 0):
            yield _changed(least, previous, new)
        if most in new and new[most] < previous.get(most, float("inf")):
            yield _changed(most, previous, new)
    if "pattern" in new and "pattern" not in previous:
        yield f"a pattern was added, {new['pattern']}"
    if "multipleOf" in new and new["multipleOf"] != previous.get("multipleOf"):
        yield _changed("multipleOf", previous, new)
    if new.get("uniqueItems") and not previous.get("uniqueItems"):
        yield "its elements must be unique now"
    if previous.get("nullable") and not new.get("nullable"):
        yield "it can no longer be null"


def _identity(value: Any) -> Any:
    """The type counts, too: 1 is not 1.0 in an enum."""
    return identity(value, lambda scalar: (type(scalar), scalar))


def _bound(
    previous: Mapping[str, Any], new: Mapping[str, Any], bound: str, exclusive: str, sign: int
) -> Iterator[str]:
    """Whether a bound has become tighter; the sign says which direction is tighter."""
    if bound not in new:
        return
    if bound not in previous or sign * new[bound] > sign * previous[bound]:
        yield _changed(bound, previous, new)
    elif new[bound] == previous[bound] and new.get(exclusive) and not previous.get(exclusive):
        yield f"the {bound} of {shown(new[bound])} became exclusive"


def _changed(keyword: str, previous: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if keyword not in previous:
        return f"a {keyword} of {shown(new[keyword])} was added"
    return f"the {keyword} changed from {shown(previous[keyword])} to {shown(new[keyword])}"
