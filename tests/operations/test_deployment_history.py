"""A long history of deployments costs little: what did not change is kept once."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from moto_proton.mock import mock_proton
from moto_proton.seed import Seed

Client = Any


@pytest.fixture
def client() -> Iterator[Client]:
    """A client of a mock that nothing else looks at: reports keep what was sent."""
    with mock_proton():
        yield boto3.client(
            "proton",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )


def test_a_spec_that_stays_is_kept_once(client: Client) -> None:
    Seed(client).environment("dev")
    spec = f"proton: EnvironmentSpec\nspec: {{text: {'x' * 40_000}}}\n"

    def deploy() -> None:
        client.update_environment(name="dev", deploymentType="CURRENT_VERSION", spec=spec)

    deploy()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(50):
            deploy()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert after - before < 50 * 20_000
    history = client.list_deployments(environmentName="dev", maxResults=100)["deployments"]
    assert len(history) == 52
    oldest = client.get_deployment(id=history[-2]["id"])["deployment"]
    assert oldest["targetState"]["environment"]["spec"] == spec


def test_instances_share_the_spec_of_their_service(client: Client) -> None:
    Seed(client).service("shop", instances={"a": "dev", "b": "dev"})
    spec = (
        "proton: ServiceSpec\ninstances:\n"
        f"- {{name: a, environment: dev, spec: {{x: {'y' * 20_000}}}}}\n"
        f"- {{name: b, environment: dev, spec: {{x: {'y' * 20_000}}}}}\n"
    )

    def deploy(name: str) -> None:
        client.update_service_instance(
            name=name, serviceName="shop", deploymentType="CURRENT_VERSION", spec=spec
        )

    deploy("a")
    deploy("b")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(20):
            deploy("a")
            deploy("b")
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert after - before < 40 * 20_000
