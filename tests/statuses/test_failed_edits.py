"""The three ways in which an edit fails, with every time, spec and version they leave behind.

Each deployment takes a minute, each deletion too; the service itself takes no time of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time
from moto.moto_api import state_manager

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

CREATED = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
EDITED = CREATED + timedelta(hours=1)
MINUTE = timedelta(minutes=1)

A = "service/svc/service-instance/a"
B = "service/svc/service-instance/b"
C = "service/svc/service-instance/c"


@pytest.fixture
def clock(make_svc: Callable[..., dict[str, Any]]) -> Iterator[Any]:
    """A clock that stands at the time of the edit; ``svc`` was there an hour before."""
    with freeze_time(CREATED, ignore=["_pytest"]) as frozen:
        make_svc()
        for kind in ("service_instance", "service_pipeline"):
            state_manager.set_transition(f"proton::{kind}", {"progression": "time", "seconds": 60})
        frozen.move_to(EDITED)
        yield frozen


@pytest.fixture
def before(clock: Any, get: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The service before the edit."""
    return get()


@pytest.fixture
def instances(clock: Any, instance: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The instances before the edit."""
    return {name: instance(name) for name in "ab"}


@pytest.mark.rule("5.5-8", "5.5-10", "5.5-11")
def test_when_all_goes_well_each_step_starts_as_the_one_before_it_ends(
    clock: Any,
    before: dict[str, Any],
    instances: dict[str, Any],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    update(spec=spec("a", "c"))
    clock.move_to(EDITED + timedelta(days=1))

    after = get()

    added, deleted, provisioned = EDITED + MINUTE, EDITED + 2 * MINUTE, EDITED + 3 * MINUTE
    assert added < deleted < provisioned
    assert after == {
        **before,
        "spec": spec("a", "c"),
        "lastModifiedAt": provisioned,
        "pipeline": {
            **before["pipeline"],
            "spec": spec("a", "c"),
            # It was the turn of the pipeline when the deletion was over.
            "lastDeploymentAttemptedAt": deleted,
            "lastDeploymentSucceededAt": deleted,
            "lastAttemptedDeploymentId": after["pipeline"]["lastAttemptedDeploymentId"],
            "lastSucceededDeploymentId": after["pipeline"]["lastAttemptedDeploymentId"],
        },
    }
    assert instance("a") == instances["a"]
    created = instance("c")
    assert created["createdAt"] == EDITED
    assert created["lastDeploymentAttemptedAt"] == created["lastDeploymentSucceededAt"] == EDITED


def test_the_steps_can_be_watched_minute_by_minute(
    clock: Any,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    update(spec=spec("a", "c"))

    def seen() -> tuple[str, str, dict[str, str]]:
        service = get()
        return service["status"], service["pipeline"]["deploymentStatus"], statuses()

    a = {"a": "SUCCEEDED"}
    going = {"b": "DELETE_IN_PROGRESS"}
    busy = "UPDATE_IN_PROGRESS", "IN_PROGRESS"
    clock.move_to(EDITED + MINUTE - timedelta(microseconds=1))
    assert seen() == (*busy, {**a, **going, "c": "IN_PROGRESS"})
    clock.move_to(EDITED + MINUTE)
    assert seen() == (*busy, {**a, **going, "c": "SUCCEEDED"})
    clock.move_to(EDITED + 2 * MINUTE)
    assert seen() == (*busy, {**a, "c": "SUCCEEDED"})
    clock.move_to(EDITED + 3 * MINUTE)
    assert seen() == ("ACTIVE", "SUCCEEDED", {**a, "c": "SUCCEEDED"})


@pytest.mark.rule("3.2-9", "3.2-10", "3.2-11", "5.6-1", "5.6-3", "5.6-5", "5.6-7", "5.6-9")
def test_an_instance_could_not_be_created(
    clock: Any,
    before: dict[str, Any],
    instances: dict[str, Any],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deployment(C)
    update(spec=spec("a", "c", "d"))

    clock.move_to(EDITED + MINUTE)
    message = "Service instances failed to be created: c"
    assert get() == {
        **before,
        "status": "UPDATE_FAILED_CLEANUP_IN_PROGRESS",
        "statusMessage": message,
        "lastModifiedAt": EDITED + MINUTE,
    }
    assert statuses() == {
        "a": "SUCCEEDED",
        "b": "SUCCEEDED",
        "c": "DELETE_IN_PROGRESS",
        "d": "DELETE_IN_PROGRESS",
    }

    clock.move_to(EDITED + 2 * MINUTE)
    assert get() == {
        **before,
        "status": "UPDATE_FAILED_CLEANUP_COMPLETE",
        "statusMessage": message,
        "lastModifiedAt": EDITED + 2 * MINUTE,
    }
    assert {name: instance(name) for name in "ab"} == instances
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}


@pytest.mark.rule("5.6-7", "5.6-13")
def test_a_pipeline_that_was_cancelled_before_is_left_as_it_was(
    empty: ProtonClient,
    clock: Any,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    empty.update_service_pipeline(
        serviceName="svc", deploymentType="CURRENT_VERSION", spec=spec("a", "b")
    )
    empty.cancel_service_pipeline_deployment(serviceName="svc")
    clock.tick(MINUTE)
    cancelled = get()["pipeline"]
    assert cancelled["deploymentStatusMessage"] == "User initiated cancellation."
    faults.fail_deployment(C)

    held = update(spec=spec("a", "b", "c"))["pipeline"]

    assert held["deploymentStatus"] == "IN_PROGRESS"
    assert "deploymentStatusMessage" not in held
    clock.tick(2 * MINUTE)
    assert get()["pipeline"] == cancelled


@pytest.mark.rule("3.2-12", "5.6-2", "5.6-5")
def test_an_instance_could_not_be_deleted(
    clock: Any,
    before: dict[str, Any],
    instances: dict[str, Any],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deletion(B, message="bucket not empty")
    update(spec=spec("a", "c"))
    clock.move_to(EDITED + 3 * MINUTE)

    after = get()

    assert after == {
        **before,
        "status": "UPDATE_COMPLETE_CLEANUP_FAILED",
        "statusMessage": "Service instances failed to be deleted: b",
        "spec": spec("a", "c"),
        "lastModifiedAt": EDITED + 3 * MINUTE,
        "pipeline": {
            **before["pipeline"],
            "spec": spec("a", "c"),
            "lastDeploymentAttemptedAt": EDITED + 2 * MINUTE,
            "lastDeploymentSucceededAt": EDITED + 2 * MINUTE,
            "lastAttemptedDeploymentId": after["pipeline"]["lastAttemptedDeploymentId"],
            "lastSucceededDeploymentId": after["pipeline"]["lastAttemptedDeploymentId"],
        },
    }
    assert instance("a") == instances["a"]
    assert instance("b") == {
        **instances["b"],
        "deploymentStatus": "DELETE_FAILED",
        "deploymentStatusMessage": "bucket not empty",
    }
    assert instance("c")["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.rule("3.2-13", "5.6-7", "5.6-9")
def test_the_pipeline_could_not_be_provisioned(
    clock: Any,
    before: dict[str, Any],
    instances: dict[str, Any],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deployment("service/svc/pipeline/*", message="no such branch")
    update(spec=spec("a", "c"))
    clock.move_to(EDITED + 3 * MINUTE)

    after = get()

    assert after == {
        **before,
        "status": "UPDATE_FAILED",
        "statusMessage": "no such branch",
        "spec": spec("a", "c"),
        "lastModifiedAt": EDITED + 3 * MINUTE,
        "pipeline": {
            # The spec and the version of before, and the time of its last success.
            **before["pipeline"],
            "deploymentStatus": "FAILED",
            "deploymentStatusMessage": "no such branch",
            "lastDeploymentAttemptedAt": EDITED + 2 * MINUTE,
            "lastAttemptedDeploymentId": after["pipeline"]["lastAttemptedDeploymentId"],
        },
    }
    assert statuses() == {"a": "SUCCEEDED", "c": "SUCCEEDED"}
    assert instance("a") == instances["a"]
