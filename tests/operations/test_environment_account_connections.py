"""Environment account connections, seen from both accounts and from a third one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

import boto3
import pytest
from freezegun import freeze_time

from moto_proton.mock import MockProton, mock_proton
from moto_proton.proton.authorization.access import resource_arns
from moto_proton.proton.backend import proton_backends
from moto_proton.seed import Seed
from tests.support import refusals
from tests.support.clients import client_of_account

Client: TypeAlias = Any
In: TypeAlias = Callable[..., Client]
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
SQE = "ServiceQuotaExceededException"

MANAGEMENT = "111111111111"
ENVIRONMENT = "222222222222"
THIRD = "333333333333"
ACCOUNTS = (MANAGEMENT, ENVIRONMENT, THIRD)
MISSING = "5a1b2c3d-0000-4000-8000-000000000000"
NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)


def role(name: str) -> str:
    return f"arn:aws:iam::{ENVIRONMENT}:role/{name}"


REQUEST = {"managementAccountId": MANAGEMENT, "environmentName": "dev", "roleArn": role("proton")}


@pytest.fixture
def clients_of(proton_mock: MockProton) -> In:
    """Clients of any account and region, as moto tells accounts apart by a header."""

    def of(account: str, region: str = "us-east-1") -> Client:
        return client_of_account(account, region, checked=False)

    return of


@pytest.fixture
def management(clients_of: In) -> Client:
    """The account where environments are managed."""
    return clients_of(MANAGEMENT)


@pytest.fixture
def environment(clients_of: In) -> Client:
    """The account where their infrastructure is."""
    return clients_of(ENVIRONMENT)


@pytest.fixture
def third(clients_of: In) -> Client:
    """An account that has to do with neither."""
    return clients_of(THIRD)


def all_seen(clients_of: In) -> dict[str, Any]:
    """All connections and environments that the three accounts see, with the connections' tags."""
    seen: dict[str, Any] = {}
    for account in ACCOUNTS:
        client = clients_of(account)
        for side in ("ENVIRONMENT_ACCOUNT", "MANAGEMENT_ACCOUNT"):
            listed = client.list_environment_account_connections(requestedBy=side)
            for summary in listed["environmentAccountConnections"]:
                seen[f"{account} {side} {summary['id']}"] = got(client, summary["id"])
                if side == "ENVIRONMENT_ACCOUNT":
                    tags = client.list_tags_for_resource(resourceArn=summary["arn"])["tags"]
                    seen[f"{account} tags {summary['id']}"] = tags
        for summary in client.list_environments()["environments"]:
            name = summary["name"]
            seen[f"{account} {name}"] = client.get_environment(name=name)["environment"]
    return seen


@pytest.fixture
def refused(proton_mock: MockProton) -> Refused:
    """Makes a call that must be refused: with this code, these words, and without effect."""
    return lambda client, code, words, call, /, **members: refusals.refused(
        client, call, code, words, **members
    )


def created(client: Client, **members: Any) -> dict[str, Any]:
    request = {name: value for name, value in {**REQUEST, **members}.items() if value is not None}
    answer = client.create_environment_account_connection(**request)
    return dict(answer["environmentAccountConnection"])


def got(client: Client, connection_id: str) -> dict[str, Any]:
    answer = client.get_environment_account_connection(id=connection_id)
    return dict(answer["environmentAccountConnection"])


def accepted(client: Client, connection_id: str) -> dict[str, Any]:
    answer = client.accept_environment_account_connection(id=connection_id)
    return dict(answer["environmentAccountConnection"])


def rejected(client: Client, connection_id: str) -> dict[str, Any]:
    answer = client.reject_environment_account_connection(id=connection_id)
    return dict(answer["environmentAccountConnection"])


def listed(client: Client, side: str, **filters: Any) -> list[dict[str, Any]]:
    pages = client.get_paginator("list_environment_account_connections").paginate(
        requestedBy=side, **filters
    )
    return [item for page in pages for item in page["environmentAccountConnections"]]


# --- CreateEnvironmentAccountConnection ---------------------------------------------------------


@pytest.mark.rule("3.5-1", "6.7-3", "6.7-4")
@freeze_time(NOON)
def test_a_new_connection_waits_for_its_management_account(environment: Client) -> None:
    roles = {"componentRoleArn": role("components"), "codebuildRoleArn": role("builds")}

    connection = created(environment, **roles)

    assert connection == {
        **REQUEST,
        **roles,
        "id": connection["id"],
        "arn": f"arn:aws:proton:us-east-1:{ENVIRONMENT}:environment-account-connection/"
        + connection["id"],
        "environmentAccountId": ENVIRONMENT,
        "status": "PENDING",
        "requestedAt": NOON,
        "lastModifiedAt": NOON,
    }
    assert got(environment, connection["id"]) == connection


