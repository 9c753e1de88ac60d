"""Handlers of what reports on deployments."""

from __future__ import annotations

from moto_proton.proton.models.notifications import notify
from moto_proton.proton.responses.call import Call, Result


def notify_resource_deployment_status_change(call: Call) -> Result:
    """NotifyResourceDeploymentStatusChange."""
    notify(call.store, call.request)
    return {}
