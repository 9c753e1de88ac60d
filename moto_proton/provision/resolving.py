"""The default provisioner: CloudFormation's templates resolved on their own, with nothing behind.

It keeps no state: a stack is what its template and its place make of it, so that the same template
at the same place always has the same outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from moto_proton.provision.expressions import Expression
from moto_proton.provision.functions import text_of
from moto_proton.provision.identities import Identity
from moto_proton.provision.parameters import check_values
from moto_proton.provision.provisioner import (
    Provisioned,
    ProvisionedResource,
    ProvisioningError,
    StackPlace,
)
from moto_proton.provision.scope import Scope
from moto_proton.provision.template import Output, Template, load_template, ordered_by_conditions

MAX_IDENTIFIER_CHARACTERS: Final = 200


class ResolvingProvisioner:
    """Provisions nothing, and answers as if it had."""

    def deploy(self, place: StackPlace, template: str, tags: Mapping[str, str]) -> Provisioned:
        """The outputs of the template at this place, and the stack as the provisioned resource.

        An empty output is left out, because Proton's model knows none (choice). Raises
        ProvisioningError for a template that CloudFormation would refuse.
        """
        loaded = load_template(template, place)
        scope = _resolved(loaded, place)
        outputs = {}
        for output in loaded.outputs:
            if output.condition is None or scope.conditions[output.condition]:
                value = _output_text(output, scope)
                if value:
                    outputs[output.name] = value
        # Choice: a stack whose ARN is longer than an identifier may be is listed by its start.
        identifier = place.arn[:MAX_IDENTIFIER_CHARACTERS]
        return Provisioned(outputs, (ProvisionedResource(place.name, identifier),))

    def delete(self, place: StackPlace) -> None:
        """Nothing to delete: what was never there leaves nothing behind."""


def _resolved(template: Template, place: StackPlace) -> Scope:
    """Everything before the outputs. ProvisioningError if some of it can't be resolved."""
    check_values(template.parameters)
    values = {name: parameter.value(place) for name, parameter in template.parameters.items()}
    scope = Scope(place, template.mappings, values)
    for name, condition in template.conditions.items():
        value = condition.evaluate(scope) if isinstance(condition, Expression) else condition
        if not isinstance(value, bool):
            raise ProvisioningError(
                f"Template error: the condition {name[:255]} must evaluate to a boolean"
            )
        scope.conditions[name] = value

    resources = [
        resource
        for resource in template.resources
        if resource.condition is None or scope.conditions[resource.condition]
    ]
    if template.is_circular:
        resources = ordered_by_conditions(resources, scope.conditions)
    for resource in resources:
        properties = resource.properties
        if isinstance(properties, Expression):
            properties = properties.evaluate(scope)
        scope.resources[resource.logical_id] = Identity(
            place,
            resource.logical_id,
            resource.type_name,
            properties if isinstance(properties, dict) else {},
        )
    return scope


def _output_text(output: Output, scope: Scope) -> str:
    malformed = (
        f"Template format error: Output {output.name} is malformed. The Value field of every "
        "Outputs member must evaluate to a String."
    )
    value: Any = output.value
    if isinstance(value, Expression):
        value = value.evaluate(scope)
    if isinstance(output.export, Expression):
        text_of(output.export.evaluate(scope), malformed)
    text = text_of(value, malformed)
    return text
