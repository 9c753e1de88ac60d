"""Template sync configs: one for each template, and what may be deleted while there is one."""

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
KEY = {"templateName": "network", "templateType": "ENVIRONMENT"}
REPOSITORY = {
    "repositoryProvider": "GITHUB",
    "repositoryName": "shop/infrastructure",
    "branch": "main",
}
CONFIG = {**KEY, **REPOSITORY}


@pytest.fixture
def linked(seed: Seed) -> dict[str, str]:
    """A linked repository and a template of each kind."""
    seed.environment_template("network", versions=())
    seed.service_template("network", versions=())
    return seed.repository()


@pytest.mark.parametrize("kind", ["ENVIRONMENT", "SERVICE"])
@pytest.mark.parametrize("more", [{}, {"subdirectory": "templates"}], ids=["top", "subdirectory"])
def test_a_config_is_as_it_was_made(
    proton: Client, linked: Any, kind: str, more: dict[str, str]
) -> None:
    request = {**CONFIG, "templateType": kind, **more}

    created = proton.create_template_sync_config(**request)["templateSyncConfig"]

    assert created == request
    key = {**KEY, "templateType": kind}
    assert proton.get_template_sync_config(**key)["templateSyncConfig"] == request


@pytest.mark.rule("11.1-4")
def test_templates_of_both_kinds_have_their_own_configs(proton: Client, linked: Any) -> None:
    proton.create_template_sync_config(**CONFIG)
    service = {**CONFIG, "templateType": "SERVICE", "branch": "dev"}
    proton.create_template_sync_config(**service)

    assert proton.get_template_sync_config(**KEY)["templateSyncConfig"] == CONFIG


def test_the_same_config_again_answers_with_the_first(proton: Client, linked: Any) -> None:
    proton.create_template_sync_config(**CONFIG)

    assert proton.create_template_sync_config(**CONFIG)["templateSyncConfig"] == CONFIG


@pytest.mark.rule("11.1-2")
def test_another_config_of_a_template_is_a_conflict(
    proton: Client, linked: Any, refused: Refused
) -> None:
    proton.create_template_sync_config(**CONFIG)

    refused(CE, "network", "create_template_sync_config", **{**CONFIG, "branch": "dev"})
    assert proton.get_template_sync_config(**KEY)["templateSyncConfig"] == CONFIG


def test_the_same_config_is_a_conflict_once_it_was_updated(
    proton: Client, linked: Any, refused: Refused
) -> None:
    proton.create_template_sync_config(**CONFIG)
    proton.update_template_sync_config(**CONFIG)

    refused(CE, "network", "create_template_sync_config", **CONFIG)


REFUSED = [
    pytest.param("'branch'", {"branch": None}, id="no branch"),
    pytest.param("'branch'", {"branch": ""}, id="empty branch"),
    pytest.param("'repositoryName'", {"repositoryName": "shop"}, id="repository without owner"),
    pytest.param("'repositoryProvider'", {"repositoryProvider": "GITLAB"}, id="provider"),
    pytest.param("'templateType'", {"templateType": "COMPONENT"}, id="type"),
    pytest.param("'subdirectory'", {"subdirectory": ""}, id="empty subdirectory"),
    pytest.param("not linked", {"repositoryName": "shop/other"}, id="repository not linked"),
    pytest.param("not linked", {"repositoryProvider": "BITBUCKET"}, id="of another provider"),
]


@pytest.mark.rule("11.1-3")
@pytest.mark.parametrize(
    ("words", "members"),
    [*REFUSED, pytest.param("template web does not", {"templateName": "web"}, id="no template")],
)
def test_a_config_is_refused(
    proton: Client, linked: Any, refused: Refused, words: str, members: dict[str, Any]
) -> None:
    refused(VE, words, "create_template_sync_config", **{**CONFIG, **members})


