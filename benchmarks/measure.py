"""Times things against each other in interleaved rounds, and keeps what came out as a row.

A round times every candidate once, one after the other, so that whatever slows the machine for a
while slows all of them. What is counted is processor time: nothing here waits for anything, and so
other processes do not count. Numbers are medians over the rounds; a ratio is the median of the
ratios of the single rounds, its spread their middle half. The other modules decide what is timed,
and against what.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, Final

Action = Callable[[], object]

_WARM_UP_ROUNDS: Final = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: ``seconds`` that ours took, ``base_seconds`` the other, and their ``ratio``.

    ``low`` and ``high`` bound the middle half of the rounds' ratios. ``bar`` is the ratio that may
    not be passed, None where nothing was promised.
    """

    section: str
    name: str
    against: str
    seconds: float
    base_seconds: float
    ratio: float
    low: float
    high: float
    bar: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without one."""
        return None if self.bar is None else self.ratio <= self.bar

    def as_json(self) -> dict[str, Any]:
        """The row as JSON values; times in seconds."""
        return {
            "section": self.section,
            "name": self.name,
            "against": self.against,
            "seconds": self.seconds,
            "base_seconds": self.base_seconds,
            "ratio": self.ratio,
            "ratio_low": self.low,
            "ratio_high": self.high,
            "bar": self.bar,
            "met": self.met,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to time: ``act`` is timed, ``before`` and ``after`` are not.

    ``clock`` answers with the seconds that have been used up.
    """

    act: Action
    before: Action | None = None
    after: Action | None = None
    clock: Callable[[], float] = time.process_time

    def timed(self, repeats: int) -> float:
        """Seconds that one call takes, on average over ``repeats``."""
        total = 0.0
        for _ in range(repeats):
            if self.before is not None:
                self.before()
            start = self.clock()
            self.act()
            total += self.clock() - start
            if self.after is not None:
                self.after()
        return total / repeats


def interleaved(
    candidates: Mapping[str, Candidate], *, rounds: int, repeats: int = 1, warm_up: bool = True
) -> dict[str, list[float]]:
    """Seconds per call of every candidate in every round.

    Two rounds start with the same one, of which the second goes backwards: what is timed warms
    the caches for what comes after it, or clears them.
    """
    names = list(candidates)
    times: dict[str, list[float]] = {name: [] for name in names}
    with _only_own_garbage():
        for number in range(-_WARM_UP_ROUNDS if warm_up else 0, rounds):
            shift = number // 2 % len(names)
            order = names[shift:] + names[:shift]
            for name in reversed(order) if number % 2 else order:
                seconds = candidates[name].timed(repeats)
                if number >= 0:
                    times[name].append(seconds)
    return times


@contextmanager
def _only_own_garbage() -> Iterator[None]:
    """Keep the garbage collector to what is made within, which is all that it would find.

    Otherwise it sometimes goes through all loaded modules as well. That takes forty times as long
    as what is timed, and is counted for whichever candidate runs at that moment.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def compared(
    section: str,
    name: str,
    against: str,
    ours: Sequence[float],
    base: Sequence[float],
    *,
    bar: float | None = None,
) -> Row:
    """The row for two series of rounds."""
    ratios = [mine / other for mine, other in zip(ours, base, strict=True)]
    low, middle, high = (
        quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else (ratios[0],) * 3
    )
    return Row(
        section=section,
        name=name,
        against=against,
        seconds=median(ours),
        base_seconds=median(base),
        ratio=middle,
        low=low,
        high=high,
        bar=bar,
    )
