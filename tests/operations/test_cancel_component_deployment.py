"""CancelComponentDeployment: an update that is in progress is undone, attachment included."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed
from moto_proton.seed.worlds import COMPONENT_TEMPLATE

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
CALL = "cancel_component_deployment"
WEB = {"serviceName": "shop", "serviceInstanceName": "web"}
NEITHER = {"serviceName": "", "serviceInstanceName": ""}


@pytest.fixture
def cache(seed: Seed) -> dict[str, Any]:
    """A detached component beside a service."""
    seed.service("shop", instances={"web": "dev"})
    return seed.component("cache", environmentName="dev")


def get(client: Client) -> dict[str, Any]:
    return dict(client.get_component(name="cache")["component"])


def update(client: Client, **members: Any) -> None:
    client.update_component(name="cache", deploymentType="CURRENT_VERSION", **members)


@pytest.mark.rule("6.11-31", "3.1-7")
def test_a_cancelled_update_leaves_the_component_as_it_was(
    proton: Client, cache: dict[str, Any], hold: Hold, let_go: Hold
) -> None:
    hold("component")
    update(proton, templateFile="Resources: {A: {}}")

    cancelling = proton.cancel_component_deployment(componentName="cache")["component"]

    assert cancelling["deploymentStatus"] == "CANCELLING"
    assert get(proton)["deploymentStatus"] == "CANCELLING"
    let_go("component")
    got = get(proton)
    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == (
        "CANCELLED",
        "User initiated cancellation.",
    )
    assert got["lastDeploymentSucceededAt"] == cache["lastDeploymentSucceededAt"]
    assert got["lastSucceededDeploymentId"] == cache["lastSucceededDeploymentId"]
    update(proton, templateFile="Resources: {B: {}}")
    key = get(proton)["lastSucceededDeploymentId"]
    states = proton.get_deployment(id=key)["deployment"]
    assert states["initialState"]["component"]["templateFile"] == COMPONENT_TEMPLATE


@pytest.mark.rule("6.11-34")
@pytest.mark.usefixtures("cache")
def test_a_cancelled_attachment_is_undone(proton: Client, hold: Hold, let_go: Hold) -> None:
    hold("component")
    update(proton, **WEB)
    assert get(proton)["serviceName"] == "shop"
    proton.cancel_component_deployment(componentName="cache")
    let_go("component")

    assert not {"serviceName", "serviceInstanceName", "serviceSpec"} & set(get(proton))
    proton.delete_component(name="cache")


@pytest.mark.rule("6.11-34")
@pytest.mark.usefixtures("cache")
def test_a_cancelled_detachment_is_undone(
    proton: Client, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    update(proton, **WEB)
    before = get(proton)
    hold("component")
    update(proton, **NEITHER)
    proton.cancel_component_deployment(componentName="cache")
    let_go("component")

    got = get(proton)

    assert {name: got[name] for name in (*WEB, "serviceSpec")} == {
        **WEB,
        "serviceSpec": before["serviceSpec"],
    }
    refused(CE, "attached", "delete_component", name="cache")


@pytest.mark.rule("3.1-8")
@pytest.mark.usefixtures("cache")
def test_a_cancellation_can_fail(
    proton: Client, hold: Hold, let_go: Hold, faults: ModuleType
) -> None:
    hold("component")
    update(proton, templateFile="Resources: {A: {}}")
    proton.cancel_component_deployment(componentName="cache")
    faults.fail_deployment("component/cache", message="too late")
    let_go("component")

    got = get(proton)

    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == ("FAILED", "too late")


@pytest.mark.rule("3.1-6")
def test_a_self_managed_update_is_cancelled_without_a_notification(
    proton: Client, seed: Seed
) -> None:
    def notify(arn: str) -> None:
        proton.notify_resource_deployment_status_change(resourceArn=arn, status="SUCCEEDED")

    notify(seed.environment("dev", self_managed=True)["arn"])
    manifest = (
        "infrastructure:\n  templates:\n    - file: '*'\n      rendering_engine: hcl\n"
        "      template_language: terraform\n"
    )
    notify(seed.component("cache", environmentName="dev", manifest=manifest)["arn"])
    update(proton, templateFile="Resources: {A: {}}")
    assert get(proton)["deploymentStatus"] == "IN_PROGRESS"

    proton.cancel_component_deployment(componentName="cache")

    assert get(proton)["deploymentStatus"] == "CANCELLED"


@pytest.mark.rule("6.11-31", "3.3-17")
def test_a_creation_is_not_cancelled(seed: Seed, refused: Refused, hold: Hold) -> None:
    seed.environment("dev")
    hold("component")
    seed.component("cache")

    refused(CE, "cache", CALL, componentName="cache")


@pytest.mark.rule("6.11-31", "3.3-17")
@pytest.mark.usefixtures("cache")
def test_only_a_deployment_in_progress_is_cancelled(
    proton: Client, refused: Refused, hold: Hold, let_go: Hold, faults: ModuleType
) -> None:
    refused(CE, "SUCCEEDED", CALL, componentName="cache")
    faults.fail_deployment("component/cache")
    update(proton, templateFile="Resources: {A: {}}")
    refused(CE, "FAILED", CALL, componentName="cache")
    hold("component")
    update(proton, templateFile="Resources: {A: {}}")
    proton.cancel_component_deployment(componentName="cache")
    refused(CE, "CANCELLING", CALL, componentName="cache")
    let_go("component")
    get(proton)
    hold("component")
    proton.delete_component(name="cache")
    refused(CE, "DELETE_IN_PROGRESS", CALL, componentName="cache")


@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        (RNF, "component nil", {"componentName": "nil"}),
        (VE, "'componentName'", {"componentName": "a b"}),
        (VE, "'componentName'", {}),
    ],
)
@pytest.mark.usefixtures("cache")
def test_a_component_has_to_be_named(
    refused: Refused, code: str, words: str, members: dict[str, str]
) -> None:
    refused(code, words, CALL, **members)
