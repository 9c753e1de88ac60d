"""Where a service instance may run, and on which template version it starts.

Rules: sections 5.2 and 7.6 of docs/behaviour.md.
"""

from __future__ import annotations

from moto_proton.bundle import ProvisioningMethod, ServiceBundle
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.environments.provisioning_rules import roles_of
from moto_proton.proton.exceptions import ResourceNotFoundError, ValidationError
from moto_proton.proton.templates.version import TemplateVersion
from moto_proton.spec import InstanceSpec


def environment_for(
    environments: Environments, entry: InstanceSpec, version: TemplateVersion
) -> Environment:
    """The environment of a new instance's entry.

    Raises :class:`ResourceNotFoundError` when it does not exist, ConflictError when it is not
    deployed or is being deleted, :class:`ValidationError` when the template version does not name
    its template and major version as compatible, or can't be provisioned there.

    Rules 5.2-10 and 6.8-6.
    """
    environment = environments.find(entry.environment)
    if environment is None:
        raise ResourceNotFoundError(
            f"The environment {entry.environment} of the service instance {entry.name} does not "
            "exist"
        )
    environment.check_takes_in()
    check_compatible(environment, entry.name, version)
    check_provisionable(environment, entry.name, version.service_bundle)
    return environment


def check_compatible(environment: Environment, instance: str, version: TemplateVersion) -> None:
    """Refuse an environment that the service template version is not compatible with.

    Rules 7.6-1 to 7.6-3.
    """
    compatible = version.compatible_environment_templates or ()
    if not any(
        entry.template_name == environment.template_name
        and entry.major_version == environment.template_major_version
        for entry in compatible
    ):
        raise ValidationError(
            f"The environment {environment.name} of the service instance {instance} runs on the "
            f"environment template {environment.template_name}:"
            f"{environment.template_major_version}, which {version.arn} is not compatible with"
        )


def check_provisionable(
    environment: Environment, instance: str, bundle: ServiceBundle | None
) -> None:
    """Refuse an environment in which an instance can't be provisioned in the way of its bundle.

    Terraform and the other methods can't be mixed, and a build needs the role for it.

    Rules 9-11 and 9-12.
    """
    if bundle is None:
        return
    method = bundle.instance.method
    terraform = method is ProvisioningMethod.TERRAFORM
    codebuild_role = roles_of(environment)[1]
    if terraform != environment.self_managed or (
        method is ProvisioningMethod.CODEBUILD and codebuild_role is None
    ):
        raise ValidationError(
            f"The service instance {instance} is provisioned with {method.value}, which the "
            f"environment {environment.name} is not set up for"
        )
