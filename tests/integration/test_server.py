"""moto's server with Proton in it, and mocks that use a server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from moto.server import ThreadedMotoServer

import moto_proton
from moto_proton import server
from moto_proton.emptying import empty_proton

RunPython = Callable[..., str]
SERVE = "from moto_proton.server import serve; serve('127.0.0.1', 0)"


def client_of(url: str, **options: Any) -> Any:
    return boto3.client(
        "proton",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        **options,
    )


@contextmanager
def running() -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MOTO_PORT": ""},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.fullmatch(r"moto-proton server listening on (http://127\.0\.0\.1:\d+)\n", line)
        assert match, process.communicate(timeout=300)
        yield process, match[1]
    finally:
        process.kill()
        process.communicate(timeout=300)


def test_the_server_tells_its_port_and_serves_proton_and_the_rest() -> None:
    with running() as (_, url):
        client = client_of(url)
        assert client.list_environment_templates()["templates"] == []
        created = client.create_environment_template(name="web")["environmentTemplate"]
        assert ":proton:eu-west-1:" in created["arn"]
        unsigned = client_of(url, config=Config(signature_version=UNSIGNED))
        assert unsigned.list_environment_templates()["templates"] == []  # in us-east-1
        assert requests.post(f"{url}/moto-api/reset", timeout=60).status_code == 200
        assert client.list_environment_templates()["templates"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_quietly(number: signal.Signals) -> None:
    with running() as (process, url):
        assert client_of(url).list_environment_templates()["templates"] == []
        process.send_signal(number)
        printed, complained = process.communicate(timeout=300)
        assert process.returncode == 0
        assert printed == ""
        assert "Traceback" not in complained


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        script = SERVE.replace("0)", f"{taken.getsockname()[1]})")
        completed = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, timeout=600
        )
    assert completed.returncode == 1
    assert "in use" in completed.stderr
    assert "Traceback" not in completed.stderr


@pytest.mark.parametrize("package", ["flask", "flask_cors"])
def test_a_missing_dependency_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(server.ServerDependencyError) as raised:
        server.serve("127.0.0.1", 0)
    assert str(raised.value) == (
        f'The server needs {package}, which is not installed: pip install "moto_proton[server]"'
    )


def test_url_of_an_ipv6_address() -> None:
    assert server.url_of("::1", 5000) == "http://[::1]:5000"
    assert server.url_of("localhost", 5000) == "http://localhost:5000"


@pytest.fixture
def moto_server() -> Iterator[str]:
    """moto's own threaded server; Proton is in it as soon as moto_proton is imported."""
    assert moto_proton.__version__
    threaded = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    threaded.start()
    host, port = threaded.get_host_and_port()
    yield f"http://{host}:{port}"
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=60)
    threaded.stop()


def test_moto_s_own_threaded_server_serves_proton(moto_server: str) -> None:
    client = client_of(moto_server)
    client.create_environment_template(name="web")
    listed = client.list_environment_templates()["templates"]
    assert [template["name"] for template in listed] == ["web"]


def test_proton_alone_can_be_emptied(moto_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(moto_server)
    client.create_environment_template(name="web")
    s3 = boto3.client(
        "s3", endpoint_url=moto_server, aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    s3.create_bucket(Bucket="of-others")

    monkeypatch.setenv("TEST_SERVER_MODE", "true")
    monkeypatch.setenv("TEST_SERVER_MODE_ENDPOINT", moto_server)
    monkeypatch.setattr("moto.settings.TEST_SERVER_MODE", True)
    empty_proton()

    assert client.list_environment_templates()["templates"] == []
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["of-others"]
    assert requests.get(f"{moto_server}/moto-api/proton/reset", timeout=60).status_code == 405


SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=K/20260101/eu-west-1/proton/aws4_request, x",
    "X-Amz-Target": "AwsProton20200720.ListServices",
}


@pytest.mark.parametrize("path", ["/", "/elsewhere", "/else/where"])
def test_other_paths_reach_proton_too(moto_server: str, path: str) -> None:
    answer = requests.post(moto_server + path, data="{}", headers=SIGNED, timeout=60)

    assert (answer.status_code, answer.json()) == (200, {"services": []})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_operations_are_called_with_post_alone(moto_server: str, method: str) -> None:
    answer = requests.request(method, moto_server, data="{}", headers=SIGNED, timeout=60)

    assert answer.status_code == 400
    assert answer.json() == {
        "__type": "com.amazon.coral.service#UnknownOperationException",
        "message": f"Operations are called with POST, not with {method}",
    }


def test_a_body_that_breaks_off_is_refused_in_json(moto_server: str) -> None:
    host, _, port = moto_server.removeprefix("http://").partition(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in SIGNED.items())
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            f"POST / HTTP/1.1\r\nHost: x\r\n{head}Transfer-Encoding: chunked\r\n\r\n"
            "no length\r\n{}\r\n".encode()
        )
        answer = b"".join(iter(lambda: connection.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"SerializationException" in answer
    assert b"The body can't be read" in answer


def test_server_mode_is_honoured(moto_server: str, run_python: RunPython) -> None:
    printed = run_python(
        "import boto3\n"
        "from moto_proton import mock_proton\n"
        "@mock_proton\n"
        "def work():\n"
        "    client = boto3.client('proton', region_name='us-east-1')\n"
        "    client.create_environment_template(name='web')\n"
        "    print(client.meta.endpoint_url)\n"
        "    print(len(client.list_environment_templates()['templates']))\n"
        "work()\n"
        "work()\n",
        TEST_SERVER_MODE="true",
        TEST_SERVER_MODE_ENDPOINT=moto_server,
    )
    assert printed == f"{moto_server}\n1\n" * 2


def test_a_server_that_is_not_there_leaves_nothing_patched(run_python: RunPython) -> None:
    printed = run_python(
        "import boto3, os, requests\n"
        "from moto_proton import bridge, mock_proton\n"
        "real, before = boto3.client, dict(os.environ)\n"
        "for _ in range(2):\n"
        "    try:\n"
        "        mock_proton().start()\n"
        "    except requests.ConnectionError:\n"
        "        print('refused')\n"
        "assert boto3.client is real\n"
        "assert dict(os.environ) == before\n"
        "assert not bridge.mock_is_active()\n",
        TEST_SERVER_MODE="true",
        TEST_SERVER_MODE_ENDPOINT="http://127.0.0.1:9",
    )
    assert printed == "refused\nrefused\n"


def test_proxy_mode_is_honoured(run_python: RunPython) -> None:
    printed = run_python(
        "import boto3\n"
        "from moto_proton import mock_proton\n"
        "with mock_proton():\n"
        "    print(boto3.client('proton', region_name='us-east-1').meta.config.proxies['https'])\n",
        TEST_PROXY_MODE="true",
        MOTO_PROXY_PORT="5123",
        MOTO_CALL_RESET_API="false",
    )
    assert printed == "http://localhost:5123\n"


def test_a_server_in_a_thread_may_be_made_by_hand() -> None:
    made = server.make_server("127.0.0.1", 0)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        client = client_of(f"http://127.0.0.1:{made.port}")
        assert client.list_environment_templates()["templates"] == []
    finally:
        made.shutdown()
        thread.join()
