"""Handlers of the service instance operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result
from moto_proton.proton.services.instance_list import key_form, page_service_instances


def create_service_instance(call: Call) -> Result:
    """CreateServiceInstance."""
    return {"service_instance": call.store.service_instances.create(call.request)}


def get_service_instance(call: Call) -> Result:
    """GetServiceInstance."""
    service_name, name = call.request["service_name"], call.request["name"]
    instance = call.show(lambda: call.store.service_instances.get(service_name, name))
    return {"service_instance": instance}


def list_service_instances(call: Call) -> Result:
    """ListServiceInstances."""
    return call.show_page(
        "service_instances",
        lambda page: page_service_instances(
            call.store.services, call.store.service_templates, page, call.request
        ),
        key_form(call.request),
    )


def update_service_instance(call: Call) -> Result:
    """UpdateServiceInstance."""
    return {"service_instance": call.store.service_instances.update(call.request)}


def cancel_service_instance_deployment(call: Call) -> Result:
    """CancelServiceInstanceDeployment."""
    instance = call.store.service_instances.cancel(
        call.request["service_name"], call.request["service_instance_name"]
    )
    return {"service_instance": instance}
