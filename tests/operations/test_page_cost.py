"""The cost of a page depends only on its size: the same calls in a small store and in a large one.

Work is counted and not timed: every call of a function or step of a generator, Python's or C's,
that the rules of Proton make while a request is handled.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Final, TypeAlias

import boto3
import pytest

from moto_proton import mock_proton
from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Call: TypeAlias = Callable[[Client], Any]

SIZES: Final = {"us-east-1": 4, "us-west-2": 40}
SERVICES_MORE: Final = 10
WORK_MORE: Final = 1.2
"""How much the work may grow meanwhile: sorted containers have a depth."""

INSTANCES: Final = 5
LONG_AGO: Final = "2000-01-01T00:00:00Z"
FAR_OFF: Final = "2999-01-01T00:00:00Z"
SORTS: Final = (
    "name",
    "deploymentStatus",
    "templateName",
    "serviceName",
    "environmentName",
    "lastDeploymentAttemptedAt",
    "createdAt",
)
LINK: Final = {"repositoryProvider": "GITHUB", "repositoryName": "shop/one"}


def filters(**values: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def instances(**members: Any) -> Call:
    return lambda proton: proton.list_service_instances(**members, maxResults=2)


FILTERS: Final = {
    "name": filters(name="instance-1"),
    "status": filters(deploymentStatus="SUCCEEDED"),
    "environment": filters(environmentName="dev"),
    "template": filters(templateName="web"),
    "two": filters(environmentName="dev", name="instance-2"),
    "staleness": filters(deployedTemplateVersionStatus="BEHIND_MINOR"),
    "staleness of few": filters(deployedTemplateVersionStatus="UP_TO_DATE", environmentName="dev"),
    "created": filters(createdAtAfter=LONG_AGO),
    "attempted": filters(lastDeploymentAttemptedAtBefore=FAR_OFF),
}
NO_MATCH: Final = {
    "name": filters(name="nil"),
    "status": filters(deploymentStatus="FAILED"),
    "two that never meet": filters(environmentName="prod", name="instance-2"),
    "staleness": filters(deployedTemplateVersionStatus="BEHIND_MAJOR"),
    "created": filters(createdAtBefore=LONG_AGO),
    "attempted": filters(lastDeploymentAttemptedAtAfter=FAR_OFF),
    "created, of an environment": filters(createdAtBefore=LONG_AGO, environmentName="dev"),
}
CALLS: Final[dict[str, Call]] = {
    **{f"by {sort_by}": instances(sortBy=sort_by) for sort_by in SORTS},
    **{
        f"by {sort_by}, last first": instances(sortBy=sort_by, sortOrder="DESCENDING")
        for sort_by in SORTS
    },
    **{
        f"{name}, by {sort_by}": instances(filters=wanted, sortBy=sort_by)
        for name, wanted in FILTERS.items()
        for sort_by in SORTS
    },
    **{
        f"nothing for {name}, by {sort_by}": instances(filters=wanted, sortBy=sort_by)
        for name, wanted in NO_MATCH.items()
        for sort_by in SORTS
    },
    "one service": instances(serviceName="service-0"),
    "one service, sorted": instances(serviceName="service-0", sortBy="createdAt"),
    "components of an environment": lambda proton: proton.list_components(
        environmentName="prod", maxResults=2
    ),
    "components of a service": lambda proton: proton.list_components(
        serviceName="service-0", maxResults=2
    ),
    "environments of a template": lambda proton: proton.list_environments(
        environmentTemplates=[{"templateName": "rare", "majorVersion": "1"}], maxResults=2
    ),
    "environments of no template": lambda proton: proton.list_environments(
        environmentTemplates=[{"templateName": "none", "majorVersion": "1"}], maxResults=2
    ),
    "connections of an environment": lambda proton: proton.list_environment_account_connections(
        requestedBy="ENVIRONMENT_ACCOUNT", environmentName="env-1", maxResults=2
    ),
    "connections of a status": lambda proton: proton.list_environment_account_connections(
        requestedBy="ENVIRONMENT_ACCOUNT", statuses=["REJECTED"], maxResults=2
    ),
    "connections of an environment and a status": lambda proton: (
        proton.list_environment_account_connections(
            requestedBy="ENVIRONMENT_ACCOUNT",
            environmentName="env-1",
            statuses=["PENDING", "CONNECTED"],
            maxResults=2,
        )
    ),
    "templates": lambda proton: proton.list_service_templates(maxResults=2),
    "major versions": lambda proton: proton.list_environment_template_versions(
        templateName="many", maxResults=2
    ),
    "minor versions": lambda proton: proton.list_environment_template_versions(
        templateName="many", majorVersion="1", maxResults=2
    ),
    "definitions of template syncs": lambda proton: proton.list_repository_sync_definitions(
        **LINK, syncType="TEMPLATE_SYNC"
    ),
    "definitions of service syncs": lambda proton: proton.list_repository_sync_definitions(
        **LINK, syncType="SERVICE_SYNC"
    ),
}


@pytest.fixture(scope="module")
def worlds() -> Iterator[list[Client]]:
    """A region with few services and one with many; instances in ``dev``, one each in ``prod``."""
    quotas = {"components": 1000, "environments": 1000, "environment_account_connections": 1000}
    with mock_proton(config={"proton": {"quotas": quotas, "require_bundles": False}}):
        clients = [boto3.client("proton", region_name=region) for region in SIZES]
        for client, size in zip(clients, SIZES.values(), strict=True):
            _fill(client, size)
        yield clients


def _fill(client: Client, size: int) -> None:
    seed = Seed(client)
    seed.service_template("web", versions=["1.0", "1.1"])
    placed = {f"instance-{number}": "dev" for number in range(INSTANCES)}
    for name in ("rare", "many"):
        seed.environment_template(name)
    for name in ("shop/one", "shop/other"):
        seed.repository(name)
    for number in range(size):
        service = f"service-{number}"
        seed.service(service, template="web", instances={**placed, "last": "prod"})
        seed.component(f"component-{number}", environmentName="dev")
        # The same few have what is rare, however many services there are.
        rare = number < 3
        repository = {**LINK, "repositoryName": "shop/one" if rare else "shop/other"}
        client.create_service_sync_config(
            serviceName=service, branch="main", filePath="ops.yaml", **repository
        )
        seed.service_template(f"template-{number}")
        client.create_template_sync_config(
            templateName=f"template-{number}", templateType="SERVICE", branch="main", **repository
        )
        client.create_environment_template_version(
            templateName="many", majorVersion="1", source={"s3": {"bucket": "bundles", "key": "k"}}
        )
        seed.environment(f"env-{number}", template="rare" if rare else "many")
        client.create_environment_account_connection(
            managementAccountId="111111111111",
            environmentName=f"env-{number}",
            roleArn="arn:aws:iam::123456789012:role/proton",
        )
        if rare:
            seed.component(f"rare-{number}", environmentName="prod")
            for name in ("instance-0", "instance-3"):
                client.update_service_instance(
                    serviceName=service, name=name, deploymentType="MINOR_VERSION"
                )


@pytest.mark.parametrize("name", CALLS)
def test_work_does_not_grow_with_the_store(worlds: list[Client], name: str) -> None:
    call = CALLS[name]
    for client in worlds:
        call(client)  # the first of its kind makes the order

    few, many = (work(lambda client=client: call(client)) for client in worlds)  # type: ignore[misc]

    assert many <= few * WORK_MORE


def test_the_work_that_is_counted_does_grow_for_what_is_about_everything(
    worlds: list[Client],
) -> None:
    few, many = (work(client.get_resources_summary) for client in worlds)

    assert many > few * SERVICES_MORE / 2


def test_an_update_after_many_lists_does_not_pay_for_the_store(worlds: list[Client]) -> None:
    placed = {f"instance-{number}": "dev" for number in range(INSTANCES)}
    specs = [service_spec({**placed, "last": "prod"}), service_spec({**placed, "extra": "prod"})]
    for client in worlds:
        for call in CALLS.values():
            call(client)

    few, many = (
        work(
            lambda client=client: [  # type: ignore[misc]
                client.update_service(name="service-3", spec=spec) for spec in specs[::-1]
            ]
        )
        for client in worlds
    )

    assert many <= few * WORK_MORE


def work(act: Callable[[], object]) -> int:
    """How many calls the rules make, and the containers that they sort by."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        file = frame.f_code.co_filename
        if event in ("call", "c_call") and (
            "sortedcontainers" in file or "moto_proton/proton/" in file.replace("\\", "/")
        ):
            counted += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return counted
