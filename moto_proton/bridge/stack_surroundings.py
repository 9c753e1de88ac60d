"""What the functions of a template may refer to in moto: resources, exports, parameters, zones.

``provision`` evaluates the functions; this module looks up what they refer to. The default
provisioner makes up values; these are moto's real ones, and what does not exist is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from moto_proton.bridge.stack_types import backend_of, name_property
from moto_proton.provision.provisioner import ProvisioningError, StackPlace

_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class MotoResource:
    """A resource of a stack in moto, looked up at each use; see ``StackResource``.

    ``missing`` works out an attribute that moto's model lacks, given this resource, the resource as
    it is in the template, and the name of the attribute; None if there is none of this name.
    """

    logical_id: str
    type_name: str
    stack: Any
    missing: Callable[[MotoResource, Mapping[str, Any], str], Any] | None = None

    @property
    def reference(self) -> str:
        """What ``Ref`` gives."""
        resource = self._resource()
        identifier = getattr(resource, "physical_resource_id", None)
        if not _is_scalar(identifier):
            # moto: a model that gives none may have it as its name or its id.
            properties = self.stack.resource_map._resource_json_map[self.logical_id]["Properties"]
            named = properties.get(name_property(self.type_name))
            identifier = named or getattr(resource, "id", None)
        if not _is_scalar(identifier):
            raise ProvisioningError(
                f"Template error: moto gives no physical id to {self.logical_id} ({self.type_name})"
            )
        return str(identifier)

    def attribute(self, name: str) -> Any:
        """What ``Fn::GetAtt`` gives, never empty."""
        value = self._attribute_in_moto(name)
        if value is None and self.missing is not None:
            resource_json = self.stack.resource_map._resource_json_map[self.logical_id]
            value = self.missing(self, resource_json, name)
        if value is None:
            raise ProvisioningError(
                f"Template error: resource {self.logical_id} does not support attribute type "
                f"{name} in Fn::GetAtt (moto's {self.type_name})"
            )
        return value

    def _attribute_in_moto(self, name: str) -> Any:
        resource = self._resource()
        try:
            value = resource.get_cfn_attribute(name)
        except Exception:
            # moto: its models know only few attributes by CloudFormation's names.
            snake = _SNAKE.sub("_", name).lower() if name.isalnum() else ""
            value = getattr(resource, snake, None)
            return value if _is_scalar(value) else None
        if value is None or value == "" or value == [] or isinstance(value, dict):
            return None
        return value if isinstance(value, (str, int, float, list)) else str(value)

    def attribute_list(self, name: str) -> Any:
        """The same for functions that need a list; they refuse any other value."""
        return self.attribute(name)

    def _resource(self) -> Any:
        resource = self.stack.resource_map._parsed_resources.get(self.logical_id)
        if resource is None:
            raise ProvisioningError(
                "Template error: instance of Fn::GetAtt or Ref references undefined resource "
                f"{self.logical_id}"
            )
        return resource


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""


class MotoSurroundings:
    """What moto has outside of a stack; see ``Surroundings``."""

    def availability_zones(self, place: StackPlace, region: str) -> Sequence[str]:
        """The availability zones that moto's EC2 has, or three for another region."""
        zones = backend_of("ec2", place).describe_availability_zones()
        names = [zone.name for zone in zones if region == place.region]
        return names or [f"{region}{letter}" for letter in "abc"]

    def exported(self, place: StackPlace, name: str) -> str:
        """What a stack of the same account and region exports under this name."""
        export = backend_of("cloudformation", place).exports.get(name)
        if export is None:
            raise ProvisioningError(f"No export named {name} found.")
        return str(export.value)

    def ssm_parameter(self, place: StackPlace, name: str, value_type: str) -> str:
        """The value of a parameter in moto's SSM."""
        try:
            parameter = backend_of("ssm", place).get_parameter(name)
        except Exception:
            parameter = None
        if parameter is None:
            raise ProvisioningError(
                f"Unable to fetch parameters [{name}] from parameter store for this account."
            )
        return str(parameter.value)
