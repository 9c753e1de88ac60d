"""Faults that a test injects: deployments and deletions that fail, calls that are refused.

Faults belong to the mock: they are cleared when it ends, and can't be injected without one. The
three ``fail_*`` functions take a shell-style pattern on the resource part of an ARN::

    service/checkout/service-instance/prod
    service/*/pipeline/*
    environment/dev
    component/cache
    service-template/web:1.0

A fault is used up after ``times`` events. If several match, the one that was added first is used.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
import sys
from typing import Final

from moto_proton import api
from moto_proton.proton.account.faults import Fault, FaultKind, InjectedError, book
from moto_proton.proton.exceptions import ERRORS_BY_CODE

__all__ = ["clear", "fail_cleanup", "fail_deletion", "fail_deployment", "raise_error"]

_RESOURCE_KINDS: Final = (
    "component",
    "environment",
    "environment-template",
    "service",
    "service-template",
)
_DELETED_AT_ONCE: Final = ("environment-template", "service-template")
_PLAIN_SERVICE: Final = re.compile(r"service/[^/*?\[]+")
_DEFAULT_MESSAGES: Final = {
    "AccessDeniedException": "User is not authorized to perform this operation.",
    "ConflictException": "The request conflicts with the state of the resource.",
    "InternalServerException": "The request failed because of an internal error.",
    "ResourceNotFoundException": "The requested resource does not exist.",
    "ServiceQuotaExceededException": "A quota was exceeded.",
    "ThrottlingException": "Rate exceeded",
    "ValidationException": "The request is not valid.",
}


def fail_deployment(
    resource: str,
    *,
    message: str = "The deployment failed.",
    times: int = 1,
    cleanup: bool = False,
) -> None:
    """Let the next ``times`` deployments of matching resources fail with that status message.

    A template version that matches ends in REGISTRATION_FAILED; a cancellation that is under way
    ends in FAILED. With ``cleanup``, a service whose creation fails this way deletes what it
    created (CREATE_FAILED_CLEANUP_*) instead of staying in CREATE_FAILED with its instances.
    """
    pattern = _parts_of_services(resource, "cleanup=True") if cleanup else _pattern(resource)
    _add(Fault(FaultKind.DEPLOYMENT, pattern, message, _times(times), cleanup))


def fail_deletion(resource: str, *, message: str = "The deletion failed.", times: int = 1) -> None:
    """Let the next ``times`` deletions of matching resources end in DELETE_FAILED.

    That covers the delete operations and the instances that ``update_service`` removes.
    """
    pattern = _pattern(resource)
    if set(_kinds(pattern)) <= set(_DELETED_AT_ONCE):
        raise ValueError(
            f"{resource!r} is a template version, which is deleted at once or not at all; "
            "raise_error('DeleteServiceTemplateVersion', ...) refuses the call"
        )
    _add(Fault(FaultKind.DELETION, pattern, message, _times(times)))


def fail_cleanup(resource: str, *, message: str = "The cleanup failed.", times: int = 1) -> None:
    """Let the next ``times`` cleanups of matching resources end in DELETE_FAILED.

    A cleanup deletes what a failed creation or a failed ``update_service`` had created.
    """
    pattern = _parts_of_services(resource, "fail_cleanup")
    _add(Fault(FaultKind.CLEANUP, pattern, message, _times(times)))


def raise_error(operation: str, code: str, *, message: str | None = None, times: int = 1) -> None:
    """Answer the next ``times`` calls of an operation with an error, whatever their parameters.

    ``operation`` is a name of the service model (``UpdateService``), ``code`` an exception in that
    operation's own list (``ThrottlingException``). Raises ``ValueError`` for any other. SDKs retry
    ThrottlingException and InternalServerException on their own, and each try uses one up.
    """
    operations = api.operation_names()
    if operation not in operations:
        raise ValueError(f"Proton has no operation {operation!r}{_hint(operation, operations)}")
    codes = api.error_codes(operation)
    if code not in codes:
        raise ValueError(
            f"{operation} never raises {code!r}; its exceptions are {', '.join(sorted(codes))}"
        )
    error = ERRORS_BY_CODE[code](_DEFAULT_MESSAGES[code] if message is None else message)
    _add(InjectedError(operation, error, _times(times)))


def clear() -> None:
    """Remove every fault that was injected and not used up."""
    book.clear()
    _tell_server(None)


def _add(fault: Fault | InjectedError) -> None:
    if _tell_server(fault):
        return
    from moto_proton import bridge

    if not bridge.mock_is_active():
        raise RuntimeError("no mock is active to inject a fault into; start mock_proton first")
    # When a mock ends, moto resets the backends that exist; resetting ours clears the faults.
    bridge.touch_backend()
    book.add(fault)


def _tell_server(fault: Fault | InjectedError | None) -> bool:
    """In moto's server mode, send the fault to the server, where the backend is."""
    if "moto" not in sys.modules:
        return False
    from moto_proton import bridge

    if not bridge.is_server_mode() or not bridge.mock_is_active():
        return False
    from moto_proton.fault_route import send

    send(bridge.server_endpoint(), fault)
    return True


def _pattern(resource: str) -> str:
    if not isinstance(resource, str):
        raise ValueError(f"a resource is a string, not {resource!r}")
    if resource.startswith("arn:"):
        raise ValueError(
            f"{resource!r} is an ARN; a fault takes its resource part, such as 'environment/dev'"
        )
    if not _kinds(resource) or ("/" not in resource and "*" not in resource):
        raise ValueError(
            f"{resource!r} fits no resource; a pattern starts with one of "
            + ", ".join(f"{kind}/" for kind in _RESOURCE_KINDS)
        )
    if _PLAIN_SERVICE.fullmatch(resource):
        raise ValueError(
            f"{resource!r} is a service, and no service is deployed by itself; a fault takes its "
            f"parts: '{resource}/service-instance/NAME', '{resource}/pipeline/*'"
        )
    # A service has at most one pipeline, and its id is not known before it is created.
    return f"{resource}/*" if resource.endswith("/pipeline") else resource


def _kinds(pattern: str) -> list[str]:
    """The kinds of resources that a pattern may fit."""
    kind = pattern.partition("/")[0]
    return [known for known in _RESOURCE_KINDS if fnmatch.fnmatchcase(known, kind)]


def _parts_of_services(resource: str, what: str) -> str:
    """A pattern for what is cleaned up after a failure: nothing but the parts of services."""
    pattern = _pattern(resource)
    if "service" not in _kinds(pattern):
        raise ValueError(
            f"{resource!r} is never cleaned up; {what} takes the parts of a service, such as "
            "'service/NAME/service-instance/NAME' or 'service/NAME/pipeline/*'"
        )
    return pattern


def _times(times: int) -> int:
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise ValueError(f"times must be a whole number, one or more; got {times!r}")
    return times


def _hint(name: str, known: frozenset[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
