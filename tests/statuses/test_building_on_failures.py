"""What comes after a deployment or deletion that failed builds on what is deployed.

A failed update changes nothing of what is deployed, so ``${Proton::CURRENT_VAL}`` stands for what
was deployed before it, and a name whose deletion failed is still taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

CURRENT: Final = "${Proton::CURRENT_VAL}"
DEPLOYED, FAILED = 8080, 9090

Update = Callable[["ProtonClient", int | str], Any]
Inputs = Callable[["ProtonClient"], int]


def environment_spec(port: int | str) -> str:
    return f"proton: EnvironmentSpec\nspec:\n  port: {port}\n"


def service_spec(instance: int | str = 80, pipeline: str = "Dockerfile") -> str:
    entries = [
        {"name": "a", "environment": "env", "spec": {"port": instance, "image": "repo/app:1"}},
        {"name": "b", "environment": "env", "spec": {"port": 80, "image": "repo/app:1"}},
    ]
    spec = {"proton": "ServiceSpec", "pipeline": {"dockerfile": pipeline}, "instances": entries}
    return str(yaml.safe_dump(spec, sort_keys=False))


def update_environment(proton: ProtonClient, port: int | str) -> None:
    proton.update_environment(
        name="env2", deploymentType="CURRENT_VERSION", spec=environment_spec(port)
    )


def update_instance(proton: ProtonClient, port: int | str) -> None:
    proton.update_service_instance(
        serviceName="svc", name="a", deploymentType="CURRENT_VERSION", spec=service_spec(port)
    )


def update_pipeline(proton: ProtonClient, dockerfile: int | str) -> None:
    proton.update_service_pipeline(
        serviceName="svc",
        deploymentType="CURRENT_VERSION",
        spec=service_spec(pipeline=str(dockerfile)),
    )


def inputs_of_environment(proton: ProtonClient) -> int:
    spec: Any = proton.get_environment(name="env2")["environment"]["spec"]
    return int(yaml.safe_load(spec)["spec"]["port"])


def inputs_of_instance(proton: ProtonClient) -> int:
    found = proton.get_service_instance(serviceName="svc", name="a")["serviceInstance"]
    entries = yaml.safe_load(found["spec"])["instances"]
    return int(next(each for each in entries if each["name"] == "a")["spec"]["port"])


def inputs_of_pipeline(proton: ProtonClient) -> int:
    spec = proton.get_service(name="svc")["service"]["pipeline"]["spec"]
    return int(yaml.safe_load(spec)["pipeline"]["dockerfile"])


@pytest.mark.parametrize(
    ("resource", "update", "inputs"),
    [
        pytest.param("environment/env2", update_environment, inputs_of_environment, id="env"),
        pytest.param(
            "service/svc/service-instance/a", update_instance, inputs_of_instance, id="instance"
        ),
        pytest.param("service/svc/pipeline/*", update_pipeline, inputs_of_pipeline, id="pipeline"),
    ],
)
def test_the_current_value_is_the_deployed_one_after_a_failed_update(
    world: ProtonClient, resource: str, update: Update, inputs: Inputs
) -> None:
    update(world, DEPLOYED)
    faults.fail_deployment(resource)
    update(world, FAILED)

    update(world, CURRENT)

    assert inputs(world) == DEPLOYED


# --- a name whose deletion failed ---------------------------------------------------------------


@pytest.fixture
def leftover(world: ProtonClient, update: Callable[..., Any], spec: Callable[..., str]) -> None:
    """The instance ``b``, out of the spec of ``svc``, and still there: its deletion failed."""
    faults.fail_deletion("service/svc/service-instance/b")
    update(spec=spec("a"))


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        pytest.param("update_service", {"name": "svc"}, id="added by an edit"),
        pytest.param("create_service_instance", {"serviceName": "svc", "name": "b"}, id="created"),
        pytest.param(
            "update_service_instance",
            {"serviceName": "svc", "name": "b", "deploymentType": "CURRENT_VERSION"},
            id="updated",
        ),
    ],
)
@pytest.mark.usefixtures("leftover")
def test_a_name_whose_deletion_failed_is_taken(
    refused: Callable[..., str],
    spec: Callable[..., str],
    operation: str,
    members: dict[str, Any],
) -> None:
    refused(operation, "ConflictException", "b", **members, spec=spec("a", "b"))


@pytest.mark.parametrize("kind", ["environment", "component"])
def test_nothing_but_a_deletion_follows_a_failed_deletion(
    world: ProtonClient, refused: Callable[..., str], kind: str
) -> None:
    name = {"environment": "env2", "component": "cache"}[kind]
    faults.fail_deletion(f"{kind}/{name}")
    getattr(world, f"delete_{kind}")(name=name)

    members: Any = {"name": name, "deploymentType": "CURRENT_VERSION"}
    refused(f"update_{kind}", "ConflictException", name, **members)
    getattr(world, f"delete_{kind}")(name=name)

    listed = getattr(world, f"list_{kind}s")()[f"{kind}s"]
    assert name not in [each["name"] for each in listed]
