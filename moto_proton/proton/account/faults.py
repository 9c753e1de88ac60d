"""The book of faults: what a test injected, and which event uses it up.

The functions for tests, with their checks, are in ``moto_proton.faults``; here faults are stored,
found by resource, and counted down.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from enum import Enum
from typing import Final

from moto_proton.forking import ForkSafeLock
from moto_proton.proton.exceptions import ProtonError


class FaultKind(str, Enum):
    """The kind of event that fails."""

    DEPLOYMENT = "deployment"
    DELETION = "deletion"
    CLEANUP = "cleanup"


@dataclass(slots=True)
class Fault:
    """A failure for the next events of a kind; ``remaining`` says for how many of them."""

    kind: FaultKind
    pattern: str
    message: str
    remaining: int
    cleanup: bool = False


@dataclass(slots=True)
class InjectedError:
    """An error for the next calls of an operation."""

    operation: str
    error: ProtonError
    remaining: int


class FaultBook:
    """The faults in force. Thread-safe; each event takes at most one fault."""

    def __init__(self) -> None:
        self._lock = ForkSafeLock()
        self._faults: list[Fault] = []
        self._errors: list[InjectedError] = []

    def add(self, fault: Fault | InjectedError) -> None:
        """Add a fault."""
        with self._lock:
            if isinstance(fault, Fault):
                self._faults.append(fault)
            else:
                self._errors.append(fault)

    def clear(self) -> None:
        """Remove every fault."""
        with self._lock:
            self._faults.clear()
            self._errors.clear()

    def take(self, kind: FaultKind, resource: str) -> Fault | None:
        """Use up one event of the first fault of that kind whose pattern fits the resource."""
        if not self._faults:
            return None
        with self._lock:
            fault = self._find(kind, resource)
            if fault is not None:
                fault.remaining -= 1
                if fault.remaining == 0:
                    self._faults.remove(fault)
            return fault

    def waits(self, kind: FaultKind, resource: str) -> bool:
        """Whether there is a fault of that kind for the resource; does not use it up."""
        if not self._faults:
            return False
        with self._lock:
            return self._find(kind, resource) is not None

    def take_error(self, operation: str) -> ProtonError | None:
        """Use up one call of the first error injected into that operation."""
        if not self._errors:
            return None
        with self._lock:
            for injected in self._errors:
                if injected.operation == operation:
                    injected.remaining -= 1
                    if injected.remaining == 0:
                        self._errors.remove(injected)
                    return injected.error
        return None

    def _find(self, kind: FaultKind, resource: str) -> Fault | None:
        for fault in self._faults:
            if fault.kind is kind and fnmatch.fnmatchcase(resource, fault.pattern):
                return fault
        return None


book: Final = FaultBook()
"""The one book of this process, read by every account and region of the mock."""
