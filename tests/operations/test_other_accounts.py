"""An account that knows all names, ARNs, ids and tokens of another can neither see nor
change it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.exceptions import ClientError

from moto_proton import api
from moto_proton.seed import SERVICE_TEMPLATE, Seed

Client: TypeAlias = Any
Requests: TypeAlias = Callable[[str], dict[str, Any]]

SECRET = "of-the-first-account"
OWNER = "123456789012"
SPEC = "proton: ServiceSpec\ninstances: [{name: dev, environment: dev}]\n"


@pytest.fixture
def account(proton: Client) -> Callable[[str], Client]:
    """A client in another account, by an assumed role."""
    sts = boto3.client("sts", region_name="us-east-1")

    def of(account_id: str) -> Client:
        credentials = sts.assume_role(
            RoleArn=f"arn:aws:iam::{account_id}:role/other", RoleSessionName="other"
        )["Credentials"]
        return boto3.client(
            "proton",
            region_name="us-east-1",
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )

    return of


@pytest.fixture
def known(proton: Client) -> Mapping[str, Any]:
    """Something of everything in the first account; answers with what an attacker may know of it.

    By the names of members; all of it has SECRET somewhere in what can be read.
    """
    seed = Seed(proton)
    tags = [{"key": "note", "value": SECRET}]
    seed.environment("dev", description=SECRET, tags=tags)
    seed.service("shop", pipeline=True, description=SECRET, tags=tags)
    seed.component("cache", attach_to=("shop", "dev"), description=SECRET)
    key = seed.repository(f"{SECRET}/app")
    sync = {"repositoryProvider": "GITHUB", "repositoryName": key["name"], "branch": "main"}
    proton.create_template_sync_config(
        templateName="environment-template", templateType="ENVIRONMENT", **sync
    )
    connection = proton.create_environment_account_connection(
        environmentName=SECRET,
        managementAccountId="111122223333",
        roleArn=f"arn:aws:iam::{OWNER}:role/x",
        clientToken="token",
    )["environmentAccountConnection"]
    deployment = proton.get_environment(name="dev")["environment"]["lastAttemptedDeploymentId"]
    return {
        "name": "shop",
        "serviceName": "shop",
        "serviceInstanceName": "dev",
        "environmentName": "dev",
        "componentName": "cache",
        "templateName": "environment-template",
        "resourceArn": f"arn:aws:proton:us-east-1:{OWNER}:service/shop",
        "provider": "GITHUB",
        "repositoryProvider": "GITHUB",
        "repositoryName": key["name"],
        "id": connection["id"],
        "deploymentId": deployment,
        "clientToken": "token",
    }


NAMES = {
    "EnvironmentTemplate": "environment-template",
    "ServiceTemplate": SERVICE_TEMPLATE,
    "ServiceInstance": "dev",
    "Environment": "dev",
    "Component": "cache",
    "Repository": f"{SECRET}/app",
}


def guess(operation: str, request: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The request with all that is known put in."""
    shape: Any = api.service_model().operation_model(operation).input_shape
    guessed = {name: value for name, value in known.items() if name in shape.members}
    for noun, name in NAMES.items():
        if noun in operation and "name" in guessed:
            guessed["name"] = name
            break
    if operation in ("GetDeployment", "DeleteDeployment"):
        guessed["id"] = known["deploymentId"]
    if operation in ("ListDeployments", "ListComponents"):
        guessed.pop("environmentName")
    return {**request, **guessed}


@pytest.mark.parametrize("operation", sorted(api.operation_names()))
def test_no_operation_reaches_into_another_account(
    proton: Client,
    account: Callable[[str], Client],
    known: Mapping[str, Any],
    valid_request: Requests,
    everything_of: Callable[[Client], dict[str, Any]],
    operation: str,
) -> None:
    other = account("999999999999")
    before = everything_of(proton), proton.get_environment_account_connection(id=known["id"])
    method = next(
        name for name, each in other.meta.method_to_api_mapping.items() if each == operation
    )
    request = guess(operation, valid_request(operation), known)

    try:
        answer = getattr(other, method)(**request)
    except ClientError as error:
        answer = error.response
        assert answer["Error"]["Code"] in (
            "ResourceNotFoundException",
            "ValidationException",
            "ConflictException",
        )
    del answer["ResponseMetadata"]

    for told in (json.dumps(answer, default=str), json.dumps(everything_of(other), default=str)):
        for own in sorted(filter(None, map(str, request.values())), key=len, reverse=True):
            told = told.replace(own, "")
        assert SECRET not in told
        assert OWNER not in told
    after = everything_of(proton), proton.get_environment_account_connection(id=known["id"])
    for seen in (before[1], after[1]):
        seen.pop("ResponseMetadata", None)
    assert after == before


def test_the_page_tokens_of_an_account_are_of_no_use_to_another(
    proton: Client, account: Callable[[str], Client]
) -> None:
    for client in (proton, account("999999999999")):
        for name in ("a", "b"):
            client.create_environment_template(name=name)
    token = proton.list_environment_templates(maxResults=1)["nextToken"]

    other = account("999999999999")
    with pytest.raises(other.exceptions.ValidationException):
        other.list_environment_templates(maxResults=1, nextToken=token)


def test_a_client_token_of_another_account_replays_nothing(
    proton: Client, account: Callable[[str], Client]
) -> None:
    request = {
        "environmentName": "dev",
        "managementAccountId": "111122223333",
        "roleArn": f"arn:aws:iam::{OWNER}:role/x",
        "clientToken": "token",
    }
    first = proton.create_environment_account_connection(**request)
    second = account("999999999999").create_environment_account_connection(**request)

    ours, theirs = (each["environmentAccountConnection"] for each in (first, second))
    assert ours["id"] != theirs["id"]
    assert theirs["environmentAccountId"] == "999999999999"


def test_a_third_account_is_not_told_whose_a_connection_is(
    proton: Client, account: Callable[[str], Client], known: Mapping[str, Any]
) -> None:
    """Not even by the ARN in a refusal of access."""
    from moto_proton.proton.authorization.access import resource_arns
    from moto_proton.proton.backend import proton_backends

    def asked(account_id: str) -> tuple[str, ...]:
        store = proton_backends[account_id]["us-east-1"].store
        return resource_arns(store, "AcceptEnvironmentAccountConnection", {"id": known["id"]})

    path = f"environment-account-connection/{known['id']}"
    assert asked(OWNER) == (f"arn:aws:proton:us-east-1:{OWNER}:{path}",)
    assert asked("111122223333") == (f"arn:aws:proton:us-east-1:{OWNER}:{path}",)
    assert asked("999999999999") == (f"arn:aws:proton:us-east-1:999999999999:{path}",)
