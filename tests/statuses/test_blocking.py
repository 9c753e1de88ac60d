"""What a busy resource blocks; what a service's own status blocks is in test_service_statuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

CANCELLABLE = ["environment", "service_instance", "service_pipeline"]
INSTANCE = {"serviceName": "svc", "name": "a", "deploymentType": "CURRENT_VERSION"}
TOPIC = "Resources: {B: {Type: 'AWS::SNS::Topic'}}"
COMPONENT = {"name": "cache", "deploymentType": "CURRENT_VERSION", "templateFile": TOPIC}
PIPELINE = {"serviceName": "svc", "deploymentType": "CURRENT_VERSION"}
ENVIRONMENT = {"name": "env2", "deploymentType": "CURRENT_VERSION"}


@pytest.mark.rule("3.3-1", "3.3-6", "3.3-7", "3.3-8", "3.3-11")
@pytest.mark.parametrize(
    ("busy", "operation", "members", "culprit"),
    [
        ("environment", "update_environment", ENVIRONMENT, "env2"),
        ("environment", "delete_environment", {"name": "env2"}, "env2"),
        ("service_instance", "update_service_instance", INSTANCE, " a "),
        ("service_instance", "delete_service", {"name": "svc"}, "service-instance/a"),
        ("service_instance", "delete_environment", {"name": "env"}, "service-instance/a"),
        ("service_pipeline", "update_service_pipeline", PIPELINE, "svc"),
        ("service_pipeline", "update_service", {"name": "svc"}, "svc"),
        ("service_pipeline", "delete_service", {"name": "svc"}, "service/svc/pipeline"),
        ("component", "update_component", COMPONENT, "cache"),
        ("component", "delete_component", {"name": "cache"}, "cache"),
    ],
)
@pytest.mark.parametrize("status", ["IN_PROGRESS", "CANCELLING"])
def test_a_busy_resource_blocks(
    hold: Callable[..., None],
    update_one: Callable[[str], dict[str, Any]],
    cancel: Callable[[str], dict[str, Any]],
    show: Callable[[str], dict[str, Any]],
    refused: Callable[..., None],
    spec: Callable[..., str],
    status: str,
    busy: str,
    operation: str,
    members: dict[str, str],
    culprit: str,
) -> None:
    if operation in ("update_service", "update_service_pipeline"):
        members = {**members, "spec": spec("a", "b")}
    hold(busy)
    update_one(busy)
    if status == "CANCELLING" and busy in CANCELLABLE:
        cancel(busy)

    refused(operation, "ConflictException", culprit, **members)


@pytest.mark.rule("3.3-7", "3.3-8")
def test_an_attached_component_and_its_instance_wait_for_each_other(
    world: ProtonClient, hold: Callable[..., None], refused: Callable[..., None]
) -> None:
    world.update_component(
        name="cache", deploymentType="CURRENT_VERSION", serviceName="svc", serviceInstanceName="a"
    )
    hold("component")
    world.update_component(name="cache", deploymentType="CURRENT_VERSION", templateFile=TOPIC)
    refused("update_service_instance", "ConflictException", "cache", " a ", **INSTANCE)


def test_an_instance_and_its_component_wait_for_each_other(
    world: ProtonClient, hold: Callable[..., None], refused: Callable[..., None]
) -> None:
    world.update_component(
        name="cache", deploymentType="CURRENT_VERSION", serviceName="svc", serviceInstanceName="a"
    )
    hold("service_instance")
    world.update_service_instance(serviceName="svc", name="a", deploymentType="CURRENT_VERSION")

    refused("update_component", "ConflictException", "cache", " a ", **COMPONENT)


@pytest.mark.rule("3.3-9", "3.3-10")
def test_an_attached_component_keeps_what_it_is_attached_to(
    world: ProtonClient, refused: Callable[..., None]
) -> None:
    world.update_component(
        name="cache", deploymentType="CURRENT_VERSION", serviceName="svc", serviceInstanceName="a"
    )

    refused("delete_component", "ConflictException", "cache", " a ", name="cache")
    refused("delete_service", "ConflictException", "cache", " a", name="svc")
    refused("delete_environment", "ConflictException", "component/cache", name="env")


@pytest.mark.rule("3.3-11")
@pytest.mark.parametrize("status", ["IN_PROGRESS", "FAILED"])
def test_an_environment_that_was_never_deployed_takes_nothing_in(
    empty: ProtonClient,
    seed: Seed,
    hold: Callable[..., None],
    refused: Callable[..., None],
    make_svc: Callable[..., dict[str, Any]],
    spec: Callable[..., str],
    status: str,
) -> None:
    make_svc()
    if status == "IN_PROGRESS":
        hold("environment")
    faults.fail_deployment("environment/env2")
    assert seed.environment("env2")["deploymentStatus"] == status

    refused(
        "create_service_instance",
        "ConflictException",
        "env2",
        status,
        serviceName="svc",
        name="c",
        spec=spec(c="env2"),
    )
    refused(
        "create_component",
        "ConflictException",
        "env2",
        status,
        name="cache",
        environmentName="env2",
        manifest="x",
        templateFile=TOPIC,
    )


@pytest.mark.rule("6.0.3-2")
def test_the_deletion_of_an_environment_can_be_repeated_while_it_goes(
    world: ProtonClient,
    hold: Callable[..., None],
    delete: Callable[[str], None],
    show: Callable[[str], dict[str, Any]],
) -> None:
    hold("environment")
    delete("environment")

    shown = show("environment")
    # The answer to a deletion leaves the spec out (Rule 3.7-12).
    assert shown.pop("spec")
    assert world.delete_environment(name="env2")["environment"] == shown
