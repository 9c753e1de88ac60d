"""The status of a service, and what each status blocks.

Instances and pipelines have that of their deployment: ``deployments.status``.

Rules: sections 3.2 and 3.3 of docs/behaviour.md.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from moto_proton.proton.account.status_machine import StatusMachine


class ServiceStatus(str, Enum):
    """The values of a service's ``status`` (service model) (Rule 3.2-1)."""

    CREATE_IN_PROGRESS = "CREATE_IN_PROGRESS"
    CREATE_FAILED_CLEANUP_IN_PROGRESS = "CREATE_FAILED_CLEANUP_IN_PROGRESS"
    CREATE_FAILED_CLEANUP_COMPLETE = "CREATE_FAILED_CLEANUP_COMPLETE"
    CREATE_FAILED_CLEANUP_FAILED = "CREATE_FAILED_CLEANUP_FAILED"
    CREATE_FAILED = "CREATE_FAILED"
    ACTIVE = "ACTIVE"
    DELETE_IN_PROGRESS = "DELETE_IN_PROGRESS"
    DELETE_FAILED = "DELETE_FAILED"
    UPDATE_IN_PROGRESS = "UPDATE_IN_PROGRESS"
    UPDATE_FAILED_CLEANUP_IN_PROGRESS = "UPDATE_FAILED_CLEANUP_IN_PROGRESS"
    UPDATE_FAILED_CLEANUP_COMPLETE = "UPDATE_FAILED_CLEANUP_COMPLETE"
    UPDATE_FAILED_CLEANUP_FAILED = "UPDATE_FAILED_CLEANUP_FAILED"
    UPDATE_FAILED = "UPDATE_FAILED"
    UPDATE_COMPLETE_CLEANUP_FAILED = "UPDATE_COMPLETE_CLEANUP_FAILED"


BUSY: Final = frozenset(status for status in ServiceStatus if status.value.endswith("IN_PROGRESS"))
"""A workflow is in progress: every call on the service itself is refused."""

CREATING: Final = frozenset(
    {ServiceStatus.CREATE_IN_PROGRESS, ServiceStatus.CREATE_FAILED_CLEANUP_IN_PROGRESS}
)
"""The instances and the pipeline are part of the creation: calls on them are refused, too."""

ONLY_DELETABLE: Final = frozenset(
    {
        ServiceStatus.CREATE_FAILED,
        ServiceStatus.CREATE_FAILED_CLEANUP_COMPLETE,
        ServiceStatus.CREATE_FAILED_CLEANUP_FAILED,
        ServiceStatus.DELETE_FAILED,
    }
)
"""Instances can't be added or removed any more; only DeleteService is possible (Rule 3.3-5)."""


_EDITABLE: Final = frozenset({ServiceStatus.UPDATE_IN_PROGRESS, ServiceStatus.DELETE_IN_PROGRESS})
_DELETABLE: Final = frozenset({ServiceStatus.DELETE_IN_PROGRESS})

SERVICE: Final = StatusMachine(
    start=ServiceStatus.CREATE_IN_PROGRESS,
    follows={
        ServiceStatus.CREATE_IN_PROGRESS: frozenset(
            {
                ServiceStatus.ACTIVE,
                ServiceStatus.CREATE_FAILED,
                ServiceStatus.CREATE_FAILED_CLEANUP_IN_PROGRESS,
            }
        ),
        ServiceStatus.CREATE_FAILED_CLEANUP_IN_PROGRESS: frozenset(
            {
                ServiceStatus.CREATE_FAILED_CLEANUP_COMPLETE,
                ServiceStatus.CREATE_FAILED_CLEANUP_FAILED,
            }
        ),
        ServiceStatus.CREATE_FAILED: _DELETABLE,
        ServiceStatus.CREATE_FAILED_CLEANUP_COMPLETE: _DELETABLE,
        ServiceStatus.CREATE_FAILED_CLEANUP_FAILED: _DELETABLE,
        ServiceStatus.ACTIVE: _EDITABLE,
        ServiceStatus.UPDATE_IN_PROGRESS: frozenset(
            {
                ServiceStatus.ACTIVE,
                ServiceStatus.UPDATE_FAILED,
                ServiceStatus.UPDATE_COMPLETE_CLEANUP_FAILED,
                ServiceStatus.UPDATE_FAILED_CLEANUP_IN_PROGRESS,
            }
        ),
        ServiceStatus.UPDATE_FAILED_CLEANUP_IN_PROGRESS: frozenset(
            {
                ServiceStatus.UPDATE_FAILED_CLEANUP_COMPLETE,
                ServiceStatus.UPDATE_FAILED_CLEANUP_FAILED,
            }
        ),
        ServiceStatus.UPDATE_FAILED: _EDITABLE,
        ServiceStatus.UPDATE_FAILED_CLEANUP_COMPLETE: _EDITABLE,
        ServiceStatus.UPDATE_FAILED_CLEANUP_FAILED: _EDITABLE,
        ServiceStatus.UPDATE_COMPLETE_CLEANUP_FAILED: _EDITABLE,
        ServiceStatus.DELETE_IN_PROGRESS: frozenset({ServiceStatus.DELETE_FAILED}),
        ServiceStatus.DELETE_FAILED: _DELETABLE,
    },
    leaving=frozenset({ServiceStatus.DELETE_IN_PROGRESS}),
)
"""The statuses of services."""
