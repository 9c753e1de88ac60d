"""The values that expressions can use while a template is resolved for a stack.

They were resolved before, in an order in which nothing refers to what comes later: parameters,
conditions, resources. The template decides the order. The provisioner knows the names of resources
and what exists outside of the template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from moto_proton.provision.identities import url_suffix
from moto_proton.provision.provisioner import ProvisioningError, StackPlace
from moto_proton.provision.surroundings import PLAUSIBLE, Surroundings

# Characters that all functions of a template may produce; a megabyte of text could produce far
# more.
MAX_CHARACTERS: Final = 5_000_000


class NoValue:
    """The value of ``AWS::NoValue``: a member or an item that is left out."""


NO_VALUE: Final = NoValue()


class StackResource(Protocol):
    """A resource of a stack, as seen by the functions that refer to it.

    Raises ProvisioningError for an attribute that it does not have.
    """

    @property
    def reference(self) -> str:
        """The value of ``Ref``."""

    def attribute(self, name: str) -> Any:
        """The value of ``Fn::GetAtt``: a scalar or a list, never empty."""

    def attribute_list(self, name: str) -> Any:
        """The value of ``Fn::GetAtt`` where a list is required."""


@dataclass(slots=True)
class TemplateScope:
    """The values of one template for one stack, as far as they are known.

    ``parameters`` are text, or lists of text; ``resources`` has those whose condition holds.
    """

    place: StackPlace
    mappings: Mapping[str, Mapping[str, Mapping[str, Any]]]
    parameters: Mapping[str, str | list[str]]
    conditions: dict[str, bool] = field(default_factory=dict)
    resources: dict[str, StackResource] = field(default_factory=dict)
    surroundings: Surroundings = PLAUSIBLE
    characters: int = 0

    def spend(self, characters: int) -> None:
        """Count the characters about to be produced. ProvisioningError if they are too many."""
        self.characters += characters
        if self.characters > MAX_CHARACTERS:
            raise ProvisioningError(
                f"Template error: its functions give more than {MAX_CHARACTERS} characters"
            )

    def spend_on(self, value: Any) -> None:
        """Count a list or text of the template that is used once more."""
        if isinstance(value, list):
            self.spend(len(value) + sum(len(item) for item in value if isinstance(item, str)))
        elif isinstance(value, str):
            self.spend(len(value))

    def reference(self, name: str, block: str) -> Any:
        """The value of ``Ref``; ``block`` is the section with the reference."""
        resource = self.resources.get(name)
        if resource is not None:
            reference = resource.reference
            self.spend(len(reference))
            return reference
        value = self.parameters.get(name)
        if value is not None:
            self.spend_on(value)
            return value
        pseudo = _PSEUDO_PARAMETERS.get(name)
        if pseudo is not None:
            return pseudo(self.place)
        raise unresolved(name, block)

    def attribute(self, name: str, attribute: str, block: str, *, as_list: bool = False) -> Any:
        """The value of ``Fn::GetAtt``."""
        resource = self.resources.get(name)
        if resource is None:
            raise unresolved(name, block)
        value = resource.attribute_list(attribute) if as_list else resource.attribute(attribute)
        self.spend(len(str(value)))
        return value


def unresolved(name: str, block: str) -> ProvisioningError:
    """The error for a name that does not exist, or whose condition does not hold."""
    if block == "Conditions":
        return ProvisioningError(
            f"Template format error: Unresolved dependencies [{name}]. Cannot reference resources "
            "in the Conditions block of the template"
        )
    return ProvisioningError(
        f"Template format error: Unresolved resource dependencies [{name}] in the {block} block "
        "of the template"
    )


_PSEUDO_PARAMETERS: Final[Mapping[str, Callable[[StackPlace], Any]]] = {
    "AWS::AccountId": lambda place: place.account_id,
    "AWS::NoValue": lambda place: NO_VALUE,
    "AWS::NotificationARNs": lambda place: [],
    "AWS::Partition": lambda place: place.partition,
    "AWS::Region": lambda place: place.region,
    "AWS::StackId": lambda place: place.arn,
    "AWS::StackName": lambda place: place.name,
    "AWS::URLSuffix": lambda place: url_suffix(place.partition),
}
PSEUDO_PARAMETERS: Final = frozenset(_PSEUDO_PARAMETERS)
