"""How much a template may do: sizes of values, and work, counted as it is done.

Templates are hostile input, and there is no process to kill, nor a signal to send in a thread: so
each loop, call, filter and operator pays for itself before, or as, it works. All numbers are
choices: a hundred times what a CloudFormation template of 1 MB (its own quota in S3) may need, and
still over within a second or two.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from jinja2 import Undefined
from jinja2.exceptions import TemplateRuntimeError

LONGEST_OUTPUT: Final = 1_000_000  # characters of a rendered file
LONGEST_TEXT: Final = 262_144  # characters of one string in an expression
HEAVIEST_VALUE: Final = 200_000  # weight of one value: see weigh()
MOST_WORK: Final = 1_000_000  # units, of about a microsecond
MOST_NODES: Final = 20_000  # of a template's syntax tree
LONGEST_INTEGER: Final = 4_096  # bits
WIDEST_FIELD: Final = 10_000  # characters that a format may pad to

_SCALARS: Final = (bool, float, type(None), Undefined)
_NUMBERS_IN_SPEC: Final = re.compile(r"\d+")


class LimitExceededError(Exception):
    """A template that asks for more than a limit of this module allows."""


class Budget:
    """The work that one rendering has left, and what it is rendered with."""

    __slots__ = ("failed_filter", "left", "namespace", "printed", "undefined_name", "value")

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.left = MOST_WORK
        self.namespace = namespace
        # What the search for an error's column goes by.
        self.undefined_name: str | None = None
        self.failed_filter: str | None = None
        # How many expressions have been printed, and the value of the last.
        self.printed = 0
        self.value: Any = None

    def charge(self, units: int) -> None:
        """Pay for work; raises LimitExceededError when there is not enough left."""
        self.left -= units
        if self.left < 0:
            raise LimitExceededError("the template does too much work (loops, calls or filters)")


class _Active(threading.local):
    budget: Budget | None = None


_active: Final = _Active()


def budget() -> Budget:
    """The budget of the rendering under way in this thread."""
    found = _active.budget
    if found is None:
        raise RuntimeError("nothing is being rendered")
    return found


@contextmanager
def spending(new: Budget) -> Iterator[Budget]:
    """Make a budget that of this thread's rendering."""
    before, _active.budget = _active.budget, new
    try:
        yield new
    finally:
        _active.budget = before


def weigh(value: Any, *, opaque: bool = False, defined: bool = False) -> int:
    """How much work it is to walk through a value once, in units; shared parts count each time.

    A unit is an element, or four characters. Raises LimitExceededError for a value that is too big.
    What is no value (a macro, a namespace) raises TemplateRuntimeError, unless ``opaque`` parts are
    allowed; what is undefined complains if the value has to be ``defined`` in all its parts.
    """
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise LimitExceededError(f"a string is longer than {LONGEST_TEXT:,} characters")
        return 1 + (len(value) >> 2)
    total = 0
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            total += 1 + (len(item) >> 2)
        elif isinstance(item, (list, tuple)):
            total += 1 + len(item)
            if total <= HEAVIEST_VALUE:
                waiting.extend(item)
        elif isinstance(item, dict):
            total += 1 + 2 * len(item)
            if total <= HEAVIEST_VALUE:
                waiting.extend(item)
                waiting.extend(item.values())
        elif isinstance(item, range):
            total += 1 + len(item)
        elif isinstance(item, int):
            if item.bit_length() > LONGEST_INTEGER:
                raise LimitExceededError(f"an integer is longer than {LONGEST_INTEGER:,} bits")
            total += 1
        elif defined and isinstance(item, Undefined):
            str(item)
        elif isinstance(item, _SCALARS) or opaque:
            total += 1
        else:
            raise TemplateRuntimeError(f"a {type(item).__name__} is no value")
        if total > HEAVIEST_VALUE:
            raise LimitExceededError(f"a value has more than {HEAVIEST_VALUE:,} parts")
    return total


def pay_for(value: Any, *, opaque: bool = False) -> None:
    """Charge the budget with a value's weight."""
    budget().charge(weigh(value, opaque=opaque))


def check_length(length: int) -> None:
    """Refuse a string before it is made; ``length`` in characters, or an upper bound of it."""
    if length > LONGEST_TEXT:
        raise LimitExceededError(f"a string is longer than {LONGEST_TEXT:,} characters")
    budget().charge(length >> 2)


def check_width(width: Any, limit: int = LONGEST_TEXT) -> None:
    """Refuse a number of characters to pad to, or of parts to make."""
    if isinstance(width, int) and width > limit:
        raise LimitExceededError(f"{width:,} is too wide")


def check_field(spec: str) -> None:
    """Refuse a format specification with a wide field or a long fraction."""
    for number in _NUMBERS_IN_SPEC.findall(spec):
        if len(number) > 9 or int(number) > WIDEST_FIELD:
            raise LimitExceededError(f"a format pads to more than {WIDEST_FIELD:,} characters")
