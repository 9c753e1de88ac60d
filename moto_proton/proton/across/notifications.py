"""NotifyResourceDeploymentStatusChange: how self-managed provisioning and builds report.

Rules: section 6.13 of docs/behaviour.md.
"""

from __future__ import annotations

from typing import Any

from moto_proton.bundle import ProvisioningMethod
from moto_proton.proton.account.account import Account
from moto_proton.proton.account.requests import Request
from moto_proton.proton.account_settings import AccountSettings
from moto_proton.proton.across.by_arn import Resources
from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.environments.provisioning_rules import roles_of
from moto_proton.proton.exceptions import ConflictError, ProtonError, ValidationError
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.pipeline import ServicePipeline


def notify(
    account: Account,
    resources: Resources,
    settings: AccountSettings,
    request: Request,
    reporter: str,
) -> None:
    """Handle the report on a self-managed deployment or deletion.

    ``reporter`` is the account that it comes from: that of the resource, or the one that the
    resource is provisioned in. Of a CodeBuild target it takes the outputs and the message: the end
    of the build decides its status.

    A build reports before its deployment is over. Where the state manager lets a deployment succeed
    in the moment it begins, nobody could: what is reported then counts as in time (choice).

    Rules 6.13-7, 6.13-10 to 6.13-12 and 15-5.
    """
    arn = request["resource_arn"]
    target = _target(account, resources, arn, reporter)
    if not target.self_managed and not _may_be_built(settings, target):
        raise ValidationError(f"{arn} is provisioned by AWS Proton and takes no notifications")
    if target.waits_its_turn:
        raise ConflictError(
            f"{arn} waits for no notification: its deployment has not begun, others of its service "
            "come first"
        )
    in_time = target.busy or (not target.self_managed and _took_no_time(target))
    if not in_time:
        raise ConflictError(
            f"{arn} waits for no notification: its status is {target.deployment_status.value}"
        )
    deployment_id = request.get("deployment_id")
    current = target.record.id if target.record is not None else None
    if deployment_id is not None and deployment_id != current:
        raise ConflictError(f"The deployment {deployment_id} is not the current one of {arn}")
    message, outputs = request.get("status_message"), _outputs(request)
    if target.self_managed:
        target.notify(request.get("status"), message, outputs, account.now)
    elif target.busy:
        target.note(message, outputs)
    elif outputs is not None and target.record is not None:
        target.outputs = outputs
        target.record.outputs = dict(outputs)


def _target(account: Account, resources: Resources, arn: str, reporter: str) -> Deployable[Any]:
    """The resource of the ARN, for an account that may report on it."""
    if reporter == account.scope.account_id:
        return resources.deployable(arn)
    elsewhere = ValidationError(f"{arn} is no resource that is deployed in the account {reporter}")
    try:
        target = resources.deployable(arn)
    except ProtonError:
        # What another account has is not for this one to know.
        raise elsewhere from None
    if target.provisioned_in != reporter:
        raise elsewhere
    return target


def _took_no_time(target: Deployable[Any]) -> bool:
    """Whether the last deployment of a resource succeeded in the moment it began."""
    record = target.record
    return (
        target.deployment_status is DeploymentStatus.SUCCEEDED
        and record is not None
        and record.completed_at == record.created_at
    )


def _may_be_built(settings: AccountSettings, target: Deployable[Any]) -> bool:
    """Whether it is provisioned with CodeBuild.

    Without a bundle, it may be if there is a role for CodeBuild (choice).
    """
    state = next(reversed(target.states_in_use), None)
    method = target.method_of(state) if state is not None else None
    if method is not None:
        return method is ProvisioningMethod.CODEBUILD
    match target:
        case ServicePipeline():
            return settings.pipeline_codebuild_role_arn is not None
        case ServiceInstance():
            return roles_of(target.environment)[1] is not None
        case Environment():
            return target.provisioning is None and roles_of(target)[1] is not None
        case _:
            return False  # a component: no CodeBuild there


def _outputs(request: Request) -> dict[str, str] | None:
    # Rule 6.13-14.
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
