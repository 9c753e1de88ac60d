"""The 8 deployment statuses: each is reached on whatever has it, and each blocks what it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

KINDS = ["environment", "service_instance", "service_pipeline", "component"]
FAULT_ON = {
    "environment": "environment/env2",
    "service_instance": "service/svc/service-instance/a",
    "service_pipeline": "service/svc/pipeline/*",
    "component": "component/cache",
}
CANCELLABLE = KINDS[:3]


def of_the_attempt(started: dict[str, Any]) -> dict[str, Any]:
    """The members of a response that tell of the attempt, and stay when it comes to nothing."""
    names = (
        "lastDeploymentAttemptedAt",
        "lastAttemptedDeploymentId",
        "lastClientRequestToken",
        "lastModifiedAt",
    )
    return {name: started[name] for name in names if name in started}


# --- deployments ---------------------------------------------------------------------------------


@pytest.mark.rule("3.1-2", "3.1-3", "3.1-10", "3.1-1")
@pytest.mark.parametrize("kind", KINDS)
def test_an_update_is_in_progress_then_succeeded(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update_one: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    before = show(kind)
    hold(kind)

    started = update_one(kind)

    assert started["deploymentStatus"] == show(kind)["deploymentStatus"] == "IN_PROGRESS"
    assert started["lastDeploymentAttemptedAt"] > before["lastDeploymentAttemptedAt"]
    assert started["lastDeploymentSucceededAt"] == before["lastDeploymentSucceededAt"]
    let_go()
    after = show(kind)
    assert after["deploymentStatus"] == "SUCCEEDED"
    # The time of the attempt, not of the end.
    assert after["lastDeploymentSucceededAt"] == started["lastDeploymentAttemptedAt"]
    assert after["lastSucceededDeploymentId"] == started["lastAttemptedDeploymentId"]


@pytest.mark.rule("3.1-4", "3.1-21", "3.1-22")
@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_update_keeps_what_was_deployed(
    update_one: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    before = show(kind)
    faults.fail_deployment(FAULT_ON[kind], message="no capacity")

    started = update_one(kind)

    assert show(kind) == {
        **before,
        **of_the_attempt(started),
        "deploymentStatus": "FAILED",
        "deploymentStatusMessage": "no capacity",
    }


@pytest.mark.rule("3.1-23")
@pytest.mark.parametrize("kind", KINDS)
def test_the_next_update_clears_the_message_of_a_failure(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update_one: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    faults.fail_deployment(FAULT_ON[kind])
    update_one(kind)
    assert show(kind)["deploymentStatus"] == "FAILED"

    assert "deploymentStatusMessage" not in update_one(kind)

    assert show(kind)["deploymentStatus"] == "SUCCEEDED"


# --- cancellations -------------------------------------------------------------------------------


@pytest.mark.rule("3.1-5", "3.1-7")
@pytest.mark.parametrize("kind", CANCELLABLE)
def test_a_cancellation_goes_back_to_what_was_deployed(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update_one: Callable[[str], dict[str, Any]],
    cancel: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    before = show(kind)
    hold(kind)
    started = update_one(kind)

    assert cancel(kind)["deploymentStatus"] == show(kind)["deploymentStatus"] == "CANCELLING"

    let_go()
    assert show(kind) == {
        **before,
        **of_the_attempt(started),
        "deploymentStatus": "CANCELLED",
        "deploymentStatusMessage": "User initiated cancellation.",
    }


@pytest.mark.rule("3.1-8")
@pytest.mark.parametrize("kind", CANCELLABLE)
def test_a_cancellation_can_fail(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update_one: Callable[[str], dict[str, Any]],
    cancel: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    hold(kind)
    update_one(kind)
    cancel(kind)
    faults.fail_deployment(FAULT_ON[kind], message="stack is stuck")
    let_go()

    after = show(kind)

    assert (after["deploymentStatus"], after["deploymentStatusMessage"]) == (
        "FAILED",
        "stack is stuck",
    )


@pytest.mark.rule("3.1-10")
@pytest.mark.parametrize("kind", CANCELLABLE)
def test_after_a_cancellation_an_update_is_possible(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update_one: Callable[[str], dict[str, Any]],
    cancel: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    hold(kind)
    update_one(kind)
    cancel(kind)
    let_go()
    assert show(kind)["deploymentStatus"] == "CANCELLED"

    assert update_one(kind)["deploymentStatus"] == "IN_PROGRESS"

    assert show(kind)["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.rule("3.3-17")
@pytest.mark.parametrize(
    ("kind", "operation", "members"),
    [
        ("environment", "cancel_environment_deployment", {"environmentName": "env2"}),
        (
            "service_instance",
            "cancel_service_instance_deployment",
            {"serviceName": "svc", "serviceInstanceName": "a"},
        ),
        ("service_pipeline", "cancel_service_pipeline_deployment", {"serviceName": "svc"}),
    ],
)
def test_only_an_update_in_progress_can_be_cancelled(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update_one: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    refused: Callable[..., None],
    raw: Any,
    kind: str,
    operation: str,
    members: dict[str, str],
) -> None:
    def refuse(status: str) -> None:
        assert show(kind)["deploymentStatus"] == status
        refused(operation, "ConflictException", status, **members)

    refuse("SUCCEEDED")
    faults.fail_deployment(FAULT_ON[kind])
    update_one(kind)
    refuse("FAILED")
    hold(kind)
    update_one(kind)
    getattr(raw, operation)(**members)
    refuse("CANCELLING")
    let_go()
    refuse("CANCELLED")


@pytest.mark.rule("3.3-17")
def test_a_first_deployment_cannot_be_cancelled(
    empty: ProtonClient,
    seed: Seed,
    hold: Callable[..., None],
    refused: Callable[..., None],
) -> None:
    hold("environment")
    seed.environment("env")

    refused("cancel_environment_deployment", "ConflictException", "env", environmentName="env")


# --- deletions -----------------------------------------------------------------------------------


@pytest.mark.rule("3.1-11", "3.1-12")
@pytest.mark.parametrize("kind", KINDS)
def test_a_deletion_is_in_progress_and_then_nothing_is_left(
    world: ProtonClient,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    delete: Callable[[str], None],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    before = show(kind)
    hold(kind)
    delete(kind)
    going = show(kind)
    moved = {"lastModifiedAt": going["lastModifiedAt"]} if kind == "component" else {}
    # A deletion is no deployment attempt.
    assert going == {**before, **moved, "deploymentStatus": "DELETE_IN_PROGRESS"}

    let_go()

    # DELETE_COMPLETE is never seen: with it the resource is gone.
    with pytest.raises(world.exceptions.ResourceNotFoundException):
        show(kind)


@pytest.mark.rule("3.1-13", "3.1-14")
@pytest.mark.parametrize("kind", KINDS)
def test_a_deletion_that_failed_can_be_repeated(
    world: ProtonClient,
    delete: Callable[[str], None],
    show: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    faults.fail_deletion(FAULT_ON[kind], message="bucket not empty")
    delete(kind)
    failed = show(kind)
    assert (failed["deploymentStatus"], failed["deploymentStatusMessage"]) == (
        "DELETE_FAILED",
        "bucket not empty",
    )

    delete(kind)

    with pytest.raises(world.exceptions.ResourceNotFoundException):
        show(kind)


@pytest.mark.rule("3.1-15")
def test_no_list_ever_shows_a_completed_deletion(
    world: ProtonClient, update: Callable[..., dict[str, Any]], spec: Callable[..., str]
) -> None:
    update(spec=spec("a"))

    complete: Any = [{"key": "deploymentStatus", "value": "DELETE_COMPLETE"}]
    assert world.list_service_instances(filters=complete)["serviceInstances"] == []
    names = [i["name"] for i in world.list_service_instances()["serviceInstances"]]
    assert names == ["a"]