@pytest.mark.rule("6.7-5", "6.7-23")
def test_a_role_for_builds_alone_is_enough(environment: Client) -> None:
    """The output has a roleArn only where one was given."""
    connection = created(environment, roleArn=None, codebuildRoleArn=role("builds"))

    assert connection["codebuildRoleArn"] == role("builds")
    assert "roleArn" not in connection


@pytest.mark.rule("6.7-5", "6.7-9")
@pytest.mark.parametrize(
    ("words", "members"),
    [
        pytest.param("roleArn or a codebuildRoleArn", {"roleArn": None}, id="no role"),
        pytest.param(
            "roleArn or a codebuildRoleArn",
            {"roleArn": None, "componentRoleArn": role("components")},
            id="role for components alone",
        ),
        pytest.param(ENVIRONMENT, {"managementAccountId": ENVIRONMENT}, id="own account"),
        pytest.param("'managementAccountId'", {"managementAccountId": "1"}, id="short account"),
        pytest.param("'managementAccountId'", {"managementAccountId": None}, id="no account"),
        pytest.param("'environmentName'", {"environmentName": "a.b"}, id="environment's name"),
        pytest.param("'environmentName'", {"environmentName": None}, id="no environment"),
        pytest.param("'roleArn'", {"roleArn": "proton"}, id="role that is none"),
        pytest.param("'clientToken'", {"clientToken": "t" * 65}, id="long token"),
        pytest.param("aws:x", {"tags": [{"key": "aws:x", "value": ""}]}, id="reserved tag"),
    ],
)
def test_a_connection_is_refused(
    environment: Client, refused: Refused, words: str, members: dict[str, Any]
) -> None:
    request = {name: value for name, value in {**REQUEST, **members}.items() if value is not None}

    refused(environment, VE, words, "create_environment_account_connection", **request)


@pytest.mark.rule("6.7-8")
@pytest.mark.parametrize("accept", [False, True], ids=["pending", "connected"])
def test_a_second_connection_for_the_same_environment_is_a_conflict(
    environment: Client, management: Client, refused: Refused, accept: bool
) -> None:
    first = created(environment)
    if accept:
        accepted(management, first["id"])

    refused(environment, CE, first["id"], "create_environment_account_connection", **REQUEST)
    created(environment, environmentName="prod")
    created(environment, managementAccountId=THIRD)


def test_a_rejected_connection_makes_room_for_another(
    environment: Client, management: Client
) -> None:
    first = created(environment)
    rejected(management, first["id"])

    assert created(environment)["id"] != first["id"]


@pytest.mark.rule("6.7-7", "10.1-7")
def test_five_connections_are_enough(environment: Client, clients_of: In, refused: Refused) -> None:
    """Per environment account and region."""
    connections = [created(environment, environmentName=f"env-{n}") for n in range(5)]

    refused(environment, SQE, "is 5", "create_environment_account_connection", **REQUEST)
    created(clients_of(ENVIRONMENT, "eu-west-1"))
    created(clients_of(THIRD))
    environment.delete_environment_account_connection(id=connections[0]["id"])
    created(environment)


def test_the_quota_is_the_one_that_is_set(environment: Client, refused: Refused) -> None:
    with mock_proton(config={"proton": {"quotas": {"environment_account_connections": 1}}}):
        created(environment)
        refused(
            environment,
            SQE,
            "is 1",
            "create_environment_account_connection",
            **{**REQUEST, "environmentName": "prod"},
        )


# --- client tokens ------------------------------------------------------------------------------


@pytest.mark.rule("6.0.1-1")
def test_a_repeat_with_the_token_answers_with_the_first_as_it_is_now(
    environment: Client, management: Client
) -> None:
    tags = [{"key": "team", "value": "web"}]
    first = created(environment, clientToken="t", tags=tags)
    accepted(management, first["id"])

    again = created(environment, clientToken="t", tags=tags)

    assert again == {**got(environment, first["id"]), "status": "CONNECTED"}
    assert len(listed(environment, "ENVIRONMENT_ACCOUNT")) == 1


@pytest.mark.rule("6.0.1-2")
def test_the_token_with_other_parameters_is_refused(environment: Client, refused: Refused) -> None:
    created(environment, clientToken="t")

    other = {**REQUEST, "environmentName": "prod", "clientToken": "t"}
    refused(
        environment,
        VE,
        "Idempotent parameter mismatch",
        "create_environment_account_connection",
        **other,
    )


