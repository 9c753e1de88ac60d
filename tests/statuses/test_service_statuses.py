"""The 14 statuses of a service: each is reached, and each blocks what it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

IN_CREATION = ["CREATE_IN_PROGRESS", "CREATE_FAILED_CLEANUP_IN_PROGRESS"]
IN_EDIT = ["UPDATE_IN_PROGRESS", "UPDATE_FAILED_CLEANUP_IN_PROGRESS"]
ONLY_DELETABLE = [
    "CREATE_FAILED",
    "CREATE_FAILED_CLEANUP_COMPLETE",
    "CREATE_FAILED_CLEANUP_FAILED",
    "DELETE_FAILED",
]
IDLE = [
    "ACTIVE",
    "UPDATE_FAILED",
    "UPDATE_FAILED_CLEANUP_COMPLETE",
    "UPDATE_FAILED_CLEANUP_FAILED",
    "UPDATE_COMPLETE_CLEANUP_FAILED",
]
STATUSES = [*IN_CREATION, *IN_EDIT, *ONLY_DELETABLE, *IDLE, "DELETE_IN_PROGRESS"]

ON_THE_SERVICE = ["update_service", "update_description", "create_service_instance"]
ON_THE_PIPELINE = ["update_service_pipeline", "cancel_service_pipeline_deployment"]
ON_AN_INSTANCE = [
    "update_service_instance",
    "cancel_service_instance_deployment",
    "create_component",
]
EVERYTHING = [*ON_THE_SERVICE, *ON_THE_PIPELINE, *ON_AN_INSTANCE]

BLOCKED = {
    **{status: [*EVERYTHING, "delete_service"] for status in IN_CREATION},
    **{status: [*ON_THE_SERVICE, *ON_THE_PIPELINE, "delete_service"] for status in IN_EDIT},
    **{status: ["update_service", "create_service_instance"] for status in ONLY_DELETABLE},
    "DELETE_IN_PROGRESS": EVERYTHING,
}
NOT_BLOCKED = {
    **{status: ["update_service_instance", "create_component"] for status in IN_EDIT},
    **{status: ["update_description", "delete_service"] for status in ONLY_DELETABLE},
    **{status: [*ON_THE_SERVICE, "delete_service", "create_component"] for status in IDLE},
    "DELETE_IN_PROGRESS": ["delete_service"],
}

MANIFEST = """\
infrastructure:
  templates:
    - file: cloudformation.yaml
      rendering_engine: jinja
      template_language: cloudformation
"""


@pytest.fixture
def members(spec: Callable[..., str]) -> dict[str, dict[str, Any]]:
    """A request for each call on ``svc``, its pipeline and its instance ``a``."""
    instance = {"serviceName": "svc", "serviceInstanceName": "a"}
    return {
        "update_service": {"name": "svc", "spec": spec("a", "e")},
        "update_description": {"name": "svc", "description": "new"},
        "delete_service": {"name": "svc"},
        "create_service_instance": {"serviceName": "svc", "name": "d", "spec": spec("d")},
        "update_service_pipeline": {
            "serviceName": "svc",
            "deploymentType": "CURRENT_VERSION",
            "spec": spec("a", "b"),
        },
        "cancel_service_pipeline_deployment": {"serviceName": "svc"},
        "update_service_instance": {
            "serviceName": "svc",
            "name": "a",
            "deploymentType": "CURRENT_VERSION",
        },
        "cancel_service_instance_deployment": instance,
        "create_component": {
            "name": "cache",
            "manifest": MANIFEST,
            "templateFile": "Resources: {}",
            **instance,
        },
    }


@pytest.mark.rule("3.2-1", "3.2-3", "3.2-8")
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_reached(
    reach: Callable[[str], None],
    empty: ProtonClient,
    get: Callable[[], dict[str, Any]],
    status: str,
) -> None:
    reach(status)

    assert get()["status"] == status
    assert [s["status"] for s in empty.list_services()["services"]] == [status]


@pytest.mark.rule("3.2-1")
def test_the_list_of_statuses_is_that_of_the_service_model(empty: ProtonClient) -> None:
    shape: Any = empty.meta.service_model.shape_for("ServiceStatus")

    assert sorted(STATUSES) == sorted(shape.enum)


@pytest.mark.rule("3.3-1", "3.3-2", "3.3-3", "3.3-4", "3.3-5")
@pytest.mark.parametrize(
    ("status", "calls"),
    [pytest.param(status, calls, id=status) for status, calls in BLOCKED.items()],
)
def test_a_status_blocks(
    reach: Callable[[str], None],
    refused: Callable[..., None],
    members: dict[str, dict[str, Any]],
    status: str,
    calls: list[str],
) -> None:
    reach(status)

    for call in calls:
        operation = "update_service" if call == "update_description" else call
        refused(operation, "ConflictException", "svc", status, **members[call])


@pytest.mark.rule("3.2-6")
@pytest.mark.parametrize(
    ("status", "call"),
    [
        pytest.param(status, call, id=f"{status}-{call}")
        for status, calls in NOT_BLOCKED.items()
        for call in calls
    ],
)
def test_a_status_does_not_block(
    reach: Callable[[str], None],
    empty: ProtonClient,
    members: dict[str, dict[str, Any]],
    status: str,
    call: str,
) -> None:
    reach(status)

    operation = "update_service" if call == "update_description" else call
    answer = getattr(empty, operation)(**members[call])

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.rule("3.2-14", "3.2-15")
@pytest.mark.parametrize("status", [*ONLY_DELETABLE, *IDLE])
def test_an_idle_service_can_be_deleted(
    reach: Callable[[str], None],
    empty: ProtonClient,
    refused: Callable[..., None],
    status: str,
) -> None:
    reach(status)

    assert empty.delete_service(name="svc")["service"]["status"] == "DELETE_IN_PROGRESS"

    refused("get_service", "ResourceNotFoundException", "svc", name="svc")


@pytest.mark.rule("6.0.3-2")
def test_a_repeated_deletion_answers_with_the_data(
    reach: Callable[[str], None], empty: ProtonClient, get: Callable[[], dict[str, Any]]
) -> None:
    reach("DELETE_IN_PROGRESS")

    assert empty.delete_service(name="svc")["service"] == get()


@pytest.mark.rule("3.2-22")
@pytest.mark.parametrize(
    ("status", "waiter"),
    [
        ("ACTIVE", "service_created"),
        ("CREATE_FAILED", "service_created"),
        ("CREATE_FAILED_CLEANUP_COMPLETE", "service_created"),
        ("CREATE_FAILED_CLEANUP_FAILED", "service_created"),
        ("ACTIVE", "service_updated"),
        ("UPDATE_FAILED", "service_updated"),
        ("UPDATE_FAILED_CLEANUP_COMPLETE", "service_updated"),
        ("UPDATE_FAILED_CLEANUP_FAILED", "service_updated"),
        ("UPDATE_COMPLETE_CLEANUP_FAILED", "service_updated"),
        ("DELETE_FAILED", "service_deleted"),
    ],
)
def test_the_waiters_stop_at_every_end_status(
    reach: Callable[[str], None], empty: Any, status: str, waiter: str
) -> None:
    from botocore.exceptions import WaiterError

    reach(status)
    wait = empty.get_waiter(waiter).wait

    if status == "ACTIVE":
        wait(name="svc", WaiterConfig={"Delay": 0, "MaxAttempts": 1})
    else:
        with pytest.raises(WaiterError, match="terminal failure"):
            wait(name="svc", WaiterConfig={"Delay": 0, "MaxAttempts": 1})
