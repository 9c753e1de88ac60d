"""Rows 85 to 95: how an accepted edit ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

B = "service/svc/service-instance/b"
C = "service/svc/service-instance/c"
PIPELINE = "service/svc/pipeline/*"

# A bundle can't be for CloudFormation and for Terraform, so with bundles a service is all
# self-managed or not at all.
WITHOUT_BUNDLES = pytest.mark.proton(config={"require_bundles": False})


@pytest.fixture
def edit(
    update: Callable[..., dict[str, Any]], get: Callable[[], dict[str, Any]]
) -> Callable[[str], dict[str, Any]]:
    """Makes an accepted edit and answers with what the service has become when it is over."""

    def run(text: str) -> dict[str, Any]:
        assert update(spec=text, description="new")["status"] == "UPDATE_IN_PROGRESS"
        service = get()
        assert service["description"] == "new"
        return service

    return run


@pytest.mark.row(85)
@pytest.mark.usefixtures("proton")
def test_all_well(
    edit: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    service = edit(spec("a", "c"))

    assert (service["status"], service["spec"]) == ("ACTIVE", spec("a", "c"))
    assert "statusMessage" not in service
    assert service["pipeline"]["deploymentStatus"] == "SUCCEEDED"
    assert service["pipeline"]["spec"] == spec("a", "c")
    assert statuses() == {"a": "SUCCEEDED", "c": "SUCCEEDED"}


@pytest.mark.row(86)
def test_all_well_without_a_pipeline(
    make_svc: Callable[..., dict[str, Any]],
    edit: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    make_svc(pipeline=False, pipeline_inputs=None)

    service = edit(spec("a", "c", pipeline=None))

    assert (service["status"], service["spec"]) == ("ACTIVE", spec("a", "c", pipeline=None))
    assert "pipeline" not in service
    assert statuses() == {"a": "SUCCEEDED", "c": "SUCCEEDED"}


@pytest.mark.rule("5.6-6")
@pytest.mark.parametrize(
    ("names", "failing"),
    [
        pytest.param("ac", "c", id="row-87-the-only-addition-fails"),
        pytest.param("acd", "c", id="row-88-one-of-two-additions-fails"),
        pytest.param("acd", "d", id="row-88-the-other-of-two-additions-fails"),
    ],
)
@pytest.mark.usefixtures("proton")
def test_a_failed_addition_takes_the_whole_edit_back(
    edit: Callable[[str], dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
    names: str,
    failing: str,
) -> None:
    before, instances = get(), [instance("a"), instance("b")]
    faults.fail_deployment(f"service/svc/service-instance/{failing}", message="no capacity")

    service = edit(spec(*names))

    assert service["status"] == "UPDATE_FAILED_CLEANUP_COMPLETE"
    assert service["statusMessage"] == f"Service instances failed to be created: {failing}"
    assert service["spec"] == before["spec"]
    assert service["pipeline"] == before["pipeline"]
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}
    assert [instance("a"), instance("b")] == instances


@pytest.mark.row(89)
@pytest.mark.usefixtures("proton")
def test_a_failed_addition_that_cannot_be_removed_stays(
    edit: Callable[[str], dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    before = get()
    faults.fail_deployment(C)
    faults.fail_cleanup(C, message="bucket not empty")

    service = edit(spec("a", "c", "d"))

    assert service["status"] == "UPDATE_FAILED_CLEANUP_FAILED"
    assert service["spec"] == before["spec"]
    assert service["pipeline"] == before["pipeline"]
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "DELETE_FAILED"}
    left = instance("c")
    assert left["deploymentStatusMessage"] == "bucket not empty"
    assert "templateMajorVersion" not in left
    assert "lastDeploymentSucceededAt" not in left


@pytest.mark.row(89)
@pytest.mark.usefixtures("proton")
def test_a_good_addition_that_cannot_be_taken_back_stays_too(
    edit: Callable[[str], dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    before = get()
    faults.fail_deployment(C)
    faults.fail_cleanup("service/svc/service-instance/d")

    service = edit(spec("a", "b", "c", "d"))

    assert (service["status"], service["spec"]) == ("UPDATE_FAILED_CLEANUP_FAILED", before["spec"])
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED", "d": "DELETE_FAILED"}


@pytest.mark.rule("5.6-8", "5.6-14", "5.6-15")
@pytest.mark.row(90)
@pytest.mark.usefixtures("proton")
def test_a_failed_deletion_keeps_the_edit(
    edit: Callable[[str], dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    before, b = get(), instance("b")
    faults.fail_deletion(B, message="bucket not empty")

    service = edit(spec("a", "c"))

    assert service["status"] == "UPDATE_COMPLETE_CLEANUP_FAILED"
    assert service["statusMessage"] == "Service instances failed to be deleted: b"
    assert service["spec"] == service["pipeline"]["spec"] == spec("a", "c")
    assert service["pipeline"]["deploymentStatus"] == "SUCCEEDED"
    attempts = before["pipeline"], service["pipeline"]
    assert len({pipeline["lastSucceededDeploymentId"] for pipeline in attempts}) == 2
    assert statuses() == {"a": "SUCCEEDED", "b": "DELETE_FAILED", "c": "SUCCEEDED"}
    assert instance("b") == {
        **b,
        "deploymentStatus": "DELETE_FAILED",
        "deploymentStatusMessage": "bucket not empty",
    }


@pytest.mark.row(91)
@pytest.mark.usefixtures("proton")
def test_an_instance_that_fails_to_go_again_fails_the_next_edit_too(
    edit: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deletion(B, times=2)
    edit(spec("a"))

    service = edit(spec("a", "c"))

    assert service["status"] == "UPDATE_COMPLETE_CLEANUP_FAILED"
    assert service["statusMessage"] == "Service instances failed to be deleted: b"
    assert statuses() == {"a": "SUCCEEDED", "b": "DELETE_FAILED", "c": "SUCCEEDED"}


@pytest.mark.row(92)
@pytest.mark.usefixtures("proton")
def test_an_instance_that_can_go_now_vanishes(
    edit: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deletion(B)
    edit(spec("a"))

    service = edit(spec("a"))

    assert service["status"] == "ACTIVE"
    assert "statusMessage" not in service
    assert statuses() == {"a": "SUCCEEDED"}


@pytest.mark.row(93)
@pytest.mark.usefixtures("proton")
def test_a_failed_pipeline_rolls_nothing_back(
    edit: Callable[[str], dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    before = get()["pipeline"]
    faults.fail_deployment(PIPELINE, message="no such branch")

    service = edit(spec("a", "c"))

    assert (service["status"], service["statusMessage"]) == ("UPDATE_FAILED", "no such branch")
    assert service["spec"] == spec("a", "c")
    assert statuses() == {"a": "SUCCEEDED", "c": "SUCCEEDED"}
    pipeline = service["pipeline"]
    assert pipeline == {
        **before,
        "deploymentStatus": "FAILED",
        "deploymentStatusMessage": "no such branch",
        "lastAttemptedDeploymentId": pipeline["lastAttemptedDeploymentId"],
        "lastDeploymentAttemptedAt": pipeline["lastDeploymentAttemptedAt"],
    }
    assert pipeline["lastAttemptedDeploymentId"] != before["lastAttemptedDeploymentId"]
    assert pipeline["lastDeploymentAttemptedAt"] > before["lastDeploymentAttemptedAt"]


@pytest.mark.row(94)
@pytest.mark.usefixtures("proton")
def test_a_failed_pipeline_outweighs_a_failed_deletion(
    edit: Callable[[str], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deletion(B)
    faults.fail_deployment(PIPELINE, message="no such branch")

    service = edit(spec("a", "c"))

    assert (service["status"], service["statusMessage"]) == ("UPDATE_FAILED", "no such branch")
    assert service["spec"] == spec("a", "c")
    assert statuses() == {"a": "SUCCEEDED", "b": "DELETE_FAILED", "c": "SUCCEEDED"}


# --- row 95: somebody else provisions, and reports -----------------------------------------------


@pytest.fixture
def notify(
    proton: ProtonClient, seed: Seed, instance: Callable[[str], dict[str, Any]]
) -> Callable[..., None]:
    """Reports on an instance; makes the self-managed environment ``own`` as well."""
    arn = seed.environment("own", template="environment-template", self_managed=True)["arn"]
    proton.notify_resource_deployment_status_change(resourceArn=arn, status="SUCCEEDED")

    def report(name: str, status: Any, **members: Any) -> None:
        proton.notify_resource_deployment_status_change(
            resourceArn=instance(name)["arn"], status=status, **members
        )

    return report


@pytest.mark.row(95)
@WITHOUT_BUNDLES
def test_a_self_managed_instance_waits_for_its_notification(
    notify: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    update(spec=spec("a", c="own", d="own"))
    assert get()["status"] == "UPDATE_IN_PROGRESS"
    waiting = {"a": "SUCCEEDED", "b": "DELETE_IN_PROGRESS"}
    assert statuses() == {**waiting, "c": "IN_PROGRESS", "d": "IN_PROGRESS"}

    notify("c", "IN_PROGRESS", statusMessage="half way")
    notify("d", "SUCCEEDED")
    assert get()["status"] == "UPDATE_IN_PROGRESS"
    assert statuses() == {**waiting, "c": "IN_PROGRESS", "d": "SUCCEEDED"}

    notify("c", "SUCCEEDED")
    assert get()["status"] == "ACTIVE"
    assert statuses() == dict.fromkeys("acd", "SUCCEEDED")


@pytest.mark.row(95)
@WITHOUT_BUNDLES
def test_a_self_managed_instance_is_taken_back_by_notification(
    notify: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    update(spec=spec("a", c="own"))

    notify("c", "FAILED", statusMessage="plan rejected")
    assert get()["status"] == "UPDATE_FAILED_CLEANUP_IN_PROGRESS"
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "DELETE_IN_PROGRESS"}

    notify("c", "SUCCEEDED")
    assert get()["status"] == "UPDATE_FAILED_CLEANUP_COMPLETE"
    assert statuses() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}


@pytest.mark.row(95)
@WITHOUT_BUNDLES
def test_a_self_managed_instance_goes_by_notification(
    notify: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    update(spec=spec("a", c="own"))
    notify("c", "SUCCEEDED")
    assert get()["status"] == "ACTIVE"

    update(spec=spec("a"))
    assert statuses() == {"a": "SUCCEEDED", "c": "DELETE_IN_PROGRESS"}
    notify("c", "FAILED", statusMessage="bucket not empty")

    assert get()["status"] == "UPDATE_COMPLETE_CLEANUP_FAILED"
    assert statuses() == {"a": "SUCCEEDED", "c": "DELETE_FAILED"}


@pytest.mark.row(95)
@WITHOUT_BUNDLES
def test_a_notification_cannot_come_before_its_turn(
    notify: Callable[..., None],
    instance: Callable[[str], dict[str, Any]],
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    update(spec=spec("a", c="own"))
    notify("c", "SUCCEEDED")
    update(spec=spec("a", d="own"))
    # ``c`` shows its deletion already, which starts when ``d`` is there.
    assert statuses() == {"a": "SUCCEEDED", "c": "DELETE_IN_PROGRESS", "d": "IN_PROGRESS"}
    arn = instance("c")["arn"]

    refused(
        "notify_resource_deployment_status_change",
        "ConflictException",
        arn,
        resourceArn=arn,
        status="SUCCEEDED",
    )

    notify("d", "SUCCEEDED")
    notify("c", "SUCCEEDED")
    assert statuses() == {"a": "SUCCEEDED", "d": "SUCCEEDED"}


# --- an edit and the calls on single instances ---------------------------------------------------


@pytest.mark.row(87)
@pytest.mark.usefixtures("proton")
def test_an_instance_updated_meanwhile_keeps_its_inputs_when_the_edit_is_taken_back(
    empty: ProtonClient,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    faults.fail_deployment(C)
    hold("service_instance")
    update(spec=spec("a", "c"))
    other = spec("a", "b").replace("port: 80", "port: 81", 1)
    empty.update_service_instance(
        serviceName="svc", name="a", deploymentType="CURRENT_VERSION", spec=other
    )
    let_go()

    service = get()

    assert (service["status"], service["spec"]) == ("UPDATE_FAILED_CLEANUP_COMPLETE", other)


@pytest.mark.row(87)
@pytest.mark.usefixtures("proton")
def test_an_instance_created_meanwhile_stays_in_the_spec_when_the_edit_is_taken_back(
    empty: ProtonClient,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    hold("service_instance")
    empty.create_service_instance(serviceName="svc", name="x", spec=spec("x"))
    faults.fail_deployment(C)
    update(spec=spec("a", "b", "x", "c"))
    let_go()

    service = get()

    assert service["status"] == "UPDATE_FAILED_CLEANUP_COMPLETE"
    assert service["spec"] == spec("a", "b", "x")
    assert statuses() == dict.fromkeys("abx", "SUCCEEDED")
