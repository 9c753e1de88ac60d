"""Outputs and provisioned resources of environments, instances, pipelines and components.

Source: service model, texts of the list operations; user guide, "How AWS Proton provisions
infrastructure". The names of stacks follow recorded ones; what a self-managed or CodeBuild
provisioned resource lists is not known anywhere, and is nothing here (inferred).
"""

from __future__ import annotations

import hashlib
import string
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from moto_proton.proton.exceptions import ResourceNotFoundError
from moto_proton.proton.models.component import Component
from moto_proton.proton.models.deployable import Deployable
from moto_proton.proton.models.environments import Environment
from moto_proton.proton.models.service import ServiceInstance, ServicePipeline

if TYPE_CHECKING:
    from moto_proton.proton.models.store import ProtonStore

_LETTERS: Final = string.ascii_uppercase


def outputs_of(
    store: ProtonStore, resource: Deployable[Any], deployment_id: str | None
) -> list[dict[str, str]]:
    """The outputs of the last successful deployment, or of the one of that id, by key.

    A deployment that failed or is under way has none (inferred). Raises
    :class:`ResourceNotFoundError` for an id that is no deployment of the resource.
    """
    outputs: Mapping[str, str] = resource.outputs
    if deployment_id is not None:
        record = store.deployments.find(deployment_id)
        # An ARN is reused when a resource is made anew, the time of creation tells them apart.
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
    """What the service has provisioned for a resource: its stack, once one was deployed."""
    if resource.never_succeeded or resource.self_managed or not _has_stack(resource):
        return []
    name = f"AWSProton-{_stack_name(resource)}-cloudformation--{_suffix(resource)}"[-128:]
    scope = resource.scope
    stack_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{resource.arn} {resource.created_at}")
    arn = (
        f"arn:{scope.partition}:cloudformation:{scope.region}:{_account_of(resource)}:"
        f"stack/{name}/{stack_id}"
    )
    return [{"name": name, "identifier": arn[:200], "provisioning_engine": "CLOUDFORMATION"}]


def _has_stack(resource: Deployable[Any]) -> bool:
    environment = _environment_of(resource)
    if environment is None:  # a pipeline: its account settings decide, and AWS-managed is a stack
        return True
    if isinstance(resource, Environment) and environment.provisioning is not None:
        return False
    service_role, codebuild_role = roles_of(environment)
    return codebuild_role is None or service_role is not None


def roles_of(environment: Environment) -> tuple[str | None, str | None]:
    """The roles for CloudFormation and for CodeBuild: in another account, the connection's."""
    connection = environment.environment_account_connection
    if connection is not None:
        return connection.role_arn, connection.codebuild_role_arn
    return environment.proton_service_role_arn, environment.codebuild_role_arn


def _environment_of(resource: Deployable[Any]) -> Environment | None:
    if isinstance(resource, Environment):
        return resource
    if isinstance(resource, ServiceInstance | Component):
        return resource.environment
    return None


def _account_of(resource: Deployable[Any]) -> str:
    environment = _environment_of(resource)
    other = environment.environment_account_id if environment is not None else None
    return other or resource.scope.account_id


def _stack_name(resource: Deployable[Any]) -> str:
    if isinstance(resource, ServiceInstance):
        return f"{resource.service_name[:20]}-{resource.name[:20]}"
    if isinstance(resource, ServicePipeline):
        return resource.service.name[:40]
    return resource.resource.rpartition("/")[2][:40]


def _suffix(resource: Deployable[Any]) -> str:
    """Fifteen capital letters, the same for the life of the resource."""
    digest = hashlib.sha256(f"{resource.arn} {resource.created_at}".encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:15])
