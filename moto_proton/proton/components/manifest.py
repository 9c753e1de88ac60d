"""The infrastructure of a component: the template file and the manifest that the call gives.

Rules: sections 6.11 and 8.2 of docs/behaviour.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto_proton.bundle import BundleError, Infrastructure, ProvisioningMethod, read_component
from moto_proton.proton.exceptions import ValidationError

if TYPE_CHECKING:
    from moto_proton.proton.environments.environment import Environment


def component_infrastructure(
    manifest: str, template_file: str, environment: Environment
) -> Infrastructure:
    """The infrastructure of a manifest and a template file.

    Refuses what is malformed, or of another language than what the environment is provisioned with.

    Rule 6.11-14.
    """
    try:
        infrastructure = read_component(manifest, template_file)
    except BundleError as error:
        raise ValidationError(f"The component's manifest is not valid: {error}") from error
    if environment.provisioning is not None:
        return infrastructure
    terraform = infrastructure.method is ProvisioningMethod.TERRAFORM
    if terraform != environment.self_managed:
        language = "terraform" if terraform else "cloudformation"
        wanted = "terraform" if environment.self_managed else "cloudformation"
        raise ValidationError(
            f"The component's template language is {language}, and the environment "
            f"{environment.name} is provisioned with {wanted}"
        )
    return infrastructure
