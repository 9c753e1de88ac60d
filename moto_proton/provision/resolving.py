"""The default provisioner: resolves CloudFormation templates without creating anything.

It has no state: the same template at the same place always has the same outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from moto_proton import workplace
from moto_proton.provision.identities import Identity
from moto_proton.provision.loading import load_template
from moto_proton.provision.provisioner import (
    Provisioned,
    ProvisionedResource,
    ProvisioningError,
    StackPlace,
)
from moto_proton.provision.scope import TemplateScope
from moto_proton.provision.template import Template

MAX_IDENTIFIER_CHARACTERS: Final = 200


class ResolvingProvisioner:
    """Provisions nothing, but returns outputs as if it had."""

    def deploy(self, place: StackPlace, template: str, tags: Mapping[str, str]) -> Provisioned:
        """The outputs of the template at this place, and the stack as the provisioned resource.

        An empty output is left out, because Proton's model does not allow one (choice). Raises
        ProvisioningError for a template that CloudFormation would refuse.
        """
        try:
            return workplace.run(_deployed, template, place)
        except workplace.OutOfBoundsError as error:
            raise ProvisioningError(f"The template is too much to resolve: {error}") from None

    def delete(self, place: StackPlace) -> None:
        """Does nothing, as nothing was created."""


def _deployed(template: str, place: StackPlace) -> Provisioned:
    loaded = load_template(template, place)
    scope = _resolved(loaded, place)
    outputs = {}
    for output in loaded.existing_outputs(scope.conditions):
        if value := output.text(scope):
            outputs[output.name] = value
        if output.export is not None:
            output.export_name(scope)
    # Choice: if a stack's ARN is longer than an identifier may be, it is cut off.
    identifier = place.arn[:MAX_IDENTIFIER_CHARACTERS]
    return Provisioned(outputs, (ProvisionedResource(place.name, identifier),))


def _resolved(template: Template, place: StackPlace) -> TemplateScope:
    """Everything before the outputs. ProvisioningError if some of it can't be resolved."""
    scope = template.scope_at(place)
    for resource in template.existing_resources(scope.conditions):
        scope.resources[resource.logical_id] = Identity(
            place, resource.logical_id, resource.type_name, resource.properties_in(scope)
        )
    return scope
