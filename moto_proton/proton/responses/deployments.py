"""Handlers of the deployment operations, and of the notification that ends one."""

from __future__ import annotations

from moto_proton.proton.across.notifications import notify
from moto_proton.proton.deployments.records import names_given
from moto_proton.proton.responses.call import Call, Result


def get_deployment(call: Call) -> Result:
    """GetDeployment."""
    deployment_id, names = call.request["id"], names_given(call.request)
    return {"deployment": call.show(lambda: call.store.deployments.get(deployment_id, names))}


def list_deployments(call: Call) -> Result:
    """ListDeployments."""
    names = names_given(call.request)
    return call.show_page("deployments", lambda page: call.store.deployments.page(page, names))


def delete_deployment(call: Call) -> Result:
    """DeleteDeployment."""
    return {"deployment": call.store.deployments.delete(call.request["id"])}


def notify_resource_deployment_status_change(call: Call) -> Result:
    """NotifyResourceDeploymentStatusChange."""
    store = call.store
    notify(store.account, store.resources, store.account_settings, call.request, call.caller)
    return {}
