"""Operators, string methods and formats for templates: Python's own, refused before they explode.

Each estimates how long its result will be, pays for it and only then makes it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Undefined

from moto_proton.render.limits import (
    HEAVIEST_VALUE,
    LONGEST_INTEGER,
    LimitExceededError,
    budget,
    check_field,
    check_length,
    check_width,
    pay_for,
    weigh,
)

if TYPE_CHECKING:
    from moto_proton.render.sandbox import Sandbox

# One conversion of printf-style formatting: flags, width, precision, type.
_CONVERSION: Final = re.compile(r"%(?:\([^)]*\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+))?")

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "**": operator.pow,
    "%": operator.mod,
}


def binary(symbol: str, left: Any, right: Any) -> Any:
    """The result of an arithmetic operator, if it stays within the limits."""
    if not (type(left) is int is type(right) and -1000 < left < 1000 and -1000 < right < 1000):
        pay_for(left)
        pay_for(right)
    if symbol == "%" and isinstance(left, str):
        return printf(left, right)
    if symbol == "*":
        _check_repetition(left, right)
        _check_repetition(right, left)
    if symbol == "**" and isinstance(left, int) and isinstance(right, int):
        bits = max(left.bit_length(), 1) * abs(right)
        if bits > LONGEST_INTEGER:
            raise LimitExceededError(f"an integer is longer than {LONGEST_INTEGER:,} bits")
    result = _OPERATORS[symbol](left, right)
    weigh(result)
    return result


def _check_repetition(value: Any, times: Any) -> None:
    if not isinstance(times, int):
        return
    if isinstance(value, str):
        check_length(len(value) * max(times, 0))
    elif isinstance(value, (list, tuple)) and times > 0 and weigh(value) * times > HEAVIEST_VALUE:
        raise LimitExceededError(f"a value has more than {HEAVIEST_VALUE:,} parts")


def joined(parts: Sequence[Any]) -> str:
    """What the operator ``~`` makes: all parts as text, one after the other."""
    check_length(_text_length(parts))
    return "".join(map(str, parts))


def _text_length(parts: Iterable[Any]) -> int:
    """About how many characters values have as text."""
    return sum(len(part) if isinstance(part, str) else 4 * weigh(part) for part in parts)


def printf(text: str, arguments: Any) -> str:
    """``text % arguments``."""
    conversions = _CONVERSION.findall(text)
    for _, width, precision in conversions:
        if "*" in (width, precision):
            raise LimitExceededError("a format takes its width from an argument")
        check_field(f"{width} {precision}")
    if isinstance(arguments, dict):
        longest = max((4 * weigh(argument) for argument in arguments.values()), default=0)
        length = len(conversions) * longest
    else:
        length = 4 * weigh(arguments)
    padding = sum(int(width or 0) + int(precision or 0) for _, width, precision in conversions)
    check_length(len(text) + length + padding)
    return str(text % arguments)


class BoundedFormatter(Formatter):
    """``str.format`` whose fields are looked up as the template itself would, and are paid for."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._length = 0

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, str]:
        """The value of a replacement field, by the sandbox's rules for attributes and items."""
        from _string import (  # type: ignore[import-not-found]
            formatter_field_name_split,
        )

        first, rest = formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, name in rest:
            budget().charge(1)
            value = (self._sandbox.getattr if is_attribute else self._sandbox.getitem)(value, name)
        return value, first

    def format_field(self, value: Any, format_spec: str) -> Any:
        """The text of a field."""
        check_field(format_spec)
        self._length += _text_length([value])
        check_length(self._length)
        text = super().format_field(value, format_spec)
        self._length += len(text)
        check_length(self._length)
        return text

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """The value after ``!r``, ``!s`` or ``!a``."""
        check_length(_text_length([value]))
        return super().convert_field(value, conversion)


def names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def _center(text: str, width: int, *fill: str) -> str:
    check_width(width)
    return text.center(width, *fill)


def _ljust(text: str, width: int, *fill: str) -> str:
    check_width(width)
    return text.ljust(width, *fill)


def _rjust(text: str, width: int, *fill: str) -> str:
    check_width(width)
    return text.rjust(width, *fill)


def _zfill(text: str, width: int) -> str:
    check_width(width)
    return text.zfill(width)


def _join(text: str, parts: Iterable[Any]) -> str:
    pay_for(parts)
    values = list(parts)
    check_length(_text_length(values) + len(text) * len(values))
    return text.join(values)


def replace(text: str, old: str, new: str, count: int = -1) -> str:
    """``text.replace(old, new, count)``; a count below zero is all of them."""
    times = text.count(old) if count < 0 else min(count, text.count(old))
    check_length(len(text) + times * len(new))
    return text.replace(old, new, count)


# Methods of strings that templates may call: those above, and those whose result is no longer
# than the string. What is missing (encode, translate, expandtabs, ...) has no use in a template.
BOUNDED_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "center": _center,
    "join": _join,
    "ljust": _ljust,
    "replace": replace,
    "rjust": _rjust,
    "zfill": _zfill,
}
STRING_METHODS: Final = names(
    "capitalize casefold count endswith find index isalnum isalpha isascii isdecimal "
    "isdigit isidentifier islower isnumeric isprintable isspace istitle isupper lower "
    "lstrip partition removeprefix removesuffix rfind rindex rpartition rsplit rstrip "
    "split splitlines startswith strip swapcase title upper"
)
MAPPING_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "copy": dict,
    "get": lambda mapping, key, default=None: mapping.get(key, default),
    "items": lambda mapping: list(mapping.items()),
    "keys": lambda mapping: list(mapping),
    "values": lambda mapping: list(mapping.values()),
}


def is_number(value: Any) -> bool:
    """Whether a value can be added up; an undefined one complains here."""
    if isinstance(value, Undefined):
        str(value)
    return isinstance(value, (int, float))
