"""Who calls: signatures, keys and roles, while moto enforces its IAM."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import boto3
import pytest
import requests
from moto.core import set_initial_no_auth_action_count

Client: TypeAlias = Any
URL = "https://proton.us-east-1.amazonaws.com/"


def test_a_key_that_nobody_has_is_not_recognised(
    proton: Client, outcome: Callable[..., tuple[str, str]]
) -> None:
    assert outcome(proton, "ListServices") == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def test_another_secret_makes_a_wrong_signature(
    caller: Callable[..., Client],
    session: boto3.session.Session,
    outcome: Callable[..., tuple[str, str]],
) -> None:
    user = caller({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert outcome(user, "ListServices") == ("", "")
    credentials = user._request_signer._credentials
    forger = session.client(
        "proton",
        region_name="us-east-1",
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key="guessed",
    )

    assert outcome(forger, "ListServices")[0] == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "MissingAuthenticationTokenException"),
        ("", "MissingAuthenticationTokenException"),
        ("Bearer x", "IncompleteSignatureException"),
        ("AWS4-HMAC-SHA256 Credential=a/b, Signature=", "IncompleteSignatureException"),
        (
            "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/proton/aws4_request, Signature=x",
            "UnrecognizedClientException",
        ),
    ],
)
def test_what_is_no_signature_is_refused(
    proton: Client, authorization: str | None, code: str
) -> None:
    headers = {"X-Amz-Target": "AwsProton20200720.ListServices"}
    if authorization is not None:
        headers["Authorization"] = authorization

    @set_initial_no_auth_action_count(0)
    def ask() -> requests.Response:
        return requests.post(URL, data=b"{}", headers=headers, timeout=60)

    answer = ask()

    assert answer.status_code == 400
    assert answer.json()["__type"] == f"com.amazon.coral.service#{code}"


def test_a_service_name_in_the_signature_does_not_change_the_action(
    caller: Callable[..., Client], outcome: Callable[..., tuple[str, str]]
) -> None:
    user = caller({"Effect": "Allow", "Action": "other:*", "Resource": "*"})

    def sign_for_another(context: Any, **_: Any) -> None:
        context["signing"] = {**context.get("signing", {}), "signing_name": "other"}

    user.meta.events.register("before-parameter-build.proton", sign_for_another)
    try:
        assert outcome(user, "ListServices")[0] == "AccessDeniedException"
    finally:
        user.meta.events.unregister("before-parameter-build.proton", sign_for_another)


@pytest.fixture
def reader(proton: Client, session: boto3.session.Session) -> Iterator[str]:
    """The ARN of a role that may list what Proton has."""
    iam = session.client("iam", region_name="us-east-1")
    trust = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
    role = iam.create_role(
        RoleName="reader",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}),
    )["Role"]
    document = {"Effect": "Allow", "Action": "proton:List*", "Resource": "*"}
    iam.put_role_policy(
        RoleName="reader",
        PolicyName="one",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": document}),
    )
    yield role["Arn"]
    iam.delete_role_policy(RoleName="reader", PolicyName="one")
    iam.delete_role(RoleName="reader")


def test_an_assumed_role_has_the_policies_of_the_role(
    reader: str, session: boto3.session.Session, outcome: Callable[..., tuple[str, str]]
) -> None:
    credentials = session.client("sts", region_name="us-east-1").assume_role(
        RoleArn=reader, RoleSessionName="john"
    )["Credentials"]
    john = session.client(
        "proton",
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )

    assert outcome(john, "ListServices") == ("", "")
    code, message = outcome(john, "GetService", name="shop")
    assert code == "AccessDeniedException"
    assert message.startswith("User: arn:aws:sts::123456789012:assumed-role/reader/john is not")


def test_a_refused_call_changes_nothing(
    caller: Callable[..., Client],
    proton: Client,
    outcome: Callable[..., tuple[str, str]],
) -> None:
    user = caller({"Effect": "Allow", "Action": "proton:Get*", "Resource": "*"})

    assert outcome(user, "CreateEnvironmentTemplate", name="network")[0] == "AccessDeniedException"

    assert proton.list_environment_templates()["templates"] == []
