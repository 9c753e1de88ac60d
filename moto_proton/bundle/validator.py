"""openapi-schema-validator's validator for OpenAPI 3.0, adapted to spec values and hostile input.

It accepts read-only mappings and tuples, works in limited time, and never follows a reference (they
were resolved when the schema was read). Importing this module imports the validator, so it is only
imported to check something.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import wraps
from typing import Any, Final

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from jsonschema.validators import extend  # type: ignore[import-untyped]
from openapi_schema_validator import OAS30Validator

from moto_proton.bundle.budget import Budget, TooMuchError
from moto_proton.bundle.patterns import found
from moto_proton.spec.values import identity, shown

_FORMATS: Final[Mapping[str, int]] = {"int32": 1 << 31, "int64": 1 << 63}

_Keyword = Callable[[Any, Any, Any, Any], "Iterable[Any] | None"]


class _Current(threading.local):
    budget = Budget(steps=0)


_current = _Current()


@contextmanager
def limited(budget: Budget) -> Iterator[None]:
    """Within it validators may take what the budget has left, or raise TooMuchError."""
    _current.budget = budget
    try:
        yield
    finally:
        del _current.budget


def validator_for(schema: Mapping[str, Any]) -> Any:
    """A validator of a checked schema object, to be used within :func:`limited`."""
    return _VALIDATOR(schema)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (list, tuple, Mapping)) else 0


def _counted(function: _Keyword) -> _Keyword:
    @wraps(function)
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Iterable[Any] | None:
        _current.budget.take_steps(1 + _length(value) + _length(instance))
        return function(validator, value, instance, schema)

    return counted


def _type(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if instance is None and schema.get("nullable") is True:
        return
    if not validator.is_type(instance, value):
        yield ValidationError("wrong type")


def _required(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, Mapping):
        for name in value:
            if name not in instance:
                yield ValidationError("is required", path=(name,))


def _additional_properties(
    validator: Any, value: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if not isinstance(instance, Mapping) or value is True:
        return
    declared = schema.get("properties", {})
    for name in instance:
        if name not in declared:
            if value is False:
                yield ValidationError("is not allowed here", path=(name,))
            else:
                yield from validator.descend(instance[name], value, path=name)


def _pattern(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, str):
        return
    budget = _current.budget
    if budget.pattern_seconds <= 0:
        raise TooMuchError
    started = time.thread_time()
    try:
        is_found = found(value, instance, budget.pattern_seconds)
    except TimeoutError:
        budget.pattern_seconds = 0
        yield ValidationError(f"could not be matched against the pattern {value} in time")
        return
    budget.pattern_seconds -= time.thread_time() - started
    if not is_found:
        yield ValidationError(f"must match the pattern {value}, as {shown(instance)} does not")


def _multiple_of(
    validator: Any, value: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    # Exact, unlike the validator's own, which breaks on numbers too large for a float.
    if validator.is_type(instance, "number") and Fraction(repr(instance)) % Fraction(repr(value)):
        yield ValidationError("no multiple")


def _unique_items(
    validator: Any, value: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    # In linear time, which the validator's own is not for lists of lists or mappings.
    if value and isinstance(instance, (list, tuple)):
        seen = set()
        for index, element in enumerate(instance):
            key = identity(element, _of_scalar)
            if key in seen:
                yield ValidationError(
                    f"must not hold {shown(element)} twice, as it does at [{index}]"
                )
                return
            seen.add(key)


def _of_scalar(value: Any) -> Any:
    _current.budget.take_steps(1)
    return (isinstance(value, bool), value)


def _format(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    limit = _FORMATS.get(value)
    if limit is None or isinstance(instance, bool) or not isinstance(instance, int):
        return
    if not -limit <= instance < limit:
        yield ValidationError(f"must be an {value}, which {shown(instance)} is too large for")


def _nothing(validator: Any, value: Any, instance: Any, schema: Any) -> None:
    """For keywords that say nothing about a spec's inputs."""


def _is_number(checker: Any, instance: Any) -> bool:
    if isinstance(instance, bool) or not isinstance(instance, (int, float)):
        return False
    return isinstance(instance, int) or abs(instance) < float("inf")  # false for not-a-number


_KEYWORDS: Final[Mapping[str, _Keyword]] = {
    **OAS30Validator.VALIDATORS,
    "type": _type,
    "required": _required,
    "additionalProperties": _additional_properties,
    "pattern": _pattern,
    "multipleOf": _multiple_of,
    "uniqueItems": _unique_items,
    "format": _format,
    # Older releases of the validator do not accept read-only mappings.
    "readOnly": _nothing,
    "writeOnly": _nothing,
}
_VALIDATOR: Final[Any] = extend(
    OAS30Validator,
    {name: _counted(function) for name, function in _KEYWORDS.items()},
    type_checker=OAS30Validator.TYPE_CHECKER.redefine_many(
        {
            "array": lambda checker, instance: isinstance(instance, (list, tuple)),
            "object": lambda checker, instance: isinstance(instance, Mapping),
            "number": _is_number,
        }
    ),
)
