"""The status of deployments, and of the environments, instances, pipelines and components deployed.

Rules: section 3.1 of docs/behaviour.md.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from moto_proton.proton.account.status_machine import StatusMachine


class DeploymentStatus(str, Enum):
    """The values of ``deploymentStatus`` (service model) (Rule 3.1-1)."""

    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"
    SUCCEEDED = "SUCCEEDED"
    DELETE_IN_PROGRESS = "DELETE_IN_PROGRESS"
    DELETE_FAILED = "DELETE_FAILED"
    DELETE_COMPLETE = "DELETE_COMPLETE"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"


BUSY: Final = frozenset(
    {
        DeploymentStatus.IN_PROGRESS,
        DeploymentStatus.DELETE_IN_PROGRESS,
        DeploymentStatus.CANCELLING,
    }
)
"""A deployment, a deletion or a cancellation is under way."""


_SETTLED: Final = frozenset(
    {DeploymentStatus.SUCCEEDED, DeploymentStatus.FAILED, DeploymentStatus.CANCELLED}
)
_UNDER_WAY: Final = frozenset({DeploymentStatus.IN_PROGRESS, DeploymentStatus.DELETE_IN_PROGRESS})

DEPLOYMENT: Final = StatusMachine(
    start=DeploymentStatus.IN_PROGRESS,
    follows={
        # CANCELLED from here only when an edit of the service that failed puts the pipeline back.
        DeploymentStatus.IN_PROGRESS: _SETTLED | {DeploymentStatus.CANCELLING},
        DeploymentStatus.CANCELLING: frozenset(
            {DeploymentStatus.CANCELLED, DeploymentStatus.FAILED}
        ),
        DeploymentStatus.SUCCEEDED: _UNDER_WAY,
        DeploymentStatus.FAILED: _UNDER_WAY,
        DeploymentStatus.CANCELLED: _UNDER_WAY,
        # A settled one only when an edit of the service fails before it comes to its deletions.
        DeploymentStatus.DELETE_IN_PROGRESS: _SETTLED
        | {DeploymentStatus.DELETE_FAILED, DeploymentStatus.DELETE_COMPLETE},
        DeploymentStatus.DELETE_FAILED: frozenset({DeploymentStatus.DELETE_IN_PROGRESS}),
        # Only the record of a deletion is there to show it.
        DeploymentStatus.DELETE_COMPLETE: frozenset(),
    },
    final=frozenset({DeploymentStatus.DELETE_COMPLETE}),
)
"""The statuses of environments, service instances, pipelines and components."""
