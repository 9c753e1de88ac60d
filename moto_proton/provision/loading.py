"""The text of a CloudFormation template, checked as CloudFormation checks it on a deployment.

:mod:`~moto_proton.provision.template` decides which parts of a template exist in a stack.

Source: the CloudFormation user guide (template anatomy); error messages are CloudFormation's where
users have reported them; a comment says where they are a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from moto_proton.provision.expressions import Expression, compiled, expressions_in
from moto_proton.provision.ordering import Circular, in_order
from moto_proton.provision.parameters import Parameter, read_parameters
from moto_proton.provision.provisioner import ProvisioningError, StackPlace
from moto_proton.provision.reading import read
from moto_proton.provision.scope import PSEUDO_PARAMETERS, unresolved
from moto_proton.provision.template import (
    MOST,
    Output,
    Resource,
    Template,
    check_number,
    in_order_of_need,
    malformed_properties,
)
from moto_proton.provision.transforms import transformed
from moto_proton.remembering import remembering

_SECTIONS: Final = frozenset(
    {
        "AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata",
        "Outputs", "Parameters", "Resources", "Rules", "Transform",
    }
)  # fmt: skip
_RESOURCE_MEMBERS: Final = frozenset(
    {
        "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties",
        "Type", "UpdatePolicy", "UpdateReplacePolicy",
    }
)  # fmt: skip
_CUSTOM_RESOURCE: Final = "AWS::CloudFormation::CustomResource"
# Rule 15-4: the syntax of custom resources in CloudFormation's user guide has it beside the type.
_CUSTOM_MEMBERS: Final = frozenset({"Version"})
_POLICIES: Final = frozenset({"DeletionPolicy", "UpdateReplacePolicy"})
_NO_POLICIES: Final[Mapping[str, Any]] = {}
_ALPHANUMERIC: Final = re.compile(r"[A-Za-z0-9]{1,255}")
_TYPE: Final = re.compile(r"Custom::[A-Za-z0-9_@:-]{1,60}|[A-Za-z0-9]+(?:::[A-Za-z0-9]+)+")
# Characters of the cached templates; a template takes about 25 bytes for each.
_REMEMBERED: Final = 500_000


def load_template(text: str, place: StackPlace) -> Template:
    """The template in a text, cached by text. ProvisioningError for one that is not valid.

    Its serverless resources are expanded for the region and account of the place.
    """
    return _template(text, place.partition, place.region, place.account_id)


@remembering(lambda text, *_: len(text), _REMEMBERED)
def _template(text: str, partition: str, region: str, account_id: str) -> Template:
    return _checked(transformed(read(text), partition, region, account_id))


def _checked(data: Mapping[str, Any]) -> Template:
    unknown = [name[:255] for name in data if name not in _SECTIONS]
    if unknown:
        raise ProvisioningError(f"Invalid template property or properties [{', '.join(unknown)}]")
    if data.get("AWSTemplateFormatVersion", "2010-09-09") != "2010-09-09":
        raise ProvisioningError(
            "Template format error: unsupported value for AWSTemplateFormatVersion."
        )
    _check_numbers(data)
    parameters = read_parameters(_section(data, "Parameters"))
    conditions = {
        name: compiled(value, "Conditions") for name, value in _section(data, "Conditions").items()
    }
    resources = [_resource(name, value) for name, value in _section(data, "Resources").items()]
    if not resources:
        raise ProvisioningError(
            "Template format error: At least one Resources member must be defined."
        )
    outputs = [_output(name, value) for name, value in _section(data, "Outputs").items()]
    _check_names(parameters, conditions, resources, outputs)
    ordered, is_circular = _ordered(resources)
    description = data.get("Description")
    return Template(
        parameters,
        _mappings(_section(data, "Mappings")),
        _ordered_conditions(conditions),
        ordered,
        is_circular,
        outputs,
        description if isinstance(description, str) else None,
    )


def _section(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = data.get(name, {})
    if not isinstance(section, dict):
        raise ProvisioningError(f"Template format error: {name} must be an object.")
    return section


def _check_numbers(data: Mapping[str, Any]) -> None:
    for name in MOST:
        check_number(name, len(_section(data, name)))


def _check_alphanumeric(kind: str, name: str) -> None:
    if not _ALPHANUMERIC.fullmatch(name):
        raise ProvisioningError(
            f"Template format error: {kind} name {name[:255]} is non alphanumeric."
        )


def _condition_of(value: Mapping[str, Any]) -> str | None:
    condition = value.get("Condition")
    if condition is not None and not isinstance(condition, str):
        raise ProvisioningError("Template format error: Every Condition member must be a string.")
    return condition


def _resource(logical_id: str, value: Any) -> Resource:
    _check_alphanumeric("Resource", logical_id)
    if not isinstance(value, dict):
        raise ProvisioningError(
            f"Template format error: [/Resources/{logical_id}] resource definition is malformed"
        )
    type_name = value.get("Type")
    if type_name is None:
        raise ProvisioningError(
            f"Template format error: [/Resources/{logical_id}] Every Resources object must contain "
            "a Type member."
        )
    if not isinstance(type_name, str):
        raise ProvisioningError("Template format error: Every Type member must be a string.")
    if not _TYPE.fullmatch(type_name):
        raise ProvisioningError(
            f"Template format error: Unrecognized resource types: [{type_name[:255]}]"
        )
    is_custom = type_name.startswith("Custom::") or type_name == _CUSTOM_RESOURCE
    known = _RESOURCE_MEMBERS | _CUSTOM_MEMBERS if is_custom else _RESOURCE_MEMBERS
    unknown = [name[:255] for name in value if name not in known]
    if unknown:
        raise ProvisioningError(f"Invalid template resource property '{unknown[0]}'")
    properties = compiled(value.get("Properties", {}), "Resources")
    if not isinstance(properties, (dict, Expression)):
        raise malformed_properties(logical_id)
    given = value.get("DependsOn", [])
    depends_on = [given] if isinstance(given, str) else given
    if not isinstance(depends_on, list) or not all(isinstance(name, str) for name in depends_on):
        raise ProvisioningError(
            "Template format error: DependsOn must be a string or list of strings."
        )
    condition = _condition_of(value)
    policies = _NO_POLICIES
    if not _POLICIES.isdisjoint(value):
        named = sorted(_POLICIES & value.keys())
        policies = {name: compiled(value[name], "Resources") for name in named}
    return Resource(logical_id, type_name, properties, condition, tuple(depends_on), policies)


def _output(name: str, value: Any) -> Output:
    _check_alphanumeric("Output", name)
    if not isinstance(value, dict) or "Value" not in value:
        raise ProvisioningError(
            "Template format error: Every Outputs member must contain a Value object"
        )
    result = compiled(value["Value"], "Outputs")
    export = value.get("Export", {})
    if not isinstance(export, dict) or (export and "Name" not in export):
        raise ProvisioningError(
            f"Template format error: Output {name} is malformed. Its Export must have a Name."
        )
    exported = compiled(export.get("Name"), "Outputs")
    description = value.get("Description")
    return Output(
        name,
        result,
        _condition_of(value),
        exported,
        description if isinstance(description, str) else None,
    )


def _mappings(section: Mapping[str, Any]) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    for name, mapping in section.items():
        rows = mapping.values() if isinstance(mapping, dict) else [mapping]
        for row in rows:
            if not isinstance(row, dict):
                raise ProvisioningError(
                    f"Template format error: Mappings member {name[:255]} must be a map of maps."
                )
            for value in row.values():
                items = value if isinstance(value, list) else [value]
                if not all(isinstance(item, (str, int, float)) for item in items):
                    raise ProvisioningError(
                        "Template format error: Every Mappings attribute must be a String or a "
                        "List."
                    )
    return section


def _check_names(
    parameters: Mapping[str, Parameter],
    conditions: Mapping[str, Any],
    resources: Sequence[Resource],
    outputs: Sequence[Output],
) -> None:
    """Refuse a reference to a parameter, a resource or a condition that does not exist."""
    logical_ids = {resource.logical_id for resource in resources}
    twice = sorted(logical_ids & parameters.keys())
    if twice:
        raise ProvisioningError(
            f"Template format error: Duplicate name {twice[0]} in Parameters and Resources"
        )
    plain = parameters.keys() | PSEUDO_PARAMETERS
    for value in conditions.values():
        _check_expressions(value, "Conditions", plain, frozenset(), conditions)
    for resource in resources:
        for name in resource.depends_on:
            if name not in logical_ids:
                raise unresolved(name[:255], "Resources")
        _check_condition(resource.condition, "Resources", conditions)
        _check_expressions(resource.properties, "Resources", plain, logical_ids, conditions)
        for policy in resource.policies.values():
            _check_expressions(policy, "Resources", plain, frozenset(), conditions)
    for output in outputs:
        _check_condition(output.condition, "Outputs", conditions)
        for value in (output.value, output.export):
            _check_expressions(value, "Outputs", plain, logical_ids, conditions)


def _check_expressions(
    value: Any,
    block: str,
    plain: Iterable[str],
    logical_ids: Iterable[str],
    conditions: Mapping[str, Any],
) -> None:
    for expression in expressions_in(value):
        _check_condition(expression.asks(), block, conditions)
        name = expression.refers_to()
        if name is None or name in logical_ids:
            continue
        if expression.needs_resource:
            if block == "Conditions":
                raise unresolved(name[:255], block)
            raise ProvisioningError(
                f"Template error: instance of Fn::GetAtt references undefined resource {name[:255]}"
            )
        if name not in plain:
            raise unresolved(name[:255], block)


def _check_condition(name: str | None, block: str, conditions: Mapping[str, Any]) -> None:
    if name is not None and name not in conditions:
        raise ProvisioningError(
            f"Template format error: Unresolved condition dependency {name[:255]} in the {block} "
            "block of the template"
        )


def _ordered_conditions(conditions: Mapping[str, Any]) -> Mapping[str, Any]:
    needs = {
        name: dict.fromkeys(
            asked for found in expressions_in(value) if (asked := found.asks()) is not None
        )
        for name, value in conditions.items()
    }
    try:
        return {name: conditions[name] for name in in_order(needs)}
    except Circular as circular:
        # The wording is a choice.
        raise ProvisioningError(
            f"Template format error: Circular dependency between conditions: [{circular}]"
        ) from None


def _ordered(resources: Sequence[Resource]) -> tuple[Sequence[Resource], bool]:
    try:
        return in_order_of_need(resources), False
    except ProvisioningError:
        if any(map(_is_conditional, resources)):
            return resources, True
        raise


def _is_conditional(resource: Resource) -> bool:
    asked = (found.asks() for found in expressions_in(resource.properties))
    return resource.condition is not None or any(name is not None for name in asked)
