"""Sends raw JSON to the mock: the bytes that a client would send, none of the client's checks.

A request goes to the hook that moto's mock has in every botocore client, so it takes the way of a
call through boto3 from where the client hands it to the network. What is sent is ``variants``'s.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any, Final

from botocore.awsrequest import AWSRequest
from botocore.session import Session

import moto_proton.proton.responses  # noqa: F401  # moto knows Proton before the session is made
from moto_proton import api

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
URL: Final = f"https://proton.{REGION}.amazonaws.com/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``body`` is the JSON value."""

    status: int
    body: Any
    content_type: str

    @property
    def code(self) -> str:
        """The name of the exception, ``OK`` for none."""
        if self.status == 200:
            return "OK"
        return str(self.body.get("__type", "no __type")).rpartition("#")[2]


@functools.cache
def _events() -> Any:
    # What a session's clients start with; it needs no botocore that still knows Proton.
    return Session().get_component("event_emitter")


def send(operation: str, body: object, *, account: str = ACCOUNT) -> Answer:
    """Send a JSON value as the body of a request; raises what the mock lets through."""
    request = AWSRequest(
        "POST",
        URL,
        headers={
            "Content-Type": api.CONTENT_TYPE,
            "X-Amz-Target": f"{api.TARGET_PREFIX}.{operation}",
            "x-moto-account-id": account,
        },
        data=json.dumps(body).encode(),
    ).prepare()
    answered = _events().emit_until_response(f"before-send.proton.{operation}", request=request)
    if answered is None or answered[1] is None:
        raise AssertionError(f"nothing mocks {operation}")
    response = answered[1]
    return Answer(
        response.status_code, json.loads(response.content), response.headers["Content-Type"]
    )


def call(operation: str, body: object = None, *, account: str = ACCOUNT) -> Any:
    """Send what must succeed; answers with the JSON value."""
    answer = send(operation, body or {}, account=account)
    if answer.status != 200:
        raise AssertionError(f"{operation} {body!r:.300}: {answer.body}")
    return answer.body
