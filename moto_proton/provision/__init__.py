"""Provisioning of infrastructure, behind one small interface.

Only the interface is imported with the package; the code that resolves templates is imported at its
first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto_proton.provision.provisioner import (
    Provisioned,
    ProvisionedResource,
    Provisioner,
    ProvisioningError,
    ProvisioningWarning,
    StackPlace,
)

if TYPE_CHECKING:
    from moto_proton.provision.resolving import ResolvingProvisioner

__all__ = [
    "Provisioned",
    "ProvisionedResource",
    "Provisioner",
    "ProvisioningError",
    "ProvisioningWarning",
    "ResolvingProvisioner",
    "StackPlace",
]


def __getattr__(name: str) -> Any:
    if name == "ResolvingProvisioner":
        from moto_proton.provision.resolving import ResolvingProvisioner

        return ResolvingProvisioner
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