@pytest.mark.rule("6.0.1-6")
def test_a_token_is_of_one_account(environment: Client, third: Client) -> None:
    first = created(environment, clientToken="t")

    assert created(third, clientToken="t")["id"] != first["id"]


@pytest.mark.rule("6.0.1-4")
def test_the_token_of_a_connection_that_is_gone_makes_a_new_one(environment: Client) -> None:
    first = created(environment, clientToken="t")
    environment.delete_environment_account_connection(id=first["id"])

    assert created(environment, clientToken="t")["id"] != first["id"]


@pytest.mark.rule("6.0.1-3")
def test_a_token_lasts_eight_hours(environment: Client, refused: Refused) -> None:
    with freeze_time(NOON) as clock:
        first = created(environment, clientToken="t")
        clock.tick(timedelta(hours=8))

        # A new connection, then: and that is one too many for the environment.
        again = {**REQUEST, "clientToken": "t"}
        refused(environment, CE, first["id"], "create_environment_account_connection", **again)


# --- who sees what ------------------------------------------------------------------------------


@pytest.mark.rule("6.7-2", "6.7-19")
def test_both_accounts_see_a_connection(environment: Client, management: Client) -> None:
    connection = created(environment)

    assert got(management, connection["id"]) == connection
    assert [each["id"] for each in listed(management, "MANAGEMENT_ACCOUNT")] == [connection["id"]]
    assert [each["id"] for each in listed(environment, "ENVIRONMENT_ACCOUNT")] == [connection["id"]]
    assert listed(management, "ENVIRONMENT_ACCOUNT") == []
    assert listed(environment, "MANAGEMENT_ACCOUNT") == []


@pytest.mark.rule("6.7-19")
@pytest.mark.parametrize(
    ("account", "region"),
    [(THIRD, "us-east-1"), (ENVIRONMENT, "eu-west-1"), (MANAGEMENT, "eu-west-1")],
)
def test_nobody_else_sees_it(
    environment: Client, clients_of: In, refused: Refused, account: str, region: str
) -> None:
    connection = created(environment)
    other = clients_of(account, region)

    refused(other, RNF, connection["id"], "get_environment_account_connection", id=connection["id"])
    assert listed(other, "MANAGEMENT_ACCOUNT") == []
    assert listed(other, "ENVIRONMENT_ACCOUNT") == []


@pytest.mark.rule("6.7-14", "6.7-16")
@pytest.mark.parametrize(
    ("call", "account"),
    [
        ("accept", ENVIRONMENT),
        ("accept", THIRD),
        ("reject", ENVIRONMENT),
        ("reject", THIRD),
        ("update", MANAGEMENT),
        ("update", THIRD),
        ("delete", MANAGEMENT),
    ],
)
def test_each_account_does_only_its_side(
    environment: Client, clients_of: In, refused: Refused, call: str, account: str
) -> None:
    connection_id = created(environment)["id"]

    operation = f"{call}_environment_account_connection"
    refused(clients_of(account), RNF, connection_id, operation, id=connection_id)


@pytest.mark.parametrize("call", ["get", "update", "accept", "reject"])
def test_a_connection_that_is_not_there_is_not_found(
    environment: Client, refused: Refused, call: str
) -> None:
    refused(environment, RNF, MISSING, f"{call}_environment_account_connection", id=MISSING)


@pytest.mark.parametrize("call", ["get", "update", "accept", "reject", "delete"])
@pytest.mark.parametrize("id", [MISSING.upper(), "dev", None], ids=["upper case", "name", "none"])
def test_an_id_is_a_uuid_in_lower_case(
    environment: Client, refused: Refused, call: str, id: str | None
) -> None:
    members = {} if id is None else {"id": id}
    refused(environment, VE, "'id'", f"{call}_environment_account_connection", **members)


# --- ListEnvironmentAccountConnections ----------------------------------------------------------


@pytest.mark.rule("6.7-21")
def test_a_list_lacks_the_role_for_builds(environment: Client) -> None:
    connection = created(
        environment, componentRoleArn=role("components"), codebuildRoleArn=role("builds")
    )

    (summary,) = listed(environment, "ENVIRONMENT_ACCOUNT")

    assert summary == {
        name: value for name, value in connection.items() if name != "codebuildRoleArn"
    }


@pytest.fixture
def four(environment: Client, management: Client, third: Client) -> None:
    """Connections of two accounts: ``dev`` and ``prod`` of one, ``dev`` and ``qa`` of the other."""
    with freeze_time(NOON) as clock:
        for client, name in (
            (environment, "dev"),
            (environment, "prod"),
            (third, "dev"),
            (third, "qa"),
        ):
            connection = created(client, environmentName=name)
            clock.tick(timedelta(seconds=1))
            if name == "dev":
                accepted(management, connection["id"])
            if name == "qa":
                rejected(management, connection["id"])


