"""Handlers of the service operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result, member_or_nothing


def create_service(call: Call) -> Result:
    """CreateService (Rules 3.7-1 and 3.7-18)."""
    return {"service": call.store.services.create(call.request)}


def get_service(call: Call) -> Result:
    """GetService (Rule 6.8-13)."""
    name = call.request["name"]
    return {"service": call.show(lambda: call.store.services.get(name))}


def list_services(call: Call) -> Result:
    """ListServices."""
    return call.show_page("services", call.store.services.page)


def update_service(call: Call) -> Result:
    """UpdateService (Rules 5.7-1 to 5.7-5).

    Rules 3.7-2 and 3.7-3.
    """
    return {"service": call.store.services.update(**call.request)}


def delete_service(call: Call) -> Result:
    """DeleteService (Rule 3.7-4)."""
    return member_or_nothing("service", call.store.services.delete(call.request["name"]))
