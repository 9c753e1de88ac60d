"""The next commit repeats what failed, and corrects what was changed by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton import faults
from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any

KEY = {"serviceName": "shop", "name": "dev"}
OPS = "sync: {services: {shop: {dev: {branch: main, spec: s}}}}\n"
DEV = "service/shop/service-instance/dev"


def spec(port: int) -> str:
    return service_spec({"dev": "dev"}, inputs={"port": port})


def deployed(proton: Client) -> str:
    text: str = proton.get_service_instance(**KEY)["serviceInstance"]["spec"]
    return text


def attempt(proton: Client) -> dict[str, Any]:
    answer = proton.get_service_instance_sync_status(serviceName="shop", serviceInstanceName="dev")
    latest: dict[str, Any] = answer["latestSync"]
    return latest


def update_by_hand(proton: Client, text: str) -> str:
    """Update the instance; answers with the id of the blocker that this makes."""
    proton.update_service_instance(**KEY, deploymentType="CURRENT_VERSION", spec=text)
    summary = proton.get_service_sync_blocker_summary(serviceName="shop", serviceInstanceName="dev")
    blocker: str = summary["serviceSyncBlockerSummary"]["latestBlockers"][0]["id"]
    return blocker


@pytest.fixture
def shop(seed: Seed, linked: Any, follow_ops_file: Callable[..., None]) -> str:
    """A service with the instance dev, port 80, that follows ops.yaml."""
    seed.service("shop", inputs={"port": 80})
    follow_ops_file("shop")
    return "shop"


@pytest.mark.rule("11.3-14")
def test_a_failed_deployment_is_tried_again(proton: Client, shop: str, linked: Any) -> None:
    faults.fail_deployment(DEV, message="no addresses")
    linked.commit({"ops.yaml": OPS, "s": spec(5)})
    assert attempt(proton)["status"] == "FAILED"
    assert deployed(proton) == spec(80)

    sha = linked.commit({"README": "about another thing"})

    assert attempt(proton)["status"] == "SUCCEEDED"
    assert attempt(proton)["targetRevision"]["sha"] == sha
    assert deployed(proton) == spec(5)


def test_a_failed_deployment_is_not_tried_again_without_a_commit(
    proton: Client, shop: str, linked: Any
) -> None:
    faults.fail_deployment(DEV)
    linked.commit({"ops.yaml": OPS, "s": spec(5)})
    failed = attempt(proton)

    proton.list_services()

    assert attempt(proton) == failed
    assert failed["status"] == "FAILED"


@pytest.mark.rule("11.3-14")
def test_a_change_by_hand_is_put_right_once_its_blocker_is_resolved(
    proton: Client, shop: str, linked: Any
) -> None:
    linked.commit({"ops.yaml": OPS, "s": spec(5)})
    assert deployed(proton) == spec(5)
    blocker = update_by_hand(proton, spec(99))
    linked.commit({"README": "about another thing"})
    assert deployed(proton) == spec(99)

    proton.update_service_sync_blocker(id=blocker, resolvedReason="the file is right")

    assert deployed(proton) == spec(5)
    assert attempt(proton)["status"] == "SUCCEEDED"


def test_a_change_by_hand_stays_until_something_is_pushed(
    proton: Client, shop: str, linked: Any
) -> None:
    linked.commit({"ops.yaml": OPS, "s": spec(5)})
    assert deployed(proton) == spec(5)
    blocker = update_by_hand(proton, spec(99))
    proton.update_service_sync_blocker(id=blocker, resolvedReason="the file is right")
    assert deployed(proton) == spec(99)

    linked.commit({"README": "about another thing"})

    assert deployed(proton) == spec(5)


@pytest.mark.rule("11.3-11")
def test_what_is_as_its_file_says_is_left_alone(proton: Client, shop: str, linked: Any) -> None:
    linked.commit({"ops.yaml": OPS, "s": spec(5)})
    before = attempt(proton), proton.list_deployments()["deployments"]

    linked.commit({"README": "about another thing"})

    assert (attempt(proton), proton.list_deployments()["deployments"]) == before


def test_a_commit_during_a_deployment_that_fails_tries_it_again(
    proton: Client, shop: str, linked: Any, hold: Callable[[str], None]
) -> None:
    from moto.moto_api import state_manager

    hold("service_instance")
    faults.fail_deployment(DEV)
    linked.commit({"ops.yaml": OPS, "s": spec(5)})
    assert attempt(proton)["status"] == "IN_PROGRESS"
    linked.commit({"README": "about another thing"})
    assert attempt(proton)["status"] == "IN_PROGRESS"

    state_manager.unset_transition("proton::service_instance")
    proton.list_services()

    assert attempt(proton)["status"] == "SUCCEEDED"
    assert deployed(proton) == spec(5)


def test_a_failed_update_of_the_pipeline_is_tried_again(
    proton: Client, seed: Seed, linked: Any, follow_ops_file: Callable[..., None]
) -> None:
    seed.service("shop", pipeline=True, pipeline_inputs={"file": "a"})
    follow_ops_file("shop")
    faults.fail_deployment("service/shop/pipeline/*")
    text = service_spec({"dev": "dev"}, pipeline={"file": "b"})
    linked.commit({"ops.yaml": OPS, "s": text})
    proton.list_services()
    pipeline = proton.get_service(name="shop")["service"]["pipeline"]
    assert pipeline["deploymentStatus"] == "FAILED"

    linked.commit({"README": "about another thing"})

    proton.list_services()
    pipeline = proton.get_service(name="shop")["service"]["pipeline"]
    assert pipeline["deploymentStatus"] == "SUCCEEDED"
    assert pipeline["spec"] == text


def test_a_placeholder_of_another_new_instance_is_no_matter(
    proton: Client, shop: str, linked: Any
) -> None:
    text = (
        "proton: ServiceSpec\n"
        "instances:\n"
        "- {name: dev, environment: dev, spec: {port: 5}}\n"
        "- {name: new, environment: dev, spec: {port: '${Proton::CURRENT_VAL}'}}\n"
    )

    linked.commit({"ops.yaml": OPS, "s": text})

    assert attempt(proton)["status"] == "SUCCEEDED"
    assert "port: 5" in deployed(proton)
