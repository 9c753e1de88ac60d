"""Sync blockers: what was changed by hand in a synced service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
DEV = {"serviceName": "shop", "name": "dev"}
BOTH = {"dev": "dev", "prod": "dev"}


@pytest.fixture
def shop(seed: Seed) -> str:
    """A service with the instance dev."""
    seed.service("shop")
    return "shop"


@pytest.fixture
def synced(proton: Client, shop: str, seed: Seed) -> str:
    """The same, with a sync config."""
    repository = seed.repository()
    proton.create_service_sync_config(
        serviceName=shop,
        repositoryProvider=repository["provider"],
        repositoryName=repository["name"],
        branch="main",
        filePath="ops.yaml",
    )
    return shop


def blockers(proton: Client, instance: str | None = None) -> list[dict[str, Any]]:
    names = {"serviceName": "shop"}
    if instance is not None:
        names["serviceInstanceName"] = instance
    summary = proton.get_service_sync_blocker_summary(**names)["serviceSyncBlockerSummary"]
    found: list[dict[str, Any]] = summary.pop("latestBlockers")
    assert summary == names
    return found


def update(proton: Client, **members: Any) -> None:
    proton.update_service_instance(**DEV, **{"deploymentType": "CURRENT_VERSION", **members})


@pytest.mark.rule("11.4-1", "11.4-3", "2-23", "11.4-8")
def test_an_update_by_hand_blocks_its_instance(proton: Client, synced: str) -> None:
    update(proton)

    (blocker,) = blockers(proton, "dev")
    attempted = proton.get_service_instance(**DEV)["serviceInstance"]["lastDeploymentAttemptedAt"]
    assert blocker.pop("id")
    assert blocker == {
        "type": "AUTOMATED",
        "status": "ACTIVE",
        "createdAt": attempted,
        "createdReason": "The service instance dev was updated by hand",
        "contexts": [{"key": "serviceInstanceName", "value": "dev"}],
    }
    assert blockers(proton) == []


@pytest.mark.rule("11.4-1")
def test_a_creation_by_hand_blocks_the_new_instance(proton: Client, synced: str) -> None:
    spec = service_spec({"prod": "dev"})

    proton.create_service_instance(serviceName="shop", name="prod", spec=spec)

    (blocker,) = blockers(proton, "prod")
    assert "created" in blocker["createdReason"]
    assert blockers(proton) == blockers(proton, "dev") == []


@pytest.mark.rule("5.9-2")
def test_an_edit_that_adds_blocks_what_it_adds(proton: Client, synced: str) -> None:
    proton.update_service(name="shop", spec=service_spec(BOTH))

    (blocker,) = blockers(proton, "prod")
    assert blocker["contexts"] == [{"key": "serviceInstanceName", "value": "prod"}]
    assert blockers(proton) == blockers(proton, "dev") == []


@pytest.mark.rule("5.9-2", "11.4-2")
def test_an_edit_that_deletes_blocks_the_service(proton: Client, seed: Seed, synced: str) -> None:
    proton.update_service(name="shop", spec=service_spec({"prod": "dev"}))

    (blocker,) = blockers(proton)
    assert blocker["contexts"] == [{"key": "serviceInstanceName", "value": "dev"}]
    assert "deleted" in blocker["createdReason"]
    assert len(blockers(proton, "prod")) == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda proton: update(proton, deploymentType="NONE"), id="no deployment"),
        pytest.param(
            lambda proton: proton.update_service(name="shop", description="new"), id="description"
        ),
        pytest.param(
            lambda proton: proton.update_service(name="shop", spec=service_spec({"dev": "dev"})),
            id="the same instances",
        ),
        pytest.param(
            lambda proton: proton.tag_resource(
                resourceArn=proton.get_service_instance(**DEV)["serviceInstance"]["arn"],
                tags=[{"key": "a", "value": "b"}],
            ),
            id="tags",
        ),
    ],
)
def test_what_changes_no_instance_blocks_nothing(
    proton: Client, synced: str, change: Callable[[Client], object]
) -> None:
    change(proton)

    assert blockers(proton) == blockers(proton, "dev") == []


def test_a_repeated_call_blocks_once(proton: Client, synced: str) -> None:
    update(proton, clientToken="once")
    update(proton, clientToken="once")

    assert len(blockers(proton, "dev")) == 1


def test_a_service_without_a_config_is_not_blocked(proton: Client, shop: str) -> None:
    update(proton)
    proton.update_service(name="shop", spec=service_spec({"prod": "dev"}))

    assert blockers(proton) == blockers(proton, "prod") == []


@pytest.mark.parametrize(
    ("code", "call", "members"),
    [
        (VE, "update_service_instance", {**DEV, "deploymentType": "X"}),
        (
            VE,
            "update_service_instance",
            {**DEV, "deploymentType": "CURRENT_VERSION", "spec": service_spec({"prod": "dev"})},
        ),
        (
            RNF,
            "create_service_instance",
            {"serviceName": "shop", "name": "prod", "spec": service_spec({"prod": "none"})},
        ),
        (CE, "create_service_instance", {**DEV, "spec": service_spec({"dev": "dev"})}),
        (RNF, "update_service", {"name": "shop", "spec": service_spec({"prod": "none"})}),
        (VE, "update_service", {"name": "shop", "spec": service_spec({"dev": "other"})}),
    ],
)
def test_a_refused_call_blocks_nothing(
    proton: Client, synced: str, refused: Refused, code: str, call: str, members: dict[str, Any]
) -> None:
    refused(code, "", call, **members)

    assert blockers(proton) == blockers(proton, "dev") == []


@pytest.mark.rule("11.4-5")
def test_the_most_recent_blocker_comes_first(proton: Client, synced: str) -> None:
    update(proton)
    (first,) = blockers(proton, "dev")
    update(proton)

    assert [blocker["id"] for blocker in blockers(proton, "dev")][1] == first["id"]
    assert len(blockers(proton, "dev")) == 2


@pytest.mark.rule("3.6-3", "11.4-6")
def test_a_resolved_blocker_is_gone_from_the_summary(proton: Client, synced: str) -> None:
    update(proton)
    (blocker,) = blockers(proton, "dev")

    answer = proton.update_service_sync_blocker(id=blocker["id"], resolvedReason="merged")

    assert (answer["serviceName"], answer["serviceInstanceName"]) == ("shop", "dev")
    resolved = answer["serviceSyncBlocker"]
    assert resolved.pop("resolvedAt") >= blocker["createdAt"]
    assert resolved == {**blocker, "status": "RESOLVED", "resolvedReason": "merged"}
    assert blockers(proton, "dev") == []


@pytest.mark.rule("11.4-4")
def test_the_blocker_of_a_service_names_no_instance(proton: Client, synced: str) -> None:
    proton.update_service(name="shop", spec=service_spec({"prod": "dev"}))
    (blocker,) = blockers(proton)

    answer = proton.update_service_sync_blocker(id=blocker["id"], resolvedReason="meant so")

    assert answer["serviceName"] == "shop"
    assert "serviceInstanceName" not in answer


@pytest.mark.rule("11.4-7")
def test_a_blocker_is_resolved_once(proton: Client, synced: str, refused: Refused) -> None:
    update(proton)
    (blocker,) = blockers(proton, "dev")
    proton.update_service_sync_blocker(id=blocker["id"], resolvedReason="merged")

    refused(CE, "resolved", "update_service_sync_blocker", id=blocker["id"], resolvedReason="x")


@pytest.mark.parametrize(
    ("code", "words", "call", "members"),
    [
        (RNF, "1234", "update_service_sync_blocker", {"id": "1234", "resolvedReason": "x"}),
        (VE, "'id'", "update_service_sync_blocker", {"resolvedReason": "x"}),
        (VE, "'resolvedReason'", "update_service_sync_blocker", {"id": "1234"}),
        (RNF, "web", "get_service_sync_blocker_summary", {"serviceName": "web"}),
        (
            RNF,
            "prod",
            "get_service_sync_blocker_summary",
            {"serviceName": "shop", "serviceInstanceName": "prod"},
        ),
        (VE, "'serviceName'", "get_service_sync_blocker_summary", {}),
    ],
)
def test_a_request_is_refused(
    synced: str, refused: Refused, code: str, words: str, call: str, members: dict[str, str]
) -> None:
    refused(code, words, call, **members)


def test_a_deleted_service_takes_its_blockers_along(
    proton: Client, synced: str, seed: Seed, refused: Refused
) -> None:
    update(proton)
    (blocker,) = blockers(proton, "dev")

    proton.delete_service(name="shop")

    refused(RNF, blocker["id"], "update_service_sync_blocker", id=blocker["id"], resolvedReason="x")
    seed.service("shop")
    assert blockers(proton, "dev") == []


def test_blockers_outlive_the_config(proton: Client, synced: str) -> None:
    update(proton)

    proton.delete_service_sync_config(serviceName="shop")

    assert len(blockers(proton, "dev")) == 1
