"""One test of each way to use the mock: whether it works at all.

The details are tested elsewhere.

`make quick` runs them after each edit, so each is small and none starts a process that it can do
without.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from click.testing import CliRunner
from moto.server import ThreadedMotoServer

from moto_proton import mock_proton
from moto_proton.cli import main
from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any


def adds_an_instance(proton: Client) -> None:
    """Make a service with the client and add an instance to it, as users' code does."""
    Seed(proton).service("shop", instances={"dev": "dev-env"})
    proton.update_service(name="shop", spec=service_spec({"dev": "dev-env", "canary": "dev-env"}))
    proton.get_waiter("service_updated").wait(name="shop", WaiterConfig={"Delay": 0})
    instances = proton.list_service_instances(serviceName="shop")["serviceInstances"]
    assert [instance["name"] for instance in instances] == ["canary", "dev"]


@mock_proton
def test_the_decorator() -> None:
    adds_an_instance(boto3.client("proton", region_name="us-east-1"))


def test_the_context_manager() -> None:
    with mock_proton():
        adds_an_instance(boto3.client("proton", region_name="us-east-1"))


def test_the_fixture(proton_client: Client) -> None:
    adds_an_instance(proton_client)


def test_the_command_line(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(service_spec({"dev": "dev-env"}), encoding="utf-8")
    new.write_text(service_spec({"dev": "dev-env", "canary": "dev-env"}), encoding="utf-8")

    result = CliRunner().invoke(main, ["diff", str(old), str(new)])

    assert result.exit_code == 1, result.output
    assert result.stdout.startswith("added  canary  environment dev-env\n")


def test_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        adds_an_instance(boto3.client("proton", region_name="us-east-1", endpoint_url=url))
    finally:
        server.stop()
