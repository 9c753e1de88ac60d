"""A CloudFormation template that has been checked, and which parts of it exist in a stack.

:mod:`~moto_proton.provision.loading` makes one of a text; the provisioner makes its resources.
Source: the CloudFormation user guide (template anatomy).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from moto_proton.provision.expressions import Expression, evaluated, expressions_in
from moto_proton.provision.functions import text_of
from moto_proton.provision.ordering import Circular, in_order
from moto_proton.provision.parameters import Parameter, check_values
from moto_proton.provision.provisioner import ProvisioningError, StackPlace
from moto_proton.provision.scope import NO_VALUE, TemplateScope, unresolved
from moto_proton.provision.surroundings import PLAUSIBLE, Surroundings

MAX_RESOURCES: Final = 500
MAX_OUTPUTS: Final = 200
# The largest number of members of a section.
MOST: Final[Mapping[str, int]] = {"Resources": MAX_RESOURCES, "Outputs": MAX_OUTPUTS}


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a template; its properties and policies are compiled.

    ``policies`` are ``DeletionPolicy`` and ``UpdateReplacePolicy``.
    """

    logical_id: str
    type_name: str
    properties: Any
    condition: str | None
    depends_on: tuple[str, ...]
    policies: Mapping[str, Any]

    def properties_in(self, scope: TemplateScope) -> Mapping[str, Any]:
        """The properties in a stack; they may be the template's own, so they are not to be changed.

        Raises ProvisioningError if some have no value.
        """
        properties = self.properties
        if isinstance(properties, Expression):
            properties = properties.evaluate(scope)
            if properties is NO_VALUE:
                return {}
            if not isinstance(properties, dict):
                raise malformed_properties(self.logical_id)
        return properties  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a template; value and export name are compiled."""

    name: str
    value: Any
    condition: str | None
    export: Any
    description: str | None

    def text(self, scope: TemplateScope) -> str:
        """The value in a stack. ProvisioningError if it has none, or one that is not text."""
        value = self.value
        if isinstance(value, Expression):
            value = value.evaluate(scope)
        if isinstance(value, str):
            return value
        return text_of(
            value,
            f"Template format error: Output {self.name} is malformed. The Value field of every "
            "Outputs member must evaluate to a String.",
        )

    def export_name(self, scope: TemplateScope) -> str | None:
        """The name under which a stack exports it. ProvisioningError if it is not text."""
        if self.export is None:
            return None
        return text_of(
            evaluated(self.export, scope),
            f"Template format error: Output {self.name} is malformed. The Name field of every "
            "Export member must be specified and consist only of alphanumeric characters, colons, "
            "or hyphens.",
        )


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been checked; compared by identity.

    ``conditions`` come after those that they depend on, and ``resources`` after those that they
    refer to, unless ``is_circular``: then it depends on the conditions whether that is possible.
    """

    parameters: Mapping[str, Parameter]
    mappings: Mapping[str, Mapping[str, Mapping[str, Any]]]
    conditions: Mapping[str, Any]
    resources: Sequence[Resource]
    is_circular: bool
    outputs: Sequence[Output] = field(default=())
    description: str | None = None

    def scope_at(self, place: StackPlace, surroundings: Surroundings = PLAUSIBLE) -> TemplateScope:
        """The values of a stack before its resources: parameters and conditions.

        Raises ProvisioningError if some of it can't be resolved.
        """
        check_values(self.parameters)
        values = {
            name: parameter.value(place, surroundings)
            for name, parameter in self.parameters.items()
        }
        scope = TemplateScope(place, self.mappings, values, surroundings=surroundings)
        for name, condition in self.conditions.items():
            value = condition.evaluate(scope) if isinstance(condition, Expression) else condition
            if not isinstance(value, bool):
                raise ProvisioningError(
                    f"Template error: the condition {name[:255]} must evaluate to a boolean"
                )
            scope.conditions[name] = value
        return scope

    def existing_resources(self, conditions: Mapping[str, bool]) -> Sequence[Resource]:
        """The resources that exist in a stack, each after those it needs.

        Raises ProvisioningError if there is no such order.
        """
        existing = [
            resource
            for resource in self.resources
            if resource.condition is None or conditions[resource.condition]
        ]
        return in_order_of_need(existing, conditions) if self.is_circular else existing

    def existing_outputs(self, conditions: Mapping[str, bool]) -> Sequence[Output]:
        """The outputs that exist in a stack."""
        return [
            output
            for output in self.outputs
            if output.condition is None or conditions[output.condition]
        ]

    def refuse_unresolved(self, conditions: Mapping[str, bool]) -> None:
        """Refuse references to resources whose condition does not hold, before any resource is
        created.

        Otherwise they would be refused when they are evaluated. Raises ProvisioningError.
        """
        existing = self.existing_resources(conditions)
        absent = {resource.logical_id for resource in self.resources}
        absent -= {resource.logical_id for resource in existing}
        if not absent:
            return
        asking = [("Resources", resource.properties) for resource in existing]
        for output in self.existing_outputs(conditions):
            asking += [("Outputs", output.value), ("Outputs", output.export)]
        for block, value in asking:
            for name in references(value, conditions):
                if name in absent:
                    raise unresolved(name, block)


def check_number(section: str, number: int) -> None:
    """Refuse a template with too many resources or outputs."""
    most = MOST[section]
    if number > most:
        raise ProvisioningError(
            f"Template format error: Number of {section.lower()}, {number}, is greater than "
            f"maximum allowed, {most}"
        )


def malformed_properties(logical_id: str) -> ProvisioningError:
    """The error for properties that are not an object."""
    return ProvisioningError(
        f"Template format error: [/Resources/{logical_id}] Every Properties member must be an "
        "object."
    )


def references(value: Any, conditions: Mapping[str, bool] | None = None) -> Iterable[str]:
    """The names that a compiled value refers to; if conditions are known, only in branches that
    hold.
    """
    names = (found.refers_to() for found in expressions_in(value, conditions))
    return (name for name in names if name is not None)


def in_order_of_need(
    resources: Sequence[Resource], conditions: Mapping[str, bool] | None = None
) -> list[Resource]:
    """The resources, each after those it needs; if conditions are known, only those needed count.

    Raises ProvisioningError if there is no such order.
    """
    by_id = {resource.logical_id: resource for resource in resources}
    needs = {
        # Not a set, because its order differs from process to process.
        resource.logical_id: dict.fromkeys(
            name
            for name in (*resource.depends_on, *references(resource.properties, conditions))
            if name in by_id
        )
        for resource in resources
    }
    try:
        return [by_id[name] for name in in_order(needs)]
    except Circular as circular:
        raise ProvisioningError(f"Circular dependency between resources: [{circular}]") from None
