"""The followers of a repository, and its sync status before the first sync."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
RNF = "ResourceNotFoundException"
REPOSITORY = {"repositoryProvider": "GITHUB", "repositoryName": "shop/infrastructure"}
ARN = "arn:aws:proton:us-east-1:123456789012:"
PARENT = f"{ARN}repository/github:shop/infrastructure"


def definitions(proton: Client, sync_type: str, **members: str) -> list[dict[str, str]]:
    answer = proton.list_repository_sync_definitions(
        **{**REPOSITORY, **members}, syncType=sync_type
    )
    assert "nextToken" not in answer
    found: list[dict[str, str]] = answer["syncDefinitions"]
    return found


@pytest.fixture
def followed(proton: Client, seed: Seed) -> None:
    """A repository that two templates and a service follow."""
    seed.repository()
    seed.service("shop")
    seed.service_template("web", versions=())
    branch = {**REPOSITORY, "branch": "main"}
    proton.create_template_sync_config(
        templateName="environment-template", templateType="ENVIRONMENT", **branch
    )
    proton.create_template_sync_config(
        templateName="web", templateType="SERVICE", subdirectory="/templates/web/", **branch
    )
    proton.create_service_sync_config(serviceName="shop", filePath="ops/shop.yaml", **branch)


@pytest.mark.rule("11.2-5", "11.2-6")
def test_definitions_of_templates_are_the_newest_first(proton: Client, followed: None) -> None:
    assert definitions(proton, "TEMPLATE_SYNC") == [
        {
            "branch": "main",
            "directory": "templates/web",
            "parent": PARENT,
            "target": f"{ARN}service-template/web",
        },
        {
            "branch": "main",
            "directory": "/",
            "parent": PARENT,
            "target": f"{ARN}environment-template/environment-template",
        },
    ]


@pytest.mark.rule("11.2-6", "11.2-7")
def test_definitions_of_services_have_the_directory_of_the_ops_file(
    proton: Client, followed: None
) -> None:
    assert definitions(proton, "SERVICE_SYNC") == [
        {"branch": "main", "directory": "ops", "parent": PARENT, "target": f"{ARN}service/shop"}
    ]


def test_a_config_that_is_gone_defines_nothing(proton: Client, followed: None) -> None:
    proton.delete_service_sync_config(serviceName="shop")

    assert definitions(proton, "SERVICE_SYNC") == []


@pytest.mark.parametrize("sync_type", ["TEMPLATE_SYNC", "SERVICE_SYNC"])
@pytest.mark.parametrize(
    "members", [{"repositoryName": "shop/other"}, {"repositoryProvider": "BITBUCKET"}]
)
def test_nothing_follows_another_repository(
    proton: Client, followed: None, seed: Seed, sync_type: str, members: dict[str, str]
) -> None:
    seed.repository("shop/other")

    assert definitions(proton, sync_type, **members) == []


def test_the_paginator_runs(proton: Client, followed: None) -> None:
    paginator = proton.get_paginator("list_repository_sync_definitions")

    pages = list(paginator.paginate(**REPOSITORY, syncType="TEMPLATE_SYNC"))

    assert [len(page["syncDefinitions"]) for page in pages] == [2]


@pytest.mark.rule("11.2-3")
@pytest.mark.parametrize("sync_type", ["TEMPLATE_SYNC", "SERVICE_SYNC"])
def test_a_repository_without_a_commit_has_no_status(
    followed: None, refused: Refused, sync_type: str
) -> None:
    request = {**REPOSITORY, "branch": "main", "syncType": sync_type}

    refused(RNF, sync_type, "get_repository_sync_status", **request)


@pytest.mark.rule("11.2-4")
def test_a_repository_that_is_not_linked_has_no_status(proton: Client, refused: Refused) -> None:
    request = {**REPOSITORY, "branch": "main", "syncType": "TEMPLATE_SYNC"}

    refused(RNF, "shop/infrastructure", "get_repository_sync_status", **request)


@pytest.mark.parametrize(
    ("call", "words", "members"),
    [
        ("get_repository_sync_status", "'branch'", {"syncType": "TEMPLATE_SYNC"}),
        ("get_repository_sync_status", "'syncType'", {"branch": "main"}),
        ("list_repository_sync_definitions", "'syncType'", {"syncType": "X"}),
        (
            "list_repository_sync_definitions",
            "'nextToken'",
            {"syncType": "TEMPLATE_SYNC", "nextToken": "x"},
        ),
    ],
)
def test_a_request_that_breaks_the_model_is_refused(
    refused: Refused, call: str, words: str, members: dict[str, str]
) -> None:
    refused(VE, words, call, **{**REPOSITORY, **members})
