"""Clients of one kept session: a new session costs fifty milliseconds, its next client three."""

from __future__ import annotations

import functools
from typing import Any, TypeAlias

import boto3
from botocore.config import Config

import moto_proton.proton.responses  # noqa: F401  # moto is there before a client is made

Client: TypeAlias = Any
"""A client that tests may give what no type checker would let them."""


@functools.cache
def kept_session() -> boto3.session.Session:
    """A session with keys of its own, that has no region."""
    return boto3.session.Session(aws_access_key_id="key", aws_secret_access_key="secret")


@functools.cache
def client_of(
    service: str = "proton",
    region: str = "us-east-1",
    *,
    checked: bool = True,
    access_key: str = "key",
) -> Client:
    """A client that calls once, and may be used by any test: nobody registers a handler on it.

    One that is not ``checked`` sends whatever it is given.
    """
    return kept_session().client(
        service,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key="secret",
        config=Config(
            retries={"total_max_attempts": 1, "mode": "standard"}, parameter_validation=checked
        ),
    )


@functools.cache
def client_of_account(account: str, region: str = "us-east-1", *, checked: bool = True) -> Client:
    """Such a client for another account: moto tells accounts apart by a header."""
    client = client_of.__wrapped__("proton", region, checked=checked)
    client.meta.events.register(
        "before-sign.proton",
        lambda request, **_: request.headers.add_header("x-moto-account-id", account),
    )
    return client
