"""Every request of every service is moto's while a mock is active, whenever its client was made.

Each script runs in an interpreter of its own, as what was imported when is the point, and makes
many clients. The network refuses and writes down what it was asked for, in a log of the test's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

RunPython: TypeAlias = Callable[..., str]

CLIENTS = r"""
import json, os
import boto3, botocore.session
from botocore.loaders import Loader

CALLS = {  # with different protocols and addresses; more of them take long to load
    "proton": "list_services", "s3": "list_buckets", "sns": "list_topics", "sqs": "list_queues",
    "sts": "get_caller_identity",
}
RESOURCES = {"s3": "buckets", "sns": "topics", "sqs": "queues"}
if "MORE_SERVICES" in os.environ:
    CALLS |= {
        "dynamodb": "list_tables", "events": "list_rules", "iam": "list_users",
        "kms": "list_keys", "secretsmanager": "list_secrets", "ec2": "describe_vpcs",
        "lambda": "list_functions", "ssm": "describe_parameters",
    }
    RESOURCES |= {"dynamodb": "tables", "iam": "users"}
loader = Loader()

def session():
    made = botocore.session.get_session()
    made.register_component("data_loader", loader)  # which reads each model once for all of them
    return boto3.session.Session(botocore_session=made)

def clients(window, origin):
    for service in CALLS:
        yield f"{window}: client of {service}", service, origin.client(service)
    for service in RESOURCES:
        yield f"{window}: resource of {service}", service, origin.resource(service)

def clients_by_other_ways(window):
    "Sessions of one's own, botocore's sessions, endpoints that are named."
    own, raw = session(), session()._session
    for service in CALLS:
        made = own.client(service)
        yield f"{window}: own session, {service}", service, made
        yield f"{window}: botocore's session, {service}", service, raw.create_client(service)
        named = own.client(service, endpoint_url=made.meta.endpoint_url)
        yield f"{window}: {service} with an endpoint", service, named

def call(service, client):
    if hasattr(client, "meta") and hasattr(client.meta, "client"):
        return list(getattr(client, RESOURCES[service]).all())
    return getattr(client, CALLS[service])()

def went_out(service, client):
    try:
        call(service, client)
    except Exception as error:
        if "tried to reach the network" not in str(error):
            raise
        return True
    return False

def count_requests():
    "The URLs that moto's handler is asked to answer, from now on."
    from moto.core.models import botocore_stubber
    kind, asked = type(botocore_stubber), []
    answer = kind.process_request
    def counting(self, request):
        asked.append(request.url)
        return answer(self, request)
    kind.process_request = counting
    return asked

def check(made, mocks):
    "Each client is answered in each mock, once for each of its calls."
    asked, answered = count_requests(), 0
    for mock in mocks:
        with mock():
            boto3.DEFAULT_SESSION = session()
            for name, service, client in [*made, *clients("in the mock", boto3)]:
                before = len(asked)
                call(service, client)
                assert len(asked) == before + 1, (name, asked[before:])
                answered += 1
    return answered
"""

FIRST_US = (
    "import sys, moto_proton\n"
    + CLIENTS
    + """
boto3.DEFAULT_SESSION = session()
made = [*clients("before moto", boto3), *clients_by_other_ways("before moto")]
older_than_moto = session()
odd = {
    "before": {s: older_than_moto.client(s, endpoint_url="https://internal.example")
               for s in CALLS},
}
assert "moto" not in sys.modules

from moto import mock_aws
from moto_proton import mock_proton
made += clients("older session, after moto", older_than_moto)
made += clients("after moto", session())
answered = check(made, [mock_proton, mock_aws])

by_name = {name: client for name, _, client in made}
s3, sqs, sns = (by_name[f"before moto: client of {each}"] for each in ("s3", "sqs", "sns"))
passed = {"services": ["sqs"], "urls": [r"https?://sns\\..*"]}
for mock in (mock_proton, mock_aws):
    with mock(config={"core": {"passthrough": passed}}):
        assert [went_out("s3", s3), went_out("sqs", sqs), went_out("sns", sns)] == [0, 1, 1]
assert went_out("s3", s3)  # there is no mock any more

odd["after"] = {s: session().client(s, endpoint_url="https://internal.example") for s in CALLS}
for mock in (mock_proton, mock_aws):
    with mock():
        outcomes = [{s: went_out(s, c) for s, c in odd[when].items()} for when in odd]
        assert outcomes[0] == outcomes[1]  # as moto does it
        assert [s for s, out in outcomes[0].items() if not out] == ["proton"]
print(json.dumps(answered))
"""
)

FIRST_BOTOCORE = (
    CLIENTS
    + """
older = session()
boto3.DEFAULT_SESSION = session()
import sys, moto_proton
made = [*clients("of an older session", older), *clients("of the older default session", boto3)]
made += clients("after us", session())
assert "moto" not in sys.modules
from moto import mock_aws
from moto_proton import mock_proton
made += clients("of an older session, after moto", older)
print(json.dumps(check(made, [mock_proton, mock_aws])))
"""
)

FIRST_MOTO = (
    CLIENTS
    + """
older = session()
from moto import mock_aws
from moto_proton import mock_proton
made = [*clients("after both", session()), *clients("of a session older than both", older)]
print(json.dumps(check(made, [mock_proton, mock_aws])))
"""
)

MORE_SERVICES = {"MORE_SERVICES": "1"}
HERE = {
    "AWS_ACCESS_KEY_ID": "mine",
    "AWS_SECRET_ACCESS_KEY": "mine",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
}


@pytest.fixture
def refused(tmp_path: Path) -> tuple[dict[str, str], Callable[[], list[str]]]:
    """An environment whose network log is the test's own, and what was refused in it so far."""
    log = tmp_path / "network.log"

    def read() -> list[str]:
        entries = map(json.loads, log.read_text().splitlines())
        return [entry["address"] for entry in entries if entry["kind"] == "refused"]

    return {**HERE, "MOTO_PROTON_NETWORK_LOG": str(log)}, read


Refused: TypeAlias = tuple[dict[str, str], Callable[[], list[str]]]


@pytest.mark.parametrize(
    ("more", "services"),
    [
        pytest.param({}, 5, id="five services"),
        # Each takes time to load, ec2, lambda and ssm seconds.
        pytest.param(MORE_SERVICES, 13, id="thirteen", marks=pytest.mark.proof),
    ],
)
def test_when_we_are_imported_first(
    run_python: RunPython, refused: Refused, more: dict[str, str], services: int
) -> None:
    environment, read = refused

    answered = json.loads(run_python(FIRST_US, **environment, **more))

    # Two mocks, two ways in which a request is let through, then all services but Proton twice at a
    # host that moto does not know; and once after the mocks.
    assert len(read()) == 2 * 2 + 2 * 2 * (services - 1) + 1
    assert answered > 10 * services


@pytest.mark.parametrize(
    ("script", "more", "services"),
    [
        pytest.param(FIRST_BOTOCORE, {}, 5, id="botocore first"),
        pytest.param(
            FIRST_BOTOCORE, MORE_SERVICES, 13, id="botocore first, all", marks=pytest.mark.proof
        ),
        pytest.param(FIRST_MOTO, MORE_SERVICES, 13, id="moto first", marks=pytest.mark.proof),
    ],
)
def test_when_we_are_imported_later(
    run_python: RunPython, refused: Refused, script: str, more: dict[str, str], services: int
) -> None:
    environment, read = refused

    answered = json.loads(run_python(script, **environment, **more))

    assert read() == []
    # More clients than services in each window, in two mocks.
    assert answered > 8 * services
