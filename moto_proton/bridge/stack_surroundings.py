"""What a stack's resources are in moto, for the functions of its template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from moto_proton.bridge import stack_resources
from moto_proton.bridge.stack_types import backend_of
from moto_proton.provision.provisioner import ProvisioningError, StackPlace

_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(slots=True)
class MotoResources:
    """What a stack's resources and its surroundings are, for the functions of its template."""

    place: StackPlace
    template: Mapping[str, Any]
    stack: Any = field(default=None)

    def physical_id(self, logical_id: str) -> Any:
        """What ``Ref`` gives."""
        resource_type = self.template["Resources"][logical_id]["Type"]
        if stack_resources.is_skipped(resource_type):
            # moto: made up, since moto has no wait conditions.
            return f"https://cloudformation-waitcondition-{self.place.region}/{logical_id}"
        resource = self._resource(logical_id)
        identifier = getattr(resource, "physical_resource_id", None)
        if not isinstance(identifier, (str, int)) or identifier == "":
            raise ProvisioningError(
                f"Template error: moto gives no physical id to {logical_id} ({resource_type})"
            )
        return identifier

    def attribute(self, logical_id: str, name: str) -> Any:
        """What ``Fn::GetAtt`` gives, never empty."""
        resource_type = self.template["Resources"].get(logical_id, {}).get("Type", "unknown")
        if stack_resources.is_skipped(resource_type) and name == "Data":
            return "{}"
        resource = self._resource(logical_id)
        text = f"Template error: resource {logical_id} does not support attribute type {name} in "
        text += f"Fn::GetAtt (moto's {resource_type})"
        try:
            value = resource.get_cfn_attribute(name)
        except Exception as error:
            # moto: models know few of their attributes under CloudFormation's names.
            value = getattr(resource, _SNAKE.sub("_", name).lower(), None)
            if not isinstance(value, str):
                raise ProvisioningError(text) from error
        if value is None or value == "" or value == [] or isinstance(value, dict):
            raise ProvisioningError(text)
        return value if isinstance(value, (str, int, float, list)) else str(value)

    def zones(self, region: str) -> Sequence[str]:
        """The availability zones that moto's EC2 has, or three for another region."""
        zones = backend_of("ec2", self.place).describe_availability_zones()
        names = [zone.name for zone in zones if region == self.place.region]
        return names or [f"{region}{letter}" for letter in "abc"]

    def exported(self, name: str) -> str | None:
        """What a stack of the same account and region exports under this name."""
        export = backend_of("cloudformation", self.place).exports.get(name)
        return None if export is None else export.value

    def ssm_parameter(self, name: str) -> str | None:
        """The value of a parameter in moto's SSM."""
        try:
            parameter = backend_of("ssm", self.place).get_parameter(name)
        except Exception:
            return None
        return None if parameter is None else parameter.value

    def _resource(self, logical_id: str) -> Any:
        resource = self.stack.resource_map._parsed_resources.get(logical_id)
        if resource is None:
            raise ProvisioningError(
                "Template error: instance of Fn::GetAtt or Ref references undefined resource "
                f"{logical_id}"
            )
        return resource
