"""Collects the values for rendering infrastructure files: those of a state, and the outputs of
other resources.

Rules: section 8.5 of docs/behaviour.md. Outputs flow from an environment into what runs in it, from
a component into its instance, from the instances into the pipeline: each as it was last deployed
with success, at the moment of rendering.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moto_proton.bundle import Infrastructure, InputSchema, ProvisioningMethod
from moto_proton.proton.deployments.provisioning import provisioned_tags
from moto_proton.proton.deployments.status import DeploymentStatus

if TYPE_CHECKING:
    from moto_proton import render
    from moto_proton.proton.components.component import Component, ComponentState
    from moto_proton.proton.deployments.deployable import Deployable
    from moto_proton.proton.environments.environment import Environment, EnvironmentState
    from moto_proton.proton.services.service import (
        Service,
        ServiceInstance,
        ServicePipeline,
        ServiceState,
    )


def render_environment(
    environment: Environment, state: EnvironmentState, infrastructure: Infrastructure
) -> render.Rendered:
    """The files of an environment; raises RenderError (Rule 8.5-3)."""
    from moto_proton import render

    schema = state.bundle.schema.environment_inputs if state.bundle is not None else None
    parameters = render.EnvironmentParameters(
        name=environment.name,
        inputs=_with_defaults(schema, state.spec.inputs),
        deployment=_deployment(environment, infrastructure, _template(environment, state)),
    )
    return render.render_environment(infrastructure, parameters)


def render_service_instance(
    instance: ServiceInstance, state: ServiceState, infrastructure: Infrastructure
) -> render.Rendered:
    """The files of a service instance; raises RenderError."""
    from moto_proton import render

    component = instance.component
    attached = None
    if component is not None:
        attached = render.AttachedComponent(component.name, dict(component.outputs))
    parameters = render.ServiceInstanceParameters(
        name=instance.name,
        service=_service(instance.service),
        environment=_environment(instance.environment),
        inputs=_instance_inputs(instance.name, state),
        component=attached,
        deployment=_deployment(
            instance,
            infrastructure,
            {**_template(instance.service, state), "environment_arn": instance.environment.arn},
        ),
    )
    return render.render_service_instance(infrastructure, parameters)


def render_service_pipeline(
    pipeline: ServicePipeline, state: ServiceState, infrastructure: Infrastructure
) -> render.Rendered:
    """The files of a pipeline; raises RenderError."""
    from moto_proton import render

    schema = state.bundle.schema.pipeline_inputs if state.bundle is not None else None
    parameters = render.ServicePipelineParameters(
        service=_service(pipeline.service),
        inputs=_with_defaults(schema, state.spec.pipeline),
        instances=tuple(
            render.PipelineInstance(
                name=instance.name,
                environment=_environment(instance.environment),
                inputs=_instance_inputs(instance.name, instance.deployed),
                outputs=dict(instance.outputs),
            )
            for instance in _in_order(pipeline.service)
            if instance.deployed is not None
        ),
        deployment=_deployment(pipeline, infrastructure, _template(pipeline.service, state)),
    )
    return render.render_service_pipeline(infrastructure, parameters)


def render_component(
    component: Component, state: ComponentState, infrastructure: Infrastructure
) -> render.Rendered:
    """The file of a component; only an attached one sees a service. Raises RenderError.

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
            inputs=_with_defaults(schema, entry.inputs if entry is not None else {}),
        )
    parameters = render.ComponentParameters(
        name=component.name,
        environment=_environment(component.environment),
        attached_to=attached,
        deployment=_deployment(
            component, infrastructure, {"environment_arn": component.environment.arn}
        ),
    )
    return render.render_component(infrastructure, parameters)


def _with_defaults(schema: InputSchema | None, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return schema.check(inputs) if schema is not None else inputs


def _instance_inputs(name: str, state: ServiceState) -> Mapping[str, Any]:
    entry = state.spec.instance(name)
    schema = state.bundle.schema.service_inputs if state.bundle is not None else None
    return _with_defaults(schema, entry.inputs if entry is not None else {})


def _in_order(service: Service) -> list[ServiceInstance]:
    """The instances in the order of the spec, then those that are not in it."""
    names = {entry.name: place for place, entry in enumerate(service.current_spec.instances)}
    instances: list[ServiceInstance] = list(service.instances.values())
    return sorted(instances, key=lambda instance: names.get(instance.name, len(names)))


def _environment(environment: Environment) -> render.DeployedEnvironment:
    from moto_proton import render

    return render.DeployedEnvironment(
        environment.name, environment.provisioned_in, dict(environment.outputs)
    )


def _service(service: Service) -> render.ServiceParameters:
    from moto_proton import render

    return render.ServiceParameters(
        service.name,
        repository_id=service.repository_id or "",
        repository_connection_arn=service.repository_connection_arn or "",
        branch_name=service.branch_name or "",
    )


def _template(
    owner: Environment | Service, state: EnvironmentState | ServiceState
) -> dict[str, str]:
    return {
        "template_arn": owner.template_arn,
        "template_major_version": str(state.version.major),
        "template_minor_version": str(state.version.minor),
    }


def _deployment(
    resource: Deployable[Any], infrastructure: Infrastructure, facts: Mapping[str, str]
) -> render.Deployment | None:
    """What generated files say about the deployment; CloudFormation templates have none of it."""
    if infrastructure.method is ProvisioningMethod.CLOUDFORMATION or resource.record is None:
        return None
    from moto_proton import render

    return render.Deployment(
        id=resource.record.id,
        arn=resource.arn,
        is_resource_deleted=resource.deployment_status is DeploymentStatus.DELETE_IN_PROGRESS,
        tags=provisioned_tags(resource),
        **facts,
    )
