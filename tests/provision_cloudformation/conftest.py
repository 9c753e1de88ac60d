"""A mock, a stack's place and clients for the tests of the provisioner that makes real stacks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision.provisioner import StackPlace

TAGS = {
    "proton:account": "123456789012",
    "proton:template": "simple-env",
    "proton:environment": "front",
}


@pytest.fixture
def mocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def provisioner(mocked: None) -> StackProvisioner:
    return StackProvisioner()


@pytest.fixture
def strict(mocked: None) -> StackProvisioner:
    """The provisioner that fails a deployment with something that moto can't make."""
    return StackProvisioner(strict=True)


@pytest.fixture
def tags() -> dict[str, str]:
    return dict(TAGS)


@pytest.fixture
def place_of() -> Callable[..., StackPlace]:
    def place_of(
        name: str = "AWSProton-front-ABCDEFGHIJKLMNO",
        *,
        partition: str = "aws",
        region: str = "us-west-2",
        account_id: str = "123456789012",
    ) -> StackPlace:
        return StackPlace(
            name, str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), partition, region, account_id
        )

    return place_of


@pytest.fixture
def place(place_of: Callable[..., StackPlace]) -> StackPlace:
    return place_of()


@pytest.fixture
def client(mocked: None) -> Callable[..., Any]:
    def client(service: str, region: str = "us-west-2") -> Any:
        return boto3.client(service, region_name=region)

    return client


@pytest.fixture
def stack_of(client: Callable[..., Any]) -> Callable[..., Any]:
    """A stack as CloudFormation describes it; None if there is none."""

    def stack_of(place: StackPlace) -> Any:
        stacks = client("cloudformation", place.region).describe_stacks()["Stacks"]
        found = [stack for stack in stacks if stack["StackId"] == place.arn]
        return found[0] if found else None

    return stack_of


@pytest.fixture
def ids_of(client: Callable[..., Any]) -> Callable[[StackPlace], dict[str, str]]:
    """The physical ids of a stack's resources by logical id."""

    def ids_of(place: StackPlace) -> dict[str, str]:
        described = client("cloudformation", place.region).describe_stack_resources(
            StackName=place.arn
        )
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in described["StackResources"]
        }

    return ids_of
