"""The values for the infrastructure files of service instances and pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moto_proton.bundle import Infrastructure
from moto_proton.proton.deployments.parameters import deployment_facts, with_defaults
from moto_proton.proton.environments.parameters import deployed_environment, template_facts

if TYPE_CHECKING:
    from moto_proton import render
    from moto_proton.proton.services.instance import ServiceInstance
    from moto_proton.proton.services.pipeline import ServicePipeline
    from moto_proton.proton.services.runner import ServiceState
    from moto_proton.proton.services.service import Service


def instance_parameters(
    instance: ServiceInstance, state: ServiceState, infrastructure: Infrastructure
) -> render.ServiceInstanceParameters:
    """The values for the files of a service instance; raises InputError."""
    from moto_proton import render

    component = instance.component
    attached = None
    if component is not None:
        attached = render.AttachedComponent(component.name, dict(component.outputs))
    return render.ServiceInstanceParameters(
        name=instance.name,
        service=_service(instance.service),
        environment=deployed_environment(instance.environment),
        inputs=_instance_inputs(instance.name, state),
        component=attached,
        deployment=deployment_facts(
            instance,
            infrastructure,
            {
                **template_facts(instance.service.template_arn, state.version),
                "environment_arn": instance.environment.arn,
            },
        ),
    )


def pipeline_parameters(
    pipeline: ServicePipeline, state: ServiceState, infrastructure: Infrastructure
) -> render.ServicePipelineParameters:
    """The values for the files of a pipeline; raises InputError."""
    from moto_proton import render

    schema = state.bundle.schema.pipeline_inputs if state.bundle is not None else None
    return render.ServicePipelineParameters(
        service=_service(pipeline.service),
        inputs=with_defaults(schema, state.spec.pipeline),
        instances=tuple(
            render.PipelineInstance(
                name=instance.name,
                environment=deployed_environment(instance.environment),
                inputs=_instance_inputs(instance.name, instance.deployed),
                outputs=dict(instance.outputs),
            )
            for instance in _in_order(pipeline.service)
            if instance.deployed is not None
        ),
        deployment=deployment_facts(
            pipeline, infrastructure, template_facts(pipeline.service.template_arn, state.version)
        ),
    )


def _instance_inputs(name: str, state: ServiceState) -> Mapping[str, Any]:
    entry = state.spec.instance(name)
    schema = state.bundle.schema.service_inputs if state.bundle is not None else None
    return with_defaults(schema, entry.inputs if entry is not None else {})


def _in_order(service: Service) -> list[ServiceInstance]:
    """The instances in the order of the spec, then those that are not in it."""
    names = {entry.name: place for place, entry in enumerate(service.current_spec.instances)}
    instances: list[ServiceInstance] = list(service.instances.values())
    return sorted(instances, key=lambda instance: names.get(instance.name, len(names)))


def _service(service: Service) -> render.ServiceParameters:
    from moto_proton import render

    return render.ServiceParameters(
        service.name,
        repository_id=service.repository_id or "",
        repository_connection_arn=service.repository_connection_arn or "",
        branch_name=service.branch_name or "",
    )
