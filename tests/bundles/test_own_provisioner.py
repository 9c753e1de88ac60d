"""A provisioner of the caller's own, given in the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest

from moto_proton.mock import mock_proton
from moto_proton.provision import Provisioned, ProvisioningError, StackPlace
from moto_proton.seed import Seed

Client: TypeAlias = Any
ClientOf: TypeAlias = Callable[..., Client]

CIDR = "10.0.0.0/16"


class Ledger:
    """Provisions nothing and writes down what it is asked for."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.refuses = ""

    def deploy(self, place: StackPlace, template: str, tags: Mapping[str, str]) -> Provisioned:
        if self.refuses:
            raise ProvisioningError(self.refuses)
        self.entries.append(f"deploy {place.account_id} {tags['proton:account']}")
        return Provisioned({"Network": template.splitlines()[0]})

    def delete(self, place: StackPlace) -> None:
        if self.refuses:
            raise ProvisioningError(self.refuses)
        self.entries.append("delete")


def test_a_provisioner_of_one_s_own_takes_the_place(client_of: ClientOf, bundle: Any) -> None:
    ledger = Ledger()
    client = client_of("proton")

    with mock_proton(config={"proton": {"provisioner": ledger}}):
        seed = Seed(client)
        seed.environment_template("network", bundle=bundle("network"))
        seed.environment("dev", template="network", inputs={"cidr": CIDR})

        outputs = client.list_environment_outputs(environmentName="dev")["outputs"]
        assert outputs == [{"key": "Network", "valueString": "Description: The network dev."}]
        listed = client.list_environment_provisioned_resources(environmentName="dev")
        assert listed["provisionedResources"] == []
        assert ledger.entries == ["deploy 123456789012 123456789012"]

        ledger.refuses = "out of space"
        client.delete_environment(name="dev")
        stuck = client.get_environment(name="dev")["environment"]
        assert stuck["deploymentStatus"] == "DELETE_FAILED"
        assert stuck["deploymentStatusMessage"] == "out of space"

        ledger.refuses = ""
        client.delete_environment(name="dev")
        assert client.list_environments()["environments"] == []
        assert ledger.entries == ["deploy 123456789012 123456789012", "delete"]


class Careless:
    """Provisions by calling a function, and does not care what that does."""

    def __init__(self, outputs: Callable[[], Any]) -> None:
        self.outputs = outputs

    def deploy(self, place: StackPlace, template: str, tags: Mapping[str, str]) -> Provisioned:
        return Provisioned(self.outputs())

    def delete(self, place: StackPlace) -> None:
        raise KeyError("no such stack")


def out_of_order() -> Any:
    raise RuntimeError("out of order")


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (out_of_order, "The provisioner failed: RuntimeError('out of order')"),
        (lambda: {"Port": 80}, "Output Port is no text but 80"),
        (lambda: {"Port": ""}, "Output Port has 0 characters, but it may have 1 to 1024"),
        (lambda: {"P" * 1025: "80"}, "has 1025 characters, but it may have 1 to 1024"),
        (lambda: None, "The provisioner failed: AttributeError"),
    ],
)
def test_whatever_it_does_fails_the_deployment_and_nothing_else(
    client_of: ClientOf, outputs: Callable[[], Any], message: str
) -> None:
    client = client_of("proton")

    with mock_proton(config={"proton": {"provisioner": Careless(outputs)}}):
        environment = Seed(client).environment("dev", may_fail=True)

        assert environment["deploymentStatus"] == "FAILED"
        assert message in environment["deploymentStatusMessage"]
        client.delete_environment(name="dev")
        stuck = client.get_environment(name="dev")["environment"]
        assert stuck["deploymentStatus"] == "DELETE_FAILED"
        assert "no such stack" in stuck["deploymentStatusMessage"]


def test_it_may_ask_proton_itself(client_of: ClientOf) -> None:
    client = client_of("proton")
    seen: list[str] = []

    def look() -> dict[str, str]:
        seen.append(client.get_environment(name="dev")["environment"]["deploymentStatus"])
        return {"Looked": "once"}

    with mock_proton(config={"proton": {"provisioner": Careless(look)}}):
        Seed(client).environment("dev", may_fail=True)

        outputs = client.list_environment_outputs(environmentName="dev")["outputs"]
        assert outputs == [{"key": "Looked", "valueString": "once"}]
    assert seen == ["IN_PROGRESS"]
