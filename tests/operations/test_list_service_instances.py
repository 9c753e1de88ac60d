"""ListServiceInstances: filters and orders."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
RNF = "ResourceNotFoundException"


@pytest.fixture
def shops(proton: Client, seed: Seed, faults: ModuleType) -> None:
    """b/dev (failed, 1.0), b/prod (2.0), a/dev (1.0): made in this order."""
    faults.fail_deployment("service/b/service-instance/dev", times=2)
    seed.service("b", template="web", instances={"prod": "prod"})
    spec = "proton: ServiceSpec\ninstances: [{name: dev, environment: dev}]\n"
    seed.environment("dev")
    proton.create_service_instance(serviceName="b", name="dev", spec=spec)
    seed.service("a", template="books", instances={"dev": "dev"})
    seed.service_template("web", versions=["1.0", "1.1", "2.0"])
    proton.update_service_instance(serviceName="b", name="prod", deploymentType="MAJOR_VERSION")


def listed(client: Client, **members: Any) -> list[str]:
    answer = client.list_service_instances(**members)["serviceInstances"]
    return [f"{each['serviceName']}/{each['name']}" for each in answer]


def filters(**values: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


@pytest.mark.rule("6.9.1-2")
def test_an_account_without_instances_lists_none(proton: Client) -> None:
    assert listed(proton) == []


@pytest.mark.rule("6.9.1-3", "6.9.1-6")
@pytest.mark.usefixtures("shops")
def test_a_list_goes_by_service_and_name(proton: Client) -> None:
    assert listed(proton) == ["a/dev", "b/dev", "b/prod"]


@pytest.mark.rule("6.9.1-1")
@pytest.mark.usefixtures("shops")
def test_a_list_of_one_service_goes_by_name(proton: Client) -> None:
    assert listed(proton, serviceName="b") == ["b/dev", "b/prod"]


@pytest.mark.rule("4.3-12")
@pytest.mark.usefixtures("shops")
def test_a_summary_is_the_detail_without_the_spec(proton: Client) -> None:
    got = proton.get_service_instance(serviceName="a", name="dev")["serviceInstance"]

    summary = proton.list_service_instances(serviceName="a")["serviceInstances"][0]

    hidden = {"spec", "lastClientRequestToken"}
    assert summary == {name: got[name] for name in got if name not in hidden}


@pytest.mark.rule("6.9.1-1")
@pytest.mark.usefixtures("shops")
def test_an_unknown_service_is_not_found(refused: Refused) -> None:
    refused(RNF, "service nil", "list_service_instances", serviceName="nil")


@pytest.mark.rule("6.9.1-3", "6.9.1-4", "6.9.1-5")
@pytest.mark.parametrize(
    ("sort_by", "expected"),
    [
        ("name", ["a/dev", "b/dev", "b/prod"]),
        ("deploymentStatus", ["b/dev", "a/dev", "b/prod"]),
        ("templateName", ["a/dev", "b/dev", "b/prod"]),
        ("serviceName", ["a/dev", "b/dev", "b/prod"]),
        ("environmentName", ["a/dev", "b/dev", "b/prod"]),
        ("lastDeploymentAttemptedAt", ["b/dev", "a/dev", "b/prod"]),
        ("createdAt", ["b/prod", "b/dev", "a/dev"]),
    ],
)
@pytest.mark.usefixtures("shops")
def test_a_list_can_be_sorted_either_way(proton: Client, sort_by: str, expected: list[str]) -> None:
    assert listed(proton, sortBy=sort_by) == expected
    assert listed(proton, sortBy=sort_by, sortOrder="ASCENDING") == expected
    assert listed(proton, sortBy=sort_by, sortOrder="DESCENDING") == expected[::-1]


@pytest.mark.rule("6.9.1-7", "6.9.1-8", "6.9.1-9", "6.9.1-10", "6.9.1-11", "6.9.1-12", "6.9.1-17")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(filters(name="dev"), ["a/dev", "b/dev"], id="name"),
        pytest.param(filters(name="de"), [], id="part of a name"),
        pytest.param(filters(deploymentStatus="FAILED"), ["b/dev"], id="status"),
        pytest.param(filters(deploymentStatus="DELETE_FAILED"), [], id="status of none"),
        pytest.param(filters(templateName="web"), ["b/dev", "b/prod"], id="template"),
        pytest.param(filters(serviceName="a"), ["a/dev"], id="service"),
        pytest.param(filters(environmentName="dev"), ["a/dev", "b/dev"], id="environment"),
        pytest.param(
            filters(deployedTemplateVersionStatus="UP_TO_DATE"),
            ["a/dev", "b/prod"],
            id="up to date",
        ),
        pytest.param(filters(environmentName="dev", templateName="web"), ["b/dev"], id="both hold"),
        pytest.param(filters(name="dev") + filters(name="prod"), [], id="a key twice"),
        pytest.param(
            filters(createdAtAfter="2000-01-01T00:00:00Z"),
            ["a/dev", "b/dev", "b/prod"],
            id="created after",
        ),
        pytest.param(filters(createdAtBefore="2000-01-01T00:00:00.5Z"), [], id="created before"),
        pytest.param(
            filters(lastDeploymentAttemptedAtAfter="9999-12-31T23:59:59.999999999Z"),
            [],
            id="attempted after",
        ),
        pytest.param(
            filters(lastDeploymentAttemptedAtBefore="9999-12-31T23:59:59Z"),
            ["a/dev", "b/dev", "b/prod"],
            id="attempted before",
        ),
    ],
)
@pytest.mark.usefixtures("shops")
def test_filters_all_have_to_hold(
    proton: Client, wanted: list[dict[str, str]], expected: list[str]
) -> None:
    assert listed(proton, filters=wanted) == expected


@pytest.mark.rule("6.9.1-13")
@pytest.mark.parametrize(
    ("version", "status"),
    [("1.0", "BEHIND_MAJOR"), ("2.0", "BEHIND_MINOR"), ("2.1", "UP_TO_DATE")],
)
def test_how_far_behind_an_instance_is(
    proton: Client, seed: Seed, version: str, status: str
) -> None:
    seed.service_template("web", versions=["1.0", "2.0", "2.1"])
    seed.service("shop", template="web", version=version)

    for each in ("BEHIND_MAJOR", "BEHIND_MINOR", "UP_TO_DATE"):
        found = listed(proton, filters=filters(deployedTemplateVersionStatus=each))
        assert found == (["shop/dev"] if each == status else [])


@pytest.mark.rule("6.9.1-14", "6.9.1-15")
def test_times_are_compared_strictly(proton: Client, seed: Seed) -> None:
    seed.service("shop")
    moment = proton.list_service_instances()["serviceInstances"][0]["createdAt"]
    text = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert moment.microsecond % 1000 == 0 or "." in text

    before = listed(proton, filters=filters(createdAtBefore=text))
    after = listed(proton, filters=filters(createdAtAfter=text))

    assert (before, after) == ([], [])


@pytest.mark.rule("6.9.1-16")
@pytest.mark.parametrize(
    ("words", "members"),
    [
        pytest.param("filters.1.member.key", {"filters": filters(other="x")}, id="unknown key"),
        pytest.param("key and a value", {"filters": [{"value": "x"}]}, id="no key"),
        pytest.param("key and a value", {"filters": [{"key": "name"}]}, id="no value"),
        *(
            pytest.param(f"'{text}'", {"filters": filters(createdAtAfter=text)}, id=text)
            for text in (
                "yesterday",
                "2024-01-01",
                "2024-01-01T00:00:00",
                "2024-01-01T00:00:00+01:00",
                "2024-13-01T00:00:00Z",
                "2024-01-01T25:00:00Z",
                "2024-01-01T00:00:00.Z",
            )
        ),
        pytest.param("sortBy", {"sortBy": "arn"}, id="unknown order"),
        pytest.param("sortOrder", {"sortOrder": "UP"}, id="unknown direction"),
        pytest.param("maxResults", {"maxResults": 0}, id="page of nothing"),
        pytest.param("maxResults", {"maxResults": 101}, id="large page"),
    ],
)
@pytest.mark.usefixtures("shops")
def test_a_list_is_refused(refused: Refused, words: str, members: dict[str, Any]) -> None:
    refused(VE, words, "list_service_instances", **members)
