"""Jinja's own filters, tests and globals as templates get them: within limits, or not at all.

Left out are those that make the output differ from time to time (``random``, ``lipsum``) and those
for web pages whose work has no bound worth estimating (``urlize``, ``striptags``, ``pprint``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from itertools import islice
from typing import Any, Final

from jinja2 import filters as jinja_filters
from jinja2 import pass_environment
from jinja2 import tests as jinja_tests
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.sandbox import safe_range

from moto_proton.render import operations
from moto_proton.render.limits import (
    HEAVIEST_VALUE,
    LONGEST_TEXT,
    LimitExceededError,
    budget,
    check_length,
    check_width,
    weigh,
)

Function = Callable[..., Any]

# Jinja types what is in them as mere functions.
_FILTERS: Final[Mapping[str, Any]] = jinja_filters.FILTERS
_TESTS: Final[Mapping[str, Any]] = jinja_tests.TESTS

_LEFT_OUT: Final = frozenset({"pprint", "random", "striptags", "urlize"})
_DEEPEST_INDENT: Final = 16
_MOST_DIGITS: Final = 100
_MOST_PARTS: Final = 10_000
# Filters that call another filter or test for each element, also for each character of a string.
_FOR_EACH: Final = frozenset({"map", "reject", "rejectattr", "select", "selectattr"})
# Tests that only look at what kind of value it is, and cost nothing.
_CHEAP_TESTS: Final = operations.names(
    "boolean callable defined escaped false float integer iterable mapping none number "
    "sameas sequence string true undefined"
)


@pass_environment
def _attr(environment: Any, value: Any, name: str) -> Any:
    return environment.getattr(value, name)


def _batch(value: Any, linecount: int, fill_with: Any = None) -> Any:
    check_width(linecount, _MOST_PARTS)
    return jinja_filters.do_batch(value, linecount, fill_with)


def _center(value: Any, width: int = 80) -> str:
    check_width(width)
    return str(value).center(width)


def _format(value: Any, *args: Any, **kwargs: Any) -> str:
    if args and kwargs:
        raise TypeError("format takes positional or keyword arguments, not both")
    return operations.printf(str(value), kwargs or args)


def _indent(value: Any, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    text = str(value)
    prefix = width if isinstance(width, str) else " "
    times = 1 if isinstance(width, str) else width
    check_width(times)
    check_length(len(text) + len(prefix) * times * (1 + text.count("\n")))
    return jinja_filters.do_indent(text, width, first, blank)


@pass_environment
def _join(environment: Any, value: Any, d: str = "", attribute: str | int | None = None) -> Any:
    if attribute is not None:
        value = list(map(jinja_filters.make_attrgetter(environment, attribute), value))
    values = list(value)
    check_length(sum(4 * weigh(item) for item in values) + len(str(d)) * len(values))
    return str(d).join(map(str, values))


def _replace(value: Any, old: Any, new: Any, count: int | None = None) -> str:
    return operations.replace(str(value), str(old), str(new), -1 if count is None else count)


def _round(value: float, precision: int = 0, method: str = "common") -> float:
    if abs(precision) > _MOST_DIGITS:
        raise LimitExceededError(f"round to {precision:,} digits")
    return jinja_filters.do_round(value, precision, method)  # type: ignore[arg-type]


def _slice(value: Any, slices: int, fill_with: Any = None) -> Any:
    check_width(slices, _MOST_PARTS)
    return jinja_filters.sync_do_slice(value, slices, fill_with)


@pass_environment
def _sum(environment: Any, iterable: Any, attribute: Any = None, start: Any = 0) -> Any:
    values = list(iterable)
    if attribute is not None:
        values = list(map(jinja_filters.make_attrgetter(environment, attribute), values))
    for value in (start, *values):
        if not operations.is_number(value):
            raise TypeError(f"sum adds numbers up, not a {type(value).__name__}")
    return sum(values, start)


def _wordwrap(
    environment: Any,
    s: str,
    width: int = 79,
    break_long_words: bool = True,
    wrapstring: str | None = None,
    break_on_hyphens: bool = True,
) -> str:
    check_length(len(s) * (1 + len(wrapstring or "\n")))
    return jinja_filters.do_wordwrap(
        environment, s, width, break_long_words, wrapstring, break_on_hyphens
    )


_REPLACED: Final[Mapping[str, Function]] = {
    "attr": _attr,
    "batch": _batch,
    "center": _center,
    "format": _format,
    "indent": _indent,
    "join": _join,
    "replace": _replace,
    "round": _round,
    "slice": _slice,
    "sum": _sum,
    "wordwrap": pass_environment(_wordwrap),
}


def dumps(value: Any, **options: Any) -> str:
    """JSON text for ``tojson``, which gives up while it grows."""
    indent = options.get("indent")
    check_width(len(indent) if isinstance(indent, str) else indent, _DEEPEST_INDENT)
    pieces: list[str] = []
    length = 0
    for piece in json.JSONEncoder(**options).iterencode(value):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_TEXT:
            check_length(length)
    budget().charge(length >> 2)
    return "".join(pieces)


def charged(function: Function, name: str) -> Function:
    """A filter or test that pays for its arguments and its result, and never answers lazily.

    What works on each element of a list pays for its other arguments as often. A filter that fails
    leaves its name behind for the message.
    """
    takes_more = int(hasattr(function, "jinja_pass_arg"))
    walked = (list, tuple, dict, range, *((str,) if name in _FOR_EACH else ()))

    @wraps(function)
    def paid(*args: Any, **kwargs: Any) -> Any:
        spent = budget()
        try:
            value = args[takes_more] if len(args) > takes_more else None
            cost = sum(weigh(arg) for arg in (*args[takes_more + 1 :], *kwargs.values()))
            times = len(value) if isinstance(value, walked) else 1
            spent.charge(weigh(value) + cost * max(times, 1))
            result = function(*args, **kwargs)
            if isinstance(result, Iterator):
                result = list(islice(result, HEAVIEST_VALUE + 1))
            spent.charge(weigh(result))
        except Exception:
            spent.failed_filter = spent.failed_filter or name
            raise
        return result

    return paid


def filters() -> dict[str, Function]:
    """Jinja's filters by name."""
    return {
        name: charged(_REPLACED.get(name, function), name)
        for name, function in _FILTERS.items()
        if name not in _LEFT_OUT
    }


def tests() -> dict[str, Function]:
    """Jinja's tests by name."""
    return {
        name: function if name in _CHEAP_TESTS else charged(function, name)
        for name, function in _TESTS.items()
    }


def global_names() -> dict[str, Any]:
    """Jinja's globals by name."""
    kept = ("cycler", "dict", "joiner", "namespace")
    return {name: DEFAULT_NAMESPACE[name] for name in kept} | {"range": safe_range}
