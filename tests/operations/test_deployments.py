"""Deployment records: what they say, how they are found, and when they can be deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any, TypeAlias

import freezegun
import pytest
from moto.moto_api import state_manager

from moto_proton.proton.account import listing as collection
from moto_proton.seed import Seed, service_spec
from moto_proton.seed.worlds import COMPONENT_TEMPLATE

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]
World: TypeAlias = Callable[[], dict[str, Any]]

VE = "ValidationException"
RNF = "ResourceNotFoundException"
PREFIX = "arn:aws:proton:us-east-1:123456789012:"
NOBODYS = "12345678-1234-1234-1234-123456789012"
KINDS = ("environment", "service_instance", "service_pipeline", "component")
TYPES = {kind: kind.upper() for kind in KINDS}
MEMBERS = {
    "environment": "environment",
    "service_instance": "serviceInstance",
    "service_pipeline": "servicePipeline",
    "component": "component",
}
PLACES: dict[str, dict[str, str]] = {
    "environment": {"environmentName": "spare"},
    "service_instance": {
        "environmentName": "dev",
        "serviceName": "shop",
        "serviceInstanceName": "web",
    },
    "service_pipeline": {"environmentName": "dev", "serviceName": "shop"},
    "component": {"environmentName": "dev", "componentName": "cache"},
}
"""The names that lead to the one of each kind."""

PATTERNS = {
    "environment": "environment/spare",
    "service_instance": "service/shop/service-instance/web",
    "service_pipeline": "service/shop/pipeline/*",
    "component": "component/cache",
}
SPEC = service_spec({"web": "dev"}, pipeline={"branch": "main"})
NEW_SPEC = service_spec({"web": "dev"}, inputs={"port": 80}, pipeline={"branch": "next"})
ENVIRONMENT_SPEC = "proton: EnvironmentSpec\nspec: {cidr: 10.0.0.0/16}\n"


@pytest.fixture
def shop(seed: Seed) -> None:
    """One of each kind: an environment, an instance and a pipeline, a component in ``dev``."""
    seed.environment_template(versions=["1.0", "1.1"])
    seed.service_template(pipeline=True, versions=["1.0", "1.1"])
    seed.environment("dev")
    seed.environment("spare")
    seed.service(
        "shop", instances={"web": "dev"}, pipeline=True, pipeline_inputs={"branch": "main"}
    )
    seed.component("cache", environmentName="dev")


def show(client: Client, kind: str) -> dict[str, Any]:
    if kind == "environment":
        return dict(client.get_environment(name="spare")["environment"])
    if kind == "service_instance":
        answer = client.get_service_instance(serviceName="shop", name="web")
        return dict(answer["serviceInstance"])
    if kind == "service_pipeline":
        return dict(client.get_service(name="shop")["service"]["pipeline"])
    return dict(client.get_component(name="cache")["component"])


def update(client: Client, kind: str) -> dict[str, Any]:
    """Deploy the one of a kind anew: with other inputs, on the next minor version."""
    if kind == "environment":
        answer = client.update_environment(
            name="spare", deploymentType="MINOR_VERSION", spec=ENVIRONMENT_SPEC
        )
    elif kind == "service_instance":
        answer = client.update_service_instance(
            serviceName="shop", name="web", deploymentType="MINOR_VERSION", spec=NEW_SPEC
        )
    elif kind == "service_pipeline":
        answer = client.update_service_pipeline(
            serviceName="shop", deploymentType="MINOR_VERSION", spec=NEW_SPEC
        )
    else:
        answer = client.update_component(
            name="cache",
            deploymentType="CURRENT_VERSION",
            templateFile="Resources: {A: {}}",
            serviceName="shop",
            serviceInstanceName="web",
        )
    del answer["ResponseMetadata"]
    return dict(next(iter(answer.values())))


def cancel(client: Client, kind: str) -> None:
    if kind == "environment":
        client.cancel_environment_deployment(environmentName="spare")
    elif kind == "service_instance":
        client.cancel_service_instance_deployment(serviceName="shop", serviceInstanceName="web")
    elif kind == "service_pipeline":
        client.cancel_service_pipeline_deployment(serviceName="shop")
    else:
        client.cancel_component_deployment(componentName="cache")


def delete(client: Client, kind: str) -> None:
    if kind == "environment":
        client.delete_environment(name="spare")
    elif kind == "component":
        client.delete_component(name="cache")
    else:
        client.delete_service(name="shop")


def record(client: Client, deployment_id: str) -> dict[str, Any]:
    return dict(client.get_deployment(id=deployment_id)["deployment"])


def records(client: Client, kind: str) -> list[dict[str, Any]]:
    """The records of the one of a kind, newest first, in full."""
    listed = client.list_deployments(**PLACES[kind])["deployments"]
    ids = [each["id"] for each in listed if each["targetResourceType"] == TYPES[kind]]
    return [record(client, each) for each in ids]


def ids_of(client: Client, **filters: Any) -> list[str]:
    return [each["id"] for each in client.list_deployments(**filters)["deployments"]]


# --- what a record says -------------------------------------------------------------------------


@pytest.mark.rule("6.12-1", "6.12-6", "2-14", "6.12-5")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_first_deployment_leads_from_nothing_to_its_target(proton: Client, kind: str) -> None:
    resource = show(proton, kind)
    versioned = {"templateMajorVersion": "1", "templateMinorVersion": "0"}
    environment_id = proton.get_environment(name="dev")["environment"]["lastSucceededDeploymentId"]
    template = "service-template-with-pipeline"
    target: dict[str, dict[str, Any]] = {
        "environment": {
            **versioned,
            "spec": "proton: EnvironmentSpec\nspec: {}\n",
            "templateName": "environment-template",
        },
        "service_instance": {
            **versioned,
            "spec": SPEC,
            "templateName": template,
            "lastSuccessfulComponentDeploymentIds": [],
            "lastSuccessfulEnvironmentDeploymentId": environment_id,
        },
        "service_pipeline": {**versioned, "spec": SPEC, "templateName": template},
        "component": {"templateFile": COMPONENT_TEMPLATE},
    }
    key = resource["lastAttemptedDeploymentId"]

    got = record(proton, key)

    assert got.pop("completedAt") >= got.pop("lastModifiedAt") >= got["createdAt"]
    assert got == {
        "arn": f"{PREFIX}deployment/{key}",
        "createdAt": resource["lastDeploymentAttemptedAt"],
        "deploymentStatus": "SUCCEEDED",
        "id": key,
        "lastAttemptedDeploymentId": key,
        "lastSucceededDeploymentId": key,
        "targetArn": resource["arn"],
        "targetResourceCreatedAt": resource.get("createdAt", got["targetResourceCreatedAt"]),
        "targetResourceType": TYPES[kind],
        "targetState": {MEMBERS[kind]: target[kind]},
        **PLACES[kind],
    }
    assert resource["lastSucceededDeploymentId"] == key


@pytest.mark.rule("6.12-6")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_an_update_leads_from_what_was_to_what_is_asked_for(proton: Client, kind: str) -> None:
    (first,) = records(proton, kind)
    update(proton, kind)
    key = show(proton, kind)["lastAttemptedDeploymentId"]

    got = record(proton, key)

    assert got["initialState"] == first["targetState"]
    state = got["targetState"][MEMBERS[kind]]
    if kind == "component":
        assert state == {
            "templateFile": "Resources: {A: {}}",
            "serviceName": "shop",
            "serviceInstanceName": "web",
            "serviceSpec": SPEC,
        }
    else:
        assert state["templateMinorVersion"] == "1"
        assert state["spec"] == (ENVIRONMENT_SPEC if kind == "environment" else NEW_SPEC)
    assert record(proton, first["id"]) == first


@pytest.mark.rule("6.12-7")
@pytest.mark.usefixtures("shop")
def test_an_instance_names_the_deployments_that_it_builds_on(proton: Client) -> None:
    proton.update_component(
        name="cache",
        deploymentType="CURRENT_VERSION",
        serviceName="shop",
        serviceInstanceName="web",
    )

    update(proton, "service_instance")

    state = records(proton, "service_instance")[0]["targetState"]["serviceInstance"]
    of = {kind: show(proton, kind)["lastSucceededDeploymentId"] for kind in KINDS}
    dev = proton.get_environment(name="dev")["environment"]
    assert state["lastSuccessfulComponentDeploymentIds"] == [of["component"]]
    assert state["lastSuccessfulServicePipelineDeploymentId"] == of["service_pipeline"]
    assert state["lastSuccessfulEnvironmentDeploymentId"] == dev["lastSucceededDeploymentId"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_an_update_after_a_failure_starts_from_the_last_success(
    proton: Client, faults: ModuleType, kind: str
) -> None:
    first = records(proton, kind)[0]
    faults.fail_deployment(PATTERNS[kind])
    update(proton, kind)

    update(proton, kind)

    third, second, _ = records(proton, kind)
    assert (second["deploymentStatus"], third["deploymentStatus"]) == ("FAILED", "SUCCEEDED")
    assert second["initialState"] == third["initialState"] == first["targetState"]
    assert second["lastSucceededDeploymentId"] == first["id"]
    assert third["lastSucceededDeploymentId"] == third["id"]


def test_a_second_attempt_at_a_creation_starts_from_nothing(
    proton: Client, seed: Seed, faults: ModuleType
) -> None:
    faults.fail_deployment("component/cache")
    seed.component("cache")
    proton.update_component(
        name="cache", deploymentType="CURRENT_VERSION", templateFile="Resources: {A: {}}"
    )

    second, first = records(proton, "component")

    assert (first["deploymentStatus"], second["deploymentStatus"]) == ("FAILED", "SUCCEEDED")
    assert "lastSucceededDeploymentId" not in first
    assert all("initialState" not in each for each in (first, second))


@pytest.mark.rule("6.12-13", "3.1-15")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_deletion_has_a_record_that_outlives_its_target(proton: Client, kind: str) -> None:
    before = show(proton, kind)
    (first,) = records(proton, kind)
    delete(proton, kind)

    deletion, still_there = records(proton, kind)

    assert still_there == first
    assert deletion["deploymentStatus"] == "DELETE_COMPLETE"
    assert deletion["initialState"] == first["targetState"]
    assert "targetState" not in deletion
    assert deletion["completedAt"] >= deletion["createdAt"]
    assert {name: deletion[name] for name in PLACES[kind]} == PLACES[kind]
    assert deletion["targetArn"] == before["arn"]
    assert deletion["targetResourceCreatedAt"] == first["targetResourceCreatedAt"]
    # A deletion is no deployment: lastDeploymentAttemptedAt and its id stay with the last one.
    assert deletion["lastAttemptedDeploymentId"] == first["id"] != deletion["id"]
    assert deletion["lastSucceededDeploymentId"] == first["id"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_failed_deletion_says_so_and_a_repeat_has_a_record_of_its_own(
    proton: Client, faults: ModuleType, kind: str
) -> None:
    faults.fail_deletion(PATTERNS[kind], message="not empty")
    delete(proton, kind)
    failed = records(proton, kind)[0]
    assert (failed["deploymentStatus"], failed["deploymentStatusMessage"]) == (
        "DELETE_FAILED",
        "not empty",
    )
    assert "completedAt" in failed
    assert show(proton, kind)["lastAttemptedDeploymentId"] != failed["id"]

    delete(proton, kind)

    assert [each["deploymentStatus"] for each in records(proton, kind)] == [
        "DELETE_COMPLETE",
        "DELETE_FAILED",
        "SUCCEEDED",
    ]


@pytest.mark.rule("5.5-7", "6.12-1")
@pytest.mark.usefixtures("shop")
def test_an_edit_has_a_record_for_each_instance_that_it_adds_or_removes(proton: Client) -> None:
    proton.update_service(
        name="shop", spec=service_spec({"api": "dev"}, pipeline={"branch": "main"})
    )

    statuses = {
        name: [
            each["deploymentStatus"]
            for each in proton.list_deployments(serviceName="shop", serviceInstanceName=name)[
                "deployments"
            ]
        ]
        for name in ("api", "web")
    }
    assert statuses == {"api": ["SUCCEEDED"], "web": ["DELETE_COMPLETE", "SUCCEEDED"]}


@pytest.mark.usefixtures("shop")
def test_a_metadata_edit_has_no_record(proton: Client) -> None:
    before = ids_of(proton)

    proton.update_environment(name="spare", deploymentType="NONE", description="new")
    proton.update_component(name="cache", deploymentType="NONE", description="new")
    proton.update_service(name="shop", description="new")

    assert ids_of(proton) == before


# --- its course ---------------------------------------------------------------------------------


@pytest.mark.rule("6.12-3", "6.12-4", "3.1-24")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_record_follows_its_target(
    proton: Client, hold: Hold, let_go: Hold, faults: ModuleType, kind: str
) -> None:
    faults.fail_deployment(PATTERNS[kind], message="no capacity")
    hold(kind)
    busy = update(proton, kind)
    assert busy["lastAttemptedDeploymentId"] != busy["lastSucceededDeploymentId"]
    under_way = record(proton, busy["lastAttemptedDeploymentId"])
    assert under_way["deploymentStatus"] == busy["deploymentStatus"] == "IN_PROGRESS"
    assert not {"completedAt", "deploymentStatusMessage"} & set(under_way)
    assert under_way["lastModifiedAt"] == under_way["createdAt"]
    let_go(kind)

    ended = record(proton, under_way["id"])

    assert (ended["deploymentStatus"], ended["deploymentStatusMessage"]) == (
        "FAILED",
        "no capacity",
    )
    assert ended["completedAt"] == ended["lastModifiedAt"] >= ended["createdAt"]
    assert show(proton, kind)["deploymentStatusMessage"] == "no capacity"


@pytest.mark.rule("6.12-8")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_cancelled_deployment_has_a_record_that_says_so(
    proton: Client, hold: Hold, let_go: Hold, kind: str
) -> None:
    before = show(proton, kind)
    hold(kind)
    key = update(proton, kind)["lastAttemptedDeploymentId"]
    cancel(proton, kind)
    cancelling = record(proton, key)
    assert (cancelling["deploymentStatus"], "completedAt" in cancelling) == ("CANCELLING", False)
    let_go(kind)

    cancelled = record(proton, key)

    assert (cancelled["deploymentStatus"], cancelled["deploymentStatusMessage"]) == (
        "CANCELLED",
        "User initiated cancellation.",
    )
    assert "completedAt" in cancelled
    after = show(proton, kind)
    assert after["lastAttemptedDeploymentId"] == key
    assert after["lastSucceededDeploymentId"] == before["lastSucceededDeploymentId"]


@pytest.mark.parametrize(
    "look",
    [
        lambda proton, key: proton.get_deployment(id=key)["deployment"],
        lambda proton, key: proton.list_deployments(environmentName="dev")["deployments"][0],
        lambda proton, key: proton.get_deployment(id=key, environmentName="dev")["deployment"],
    ],
    ids=["get", "list", "get with a name"],
)
def test_looking_at_a_deployment_counts_as_looking_at_its_target(
    proton: Client, seed: Seed, hold: Hold, look: Callable[[Client, str], dict[str, Any]]
) -> None:
    hold("environment")
    state_manager.set_transition("proton::environment", {"progression": "manual", "times": 3})
    key = seed.environment("dev")["lastAttemptedDeploymentId"]  # looked once

    seen = [look(proton, key)["deploymentStatus"] for _ in range(3)]

    assert seen == ["IN_PROGRESS", "SUCCEEDED", "SUCCEEDED"]


def test_the_end_is_when_it_came_and_not_when_somebody_looked(
    proton: Client, seed: Seed, hold: Hold
) -> None:
    hold("environment")
    state_manager.set_transition("proton::environment", {"progression": "time", "seconds": 30})
    with freezegun.freeze_time("2026-01-01 12:00:00") as clock:
        key = seed.environment("dev")["lastAttemptedDeploymentId"]
        clock.tick(timedelta(hours=1))

        got = record(proton, key)

    assert got["completedAt"] - got["createdAt"] == timedelta(seconds=30)
    assert got["lastModifiedAt"] == got["completedAt"]


# --- finding them -------------------------------------------------------------------------------


@pytest.mark.rule("6.12-11")
@pytest.mark.usefixtures("shop")
def test_a_summary_has_neither_states_nor_a_message(proton: Client, faults: ModuleType) -> None:
    faults.fail_deployment(PATTERNS["component"])
    update(proton, "component")

    for summary in proton.list_deployments()["deployments"]:
        full = record(proton, summary["id"])
        left_out = {"initialState", "targetState", "deploymentStatusMessage"}
        assert summary == {name: full[name] for name in full if name not in left_out}


@pytest.mark.rule("6.12-11")
@pytest.mark.usefixtures("shop")
def test_lists_are_newest_first_even_within_a_moment(proton: Client, seed: Seed) -> None:
    with freezegun.freeze_time("2030-01-01 12:00:00"):
        made = [seed.environment(f"env{n}")["lastAttemptedDeploymentId"] for n in range(12)]

        assert ids_of(proton)[:12] == made[::-1]


@pytest.mark.rule("6.12-11")
@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"dev", "spare", "web", "pipeline", "cache", "api", "far"}),
        ({"environmentName": "dev"}, {"dev", "web", "pipeline", "cache"}),
        ({"environmentName": "spare"}, {"spare", "api", "far"}),
        ({"serviceName": "shop"}, {"web", "pipeline", "api"}),
        ({"serviceName": "shop", "environmentName": "spare"}, {"api"}),
        ({"serviceName": "shop", "serviceInstanceName": "web"}, {"web"}),
        ({**PLACES["service_instance"], "environmentName": "spare"}, set()),
        ({"componentName": "cache"}, {"cache"}),
        ({"componentName": "cache", "environmentName": "spare"}, set()),
        ({"componentName": "cache", "serviceName": "shop"}, set()),
        ({"componentName": "far"}, {"far"}),
    ],
)
@pytest.mark.usefixtures("shop")
def test_filters_narrow_the_list_together(
    proton: Client, seed: Seed, filters: dict[str, str], found: set[str]
) -> None:
    proton.create_service_instance(
        serviceName="shop",
        name="api",
        spec=service_spec({"web": "dev", "api": "spare"}, pipeline={"branch": "main"}),
    )
    seed.component("far", environmentName="spare")
    names = ("componentName", "serviceInstanceName", "environmentName")

    listed = proton.list_deployments(**filters)["deployments"]

    assert {
        "pipeline"
        if each["targetResourceType"] == "SERVICE_PIPELINE"
        else next(each[name] for name in names if name in each)
        for each in listed
    } == found


@pytest.mark.usefixtures("shop")
def test_an_attached_component_is_listed_with_its_instance(proton: Client) -> None:
    key = update(proton, "component")["lastAttemptedDeploymentId"]

    assert ids_of(proton, serviceName="shop", serviceInstanceName="web")[0] == key
    assert ids_of(proton, serviceName="shop", componentName="cache") == [key]
    assert len(ids_of(proton, componentName="cache")) == 2


@pytest.mark.rule("6.12-11")
@pytest.mark.parametrize(
    ("code", "words", "names"),
    [
        (RNF, "environment nil", {"environmentName": "nil"}),
        (RNF, "service nil", {"serviceName": "nil"}),
        (RNF, "component nil", {"componentName": "nil"}),
        (RNF, "nil", {"serviceName": "shop", "serviceInstanceName": "nil"}),
        (RNF, "nil", {"serviceName": "shop", "environmentName": "nil"}),
        (VE, "serviceInstanceName needs serviceName", {"serviceInstanceName": "web"}),
        (VE, "'environmentName'", {"environmentName": "a b"}),
        (VE, "'componentName'", {"componentName": ""}),
    ],
)
@pytest.mark.usefixtures("shop")
def test_names_that_lead_nowhere_are_refused(
    proton: Client, refused: Refused, code: str, words: str, names: dict[str, str]
) -> None:
    key = show(proton, "service_instance")["lastAttemptedDeploymentId"]

    refused(code, words, "list_deployments", **names)
    refused(code, "" if code == RNF else words, "get_deployment", id=key, **names)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_the_names_of_what_is_gone_still_lead_to_its_records(proton: Client, kind: str) -> None:
    delete(proton, kind)

    deletion, first = records(proton, kind)

    assert proton.get_deployment(id=first["id"], **PLACES[kind])["deployment"] == first
    for each in (deletion, first):
        proton.delete_deployment(id=each["id"])
    if kind in ("environment", "component"):
        with pytest.raises(proton.exceptions.ResourceNotFoundException):
            proton.list_deployments(**PLACES[kind])


@pytest.mark.rule("6.12-10")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_deployment_is_found_under_its_own_names_only(
    proton: Client, refused: Refused, kind: str
) -> None:
    (first,) = records(proton, kind)
    assert proton.get_deployment(id=first["id"], **PLACES[kind])["deployment"] == first

    other = {"environmentName": "spare" if kind != "environment" else "dev"}
    refused(RNF, first["id"], "get_deployment", id=first["id"], **{**PLACES[kind], **other})
    if kind == "environment":
        refused(RNF, first["id"], "get_deployment", id=first["id"], componentName="cache")


@pytest.mark.rule("6.12-10")
@pytest.mark.parametrize("call", ["get_deployment", "delete_deployment"])
@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(RNF, NOBODYS, {"id": NOBODYS}, id="unknown"),
        pytest.param(VE, "'id'", {"id": "1"}, id="not an id"),
        pytest.param(VE, "'id'", {}, id="none"),
    ],
)
@pytest.mark.usefixtures("shop")
def test_an_id_that_is_no_deployment_is_refused(
    refused: Refused, call: str, code: str, words: str, members: dict[str, str]
) -> None:
    refused(code, words, call, **members)


def test_another_region_knows_nothing_of_a_deployment(
    seed: Seed, clients: Callable[..., Client]
) -> None:
    key = seed.environment("dev")["lastAttemptedDeploymentId"]
    elsewhere = clients("eu-west-1")

    assert elsewhere.list_deployments()["deployments"] == []
    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException, match=key):
        elsewhere.get_deployment(id=key)


# --- pages --------------------------------------------------------------------------------------


@pytest.fixture
def crowd(proton: Client, seed: Seed) -> None:
    """Seven deployments of ``dev``, and two of another environment."""
    seed.environment("dev")
    seed.environment("other")
    for _ in range(6):
        proton.update_environment(name="dev", deploymentType="CURRENT_VERSION")
    proton.update_environment(name="other", deploymentType="CURRENT_VERSION")


@pytest.mark.parametrize("filters", [{}, {"environmentName": "dev"}], ids=["all", "of dev"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.usefixtures("crowd")
def test_pages_make_up_the_whole(proton: Client, filters: dict[str, str], size: int) -> None:
    whole = ids_of(proton, **filters)
    assert len(whole) == (7 if filters else 9)

    pages = list(
        proton.get_paginator("list_deployments").paginate(
            **filters, PaginationConfig={"PageSize": size}
        )
    )

    assert [each["id"] for page in pages for each in page["deployments"]] == whole
    assert {len(page["deployments"]) for page in pages[:-1]} <= {size}


@pytest.mark.usefixtures("crowd")
def test_pages_stay_put_while_deployments_come_and_go(proton: Client) -> None:
    whole = ids_of(proton, environmentName="dev")
    first = proton.list_deployments(environmentName="dev", maxResults=3)
    proton.update_environment(name="dev", deploymentType="CURRENT_VERSION")
    proton.delete_deployment(id=whole[2])  # the last one of the page
    proton.delete_deployment(id=whole[4])

    second = proton.list_deployments(environmentName="dev", nextToken=first["nextToken"])

    assert [each["id"] for each in second["deployments"]] == [whole[3], *whole[5:]]


@pytest.mark.usefixtures("crowd")
def test_a_token_goes_with_its_filters(proton: Client, refused: Refused) -> None:
    token = proton.list_deployments(environmentName="dev", maxResults=1)["nextToken"]

    refused(VE, "token", "list_deployments", nextToken=token)
    refused(VE, "token", "list_deployments", environmentName="other", nextToken=token)
    refused(VE, "token", "list_deployments", nextToken="AAAA")
    refused(VE, "'nextToken'", "list_deployments", nextToken="not base64!")
    for size in (0, 101):
        refused(VE, "'maxResults'", "list_deployments", maxResults=size)


@pytest.mark.parametrize(
    "filters",
    [{}, {"environmentName": "dev"}, {"componentName": "cache"}, PLACES["service_instance"]],
    ids=["all", "environment", "component", "instance"],
)
@pytest.mark.usefixtures("shop")
def test_a_page_is_read_without_a_look_at_the_rest(
    proton: Client, seed: Seed, monkeypatch: pytest.MonkeyPatch, filters: dict[str, str]
) -> None:
    for number in range(10):
        seed.environment(f"env{number}")
    read: list[object] = []
    page_of = collection.page_of

    def counted(items: Iterator[Any], *args: Any) -> Any:
        return page_of((read.append(item) or item for item in items), *args)  # type: ignore[func-returns-value]

    monkeypatch.setattr(collection, "page_of", counted)

    proton.list_deployments(**filters, maxResults=1)

    assert 1 <= len(read) <= 2


# --- deletion -----------------------------------------------------------------------------------


@pytest.mark.rule("6.12-12")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_record_is_deleted_and_leaves_its_target_alone(
    proton: Client, refused: Refused, kind: str
) -> None:
    before = show(proton, kind)
    (first,) = records(proton, kind)

    answer = proton.delete_deployment(id=first["id"])

    assert answer["deployment"] == first
    assert records(proton, kind) == []
    assert show(proton, kind) == before
    refused(RNF, first["id"], "get_deployment", id=first["id"])
    refused(RNF, first["id"], "delete_deployment", id=first["id"])
    update(proton, kind)
    (second,) = records(proton, kind)
    assert second["initialState"] == first["targetState"]


@pytest.mark.rule("6.12-12")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("shop")
def test_a_record_under_way_is_not_deleted(
    proton: Client, refused: Refused, hold: Hold, let_go: Hold, kind: str
) -> None:
    hold(kind)
    key = update(proton, kind)["lastAttemptedDeploymentId"]
    refused(VE, "IN_PROGRESS", "delete_deployment", id=key)
    cancel(proton, kind)
    refused(VE, "CANCELLING", "delete_deployment", id=key)
    let_go(kind)
    proton.delete_deployment(id=key)
    if kind == "component":  # the cancellation detached it again
        assert "serviceName" not in show(proton, kind)
    hold(kind)
    delete(proton, kind)

    deletion = records(proton, kind)[0]

    refused(VE, "DELETE_IN_PROGRESS", "delete_deployment", id=deletion["id"])
