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

from moto_proton.seed import Seed
from tests.support.worlds import KeptSeed

Client: TypeAlias = Any

ONE_TRY = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    parameter_validation=False,
    connect_timeout=1,
)


@pytest.fixture(scope="session")
def session() -> boto3.session.Session:
    return boto3.session.Session(aws_access_key_id="key", aws_secret_access_key="secret")


@pytest.fixture
def proton(session: boto3.session.Session) -> Iterator[Client]:
    """A client whom nothing is refused while nothing is enforced."""
    config: Any = {"proton": {"require_bundles": False}}
    with mock_aws(config=config):
        yield session.client("proton", region_name="us-east-1", config=ONE_TRY)


@pytest.fixture
def seed(proton: Client) -> Seed:
    return KeptSeed(proton)


@pytest.fixture
def caller(proton: Client, session: boto3.session.Session) -> Callable[..., Client]:
    """A client of the user marymajor, who has one policy with these statements."""
    iam = session.client("iam", region_name="us-east-1")
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
