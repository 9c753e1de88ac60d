"""Rows 10 to 26: what the state of the service, its pipeline and its instances allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

A = "service/svc/service-instance/a"
B = "service/svc/service-instance/b"
C = "service/svc/service-instance/c"
PIPELINE = "service/svc/pipeline/*"

BOTH_EDITS = [
    pytest.param({"description": "new"}, id="description"),
    pytest.param({"spec": True}, id="spec"),
    pytest.param({"description": "new", "spec": True}, id="both"),
]


@pytest.fixture
def refuses(refused: Callable[..., None], spec: Callable[..., str]) -> Callable[..., None]:
    """Asserts that update_service is refused as a conflict; ``spec=True`` is a valid edit."""

    def check(*culprits: str, **members: Any) -> None:
        if members.get("spec") is True:
            members["spec"] = spec("a", "b", "c")
        refused("update_service", "ConflictException", *culprits, name="svc", **members)

    return check


# --- rows 10 to 14: a workflow of the service is under way ---------------------------------------


@pytest.mark.row(10)
@pytest.mark.parametrize("members", BOTH_EDITS)
def test_a_service_that_is_being_created_is_busy(
    make_svc: Callable[..., dict[str, Any]],
    hold: Callable[..., None],
    refuses: Callable[..., None],
    members: dict[str, Any],
) -> None:
    hold("service")
    assert make_svc()["status"] == "CREATE_IN_PROGRESS"

    refuses("svc", "CREATE_IN_PROGRESS", **members)


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"spec": True}, id="row-11-spec"),
        pytest.param({"description": "new"}, id="row-12-description"),
    ],
)
def test_a_service_that_is_being_edited_is_busy(
    proton: ProtonClient,
    hold: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    spec: Callable[..., str],
    refuses: Callable[..., None],
    members: dict[str, Any],
) -> None:
    hold("service")
    update(spec=spec("a", "b"))

    refuses("svc", "UPDATE_IN_PROGRESS", **members)


@pytest.mark.row(13)
@pytest.mark.parametrize("members", BOTH_EDITS)
def test_a_service_that_is_being_deleted_is_busy(
    proton: ProtonClient,
    hold: Callable[..., None],
    refuses: Callable[..., None],
    members: dict[str, Any],
) -> None:
    hold("service")
    proton.delete_service(name="svc")

    refuses("svc", "DELETE_IN_PROGRESS", **members)


@pytest.mark.row(14)
@pytest.mark.parametrize("members", BOTH_EDITS)
def test_a_service_that_takes_back_a_failed_creation_is_busy(
    make_svc: Callable[..., dict[str, Any]],
    step: Callable[..., None],
    hold: Callable[..., None],
    get: Callable[[], dict[str, Any]],
    refuses: Callable[..., None],
    members: dict[str, Any],
) -> None:
    faults.fail_deployment(B, cleanup=True)
    step("service")
    make_svc()
    hold("service")
    assert get()["status"] == "CREATE_FAILED_CLEANUP_IN_PROGRESS"

    refuses("svc", "CREATE_FAILED_CLEANUP_IN_PROGRESS", **members)


@pytest.mark.row(14)
@pytest.mark.parametrize("members", BOTH_EDITS)
def test_a_service_that_takes_back_a_failed_edit_is_busy(
    proton: ProtonClient,
    step: Callable[..., None],
    hold: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
    refuses: Callable[..., None],
    members: dict[str, Any],
) -> None:
    faults.fail_deployment(C)
    step("service")
    update(spec=spec("a", "b", "c"))
    get()
    hold("service")
    assert get()["status"] == "UPDATE_FAILED_CLEANUP_IN_PROGRESS"

    refuses("svc", "UPDATE_FAILED_CLEANUP_IN_PROGRESS", **members)


# --- rows 15 to 19: the pipeline or an instance is busy by itself --------------------------------


@pytest.fixture
def pipeline_update(proton: ProtonClient, spec: Callable[..., str]) -> Callable[[], None]:
    def start() -> None:
        proton.update_service_pipeline(
            serviceName="svc",
            deploymentType="CURRENT_VERSION",
            spec=spec("a", "b", pipeline={"dockerfile": "Other"}),
        )

    return start


@pytest.mark.rule("5.2-3")
@pytest.mark.row(15)
def test_an_edit_waits_for_an_update_of_the_pipeline(
    hold: Callable[..., None], pipeline_update: Callable[[], None], refuses: Callable[..., None]
) -> None:
    hold("service_pipeline")
    pipeline_update()

    refuses("pipeline", "svc", "IN_PROGRESS", spec=True)
    refuses("pipeline", "svc", "IN_PROGRESS", spec=True, description="new")


@pytest.mark.row(16)
def test_a_description_does_not_wait_for_the_pipeline(
    hold: Callable[..., None],
    pipeline_update: Callable[[], None],
    update: Callable[..., dict[str, Any]],
) -> None:
    hold("service_pipeline")
    pipeline_update()

    updated = update(description="new")

    assert (updated["status"], updated["description"]) == ("ACTIVE", "new")
    assert updated["pipeline"]["deploymentStatus"] == "IN_PROGRESS"


@pytest.mark.row(17)
def test_an_edit_waits_for_a_cancellation_of_the_pipeline(
    proton: ProtonClient,
    hold: Callable[..., None],
    pipeline_update: Callable[[], None],
    refuses: Callable[..., None],
) -> None:
    hold("service_pipeline")
    pipeline_update()
    proton.cancel_service_pipeline_deployment(serviceName="svc")

    refuses("pipeline", "svc", "CANCELLING", spec=True)


@pytest.fixture
def instance_update(proton: ProtonClient) -> Callable[[str], None]:
    def start(name: str) -> None:
        proton.update_service_instance(
            serviceName="svc", name=name, deploymentType="CURRENT_VERSION"
        )

    return start


@pytest.mark.row(18)
def test_an_instance_that_stays_may_be_busy(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    instance_update: Callable[[str], None],
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    hold("service_instance")
    instance_update("a")

    assert update(spec=spec("a", "b", "c"))["status"] == "UPDATE_IN_PROGRESS"
    assert statuses() == {"a": "IN_PROGRESS", "b": "SUCCEEDED", "c": "IN_PROGRESS"}

    let_go()
    assert get()["status"] == "ACTIVE"
    assert statuses() == dict.fromkeys("abc", "SUCCEEDED")


@pytest.mark.row(18)
def test_an_edit_does_not_wait_for_an_instance_that_stays(
    hold: Callable[..., None],
    let_go: Callable[..., None],
    instance_update: Callable[[str], None],
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    hold("service_instance")
    instance_update("a")

    update(spec=spec("a", "b"))

    assert get()["status"] == "ACTIVE"
    assert statuses() == {"a": "IN_PROGRESS", "b": "SUCCEEDED"}


@pytest.mark.row(19)
def test_an_instance_that_goes_must_not_be_busy(
    hold: Callable[..., None],
    instance_update: Callable[[str], None],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    hold("service_instance")
    instance_update("a")

    refused("update_service", "ConflictException", " a ", "IN_PROGRESS", name="svc", spec=spec("b"))


@pytest.mark.row(19)
def test_an_instance_that_create_service_instance_still_makes_must_not_go(
    proton: ProtonClient,
    hold: Callable[..., None],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    hold("service_instance")
    proton.create_service_instance(serviceName="svc", name="c", spec=spec("c"))

    refused(
        "update_service", "ConflictException", " c ", "IN_PROGRESS", name="svc", spec=spec("a", "b")
    )


# --- rows 20 to 22: end states that only DeleteService leads out of ------------------------------


@pytest.fixture(params=["CREATE_FAILED", "CLEANUP_COMPLETE", "CLEANUP_FAILED"])
def not_created(request: pytest.FixtureRequest, make_svc: Callable[..., dict[str, Any]]) -> str:
    """A service whose creation failed in one of three ways; its status."""
    faults.fail_deployment(B, cleanup=request.param == "CLEANUP_COMPLETE")
    if request.param == "CLEANUP_FAILED":
        faults.fail_cleanup(B)
    status: str = make_svc()["status"]
    assert status.endswith(request.param)
    return status


@pytest.mark.row(20)
def test_a_service_that_was_never_created_takes_no_edit(
    not_created: str, refuses: Callable[..., None]
) -> None:
    refuses("svc", not_created, spec=True)
    refuses("svc", not_created, spec=True, description="new")


@pytest.mark.row(20)
def test_only_deletion_helps_a_service_that_was_never_created(
    empty: ProtonClient, not_created: str, refused: Callable[..., None]
) -> None:
    deleted = empty.delete_service(name="svc")["service"]

    assert deleted["status"] == "DELETE_IN_PROGRESS"
    refused("get_service", "ResourceNotFoundException", "svc", name="svc")


@pytest.mark.row(21)
def test_a_service_that_was_never_created_takes_a_description(
    not_created: str, update: Callable[..., dict[str, Any]], get: Callable[[], dict[str, Any]]
) -> None:
    updated = update(description="new")

    assert (updated["status"], updated["description"]) == (not_created, "new")
    assert get() == updated


@pytest.mark.row(22)
def test_a_service_that_could_not_be_deleted_takes_no_edit(
    proton: ProtonClient, get: Callable[[], dict[str, Any]], refuses: Callable[..., None]
) -> None:
    faults.fail_deletion(B)
    proton.delete_service(name="svc")
    assert get()["status"] == "DELETE_FAILED"

    refuses("svc", "DELETE_FAILED", spec=True)


# --- rows 23 to 26: after a failed edit the next one is free -------------------------------------


@pytest.mark.rule("5.6-10")
@pytest.mark.row(23)
def test_after_a_pipeline_failure_an_edit_tries_the_pipeline_again(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deployment(PIPELINE)
    update(spec=spec("a", "b", "c"))
    failed = get()
    assert (failed["status"], failed["pipeline"]["deploymentStatus"]) == ("UPDATE_FAILED", "FAILED")

    accepted = update(spec=spec("a", "b", "c"))

    assert accepted["status"] == "UPDATE_IN_PROGRESS"
    assert "statusMessage" not in accepted
    after = get()
    assert (after["status"], after["pipeline"]["deploymentStatus"]) == ("ACTIVE", "SUCCEEDED")
    assert "deploymentStatusMessage" not in after["pipeline"]


@pytest.mark.rule("5.6-10")
@pytest.mark.row(24)
def test_after_a_cleaned_up_failure_the_same_edit_is_accepted(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deployment(C)
    update(spec=spec("a", "c"))
    assert get()["status"] == "UPDATE_FAILED_CLEANUP_COMPLETE"

    assert update(spec=spec("a", "c"))["status"] == "UPDATE_IN_PROGRESS"

    assert get()["status"] == "ACTIVE"
    assert statuses() == {"a": "SUCCEEDED", "c": "SUCCEEDED"}


@pytest.mark.row(25)
def test_after_a_failed_cleanup_an_edit_removes_what_was_left(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deployment(C)
    faults.fail_cleanup(C)
    update(spec=spec("a", "b", "c"))
    assert get()["status"] == "UPDATE_FAILED_CLEANUP_FAILED"
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "DELETE_FAILED"}

    assert update(spec=spec("a", "b"))["status"] == "UPDATE_IN_PROGRESS"

    assert get()["status"] == "ACTIVE"
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}


@pytest.mark.rule("5.6-10", "5.6-15")
@pytest.mark.row(26)
def test_after_a_failed_deletion_any_edit_deletes_again(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deletion(B)
    update(spec=spec("a"))
    assert get()["status"] == "UPDATE_COMPLETE_CLEANUP_FAILED"

    assert update(spec=spec("a", "c"))["status"] == "UPDATE_IN_PROGRESS"

    assert get()["status"] == "ACTIVE"
    assert statuses() == {"a": "SUCCEEDED", "c": "SUCCEEDED"}


@pytest.mark.row(26)
def test_a_description_alone_deletes_nothing_again(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deletion(B)
    update(spec=spec("a"))

    assert update(description="new")["status"] == "UPDATE_COMPLETE_CLEANUP_FAILED"

    assert statuses() == {"a": "SUCCEEDED", "b": "DELETE_FAILED"}
