"""Quotas: the defaults, what counts towards them, how a test changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from moto_proton import faults, mock_proton
from moto_proton.seed import Seed
from moto_proton.settings.quotas import DEFAULT_QUOTAS

Client: TypeAlias = Any
Clients: TypeAlias = Callable[..., Client]

SQE = "ServiceQuotaExceededException"
VE = "ValidationException"
SOURCE = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}
ROLE = "arn:aws:iam::123456789012:role/proton"
MANIFEST = (
    "infrastructure:\n  templates:\n    - file: a.yaml\n      rendering_engine: jinja\n"
    "      template_language: cloudformation\n"
)


def spec(*names: str) -> str:
    entries = ", ".join(f"{{name: {name}, environment: dev}}" for name in names)
    return f"proton: ServiceSpec\ninstances: [{entries}]\n"


def refused(code: str, words: str, call: Callable[..., Any], **members: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**members)
    error = caught.value.response["Error"]
    assert (error["Code"], words in error["Message"]) == (code, True), error


@pytest.fixture(params=[mock_proton, mock_aws], ids=["mock_proton", "mock_aws"])
def with_quotas(
    request: pytest.FixtureRequest, clients: Clients
) -> Iterator[Callable[..., Client]]:
    """Starts a mock of either kind with these quotas; answers with a client."""
    started: list[AbstractContextManager[Any]] = []

    def start(**quotas: int) -> Client:
        mock = request.param(config={"proton": {"quotas": quotas}})
        mock.__enter__()
        started.append(mock)
        return clients()

    yield start
    for mock in started:
        mock.__exit__(None, None, None)


WithQuotas: TypeAlias = Callable[..., Client]


@pytest.mark.rule("10.1-1", "10.1-2", "10.1-3", "10.1-4", "10.1-5", "10.1-6", "10.1-7")
def test_the_defaults_are_those_of_the_guide() -> None:
    assert dict(DEFAULT_QUOTAS) == {
        "templates": 100,
        "versions_per_template": 500,
        "environments": 100,
        "services": 1000,
        "service_instances_per_service": 20,
        "components": 100,
        "environment_account_connections": 5,
    }


@pytest.mark.rule("6.3-5", "10.1-1")
def test_templates_of_both_kinds_count_together(with_quotas: WithQuotas) -> None:
    client = with_quotas(templates=2)
    client.create_environment_template(name="a")
    client.create_service_template(name="a")

    refused(SQE, "templates", client.create_environment_template, name="b")
    refused(SQE, "2", client.create_service_template, name="b")
    assert client.create_service_template(name="a")["serviceTemplate"]["name"] == "a"
    client.delete_environment_template(name="a")
    assert client.create_service_template(name="b")["serviceTemplate"]["name"] == "b"


@pytest.mark.rule("10.1-2", "10.1-11")
@pytest.mark.parametrize("kind", ["environment", "service"])
def test_failed_versions_count_too(with_quotas: WithQuotas, kind: str) -> None:
    client = with_quotas(versions_per_template=2)
    client.create_environment_template(name="vpc")
    client.create_environment_template_version(templateName="vpc", source=SOURCE)
    getattr(client, f"create_{kind}_template")(name="web")
    more = (
        {"compatibleEnvironmentTemplates": [{"templateName": "vpc", "majorVersion": "1"}]}
        if kind == "service"
        else {}
    )
    faults.fail_deployment(f"{kind}-template/web:1.0")
    create = getattr(client, f"create_{kind}_template_version")
    create(templateName="web", source=SOURCE, **more)
    create(templateName="web", source=SOURCE, majorVersion="1", **more)

    refused(SQE, "versions per template", create, templateName="web", source=SOURCE, **more)
    listed = getattr(client, f"list_{kind}_template_versions")(templateName="web", majorVersion="1")
    assert len(listed["templateVersions"]) == 2


@pytest.mark.rule("6.6-15", "10.1-3")
def test_environments_are_counted(with_quotas: WithQuotas) -> None:
    client = with_quotas(environments=1)
    Seed(client).environment("dev")

    refused(
        SQE,
        "environments",
        client.create_environment,
        name="prod",
        templateName="environment-template",
        templateMajorVersion="1",
        spec="proton: EnvironmentSpec\n",
        protonServiceRoleArn=ROLE,
    )
    assert [each["name"] for each in client.list_environments()["environments"]] == ["dev"]
    client.delete_environment(name="dev")
    assert Seed(client).environment("prod")["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.rule("6.8-7", "10.1-4", "10.1-11")
def test_services_count_until_they_are_gone(
    with_quotas: WithQuotas, hold: Callable[..., None], let_go: Callable[..., None]
) -> None:
    client = with_quotas(services=1)
    Seed(client).service("shop")
    request = {
        "name": "books",
        "templateName": "service-template",
        "templateMajorVersion": "1",
        "spec": spec("dev"),
    }
    refused(SQE, "services", client.create_service, **request)
    hold("service")
    client.delete_service(name="shop")
    refused(SQE, "services", client.create_service, **request)
    let_go("service")

    assert client.create_service(**request)["service"]["name"] == "books"


@pytest.mark.rule("6.8-7", "6.9-4", "10.1-5")
def test_instances_of_a_service_are_counted(with_quotas: WithQuotas) -> None:
    client = with_quotas(service_instances_per_service=2)
    Seed(client).service("shop", instances={"a": "dev", "b": "dev"})
    words = "service instances per service"
    request = {
        "name": "books",
        "templateName": "service-template",
        "templateMajorVersion": "1",
        "spec": spec("a", "b", "c"),
    }

    refused(SQE, words, client.create_service, **request)
    refused(SQE, words, client.update_service, name="shop", spec=spec("a", "b", "c"))
    # This operation has no such exception in its list.
    new = {"serviceName": "shop", "name": "c", "spec": spec("c")}
    refused(VE, "2", client.create_service_instance, **new)
    listed = client.list_service_instances()["serviceInstances"]
    assert [each["name"] for each in listed] == ["a", "b"]
    assert len(client.list_services()["services"]) == 1


@pytest.mark.rule("6.11-15", "10.1-6")
def test_components_are_counted(with_quotas: WithQuotas) -> None:
    client = with_quotas(components=1)
    Seed(client).component("cache")

    refused(
        SQE,
        "components",
        client.create_component,
        name="queue",
        manifest=MANIFEST,
        templateFile="x",
        environmentName="dev",
    )
    assert [each["name"] for each in client.list_components()["components"]] == ["cache"]


@pytest.mark.rule("10.1-5")
def test_twenty_instances_are_the_default(clients: Clients) -> None:
    names = [f"i{number}" for number in range(21)]
    with mock_proton():
        client = clients()
        Seed(client).service("shop", instances=dict.fromkeys(names[:20], "dev"))

        refused(SQE, "20", client.update_service, name="shop", spec=spec(*names))


def test_quotas_end_with_their_mock(with_quotas: WithQuotas, clients: Clients) -> None:
    client = with_quotas(templates=0)
    refused(SQE, "0", client.create_service_template, name="a")
    with mock_proton(config={"proton": {"quotas": {"templates": 1}}}):
        clients().create_service_template(name="a")

    refused(SQE, "0", client.create_service_template, name="b")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        pytest.param({"quota": {}}, "did you mean 'quotas'", id="misspelled part"),
        pytest.param({"quotas": {"service": 1}}, "did you mean 'services'", id="misspelled quota"),
        pytest.param({"quotas": {"services": -1}}, "-1", id="negative"),
        pytest.param({"quotas": {"services": "1"}}, "'1'", id="text"),
        pytest.param({"quotas": {"services": True}}, "True", id="boolean"),
        pytest.param({"quotas": []}, "mapping", id="list"),
        pytest.param([1], "mapping", id="no mapping"),
    ],
)
def test_a_wrong_setting_is_an_error_at_once(config: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mock_proton(config={"proton": config})
