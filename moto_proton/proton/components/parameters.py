"""The values for the infrastructure file of a component."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto_proton.bundle import Infrastructure
from moto_proton.proton.deployments.parameters import deployment_facts, with_defaults
from moto_proton.proton.environments.parameters import deployed_environment

if TYPE_CHECKING:
    from moto_proton import render
    from moto_proton.proton.components.component import Component, ComponentState


def component_parameters(
    component: Component, state: ComponentState, infrastructure: Infrastructure
) -> render.ComponentParameters:
    """The values for the file of a component; only an attached one sees a service.

    Raises InputError.

    Rule 6.11-5.
    """
    from moto_proton import render

    instance = component.service_instance
    attached = None
    if instance is not None:
        entry = state.service_spec.instance(instance.name) if state.service_spec else None
        bundle = instance.deployed.bundle if instance.deployed is not None else None
        schema = bundle.schema.service_inputs if bundle is not None else None
        attached = render.AttachedInstance(
            service_name=instance.service_name,
            name=instance.name,
            inputs=with_defaults(schema, entry.inputs if entry is not None else {}),
        )
    return render.ComponentParameters(
        name=component.name,
        environment=deployed_environment(component.environment),
        attached_to=attached,
        deployment=deployment_facts(
            component, infrastructure, {"environment_arn": component.environment.arn}
        ),
    )
