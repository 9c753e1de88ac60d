"""Callers with policies of their own, and moto's IAM enforced on what they do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count

from moto_proton.proton.snapshots import Snapshot
from moto_proton.proton.state import restore, snapshot
from moto_proton.seed import Seed
from tests.support.clients import client_of, kept_session
from tests.support.worlds import KeptSeed

Client: TypeAlias = Any

ONE_TRY = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    parameter_validation=False,
    connect_timeout=1,
)


@pytest.fixture(scope="session")
def session() -> boto3.session.Session:
    return kept_session()


@pytest.fixture(scope="module")
def account() -> Iterator[Snapshot]:
    """What Proton holds at first in the account that a module keeps: nothing."""
    config: Any = {"proton": {"require_bundles": False}}
    with mock_aws(config=config):
        yield snapshot()


@pytest.fixture(scope="module")
def _unrefused(account: Snapshot, session: boto3.session.Session) -> Client:
    return session.client("proton", region_name="us-east-1", config=ONE_TRY)


@pytest.fixture
def proton(account: Snapshot, _unrefused: Client) -> Client:
    """A client whom nothing is refused while nothing is enforced; Proton holds nothing."""
    restore(account)
    return _unrefused


@pytest.fixture
def seed(proton: Client) -> Seed:
    return KeptSeed(proton)


@pytest.fixture(scope="module")
def _caller(account: Snapshot, session: boto3.session.Session) -> Callable[..., Client]:
    iam = client_of("iam")
    iam.create_user(UserName="marymajor")
    key = iam.create_access_key(UserName="marymajor")["AccessKey"]
    client = session.client(
        "proton",
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=ONE_TRY,
    )

    def of(*statements: dict[str, Any]) -> Client:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_user_policy(
            UserName="marymajor", PolicyName="one", PolicyDocument=json.dumps(document)
        )
        return client

    return of


@pytest.fixture
def caller(proton: Client, _caller: Callable[..., Client]) -> Callable[..., Client]:
    """The client of the user marymajor, whose one policy has these statements from then on."""
    return _caller


@pytest.fixture
def outcome() -> Callable[..., tuple[str, str]]:
    """The code and message of a call's refusal, or ("", "") for an answer; IAM is enforced."""

    @set_initial_no_auth_action_count(0)
    def of(client: Client, operation: str, **members: Any) -> tuple[str, str]:
        method = next(
            name for name, each in client.meta.method_to_api_mapping.items() if each == operation
        )
        try:
            getattr(client, method)(**members)
        except client.exceptions.ClientError as error:
            found = error.response["Error"]
            return found["Code"], found["Message"]
        return "", ""

    return of
