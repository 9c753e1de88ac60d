"""Which calls the deployment status of a resource blocks, whatever kind it is of.

Rules: section 3.3 of docs/behaviour.md. What the statuses of others block is with the resource.
"""

from __future__ import annotations

from typing import Any

from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.exceptions import ConflictError


def check_idle(resource: Deployable[Any], name: str) -> None:
    """Refuse a call that needs a resource without a busy status."""
    if resource.busy:
        raise ConflictError(f"The {name} is busy: its status is {resource.deployment_status.value}")


def check_cancellable(resource: Deployable[Any], name: str) -> None:
    """Refuse a cancellation unless a deployment of an update operation is in progress.

    Rules 3.3-17 and 6.6-39.
    """
    if resource.deployment_status is not DeploymentStatus.IN_PROGRESS:
        raise ConflictError(
            f"The {name} has no deployment in progress to cancel: its status is "
            f"{resource.deployment_status.value}"
        )
    if resource.deployment is None or not resource.deployment.cancellable:
        raise ConflictError(f"The deployment of the {name} is no update and can't be cancelled")
