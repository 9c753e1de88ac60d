"""A deployment that takes long in one account and region, and calls in others meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest

from moto_proton import workplace
from moto_proton.mock import mock_proton
from moto_proton.provision import Provisioned, StackPlace
from moto_proton.seed import Seed

Client: TypeAlias = Any
ClientOf: TypeAlias = Callable[..., Client]

CIDR = "10.0.0.0/16"


class Gate:
    """Deploys in one region once it is told to, elsewhere at once."""

    def __init__(self, slow_region: str) -> None:
        self.slow_region = slow_region
        self.reached, self.opened = threading.Event(), threading.Event()

    def deploy(self, place: StackPlace, template: str, tags: Mapping[str, str]) -> Provisioned:
        if place.region == self.slow_region:
            self.reached.set()
            assert self.opened.wait(60)
        return Provisioned({"Region": place.region})

    def delete(self, place: StackPlace) -> None:
        """Nothing to delete."""


def test_a_slow_deployment_does_not_hold_up_another_region(
    client_of: ClientOf, bundle: Any
) -> None:
    gate = Gate("eu-west-1")
    clients = {region: client_of("proton", region) for region in ("eu-west-1", "us-east-1")}
    with mock_proton(config={"proton": {"provisioner": gate}}):
        for client in clients.values():
            Seed(client).environment_template("network", bundle=bundle("network"))

        def deploy(region: str) -> None:
            Seed(clients[region]).environment("dev", template="network", inputs={"cidr": CIDR})

        slow = threading.Thread(target=deploy, args=("eu-west-1",))
        slow.start()
        assert gate.reached.wait(60)

        deploy("us-east-1")

        outputs = clients["us-east-1"].list_environment_outputs(environmentName="dev")["outputs"]
        assert outputs == [{"key": "Region", "valueString": "us-east-1"}]
        assert not gate.opened.is_set()
        gate.opened.set()
        slow.join()
        environment = clients["eu-west-1"].get_environment(name="dev")["environment"]
        assert environment["deploymentStatus"] == "SUCCEEDED"


def test_in_one_region_a_call_sees_the_deployment_as_a_whole(
    client_of: ClientOf, bundle: Any
) -> None:
    gate = Gate("eu-west-1")
    client = client_of("proton", "eu-west-1")
    seen: list[str] = []
    with mock_proton(config={"proton": {"provisioner": gate}}):
        Seed(client).environment_template("network", bundle=bundle("network"))
        threads = [
            threading.Thread(
                target=lambda: Seed(client).environment(
                    "dev", template="network", inputs={"cidr": CIDR}
                )
            ),
            threading.Thread(
                target=lambda: seen.append(
                    client.get_environment(name="dev")["environment"]["deploymentStatus"]
                )
            ),
        ]
        threads[0].start()
        assert gate.reached.wait(60)
        threads[1].start()
        gate.opened.set()
        for thread in threads:
            thread.join()

    assert seen == ["SUCCEEDED"]


def test_a_test_may_have_the_child_process_of_the_server(
    client_of: ClientOf, bundle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto_proton.workplace.children import Children

    there: list[str] = []
    original: Callable[..., Any] = Children.run

    def run(self: Children, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        there.append(function.__name__)
        return original(self, function, args)

    monkeypatch.setattr(Children, "run", run)
    client = client_of("proton", "eu-west-1")
    with mock_proton(config={"proton": {"child_process": True}}):
        Seed(client).environment_template("network", bundle=bundle("network"))
        Seed(client).environment("dev", template="network", inputs={"cidr": "10.9.0.0/16"})

    assert {"_accepted", "_template", "_deployed"} <= set(there)
    # What is chosen for a mock ends with its requests.
    before = len(there)
    assert workplace.run(len, "abc") == 3
    assert len(there) == before
