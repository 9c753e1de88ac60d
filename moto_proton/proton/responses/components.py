"""Handlers of the component operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result


def create_component(call: Call) -> Result:
    """CreateComponent."""
    return {"component": call.store.components.create(call.request)}


def get_component(call: Call) -> Result:
    """GetComponent."""
    name = call.request["name"]
    return {"component": call.show(lambda: call.store.components.get(name))}


def list_components(call: Call) -> Result:
    """ListComponents."""
    return call.show_page("components", lambda page: call.store.components.page(page, call.request))


def update_component(call: Call) -> Result:
    """UpdateComponent."""
    return {"component": call.store.components.update(call.request)}


def cancel_component_deployment(call: Call) -> Result:
    """CancelComponentDeployment."""
    return {"component": call.store.components.cancel(call.request["component_name"])}


def delete_component(call: Call) -> Result:
    """DeleteComponent."""
    return {"component": call.store.components.delete(call.request["name"])}
