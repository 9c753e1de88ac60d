"""NotifyResourceDeploymentStatusChange: how self-managed provisioning and builds report.

Source: user guide, "How AWS Proton provisions infrastructure"; service model, text of the
operation; most refusals are inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.models.deployable import Deployable
from moto_proton.proton.models.environments import Environment
from moto_proton.proton.models.idempotency import Request
from moto_proton.proton.models.outputs import roles_of
from moto_proton.proton.models.service import ServiceInstance, ServicePipeline

if TYPE_CHECKING:
    from moto_proton.proton.models.store import ProtonStore


def notify(store: ProtonStore, request: Request) -> None:
    """Take the report of what became of a self-managed deployment or deletion.

    Of a CodeBuild target it takes the outputs and the message: the end of the build decides its
    status (guide, "How AWS Proton provisions infrastructure").
    """
    arn = request["resource_arn"]
    target = _find(store, arn)
    if not target.self_managed and not _may_be_built(store, target):
        raise ValidationError(f"{arn} is provisioned by AWS Proton and takes no notifications")
    if not target.in_transit or target.waits_its_turn:
        raise ConflictError(
            f"{arn} waits for no notification: its status is {target.deployment_status.value}"
        )
    deployment_id = request.get("deployment_id")
    current = target.record.id if target.record is not None else None
    if deployment_id is not None and deployment_id != current:
        raise ConflictError(f"The deployment {deployment_id} is not the current one of {arn}")
    message, outputs = request.get("status_message"), _outputs(request)
    if target.self_managed:
        target.notify(request.get("status"), message, outputs, store.now)
    else:
        target.note(message, outputs)


def _may_be_built(store: ProtonStore, target: Deployable[Any]) -> bool:
    """Whether there is a role to provision it with CodeBuild; the bundle is not read (choice)."""
    match target:
        case ServicePipeline():
            return store.account_settings.pipeline_codebuild_role_arn is not None
        case ServiceInstance():
            return roles_of(target.environment)[1] is not None
        case Environment():
            return target.provisioning is None and roles_of(target)[1] is not None
        case _:
            return False  # a component: no CodeBuild there


def _outputs(request: Request) -> dict[str, str] | None:
    given = request.get("outputs")
    if given is None:
        return None
    outputs: dict[str, str] = {}
    for output in given:
        key = output.get("key")
        if key is None or "value_string" not in output:
            raise ValidationError("Each output needs a key and a valueString")
        if key in outputs:
            raise ValidationError(f"The output {key} is given more than once")
        outputs[key] = output["value_string"]
    return outputs


def _find(store: ProtonStore, arn: str) -> Deployable[Any]:
    resource = store.scope.resource_of(arn)
    found: Deployable[Any] | None
    match resource.split("/") if resource is not None else []:
        case ["environment", name]:
            found = store.environments.find(name)
        case ["service", service, "service-instance", name]:
            found = store.service_instances.find(service, name)
        case ["service", service_name, "pipeline", *_]:
            owner = store.services.find(service_name)
            found = owner.pipeline if owner is not None else None
            if found is not None and found.resource != resource:
                found = None
        case ["component", name]:
            found = store.components.find(name)
        case _:
            raise ValidationError(f"{arn} is no resource that is deployed")
    if found is None:
        raise ResourceNotFoundError(f"The resource {arn} does not exist")
    return found
