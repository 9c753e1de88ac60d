"""The status of deployments and of the resources that are deployed.

Rules: section 3.1 of docs/behaviour.md.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


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
