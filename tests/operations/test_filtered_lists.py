"""Every list with every filter, before and after each change: what fits of the list without it.

Lists that can be narrowed are kept in orders of their own, made when they are first asked for; so
each is asked for at the start, and again after each step in the life of a shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any, Final, TypeAlias

import pytest

from moto_proton import api
from moto_proton.seed import Seed, service_spec
from tests.support.clients import Client, client_of_account

Summary: TypeAlias = dict[str, Any]
Fits: TypeAlias = Callable[[Summary], bool]
Question: TypeAlias = tuple[dict[str, Any], Fits]
"""Members of a request, and whether an item of the whole list answers it."""

OWN: Final = "123456789012"
OTHER: Final = "111122223333"
ENVIRONMENTS: Final = ("dev", "prod", "nil")
SERVICES: Final = ("shop", "cart", "nil")
INSTANCES: Final = ("web", "canary", "nil")
COMPONENTS: Final = ("cache", "queue", "nil")
STATUSES: Final = ("PENDING", "CONNECTED", "REJECTED")


def same(member: str, value: str) -> Fits:
    return lambda summary: bool(summary.get(member) == value)


def by(member: str, values: tuple[str, ...]) -> Iterator[Question]:
    for value in values:
        yield {member: value}, same(member, value)


def all_of(wanted: Mapping[str, str]) -> Fits:
    return lambda summary: wanted.items() <= summary.items()


def by_instance() -> Iterator[Question]:
    for service in SERVICES:
        for instance in INSTANCES:
            of = {"serviceName": service, "serviceInstanceName": instance}
            yield of, all_of(of)


def on_template(name: str, majors: tuple[str, ...]) -> Fits:
    return lambda summary: (
        summary["templateName"] == name and summary["templateMajorVersion"] in majors
    )


def of_templates() -> Iterator[Question]:
    for majors in (("1",), ("2",), ("1", "2"), ("3",)):
        wanted = [{"templateName": "network", "majorVersion": major} for major in majors]
        yield {"environmentTemplates": wanted}, on_template("network", majors)


def of_connections() -> Iterator[Question]:
    yield from by("environmentName", ("far", "nil"))
    for status in STATUSES:
        yield {"statuses": [status]}, same("status", status)
        both = {"environmentName": "far", "status": status}
        yield {"environmentName": "far", "statuses": [status]}, all_of(both)


def of_service_instances() -> Iterator[Question]:
    yield from by("serviceName", SERVICES[:1])
    for key, values in (
        ("name", INSTANCES),
        ("deploymentStatus", ("SUCCEEDED", "FAILED", "DELETE_FAILED")),
        ("templateName", ("web", "nil")),
        ("serviceName", SERVICES),
        ("environmentName", ENVIRONMENTS),
    ):
        for value in values:
            yield {"filters": [{"key": key, "value": value}]}, same(key, value)


TABLE: Final[dict[str, tuple[str, Callable[[], Iterator[Question]], set[str]]]] = {
    "ListComponents": (
        "components",
        lambda: iter(
            [
                *by("environmentName", ENVIRONMENTS),
                *by("serviceName", SERVICES),
                *by_instance(),
            ]
        ),
        {"environmentName", "serviceName", "serviceInstanceName"},
    ),
    "ListDeployments": (
        "deployments",
        lambda: iter(
            [
                *by("environmentName", ENVIRONMENTS),
                *by("serviceName", SERVICES),
                *by("componentName", COMPONENTS),
                *by_instance(),
            ]
        ),
        {"environmentName", "serviceName", "componentName", "serviceInstanceName"},
    ),
    "ListEnvironments": ("environments", of_templates, {"environmentTemplates"}),
    "ListEnvironmentAccountConnections": (
        "environmentAccountConnections",
        of_connections,
        {"environmentName", "statuses"},
    ),
    "ListServiceInstances": ("serviceInstances", of_service_instances, {"serviceName", "filters"}),
}
"""An operation, what its answer holds, what it is asked, and which of its members that covers."""

ELSEWHERE: Final = {
    # What these name is whose list it is; there is no list without it.
    "ListRepositorySyncDefinitions": {"repositoryName", "repositoryProvider", "syncType"},
    "ListEnvironmentTemplateVersions": {"templateName", "majorVersion"},
    "ListServiceTemplateVersions": {"templateName", "majorVersion"},
    "ListEnvironmentAccountConnections": {"requestedBy"},
    # Only the order; and values that are compared with times are in the test of pages.
    "ListServiceInstances": {"sortBy", "sortOrder"},
}


def members_that_narrow() -> dict[str, set[str]]:
    """The members of every list operation, but for pages, and for what outputs and tags are of."""
    found = {}
    for operation in api.operation_names():
        if operation.startswith("List"):
            shape: Any = api.service_model().operation_model(operation).input_shape
            members = set(shape.members) - {"nextToken", "maxResults"}
            of_one = operation.endswith(("Outputs", "Resources", "TagsForResource"))
            if members and not of_one:
                found[operation] = members
    return found


@pytest.mark.parametrize("operation", sorted(members_that_narrow()))
def test_every_member_that_narrows_a_list_is_covered(operation: str) -> None:
    covered = TABLE[operation][2] if operation in TABLE else set()

    assert covered | ELSEWHERE.get(operation, set()) == members_that_narrow()[operation]


class Lists:
    """Asks each list, with each filter, and holds it against the list without one."""

    def __init__(self, proton: Client, other: Client) -> None:
        self._proton, self._other = proton, other

    def __call__(self, when: str) -> None:
        for operation, (member, questions, _) in TABLE.items():
            for client, always in self._asked(operation):
                everything = self._list(client, operation, member, **always)
                for request, fits in questions():
                    found = self._list(client, operation, member, **always, **request)
                    expected = [each for each in everything if fits(each)]
                    assert found == expected, f"{when}: {operation} {request}"
        self._versions_and_definitions(when)

    def _asked(self, operation: str) -> list[tuple[Client, dict[str, str]]]:
        if operation != "ListEnvironmentAccountConnections":
            return [(self._proton, {})]
        return [
            (self._proton, {"requestedBy": "MANAGEMENT_ACCOUNT"}),
            (self._other, {"requestedBy": "ENVIRONMENT_ACCOUNT"}),
        ]

    def _list(self, client: Client, operation: str, member: str, **request: Any) -> list[Summary]:
        try:
            answer = getattr(client, api.snake_case(operation))(**request)
        except client.exceptions.ResourceNotFoundException:
            return []  # some lists refuse a name that nothing has
        assert "nextToken" not in answer
        listed: list[Summary] = answer[member]
        return listed

    def _versions_and_definitions(self, when: str) -> None:
        proton = self._proton
        of = {"templateName": "network"}
        majors = proton.list_environment_template_versions(**of)["templateVersions"]
        for major in majors:
            listed = proton.list_environment_template_versions(
                **of, majorVersion=major["majorVersion"]
            )["templateVersions"]
            assert {each["majorVersion"] for each in listed} == {major["majorVersion"]}, when
            for version in listed:
                key = {name: version[name] for name in ("majorVersion", "minorVersion")}
                got = proton.get_environment_template_version(**of, **key)
                assert got["environmentTemplateVersion"]["status"] == version["status"], when
        for name in ("shop/infrastructure", "shop/app"):
            repository = {"repositoryProvider": "GITHUB", "repositoryName": name}
            definitions = proton.list_repository_sync_definitions(
                **repository, syncType="TEMPLATE_SYNC"
            )["syncDefinitions"]
            try:
                config = proton.get_template_sync_config(
                    templateName="network", templateType="ENVIRONMENT"
                )["templateSyncConfig"]
            except proton.exceptions.ResourceNotFoundException:
                config = {"repositoryName": None}
            assert bool(definitions) == (config["repositoryName"] == name), when


def life(proton: Client, other: Client, seed: Seed, faults: ModuleType) -> Iterator[str]:
    """Steps in the life of a shop, each of which some list shows."""
    role = f"arn:aws:iam::{OTHER}:role/proton"
    seed.environment_template("network", versions=["1.0", "2.0"])
    seed.service_template("web", compatible_with=["network:1", "network:2"])
    for name in ("shop/infrastructure", "shop/app"):
        seed.repository(name)
    yield "at the start"
    sync = {"templateName": "network", "templateType": "ENVIRONMENT", "branch": "main"}
    at = {"repositoryProvider": "GITHUB", "repositoryName": "shop/infrastructure"}
    proton.create_template_sync_config(**sync, **at)
    yield "a template follows a repository"
    proton.update_template_sync_config(**sync, **{**at, "repositoryName": "shop/app"})
    yield "it follows another one"
    proton.delete_template_sync_config(templateName="network", templateType="ENVIRONMENT")
    yield "it follows none"
    seed.environment("dev", template="network")
    seed.environment("prod", template="network", version="2.0")
    yield "environments of two versions are there"
    proton.update_environment(name="dev", deploymentType="MAJOR_VERSION", templateMajorVersion="2")
    yield "an environment has gone to the other version"
    faults.fail_deployment("environment/prod")
    proton.update_environment(name="prod", deploymentType="CURRENT_VERSION")
    yield "a deployment has failed"
    seed.service("shop", template="web", instances={"web": "dev"})
    seed.service("cart", template="web", instances={"web": "prod"})
    yield "services are there"
    proton.update_service(name="shop", spec=service_spec({"web": "dev", "canary": "prod"}))
    yield "an instance was added"
    seed.component("cache", attach_to=("shop", "web"))
    seed.component("queue", environmentName="prod")
    yield "components are there"
    attach = {"name": "cache", "deploymentType": "CURRENT_VERSION"}
    proton.update_component(**attach, serviceName="", serviceInstanceName="")
    yield "a component was detached"
    proton.update_component(**attach, serviceName="shop", serviceInstanceName="web")
    yield "a component was attached"
    proton.update_component(**attach, serviceName="", serviceInstanceName="")
    proton.delete_component(name="cache")
    yield "a component is gone"
    faults.fail_deletion("service/shop/service-instance/canary")
    proton.update_service(name="shop", spec=service_spec({"web": "dev"}))
    yield "the deletion of an instance has failed"
    proton.delete_service(name="shop")
    yield "a service is gone"
    done = proton.list_deployments(serviceName="shop")["deployments"]
    proton.delete_deployment(id=done[0]["id"])
    yield "a deployment is gone"
    request = {"environmentName": "far", "managementAccountId": OWN, "roleArn": role}
    create = other.create_environment_account_connection
    first = create(**request)["environmentAccountConnection"]["id"]
    yield "a connection waits"
    proton.accept_environment_account_connection(id=first)
    yield "it is accepted"
    second = create(**{**request, "environmentName": "near"})["environmentAccountConnection"]["id"]
    proton.reject_environment_account_connection(id=second)
    yield "another one is rejected"
    other.delete_environment_account_connection(id=second)
    yield "it is gone"
    proton.delete_component(name="queue")
    proton.delete_service(name="cart")
    proton.delete_environment(name="prod")
    yield "an environment is gone"


def test_a_filtered_list_has_what_fits_of_the_whole_after_every_change(
    proton: Client, seed: Seed, faults: ModuleType
) -> None:
    other = client_of_account(OTHER)
    lists = Lists(proton, other)
    for when in life(proton, other, seed, faults):
        lists(when)
