"""Accounts, regions, mocks, and the objects of caller and store: none affects another."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeAlias

import boto3
import pytest
from moto import mock_aws

from moto_proton import mock_proton
from moto_proton.seed import Seed

Client: TypeAlias = Any
Clients: TypeAlias = Callable[..., Client]
World: TypeAlias = Callable[[], dict[str, Any]]

SPEC = "proton: ServiceSpec\ninstances: [{name: dev, environment: dev}]\n"
NOTHING: dict[str, Any] = {"settings": {}}


def names(client: Client) -> list[str]:
    return [service["name"] for service in client.list_services()["services"]]


def fill(client: Client) -> None:
    """Some of everything."""
    seed = Seed(client)
    seed.service("shop", pipeline=True)
    seed.component("cache", attach_to=("shop", "dev"))
    seed.repository()


@pytest.fixture
def other_account(proton: Client) -> Client:
    """A client in the account 999999999999, by an assumed role."""
    credentials = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn="arn:aws:iam::999999999999:role/other", RoleSessionName="other"
    )["Credentials"]
    return boto3.client(
        "proton",
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


@pytest.mark.rule("2-24")
@pytest.mark.parametrize("region", ["eu-west-1", "us-west-2", "ap-northeast-1"])
def test_a_region_knows_nothing_of_another(
    proton: Client, clients: Clients, everything_of: Callable[[Client], Any], region: str
) -> None:
    fill(proton)
    elsewhere = clients(region)
    assert everything_of(elsewhere) == NOTHING

    fill(elsewhere)

    arn = elsewhere.get_service(name="shop")["service"]["arn"]
    assert arn == f"arn:aws:proton:{region}:123456789012:service/shop"
    before = everything_of(elsewhere)
    proton.update_service(name="shop", description="only here")
    proton.tag_resource(
        resourceArn=arn.replace(region, "us-east-1"), tags=[{"key": "a", "value": "1"}]
    )
    assert everything_of(elsewhere) == before


@pytest.mark.rule("2-24")
def test_an_account_knows_nothing_of_another(
    proton: Client, other_account: Client, everything_of: Callable[[Client], Any]
) -> None:
    fill(proton)
    assert everything_of(other_account) == NOTHING

    fill(other_account)

    service = other_account.get_service(name="shop")["service"]
    assert service["arn"] == "arn:aws:proton:us-east-1:999999999999:service/shop"
    tags = other_account.list_tags_for_resource(resourceArn=service["arn"])["tags"]
    assert {"key": "aws:proton:account", "value": "999999999999"} in tags
    with pytest.raises(other_account.exceptions.ValidationException, match="123456789012"):
        other_account.list_tags_for_resource(
            resourceArn="arn:aws:proton:us-east-1:123456789012:service/shop"
        )
    before = everything_of(proton)
    other_account.update_service(name="shop", description="theirs")
    assert everything_of(proton) == before


@pytest.mark.rule("6.0.1-6")
def test_a_client_token_is_good_in_one_region_only(proton: Client, clients: Clients) -> None:
    request = {
        "templateName": "vpc",
        "source": {"s3": {"bucket": "bundles", "key": "a"}},
        "clientToken": "t",
    }
    for client in (proton, clients("eu-west-1")):
        client.create_environment_template(name="vpc")
        created = client.create_environment_template_version(**request)
        assert created["environmentTemplateVersion"]["majorVersion"] == "1"


@pytest.mark.parametrize(
    ("first", "second"),
    [(mock_proton, mock_proton), (mock_aws, mock_aws), (mock_proton, mock_aws)],
    ids=["mock_proton", "mock_aws", "one after the other"],
)
def test_a_mock_begins_with_nothing(
    clients: Clients,
    everything_of: Callable[[Client], Any],
    first: Callable[[], Any],
    second: Callable[[], Any],
) -> None:
    with first():
        fill(clients())
    with second():
        assert everything_of(clients()) == NOTHING


def test_a_mock_within_a_mock_shares_what_is_there(proton: Client, clients: Clients) -> None:
    Seed(proton).service("shop")
    with mock_proton():
        assert names(clients()) == ["shop"]


def test_a_caller_may_change_what_it_passed(proton: Client, world: World) -> None:
    tags = [{"key": "a", "value": "1"}]
    source = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}
    compatible = [{"templateName": "vpc", "majorVersion": "1"}]
    sources = ["DIRECTLY_DEFINED"]
    branch = {**Seed(proton).repository(), "branch": "main"}
    proton.create_environment_template(name="vpc", tags=tags)
    proton.create_environment_template_version(templateName="vpc", source=source)
    proton.create_service_template(name="web", tags=tags)
    proton.create_service_template_version(
        templateName="web",
        source=source,
        compatibleEnvironmentTemplates=compatible,
        supportedComponentSources=sources,
    )
    proton.update_account_settings(pipelineProvisioningRepository=branch)
    before = world()

    tags[0]["key"] = "changed"
    compatible[0]["templateName"] = "changed"
    sources.append("changed")
    source["s3"]["key"] = "changed"
    branch["branch"] = "changed"
    tags.clear()

    assert world() == before


def test_a_caller_may_change_what_it_got(proton: Client, world: World) -> None:
    fill(proton)
    before = world()
    kept = copy.deepcopy(before)

    for seen in before.values():
        for value in list(seen.values() if isinstance(seen, dict) else seen):
            if isinstance(value, (dict, list)):
                value.clear()
        seen.clear()

    assert world() == kept


def test_an_answer_does_not_change_with_what_it_describes(proton: Client) -> None:
    Seed(proton).service("shop")
    first = proton.get_service(name="shop")["service"]
    kept = copy.deepcopy(first)

    proton.update_service(name="shop", description="new")
    proton.delete_service(name="shop")

    assert first == kept
