"""The account settings that pipelines are provisioned with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
ROLE = "arn:aws:iam::123456789012:role/pipelines"
BRANCH = {"provider": "GITHUB", "name": "shop/app", "branch": "main"}
ARN = "arn:aws:proton:us-east-1:123456789012:repository/github:shop/app"


@pytest.fixture
def settings(proton: Client) -> Callable[[], dict[str, Any]]:
    return lambda: dict(proton.get_account_settings()["accountSettings"])


Settings: TypeAlias = Callable[[], dict[str, Any]]


@pytest.mark.rule("6.1-1")
def test_nothing_is_set_at_first(settings: Settings) -> None:
    assert settings() == {}


@pytest.mark.rule("6.1-2", "6.1-9")
def test_an_update_changes_only_what_it_names(proton: Client, settings: Settings) -> None:
    proton.update_account_settings(pipelineServiceRoleArn=ROLE)

    answer = proton.update_account_settings(pipelineCodebuildRoleArn=f"{ROLE}2")

    both = {"pipelineServiceRoleArn": ROLE, "pipelineCodebuildRoleArn": f"{ROLE}2"}
    assert answer["accountSettings"] == both == settings()
    assert proton.update_account_settings()["accountSettings"] == both


@pytest.mark.rule("6.1-2")
@pytest.mark.parametrize("member", ["pipelineServiceRoleArn", "pipelineCodebuildRoleArn"])
def test_an_empty_role_takes_the_role_away(proton: Client, settings: Settings, member: str) -> None:
    proton.update_account_settings(**{member: ROLE})

    assert proton.update_account_settings(**{member: ""})["accountSettings"] == {}
    assert settings() == {}


@pytest.mark.rule("6.1-3", "6.1-4")
def test_a_repository_is_set_with_its_arn_and_deleted(
    proton: Client, seed: Seed, settings: Settings
) -> None:
    seed.repository("shop/app")
    proton.update_account_settings(pipelineProvisioningRepository=BRANCH)
    assert settings() == {"pipelineProvisioningRepository": {**BRANCH, "arn": ARN}}

    proton.update_account_settings(deletePipelineProvisioningRepository=False)
    assert "pipelineProvisioningRepository" in settings()
    proton.update_account_settings(deletePipelineProvisioningRepository=True)

    assert settings() == {}


@pytest.mark.rule("6.1-3", "6.1-4", "6.1-5")
@pytest.mark.parametrize(
    ("words", "members"),
    [
        pytest.param(
            "can't be given together",
            {
                "pipelineProvisioningRepository": BRANCH,
                "deletePipelineProvisioningRepository": True,
            },
            id="set and delete",
        ),
        pytest.param(
            "shop/other",
            {"pipelineProvisioningRepository": {**BRANCH, "name": "shop/other"}},
            id="not linked",
        ),
        pytest.param(
            "pipelineProvisioningRepository.branch",
            {"pipelineProvisioningRepository": {**BRANCH, "branch": None}},
            id="no branch",
        ),
        pytest.param("'pipelineCodebuildRoleArn'", {"pipelineCodebuildRoleArn": "x"}, id="role"),
        pytest.param(
            "'pipelineServiceRoleArn'",
            {"pipelineServiceRoleArn": ROLE + "x" * 2048},
            id="long role",
        ),
    ],
)
def test_an_update_is_refused_as_a_whole(
    seed: Seed, refused: Refused, words: str, members: dict[str, Any]
) -> None:
    seed.repository("shop/app")
    seed._client.update_account_settings(pipelineCodebuildRoleArn=ROLE)

    request = {"pipelineServiceRoleArn": ROLE, "pipelineCodebuildRoleArn": "", **members}
    refused(VE, words, "update_account_settings", **request)
