"""Checks a request against the service model and hands it on in snake case.

Each operation's input shape is compiled once into closures. This module does not know what the
values mean, nor how a refusal is sent. Sources: the service model for every limit, pattern and
name; the wording is that of other AWS JSON services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from moto_proton.api.naming import snake_case
from moto_proton.api.patterns import compiled
from moto_proton.api.service_model import Shape, input_shape

# Choice: AWS prints the whole refused value; we cut it, since a megabyte of it helps nobody.
SHOWN_CHARACTERS: Final = 1_000
# Choice: in some operations a list may have any length; nobody reads more messages than this.
MOST_MESSAGES: Final = 1_000
# A refused value is printed this many levels deep, so that hostile nesting costs nothing.
SHOWN_LEVELS: Final = 4
# Some patterns take quadratic or cubic time to fail. A value that exceeds its maximum length is
# refused anyway, so its pattern is checked only up to this length.
CHEAP_PATTERN_LENGTH: Final = 256

_Read = Callable[[object, str, list[str]], object]


class InvalidRequest(ValueError):
    """A request that the service model does not allow, with the message that AWS's JSON services
    use.

    ``messages`` are the single problems, in the model's order of members.
    """

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        errors = "error" if len(self.messages) == 1 else "errors"
        super().__init__(
            f"{len(self.messages)} validation {errors} detected: {'; '.join(self.messages)}"
        )


def read_request(operation: str, body: Mapping[str, object]) -> dict[str, Any]:
    """The request's members, all checked, under snake-case names in new dicts and lists.

    A member that is null counts as absent; one that the model does not know is ignored. Raises
    InvalidRequest with every problem found, LookupError for an operation that does not exist.

    Rule 1.4-24.
    """
    problems: list[str] = []
    request = _request_reader(operation)(body, "", problems)
    if problems:
        raise InvalidRequest(problems)
    return request  # type: ignore[return-value] # a structure that met no problem is a dict


@cache
def _request_reader(operation: str) -> _Read:
    # Two threads may compile the same operation at once; the results are equivalent.
    return _reader(input_shape(operation))


def _reader(shape: Shape) -> _Read:
    if shape.type_name == "structure":
        return _structure_reader(shape)
    if shape.type_name == "list":
        return _list_reader(shape)
    return _scalar_reader(_scalar(shape))


# Structures -----------------------------------------------------------------------------------


def _structure_reader(shape: Shape) -> _Read:
    required = frozenset(shape.required_members)
    members = tuple(
        (name, snake_case(name), name in required, _reader(member))
        for name, member in shape.members.items()
    )
    one_of = tuple(shape.members) if shape.metadata.get("union") else ()
    hidden = _is_sensitive(shape)

    def read(value: object, path: str, problems: list[str]) -> object:
        if not isinstance(value, Mapping):
            problems.append(_refusal(value, path, hidden, _must_be_of_type("structure")))
            return None
        prefix = f"{path}." if path else ""
        structure: dict[str, object] = {}
        for name, attribute, is_required, read_member in members:
            item = value.get(name)
            if item is not None:
                structure[attribute] = read_member(item, prefix + name, problems)
            elif is_required:
                problems.append(_null_refusal(prefix + name))
        # Choice: no recorded message of AWS shows how it refuses an empty union.
        if one_of and sum(value.get(name) is not None for name in one_of) != 1:
            words = f"Member must have exactly one of the members set: [{', '.join(one_of)}]"
            problems.append(_refusal(value, path, hidden, words))
        return structure

    return read


# Lists ----------------------------------------------------------------------------------------


def _list_reader(shape: Shape) -> _Read:
    minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
    hidden = _is_sensitive(shape)
    lengths = tuple(_length_rules(minimum, maximum))
    element = shape.member
    element_rules: tuple[Rule, ...] = ()
    if element.type_name in ("structure", "list"):
        read_element = _reader(element)
    else:
        scalar = _scalar(element)
        element_rules = scalar.rules
        read_element = _scalar_reader(Scalar(scalar.type_name, scalar.accepts, (), scalar.hidden))
    # AWS refuses a list of plain values as a whole, naming all that is asked of its elements.
    element_words = (
        f"Member must satisfy constraint: [{', '.join(rule.words for rule in element_rules)}]"
    )

    def read(value: object, path: str, problems: list[str]) -> object:
        if not isinstance(value, (list, tuple)):
            problems.append(_refusal(value, path, hidden, _must_be_of_type("list")))
            return None
        for rule in lengths:
            if not rule.holds(value):
                problems.append(_refusal(value, path, hidden, rule.words))
        elements: list[object] = []
        all_hold = True
        # A list that is too long is refused already, so the elements beyond its limit are not
        # checked.
        for number, item in enumerate(value[:maximum], start=1):
            if len(problems) >= MOST_MESSAGES:
                break
            if item is None:
                problems.append(_null_refusal(f"{path}.{number}.member"))
                continue
            before = len(problems)
            elements.append(read_element(item, f"{path}.{number}.member", problems))
            if element_rules and len(problems) == before:
                all_hold = all_hold and all(rule.holds(item) for rule in element_rules)
        if not all_hold:
            problems.append(_refusal(value, path, hidden, element_words))
        return elements

    return read


# Plain values ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint: how AWS words it, and whether a value of the right type keeps it."""

    words: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, integer or boolean of the model: its JSON type and the rules on its value."""

    type_name: str
    accepts: Callable[[object], bool]
    rules: tuple[Rule, ...]
    hidden: bool


# Choices, where AWS would answer with a serialization error that is not in the model: a wrong JSON
# type is a validation error. A float is no integer even when it is whole (5.0), nor is a boolean.
_ACCEPTS: Final[Mapping[str, Callable[[object], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
}


def _scalar(shape: Shape) -> Scalar:
    if shape.type_name not in _ACCEPTS:
        raise NotImplementedError(
            f"The service model now asks for a {shape.type_name} ({shape.name}) in a request"
        )
    return Scalar(
        shape.type_name, _ACCEPTS[shape.type_name], tuple(_rules(shape)), _is_sensitive(shape)
    )


def _scalar_reader(scalar: Scalar) -> _Read:
    accepts, hidden = scalar.accepts, scalar.hidden
    rules = tuple((rule.words, rule.holds) for rule in scalar.rules)

    def read(value: object, path: str, problems: list[str]) -> object:
        if not accepts(value):
            problems.append(_refusal(value, path, hidden, _must_be_of_type(scalar.type_name)))
            return None
        for words, holds in rules:
            if not holds(value):
                problems.append(_refusal(value, path, hidden, words))
        return value

    return read


def _rules(shape: Shape) -> Iterator[Rule]:
    minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name == "integer":
        yield from _value_rules(minimum, maximum)
    if shape.type_name == "string":
        yield from _length_rules(minimum, maximum)
        if pattern := shape.metadata.get("pattern"):
            yield _pattern_rule(pattern, maximum)
        if shape.enum:
            values = frozenset(shape.enum)
            yield Rule(
                f"Member must satisfy enum value set: [{', '.join(shape.enum)}]",
                lambda value: value in values,
            )


def _length_rules(minimum: int | None, maximum: int | None) -> Iterator[Rule]:
    if maximum is not None:
        yield Rule(
            f"Member must have length less than or equal to {maximum}",
            lambda value: len(value) <= maximum,
        )
    # No length is below 0, but AWS names this rule where it lists all rules.
    if minimum is not None:
        yield Rule(
            f"Member must have length greater than or equal to {minimum}",
            lambda value: len(value) >= minimum,
        )


def _value_rules(minimum: int | None, maximum: int | None) -> Iterator[Rule]:
    if maximum is not None:
        yield Rule(
            f"Member must have value less than or equal to {maximum}",
            lambda value: value <= maximum,
        )
    if minimum is not None:
        yield Rule(
            f"Member must have value greater than or equal to {minimum}",
            lambda value: value >= minimum,
        )


def _pattern_rule(pattern: str, maximum: int | None) -> Rule:
    search = compiled(pattern).search
    words = f"Member must satisfy regular expression pattern: {pattern}"
    if maximum is None:
        return Rule(words, lambda value: search(value) is not None)
    longest = max(maximum, CHEAP_PATTERN_LENGTH)
    return Rule(words, lambda value: len(value) > longest or search(value) is not None)


# Messages -----------------------------------------------------------------------------------------


def _is_sensitive(shape: Shape) -> bool:
    """Whether printing a value of this shape could print something that AWS leaves out."""
    if shape.metadata.get("sensitive"):
        return True
    if shape.type_name == "structure":
        return any(_is_sensitive(member) for member in shape.members.values())
    return shape.type_name == "list" and _is_sensitive(shape.member)


def _must_be_of_type(type_name: str) -> str:
    return f"Member must be of type {type_name}"


def _null_refusal(path: str) -> str:
    return f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def _refusal(value: object, path: str, hidden: bool, words: str) -> str:
    # Rule 1.4-25.
    shown = "" if hidden else f" '{_shown(value)}'"
    return f"Value{shown} at '{path}' failed to satisfy constraint: {words}"


def _shown(value: object) -> str:
    text = _text(value, SHOWN_LEVELS)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


def _text(value: object, levels: int) -> str:
    """The value as Java prints it, cut off as soon as it is too long to be shown."""
    if isinstance(value, str):
        return value[: SHOWN_CHARACTERS + 1]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Python refuses to print an integer of thousands of digits.
        return str(value) if value.bit_length() <= 1_000 else f"{value:#x}"[: SHOWN_CHARACTERS + 1]
    if isinstance(value, (list, tuple)):
        if levels == 0:
            return "..."
        return f"[{_joined(_text(item, levels - 1) for item in value)}]"
    if isinstance(value, Mapping):
        if levels == 0:
            return "..."
        pairs = (
            f"{_text(key, levels - 1)}={_text(item, levels - 1)}" for key, item in value.items()
        )
        return f"{{{_joined(pairs)}}}"
    return str(value)


def _joined(texts: Iterator[str]) -> str:
    taken: list[str] = []
    room = SHOWN_CHARACTERS
    for text in texts:
        taken.append(text)
        room -= len(text) + 2
        if room < 0:
            break
    return ", ".join(taken)
