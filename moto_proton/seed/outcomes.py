"""What became of what a seed has made: a failure says which deployments failed, and why."""

from __future__ import annotations

from typing import Any


class DeploymentFailedError(RuntimeError):
    """What a seed made has failed; the message has those of the deployments.

    The resource is there, as Proton leaves it behind.
    """


def check_deployed(what: str, described: dict[str, Any]) -> None:
    """Raise :class:`DeploymentFailedError` if a deployment has failed."""
    if described["deploymentStatus"] == "FAILED":
        raise DeploymentFailedError(
            f"{what} failed to deploy: {described.get('deploymentStatusMessage', '')}"
        )


def check_created(client: Any, service: dict[str, Any]) -> None:
    """Raise :class:`DeploymentFailedError` if a service was not created, with its parts."""
    if not service["status"].startswith("CREATE_FAILED"):
        return
    pages = client.get_paginator("list_service_instances").paginate(serviceName=service["name"])
    parts = {
        f"instance {each['name']}": each for page in pages for each in page["serviceInstances"]
    }
    if "pipeline" in service:
        parts["pipeline"] = service["pipeline"]
    failed = [
        f"{name}: {each['deploymentStatusMessage']}"
        for name, each in parts.items()
        if each["deploymentStatus"].endswith("FAILED") and "deploymentStatusMessage" in each
    ]
    raise DeploymentFailedError(
        f"service {service['name']} ended in {service['status']}: "
        + "; ".join([service.get("statusMessage", ""), *failed])
    )
