"""Which requests a server lets in."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import boto3
import pytest
import requests

from moto_proton.server import admission, make_server, url_of

TARGET = {"X-Amz-Target": "AwsProton20200720.ListServices"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server in a thread; its URL."""
    listening = make_server("127.0.0.1", 0, ["moto.test"])
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield url_of("127.0.0.1", listening.port)
    listening.shutdown()
    thread.join()
    listening.server_close()


def raw(url: str, *pieces: bytes) -> bytes:
    """What the server answers to these bytes, until it closes the connection."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except OSError:
            pass  # the server has answered, and closed
        answer = b""
        try:
            while received := connection.recv(65536):
                answer += received
        except ConnectionResetError:
            pass
        return answer


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:5000", 200),
        ("LOCALHOST", 200),
        ("my-bucket.localhost:1", 200),
        ("127.9.9.9", 200),
        ("[::1]:80", 200),
        ("moto.test", 200),
        ("proton.eu-west-1.amazonaws.com", 200),
        ("bucket.s3.amazonaws.com", 200),
        ("proton.cn-north-1.api.amazonwebservices.com.cn", 200),
        ("attacker.example", 403),
        ("amazonaws.com.attacker.example", 403),
        ("localhost.attacker.example:5000", 403),
        ("notamazonaws.com", 403),
        ("10.1.2.3", 403),
        ("", 403),
        ("[", 403),
    ],
)
def test_a_host_is_a_name_of_this_machine_or_of_aws(server: str, host: str, status: int) -> None:
    answer = requests.get(server + admission.HEALTH, headers={"Host": host}, timeout=60)

    assert answer.status_code == status
    assert ("--allow-host" in answer.text) == (status == 403)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:3000", 200),
        ("https://app.localhost", 200),
        ("http://moto.test:8080", 200),
        ("https://attacker.example", 403),
        ("null", 403),
        ("http://localhost.attacker.example", 403),
    ],
)
def test_pages_of_other_sites_are_refused(server: str, origin: str, status: int) -> None:
    answer = requests.post(server + "/moto-api/reset", headers={"Origin": origin}, timeout=60)

    assert answer.status_code == status


def test_a_large_body_is_refused_before_it_is_sent(server: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000000000\r\n\r\n"

    assert b"413" in raw(server, head).split(b"\r\n")[0]


def test_what_is_for_proton_has_the_size_of_its_requests(server: str) -> None:
    large = b"x" * (admission.MOST_BYTES_FOR_PROTON + 1)

    assert requests.post(server, data=large, headers=TARGET, timeout=60).status_code == 413


@pytest.mark.parametrize("size", [b"7fffffffffffffff", b"900000"])
def test_chunks_are_counted(server: str, size: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    head += b"X-Amz-Target: AwsProton20200720.ListServices\r\n\r\n" + size + b"\r\n"

    answer = raw(server, head, *[b"x" * 2**20] * 9)

    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0]


def test_a_chunked_body_is_read(server: str) -> None:
    answer = requests.post(
        server, data=iter([b"{", b"}"]), headers={**TARGET, "Content-Type": "x"}, timeout=60
    )

    assert answer.json() == {"services": []}


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_a_body_of_no_clear_length_is_refused(server: str, lines: bytes) -> None:
    answer = raw(server, b"POST / HTTP/1.1\r\nHost: localhost\r\n" + lines)

    assert b" 400 " in answer.split(b"\r\n")[0]


def test_sigterm_ends_a_server_that_is_at_work() -> None:
    """A request that waits for the rest of its body does not keep the server."""
    code = "from moto_proton.server import serve; serve('127.0.0.1', 0)"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    url = process.stdout.readline().decode().split()[-1]
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n"
        )
        assert requests.get(url + admission.HEALTH, timeout=60).json() == {"status": "ok"}
        assert (
            boto3.client(
                "proton",
                region_name="eu-west-1",
                endpoint_url=url,
                aws_access_key_id="a",
                aws_secret_access_key="b",
            ).list_services()["services"]
            == []
        )
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

    assert process.returncode == 0
