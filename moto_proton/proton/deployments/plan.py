"""What a state of a resource is provisioned with: decided here, carried out by ``provisioning``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from moto_proton.bundle import Infrastructure
from moto_proton.provision.provisioner import StackPlace

if TYPE_CHECKING:
    from moto_proton import render

    Parameters: TypeAlias = (
        render.EnvironmentParameters
        | render.ServiceInstanceParameters
        | render.ServicePipelineParameters
        | render.ComponentParameters
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of a state before their values are put in, the values, and where the stack goes.

    ``tags`` are those of the stack. A plan holds the outputs of others as they are when it is made.
    """

    infrastructure: Infrastructure
    parameters: Parameters
    place: StackPlace
    tags: Mapping[str, str]
