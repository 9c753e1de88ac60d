"""Faults reach a Proton that runs in a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator

import boto3
import pytest
import requests

from moto_proton import fault_route, faults
from moto_proton.proton.account.faults import Fault, FaultKind, InjectedError, book
from moto_proton.proton.exceptions import ERRORS_BY_CODE
from moto_proton.server import make_server, url_of

JSON = {"Content-Type": "application/json"}
FAULTS: dict[str, Fault | InjectedError] = {
    "deployment": Fault(FaultKind.DEPLOYMENT, "service/*", "no", 2, cleanup=True),
    "error": InjectedError("ListServices", ERRORS_BY_CODE["ThrottlingException"]("slow down"), 1),
}


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
    book.clear()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_survives_the_way_to_the_server(name: str) -> None:
    """What the server reads is what was sent."""
    sent = FAULTS[name]

    read = fault_route.from_json(fault_route.as_json(sent))

    assert fault_route.as_json(read) == fault_route.as_json(sent)
    assert type(read) is type(sent)


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"kind": "other"}', '{"operation": "x"}'])
def test_what_is_no_fault_is_refused(server: str, body: str) -> None:
    """A malformed fault is the sender's mistake, and the answer says what is wrong."""
    answer = requests.post(server + fault_route.ROUTE, data=body, headers=JSON, timeout=60)

    assert answer.status_code == 400
    assert "not a fault" in answer.json()["error"]


def test_a_sent_error_answers_the_next_call(server: str) -> None:
    """The error comes back over the wire, once."""
    proton = boto3.client(
        "proton",
        region_name="us-east-1",
        endpoint_url=server,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    error = ERRORS_BY_CODE["ValidationException"]("said the test")
    fault_route.send(server, InjectedError("ListServices", error, 1))

    with pytest.raises(proton.exceptions.ValidationException, match="said the test"):
        proton.list_services()

    assert proton.list_services()["services"] == []


def test_server_mode_sends_the_faults_there(server: str) -> None:
    """With moto's TEST_SERVER_MODE the same test code works against the server."""
    code = """
        import boto3
        from moto_proton import faults, mock_proton

        with mock_proton():
            proton = boto3.client("proton", region_name="us-east-1")
            faults.raise_error("ListServices", "ConflictException", message="never")
    """
    # The injected code is not in the operation's list: refused here, before anything is sent.
    environment = {
        **os.environ,
        "TEST_SERVER_MODE": "true",
        "TEST_SERVER_MODE_ENDPOINT": server,
    }

    refused = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    accepted = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(code).replace("ConflictException", "ValidationException")
            + "    try:\n        proton.list_services()\n"
            "    except proton.exceptions.ValidationException as error:\n        print(error)\n"
            "    faults.clear()\n",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "ListServices never raises 'ConflictException'" in refused.stderr
    assert accepted.stdout.strip().endswith("never"), accepted.stderr


def test_a_fault_outside_of_a_mock_is_refused() -> None:
    """There is nothing to inject into."""
    with pytest.raises(RuntimeError, match="no mock is active"):
        faults.raise_error("ListServices", "ValidationException")


DEPLOYMENT = {"kind": "deployment", "pattern": "environment/dev", "message": "no", "remaining": 1}
ERROR = {"operation": "ListServices", "code": "ValidationException", "message": "m", "remaining": 1}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({**DEPLOYMENT, "remaining": "2"}, "times must be a whole number, one or more; got '2'"),
        ({**DEPLOYMENT, "remaining": -1}, "times must be a whole number, one or more; got -1"),
        ({**DEPLOYMENT, "remaining": True}, "times must be a whole number, one or more; got True"),
        ({**DEPLOYMENT, "pattern": "service/" + "*[" * 9_000}, "at most 1,000 characters"),
        ({**DEPLOYMENT, "pattern": "queue/a"}, "'queue/a' fits no resource"),
        ({**DEPLOYMENT, "pattern": 5}, "a resource is a string, not 5"),
        ({**DEPLOYMENT, "message": ["no"]}, "a message is a string, not ['no']"),
        ({**DEPLOYMENT, "cleanup": "yes"}, "cleanup must be True or False; got 'yes'"),
        ({**DEPLOYMENT, "kind": "cleanup"}, "'environment/dev' is never cleaned up"),
        ({**ERROR, "operation": "ListServise"}, "Proton has no operation 'ListServise'; did you"),
        ({**ERROR, "code": "ConflictException"}, "ListServices never raises 'ConflictException'"),
        ({**ERROR, "code": ["x"]}, "ListServices never raises ['x']"),
        ({**ERROR, "remaining": 0}, "times must be a whole number, one or more; got 0"),
    ],
)
def test_both_doors_refuse_alike(server: str, sent: dict[str, object], message: str) -> None:
    """What the functions refuse, the route refuses, with the same words; and nothing is noted."""
    answer = requests.post(server + fault_route.ROUTE, json=sent, timeout=60)

    assert answer.status_code == 400
    assert message in answer.json()["error"]
    with pytest.raises(ValueError, match=re.escape(message)):
        book.add(fault_route.from_json(json.dumps(sent)))
    assert book.take_error("ListServices") is None
    assert not book.waits(FaultKind.DEPLOYMENT, "environment/dev")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_fault_is_json_by_its_type(server: str, kind: str | None) -> None:
    """What a page of another site can send unasked is not taken."""
    headers = {} if kind is None else {"Content-Type": kind}
    answer = requests.post(
        server + fault_route.ROUTE, data=json.dumps(ERROR), headers=headers, timeout=60
    )

    assert answer.status_code == (400 if kind is None else 415)
    assert "application/json" in answer.json()["error"]
    assert book.take_error("ListServices") is None
