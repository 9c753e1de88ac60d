"""Lists page by page: paginators, tokens, what happens when items come and go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.proton.responses import OPERATIONS
from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
PREFIX = "arn:aws:proton:us-east-1:123456789012:"
SOURCE = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}
INSTANCES = {"a": "dev", "b": "dev", "c": "dev", "d": "dev", "e": "dev"}

LISTS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "list_environment_templates": ("templates", {}, {}),
    "list_service_templates": ("templates", {}, {}),
    "list_environment_template_versions": (
        "templateVersions",
        {"templateName": "environment-template"},
        {"templateName": "environment-template", "majorVersion": "1"},
    ),
    "list_service_template_versions": (
        "templateVersions",
        {"templateName": "service-template"},
        {"templateName": "service-template", "majorVersion": "1"},
    ),
    "list_environments": (
        "environments",
        {},
        {"environmentTemplates": [{"templateName": "x", "majorVersion": "1"}]},
    ),
    "list_services": ("services", {}, {}),
    "list_service_instances": ("serviceInstances", {}, {"serviceName": "s0"}),
    "list_components": ("components", {}, {"environmentName": "dev"}),
    "list_repositories": ("repositories", {}, {}),
    "list_tags_for_resource": (
        "tags",
        {"resourceArn": f"{PREFIX}service/s0"},
        {"resourceArn": f"{PREFIX}service/s1"},
    ),
}
"""Each list: the member with the items, a request, and the same with other filters (or none)."""

ELSEWHERE = {
    "ListDeployments",
    "ListEnvironmentAccountConnections",
    "ListRepositorySyncDefinitions",
}
"""Lists that are tried in the tests of their resources."""


@pytest.fixture
def crowd(proton: Client, seed: Seed) -> None:
    """Five of everything, at least."""
    for number in range(5):
        seed.environment_template(f"e{number}", versions=[])
        seed.service_template(f"t{number}", versions=[])
        seed.environment(f"env{number}")
        seed.service(f"s{number}", tags=[{"key": f"k{n}", "value": "v"} for n in range(3)])
        seed.component(f"c{number}")
        seed.repository(f"shop/r{number}")
    majors = [f"{number}.0" for number in range(1, 6)]
    seed.environment_template(versions=majors)
    seed.service_template(versions=majors)


@pytest.mark.parametrize("call", LISTS)
@pytest.mark.usefixtures("crowd")
def test_pages_make_up_the_whole(proton: Client, call: str) -> None:
    member, request, _ = LISTS[call]
    whole = getattr(proton, call)(**request)
    assert "nextToken" not in whole
    assert len(whole[member]) >= 5

    for size in (1, 2, len(whole[member])):
        pages = list(
            proton.get_paginator(call).paginate(**request, PaginationConfig={"PageSize": size})
        )
        assert [item for page in pages for item in page[member]] == whole[member]
        assert {len(page[member]) for page in pages[:-1]} <= {size}
        assert "nextToken" not in pages[-1]


@pytest.mark.rule("6.0.4-4")
@pytest.mark.parametrize("call", LISTS)
@pytest.mark.usefixtures("crowd")
def test_only_the_list_that_gave_a_token_takes_it(
    proton: Client, refused: Refused, call: str
) -> None:
    _, request, other = LISTS[call]
    token = getattr(proton, call)(**request, maxResults=2)["nextToken"]

    changed = token[:10] + ("A" if token[10] != "A" else "B") + token[11:]
    for bad in (changed, token[:-4], "AAAA", "ZmFrZQ=="):
        refused(VE, "token", call, **request, nextToken=bad)
    if other != request:
        refused(VE, "token", call, **other, nextToken=token)
    elsewhere = "list_services" if call != "list_services" else "list_components"
    refused(VE, "token", elsewhere, nextToken=token)
    assert getattr(proton, call)(**request, nextToken=token, maxResults=1)


@pytest.mark.rule("6.0.4-3")
@pytest.mark.parametrize("call", [call for call in LISTS if call != "list_tags_for_resource"])
@pytest.mark.parametrize("token", ["", "not base64!", "a b"])
def test_a_token_outside_the_alphabet_is_refused(refused: Refused, call: str, token: str) -> None:
    refused(VE, "'nextToken'", call, **LISTS[call][1], nextToken=token)


@pytest.mark.rule("6.0.4-1")
@pytest.mark.parametrize("call", [call for call in LISTS if call != "list_tags_for_resource"])
@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_page_has_one_to_a_hundred_items(refused: Refused, call: str, size: int) -> None:
    refused(VE, "'maxResults'", call, **LISTS[call][1], maxResults=size)


@pytest.mark.rule("6.0.4-4")
@pytest.mark.usefixtures("crowd")
def test_a_token_of_another_region_is_refused(
    proton: Client, clients: Callable[..., Client]
) -> None:
    token = proton.list_services(maxResults=1)["nextToken"]
    elsewhere = clients("eu-west-1")

    with pytest.raises(elsewhere.exceptions.ValidationException, match="token"):
        elsewhere.list_services(nextToken=token)


@pytest.mark.usefixtures("crowd")
def test_pages_stay_put_while_items_come_and_go(proton: Client, seed: Seed) -> None:
    first = proton.list_services(maxResults=2)
    assert [service["name"] for service in first["services"]] == ["s4", "s3"]
    seed.service("new")
    proton.delete_service(name="s3")
    proton.delete_service(name="s1")

    second = proton.list_services(nextToken=first["nextToken"])

    assert [service["name"] for service in second["services"]] == ["s2", "s0"]


def test_the_page_size_may_change_on_the_way(proton: Client, seed: Seed) -> None:
    seed.service("shop", instances=INSTANCES)
    order = {"sortBy": "name", "sortOrder": "DESCENDING"}
    first = proton.list_service_instances(**order, maxResults=1)

    rest = proton.list_service_instances(**order, maxResults=3, nextToken=first["nextToken"])

    assert [each["name"] for each in rest["serviceInstances"]] == ["d", "c", "b"]
    assert "nextToken" in rest


@pytest.mark.parametrize(
    "sort_by",
    [
        "name",
        "deploymentStatus",
        "templateName",
        "serviceName",
        "environmentName",
        "lastDeploymentAttemptedAt",
        "createdAt",
    ],
)
@pytest.mark.parametrize("order", ["ASCENDING", "DESCENDING"])
@pytest.mark.usefixtures("crowd")
def test_every_order_of_instances_pages_through(
    proton: Client, seed: Seed, sort_by: str, order: str
) -> None:
    seed.service("shop", instances=INSTANCES)
    request = {"sortBy": sort_by, "sortOrder": order}
    whole = proton.list_service_instances(**request)["serviceInstances"]

    pages = proton.get_paginator("list_service_instances").paginate(
        **request, PaginationConfig={"PageSize": 3}
    )

    assert [each for page in pages for each in page["serviceInstances"]] == whole


@pytest.mark.rule("6.0.4-2")
def test_a_hundred_items_are_a_page(proton: Client) -> None:
    for number in range(101):
        proton.create_repository(
            provider="GITHUB",
            name=f"shop/r{number}",
            connectionArn="arn:aws:codestar-connections:us-east-1:123456789012:connection/a",
        )

    first = proton.list_repositories()

    assert len(first["repositories"]) == 100
    rest = proton.list_repositories(nextToken=first["nextToken"])
    assert [each["name"] for each in rest["repositories"]] == ["shop/r0"]


def test_every_list_that_is_offered_is_tried_here(proton: Client) -> None:
    offered = {
        name
        for name in OPERATIONS
        if name.startswith("List") and not name.endswith(("Outputs", "ProvisionedResources"))
    }

    assert {proton.meta.method_to_api_mapping[call] for call in LISTS} == offered - ELSEWHERE
    assert all(proton.can_paginate(call) for call in LISTS)


def test_with_manual_what_takes_the_place_of_another_counts_as_shown(
    proton: Client, seed: Seed
) -> None:
    from moto.moto_api import state_manager

    names = ["a", "b", "c", "d"]
    for name in names:
        seed.environment(name)
    state_manager.set_transition("proton::environment", {"progression": "manual", "times": 1})
    try:
        for name in names:
            proton.delete_environment(name=name)

        # "d" goes with the call, "c" is shown instead and goes after it; then "b" and "a".
        shown = []
        for _ in names:
            page = proton.list_environments(maxResults=1)["environments"]
            shown += [environment["name"] for environment in page]
    finally:
        state_manager.unset_transition("proton::environment")

    assert shown == ["c", "a"]
