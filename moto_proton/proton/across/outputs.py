"""Outputs and provisioned resources of environments, instances, pipelines and components.

Rules: section 9 of docs/behaviour.md. No source says what is listed for self-managed and CodeBuild
provisioned resources; here it is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto_proton.proton.components.component import Component
from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.deployments.records import Deployments
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.environments.provisioning_rules import roles_of
from moto_proton.proton.exceptions import ResourceNotFoundError
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.pipeline import ServicePipeline
from moto_proton.provision.provisioner import ProvisionedResource


def outputs_of(
    deployments: Deployments, resource: Deployable[Any], deployment_id: str | None
) -> list[dict[str, str]]:
    """The outputs of the last successful deployment, or of the one of that id, by key.

    A deployment that failed or is in progress has none. Raises :class:`ResourceNotFoundError` for
    an id that is no deployment of the resource.

    Rules 6.6-40, 9-20 and 9-21.
    """
    outputs: Mapping[str, str] = resource.outputs
    if deployment_id is not None:
        record = deployments.find(deployment_id)
        # A new resource may have the ARN of a deleted one; the time of creation tells them apart.
        if record is None or (record.target_arn, record.target_resource_created_at) != (
            resource.arn,
            resource.created_at,
        ):
            raise ResourceNotFoundError(
                f"The deployment {deployment_id} of {resource.arn} does not exist"
            )
        outputs = record.outputs
    return [{"key": key, "value_string": value} for key, value in sorted(outputs.items())]


def provisioned_resources_of(resource: Deployable[Any]) -> list[dict[str, str]]:
    """The resources that Proton has provisioned for a resource: its stack, once one was deployed.

    Rules 6.6-41, 9-10, 9-22, 9-23 and 9-26.
    """
    resources = resource.provisioned
    if not resources and _is_taken_for_provisioned(resource):
        place = resource.stack
        resources = (ProvisionedResource(place.name, place.arn),)
    return [
        {"name": each.name, "identifier": each.identifier, "provisioning_engine": "CLOUDFORMATION"}
        for each in resources
    ]


def _is_taken_for_provisioned(resource: Deployable[Any]) -> bool:
    """Whether a stack is shown though there is no bundle to deploy one from (choice)."""
    state = resource.deployed
    if state is None or resource.self_managed or resource.method_of(state) is not None:
        return False
    match resource:
        case ServicePipeline():  # the account settings decide, and AWS-managed is a stack
            return True
        case Environment():
            environment = resource
        case ServiceInstance() | Component():
            environment = resource.environment
    if environment is resource and environment.provisioning is not None:
        return False
    service_role, codebuild_role = roles_of(environment)
    return codebuild_role is None or service_role is not None
