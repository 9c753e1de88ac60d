"""What a template uses from outside: zones, exports of other stacks, SSM parameters.

For the default provisioner these do not exist, so the values are made up like those of
:mod:`~moto_proton.provision.identities`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from moto_proton.provision.identities import Facts
from moto_proton.provision.provisioner import StackPlace
from moto_proton.provision.resource_types import ResourceType


class Surroundings(Protocol):
    """What exists outside of the stack at a place."""

    def availability_zones(self, place: StackPlace, region: str) -> Sequence[str]:
        """The zones of a region, which may be another than the stack's."""

    def exported(self, place: StackPlace, name: str) -> str:
        """What another stack exports under this name. ProvisioningError if none does."""

    def ssm_parameter(self, place: StackPlace, name: str, value_type: str) -> str:
        """The value of a parameter of the SSM parameter store; one that is a list has commas.

        ``value_type`` is the type that the template expects, such as ``AWS::EC2::Image::Id`` or
        ``List<String>``. ProvisioningError if there is none.
        """


class PlausibleSurroundings:
    """Made-up surroundings, in which everything exists and always has the same value."""

    def availability_zones(self, place: StackPlace, region: str) -> Sequence[str]:
        """Three zones of the region; choice: real ones differ by region and account."""
        return (f"{region}a", f"{region}b", f"{region}c")

    def exported(self, place: StackPlace, name: str) -> str:
        """A value for any name; the same wherever the account imports it.

        Choice: the exports of stacks outside of Proton can't be known, so each has a value.
        """
        last_word = re.split(r"[^A-Za-z0-9]", name)[-1] or name
        seed = f"{place.account_id}/{place.region}/{name}"
        exporting = replace(place, name="shared")
        facts = Facts(exporting, seed, "Export", ResourceType(), "AWS::CloudFormation::Stack", {})
        return facts.plausible(last_word)

    def ssm_parameter(self, place: StackPlace, name: str, value_type: str) -> str:
        """A value of the type for any name; two values, where the type is a list."""
        if value_type == "CommaDelimitedList" or value_type.startswith("List<"):
            item = value_type.removeprefix("List<").removesuffix(">")
            return ",".join(self.ssm_parameter(place, f"{name}/{part}", item) for part in "ab")
        seed = f"{place.account_id}/{place.region}/{name}"
        facts = Facts(place, seed, "Parameter", ResourceType(), "AWS::SSM::Parameter", {})
        if "Image::Id" in value_type or "/ami-" in name or "image" in name:
            return facts.filled("ami-{hex17}")
        if value_type.startswith("AWS::"):
            # AWS::EC2::VPC::Id to VpcId, AWS::EC2::KeyPair::KeyName to KeyName.
            *_, kind, attribute = value_type.removesuffix(">").split("::")
            return facts.plausible(f"{kind}{attribute}")
        last_part = name.rstrip("/").rpartition("/")[2]
        words = "".join(
            word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]", last_part)
        )
        return facts.plausible(words or "Value")


PLAUSIBLE: Final = PlausibleSurroundings()
