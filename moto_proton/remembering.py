"""Caches with a limit on the total weight of their values.

They are for results computed from texts, which may be long: ``functools.lru_cache`` limits only the
number of results, so long texts could fill the memory of a process that runs many mocks. Knows
nothing of Proton.

Internal: no part of the public API.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Generic, NamedTuple, ParamSpec, TypeVar

from moto_proton.forking import ForkSafeLock

P = ParamSpec("P")
Value = TypeVar("Value")
Answer = TypeVar("Answer")


class CacheInfo(NamedTuple):
    """The state of a cache: its limit, and how many values it holds."""

    maxsize: int
    currsize: int


class Memory(Generic[Value]):
    """The most recently used values by key; their total weight is at most ``most``."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = ForkSafeLock()

    def get(self, key: Hashable) -> Value | None:
        """The value of a key, None if it is forgotten."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, value: Value, weight: int) -> None:
        """Remember a value, unless it alone weighs too much; forget the oldest for it."""
        if weight > self._most:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = (value, weight)
            self._left -= weight
            while self._left < 0:
                _, (_, freed) = self._kept.popitem(last=False)
                self._left += freed

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._left = self._most

    def info(self) -> CacheInfo:
        """In the terms of ``functools.lru_cache``."""
        return CacheInfo(self._most, len(self._kept))


class Remembering(Generic[P, Answer]):
    """A function that remembers its answers; it takes positional arguments alone."""

    def __init__(self, function: Callable[P, Answer], weight: Callable[P, int], most: int) -> None:
        update_wrapper(self, function)
        self._function, self._weight = function, weight
        self._memory: Memory[tuple[Answer]] = Memory(most)
        self.cache_info = self._memory.info
        self.cache_clear = self._memory.clear

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Answer:
        """The function's answer; what it raises is not remembered."""
        found = self._memory.get(args)
        if found is None:
            found = (self._function(*args, **kwargs),)
            self._memory.keep(args, found, self._weight(*args, **kwargs))
        return found[0]


def remembering(
    weight: Callable[P, int], most: int
) -> Callable[[Callable[P, Answer]], Remembering[P, Answer]]:
    """Make a function remember its answers, each weighed by the arguments that it was for."""
    return lambda function: Remembering(function, weight, most)
