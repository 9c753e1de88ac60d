"""Where sources disagree: what is taken, once and everywhere. Section 14 of docs/behaviour.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from freezegun import freeze_time

from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

SOURCE = {"s3": {"bucket": "bundles", "key": "a.tar.gz"}}
REPOSITORY = {
    "repositoryName": "shop/infrastructure",
    "repositoryProvider": "GITHUB",
    "branch": "main",
}


def new_version(client: Client, **members: Any) -> str:
    """The number of a new version of the template ``network``."""
    made = client.create_environment_template_version(
        templateName="network", source=SOURCE, **members
    )["environmentTemplateVersion"]
    return f"{made['majorVersion']}.{made['minorVersion']}"


@pytest.mark.rule("14-1")
def test_a_new_major_version_is_one_without_a_number(proton: Client, seed: Seed) -> None:
    seed.environment_template("network", versions=["1.0"])

    assert new_version(proton) == "2.0"
    assert new_version(proton, majorVersion="1") == "1.1"


@pytest.mark.rule("14-2")
def test_the_first_version_may_say_that_it_is_of_major_version_1(
    proton: Client, seed: Seed, refused: Refused
) -> None:
    seed.environment_template("network", versions=[])
    refused(
        "ResourceNotFoundException",
        "environment-template/network:2",
        "create_environment_template_version",
        templateName="network",
        majorVersion="2",
        source=SOURCE,
    )

    assert new_version(proton, majorVersion="1") == "1.0"


@pytest.mark.rule("14-7")
def test_a_draft_shows_the_highest_published_minor_version(proton: Client, seed: Seed) -> None:
    seed.environment_template("network", versions=[])
    key = {"templateName": "network", "majorVersion": "1"}

    def recommended(minor: str) -> str | None:
        got = proton.get_environment_template_version(**key, minorVersion=minor)
        shown: str | None = got["environmentTemplateVersion"].get("recommendedMinorVersion")
        return shown

    new_version(proton)
    assert recommended("0") is None
    proton.update_environment_template_version(**key, minorVersion="0", status="PUBLISHED")
    new_version(proton, majorVersion="1")
    assert recommended("1") == "0"


@pytest.mark.rule("14-8", "14-26")
def test_a_template_goes_last(proton: Client, seed: Seed, refused: Refused) -> None:
    seed.environment_template("network", versions=["1.0"])
    seed.repository(REPOSITORY["repositoryName"])
    template = {"templateName": "network", "templateType": "ENVIRONMENT"}
    proton.create_template_sync_config(**template, **REPOSITORY)
    gone = "delete_environment_template"

    refused("ConflictException", "has versions", gone, name="network")
    proton.delete_environment_template_version(
        templateName="network", majorVersion="1", minorVersion="0"
    )
    refused("ConflictException", "has a sync config", gone, name="network")
    proton.delete_template_sync_config(**template)

    assert proton.delete_environment_template(name="network")["environmentTemplate"]


@pytest.mark.rule("14-24", "11.4-9")
def test_a_resolved_blocker_is_in_the_answer_that_resolves_it_and_no_more(
    proton: Client, seed: Seed
) -> None:
    seed.service("shop")
    seed.repository(REPOSITORY["repositoryName"])
    proton.create_service_sync_config(serviceName="shop", filePath="ops.yaml", **REPOSITORY)
    names = {"serviceName": "shop", "serviceInstanceName": "dev"}
    for _ in range(2):
        proton.update_service_instance(
            serviceName="shop", name="dev", deploymentType="CURRENT_VERSION"
        )
        proton.get_service_instance(serviceName="shop", name="dev")

    def latest() -> list[str]:
        summary = proton.get_service_sync_blocker_summary(**names)["serviceSyncBlockerSummary"]
        return [blocker["id"] for blocker in summary["latestBlockers"]]

    second, first = latest()
    resolved = proton.update_service_sync_blocker(id=second, resolvedReason="done")

    assert resolved["serviceSyncBlocker"]["status"] == "RESOLVED"
    assert latest() == [first]


@pytest.mark.rule("14-25", "15-9")
def test_an_instance_that_an_edit_adds_has_its_own_time_of_creation(
    proton: Client, seed: Seed
) -> None:
    with freeze_time("2024-05-01T12:00:00Z") as clock:
        before = seed.service("shop")
        clock.tick(timedelta(hours=1))
        proton.update_service(name="shop", spec=service_spec({"dev": "dev", "prod": "dev"}))
        added = proton.get_service_instance(serviceName="shop", name="prod")["serviceInstance"]
        kept = proton.get_service_instance(serviceName="shop", name="dev")["serviceInstance"]

    assert kept["createdAt"] == before["createdAt"]
    assert added["createdAt"] == before["createdAt"] + timedelta(hours=1)
