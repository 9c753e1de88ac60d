"""The resources of the case table, brought into each status.

Their fixtures are in ``tests/update_service``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

_path = Path(__file__).parents[1] / "update_service" / "conftest.py"
_module_spec = spec_from_file_location("update_service_world", _path)
assert _module_spec is not None
assert _module_spec.loader is not None
_world = module_from_spec(_module_spec)
_module_spec.loader.exec_module(_world)

for _fixture in (
    "_moto_decides_again",
    "empty",
    "get",
    "hold",
    "instance",
    "let_go",
    "make_svc",
    "proton",
    "raw",
    "refused",
    "seed",
    "session_client",
    "spec",
    "statuses",
    "step",
    "update",
):
    globals()[_fixture] = getattr(_world, _fixture)


@pytest.fixture
def reach(
    empty: ProtonClient,
    make_svc: Callable[..., dict[str, Any]],
    hold: Callable[..., None],
    let_go: Callable[..., None],
    step: Callable[..., None],
    get: Callable[[], dict[str, Any]],
    update: Callable[..., dict[str, Any]],
    spec: Callable[..., str],
) -> Callable[[str], None]:
    """Brings ``svc`` into a status of a service, and keeps it there if it would move on.

    A creation fails with ``b``, an edit adds ``c`` and removes ``b``.
    """
    b, c = "service/svc/service-instance/b", "service/svc/service-instance/c"

    def next_status_of_instances() -> None:
        get()
        step("service_instance")
        empty.get_account_settings()  # lets what has been shown move on, and shows nothing
        hold("service_instance")

    def bring(status: str) -> None:
        if status.startswith("CREATE"):
            create(status)
        else:
            make_svc()
            if status.startswith("UPDATE"):
                edit(status)
            elif status.startswith("DELETE"):
                delete(status)
        assert get()["status"] == status

    def create(status: str) -> None:
        if status != "CREATE_IN_PROGRESS":
            faults.fail_deployment(b, cleanup="CLEANUP" in status)
        if status.endswith("CLEANUP_FAILED"):
            faults.fail_cleanup(b)
        if status.endswith("IN_PROGRESS"):
            hold("service_instance", "service_pipeline")
        make_svc()
        if status == "CREATE_FAILED_CLEANUP_IN_PROGRESS":
            next_status_of_instances()

    def edit(status: str) -> None:
        if status.startswith("UPDATE_FAILED_CLEANUP"):
            faults.fail_deployment(c)
        elif status == "UPDATE_FAILED":
            faults.fail_deployment("service/svc/pipeline/*")
        if status == "UPDATE_FAILED_CLEANUP_FAILED":
            faults.fail_cleanup(c)
        elif status == "UPDATE_COMPLETE_CLEANUP_FAILED":
            faults.fail_deletion(b)
        if status.endswith("IN_PROGRESS"):
            hold("service_instance", "service_pipeline")
        update(spec=spec("a", "c"))
        if status == "UPDATE_FAILED_CLEANUP_IN_PROGRESS":
            next_status_of_instances()

    def delete(status: str) -> None:
        if status.endswith("IN_PROGRESS"):
            hold("service_instance", "service_pipeline")
        else:
            faults.fail_deletion(b)
        empty.delete_service(name="svc")

    return bring


# --- one of each kind that is deployed; a kind is called as in the state manager ------------------


@pytest.fixture
def world(proton: ProtonClient, seed: Seed) -> ProtonClient:
    """The start state, an environment ``env2`` that is not in use, and a component in ``env``."""
    seed.environment("env2")
    seed.component("cache", environmentName="env")
    return proton


@pytest.fixture
def show(world: ProtonClient) -> Callable[[str], dict[str, Any]]:
    """What its Get says of the one of a kind."""

    def get(kind: str) -> dict[str, Any]:
        if kind == "environment":
            return dict(world.get_environment(name="env2")["environment"])
        if kind == "service_instance":
            answer = world.get_service_instance(serviceName="svc", name="a")
            return dict(answer["serviceInstance"])
        if kind == "service_pipeline":
            return dict(world.get_service(name="svc")["service"]["pipeline"])
        return dict(world.get_component(name="cache")["component"])

    return get


@pytest.fixture
def update_one(world: ProtonClient, spec: Callable[..., str]) -> Callable[[str], dict[str, Any]]:
    """Starts an update deployment of the one of a kind."""

    def start(kind: str) -> dict[str, Any]:
        if kind == "environment":
            answer: Any = world.update_environment(name="env2", deploymentType="CURRENT_VERSION")
        elif kind == "service_instance":
            answer = world.update_service_instance(
                serviceName="svc", name="a", deploymentType="CURRENT_VERSION"
            )
        elif kind == "service_pipeline":
            answer = world.update_service_pipeline(
                serviceName="svc", deploymentType="CURRENT_VERSION", spec=spec("a", "b")
            )
        else:
            answer = world.update_component(
                name="cache",
                deploymentType="CURRENT_VERSION",
                templateFile="Resources: {A: {Type: 'AWS::SNS::Topic'}}",
            )
        del answer["ResponseMetadata"]
        return dict(next(iter(answer.values())))

    return start


@pytest.fixture
def cancel(world: ProtonClient) -> Callable[[str], dict[str, Any]]:
    """Cancels the deployment of the one of a kind."""

    def start(kind: str) -> dict[str, Any]:
        if kind == "environment":
            return dict(world.cancel_environment_deployment(environmentName="env2")["environment"])
        if kind == "service_instance":
            answer = world.cancel_service_instance_deployment(
                serviceName="svc", serviceInstanceName="a"
            )
            return dict(answer["serviceInstance"])
        return dict(world.cancel_service_pipeline_deployment(serviceName="svc")["pipeline"])

    return start


@pytest.fixture
def delete(world: ProtonClient) -> Callable[[str], None]:
    """Starts the deletion of the one of a kind; of a service's parts, by deleting the service."""

    def start(kind: str) -> None:
        if kind == "environment":
            world.delete_environment(name="env2")
        elif kind == "component":
            world.delete_component(name="cache")
        else:
            world.delete_service(name="svc")

    return start
