from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from moto_proton.provision import ResolvingProvisioner, StackPlace

Outputs = Callable[[str], Mapping[str, str]]


@pytest.fixture
def shop() -> StackPlace:
    """Where the shop's stack is."""
    return StackPlace(
        name="AWSProton-shop-dev-cloudformation--HMACANJOICKTLNG",
        id="5f0e7a3c-8f0b-4d0e-9f55-2d5a7c1d9d10",
        partition="aws",
        region="eu-west-1",
        account_id="123456789012",
    )


@pytest.fixture
def outputs(shop: StackPlace) -> Outputs:
    """The outputs of a template at the shop's stack."""

    def deploy(template: str) -> Mapping[str, str]:
        return ResolvingProvisioner().deploy(shop, template, {}).outputs

    return deploy
