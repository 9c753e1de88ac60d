"""Settings reach a Proton that runs in a server, and go when the mock ends."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator

import pytest
import requests

from moto_proton import bridge
from moto_proton.control_routes import configuration as config_route
from moto_proton.server import make_server, url_of


@pytest.fixture
def server() -> Iterator[str]:
    """A server in a thread; its URL."""
    listening = make_server("127.0.0.1", 0)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield url_of("127.0.0.1", listening.port)
    listening.shutdown()
    thread.join()
    listening.server_close()
    bridge.moto_config().pop("proton", None)


def test_motos_route_takes_our_settings(server: str) -> None:
    settings = {"quotas": {"services": 1}}

    taken = requests.post(server + config_route.ROUTE, json={"proton": settings}, timeout=30)

    assert taken.status_code == 201
    shown = requests.get(server + config_route.ROUTE, timeout=30).json()
    assert shown["proton"] == settings
    assert shown["batch"] == {"use_docker": True}


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"protn": {}}, "did you mean 'proton'?"),
        ({"proton": {"quotaz": {}}}, "did you mean 'quotas'?"),
        ([], "a configuration is a mapping, not list"),
    ],
)
def test_what_is_wrong_is_said(server: str, config: object, sentence: str) -> None:
    answer = requests.post(server + config_route.ROUTE, json=config, timeout=30)

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_server_mode_sends_the_settings_for_as_long_as_the_mock_lasts(server: str) -> None:
    code = """
        import boto3
        from moto_proton import mock_proton

        def make(name):
            proton = boto3.client("proton", region_name="us-east-1")
            try:
                proton.create_environment_template(name=name)
            except proton.exceptions.ServiceQuotaExceededException:
                print(name, "refused")
            else:
                print(name, "made")

        with mock_proton():
            with mock_proton(config={"proton": {"quotas": {"templates": 1}}}):
                make("a")
                make("b")
            make("c")
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "TEST_SERVER_MODE": "true", "TEST_SERVER_MODE_ENDPOINT": server},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout.split("\n") == ["a made", "b refused", "c made", ""], run.stderr
