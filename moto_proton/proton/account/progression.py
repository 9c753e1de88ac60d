"""When a busy status ends: moto's state manager decides, this room keeps the time.

A resource whose status will move on by itself counts its :class:`Progress`; the
:class:`Progression` of an account and region holds those resources and moves them on, at the start
of every request and whenever a call shows one. The rules are moto's: ``immediate`` ends at once
(the call that started it still shows the busy status), ``manual`` after a number of calls that show
the resource, ``time`` after a number of seconds. With ``time``, a step starts when the one before
it ended, not when somebody looked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from moto_proton.proton.account.faults import Fault, FaultBook, FaultKind


@dataclass(slots=True)
class Progress:
    """A busy status under way: which model of the state manager rules it, and since when."""

    model_name: str
    since: datetime
    times_shown: int = 0

    def shown(self) -> None:
        """Count a call that shows the resource; only ``manual`` progression asks."""
        self.times_shown += 1


class Busy(Protocol):
    """Something that moves on by itself."""

    @property
    def resource(self) -> str:
        """The resource part of the ARN."""

    @property
    def busy(self) -> bool:
        """Whether there is anything left to move on."""

    def advance(self, progression: Progression) -> bool:
        """Move on by one step if its time has come; False when it has not."""


class Progression:
    """The busy resources of one account and region, and who decides when they are done.

    ``transition_of`` answers with the state manager's configuration of a model name; ``clock``
    with the time of the request, UTC-aware.

    Rule 3-1.
    """

    def __init__(
        self,
        transition_of: Callable[[str], Mapping[str, Any]],
        faults: FaultBook,
        clock: Callable[[], datetime],
    ) -> None:
        self._transition_of = transition_of
        self._faults = faults
        self._clock = clock
        self._busy: dict[str, Busy] = {}
        self._settling = False

    @property
    def now(self) -> datetime:
        """The time of the request."""
        return self._clock()

    def watch(self, item: Busy) -> None:
        """Move this resource on from now, until it is idle."""
        self._busy[item.resource] = item

    def ended(self, progress: Progress) -> datetime | None:
        """When a busy status ended, or None while it goes on."""
        transition = self._transition_of(progress.model_name)
        kind = transition["progression"]
        if kind == "immediate":
            return progress.since
        if kind == "manual":
            return self.now if progress.times_shown >= transition["times"] else None
        if kind == "time":
            end = progress.since + timedelta(seconds=transition["seconds"])
            return end if end <= self.now else None
        raise ValueError(f"unknown progression {kind!r} of {progress.model_name}")

    def fault(self, kind: FaultKind, resource: str) -> Fault | None:
        """The injected fault that this event meets, used up by asking."""
        return self._faults.take(kind, resource)

    def fault_waits(self, kind: FaultKind, resource: str) -> bool:
        """Whether an injected fault waits for that event."""
        return self._faults.waits(kind, resource)

    def settle(self) -> bool:
        """Let everything whose time has come move on, as far as it goes; whether anything did.

        Nothing, when something is moving on: a provisioner may call Proton itself.
        """
        if self._settling:
            return False
        self._settling = True
        try:
            return self._settle()
        finally:
            self._settling = False

    def _settle(self) -> bool:
        moved_before = False
        while self._busy:
            moved = False
            for key, item in list(self._busy.items()):
                while item.busy and item.advance(self):
                    moved = True
                if not item.busy and self._busy.get(key) is item:
                    del self._busy[key]
            if not moved:
                break
            moved_before = True
        return moved_before
