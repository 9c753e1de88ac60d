"""Handlers that list outputs and provisioned resources: two for each kind of resource.

These lists have no pages: everything is in one answer, and the token is always empty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto_proton.proton.across.outputs import outputs_of, provisioned_resources_of
from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.responses.call import Call, Handler, Result


def output_operations(
    noun: str, resource_of: Callable[[Call], Deployable[Any]]
) -> dict[str, Handler]:
    """The handlers by operation for one kind of resource; ``resource_of`` finds it for a call.

    Rules 6.0.4-5 and 6.6-41.
    """

    def list_outputs(call: Call) -> Result:
        resource = resource_of(call)
        deployment_id = call.request.get("deployment_id")
        return {"outputs": outputs_of(call.store.deployments, resource, deployment_id)}

    def list_provisioned_resources(call: Call) -> Result:
        return {"provisioned_resources": provisioned_resources_of(resource_of(call))}

    return {
        f"List{noun}Outputs": list_outputs,
        f"List{noun}ProvisionedResources": list_provisioned_resources,
    }


def _component(call: Call) -> Deployable[Any]:
    return call.store.components.get(call.request["component_name"])


def _environment(call: Call) -> Deployable[Any]:
    return call.store.environments.get(call.request["environment_name"])


def _service_instance(call: Call) -> Deployable[Any]:
    request = call.request
    return call.store.service_instances.get(
        request["service_name"], request["service_instance_name"]
    )


def _service_pipeline(call: Call) -> Deployable[Any]:
    return call.store.service_pipelines.get(call.request["service_name"])


OUTPUT_OPERATIONS: dict[str, Handler] = {
    **output_operations("Component", _component),
    **output_operations("Environment", _environment),
    **output_operations("ServiceInstance", _service_instance),
    **output_operations("ServicePipeline", _service_pipeline),
}
"""The handlers of all four kinds, by operation."""