@pytest.mark.rule("6.7-20")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({}, ["qa 3", "dev 3", "prod 2", "dev 2"], id="all, newest first"),
        pytest.param({"environmentName": "dev"}, ["dev 3", "dev 2"], id="name"),
        pytest.param({"environmentName": "de"}, [], id="part of a name"),
        pytest.param({"statuses": ["PENDING"]}, ["prod 2"], id="status"),
        pytest.param({"statuses": ["REJECTED", "PENDING"]}, ["qa 3", "prod 2"], id="statuses"),
        pytest.param({"statuses": []}, ["qa 3", "dev 3", "prod 2", "dev 2"], id="no status"),
        pytest.param({"environmentName": "dev", "statuses": ["PENDING"]}, [], id="both"),
    ],
)
@pytest.mark.usefixtures("four")
def test_a_list_is_filtered(
    management: Client, filters: dict[str, Any], expected: list[str]
) -> None:
    found = listed(management, "MANAGEMENT_ACCOUNT", **filters)

    names = [f"{each['environmentName']} {each['environmentAccountId'][0]}" for each in found]
    assert names == expected


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.usefixtures("four")
def test_a_list_comes_in_pages(management: Client, size: int) -> None:
    whole = listed(management, "MANAGEMENT_ACCOUNT")

    paged = listed(management, "MANAGEMENT_ACCOUNT", PaginationConfig={"PageSize": size})

    assert len(whole) == 4
    assert paged == whole


@pytest.mark.usefixtures("four")
def test_a_page_goes_on_when_its_last_connection_is_gone(
    environment: Client, third: Client, management: Client
) -> None:
    first = management.list_environment_account_connections(
        requestedBy="MANAGEMENT_ACCOUNT", maxResults=2
    )
    third.delete_environment_account_connection(id=first["environmentAccountConnections"][1]["id"])

    rest = management.list_environment_account_connections(
        requestedBy="MANAGEMENT_ACCOUNT", nextToken=first["nextToken"]
    )["environmentAccountConnections"]

    assert [each["environmentName"] for each in rest] == ["prod", "dev"]


@pytest.mark.parametrize(
    ("words", "members"),
    [
        pytest.param("'requestedBy'", {"requestedBy": None}, id="no side"),
        pytest.param("'requestedBy'", {"requestedBy": "ME"}, id="unknown side"),
        pytest.param("'maxResults'", {"maxResults": 0}, id="no results"),
        pytest.param("'maxResults'", {"maxResults": 101}, id="too many results"),
        pytest.param("'statuses", {"statuses": ["OPEN"]}, id="unknown status"),
        pytest.param("'environmentName'", {"environmentName": ""}, id="empty name"),
        pytest.param("oken", {"nextToken": "bm9uZSBvZiBvdXJz"}, id="foreign token"),
    ],
)
def test_a_list_is_refused(
    management: Client, refused: Refused, words: str, members: dict[str, Any]
) -> None:
    request = {"requestedBy": "MANAGEMENT_ACCOUNT", **members}
    request = {name: value for name, value in request.items() if value is not None}

    refused(management, VE, words, "list_environment_account_connections", **request)


@pytest.mark.usefixtures("four")
def test_a_token_is_of_one_list(management: Client, refused: Refused) -> None:
    token = management.list_environment_account_connections(
        requestedBy="MANAGEMENT_ACCOUNT", maxResults=1
    )["nextToken"]

    other = {"requestedBy": "MANAGEMENT_ACCOUNT", "statuses": ["PENDING"], "nextToken": token}
    refused(management, VE, "oken", "list_environment_account_connections", **other)


# --- Accept, reject -----------------------------------------------------------------------------


@pytest.mark.rule("3.5-2", "3.5-3", "6.7-10", "6.7-11")
@pytest.mark.parametrize(
    ("act", "status"), [(accepted, "CONNECTED"), (rejected, "REJECTED")], ids=["accept", "reject"]
)
def test_the_management_account_decides_and_a_repeat_changes_nothing(
    environment: Client,
    management: Client,
    act: Callable[[Client, str], dict[str, Any]],
    status: str,
) -> None:
    with freeze_time(NOON) as clock:
        connection = created(environment)
        clock.tick(timedelta(minutes=1))
        decided = act(management, connection["id"])
        clock.tick(timedelta(minutes=1))
        again = act(management, connection["id"])

    later = NOON + timedelta(minutes=1)
    assert decided == {**connection, "status": status, "lastModifiedAt": later}
    assert again == decided
    assert got(environment, connection["id"]) == decided


