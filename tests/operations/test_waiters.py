"""All ten waiters, unmodified: to success and to failure."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import botocore.waiter
import pytest
from botocore.exceptions import WaiterError
from moto_proton.seed import Seed

Client: TypeAlias = Any
World: TypeAlias = tuple[Client, Seed]

SOURCE = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}
COMPATIBLE = [{"templateName": "environment-template", "majorVersion": "1"}]
SHOP = {"serviceName": "shop", "name": "dev"}


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times that a waiter would have slept."""
    taken: list[float] = []
    monkeypatch.setattr(botocore.waiter.time, "sleep", taken.append)
    return taken


def environment_version(world: World) -> dict[str, Any]:
    client, _ = world
    client.create_environment_template(name="vpc")
    client.create_environment_template_version(templateName="vpc", source=SOURCE)
    return {"templateName": "vpc", "majorVersion": "1", "minorVersion": "0"}


def service_version(world: World) -> dict[str, Any]:
    client, seed = world
    seed.environment_template()
    client.create_service_template(name="web")
    client.create_service_template_version(
        templateName="web", source=SOURCE, compatibleEnvironmentTemplates=COMPATIBLE
    )
    return {"templateName": "web", "majorVersion": "1", "minorVersion": "0"}


def environment(world: World) -> dict[str, Any]:
    client, seed = world
    seed.environment_template()
    client.create_environment(
        name="dev",
        templateName="environment-template",
        templateMajorVersion="1",
        spec="proton: EnvironmentSpec\n",
        protonServiceRoleArn="arn:aws:iam::123456789012:role/proton",
    )
    return {"name": "dev"}


def service(world: World) -> dict[str, Any]:
    client, seed = world
    seed.environment("dev")
    seed.service_template()
    client.create_service(
        name="shop",
        templateName="service-template",
        templateMajorVersion="1",
        spec="proton: ServiceSpec\ninstances: [{name: dev, environment: dev}]\n",
    )
    return {"name": "shop"}


def instance(world: World) -> dict[str, Any]:
    client, seed = world
    seed.service("shop")
    client.update_service_instance(**SHOP, deploymentType="CURRENT_VERSION")
    return SHOP


def pipeline(world: World) -> dict[str, Any]:
    client, seed = world
    spec = seed.service("shop", pipeline=True)["spec"]
    client.update_service_pipeline(serviceName="shop", deploymentType="CURRENT_VERSION", spec=spec)
    return {"name": "shop"}


def updated_service(world: World) -> dict[str, Any]:
    client, seed = world
    spec = seed.service("shop", pipeline=True)["spec"]
    client.update_service(name="shop", spec=spec)
    return {"name": "shop"}


def deleted_service(world: World) -> dict[str, Any]:
    client, seed = world
    seed.service("shop")
    client.delete_service(name="shop")
    return {"name": "shop"}


def component(world: World) -> dict[str, Any]:
    client, seed = world
    seed.component("cache")
    client.update_component(name="cache", deploymentType="CURRENT_VERSION", templateFile="x")
    return {"name": "cache"}


def deleted_component(world: World) -> dict[str, Any]:
    client, seed = world
    seed.component("cache")
    client.delete_component(name="cache")
    return {"name": "cache"}


Start: TypeAlias = Callable[[World], dict[str, Any]]

WAITERS: dict[str, tuple[Start, str, str, str]] = {
    "environment_template_version_registered": (
        environment_version,
        "environment_template_version",
        "fail_deployment",
        "environment-template/vpc:1.0",
    ),
    "service_template_version_registered": (
        service_version,
        "service_template_version",
        "fail_deployment",
        "service-template/web:1.0",
    ),
    "environment_deployed": (environment, "environment", "fail_deployment", "environment/dev"),
    "service_created": (
        service,
        "service",
        "fail_deployment",
        "service/shop/service-instance/dev",
    ),
    "service_instance_deployed": (
        instance,
        "service_instance",
        "fail_deployment",
        "service/shop/service-instance/dev",
    ),
    "service_pipeline_deployed": (
        pipeline,
        "service_pipeline",
        "fail_deployment",
        "service/shop/pipeline/*",
    ),
    "service_updated": (updated_service, "service", "fail_deployment", "service/shop/pipeline/*"),
    "service_deleted": (
        deleted_service,
        "service",
        "fail_deletion",
        "service/shop/service-instance/dev",
    ),
    "component_deployed": (component, "component", "fail_deployment", "component/cache"),
    "component_deleted": (deleted_component, "component", "fail_deletion", "component/cache"),
}
"""Each waiter: what starts it, what the state manager calls it, the fault that makes it fail."""


def test_all_waiters_of_the_model_are_tried(proton: Client) -> None:
    assert set(WAITERS) == set(proton.waiter_names)


@pytest.mark.parametrize("name", WAITERS)
def test_a_waiter_succeeds_at_the_first_look(
    proton: Client, seed: Seed, naps: list[float], name: str
) -> None:
    start = WAITERS[name][0]
    request = start((proton, seed))
    naps.clear()

    proton.get_waiter(name).wait(**request)

    assert naps == []


@pytest.mark.parametrize("name", WAITERS)
def test_a_waiter_looks_until_it_is_done(
    proton: Client, seed: Seed, naps: list[float], name: str, let_go: Callable[..., None]
) -> None:
    from moto.moto_api import state_manager

    start, model, _, _ = WAITERS[name]
    seed.service("first", pipeline=True)
    if name in ("service_instance_deployed", "service_pipeline_deployed"):
        seed.service("shop", pipeline="pipeline" in name)
    if name.startswith("component") and "first" not in name:
        seed.component("cache")
    state_manager.set_transition(f"proton::{model}", {"progression": "manual", "times": 3})
    try:
        request = start_held(start, (proton, seed))
        naps.clear()
        waiter = proton.get_waiter(name)
        waiter.wait(**request)
    finally:
        state_manager.unset_transition(f"proton::{model}")

    assert naps
    assert set(naps) == {waiter.config.delay}


def start_held(start: Start, world: World) -> dict[str, Any]:
    """Start it, and wait out what it only needs; the waiters of the seed do not sleep either."""
    from botocore.exceptions import ClientError

    for _ in range(20):
        try:
            return start(world)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("ConflictException", "ValidationException"):
                raise
            world[0].list_environments()
            world[0].list_services()
            world[0].list_service_instances()
            world[0].list_components()
    raise AssertionError("it never settled")


@pytest.mark.parametrize("name", WAITERS)
def test_a_waiter_fails_when_it_fails(
    proton: Client,
    seed: Seed,
    faults: ModuleType,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    naps: list[float],
    name: str,
) -> None:
    start, _, fail, pattern = WAITERS[name]
    models = ("service_instance", "service_pipeline", "component")
    created_by_itself = start in (instance, pipeline, updated_service, component)
    if created_by_itself:
        # The seed's own deployments are no concern of the fault.
        seed.service("shop", pipeline=start is not instance)
        seed.component("cache")
        proton.list_services()
    getattr(faults, fail)(pattern, message="out of luck")
    request = start((proton, seed))
    let_go(*models)

    with pytest.raises(WaiterError) as caught:
        proton.get_waiter(name).wait(**request)

    assert "terminal failure state" in str(caught.value)
    assert naps == []
