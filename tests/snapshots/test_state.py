"""All that the mock of Proton holds: taken, put back, and told apart from what it was.

That a state put back answers each get and list as it did, and that every change that can be seen
is told apart, is held against random calls in ``tests/properties``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from dulwich.repo import Repo

from moto_proton import faults, git, mock_proton
from moto_proton.mock import MockProton
from moto_proton.proton.snapshots import CannotSnapshotError, Snapshot
from moto_proton.proton.state import fingerprint, restore, snapshot
from moto_proton.provision.provisioner import Provisioned
from moto_proton.seed import Seed
from tests.support.clients import Client, client_of
from tests.support.worlds import LenientSeed


@pytest.fixture
def proton(proton_mock: MockProton) -> Client:
    return client_of()


@pytest.fixture
def seed(proton: Client) -> Seed:
    return LenientSeed(proton)


def names(proton: Client) -> list[str]:
    return [service["name"] for service in proton.list_services()["services"]]


def test_what_came_since_is_gone_and_what_went_is_back(proton: Client, seed: Seed) -> None:
    seed.service("shop")
    taken = snapshot()

    proton.delete_service(name="shop")
    seed.service("cart")
    restore(taken)

    assert names(proton) == ["shop"]
    proton.update_service(name="shop", description="still works")


def test_a_snapshot_can_be_put_back_into_another_mock() -> None:
    proton = client_of()
    with mock_proton():
        Seed(proton).service("shop", pipeline=True)
        taken = snapshot()
        before = proton.get_service(name="shop")["service"]

    with mock_proton():
        assert names(proton) == []
        restore(taken)
        assert proton.get_service(name="shop")["service"] == before


def test_every_region_is_put_back(proton: Client, seed: Seed) -> None:
    west = client_of(region="us-west-2")
    seed.service("shop")
    taken = snapshot()
    Seed(west).service("cart")
    with_both = snapshot()

    restore(taken)
    assert (names(proton), names(west)) == (["shop"], [])

    restore(with_both)
    assert (names(proton), names(west)) == (["shop"], ["cart"])


def test_taking_a_snapshot_leaves_connections_between_accounts_alone(proton: Client) -> None:
    request = {"environmentName": "dev", "managementAccountId": "111122223333"}
    role = "arn:aws:iam::123456789012:role/proton"
    proton.create_environment_account_connection(**request, roleArn=role)
    listed = proton.list_environment_account_connections(requestedBy="ENVIRONMENT_ACCOUNT")

    taken = snapshot()
    restore(taken)

    again = proton.list_environment_account_connections(requestedBy="ENVIRONMENT_ACCOUNT")
    del again["ResponseMetadata"], listed["ResponseMetadata"]
    assert again == listed
    assert len(again["environmentAccountConnections"]) == 1


def test_a_repeat_with_a_token_finds_what_was_put_back(proton: Client, seed: Seed) -> None:
    seed.service("shop")
    spec = seed.service_spec({"dev": "dev", "prod": "dev"})
    request = {
        "serviceName": "shop",
        "name": "prod",
        "spec": spec,
        "clientToken": "a-token-of-mine",
    }
    made = proton.create_service_instance(**request)["serviceInstance"]

    restore(snapshot())

    assert proton.create_service_instance(**request)["serviceInstance"]["arn"] == made["arn"]


def test_faults_are_put_back(proton: Client, seed: Seed) -> None:
    faults.fail_deployment("environment/dev")
    taken = snapshot()
    faults.clear()

    restore(taken)

    assert seed.environment("dev")["deploymentStatus"] == "FAILED"


def test_connected_repositories_are_put_back(proton: Client, tmp_path: Path) -> None:
    Repo.init(str(tmp_path)).close()
    git.connect("shop/app", tmp_path)
    taken = snapshot()
    git.disconnect("shop/app")

    restore(taken)

    git.disconnect("shop/app")


class Curious:
    """A provisioner that asks for a snapshot in the middle of a deployment."""

    def __init__(self, taken: Snapshot) -> None:
        self.taken = taken
        self.refusals: list[str] = []

    def deploy(self, *args: Any, **members: Any) -> Provisioned:
        for ask in (snapshot, fingerprint, lambda: restore(self.taken)):
            with pytest.raises(CannotSnapshotError) as caught:
                ask()
            self.refusals.append(str(caught.value))
        return Provisioned({}, ())

    def delete(self, *args: Any, **members: Any) -> None:
        pass


def test_no_snapshot_while_a_deployment_is_being_carried_out() -> None:
    provisioner = Curious(snapshot())
    with mock_proton(config={"proton": {"provisioner": provisioner}}):
        Seed(client_of()).environment("dev")

    assert provisioner.refusals == ["a deployment is being carried out"] * 3


# --- fingerprints -------------------------------------------------------------------------------


def test_looking_changes_nothing(proton: Client, seed: Seed) -> None:
    seed.service("shop", pipeline=True)
    before = fingerprint()

    names(proton)
    proton.list_service_instances(sortBy="serviceName", filters=[{"key": "name", "value": "x"}])
    names(client_of(region="us-west-2"))

    assert fingerprint() == before


def test_a_refusal_changes_nothing(proton: Client, seed: Seed) -> None:
    seed.service("shop")
    before = fingerprint()

    with pytest.raises(ClientError, match="in use"):
        proton.delete_environment(name="dev")

    assert fingerprint() == before


def test_a_fault_that_was_used_up_is_nothing_that_callers_see(proton: Client) -> None:
    faults.raise_error("ListServices", "ThrottlingException")
    before, with_fault = fingerprint(), snapshot()

    with pytest.raises(ClientError, match="Throttling"):
        proton.list_services()

    assert fingerprint() == before
    assert snapshot() != with_fault


def test_what_comes_to_its_end_by_itself_does_so_before_the_comparison(
    proton: Client, seed: Seed, hold: Any, let_go: Any
) -> None:
    seed.environment_template()
    hold("environment")
    seed.environment("dev")
    let_go("environment")

    before = fingerprint()
    status = proton.get_environment(name="dev")["environment"]["deploymentStatus"]

    assert status == "SUCCEEDED"
    assert fingerprint() == before