@pytest.mark.rule("3.5-4")
def test_a_connection_that_nothing_uses_can_still_be_rejected(
    environment: Client, management: Client
) -> None:
    connection = created(environment)
    accepted(management, connection["id"])

    assert rejected(management, connection["id"])["status"] == "REJECTED"


@pytest.mark.rule("6.7-12")
def test_a_rejected_connection_stays_rejected(
    environment: Client, management: Client, refused: Refused
) -> None:
    connection_id = created(environment)["id"]
    rejected(management, connection_id)

    refused(management, CE, "rejected", "accept_environment_account_connection", id=connection_id)


# --- UpdateEnvironmentAccountConnection ---------------------------------------------------------


@pytest.mark.rule("6.7-15", "6.7-16")
@pytest.mark.parametrize("member", ["roleArn", "componentRoleArn", "codebuildRoleArn"])
def test_an_update_gives_a_new_role_and_keeps_the_status(
    environment: Client, management: Client, member: str
) -> None:
    with freeze_time(NOON) as clock:
        connection = accepted(management, created(environment)["id"])
        clock.tick(timedelta(minutes=1))

        updated = environment.update_environment_account_connection(
            id=connection["id"], **{member: role("new")}
        )["environmentAccountConnection"]

    later = NOON + timedelta(minutes=1)
    assert updated == {**connection, member: role("new"), "lastModifiedAt": later}
    assert got(management, connection["id"]) == updated


@pytest.mark.rule("6.7-24")
def test_an_update_with_nothing_changes_nothing(environment: Client) -> None:
    connection = created(environment)

    updated = environment.update_environment_account_connection(id=connection["id"])

    assert updated["environmentAccountConnection"] == connection


def test_an_update_with_a_role_that_is_none_is_refused(
    environment: Client, refused: Refused
) -> None:
    connection_id = created(environment)["id"]

    refused(
        environment,
        VE,
        "'componentRoleArn'",
        "update_environment_account_connection",
        id=connection_id,
        componentRoleArn="role",
    )


# --- DeleteEnvironmentAccountConnection ---------------------------------------------------------


@pytest.mark.rule("3.5-5", "3.7-17", "6.0.3-1")
@pytest.mark.parametrize("act", [got, accepted, rejected], ids=["PENDING", "CONNECTED", "REJECTED"])
def test_a_delete_answers_with_the_last_status_and_a_repeat_with_nothing(
    environment: Client,
    management: Client,
    refused: Refused,
    act: Callable[[Client, str], dict[str, Any]],
) -> None:
    connection = act(management, created(environment)["id"])
    key = {"id": connection["id"]}

    deleted = environment.delete_environment_account_connection(**key)
    again = environment.delete_environment_account_connection(**key)

    assert deleted["environmentAccountConnection"] == connection
    assert "environmentAccountConnection" not in again
    refused(management, RNF, key["id"], "get_environment_account_connection", **key)
    assert listed(management, "MANAGEMENT_ACCOUNT") == []
    assert listed(environment, "ENVIRONMENT_ACCOUNT") == []


@pytest.mark.rule("6.7-25")
def test_a_strangers_delete_is_that_of_something_that_is_not_there(
    environment: Client, third: Client
) -> None:
    """The answer tells as little as that for an unknown id."""
    connection = created(environment)

    answer = third.delete_environment_account_connection(id=connection["id"])

    assert "environmentAccountConnection" not in answer
    assert got(environment, connection["id"]) == connection


def test_nothing_of_it_is_left_in_the_next_mock(clients_of: In, proton_mock: MockProton) -> None:
    connection = created(clients_of(ENVIRONMENT))
    accepted(clients_of(MANAGEMENT), connection["id"])

    proton_mock.reset()

    assert all_seen(clients_of) == {}


# --- tags ---------------------------------------------------------------------------------------


@pytest.mark.rule("6.7-22", "10.2-8")
def test_a_connection_has_the_customers_tags_and_none_of_protons(environment: Client) -> None:
    arn = created(environment, tags=[{"key": "team", "value": "web"}])["arn"]
    environment.tag_resource(resourceArn=arn, tags=[{"key": "cost", "value": "1"}])
    environment.untag_resource(resourceArn=arn, tagKeys=["team"])

    tags = environment.list_tags_for_resource(resourceArn=arn)["tags"]

    assert tags == [{"key": "cost", "value": "1"}]


@pytest.mark.rule("6.7-26")
def test_tags_belong_to_the_environment_account(
    environment: Client, management: Client, refused: Refused
) -> None:
    """The ARN is one of that account."""
    arn = created(environment)["arn"]

    tags = [{"key": "cost", "value": "1"}]
    refused(management, VE, arn, "tag_resource", resourceArn=arn, tags=tags)


