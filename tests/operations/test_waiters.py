"""All ten waiters, unmodified: to success and to failure."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

import botocore.waiter
import pytest
from botocore.exceptions import WaiterError

from moto_proton.seed import Seed

Client: TypeAlias = Any

SOURCE = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}
COMPATIBLE = [{"templateName": "environment-template", "majorVersion": "1"}]
NUMBER = {"majorVersion": "1", "minorVersion": "0"}
SPEC = "proton: ServiceSpec\ninstances: [{name: dev, environment: dev}]\n"
INSTANCE = "service/shop/service-instance/dev"


class Waiter(NamedTuple):
    """What is there before, the call that is waited for, and how to hold it up or fail it."""

    prepare: Callable[[Seed], object]
    act: Callable[[Client], object]
    request: dict[str, str]
    model: str
    fault: tuple[str, str]


WAITERS = {
    "environment_template_version_registered": Waiter(
        lambda seed: seed.environment_template("vpc", versions=[]),
        lambda client: client.create_environment_template_version(
            templateName="vpc", source=SOURCE
        ),
        {"templateName": "vpc", **NUMBER},
        "environment_template_version",
        ("fail_deployment", "environment-template/vpc:1.0"),
    ),
    "service_template_version_registered": Waiter(
        lambda seed: seed.service_template("web", versions=[]),
        lambda client: client.create_service_template_version(
            templateName="web", source=SOURCE, compatibleEnvironmentTemplates=COMPATIBLE
        ),
        {"templateName": "web", **NUMBER},
        "service_template_version",
        ("fail_deployment", "service-template/web:1.0"),
    ),
    "environment_deployed": Waiter(
        lambda seed: seed.environment("dev"),
        lambda client: client.update_environment(name="dev", deploymentType="CURRENT_VERSION"),
        {"name": "dev"},
        "environment",
        ("fail_deployment", "environment/dev"),
    ),
    "service_created": Waiter(
        lambda seed: (seed.environment("dev"), seed.service_template("web")),
        lambda client: client.create_service(
            name="shop", templateName="web", templateMajorVersion="1", spec=SPEC
        ),
        {"name": "shop"},
        "service",
        ("fail_deployment", INSTANCE),
    ),
    "service_updated": Waiter(
        lambda seed: seed.service("shop", pipeline=True, spec=SPEC),
        lambda client: client.update_service(name="shop", spec=SPEC),
        {"name": "shop"},
        "service",
        ("fail_deployment", "service/shop/pipeline/*"),
    ),
    "service_deleted": Waiter(
        lambda seed: seed.service("shop"),
        lambda client: client.delete_service(name="shop"),
        {"name": "shop"},
        "service",
        ("fail_deletion", INSTANCE),
    ),
    "service_instance_deployed": Waiter(
        lambda seed: seed.service("shop"),
        lambda client: client.update_service_instance(
            serviceName="shop", name="dev", deploymentType="CURRENT_VERSION"
        ),
        {"serviceName": "shop", "name": "dev"},
        "service_instance",
        ("fail_deployment", INSTANCE),
    ),
    "service_pipeline_deployed": Waiter(
        lambda seed: seed.service("shop", pipeline=True, spec=SPEC),
        lambda client: client.update_service_pipeline(
            serviceName="shop", deploymentType="CURRENT_VERSION", spec=SPEC
        ),
        {"name": "shop"},
        "service_pipeline",
        ("fail_deployment", "service/shop/pipeline/*"),
    ),
    "component_deployed": Waiter(
        lambda seed: seed.component("cache"),
        lambda client: client.update_component(
            name="cache", deploymentType="CURRENT_VERSION", templateFile="x"
        ),
        {"name": "cache"},
        "component",
        ("fail_deployment", "component/cache"),
    ),
    "component_deleted": Waiter(
        lambda seed: seed.component("cache"),
        lambda client: client.delete_component(name="cache"),
        {"name": "cache"},
        "component",
        ("fail_deletion", "component/cache"),
    ),
}


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times that a waiter would have slept."""
    taken: list[float] = []
    monkeypatch.setattr(botocore.waiter.time, "sleep", taken.append)
    return taken


def test_all_waiters_of_the_model_are_tried(proton: Client) -> None:
    assert set(WAITERS) == set(proton.waiter_names)


@pytest.mark.parametrize("name", WAITERS)
def test_a_waiter_succeeds_at_the_first_look(
    proton: Client, seed: Seed, naps: list[float], name: str
) -> None:
    case = WAITERS[name]
    case.prepare(seed)
    case.act(proton)
    naps.clear()

    proton.get_waiter(name).wait(**case.request)

    assert naps == []


@pytest.mark.parametrize("name", WAITERS)
def test_a_waiter_looks_again_until_it_is_done(
    proton: Client, seed: Seed, naps: list[float], name: str
) -> None:
    from moto.moto_api import state_manager

    case = WAITERS[name]
    case.prepare(seed)
    model = f"proton::{case.model}"
    state_manager.set_transition(model, {"progression": "manual", "times": 3})
    try:
        case.act(proton)
        waiter = proton.get_waiter(name)
        naps.clear()

        waiter.wait(**case.request)
    finally:
        state_manager.unset_transition(model)

    assert naps == [waiter.config.delay] * 2


@pytest.mark.parametrize("name", WAITERS)
def test_a_waiter_fails_when_it_fails(
    proton: Client, seed: Seed, faults: ModuleType, naps: list[float], name: str
) -> None:
    case = WAITERS[name]
    case.prepare(seed)
    fail, pattern = case.fault
    getattr(faults, fail)(pattern, message="out of luck")
    case.act(proton)
    naps.clear()

    with pytest.raises(WaiterError, match="terminal failure state"):
        proton.get_waiter(name).wait(**case.request)

    assert naps == []
