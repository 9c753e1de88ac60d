"""Bundles with the mock in a server: seeded over HTTP, and the rendered files read over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
import requests

from moto_proton.rendered_files import ROUTE
from moto_proton.seed import Seed
from moto_proton.server import make_server, url_of

Client: TypeAlias = Any
Bundle: TypeAlias = Callable[..., Path]


@pytest.fixture
def server() -> Iterator[str]:
    """A server in a thread; its URL."""
    listening = make_server("127.0.0.1", 0)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    url = url_of("127.0.0.1", listening.port)
    yield url
    requests.post(f"{url}/moto-api/reset", timeout=60)
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def remote(server: str) -> Client:
    """A client with the server's URL."""
    return boto3.client(
        "proton",
        region_name="eu-west-1",
        endpoint_url=server,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def test_a_client_of_a_server_seeds_that_server(remote: Client, bundle: Bundle) -> None:
    seed = Seed(remote)

    seed.environment_template("network", bundle=bundle("network"))
    environment = seed.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})

    assert environment["deploymentStatus"] == "SUCCEEDED"
    outputs = remote.list_environment_outputs(environmentName="dev")["outputs"]
    assert {"key": "Network", "valueString": "10.0.0.0/16 small 2"} in outputs


def test_a_broken_bundle_is_a_value_error_there_too(remote: Client, bundle: Bundle) -> None:
    broken = bundle("network", {"schema/schema.yaml": "schema: {}\n"})

    with pytest.raises(ValueError, match=r"schema/schema\.yaml|[Ss]chema"):
        Seed(remote).environment_template("network", bundle=broken)


def test_what_was_rendered_is_told_over_http(server: str, remote: Client, bundle: Bundle) -> None:
    seed = Seed(remote)
    seed.environment_template("network", bundle=bundle("network"))
    arn = seed.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})["arn"]

    answer = requests.get(server + ROUTE, params={"arn": arn}, timeout=60)

    assert answer.status_code == 200
    told = answer.json()
    assert told["method"] == "CloudFormation"
    assert told["files"]["cloudformation.yaml"].startswith("Description: The network dev.\n")


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param("", id="none"),
        pytest.param("dev", id="a name"),
        pytest.param("arn:aws:proton:eu-west-1:123456789012:environment/prod", id="unknown"),
    ],
)
def test_what_was_not_rendered_is_not_found(server: str, arn: str) -> None:
    answer = requests.get(server + ROUTE, params={"arn": arn}, timeout=60)

    assert answer.status_code == 404
    assert arn in answer.json()["error"]


def test_it_can_only_be_asked_for(server: str) -> None:
    assert requests.post(server + ROUTE, timeout=60).status_code == 405


def test_in_server_mode_the_same_test_code_works(server: str, bundle: Bundle) -> None:
    script = """
    import sys
    import moto_proton
    from moto_proton import mock_proton, seed

    with mock_proton():
        seed.environment_template("network", bundle=sys.argv[1])
        arn = seed.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})["arn"]
        found = moto_proton.rendered(arn)
        print(found.method.name, found.template.splitlines()[0])
        try:
            moto_proton.rendered(arn.replace("dev", "prod"))
        except LookupError as error:
            print(error)
    """

    completed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(bundle("network"))],
        capture_output=True,
        text=True,
        timeout=1200,
        env={
            **os.environ,
            "TEST_SERVER_MODE": "true",
            "TEST_SERVER_MODE_ENDPOINT": server,
            "AWS_DEFAULT_REGION": "us-east-1",
        },
    )

    assert completed.stdout.splitlines() == [
        "CLOUDFORMATION Description: The network dev.",
        "The resource arn:aws:proton:us-east-1:123456789012:environment/prod does not exist",
    ], completed.stderr
