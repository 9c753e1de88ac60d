"""What the tests of operations share: a client, resources, what a caller can see, refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton import api
from moto_proton.mock import MockProton
from moto_proton.seed import Seed
from tests.support import refusals
from tests.support.clients import Client, client_of
from tests.support.refusals import Refused
from tests.support.worlds import KeptSeed

World: TypeAlias = Callable[[], dict[str, Any]]

SINGLE = {
    "templates": ("name",),
    "environments": ("name",),
    "services": ("name",),
    "serviceInstances": ("serviceName", "name"),
    "components": ("name",),
}


@pytest.fixture(scope="session")
def clients() -> Callable[..., Client]:
    """Makes clients that send what they are given, once: each (region, options) is kept."""
    return lambda region="us-east-1", **options: client_of("proton", region, **options)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let these tests register template versions without a bundle: their rules need none."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.proton(config={"require_bundles": False}))


@pytest.fixture
def proton(clients: Callable[..., Client], proton_mock: MockProton) -> Client:
    """A client in us-east-1, on an account with nothing in it; it does not retry."""
    return clients()


@pytest.fixture
def unchecked(clients: Callable[..., Client], proton_mock: MockProton) -> Client:
    """The same, without botocore's own checks of the parameters."""
    return clients(checked=False)


@pytest.fixture
def seed(proton: Client) -> Seed:
    """Makes worlds."""
    return KeptSeed(proton)


@pytest.fixture
def faults(proton_faults: ModuleType) -> ModuleType:
    """Injects faults."""
    return proton_faults


@pytest.fixture
def world(proton: Client) -> World:
    """Everything that a caller can see, tags and all."""
    return lambda: everything(proton)


@pytest.fixture
def everything_of() -> Callable[[Client], dict[str, Any]]:
    """Everything that a caller can see with some client."""
    return everything


def everything(client: Client) -> dict[str, Any]:
    """Everything that a caller can see of the account and region of a client."""
    seen: dict[str, Any] = {"settings": client.get_account_settings()["accountSettings"]}
    arns: list[str] = []
    for kind in ("environment", "service"):
        for template in getattr(client, f"list_{kind}_templates")()["templates"]:
            name = template["name"]
            arns.append(template["arn"])
            get = getattr(client, f"get_{kind}_template")
            seen[template["arn"]] = get(name=name)[f"{kind}Template"]
            list_versions = getattr(client, f"list_{kind}_template_versions")
            for major in list_versions(templateName=name)["templateVersions"]:
                minors = list_versions(templateName=name, majorVersion=major["majorVersion"])
                for version in minors["templateVersions"]:
                    key = {
                        member: version[member]
                        for member in ("templateName", "majorVersion", "minorVersion")
                    }
                    get_version = getattr(client, f"get_{kind}_template_version")
                    seen[version["arn"]] = get_version(**key)[f"{kind}TemplateVersion"]
                    arns.append(version["arn"])
    for member, noun in (
        ("environments", "environment"),
        ("services", "service"),
        ("serviceInstances", "serviceInstance"),
        ("components", "component"),
    ):
        plural = {"serviceInstances": "service_instances"}.get(member, member)
        singular = {"serviceInstance": "service_instance"}.get(noun, noun)
        for summary in getattr(client, f"list_{plural}")()[member]:
            key = {part: summary[part] for part in SINGLE[member]}
            seen[summary["arn"]] = getattr(client, f"get_{singular}")(**key)[noun]
            if noun in ("service", "serviceInstance"):
                of = {
                    "service": ("serviceName",),
                    "serviceInstance": ("serviceName", noun + "Name"),
                }
                names = dict(zip(of[noun], key.values(), strict=True))
                blockers = client.get_service_sync_blocker_summary(**names)
                seen[f"blockers of {summary['arn']}"] = blockers["serviceSyncBlockerSummary"]
            arns.append(summary["arn"])
    for repository in client.list_repositories()["repositories"]:
        seen[repository["arn"]] = repository
        arns.append(repository["arn"])
        key = {"repositoryName": repository["name"], "repositoryProvider": repository["provider"]}
        for sync_type in ("TEMPLATE_SYNC", "SERVICE_SYNC"):
            definitions = client.list_repository_sync_definitions(**key, syncType=sync_type)
            seen[f"{sync_type} of {repository['arn']}"] = definitions["syncDefinitions"]
    for arn in arns:
        tags = client.list_tags_for_resource(resourceArn=arn)["tags"]
        seen[f"tags of {arn}"] = {tag["key"]: tag["value"] for tag in tags}
    return seen


@pytest.fixture
def refused(proton: Client, unchecked: Client) -> Refused:
    """Makes a call that must be refused: with this code, these words, and without effect.

    Answers with the whole message.
    """
    return lambda code, words, call, /, **members: refusals.refused(
        unchecked, call, code, words, **members
    )


@pytest.fixture
def tags_of(proton: Client) -> Callable[[str], dict[str, str]]:
    """The customer's tags on an ARN."""

    def of(arn: str) -> dict[str, str]:
        tags = proton.list_tags_for_resource(resourceArn=arn)["tags"]
        return {tag["key"]: tag["value"] for tag in tags if not tag["key"].startswith("aws:")}

    return of


@pytest.fixture(scope="session")
def valid_request() -> Callable[[str], dict[str, Any]]:
    """A request that passes the constraints of an operation, whether anything is there or not."""
    return _valid_request


def _valid_request(operation: str) -> dict[str, Any]:
    """A request that passes the constraints; whether anything is there does not matter."""
    fitting: dict[str, Any] = {
        "Arn": "arn:aws:proton:us-east-1:123456789012:service/shop",
        "RepositoryName": "shop/app",
        "FullTemplateVersionNumber": "1.0",
        "TemplateVersionPart": "1",
        "TemplateManifestContents": "x",
        "TemplateFileContents": "x",
        "SpecContents": "x",
        "S3Bucket": "bundles",
        "S3Key": "key",
        "AwsAccountId": "123456789012",
        "DeploymentId": "12345678-1234-1234-1234-123456789012",
        "EnvironmentAccountConnectionId": "12345678-1234-1234-1234-123456789012",
    }

    def value(shape: Any) -> Any:
        if shape.name in fitting:
            return fitting[shape.name]
        if shape.type_name == "structure":
            members = shape.required_members or list(shape.members)[:1]
            return {name: value(shape.members[name]) for name in members}
        if shape.type_name == "list":
            return [value(shape.member)]
        if shape.type_name == "string":
            return shape.enum[0] if shape.enum else "shop"
        return True

    shape: Any = api.service_model().operation_model(operation).input_shape
    return {name: value(shape.members[name]) for name in shape.required_members}