def test_the_tags_of_a_connection_that_is_not_there_are_not_found(
    environment: Client, refused: Refused
) -> None:
    arn = f"arn:aws:proton:us-east-1:{ENVIRONMENT}:environment-account-connection/{MISSING}"

    refused(environment, RNF, MISSING, "list_tags_for_resource", resourceArn=arn)


# --- environments in another account ------------------------------------------------------------

SPEC = "proton: EnvironmentSpec\nspec: {}\n"
TEMPLATE = {"templateName": "environment-template", "templateMajorVersion": "1"}


@pytest.fixture
def connection(environment: Client, management: Client) -> dict[str, Any]:
    """A connection for the environment ``dev``, accepted; and a template to make it from."""
    Seed(management).environment_template()
    return accepted(management, created(environment)["id"])


@pytest.fixture
def dev(management: Client, connection: dict[str, Any]) -> dict[str, Any]:
    """The environment ``dev`` in the environment account."""
    in_other_account(management, connection["id"])
    return dict(management.get_environment(name="dev")["environment"])


def in_other_account(client: Client, connection_id: str, name: str = "dev") -> dict[str, Any]:
    answer = client.create_environment(
        name=name, spec=SPEC, environmentAccountConnectionId=connection_id, **TEMPLATE
    )
    return dict(answer["environment"])


@pytest.mark.rule("6.6-3", "6.6-12")
def test_an_environment_in_another_account_names_its_connection_and_account(
    management: Client, connection: dict[str, Any]
) -> None:
    shown = in_other_account(management, connection["id"])

    assert shown["deploymentStatus"] == "IN_PROGRESS"
    after = management.get_environment(name="dev")["environment"]
    (summary,) = management.list_environments()["environments"]
    for each in (shown, after, summary):
        assert each["environmentAccountConnectionId"] == connection["id"]
        assert each["environmentAccountId"] == ENVIRONMENT
        assert each["arn"] == f"arn:aws:proton:us-east-1:{MANAGEMENT}:environment/dev"
        assert "protonServiceRoleArn" not in each
    assert after["deploymentStatus"] == "SUCCEEDED"


def test_a_repeated_create_answers_with_the_environment(
    management: Client, dev: dict[str, Any]
) -> None:
    again = in_other_account(management, dev["environmentAccountConnectionId"])

    # The answers of CreateEnvironment leave the spec out (Rule 3.7-9).
    assert again == {name: value for name, value in dev.items() if name != "spec"}


@pytest.mark.rule("6.6-11")
@pytest.mark.parametrize("status", ["PENDING", "REJECTED"])
def test_a_connection_that_is_not_connected_serves_no_environment(
    environment: Client, management: Client, refused: Refused, status: str
) -> None:
    Seed(management).environment_template()
    connection_id = created(environment)["id"]
    if status == "REJECTED":
        rejected(management, connection_id)

    request = {"name": "dev", "spec": SPEC, "environmentAccountConnectionId": connection_id}
    refused(management, CE, status, "create_environment", **request, **TEMPLATE)


@pytest.mark.rule("6.6-11")
@pytest.mark.parametrize(
    ("account", "name", "words"),
    [
        pytest.param(MANAGEMENT, "prod", "for the environment dev", id="other name"),
        pytest.param(ENVIRONMENT, "dev", "not addressed to the account", id="environment account"),
        pytest.param(THIRD, "dev", "not addressed to the account", id="third account"),
    ],
)
def test_a_connection_serves_the_environment_that_it_names(
    clients_of: In,
    refused: Refused,
    connection: dict[str, Any],
    account: str,
    name: str,
    words: str,
) -> None:
    client = clients_of(account)
    Seed(client).environment_template()

    request = {"name": name, "spec": SPEC, "environmentAccountConnectionId": connection["id"]}
    refused(client, VE, words, "create_environment", **request, **TEMPLATE)


def test_a_connection_serves_its_region_only(
    clients_of: In, refused: Refused, connection: dict[str, Any]
) -> None:
    client = clients_of(MANAGEMENT, "eu-west-1")
    Seed(client).environment_template()

    request = {"name": "dev", "spec": SPEC, "environmentAccountConnectionId": connection["id"]}
    refused(client, RNF, connection["id"], "create_environment", **request, **TEMPLATE)


@pytest.mark.rule("3.3-13", "6.7-13")
def test_a_connection_in_use_can_not_be_rejected(
    management: Client, refused: Refused, dev: dict[str, Any]
) -> None:
    refused(
        management,
        CE,
        "environment dev",
        "reject_environment_account_connection",
        id=dev["environmentAccountConnectionId"],
    )


