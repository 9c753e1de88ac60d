"""What a status machine is: a table that says which status may follow which.

The tables stand beside the statuses that they are of (``deployments.status``, ``services.status``,
``templates.status``, ``connections.connection``). Code that sets a status goes by its table, and so
do the tests. Staying in a status is no step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

Status = TypeVar("Status", bound=Enum)


class IllegalStepError(AssertionError):
    """A status was to follow one that it can't follow: a defect here, and no fault of a caller."""


@dataclass(frozen=True, slots=True)
class StatusMachine(Generic[Status]):
    """The statuses of a kind of resource.

    ``start`` is the status that each begins in, ``follows`` names for every status those that may
    follow it directly, ``final`` are the statuses that nothing follows. A resource may also be gone
    after one of ``leaving``, without another status.
    """

    start: Status
    follows: Mapping[Status, frozenset[Status]]
    final: frozenset[Status] = frozenset()
    leaving: frozenset[Status] = frozenset()

    def allows(self, before: Status, after: Status) -> bool:
        """Whether ``after`` may follow ``before``, or is the same."""
        return after is before or after in self.follows[before]

    def step(self, before: Status, after: Status) -> Status:
        """``after``, if it may follow; raises :class:`IllegalStepError`."""
        if not self.allows(before, after):
            raise IllegalStepError(f"{after.value} can't follow {before.value}")
        return after
