"""GetResourcesSummary: how many there are, how many are behind, how many have failed."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

NONE_BEHIND = {"upToDate": 0, "behindMajor": 0, "behindMinor": 0}


@pytest.fixture
def counts(proton: Client) -> Callable[[], dict[str, Any]]:
    return lambda: dict(proton.get_resources_summary()["counts"])


Counts: TypeAlias = Callable[[], dict[str, Any]]


def test_an_empty_account_has_nothing_of_anything(counts: Counts) -> None:
    nothing = {"total": 0, "failed": 0, **NONE_BEHIND}
    assert counts() == {
        "components": {"total": 0, "failed": 0},
        "environmentTemplates": {"total": 0},
        "environments": {"total": 0},
        "pipelines": nothing,
        "serviceInstances": nothing,
        "serviceTemplates": {"total": 0},
        "services": nothing,
    }


@pytest.mark.rule("6.15-1", "6.15-2", "6.15-3", "6.15-4", "6.15-5")
def test_everything_counts(proton: Client, seed: Seed, counts: Counts) -> None:
    seed.service("shop", instances={"web": "dev", "api": "prod"}, pipeline=True)
    seed.service("books", instances={"web": "dev"})
    seed.component("cache", environmentName="dev")
    seed.environment_template("unused", versions=[])

    assert counts() == {
        "components": {"total": 1, "failed": 0},
        "environmentTemplates": {"total": 2},
        "environments": {"total": 2},
        "pipelines": {"total": 1, "failed": 0, **NONE_BEHIND, "upToDate": 1},
        "serviceInstances": {"total": 3, "failed": 0, **NONE_BEHIND, "upToDate": 3},
        "serviceTemplates": {"total": 2},
        "services": {"total": 2, "failed": 0, **NONE_BEHIND, "upToDate": 2},
    }


def test_what_is_deleted_counts_no_more(proton: Client, seed: Seed, counts: Counts) -> None:
    empty = counts()
    seed.service("shop", pipeline=True)
    proton.delete_service(name="shop")
    proton.delete_environment(name="dev")

    after = counts()

    assert {name: after[name] for name in ("services", "serviceInstances", "pipelines")} == {
        name: empty[name] for name in ("services", "serviceInstances", "pipelines")
    }
    assert after["environments"] == {"total": 0}


@pytest.mark.rule("6.15-6", "6.15-7")
@pytest.mark.parametrize(
    ("published", "member"),
    [
        pytest.param([], "upToDate", id="nothing newer"),
        pytest.param(["1.1"], "behindMinor", id="minor"),
        pytest.param(["2.0"], "behindMajor", id="major"),
        pytest.param(["1.1", "2.0", "2.1"], "behindMajor", id="both"),
    ],
)
def test_each_version_that_is_published_leaves_what_runs_behind(
    seed: Seed, counts: Counts, published: list[str], member: str
) -> None:
    seed.service("shop", pipeline=True)
    seed.service_template(pipeline=True, versions=published)

    seen = counts()

    for kind in ("services", "serviceInstances", "pipelines"):
        assert seen[kind] == {"total": 1, "failed": 0, **NONE_BEHIND, member: 1}


def test_a_draft_leaves_nobody_behind(proton: Client, seed: Seed, counts: Counts) -> None:
    seed.service("shop")
    proton.create_service_template_version(
        templateName="service-template",
        majorVersion="1",
        source={"s3": {"bucket": "bundles", "key": "draft.tar.gz"}},
        compatibleEnvironmentTemplates=[
            {"templateName": "environment-template", "majorVersion": "1"}
        ],
    )

    assert counts()["serviceInstances"]["upToDate"] == 1


@pytest.mark.rule("6.15-9")
def test_a_service_counts_by_the_worst_of_its_parts(
    proton: Client, seed: Seed, counts: Counts
) -> None:
    seed.service("shop", instances={"web": "dev", "api": "dev"}, pipeline=True)
    seed.service_template(pipeline=True, versions=["1.1", "2.0"])
    spec = service_spec({"web": "dev", "api": "dev"})

    def seen() -> list[dict[str, int]]:
        now = counts()
        kinds = ("services", "serviceInstances", "pipelines")
        return [
            {name: number for name, number in now[kind].items() if name in NONE_BEHIND and number}
            for kind in kinds
        ]

    def move(name: str, version: str) -> None:
        proton.update_service_instance(
            serviceName="shop",
            name=name,
            deploymentType="MAJOR_VERSION",
            templateMajorVersion=version,
        )

    assert seen() == [{"behindMajor": 1}, {"behindMajor": 2}, {"behindMajor": 1}]
    move("web", "2")
    proton.update_service_pipeline(serviceName="shop", deploymentType="MAJOR_VERSION", spec=spec)
    assert seen() == [{"behindMajor": 1}, {"behindMajor": 1, "upToDate": 1}, {"upToDate": 1}]
    move("api", "2")
    assert seen() == [{"upToDate": 1}, {"upToDate": 2}, {"upToDate": 1}]

    seed.service_template(pipeline=True, versions=["2.1"])
    proton.update_service_instance(serviceName="shop", name="web", deploymentType="MINOR_VERSION")

    assert seen() == [
        {"behindMinor": 1},
        {"upToDate": 1, "behindMinor": 1},
        {"behindMinor": 1},
    ]


@pytest.mark.rule("6.15-10")
def test_what_was_never_deployed_is_neither_behind_nor_up_to_date(
    seed: Seed, counts: Counts, faults: ModuleType
) -> None:
    faults.fail_deployment("service/shop/*", times=9)
    seed.service("shop", pipeline=True)

    seen = counts()

    for kind in ("services", "serviceInstances", "pipelines"):
        assert seen[kind] == {"total": 1, "failed": 1, **NONE_BEHIND}


def test_what_is_on_its_first_way_counts_in_the_total_alone(
    seed: Seed, counts: Counts, hold: Hold
) -> None:
    seed.environment("dev")
    hold("service_instance", "component")
    seed.service("shop")
    seed.component("cache", environmentName="dev")

    seen = counts()

    for kind in ("services", "serviceInstances"):
        assert seen[kind] == {"total": 1, "failed": 0, **NONE_BEHIND}
    assert seen["components"] == {"total": 1, "failed": 0}


def test_what_failed_counts_by_the_version_that_it_still_runs(
    proton: Client, seed: Seed, counts: Counts, faults: ModuleType
) -> None:
    seed.service("shop")
    seed.service_template(versions=["1.1"])
    seed.component("cache", environmentName="dev")
    faults.fail_deployment("*", times=9)
    proton.update_service_instance(serviceName="shop", name="dev", deploymentType="MINOR_VERSION")
    proton.update_component(
        name="cache", deploymentType="CURRENT_VERSION", templateFile="Resources: {A: {}}"
    )

    seen = counts()

    assert seen["serviceInstances"] == {"total": 1, "failed": 1, **NONE_BEHIND, "behindMinor": 1}
    assert seen["components"] == {"total": 1, "failed": 1}
    # The failure of one instance's own update leaves the service ACTIVE.
    assert seen["services"] == {"total": 1, "failed": 0, **NONE_BEHIND, "behindMinor": 1}


@pytest.mark.rule("6.15-8")
def test_a_failed_deletion_counts_as_failed(
    proton: Client, seed: Seed, counts: Counts, faults: ModuleType
) -> None:
    seed.service("shop")
    seed.component("cache", environmentName="dev")
    faults.fail_deletion("*", times=9)
    proton.delete_component(name="cache")
    proton.delete_service(name="shop")

    seen = counts()

    assert [seen[kind]["failed"] for kind in ("components", "serviceInstances", "services")] == [
        1,
        1,
        1,
    ]


def test_each_region_counts_its_own(seed: Seed, clients: Callable[..., Client]) -> None:
    seed.service("shop")

    elsewhere = clients("eu-west-1").get_resources_summary()["counts"]

    assert elsewhere["services"]["total"] == elsewhere["environments"]["total"] == 0