@pytest.mark.rule("6.6-36")
def test_the_deletion_of_an_environment_releases_its_connection(
    management: Client, dev: dict[str, Any]
) -> None:
    management.delete_environment(name="dev")

    connection_id = dev["environmentAccountConnectionId"]
    in_other_account(management, connection_id)
    management.delete_environment(name="dev")
    assert rejected(management, connection_id)["status"] == "REJECTED"


def test_an_environment_that_is_being_deleted_still_uses_its_connection(
    management: Client, refused: Refused, dev: dict[str, Any], hold: Callable[..., None]
) -> None:
    hold("environment")
    management.delete_environment(name="dev")

    refused(
        management,
        CE,
        "environment dev",
        "reject_environment_account_connection",
        id=dev["environmentAccountConnectionId"],
    )


@pytest.mark.parametrize("kind", ["NONE", "CURRENT_VERSION"])
def test_an_update_keeps_the_connection(management: Client, dev: dict[str, Any], kind: str) -> None:
    management.update_environment(name="dev", deploymentType=kind, description="new")

    after = management.get_environment(name="dev")["environment"]
    assert after["description"] == "new"
    assert after["environmentAccountConnectionId"] == dev["environmentAccountConnectionId"]
    assert after["environmentAccountId"] == ENVIRONMENT


@pytest.mark.rule("6.6-28", "6.6-30", "6.6-42")
@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"protonServiceRoleArn": role("proton")}, id="role"),
        pytest.param(
            {"provisioningRepository": {"provider": "GITHUB", "name": "a/b", "branch": "main"}},
            id="repository",
        ),
    ],
)
def test_an_environment_in_another_account_takes_no_other_provisioning(
    management: Client, refused: Refused, dev: dict[str, Any], members: dict[str, Any]
) -> None:
    request = {"name": "dev", "deploymentType": "NONE", **members}
    refused(management, VE, next(iter(members)), "update_environment", **request)


@pytest.mark.rule("6.6-29")
def test_an_environment_of_this_account_takes_no_connection(
    management: Client, connection: dict[str, Any], refused: Refused
) -> None:
    Seed(management).environment("dev")

    refused(
        management,
        VE,
        "environmentAccountConnectionId can't be given",
        "update_environment",
        name="dev",
        deploymentType="NONE",
        environmentAccountConnectionId=connection["id"],
    )


# --- when its connection is gone ----------------------------------------------------------------


@pytest.fixture
def orphan(environment: Client, dev: dict[str, Any]) -> dict[str, Any]:
    """The environment ``dev``, after the environment account deleted its connection."""
    environment.delete_environment_account_connection(id=dev["environmentAccountConnectionId"])
    return dev


@pytest.mark.rule("6.7-17")
def test_a_connection_in_use_can_be_deleted(management: Client, orphan: dict[str, Any]) -> None:
    """The environment stays as it was."""
    assert management.get_environment(name="dev")["environment"] == orphan


@pytest.mark.rule("6.7-17")
@pytest.mark.parametrize("kind", ["CURRENT_VERSION", "MINOR_VERSION", "MAJOR_VERSION"])
def test_without_its_connection_an_environment_is_not_deployed(
    management: Client, refused: Refused, orphan: dict[str, Any], kind: str
) -> None:
    refused(
        management,
        CE,
        orphan["environmentAccountConnectionId"],
        "update_environment",
        name="dev",
        deploymentType=kind,
        spec=SPEC,
    )


@pytest.mark.usefixtures("orphan")
def test_without_its_connection_an_environment_can_be_described(management: Client) -> None:
    management.update_environment(name="dev", deploymentType="NONE", description="waits")

    assert management.get_environment(name="dev")["environment"]["description"] == "waits"


@pytest.mark.rule("3.3-20")
@pytest.mark.usefixtures("orphan")
def test_without_its_connection_an_environment_takes_nothing_in(
    management: Client, refused: Refused
) -> None:
    Seed(management).service_template()
    words = "was deleted"

    refused(
        management,
        CE,
        words,
        "create_service",
        name="shop",
        templateName="service-template",
        templateMajorVersion="1",
        spec=Seed.service_spec({"web": "dev"}),
    )
    refused(
        management,
        CE,
        words,
        "create_component",
        name="cache",
        environmentName="dev",
        manifest=MANIFEST,
        templateFile="Resources: {}\n",
    )


