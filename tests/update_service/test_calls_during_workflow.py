"""Rows 96 to 103: what other calls see and may do while an edit is in progress.

The edit removes ``b`` and adds ``c``; no status ends before a test allows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient


@pytest.fixture(autouse=True)
def under_way(
    proton: ProtonClient,
    hold: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    hold("service", "service_instance", "service_pipeline")
    update(spec=spec("a", "c"))


@pytest.mark.row(96)
def test_get_service_shows_the_new_spec_and_a_busy_pipeline(
    get: Callable[[], dict[str, Any]], spec: Callable[..., str]
) -> None:
    service = get()

    assert (service["status"], service["spec"]) == ("UPDATE_IN_PROGRESS", spec("a", "c"))
    assert service["pipeline"]["deploymentStatus"] == "IN_PROGRESS"
    # What is deployed is still the pipeline of before.
    assert service["pipeline"]["spec"] == spec("a", "b")
    assert service["pipeline"]["templateMinorVersion"] == "0"


@pytest.mark.row(97)
def test_list_service_instances_shows_all_three(statuses: Callable[[], dict[str, str]]) -> None:
    assert statuses() == {"a": "SUCCEEDED", "b": "DELETE_IN_PROGRESS", "c": "IN_PROGRESS"}


COMPONENT = {"manifest": "x", "templateFile": "Resources: {}"}


@pytest.mark.parametrize(
    ("operation", "members", "culprits"),
    [
        pytest.param(
            "delete_service", {"name": "svc"}, ["svc", "UPDATE_IN_PROGRESS"], id="row-98-delete"
        ),
        pytest.param(
            "create_service_instance",
            {"serviceName": "svc", "name": "d"},
            ["svc", "UPDATE_IN_PROGRESS"],
            id="row-98-create-instance",
        ),
        pytest.param(
            "update_service_pipeline",
            {"serviceName": "svc", "deploymentType": "CURRENT_VERSION"},
            ["svc", "UPDATE_IN_PROGRESS"],
            id="row-98-update-pipeline",
        ),
        pytest.param(
            "update_service_instance",
            {"serviceName": "svc", "name": "b", "deploymentType": "CURRENT_VERSION"},
            [" b ", "DELETE_IN_PROGRESS"],
            id="row-99-update-what-goes",
        ),
        pytest.param(
            "update_service_instance",
            {"serviceName": "svc", "name": "c", "deploymentType": "CURRENT_VERSION"},
            [" c ", "IN_PROGRESS"],
            id="row-99-update-what-comes",
        ),
        pytest.param(
            "cancel_service_pipeline_deployment",
            {"serviceName": "svc"},
            ["svc", "UPDATE_IN_PROGRESS"],
            id="row-101-cancel-pipeline",
        ),
        pytest.param(
            "cancel_service_instance_deployment",
            {"serviceName": "svc", "serviceInstanceName": "c"},
            [" c "],
            id="row-101-cancel-what-comes",
        ),
        pytest.param(
            "cancel_service_instance_deployment",
            {"serviceName": "svc", "serviceInstanceName": "b"},
            [" b ", "DELETE_IN_PROGRESS"],
            id="row-101-cancel-what-goes",
        ),
        pytest.param(
            "create_component",
            {"name": "cache", "serviceName": "svc", "serviceInstanceName": "b", **COMPONENT},
            [" b ", "DELETE_IN_PROGRESS"],
            id="row-102-attach-to-what-goes",
        ),
        pytest.param(
            "create_component",
            {"name": "cache", "serviceName": "svc", "serviceInstanceName": "c", **COMPONENT},
            [" c ", "IN_PROGRESS"],
            id="row-102-attach-to-what-comes",
        ),
        pytest.param(
            "delete_environment",
            {"name": "env"},
            ["env", "service/svc/service-instance/c"],
            id="row-103-delete-environment",
        ),
    ],
)
def test_a_call_on_what_the_edit_holds_is_a_conflict(
    refused: Callable[..., None],
    spec: Callable[..., str],
    operation: str,
    members: dict[str, Any],
    culprits: list[str],
) -> None:
    if operation in ("create_service_instance", "update_service_pipeline"):
        members = {**members, "spec": spec("a", "b", "d")}

    refused(operation, "ConflictException", *culprits, **members)


@pytest.mark.row(100)
def test_an_instance_that_stays_can_be_updated(
    proton: ProtonClient,
    let_go: Callable[..., None],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    other = spec("a", "c").replace("port: 80", "port: 81", 1)

    updated = proton.update_service_instance(
        serviceName="svc", name="a", deploymentType="CURRENT_VERSION", spec=other
    )["serviceInstance"]

    assert updated["deploymentStatus"] == "IN_PROGRESS"
    let_go()
    assert (get()["status"], get()["spec"]) == ("ACTIVE", other)
    assert statuses() == {"a": "SUCCEEDED", "c": "SUCCEEDED"}


@pytest.mark.row(101)
def test_the_update_of_an_instance_that_stays_can_be_cancelled(
    proton: ProtonClient, let_go: Callable[..., None], statuses: Callable[[], dict[str, str]]
) -> None:
    proton.update_service_instance(serviceName="svc", name="a", deploymentType="CURRENT_VERSION")

    cancelled = proton.cancel_service_instance_deployment(
        serviceName="svc", serviceInstanceName="a"
    )["serviceInstance"]

    assert cancelled["deploymentStatus"] == "CANCELLING"
    let_go()
    assert statuses() == {"a": "CANCELLED", "c": "SUCCEEDED"}


@pytest.mark.rule("3.3-19")
@pytest.mark.row(99, 102)
@pytest.mark.parametrize(
    ("operation", "members"),
    [
        pytest.param(
            "update_service_instance",
            {"serviceName": "svc", "name": "c", "deploymentType": "CURRENT_VERSION"},
            id="update",
        ),
        pytest.param(
            "create_component",
            {"name": "cache", "serviceName": "svc", "serviceInstanceName": "c", **COMPONENT},
            id="attach",
        ),
    ],
)
def test_an_instance_that_came_belongs_to_the_edit_until_it_is_over(
    let_go: Callable[..., None],
    instance: Callable[[str], dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    refused: Callable[..., None],
    operation: str,
    members: dict[str, Any],
) -> None:
    # It may still be removed again, so other calls on it are refused meanwhile.
    let_go("service_instance")
    assert instance("c")["deploymentStatus"] == "SUCCEEDED"
    assert get()["status"] == "UPDATE_IN_PROGRESS"

    refused(operation, "ConflictException", " c ", "svc", "UPDATE_IN_PROGRESS", **members)
