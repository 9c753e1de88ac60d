"""Service sync configs: one for each service, deleted with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
KEY = {"serviceName": "shop"}
CONFIG = {
    **KEY,
    "repositoryProvider": "GITHUB",
    "repositoryName": "shop/infrastructure",
    "branch": "main",
    "filePath": "ops/shop.yaml",
}


@pytest.fixture
def linked(seed: Seed) -> dict[str, str]:
    """A linked repository and the service shop."""
    seed.service("shop")
    return seed.repository()


def test_a_config_is_as_it_was_made(proton: Client, linked: Any) -> None:
    assert proton.create_service_sync_config(**CONFIG)["serviceSyncConfig"] == CONFIG
    assert proton.get_service_sync_config(**KEY)["serviceSyncConfig"] == CONFIG


@pytest.mark.rule("6.0.2-8")
def test_the_same_config_again_answers_with_the_first(proton: Client, linked: Any) -> None:
    proton.create_service_sync_config(**CONFIG)

    assert proton.create_service_sync_config(**CONFIG)["serviceSyncConfig"] == CONFIG


@pytest.mark.rule("11.3-1")
def test_another_config_of_a_service_is_a_conflict(
    proton: Client, linked: Any, refused: Refused
) -> None:
    proton.create_service_sync_config(**CONFIG)

    refused(CE, "shop", "create_service_sync_config", **{**CONFIG, "filePath": "ops.yaml"})
    assert proton.get_service_sync_config(**KEY)["serviceSyncConfig"] == CONFIG


def test_the_same_config_is_a_conflict_once_it_was_updated(
    proton: Client, linked: Any, refused: Refused
) -> None:
    proton.create_service_sync_config(**CONFIG)
    proton.update_service_sync_config(**CONFIG)

    refused(CE, "shop", "create_service_sync_config", **CONFIG)


REFUSED = [
    pytest.param("'branch'", {"branch": None}, id="no branch"),
    pytest.param("'filePath'", {"filePath": ""}, id="empty path"),
    pytest.param("'repositoryName'", {"repositoryName": "shop"}, id="repository without owner"),
    pytest.param("'repositoryProvider'", {"repositoryProvider": "GITLAB"}, id="provider"),
    pytest.param("'serviceName'", {"serviceName": "-"}, id="name"),
    pytest.param("not linked", {"repositoryName": "shop/other"}, id="repository not linked"),
]


@pytest.mark.rule("11.3-2", "11.3-3")
@pytest.mark.parametrize(
    ("words", "members"),
    [*REFUSED, pytest.param("service web does not", {"serviceName": "web"}, id="no service")],
)
def test_a_config_is_refused(
    linked: Any, refused: Refused, words: str, members: dict[str, Any]
) -> None:
    refused(VE, words, "create_service_sync_config", **{**CONFIG, **members})


@pytest.mark.parametrize(("words", "members"), REFUSED)
def test_an_update_is_refused(
    proton: Client, linked: Any, refused: Refused, words: str, members: dict[str, Any]
) -> None:
    proton.create_service_sync_config(**CONFIG)

    # Unlike the create operation, this one has ResourceNotFoundException in its list.
    code = RNF if words == "not linked" else VE
    refused(code, words, "update_service_sync_config", **{**CONFIG, **members})

    assert proton.get_service_sync_config(**KEY)["serviceSyncConfig"] == CONFIG


def test_an_update_replaces_all_of_a_config(proton: Client, linked: Any, seed: Seed) -> None:
    proton.create_service_sync_config(**CONFIG)
    seed.repository("shop/other")
    request = {
        **CONFIG,
        "repositoryName": "shop/other",
        "branch": "dev",
        "filePath": "ops.yaml",
    }

    assert proton.update_service_sync_config(**request)["serviceSyncConfig"] == request
    assert proton.get_service_sync_config(**KEY)["serviceSyncConfig"] == request


@pytest.mark.rule("11.3-5")
@pytest.mark.parametrize(
    ("call", "members"),
    [
        ("get_service_sync_config", {}),
        ("update_service_sync_config", CONFIG),
        ("delete_service_sync_config", {}),
        ("get_service_instance_sync_status", {"serviceInstanceName": "dev"}),
    ],
)
@pytest.mark.parametrize("name", ["shop", "web"], ids=["service", "nothing"])
def test_a_config_that_is_not_there_is_not_found(
    linked: Any, refused: Refused, call: str, members: dict[str, str], name: str
) -> None:
    refused(RNF, name, call, **{**members, "serviceName": name})


@pytest.mark.parametrize(
    "call",
    [
        "get_service_sync_config",
        "delete_service_sync_config",
        "get_service_instance_sync_status",
    ],
)
def test_a_request_without_a_service_is_refused(refused: Refused, call: str) -> None:
    refused(VE, "'serviceName'", call)


@pytest.mark.rule("11.3-6")
def test_a_delete_removes_the_config_and_no_instance(
    proton: Client, linked: Any, refused: Refused
) -> None:
    proton.create_service_sync_config(**CONFIG)

    assert proton.delete_service_sync_config(**KEY)["serviceSyncConfig"] == CONFIG
    refused(RNF, "shop", "delete_service_sync_config", **KEY)
    assert proton.get_service_instance(serviceName="shop", name="dev")["serviceInstance"]


@pytest.mark.rule("11.3-8")
def test_without_a_commit_a_status_is_empty(proton: Client, linked: Any, refused: Refused) -> None:
    proton.create_service_sync_config(**CONFIG)

    status = proton.get_service_instance_sync_status(**KEY, serviceInstanceName="dev")

    assert set(status) == {"ResponseMetadata"}
    refused(RNF, "prod", "get_service_instance_sync_status", **KEY, serviceInstanceName="prod")


@pytest.mark.rule("6.8-16")
def test_a_deleted_service_takes_its_config_along(
    proton: Client, linked: dict[str, str], seed: Seed, refused: Refused
) -> None:
    proton.create_service_sync_config(**CONFIG)

    proton.delete_service(name="shop")

    refused(RNF, "shop", "get_service_sync_config", **KEY)
    seed.service("shop")
    refused(RNF, "no sync config", "get_service_sync_config", **KEY)
    proton.delete_repository(**linked)


def test_a_service_whose_deletion_fails_keeps_its_config(
    proton: Client, linked: Any, faults: Any
) -> None:
    proton.create_service_sync_config(**CONFIG)
    faults.fail_deletion("service/shop/service-instance/dev")

    proton.delete_service(name="shop")

    assert proton.get_service(name="shop")["service"]["status"] == "DELETE_FAILED"
    assert proton.get_service_sync_config(**KEY)["serviceSyncConfig"] == CONFIG


def test_a_repository_that_a_service_follows_stays(
    proton: Client, linked: dict[str, str], refused: Refused
) -> None:
    proton.create_service_sync_config(**CONFIG)

    refused(CE, "sync config of service/shop", "delete_repository", **linked)
    proton.delete_service_sync_config(**KEY)
    proton.delete_repository(**linked)


@pytest.mark.rule("11.3-10")
def test_a_service_on_its_way_out_takes_no_config(
    proton: Client, linked: Any, refused: Refused, hold: Callable[..., None]
) -> None:
    hold("service_instance", "service")
    proton.delete_service(name="shop")

    refused(CE, "being deleted", "create_service_sync_config", **CONFIG)


def test_a_config_of_a_service_on_its_way_out_stays(
    proton: Client, linked: Any, refused: Refused, hold: Callable[..., None]
) -> None:
    proton.create_service_sync_config(**CONFIG)
    hold("service_instance", "service")
    proton.delete_service(name="shop")

    changed = {**CONFIG, "branch": "other"}
    refused(CE, "being deleted", "update_service_sync_config", **changed)

    assert proton.get_service_sync_config(**KEY)["serviceSyncConfig"] == CONFIG
