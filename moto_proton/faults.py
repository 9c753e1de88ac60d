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

import sys

from moto_proton.proton.account.faults import (
    Fault,
    FaultKind,
    InjectedError,
    book,
    checked,
    injected_error,
)

__all__ = ["clear", "fail_cleanup", "fail_deletion", "fail_deployment", "raise_error"]


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
    _add(Fault(FaultKind.DEPLOYMENT, resource, message, times, cleanup))


def fail_deletion(resource: str, *, message: str = "The deletion failed.", times: int = 1) -> None:
    """Let the next ``times`` deletions of matching resources end in DELETE_FAILED.

    That covers the delete operations and the instances that ``update_service`` removes.
    """
    _add(Fault(FaultKind.DELETION, resource, message, times))


def fail_cleanup(resource: str, *, message: str = "The cleanup failed.", times: int = 1) -> None:
    """Let the next ``times`` cleanups of matching resources end in DELETE_FAILED.

    A cleanup deletes what a failed creation or a failed ``update_service`` had created.
    """
    _add(Fault(FaultKind.CLEANUP, resource, message, times))


def raise_error(operation: str, code: str, *, message: str | None = None, times: int = 1) -> None:
    """Answer the next ``times`` calls of an operation with an error, whatever their parameters.

    ``operation`` is a name of the service model (``UpdateService``), ``code`` an exception in that
    operation's own list (``ThrottlingException``). Raises ``ValueError`` for any other. SDKs retry
    ThrottlingException and InternalServerException on their own, and each try uses one up.
    """
    _add(injected_error(operation, code, message, times))


def clear() -> None:
    """Remove every fault that was injected and not used up."""
    book.clear()
    _tell_server(None)


def _add(fault: Fault | InjectedError) -> None:
    fault = checked(fault)
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