@pytest.mark.rule("12-30")
def test_without_its_connection_an_environment_can_be_deleted(
    management: Client, orphan: dict[str, Any]
) -> None:
    """A choice of ours: nobody says what becomes of it."""
    management.delete_environment(name="dev")

    assert management.list_environments()["environments"] == []


@pytest.mark.rule("6.7-17")
@pytest.mark.parametrize("kind", ["NONE", "CURRENT_VERSION"])
def test_a_new_connection_of_the_same_account_takes_over(
    environment: Client, management: Client, orphan: dict[str, Any], kind: str
) -> None:
    new = accepted(management, created(environment)["id"])

    management.update_environment(
        name="dev", deploymentType=kind, environmentAccountConnectionId=new["id"]
    )

    management.update_environment(name="dev", deploymentType="CURRENT_VERSION")
    after = management.get_environment(name="dev")["environment"]
    assert after["environmentAccountConnectionId"] == new["id"]
    assert after["environmentAccountId"] == ENVIRONMENT
    assert after["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.rule("6.6-28")
def test_a_new_connection_of_another_account_is_refused(
    third: Client, management: Client, orphan: dict[str, Any], refused: Refused
) -> None:
    other = accepted(management, created(third)["id"])

    refused(management, VE, THIRD, "update_environment", **update_to(other["id"]))


def test_a_new_connection_has_to_be_accepted_first(
    environment: Client, management: Client, orphan: dict[str, Any], refused: Refused
) -> None:
    new = created(environment)

    refused(management, CE, "PENDING", "update_environment", **update_to(new["id"]))


def test_a_new_connection_has_to_name_the_environment(
    environment: Client, management: Client, orphan: dict[str, Any], refused: Refused
) -> None:
    other = accepted(management, created(environment, environmentName="prod")["id"])

    refused(management, VE, "prod", "update_environment", **update_to(other["id"]))


def test_the_connection_that_is_gone_is_not_found(
    management: Client, orphan: dict[str, Any], refused: Refused
) -> None:
    old = orphan["environmentAccountConnectionId"]

    refused(management, RNF, old, "update_environment", **update_to(old))


def update_to(connection_id: str) -> dict[str, str]:
    return {
        "name": "dev",
        "deploymentType": "CURRENT_VERSION",
        "environmentAccountConnectionId": connection_id,
    }


# --- components in another account --------------------------------------------------------------

MANIFEST = """\
infrastructure:
  templates:
    - file: cloudformation.yaml
      rendering_engine: jinja
      template_language: cloudformation
"""


@pytest.mark.rule("6.11-35")
@pytest.mark.usefixtures("dev")
def test_components_need_a_role_on_the_connection(
    environment: Client, management: Client, connection: dict[str, Any], refused: Refused
) -> None:
    request = {
        "name": "cache",
        "environmentName": "dev",
        "manifest": MANIFEST,
        "templateFile": "Resources: {}\n",
    }
    management.update_environment(
        name="dev", deploymentType="NONE", componentRoleArn=role("components")
    )
    refused(management, VE, "componentRoleArn", "create_component", **request)
    environment.update_environment_account_connection(
        id=connection["id"], componentRoleArn=role("components")
    )

    management.create_component(**request)

    component = management.get_component(name="cache")["component"]
    assert component["deploymentStatus"] == "SUCCEEDED"


# --- access --------------------------------------------------------------------------------------


@pytest.mark.rule("10.4-1", "2-13")
@pytest.mark.parametrize("verb", ["Get", "Accept", "Reject", "Update", "Delete"])
def test_either_account_asks_access_to_the_owners_arn(environment: Client, verb: str) -> None:
    connection = created(environment)

    for account in (ENVIRONMENT, MANAGEMENT):
        store = proton_backends[account]["us-east-1"].store
        operation = f"{verb}EnvironmentAccountConnection"
        arns = resource_arns(store, operation, {"id": connection["id"]})
        assert arns == (connection["arn"],)


# --- accounts as users tell them apart -----------------------------------------------------------


@pytest.mark.usefixtures("proton_mock")
def test_the_accounts_may_be_those_of_assumed_roles() -> None:
    def client_of(account: str) -> Client:
        sts = boto3.client("sts", "us-east-1")
        answer = sts.assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/admin", RoleSessionName="admin"
        )["Credentials"]
        return boto3.client(
            "proton",
            region_name="us-east-1",
            aws_access_key_id=answer["AccessKeyId"],
            aws_secret_access_key=answer["SecretAccessKey"],
            aws_session_token=answer["SessionToken"],
        )

    connection = created(client_of(ENVIRONMENT))

    assert connection["environmentAccountId"] == ENVIRONMENT
    assert accepted(client_of(MANAGEMENT), connection["id"])["status"] == "CONNECTED"
