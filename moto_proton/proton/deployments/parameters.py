"""What the values for infrastructure files have in common, whatever they are the files of.

Rules: section 8.5 of docs/behaviour.md. Outputs flow from an environment into what runs in it, from
a component into its instance, from the instances into the pipeline: each as it was last deployed
with success, at the moment of rendering. Each kind of resource has a ``parameters`` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moto_proton.bundle import Infrastructure, InputSchema, ProvisioningMethod
from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.deployments.status import DeploymentStatus

if TYPE_CHECKING:
    from moto_proton import render


def with_defaults(schema: InputSchema | None, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Inputs with the defaults of a schema; raises InputError if it does not admit them."""
    return schema.check(inputs) if schema is not None else inputs


def deployment_facts(
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
        tags=resource.provisioned_tags,
        **facts,
    )
