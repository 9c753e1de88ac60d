"""The state of a service after a failed creation or deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

A = "service/svc/service-instance/a"
B = "service/svc/service-instance/b"
PIPELINE = "service/svc/pipeline/*"


@pytest.mark.rule("5.6-12")
def test_a_failed_instance_cancels_the_pipeline(
    make_svc: Callable[..., dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
) -> None:
    faults.fail_deployment(B, message="no capacity")

    service = make_svc()

    assert service["status"] == "CREATE_FAILED"
    assert service["statusMessage"] == "Service Instance(s): b failed to deploy"
    pipeline = service["pipeline"]
    assert pipeline["deploymentStatus"] == "FAILED"
    assert pipeline["deploymentStatusMessage"] == (
        f"Service Instance(s): [{instance('b')['arn']}] failed to deploy - canceling pipeline "
        "deployment"
    )
    assert "lastDeploymentSucceededAt" not in pipeline
    assert "templateMajorVersion" not in pipeline
    assert statuses() == {"a": "SUCCEEDED", "b": "FAILED"}


def test_every_failed_instance_is_named(make_svc: Callable[..., dict[str, Any]]) -> None:
    faults.fail_deployment("service/svc/service-instance/*", times=2)

    service = make_svc()

    assert service["statusMessage"] == "Service Instance(s): a, b failed to deploy"
    arn = service["arn"]
    assert (
        f"[{arn}/service-instance/a, {arn}/service-instance/b]"
        in service["pipeline"]["deploymentStatusMessage"]
    )


@pytest.mark.rule("3.2-4")
def test_a_failed_pipeline_fails_the_creation(
    make_svc: Callable[..., dict[str, Any]], statuses: Callable[[], dict[str, str]]
) -> None:
    faults.fail_deployment(PIPELINE, message="no such branch")

    service = make_svc()

    assert (service["status"], service["statusMessage"]) == ("CREATE_FAILED", "no such branch")
    assert service["pipeline"]["deploymentStatusMessage"] == "no such branch"
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}


@pytest.mark.rule("3.2-5")
@pytest.mark.parametrize("failing", [B, PIPELINE])
def test_a_creation_can_take_back_what_it_made(
    make_svc: Callable[..., dict[str, Any]], statuses: Callable[[], dict[str, str]], failing: str
) -> None:
    faults.fail_deployment(failing, cleanup=True)

    service = make_svc()

    assert service["status"] == "CREATE_FAILED_CLEANUP_COMPLETE"
    assert service["statusMessage"]
    assert "pipeline" not in service
    assert statuses() == {}


@pytest.mark.rule("3.2-5")
def test_a_creation_may_fail_to_take_back_what_it_made(
    make_svc: Callable[..., dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
) -> None:
    faults.fail_deployment(B, cleanup=True)
    faults.fail_cleanup(A, message="bucket not empty")

    service = make_svc()

    assert service["status"] == "CREATE_FAILED_CLEANUP_FAILED"
    assert statuses() == {"a": "DELETE_FAILED"}
    assert instance("a")["deploymentStatusMessage"] == "bucket not empty"


def test_a_cleanup_uses_up_no_fault_for_deletions(
    make_svc: Callable[..., dict[str, Any]], statuses: Callable[[], dict[str, str]]
) -> None:
    faults.fail_deployment(B, cleanup=True)
    faults.fail_deletion(A)

    assert make_svc()["status"] == "CREATE_FAILED_CLEANUP_COMPLETE"

    assert statuses() == {}


@pytest.mark.rule("3.2-16")
@pytest.mark.parametrize(
    ("failing", "named", "left"),
    [(B, "b", {"b": "DELETE_FAILED"}), (PIPELINE, "the pipeline", {})],
)
def test_a_deletion_that_failed_says_what_is_left(
    proton: ProtonClient,
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    failing: str,
    named: str,
    left: dict[str, str],
) -> None:
    faults.fail_deletion(failing)

    proton.delete_service(name="svc")

    service = get()
    assert service["status"] == "DELETE_FAILED"
    assert service["statusMessage"] == f"Resources failed to be deleted: {named}"
    assert statuses() == left
    assert ("pipeline" in service) is (failing == PIPELINE)


@pytest.mark.rule("3.2-17")
@pytest.mark.parametrize("times", [1, 3])
def test_a_deletion_can_be_repeated_until_it_works(
    proton: ProtonClient, get: Callable[[], dict[str, Any]], times: int
) -> None:
    faults.fail_deletion(B, times=times)
    for _ in range(times):
        proton.delete_service(name="svc")
        assert get()["status"] == "DELETE_FAILED"

    proton.delete_service(name="svc")

    with pytest.raises(proton.exceptions.ResourceNotFoundException):
        get()
    assert "service" not in proton.delete_service(name="svc")


def test_an_environment_is_free_once_its_instances_are_gone(
    proton: ProtonClient, get: Callable[[], dict[str, Any]]
) -> None:
    faults.fail_deletion(B)
    proton.delete_service(name="svc")
    get()
    with pytest.raises(proton.exceptions.ConflictException, match="service-instance/b"):
        proton.delete_environment(name="env")

    proton.delete_service(name="svc")

    deleted = proton.delete_environment(name="env")["environment"]
    assert deleted["deploymentStatus"] == "DELETE_IN_PROGRESS"


@pytest.mark.rule("3.1-20", "3.1-21", "3.1-26")
@pytest.mark.parametrize(
    "kind",
    [pytest.param("environment", id="environment"), pytest.param("component", id="component")],
)
def test_a_first_deployment_that_failed_shows_no_version_and_no_success(
    empty: Any, seed: Seed, kind: str
) -> None:
    seed.environment("dev")
    faults.fail_deployment(f"{kind}/broken", message="no capacity")

    failed = getattr(seed, kind)("broken")

    assert failed["deploymentStatus"] == "FAILED"
    assert failed["deploymentStatusMessage"] == "no capacity"
    assert failed.keys().isdisjoint(
        {"lastDeploymentSucceededAt", "templateMajorVersion", "templateMinorVersion", "spec"}
    )
    assert failed["lastDeploymentAttemptedAt"] >= failed["createdAt"]


@pytest.mark.rule("3.1-25")
def test_an_instance_that_was_never_deployed_has_no_version_to_update(
    make_svc: Callable[..., dict[str, Any]], refused: Callable[..., None]
) -> None:
    faults.fail_deployment(B)
    make_svc()

    refused(
        "update_service_instance",
        "ValidationException",
        " b ",
        "no template version",
        serviceName="svc",
        name="b",
        deploymentType="CURRENT_VERSION",
    )
