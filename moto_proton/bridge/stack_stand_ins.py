"""What of a stack moto can't make: it is worked out as the default provisioner does, and said.

Nothing is made for such a resource, but it has the physical id and the attributes that the default
provisioner would give it, so that the rest of the stack can refer to it. They depend on nothing
but the stack and the logical id, so that they stay the same in updates.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any, Final

from moto_proton.bridge import stack_resources
from moto_proton.bridge.stack_surroundings import MotoResource
from moto_proton.provision.identities import Identity
from moto_proton.provision.provisioner import (
    ProvisionedResource,
    ProvisioningError,
    ProvisioningWarning,
    StackPlace,
)
from moto_proton.provision.resource_types import RESOURCE_TYPES
from moto_proton.provision.scope import TemplateScope
from moto_proton.provision.template import Resource, references

_CUSTOM: Final = "AWS::CloudFormation::CustomResource"
# Proton's limit for the names and identifiers of provisioned resources (service model).
_LONGEST: Final = 200
_ADVICE: Final = (
    "They are worked out as the default provisioner does, and exist nowhere. To have the "
    'deployment fail instead: config={"proton": {"provisioner": "cloudformation", '
    '"require_resources": True}}'
)


class StandIns:
    """The resources and attributes of one stack that are worked out, in the course of one
    deployment.
    """

    def __init__(self, place: StackPlace) -> None:
        self._place = place
        self._by_id: dict[str, Identity] = {}
        # What to say of it; wait conditions, of which nothing is to be seen, are not said.
        self._told: dict[str, str] = {}

    def __contains__(self, logical_id: str) -> bool:
        return logical_id in self._by_id

    def take(self, resource: Resource, scope: TemplateScope, why: str = "") -> None:
        """Work out a resource, and have the rest of the template refer to what was worked out.

        Raises ProvisioningError if its properties have no value.
        """
        logical_id, type_name = resource.logical_id, resource.type_name
        with stack_resources.errors_about(logical_id, type_name):
            properties = resource.properties_in(scope)
        stand_in = Identity(self._place, logical_id, type_name, properties)
        self._by_id[logical_id] = scope.resources[logical_id] = stand_in
        if not stack_resources.is_skipped(type_name):
            self._told[f"{logical_id} ({type_name})"] = why

    def attribute_of(
        self, resource: MotoResource, resource_json: Mapping[str, Any], name: str
    ) -> Any:
        """An attribute that moto's model lacks; None if the type has no such attribute.

        Of a type that is not in the table of the default provisioner it is not known.
        """
        logical_id, type_name = resource.logical_id, resource.type_name
        known = RESOURCE_TYPES.get(type_name)
        if known is not None and name != "Arn" and name not in known.attributes:
            return None
        properties = resource_json["Properties"]
        value = Identity(self._place, logical_id, type_name, properties).attribute(name)
        # What the resource has under another name is not made up.
        if value not in (resource.reference, *properties.values()):
            self._told[f"{name} of {logical_id} ({type_name})"] = ""
        return value

    def are_needed_by(self, resource: Resource, conditions: Mapping[str, bool]) -> bool:
        """Whether a resource refers to one that does not exist, so that moto may refuse it."""
        told = {what.partition(" (")[0] for what in self._told}
        return any(name in told for name in references(resource.properties, conditions))

    def announce(self) -> None:
        """Warn once of all of them. Raises :class:`ProvisioningWarning` where that is an error."""
        if self._told:
            warnings.warn(f"{self.words()}. {_ADVICE}", ProvisioningWarning, stacklevel=2)

    def words(self) -> str | None:
        """What was not made, as text; None if everything was."""
        if not self._told:
            return None
        text = f"{self._place.name}: moto's CloudFormation did not make {', '.join(self._told)}"
        if reasons := [why for why in self._told.values() if why]:
            text += f" (it refused some that refer to others of them: {'; '.join(reasons)})"
        return text

    def listed(self) -> tuple[ProvisionedResource, ...]:
        """What was not made, as Proton's lists of provisioned resources show it."""
        return tuple(
            ProvisionedResource(what[:_LONGEST], "worked out, not made by moto's CloudFormation")
            for what in self._told
        )


def is_made(resource: Resource) -> bool:
    """Whether moto has a model for the resource."""
    return stack_resources.is_known(resource.type_name) and not _is_custom(resource)


def refuse_what_is_not_made(resources: Iterable[Resource]) -> None:
    """Raise ProvisioningError if moto has no model for one of the resources."""
    custom: list[str] = []
    unknown: list[str] = []
    for resource in resources:
        if is_made(resource) or stack_resources.is_skipped(resource.type_name):
            continue
        names = custom if _is_custom(resource) else unknown
        names.append(f"{resource.logical_id} ({resource.type_name})")
    if unknown:
        raise ProvisioningError(
            f"moto's CloudFormation does not support these resource types: {', '.join(unknown)}"
        )
    if custom:
        raise ProvisioningError(
            f"Custom resources are not supported, their Lambda functions would have to run in "
            f"Docker: {', '.join(custom)}"
        )


def _is_custom(resource: Resource) -> bool:
    return resource.type_name.startswith("Custom::") or resource.type_name == _CUSTOM
