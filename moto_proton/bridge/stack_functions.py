"""CloudFormation's parameters, conditions and intrinsic functions, evaluated for real resources.

moto evaluates them too, but leaves what it can't evaluate as it is, knows one partition only and
doesn't see that a changed default changes a resource. What a resource is called and what its
attributes are comes from a :class:`LiveResources`. Source: the CloudFormation template reference.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from moto_proton.provision.provisioner import ProvisioningError, StackPlace

_MOST_CHARACTERS: Final = 5_000_000
_NOTHING: Final = object()
_PLACEHOLDER: Final = re.compile(r"\$\{([^}]*)\}")
_SUFFIX: Final[Mapping[str, str]] = {
    "aws-cn": "amazonaws.com.cn",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-eusc": "amazonaws.eu",
}


class LiveResources(Protocol):
    """What the functions ask of the world."""

    def physical_id(self, logical_id: str) -> Any:
        """What ``Ref`` gives for a resource that exists."""

    def attribute(self, logical_id: str, name: str) -> Any:
        """What ``Fn::GetAtt`` gives for a resource that exists."""

    def zones(self, region: str) -> Sequence[str]:
        """The names of a region's availability zones."""

    def exported(self, name: str) -> str | None:
        """The value that another stack exports under this name."""

    def ssm_parameter(self, name: str) -> str | None:
        """The value of an SSM parameter of the stack's account and region."""