@pytest.mark.parametrize(("words", "members"), REFUSED)
def test_an_update_is_refused(
    proton: Client, linked: Any, refused: Refused, words: str, members: dict[str, Any]
) -> None:
    proton.create_template_sync_config(**CONFIG)

    # Unlike the create operation, this one has ResourceNotFoundException in its list.
    code = RNF if words == "not linked" else VE
    refused(code, words, "update_template_sync_config", **{**CONFIG, **members})

    assert proton.get_template_sync_config(**KEY)["templateSyncConfig"] == CONFIG


@pytest.mark.rule("11.1-9")
def test_an_update_drops_the_subdirectory_that_it_does_not_give(
    proton: Client, linked: Any
) -> None:
    proton.create_template_sync_config(**CONFIG, subdirectory="templates")
    request = {**CONFIG, "branch": "dev"}

    assert proton.update_template_sync_config(**request)["templateSyncConfig"] == request
    assert proton.get_template_sync_config(**KEY)["templateSyncConfig"] == request


@pytest.mark.rule("11.1-8")
@pytest.mark.parametrize(
    ("call", "members"),
    [
        ("get_template_sync_config", KEY),
        ("update_template_sync_config", CONFIG),
        ("delete_template_sync_config", KEY),
        ("get_template_sync_status", {**KEY, "templateVersion": "1"}),
    ],
)
@pytest.mark.parametrize("name", ["network", "web"], ids=["template", "nothing"])
def test_a_config_that_is_not_there_is_not_found(
    linked: Any, refused: Refused, call: str, members: dict[str, str], name: str
) -> None:
    refused(RNF, name, call, **{**members, "templateName": name})


@pytest.mark.parametrize(
    ("call", "members"),
    [
        ("get_template_sync_config", {**KEY, "templateType": "X"}),
        ("delete_template_sync_config", {**KEY, "templateType": "X"}),
        ("get_template_sync_status", KEY),
        ("get_template_sync_status", {**KEY, "templateVersion": "1.0"}),
    ],
)
def test_a_request_that_breaks_the_model_is_refused(
    linked: Any, refused: Refused, call: str, members: dict[str, str]
) -> None:
    refused(VE, "template", call, **members)


@pytest.mark.rule("11.1-11")
def test_a_delete_removes_the_config_and_nothing_else(
    proton: Client, linked: Any, refused: Refused
) -> None:
    proton.create_template_sync_config(**CONFIG)

    assert proton.delete_template_sync_config(**KEY)["templateSyncConfig"] == CONFIG
    refused(RNF, "network", "delete_template_sync_config", **KEY)
    assert proton.get_environment_template(name="network")["environmentTemplate"]


@pytest.mark.rule("11.1-18")
def test_without_a_commit_a_status_is_empty(proton: Client, linked: Any) -> None:
    proton.create_template_sync_config(**CONFIG)

    status = proton.get_template_sync_status(**KEY, templateVersion="1")

    assert set(status) == {"ResponseMetadata"}


@pytest.mark.rule("6.3-14", "15-8")
@pytest.mark.parametrize("kind", ["environment", "service"])
def test_a_template_with_a_config_stays(
    proton: Client, linked: Any, refused: Refused, kind: str
) -> None:
    key = {**KEY, "templateType": kind.upper()}
    proton.create_template_sync_config(**{**CONFIG, **key})

    refused(CE, "sync config", f"delete_{kind}_template", name="network")
    proton.delete_template_sync_config(**key)
    getattr(proton, f"delete_{kind}_template")(name="network")


def test_a_repository_that_a_template_follows_stays(
    proton: Client, linked: dict[str, str], refused: Refused
) -> None:
    proton.create_template_sync_config(**CONFIG)

    refused(CE, "sync config of environment-template/network", "delete_repository", **linked)
    proton.delete_template_sync_config(**KEY)
    proton.delete_repository(**linked)


def test_configs_are_of_their_region(
    proton: Client, linked: Any, clients: Callable[..., Client]
) -> None:
    proton.create_template_sync_config(**CONFIG)
    other = clients("eu-west-1")

    with pytest.raises(other.exceptions.ResourceNotFoundException):
        other.get_template_sync_config(**KEY)
