"""Limits on how large the values in a template may get, and on how much work it may do.

They keep a rendering in the caller's own process to a few seconds and some hundred megabytes. The
limits that no template can get around are those of the child process in
:mod:`moto_proton.workplace`. All numbers are choices, far above what real CloudFormation templates,
which may have at most 1 MB (CloudFormation's quota), were found to need.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from jinja2 import Undefined
from jinja2.exceptions import TemplateRuntimeError

LONGEST_OUTPUT: Final = 1_000_000  # characters of a rendered file
LONGEST_TEXT: Final = 262_144  # characters of one string in an expression
LONGEST_INTEGER: Final = 4_096  # bits
LARGEST_COUNT: Final = 10_000  # a number used as a count: of padding, digits, pieces
HEAVIEST_VALUE: Final = 200_000  # weight of one value: see weigh()
# Weight of a value times that of the other arguments: how much a function may produce or try.
LARGEST_PRODUCT: Final = 2_000_000
MOST_WORK: Final = 2_000_000  # weight of all that one rendering goes through
MOST_SECONDS: Final = 2.0  # of processor time, checked between two operations

_SCALARS: Final = (bool, float, type(None), Undefined)


class LimitExceededError(Exception):
    """A template that asks for more than a limit of this module allows."""


class Budget:
    """What one rendering may still spend, and what is recorded to locate its error."""

    def __init__(self, namespace: dict[str, Any], shared: Budget | None = None) -> None:
        """Start with the full budget, or share the remaining one of ``shared``."""
        self.left: int = shared.left if shared else MOST_WORK
        self._end: float = shared._end if shared else time.thread_time() + MOST_SECONDS
        self.namespace = namespace
        self.undefined_name: str | None = None
        self.failed_filter: str | None = None
        # Called for each undefined name when rendering continues after them (a survey).
        self.tell: Callable[[str], None] | None = None
        # How many expressions have been printed, and the value of the last.
        self.printed = 0
        self.value: Any = None

    def charge(self, weight: int) -> None:
        """Spend this weight; raises LimitExceededError if more than what is left."""
        self.left -= weight
        if self.left < 0 or time.thread_time() > self._end:
            raise LimitExceededError("the template does too much work (loops, calls or filters)")


class _Active(threading.local):
    budget: Budget


_active: Final = _Active()


def budget() -> Budget:
    """The budget of the rendering under way in this thread."""
    return _active.budget


@contextmanager
def spending(new: Budget) -> Iterator[None]:
    """Use this budget for the rendering in this thread while the block runs."""
    _active.budget = new
    try:
        yield
    finally:
        del _active.budget


def weigh(value: Any, *, opaque: bool = False, defined: bool = False) -> int:
    """The weight of a value: one for each element and for each four characters.

    What the value holds several times counts each time. Raises LimitExceededError for a value that
    is too big, and TemplateRuntimeError for a part that is not plain data (a macro, a namespace),
    unless ``opaque`` parts are allowed. With ``defined``, an undefined part raises its error.
    """
    total = 0
    waiting = [value]
    while waiting:
        item = waiting.pop()
        total += 1
        if isinstance(item, str):
            check_length(len(item))
            total += len(item) >> 2
        elif isinstance(item, (list, tuple, dict, range)):
            total += len(item)
            if total <= HEAVIEST_VALUE and not isinstance(item, range):
                waiting += item
                waiting += item.values() if isinstance(item, dict) else ()
        elif isinstance(item, int):
            if item.bit_length() > LONGEST_INTEGER:
                raise LimitExceededError(f"an integer is longer than {LONGEST_INTEGER:,} bits")
            total += item.bit_length() >> 4
        elif defined and isinstance(item, Undefined):
            str(item)
        elif not (opaque or isinstance(item, _SCALARS)):
            raise TemplateRuntimeError(f"a {type(item).__name__} is no value")
        if total > HEAVIEST_VALUE:
            raise LimitExceededError(f"a value has more than {HEAVIEST_VALUE:,} parts")
    return total


def pay_for(value: Any, *, opaque: bool = True, defined: bool = False) -> None:
    """Charge the budget with a value's weight."""
    budget().charge(weigh(value, opaque=opaque, defined=defined))


def check_length(length: int) -> None:
    """Refuse a string that has, or may have, this many characters if that is too long."""
    if length > LONGEST_TEXT:
        raise LimitExceededError(f"a string is longer than {LONGEST_TEXT:,} characters")
