"""Rows 67 to 70 and 74 to 77: what a new instance needs.

Rows 71 to 73 ask what is in a template bundle; they are with the tests of bundles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed


@pytest.fixture
def refuses_c_in(refused: Callable[..., None], spec: Callable[..., str]) -> Callable[..., None]:
    """Asserts that a new instance ``c`` in an environment is refused."""

    def check(environment: str, code: str, *culprits: str) -> None:
        refused(
            "update_service",
            code,
            environment,
            *culprits,
            name="svc",
            spec=spec("a", "b", c=environment),
            description="new",
        )

    return check


@pytest.mark.row(67)
@pytest.mark.usefixtures("proton")
def test_its_environment_must_exist(refuses_c_in: Callable[..., None]) -> None:
    refuses_c_in("nowhere", "ResourceNotFoundException", "c")


@pytest.mark.row(67)
@pytest.mark.usefixtures("proton")
def test_one_missing_environment_refuses_all_additions(
    refused: Callable[..., None], spec: Callable[..., str]
) -> None:
    refused(
        "update_service",
        "ResourceNotFoundException",
        "nowhere",
        name="svc",
        spec=spec("b", "c", "d", e="nowhere"),
    )


@pytest.mark.row(68)
@pytest.mark.usefixtures("proton")
def test_its_environment_must_be_deployed_by_now(
    seed: Seed, hold: Callable[..., None], refuses_c_in: Callable[..., None]
) -> None:
    hold("environment")
    seed.environment("young")

    refuses_c_in("young", "ConflictException", "IN_PROGRESS")


@pytest.mark.row(68)
@pytest.mark.usefixtures("proton")
def test_its_environment_must_have_been_deployed_with_success(
    seed: Seed, refuses_c_in: Callable[..., None]
) -> None:
    faults.fail_deployment("environment/broken")
    seed.environment("broken")

    refuses_c_in("broken", "ConflictException", "FAILED")


@pytest.mark.row(68)
def test_an_environment_whose_update_failed_still_takes_instances(
    proton: ProtonClient,
    seed: Seed,
    update: Callable[..., dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    seed.environment("old")
    faults.fail_deployment("environment/old")
    proton.update_environment(name="old", deploymentType="CURRENT_VERSION")
    assert proton.get_environment(name="old")["environment"]["deploymentStatus"] == "FAILED"

    assert update(spec=spec("a", "b", c="old"))["status"] == "UPDATE_IN_PROGRESS"


@pytest.mark.row(69)
def test_its_environment_must_not_be_on_its_way_out(
    proton: ProtonClient,
    seed: Seed,
    hold: Callable[..., None],
    refuses_c_in: Callable[..., None],
) -> None:
    seed.environment("going")
    hold("environment")
    proton.delete_environment(name="going")

    refuses_c_in("going", "ConflictException", "DELETE_IN_PROGRESS")


@pytest.mark.row(69)
def test_its_environment_must_not_have_failed_to_go(
    proton: ProtonClient, seed: Seed, refuses_c_in: Callable[..., None]
) -> None:
    seed.environment("stuck")
    faults.fail_deletion("environment/stuck")
    proton.delete_environment(name="stuck")

    refuses_c_in("stuck", "ConflictException", "DELETE_FAILED")


@pytest.mark.row(70)
@pytest.mark.parametrize(
    ("members", "runs_on"),
    [
        pytest.param({"template": "other"}, "other:1", id="other-template"),
        pytest.param({"version": "2.0"}, "environment-template:2", id="other-major-version"),
    ],
)
@pytest.mark.usefixtures("proton")
def test_its_environment_must_be_compatible(
    seed: Seed, refuses_c_in: Callable[..., None], members: dict[str, Any], runs_on: str
) -> None:
    seed.environment("elsewhere", **members)

    refuses_c_in("elsewhere", "ValidationException", runs_on, "service-template-with-pipeline:1.0")


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("\n  spec:\n    undeclared: 1\n", id="row-74-undeclared-input"),
        pytest.param("\n", id="row-75-no-inputs"),
        pytest.param("\n  spec: {}\n", id="row-75-empty-inputs"),
    ],
)
@pytest.mark.usefixtures("proton")
def test_its_inputs_are_up_to_the_template(
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
    entry: str,
) -> None:
    text = spec("a", "b") + f"- name: c\n  environment: env{entry}"

    assert update(spec=text)["status"] == "UPDATE_IN_PROGRESS"

    assert (get()["status"], get()["spec"]) == ("ACTIVE", text)
    created = instance("c")
    assert (created["deploymentStatus"], created["spec"]) == ("SUCCEEDED", text)


@pytest.mark.row(76)
def test_its_name_must_not_be_that_of_an_instance_that_failed_to_go(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    faults.fail_deletion("service/svc/service-instance/b")
    update(spec=spec("a"))
    assert statuses() == {"a": "SUCCEEDED", "b": "DELETE_FAILED"}

    refused("update_service", "ConflictException", " b ", name="svc", spec=spec("a", "b"))


@pytest.mark.row(77)
def test_another_service_may_use_the_same_name(
    proton: ProtonClient,
    seed: Seed,
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    seed.service("other", instances={"c": "env"})

    assert update(spec=spec("a", "b", "c"))["status"] == "UPDATE_IN_PROGRESS"

    assert statuses() == dict.fromkeys("abc", "SUCCEEDED")


# --- what it starts with -------------------------------------------------------------------------


@pytest.mark.rule("5.5-13")
@pytest.mark.row(50)
def test_it_starts_on_the_recommended_minor_version_of_the_major_of_the_service(
    proton: ProtonClient,
    seed: Seed,
    update: Callable[..., dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    seed.service_template(pipeline=True, versions=["1.0", "1.1", "2.0"])

    update(spec=spec("a", "b", "c"))

    version = "templateMajorVersion", "templateMinorVersion"
    assert [instance("c")[part] for part in version] == ["1", "1"]
    assert [instance("a")[part] for part in version] == ["1", "0"]


@pytest.mark.rule("5.5-13")
@pytest.mark.row(50)
def test_it_follows_all_instances_to_a_later_major_version(
    proton: ProtonClient,
    seed: Seed,
    update: Callable[..., dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    seed.service_template(pipeline=True, versions=["1.0", "2.0"])
    for name in ("a", "b"):
        proton.update_service_instance(
            serviceName="svc", name=name, deploymentType="MAJOR_VERSION", templateMajorVersion="2"
        )

    update(spec=spec("a", "b", "c"))

    assert instance("c")["templateMajorVersion"] == "2"


@pytest.mark.rule("5.8-1")
@pytest.mark.row(50)
def test_it_takes_the_tags_that_the_service_has_now(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    proton.tag_resource(resourceArn=get()["arn"], tags=[{"key": "stage", "value": "two"}])

    update(spec=spec("a", "b", "c"))

    def customer_tags(name: str) -> dict[str, str]:
        tags = proton.list_tags_for_resource(resourceArn=instance(name)["arn"])["tags"]
        return {t["key"]: t["value"] for t in tags if not t["key"].startswith("aws:")}

    assert customer_tags("c") == {"team": "shop", "stage": "two"}
    assert customer_tags("a") == {"team": "shop"}
