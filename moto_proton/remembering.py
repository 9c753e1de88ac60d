"""Functions that remember their last answers, up to what these weigh together.

For functions of texts, which may be long: as many answers as ``functools.lru_cache`` keeps, of long
texts, would fill the memory of a process that runs many mocks. Knows nothing of Proton.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import _CacheInfo, update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
Answer = TypeVar("Answer")


class Remembering(Generic[P, Answer]):
    """A function that remembers the answers to its last hashable, positional arguments."""

    def __init__(
        self, function: Callable[P, Answer], weight: Callable[P, int], most: int
    ) -> None:
        """Weigh each answer by the arguments it was for; what they weigh stays below ``most``."""
        update_wrapper(self, function)
        self._function, self._weight, self._most = function, weight, most
        self._answers: OrderedDict[Any, tuple[Answer, int]] = OrderedDict()
        self._left = most
        self._lock = Lock()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Answer:
        """The function's answer; what it raises is not remembered."""
        with self._lock:
            found = self._answers.get(args)
            if found is not None:
                self._answers.move_to_end(args)
                return found[0]
        answer = self._function(*args, **kwargs)
        weight = self._weight(*args, **kwargs)
        if weight <= self._most:
            with self._lock:
                if args not in self._answers:
                    self._answers[args] = (answer, weight)
                    self._left -= weight
                while self._left < 0:
                    _, (_, freed) = self._answers.popitem(last=False)
                    self._left += freed
        return answer

    def cache_info(self) -> _CacheInfo:
        """As that of ``functools.lru_cache``: its end is ``maxsize``, though it counts weight."""
        return _CacheInfo(0, 0, self._most, len(self._answers))


def remembering(
    weight: Callable[P, int], most: int
) -> Callable[[Callable[P, Answer]], Remembering[P, Answer]]:
    """Make a function of positional arguments remember its answers. See :class:`Remembering`."""
    return lambda function: Remembering(function, weight, most)
