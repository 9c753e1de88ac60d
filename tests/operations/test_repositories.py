"""Linked repositories."""

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
CONNECTION = "arn:aws:codestar-connections:us-east-1:123456789012:connection/shop"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
LINK = {"provider": "GITHUB", "name": "shop/app", "connectionArn": CONNECTION}


@pytest.mark.rule("2-12", "6.2-1", "6.2-2", "6.2-4")
@pytest.mark.parametrize(
    ("provider", "prefix"),
    [
        ("GITHUB", "github"),
        ("GITHUB_ENTERPRISE", "github_enterprise"),
        ("BITBUCKET", "bitbucket"),
    ],
)
def test_a_link_has_its_provider_in_its_arn(proton: Client, provider: str, prefix: str) -> None:
    request = {**LINK, "provider": provider}

    created = proton.create_repository(**request)["repository"]

    arn = f"arn:aws:proton:us-east-1:123456789012:repository/{prefix}:shop/app"
    assert created == {**request, "arn": arn}
    got = proton.get_repository(provider=provider, name="shop/app")["repository"]
    assert got == created


@pytest.mark.rule("6.2-6")
def test_a_list_shows_links_without_their_key(proton: Client) -> None:
    proton.create_repository(**LINK, encryptionKey=KEY)
    got = proton.get_repository(provider="GITHUB", name="shop/app")["repository"]
    assert got["encryptionKey"] == KEY

    (summary,) = proton.list_repositories()["repositories"]

    assert summary == {name: got[name] for name in got if name != "encryptionKey"}


@pytest.mark.rule("2-24")
def test_the_same_name_of_two_providers_is_two_links(proton: Client) -> None:
    proton.create_repository(**LINK)
    proton.create_repository(**{**LINK, "provider": "BITBUCKET"})

    listed = proton.list_repositories()["repositories"]

    assert [repository["provider"] for repository in listed] == ["BITBUCKET", "GITHUB"]


@pytest.mark.rule("6.0.2-8")
def test_the_same_link_again_answers_with_the_first(proton: Client) -> None:
    first = proton.create_repository(**LINK)["repository"]

    assert proton.create_repository(**LINK)["repository"] == first
    assert len(proton.list_repositories()["repositories"]) == 1


@pytest.mark.rule("6.2-3")
def test_another_link_of_the_name_is_a_conflict(proton: Client, refused: Refused) -> None:
    proton.create_repository(**LINK)

    other = {**LINK, "connectionArn": f"{CONNECTION}2"}
    refused(CE, "repository/github:shop/app", "create_repository", **other)


@pytest.mark.parametrize(
    ("words", "members"),
    [
        pytest.param("'name'", {"name": "app"}, id="name without an owner"),
        pytest.param("'name'", {"name": "shop/" + "a" * 96}, id="long name"),
        pytest.param("'provider'", {"provider": "GITLAB"}, id="unknown provider"),
        pytest.param("'connectionArn'", {"connectionArn": None}, id="no connection"),
        pytest.param("'connectionArn'", {"connectionArn": "shop"}, id="connection that is no ARN"),
        pytest.param("'encryptionKey'", {"encryptionKey": "key"}, id="key that is no ARN"),
        pytest.param("aws:x", {"tags": [{"key": "aws:x", "value": ""}]}, id="reserved tag"),
    ],
)
def test_a_link_is_refused(refused: Refused, words: str, members: dict[str, Any]) -> None:
    refused(VE, words, "create_repository", **{**LINK, **members})


@pytest.mark.rule("6.2-5")
@pytest.mark.parametrize("call", ["get_repository", "delete_repository"])
def test_a_repository_that_is_not_linked_is_not_found(refused: Refused, call: str) -> None:
    refused(RNF, "shop/app", call, provider="GITHUB", name="shop/app")


@pytest.mark.rule("6.0.3-3", "6.2-7", "6.2-9")
def test_a_delete_answers_with_the_link_and_a_repeat_is_not_found(
    proton: Client, refused: Refused
) -> None:
    created = proton.create_repository(**LINK)["repository"]
    key = {"provider": "GITHUB", "name": "shop/app"}

    assert proton.delete_repository(**key)["repository"] == created
    refused(RNF, "shop/app", "delete_repository", **key)


@pytest.mark.rule("3.3-16", "6.2-8")
def test_a_link_in_use_stays(proton: Client, seed: Seed, refused: Refused) -> None:
    key = seed.repository("shop/app")
    proton.update_account_settings(pipelineProvisioningRepository={**key, "branch": "main"})
    refused(CE, "the account settings", "delete_repository", **key)
    proton.update_account_settings(deletePipelineProvisioningRepository=True)
    seed.environment("dev", self_managed=True, provisioningRepository={**key, "branch": "main"})
    refused(CE, "environment/dev", "delete_repository", **key)
