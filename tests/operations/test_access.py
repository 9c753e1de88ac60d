"""Access: with moto's IAM enforced, every operation asks for its own action."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count

from moto_proton.proton.responses import OPERATIONS
from moto_proton.proton.state import restore, snapshot
from tests.support.clients import Client, client_of, kept_session


@pytest.fixture(scope="module")
def user_who_may() -> Iterator[Callable[[str], Client]]:
    """Answers with the client of somebody who may do one thing from then on."""
    with mock_aws():
        iam = client_of("iam")
        iam.create_user(UserName="marymajor")
        key = iam.create_access_key(UserName="marymajor")["AccessKey"]
        client = kept_session().client(
            "proton",
            region_name="us-east-1",
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
        nothing = snapshot()

        def make(action: str) -> Client:
            restore(nothing)
            statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": statement})
            iam.put_user_policy(UserName="marymajor", PolicyName="one", PolicyDocument=document)
            return client

        yield make


def error_of(client: Client, operation: str, members: dict[str, Any]) -> dict[str, Any]:
    method = next(
        name for name, each in client.meta.method_to_api_mapping.items() if each == operation
    )

    @set_initial_no_auth_action_count(0)
    def call() -> None:
        getattr(client, method)(**members)

    with pytest.raises(ClientError) as caught:
        call()
    return dict(caught.value.response["Error"])


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_who_may_do_something_else_is_denied(
    user_who_may: Callable[[str], Client],
    valid_request: Callable[[str], dict[str, Any]],
    operation: str,
) -> None:
    user = user_who_may("proton:Nothing")

    error = error_of(user, operation, valid_request(operation))

    assert error["Code"] == "AccessDeniedException"
    assert f"not authorized to perform: proton:{operation} " in error["Message"]


def test_who_may_is_answered(
    user_who_may: Callable[[str], Client], valid_request: Callable[[str], dict[str, Any]]
) -> None:
    user = user_who_may("proton:GetService")

    error = error_of(user, "GetService", valid_request("GetService"))

    assert error["Code"] == "ResourceNotFoundException"
