"""Decides when a busy status ends, by the transitions set in moto's state manager.

A resource whose status ends by itself has a :class:`Progress`. The :class:`Progression` of an
account and region holds these resources and advances them, at the start of every request and
whenever a call shows one. The rules are moto's: ``immediate`` ends at once (the call that started
it still shows the busy status), ``manual`` after a number of calls that show the resource, ``time``
after a number of seconds. With ``time``, a step starts when the one before it ended, not when
somebody looked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from moto_proton.proton.account.faults import Fault, FaultBook, FaultKind


@dataclass(slots=True)
class Progress:
    """A busy status: the model of the state manager that decides its end, and when it started."""

    model_name: str
    since: datetime
    times_shown: int = 0

    def shown(self) -> None:
        """Count a call that shows the resource; used by ``manual`` progression only."""
        self.times_shown += 1


class Moving(Protocol):
    """Something whose status ends by itself."""

    @property
    def resource(self) -> str:
        """The resource part of the ARN."""

    @property
    def moving(self) -> bool:
        """Whether its status has still to end."""

    def advance(self, progression: Progression) -> bool:
        """End the status if its time has come; returns False if it has not."""


class Progression:
    """The busy resources of one account and region, and what decides when they are done.

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
        self._busy: dict[str, Moving] = {}
        self._settling = False

    @property
    def now(self) -> datetime:
        """The time of the request."""
        return self._clock()

    @property
    def settling(self) -> bool:
        """Whether things are moving on at this moment."""
        return self._settling

    def watch(self, item: Moving) -> None:
        """Advance this resource from now on, until it is idle."""
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
        """The injected fault for this event, if any; this uses it up."""
        return self._faults.take(kind, resource)

    def fault_waits(self, kind: FaultKind, resource: str) -> bool:
        """Whether there is an injected fault for that event; does not use it up."""
        return self._faults.waits(kind, resource)

    def settle(self) -> bool:
        """End every status whose time has come, repeatedly; returns whether any has ended.

        Does nothing while it is already running: a provisioner may call Proton itself.
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
                while item.moving and item.advance(self):
                    moved = True
                if not item.moving and self._busy.get(key) is item:
                    del self._busy[key]
            if not moved:
                break
            moved_before = True
        return moved_before
