"""Limits on every filter, test, function and operator that a template uses.

The weights of the arguments and of the result are charged to the budget of the rendering. The
weight of the value times that of the other arguments bounds how much a function can produce or try;
a number among the other arguments counts as a width or a count. So no function needs a check of its
own. Format strings are the exception, because the widths of their fields are inside a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from itertools import islice
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined, pass_environment
from jinja2 import filters as jinja_filters
from jinja2 import tests as jinja_tests
from jinja2.sandbox import SandboxedFormatter

from moto_proton.render.limits import (
    HEAVIEST_VALUE,
    LARGEST_COUNT,
    LARGEST_PRODUCT,
    LONGEST_INTEGER,
    LimitExceededError,
    budget,
    check_length,
    pay_for,
    weigh,
)

Function = Callable[..., Any]

# Any, because Jinja annotates the entries as plain functions only.
_JINJA_FILTERS: Final[Mapping[str, Any]] = jinja_filters.FILTERS
_JINJA_TESTS: Final[Mapping[str, Any]] = jinja_tests.TESTS
# Functions whose numeric arguments are values of any size, not widths or counts.
_TAKE_VALUES: Final = frozenset({"d", "default", "float", "int", "map", "sum"}) | {
    f"{kind}{suffix}" for kind in ("reject", "select") for suffix in ("", "attr")
}
# Functions that pass on, or count, the members of a value; and those that accept undefined values.
_PASS_ON: Final = frozenset({"batch", "copy", "count", "first", "get", "items", "keys", "last"}) | {
    *("length", "list", "map", "reject", "rejectattr", "reverse", "select", "selectattr", "slice"),
    "values",
}
_TAKE_UNDEFINED: Final = frozenset({"d", "default"})
# One conversion of printf-style formatting, as Python reads it; of a key with a parenthesis in it,
# which Python reads too, it takes the first for the type.
_CONVERSION: Final = re.compile(
    r"%(?:\([^()]*\))?[#0\- +]*(\*|[0-9]*)(?:\.(\*|[0-9]*))?[hlL]?(.)", re.DOTALL
)


def bounded(function: Function, name: str, *, is_test: bool = False) -> Function:
    """Wrap a filter or test: its arguments and result are charged, and a lazy result is evaluated.

    If it fails, its name is recorded for the message.
    """
    skipped = int(hasattr(function, "jinja_pass_arg"))

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            value, others = args[skipped : skipped + 1], (*args[skipped + 1 :], *kwargs.values())
            check_call(name, value, others, opaque=is_test)
            result = function(*args, **kwargs)
            if isinstance(result, Iterator):
                result = list(islice(result, HEAVIEST_VALUE + 1))
            pay_for(result, opaque=is_test)
        except Exception:
            budget().failed_filter = budget().failed_filter or name
            raise
        return result

    return called


def check_call(
    name: str, value: tuple[Any, ...], others: tuple[Any, ...], *, opaque: bool = False
) -> None:
    """Charge for a call of a function with a value, if there is one, and further arguments.

    An undefined value raises its error here, before a function accepts it or fails with a message
    that does not name it.
    """
    defined = not opaque and name not in _TAKE_UNDEFINED
    if defined and isinstance(next(iter(value), None), StrictUndefined):
        str(value[0])
    defined = defined and name not in _PASS_ON
    weight = sum(weigh(each, opaque=opaque, defined=defined) for each in value)
    rest = sum(weigh(each, opaque=opaque, defined=defined) for each in others)
    budget().charge(weight + rest)
    if not opaque and name not in _TAKE_VALUES:
        rest += sum(_count(each) >> 2 for each in others if isinstance(each, int))
    if not opaque and weight * rest > LARGEST_PRODUCT:
        raise LimitExceededError(f"'{name}' would have too much to do at once")


def _count(number: int) -> int:
    if abs(number) > LARGEST_COUNT:
        raise LimitExceededError(f"{number:,} is too wide, or too many")
    return abs(number)


def check_operator(symbol: str, left: Any, right: Any) -> None:
    """Charge for an arithmetic operation; refuse one whose result would exceed the limits."""
    pay_for(left, opaque=False)
    pay_for(right, opaque=False)
    if symbol == "%" and isinstance(left, str):
        check_printf(left, right)
    elif symbol == "*" and isinstance(left, (str, list, tuple)) and isinstance(right, int):
        if isinstance(left, str):
            check_length(len(left) * max(right, 0))
        elif weigh(left) * right > HEAVIEST_VALUE:
            raise LimitExceededError(f"a value has more than {HEAVIEST_VALUE:,} parts")
    elif symbol == "*" and isinstance(right, (str, list, tuple)):
        check_operator(symbol, right, left)
    elif symbol == "**" and isinstance(left, int) and isinstance(right, int):
        bits = max(left.bit_length(), 1) * abs(right)
        if bits > LONGEST_INTEGER:
            raise LimitExceededError(f"an integer is longer than {LONGEST_INTEGER:,} bits")


def check_printf(text: str, arguments: Any) -> None:
    """Refuse ``text % arguments`` if its result could be too long."""
    fields = list(_CONVERSION.finditer(text))
    if any(found[3] == "(" or "*" in found.groups() for found in fields):
        raise LimitExceededError("a format's width is an argument, or its key has a parenthesis")
    named = arguments.values() if isinstance(arguments, dict) else ()
    longest = weigh(arguments) + len(fields) * max(map(weigh, named), default=0)
    check_length(len(text) + sum(_width(found[0]) for found in fields) + 4 * longest)


def _width(field: str) -> int:
    """How much a field of a format may pad to: the numbers in it, whatever they mean."""
    return sum(_count(int(number[:9])) for number in re.findall("[0-9]+", field))


class BoundedFormatter(SandboxedFormatter):
    """``str.format`` with limits on its fields; the sandbox looks up the names in them."""

    _length = 0

    def format_field(self, value: Any, format_spec: str) -> Any:
        """The text of a field."""
        pay_for(value, opaque=False)
        _width(format_spec)
        text = super().format_field(value, format_spec)
        self._length += len(text)
        check_length(self._length)
        return text

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """The value after ``!r``, ``!s`` or ``!a``."""
        pay_for(value, opaque=False)
        return super().convert_field(value, conversion)


@pass_environment
def _attr(environment: Any, value: Any, name: str) -> Any:
    return environment.getattr(value, name)


@pass_environment
def _sum(environment: Any, iterable: Any, attribute: Any = None, start: Any = 0) -> Any:
    if not isinstance(start, (int, float)):
        # Adding lists is quadratic: Python copies the whole sum for each list added.
        raise TypeError(f"sum adds numbers up, not a {type(start).__name__}")
    return jinja_filters.do_sum(environment, iterable, attribute, start)


def _format(value: Any, *args: Any, **kwargs: Any) -> str:
    if args and kwargs:
        raise TypeError("format takes positional or keyword arguments, not both")
    check_printf(str(value), kwargs or args)
    return str(value) % (kwargs or args)


def _no_json(value: Any) -> Any:
    if isinstance(value, Undefined):
        # The value of an `if` without an `else`: it prints as nothing, and has no JSON form.
        value._fail_with_undefined_error()
    raise TypeError(f"a {type(value).__name__} has no JSON")


def dumps(value: Any, **options: Any) -> str:
    """JSON text for ``tojson``; stops as soon as the text is too long."""
    pieces: list[str] = []
    length = 0
    for piece in json.JSONEncoder(default=_no_json, **options).iterencode(value):
        pieces.append(piece)
        length += len(piece)
        check_length(length)
    return "".join(pieces)


# Left out: `random`, which makes the output differ between renderings, and filters for web pages
# and debugging, which go through a text many times.
_LEFT_OUT: Final = ("pprint", "random", "striptags", "urlize")
FILTERS: Final[Mapping[str, Function]] = {
    name: bounded(function, name)
    for name, function in {
        **_JINJA_FILTERS,
        "attr": _attr,
        "format": _format,
        "sum": _sum,
    }.items()
    if name not in _LEFT_OUT
}
TESTS: Final[Mapping[str, Function]] = {
    name: bounded(function, name, is_test=True) for name, function in _JINJA_TESTS.items()
}
