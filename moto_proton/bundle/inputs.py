"""Checks a spec's inputs against one type of a schema, and fills in defaults.

The rules are those of openapi-schema-validator, in limited time; the messages are our own. Rules:
section 8.3 of docs/behaviour.md. Choices: ``80.0`` is not an integer (as in the validator), numbers
are finite, only ``properties`` and ``items`` give defaults, which come after the given inputs, and
int32 and int64 are the only formats that are checked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from moto_proton import workplace
from moto_proton.bundle.budget import Budget, TooMuchError
from moto_proton.bundle.problems import problem_text
from moto_proton.spec.values import element_path, member_path

MAX_PROBLEMS: Final = 100
_REMEMBERED_INPUTS: Final = 256
_SCALARS: Final = frozenset({str, int, float, bool, type(None)})


@dataclass(frozen=True, slots=True)
class InputProblem:
    """A problem of one input: its path ("listeners[1].port"), and what it must be."""

    input: str
    message: str

    def __str__(self) -> str:
        return f"{self.input}: {self.message}" if self.input else self.message


class InputError(ValueError):
    """Inputs that do not fit their schema, with every problem in the order of the schema."""

    def __init__(self, problems: tuple[InputProblem, ...]) -> None:
        self.problems = problems
        super().__init__(problems)

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))


class InputSchema:
    """One input type of a schema; the results of its checks are cached."""

    __slots__ = ("_accepted", "schema", "type_name")

    def __init__(self, type_name: str, schema: Mapping[str, Any]) -> None:
        """The schema object is checked, without references, as dictionaries and lists."""
        self.type_name = type_name
        self.schema = schema
        self._accepted: OrderedDict[Any, Mapping[str, Any]] = OrderedDict()

    def check(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """The inputs with the defaults of missing ones, in nested objects too.

        Raises InputError, with every problem.

        Rules 4.1-8, 8.3-3, 8.3-5 and 8.3-6.
        """
        key = _memory_key(inputs)
        accepted = self._accepted.get(key)
        if accepted is not None:
            return accepted
        try:
            completed = workplace.run(_accepted, self.schema, inputs)
        except workplace.OutOfBoundsError as error:
            problem = InputProblem("", f"the inputs could not be checked: {error.reason}")
            raise InputError((problem,)) from None
        except TooMuchError:
            raise InputError((InputProblem("", "the inputs take too long to check"),)) from None
        self._accepted[key] = completed
        if len(self._accepted) > _REMEMBERED_INPUTS:
            self._accepted.popitem(last=False)
        return completed


def _accepted(schema: Mapping[str, Any], inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    from moto_proton.bundle.validator import validator_for

    budget = Budget()
    completed: Mapping[str, Any] = _completed(schema, inputs, budget)
    problems = _problems(validator_for(schema), inputs, completed, budget)
    if problems:
        raise InputError(problems)
    return completed


def violations(schema: Mapping[str, Any], value: Any, budget: Budget) -> tuple[InputProblem, ...]:
    """The problems of one value, such as the default of a property, by its schema object.

    Raises TooMuchError if the budget is used up.
    """
    from moto_proton.bundle.validator import validator_for

    return _problems(validator_for(schema), value, _completed(schema, value, budget), budget)


def _problems(
    validator: Any, given: Any, completed: Any, budget: Budget
) -> tuple[InputProblem, ...]:
    """What is wrong with a value, which is checked with its defaults; they are not to blame."""
    from moto_proton.bundle.validator import limited

    problems: dict[InputProblem, str] = {}
    try:
        with limited(budget):
            errors = (
                error
                for error in validator.iter_errors(completed)
                if _is_of(given, completed, error)
            )
            for error in islice(errors, MAX_PROBLEMS):
                path = _path(error.absolute_path)
                problems.setdefault(InputProblem(path, problem_text(error)), error.validator)
    except TooMuchError:
        if not problems:
            raise
    # If the type is wrong, other problems of the value are not reported.
    mistyped = {problem.input for problem, keyword in problems.items() if keyword == "type"}
    return tuple(
        problem
        for problem, keyword in problems.items()
        if keyword == "type" or problem.input not in mistyped
    )


def _is_of(given: Any, completed: Any, error: Any) -> bool:
    """Whether an error is about what was given, and not within a default.

    Rule 15-3: a default that breaks its own schema is used as it is.
    """
    if given is completed:
        return True
    steps = list(error.absolute_path)
    if error.validator == "required":
        steps.pop()  # the name of what is missing, from the defaults as well
    for step in steps:
        if isinstance(given, Mapping) and step not in given:
            return False
        given = given[step]
    return True


def _path(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        path = element_path(path, step) if isinstance(step, int) else member_path(path, step)
    return path


def _memory_key(value: Any) -> Any:
    """A hashable key that is equal for equal values only, types included: 1 is not True here."""
    if isinstance(value, Mapping):
        types = tuple(map(type, value.values()))
        if _SCALARS.issuperset(types):
            return (*value, types, *value.values())
        return (*value, types, *map(_memory_key, value.values()))
    if isinstance(value, (tuple, list)):
        return (type(value), *map(_memory_key, value))
    return (type(value), value)


def _completed(schema: Mapping[str, Any], value: Any, budget: Budget) -> Any:
    """The value with its defaults; the same object if it needs none."""
    if isinstance(value, Mapping):
        return _completed_object(schema.get("properties", {}), value, budget)
    items = schema.get("items")
    if items is not None and isinstance(value, (tuple, list)):
        elements = tuple(_completed(items, element, budget) for element in value)
        if any(new is not old for new, old in zip(elements, value, strict=True)):
            return elements
    return value


def _completed_object(
    properties: Mapping[str, Mapping[str, Any]], value: Mapping[str, Any], budget: Budget
) -> Mapping[str, Any]:
    budget.take_steps(len(properties))
    changed: dict[str, Any] = {}
    for name, schema in properties.items():
        if name in value:
            given = value[name]
            if given.__class__ not in _SCALARS:
                item = _completed(schema, given, budget)
                if item is not given:
                    changed[name] = item
        elif "default" in schema:
            budget.take_default()
            changed[name] = _completed(schema, schema["default"], budget)
    return MappingProxyType({**value, **changed}) if changed else value
