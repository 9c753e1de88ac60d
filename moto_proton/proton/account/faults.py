"""The book of faults: what a test injected, and which event uses it up.

The functions for tests are in ``moto_proton.faults``; here faults are checked, stored, found by
resource, and counted down.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from moto_proton import api
from moto_proton.forking import ForkSafeLock
from moto_proton.proton.account.fault_patterns import kinds, read_pattern
from moto_proton.proton.exceptions import ERRORS_BY_CODE, ProtonError
from moto_proton.spelling import hint

_DELETED_AT_ONCE: Final = ("environment-template", "service-template")
_DEFAULT_MESSAGES: Final = {
    "AccessDeniedException": "User is not authorized to perform this operation.",
    "ConflictException": "The request conflicts with the state of the resource.",
    "InternalServerException": "The request failed because of an internal error.",
    "ResourceNotFoundException": "The requested resource does not exist.",
    "ServiceQuotaExceededException": "A quota was exceeded.",
    "ThrottlingException": "Rate exceeded",
    "ValidationException": "The request is not valid.",
}


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
        """Add a fault; raises ``ValueError`` for one that could never come to pass."""
        fault = checked(fault)
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


def checked(fault: Fault | InjectedError) -> Fault | InjectedError:
    """The fault as the book takes it, whoever sends it.

    Raises ``ValueError``, which says what is wrong, for one that could never come to pass.
    """
    if isinstance(fault, InjectedError):
        _check_error(fault.operation, fault.error.code)
        _check_message(fault.error.message)
        _check_times(fault.remaining)
        return fault
    _check_message(fault.message)
    _check_times(fault.remaining)
    if not isinstance(fault.cleanup, bool):
        raise ValueError(f"cleanup must be True or False; got {fault.cleanup!r}")
    if fault.kind is FaultKind.CLEANUP:
        pattern = _parts_of_services(fault.pattern, "fail_cleanup")
    elif fault.cleanup:
        pattern = _parts_of_services(fault.pattern, "cleanup=True")
    else:
        pattern = read_pattern(fault.pattern)
    if fault.cleanup and fault.kind is not FaultKind.DEPLOYMENT:
        raise ValueError(f"cleanup is for a deployment that fails, not for a {fault.kind.value}")
    if fault.kind is FaultKind.DELETION and set(kinds(pattern)) <= set(_DELETED_AT_ONCE):
        raise ValueError(
            f"{pattern!r} is a template version, which is deleted at once or not at all; "
            "raise_error('DeleteServiceTemplateVersion', ...) refuses the call"
        )
    return replace(fault, pattern=pattern)


def injected_error(operation: str, code: str, message: str | None, times: int) -> InjectedError:
    """An error for the next calls of an operation; ``message`` None is the usual one of its code.

    Raises ``ValueError`` for an operation, or a code of it, that there is not.
    """
    _check_error(operation, code)
    error = ERRORS_BY_CODE[code](_DEFAULT_MESSAGES[code] if message is None else message)
    return InjectedError(operation, error, times)


def _check_error(operation: str, code: str) -> None:
    operations = api.operation_names()
    if not isinstance(operation, str) or operation not in operations:
        raise ValueError(f"Proton has no operation {operation!r}{hint(operation, operations)}")
    codes = api.error_codes(operation)
    if not isinstance(code, str) or code not in codes:
        raise ValueError(
            f"{operation} never raises {code!r}; its exceptions are {', '.join(sorted(codes))}"
        )


def _check_message(message: str) -> None:
    if not isinstance(message, str):
        raise ValueError(f"a message is a string, not {message!r}")


def _parts_of_services(resource: str, what: str) -> str:
    """A pattern for what is cleaned up after a failure: nothing but the parts of services."""
    pattern = read_pattern(resource)
    if "service" not in kinds(pattern):
        raise ValueError(
            f"{resource!r} is never cleaned up; {what} takes the parts of a service, such as "
            "'service/NAME/service-instance/NAME' or 'service/NAME/pipeline/*'"
        )
    return pattern


def _check_times(times: int) -> None:
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise ValueError(f"times must be a whole number, one or more; got {times!r}")