class Functions:
    """A template's parameters, conditions and functions.

    ``parameters`` holds the values of the parameters: their defaults, since Proton passes none.
    Everything raises :class:`ProvisioningError` for what can't be evaluated.
    """

    def __init__(self, template: Mapping[str, Any], place: StackPlace, live: LiveResources) -> None:
        self._live = live
        self._characters = 0
        self._mappings: Mapping[str, Any] = template.get("Mappings", {})
        self._conditions: Mapping[str, Any] = template.get("Conditions", {})
        self._known_conditions: dict[str, bool] = {}
        self._open_conditions: list[str] = []
        self._resources: Mapping[str, Any] = template["Resources"]
        self._pseudo: Mapping[str, Any] = {
            "AWS::AccountId": place.account_id,
            "AWS::NoValue": _NOTHING,
            "AWS::NotificationARNs": [],
            "AWS::Partition": place.partition,
            "AWS::Region": place.region,
            "AWS::StackId": place.arn,
            "AWS::StackName": place.name,
            "AWS::URLSuffix": _SUFFIX.get(place.partition, "amazonaws.com"),
        }
        self.parameters = self._read_parameters(template.get("Parameters", {}))
        for name in self._conditions:
            self.condition(name)
        self.existing: tuple[str, ...] = tuple(
            logical_id
            for logical_id, resource in self._resources.items()
            if "Condition" not in resource or self.condition(resource["Condition"])
        )

    def condition(self, name: str) -> bool:
        """Whether a condition holds."""
        if name in self._known_conditions:
            return self._known_conditions[name]
        if name not in self._conditions:
            raise ProvisioningError(
                f"Template format error: Unresolved condition dependency {name}"
            )
        if name in self._open_conditions:
            raise ProvisioningError(
                f"Template format error: Circular dependency of the condition {name}"
            )
        self._open_conditions.append(name)
        self._known_conditions[name] = self._holds(self._conditions[name])
        self._open_conditions.remove(name)
        return self._known_conditions[name]

    def value(self, node: Any) -> Any:
        """A part of the template with every function evaluated; ``None`` for no value."""
        result = self._value(node)
        return None if result is _NOTHING else result

    def text(self, node: Any, where: str) -> str:
        """The same, which must be text or a number."""
        return _text(self._value(node), where)

    def dependencies(self, logical_id: str) -> tuple[str, ...]:
        """The resources that must be there before this one, each once."""
        resource = self._resources[logical_id]
        depends_on = resource.get("DependsOn", [])
        named = [depends_on] if isinstance(depends_on, str) else depends_on
        found = dict.fromkeys(self.references(resource.get("Properties", {}), "Resources"))
        for name in named:
            if name not in self._resources:
                raise self._unresolved(name, "Resources")
            if name in self.existing:
                found[name] = None
        found.pop(logical_id, None) if logical_id in named else None
        return tuple(found)

    def references(self, node: Any, section: str) -> Iterator[str]:
        """The resources that a part of the template refers to, ``Fn::If`` decided."""
        if isinstance(node, list):
            for item in node:
                yield from self.references(item, section)
            return
        if not isinstance(node, dict):
            return
        if len(node) == 1:
            [(name, argument)] = node.items()
            if name == "Ref":
                yield from self._checked_reference(argument, section)
                return
            if name == "Fn::GetAtt":
                yield from self._checked_reference(_attribute(argument)[0], section)
                return
            if name == "Fn::If":
                yield from self.references(self._branch(argument), section)
                return
            if name == "Fn::Sub":
                text, variables = _sub(argument)
                yield from self.references(variables, section)
                for placeholder in _PLACEHOLDER.findall(text):
                    wanted = placeholder.strip()
                    if not wanted.startswith("!") and wanted not in variables:
                        yield from self._checked_reference(wanted.split(".")[0], section)
                return
        for value in node.values():
            yield from self.references(value, section)

    def _checked_reference(self, name: Any, section: str) -> Iterator[str]:
        if isinstance(name, str) and (name in self.parameters or name in self._pseudo):
            return
        if not isinstance(name, str) or name not in self.existing:
            raise self._unresolved(name, section)
        yield name

    @staticmethod
    def _unresolved(name: Any, section: str) -> ProvisioningError:
        return ProvisioningError(
            f"Template format error: Unresolved resource dependencies [{name}] in the "
            f"{section} block of the template"
        )

    # Parameters and conditions

    def _read_parameters(self, declared: Mapping[str, Any]) -> dict[str, Any]:
        if missing := [name for name, slot in declared.items() if slot.get("Default") is None]:
            # Proton: stacks get no parameters, everything is rendered into the template.
            raise ProvisioningError(f"Parameters: [{', '.join(missing)}] must have values")
        values: dict[str, Any] = {}
        for name, slot in declared.items():
            value, kind = slot["Default"], str(slot.get("Type", "String"))
            if isinstance(value, (list, dict)):
                raise ProvisioningError(
                    f"Template format error: Every Default member must be a string: {name}"
                )
            allowed = slot.get("AllowedValues")
            if isinstance(allowed, list) and _scalar(value) not in map(_scalar, allowed):
                raise ProvisioningError(
                    f"Template format error: Parameter '{name}' must be one of AllowedValues"
                )
            if kind.startswith("AWS::SSM::Parameter::Value<"):
                stored = self._live.ssm_parameter(_scalar(value))
                if stored is None:
                    raise ProvisioningError(
                        f"Unable to fetch parameters [{value}] from parameter store for this "
                        "account."
                    )
                value = stored
            if "List" in kind:
                value = [item.strip() for item in _scalar(value).split(",")]
            values[name] = value
        return values

    def _holds(self, node: Any) -> bool:
        if not isinstance(node, dict) or len(node) != 1:
            raise ProvisioningError("Template format error: Conditions can only be boolean.")
        [(name, argument)] = node.items()
        if name == "Condition":
            return self.condition(argument)
        arguments = argument if isinstance(argument, list) else [argument]
        if name == "Fn::Equals" and len(arguments) == 2:
            first, second = (self._value(part) for part in arguments)
            return bool(_comparable(first) == _comparable(second))
        if name == "Fn::Not" and len(arguments) == 1:
            return not self._holds(arguments[0])
        if name == "Fn::And" and arguments:
            return False not in [self._holds(part) for part in arguments]
        if name == "Fn::Or" and arguments:
            return True in [self._holds(part) for part in arguments]
        raise ProvisioningError(f"Template validation error: {name} in a condition")

    def _branch(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
            raise ProvisioningError(
                "Template error: Fn::If requires a list argument with three elements"
            )
        return argument[1] if self.condition(argument[0]) else argument[2]

    # Functions

    def _spend(self, characters: int) -> None:
        """Account for text; a template may ask for far more of it than it has itself."""
        self._characters += characters
        if self._characters > _MOST_CHARACTERS:
            raise ProvisioningError(
                f"Template error: its functions give more than {_MOST_CHARACTERS} characters"
            )

    def _value(self, node: Any) -> Any:
        if isinstance(node, list):
            items = [self._value(item) for item in node]
            return [item for item in items if item is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(name, argument)] = node.items()
            if name == "Ref" or str(name).startswith("Fn::"):
                return self._call(name, argument)
        values = {key: self._value(value) for key, value in node.items()}
        return {key: value for key, value in values.items() if value is not _NOTHING}

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Ref":
            return self._ref(argument)
        if name == "Fn::If":
            return self._value(self._branch(argument))
        result = self._called(name, argument)
        if isinstance(result, str):
            self._spend(len(result))
        return result

    def _called(self, name: str, argument: Any) -> Any:
        if name == "Fn::GetAtt":
            logical_id, attribute = _attribute(argument)
            return self._live.attribute(logical_id, self.text(attribute, name))
        if name == "Fn::Sub":
            return self._sub(argument)
        function = _FUNCTIONS.get(name)
        if function is None:
            raise ProvisioningError(f"Template error: the function {name} is not supported")
        value = self._value(argument)
        try:
            return function(self, value)
        except (ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
            raise ProvisioningError(
                f"Template error: {name} can't be evaluated for {json.dumps(value)[:200]}"
            ) from error

    def _ref(self, name: Any) -> Any:
        if not isinstance(name, str):
            raise ProvisioningError("Template format error: a Ref must be a name")
        if name in self.parameters:
            return self.parameters[name]
        if name in self._pseudo:
            return self._pseudo[name]
        if name not in self.existing:
            raise self._unresolved(name, "Resources")
        return self._live.physical_id(name)

    def _sub(self, argument: Any) -> str:
        text, variables = _sub(argument)

        def replacement(match: re.Match[str]) -> str:
            wanted = match[1].strip()
            if wanted.startswith("!"):
                return f"${{{wanted[1:]}}}"
            replaced = substitute(wanted)
            self._spend(len(replaced))
            return replaced

        def substitute(wanted: str) -> str:
            if wanted in variables:
                return self.text(variables[wanted], "Fn::Sub")
            logical_id, dot, attribute = wanted.partition(".")
            if dot:
                return _text(self._live.attribute(logical_id, attribute), "Fn::Sub")
            return _text(self._ref(wanted), "Fn::Sub")

        return _PLACEHOLDER.sub(replacement, text)

    def _find_in_map(self, argument: list[Any]) -> Any:
        map_name, first, second = argument[:3]
        try:
            return self._mappings[map_name][_scalar(first)][_scalar(second)]
        except (KeyError, TypeError):
            if len(argument) > 3 and "DefaultValue" in argument[3]:
                return argument[3]["DefaultValue"]
            raise ProvisioningError(
                f"Template error: Unable to get mapping for {map_name}::{first}::{second}"
            ) from None

    def _select(self, argument: list[Any]) -> Any:
        index, values = int(argument[0]), argument[1]
        if not isinstance(values, list) or not 0 <= index < len(values):
            raise ProvisioningError(
                f"Template error: Fn::Select cannot select nonexistent value at index {index}"
            )
        return values[index]

    def _zones(self, argument: Any) -> list[str]:
        return list(self._live.zones(argument or self._pseudo["AWS::Region"]))

    def _import(self, argument: str) -> str:
        value = self._live.exported(argument)
        if value is None:
            raise ProvisioningError(f"No export named {argument} found.")
        return value


def _join(functions: Functions, argument: list[Any]) -> str:
    delimiter, values = argument
    if not isinstance(delimiter, str) or not isinstance(values, list):
        raise TypeError
    texts = [_text(value, "Fn::Join") for value in values]
    functions._spend(len(delimiter) * len(texts))
    return delimiter.join(texts)


def _split(_: Functions, argument: list[Any]) -> list[str]:
    delimiter, text = argument
    return _text(text, "Fn::Split").split(delimiter)


def _cidr(_: Functions, argument: list[Any]) -> list[str]:
    block, count = ipaddress.ip_network(argument[0]), int(argument[1])
    host_bits = int(argument[2]) if len(argument) > 2 else 8
    if not 1 <= count <= 256:
        raise ValueError
    subnets = block.subnets(new_prefix=block.max_prefixlen - host_bits)
    return [str(next(subnets)) for _ in range(min(count, block.num_addresses >> host_bits))]


_FUNCTIONS: Final[Mapping[str, Callable[[Functions, Any], Any]]] = {
    "Fn::Base64": lambda _, value: base64.b64encode(_text(value, "Fn::Base64").encode()).decode(),
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": Functions._find_in_map,
    "Fn::GetAZs": Functions._zones,
    "Fn::ImportValue": Functions._import,
    "Fn::Join": _join,
    "Fn::Length": lambda _, value: len(value),
    "Fn::Select": Functions._select,
    "Fn::Split": _split,
    "Fn::ToJsonString": lambda _, value: json.dumps(value, separators=(",", ":")),
}


def _attribute(argument: Any) -> tuple[str, Any]:
    if isinstance(argument, str) and "." in argument:
        logical_id, _, attribute = argument.partition(".")
        return logical_id, attribute
    if isinstance(argument, list) and len(argument) >= 2 and isinstance(argument[0], str):
        if len(argument) == 2:
            return argument[0], argument[1]
        if all(isinstance(part, str) for part in argument):
            return argument[0], ".".join(argument[1:])
    raise ProvisioningError(
        "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource "
        "name and the resource attribute"
    )


def _sub(argument: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(argument, str):
        return argument, {}
    if (
        isinstance(argument, list)
        and len(argument) == 2
        and isinstance(argument[0], str)
        and isinstance(argument[1], dict)
    ):
        return argument[0], argument[1]
    raise ProvisioningError(
        "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments"
    )


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _comparable(value: Any) -> Any:
    return value if isinstance(value, (list, dict)) else _scalar(value)


def _text(value: Any, where: str) -> str:
    if isinstance(value, (str, int, float)):
        return _scalar(value)
    shown = "no value" if value is _NOTHING or value is None else json.dumps(value)[:200]
    raise ProvisioningError(f"Template error: {where} needs text and got {shown}")
