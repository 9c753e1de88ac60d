"""Components: created, attached, updated, detached, deleted."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
PREFIX = "arn:aws:proton:us-east-1:123456789012:"
MANIFEST = """\
infrastructure:
  templates:
    - file: cloudformation.yaml
      rendering_engine: jinja
      template_language: cloudformation
"""
HCL = MANIFEST.replace("jinja", "hcl").replace("e: cloudformation", "e: terraform")
CACHE = {"name": "cache", "manifest": MANIFEST, "templateFile": "Resources: {}\n"}
WEB = {"serviceName": "shop", "serviceInstanceName": "web"}
API = {"serviceName": "shop", "serviceInstanceName": "api"}
NEITHER = {"serviceName": "", "serviceInstanceName": ""}
SPEC = "proton: ServiceSpec\ninstances:\n- name: web\n  environment: dev\n  spec:\n    size: 2\n"
FIRST_SUCCESS = ("templateMajorVersion", "templateMinorVersion")


@pytest.fixture(autouse=True)
def shop(seed: Seed) -> dict[str, Any]:
    return seed.service("shop", instances={"web": "dev", "api": "dev", "far": "prod"})


def get(client: Client, name: str = "cache") -> dict[str, Any]:
    return dict(client.get_component(name=name)["component"])


def update(client: Client, kind: str = "CURRENT_VERSION", **members: Any) -> dict[str, Any]:
    request = {"name": "cache", "deploymentType": kind, **members}
    return dict(client.update_component(**request)["component"])


# --- create -------------------------------------------------------------------------------------


@pytest.mark.rule("6.11-2", "2-11", "6.11-7", "6.11-16")
def test_a_detached_component_has_no_service(proton: Client) -> None:
    created = proton.create_component(
        **CACHE, environmentName="dev", description="a bucket", clientToken="t1"
    )["component"]

    created_at = created["createdAt"]
    assert len(created.pop("lastAttemptedDeploymentId", "")) == 36
    assert created == {
        "arn": f"{PREFIX}component/cache",
        "createdAt": created_at,
        "deploymentStatus": "IN_PROGRESS",
        "description": "a bucket",
        "environmentName": "dev",
        "lastClientRequestToken": "t1",
        "lastDeploymentAttemptedAt": created_at,
        "lastModifiedAt": created_at,
        "name": "cache",
    }
    got = get(proton)
    assert got["deploymentStatus"] == "SUCCEEDED"
    assert got["lastDeploymentSucceededAt"] == created_at


@pytest.mark.rule("6.11-2", "6.11-9", "4.3-11", "6.11-1")
@pytest.mark.parametrize("environment", [{}, {"environmentName": "dev"}], ids=["two", "all"])
def test_an_attached_component_is_where_its_instance_is(
    proton: Client, shop: dict[str, Any], environment: dict[str, str]
) -> None:
    before = proton.get_service_instance(serviceName="shop", name="web")["serviceInstance"]
    proton.create_component(**CACHE, **WEB, **environment)

    got = get(proton)

    assert {name: got[name] for name in WEB} == WEB
    assert (got["environmentName"], got["serviceSpec"]) == ("dev", shop["spec"])
    after = proton.get_service_instance(serviceName="shop", name="web")["serviceInstance"]
    assert after == before


@pytest.mark.rule("6.11-10", "6.11-11")
def test_a_spec_of_its_own_is_the_source_of_inputs(proton: Client) -> None:
    proton.create_component(**CACHE, **WEB, serviceSpec=SPEC)

    assert get(proton)["serviceSpec"] == SPEC


@pytest.mark.rule("6.11-9", "6.11-10")
@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(VE, "environmentName", {}, id="nowhere"),
        pytest.param(VE, "go together", {"serviceName": "shop"}, id="no instance"),
        pytest.param(
            VE,
            "go together",
            {"environmentName": "dev", "serviceInstanceName": "web"},
            id="no service",
        ),
        pytest.param(VE, "not in prod", {**WEB, "environmentName": "prod"}, id="elsewhere"),
        pytest.param(
            VE, "serviceSpec", {"environmentName": "dev", "serviceSpec": SPEC}, id="spec, detached"
        ),
        pytest.param(VE, "Service Spec", {**WEB, "serviceSpec": "- a"}, id="bad spec"),
        pytest.param(
            VE,
            "CURRENT_VAL",
            {**WEB, "serviceSpec": SPEC.replace("2", "${Proton::CURRENT_VAL}")},
            id="current value of nothing",
        ),
        pytest.param(RNF, "environment nil", {"environmentName": "nil"}, id="environment"),
        pytest.param(RNF, "service nil", {**WEB, "serviceName": "nil"}, id="service"),
        pytest.param(
            RNF, "service instance nil", {**WEB, "serviceInstanceName": "nil"}, id="instance"
        ),
        pytest.param(VE, "'manifest'", {**WEB, "manifest": None}, id="no manifest"),
        pytest.param(VE, "equal to 1024", {**WEB, "manifest": "x" * 1025}, id="long manifest"),
        pytest.param(VE, "manifest", {**WEB, "manifest": "infrastructure: []"}, id="manifest"),
        pytest.param(VE, "manifest", {**WEB, "manifest": "a: b: c"}, id="manifest without YAML"),
        pytest.param(
            VE,
            "exactly one",
            {**WEB, "manifest": MANIFEST + MANIFEST.split("templates:\n")[1]},
            id="two files",
        ),
        pytest.param(VE, "terraform", {**WEB, "manifest": HCL}, id="other language"),
        pytest.param(VE, "templateFile", {**WEB, "templateFile": None}, id="no template file"),
        pytest.param(
            VE, "equal to 51200", {**WEB, "templateFile": "x" * 51_201}, id="long template file"
        ),
        pytest.param(VE, "'name'", {**WEB, "name": "a.b"}, id="name"),
        pytest.param(
            VE, "aws:x", {**WEB, "tags": [{"key": "aws:x", "value": ""}]}, id="reserved tag"
        ),
    ],
)
def test_a_create_is_refused(
    refused: Refused, code: str, words: str, members: dict[str, Any]
) -> None:
    refused(code, words, "create_component", **{**CACHE, **members})


@pytest.mark.rule("6.11-13", "6.6-13")
def test_an_environment_needs_a_role_for_components(seed: Seed, refused: Refused) -> None:
    seed._client.create_environment(
        name="bare",
        templateName="environment-template",
        templateMajorVersion="1",
        spec="proton: EnvironmentSpec\n",
        protonServiceRoleArn="arn:aws:iam::123456789012:role/proton",
    )
    refused(VE, "componentRoleArn", "create_component", **CACHE, environmentName="bare")


@pytest.mark.rule("6.11-13", "6.11-14", "9-7")
def test_a_self_managed_environment_needs_terraform_and_no_role(
    proton: Client, seed: Seed, refused: Refused
) -> None:
    arn = seed.environment("self", self_managed=True)["arn"]
    proton.notify_resource_deployment_status_change(resourceArn=arn, status="SUCCEEDED")
    refused(VE, "terraform", "create_component", **CACHE, environmentName="self")

    proton.create_component(**{**CACHE, "manifest": HCL}, environmentName="self")

    assert get(proton)["deploymentStatus"] == "IN_PROGRESS"


@pytest.mark.rule("6.11-12", "7.6-4")
def test_the_template_version_must_support_components(
    proton: Client, seed: Seed, refused: Refused
) -> None:
    seed.service_template("closed", component_sources=[])
    seed.service("books", template="closed", instances={"web": "dev"})
    books = {"serviceName": "books", "serviceInstanceName": "web"}

    refused(VE, "directly defined", "create_component", **CACHE, **books)
    proton.create_component(**CACHE, environmentName="dev")
    request = {"name": "cache", "deploymentType": "CURRENT_VERSION"}
    refused(VE, "directly defined", "update_component", **request, **books)


@pytest.mark.rule("6.11-12")
def test_an_instance_has_one_component_at_most(seed: Seed, refused: Refused) -> None:
    seed.component("first", attach_to=("shop", "web"))
    refused(CE, "first", "create_component", **CACHE, **WEB)


@pytest.mark.rule("6.11-12")
def test_a_busy_instance_takes_no_component(proton: Client, refused: Refused, hold: Hold) -> None:
    hold("service_instance")
    proton.update_service_instance(serviceName="shop", name="web", deploymentType="CURRENT_VERSION")

    refused(CE, "web", "create_component", **CACHE, **WEB)


@pytest.mark.rule("3.3-11")
@pytest.mark.parametrize("held", [True, False], ids=["not yet deployed", "failed"])
def test_an_environment_must_be_deployed(
    seed: Seed, refused: Refused, hold: Hold, faults: ModuleType, held: bool
) -> None:
    if held:
        hold("environment")
    else:
        faults.fail_deployment("environment/new")
    seed.environment("new")

    refused(CE, "environment new", "create_component", **CACHE, environmentName="new")


def test_a_failed_deployment_says_why(proton: Client, faults: ModuleType) -> None:
    faults.fail_deployment("component/cache", message="no such engine")
    proton.create_component(**CACHE, environmentName="dev")

    got = get(proton)

    assert got["deploymentStatus"] == "FAILED"
    assert got["deploymentStatusMessage"] == "no such engine"
    assert "lastDeploymentSucceededAt" not in got


# --- get and list -------------------------------------------------------------------------------


@pytest.mark.rule("6.11-18")
def test_an_unknown_component_is_not_found(refused: Refused) -> None:
    refused(RNF, "component nil", "get_component", name="nil")
    refused(RNF, "component nil", "update_component", name="nil", deploymentType="NONE")
    refused(RNF, "component nil", "delete_component", name="nil")


@pytest.mark.rule("6.11-18", "6.0.4-8")
@pytest.mark.parametrize(
    ("filters", "names"),
    [
        pytest.param({}, ["log", "queue", "cache"], id="none"),
        pytest.param({"environmentName": "dev"}, ["log", "cache"], id="environment"),
        pytest.param({"environmentName": "prod"}, ["queue"], id="other environment"),
        pytest.param({"serviceName": "shop"}, ["queue", "cache"], id="service"),
        pytest.param(WEB, ["cache"], id="instance"),
        pytest.param({**WEB, "environmentName": "prod"}, [], id="all of them"),
        pytest.param({"environmentName": "nil"}, [], id="unknown environment"),
        pytest.param({"serviceName": "nil"}, [], id="unknown service"),
        pytest.param({**WEB, "serviceInstanceName": "nil"}, [], id="unknown instance"),
    ],
)
def test_a_list_is_newest_first_and_filtered(
    proton: Client, seed: Seed, filters: dict[str, str], names: list[str]
) -> None:
    seed.component("cache", attach_to=("shop", "web"))
    seed.component("queue", attach_to=("shop", "far"))
    seed.component("log", environmentName="dev")

    listed = proton.list_components(**filters)["components"]

    assert [component["name"] for component in listed] == names


@pytest.mark.rule("6.11-18")
def test_a_list_by_instance_needs_the_service(refused: Refused) -> None:
    refused(VE, "serviceName", "list_components", serviceInstanceName="web")


@pytest.mark.rule("4.3-12")
def test_a_summary_lacks_the_spec(proton: Client, seed: Seed) -> None:
    got = seed.component("cache", attach_to=("shop", "web"), description="a bucket")

    (summary,) = proton.list_components()["components"]

    hidden = {"serviceSpec", "description", "lastClientRequestToken"}
    assert set(got) - set(summary) <= hidden
    assert "serviceSpec" not in summary
    assert {name: got[name] for name in summary} == summary


# --- update -------------------------------------------------------------------------------------


@pytest.mark.rule("6.11-20")
def test_a_description_alone_deploys_nothing(proton: Client, seed: Seed) -> None:
    before = seed.component("cache", attach_to=("shop", "web"))

    updated = update(proton, "NONE", description="new", clientToken="t2")

    assert updated["description"] == "new"
    assert updated["lastModifiedAt"] > before["lastModifiedAt"]
    changed = {"description", "lastModifiedAt", "lastClientRequestToken"}
    assert {n for n in updated if updated[n] != before.get(n)} == changed


@pytest.mark.rule("6.11-20", "6.11-8", "6.11-22")
def test_another_template_file_is_deployed_and_the_rest_stays(proton: Client, seed: Seed) -> None:
    before = seed.component("cache", attach_to=("shop", "web"), serviceSpec=SPEC)

    updated = update(proton, templateFile="Resources: {a: b}\n")

    assert updated["deploymentStatus"] == "IN_PROGRESS"
    after = get(proton)
    assert after["deploymentStatus"] == "SUCCEEDED"
    assert {name: after[name] for name in WEB} == WEB
    assert after["serviceSpec"] == before["serviceSpec"]


@pytest.mark.rule("6.11-20", "4.4-6")
def test_a_new_spec_counts_once_it_is_deployed(proton: Client, seed: Seed) -> None:
    seed.component("cache", attach_to=("shop", "web"), serviceSpec=SPEC)
    other = SPEC.replace("size: 2", "size: 3\n    more: 1")

    updated = update(proton, serviceSpec=other.replace("3", "${Proton::CURRENT_VAL}"))

    assert updated["serviceSpec"] == SPEC
    assert get(proton)["serviceSpec"] == other.replace("3", "2")


@pytest.mark.rule("6.11-4", "6.11-23", "6.11-24")
def test_a_component_is_detached_and_attached_elsewhere(
    proton: Client, seed: Seed, shop: dict[str, Any]
) -> None:
    seed.component("cache", attach_to=("shop", "web"), serviceSpec=SPEC)

    update(proton, **NEITHER)
    detached = get(proton)
    assert [n for n in (*WEB, "serviceSpec") if n in detached] == []
    assert detached["environmentName"] == "dev"
    update(proton, **API)

    attached = get(proton)
    assert {name: attached[name] for name in API} == API
    assert attached["serviceSpec"] == shop["spec"]


@pytest.mark.rule("6.11-25")
def test_the_same_attachment_again_changes_nothing(proton: Client, seed: Seed) -> None:
    before = seed.component("cache", attach_to=("shop", "web"), serviceSpec=SPEC)

    update(proton, **WEB)

    after = get(proton)
    assert after["serviceSpec"] == before["serviceSpec"]
    assert {name: after[name] for name in WEB} == WEB


@pytest.mark.rule("6.11-20", "6.11-29")
@pytest.mark.parametrize(
    ("code", "words", "kind", "members"),
    [
        pytest.param(VE, "NONE", "NONE", {"templateFile": "x"}, id="none with a file"),
        pytest.param(VE, "NONE", "NONE", {"serviceSpec": SPEC}, id="none with a spec"),
        pytest.param(VE, "NONE", "NONE", NEITHER, id="none with a detachment"),
        pytest.param(VE, "go together", "CURRENT_VERSION", {"serviceName": "shop"}, id="service"),
        pytest.param(
            VE, "go together", "CURRENT_VERSION", {"serviceInstanceName": ""}, id="instance"
        ),
        pytest.param(
            VE, "go together", "CURRENT_VERSION", {**WEB, "serviceInstanceName": ""}, id="half"
        ),
        pytest.param(VE, "detached first", "CURRENT_VERSION", API, id="another instance"),
        pytest.param(
            RNF, "nil", "CURRENT_VERSION", {**WEB, "serviceInstanceName": "nil"}, id="unknown"
        ),
        pytest.param(
            VE,
            "serviceSpec",
            "CURRENT_VERSION",
            {**NEITHER, "serviceSpec": SPEC},
            id="detached with a spec",
        ),
        pytest.param(VE, "Service Spec", "CURRENT_VERSION", {"serviceSpec": "- a"}, id="bad spec"),
        pytest.param(VE, "deploymentType", "MINOR_VERSION", {}, id="type"),
    ],
)
def test_an_update_is_refused(
    seed: Seed, refused: Refused, code: str, words: str, kind: str, members: dict[str, Any]
) -> None:
    seed.component("cache", attach_to=("shop", "web"))

    request = {"name": "cache", "deploymentType": kind, "description": "new", **members}
    refused(code, words, "update_component", **request)


@pytest.mark.rule("6.11-26", "6.11-27")
@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(VE, "prod", {**WEB, "serviceInstanceName": "far"}, id="other environment"),
        pytest.param(CE, "other", API, id="instance that has one"),
        pytest.param(VE, "serviceSpec", {"serviceSpec": SPEC}, id="spec, detached"),
    ],
)
def test_an_attachment_is_refused(
    seed: Seed, refused: Refused, code: str, words: str, members: dict[str, Any]
) -> None:
    seed.component("cache", environmentName="dev")
    seed.component("other", attach_to=("shop", "api"))

    request = {"name": "cache", "deploymentType": "CURRENT_VERSION", **members}
    refused(code, words, "update_component", **request)


@pytest.mark.rule("3.3-8", "6.11-28", "6.11-30")
def test_what_is_busy_is_not_updated_or_deleted(
    proton: Client, seed: Seed, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    seed.component("cache", attach_to=("shop", "web"))
    hold("service_instance")
    proton.update_service_instance(serviceName="shop", name="web", deploymentType="CURRENT_VERSION")
    request = {"name": "cache", "deploymentType": "CURRENT_VERSION"}
    refused(CE, "service instance web", "update_component", **request)
    let_go("service_instance")
    hold("component")
    update(proton, **NEITHER)
    refused(CE, "component cache", "update_component", **request)
    refused(CE, "component cache", "delete_component", name="cache")


# --- delete -------------------------------------------------------------------------------------


@pytest.mark.rule("3.3-10", "6.11-3", "6.11-30")
def test_an_attached_component_stays(seed: Seed, refused: Refused) -> None:
    seed.component("cache", attach_to=("shop", "web"))
    refused(CE, "attached to the service instance web", "delete_component", name="cache")


@pytest.mark.rule("6.11-30", "6.0.3-3")
def test_a_detached_component_is_deleted(
    proton: Client, seed: Seed, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    before = seed.component("cache")
    hold("component")

    deleting = proton.delete_component(name="cache")["component"]

    assert deleting["deploymentStatus"] == "DELETE_IN_PROGRESS"
    assert deleting["lastDeploymentAttemptedAt"] == before["lastDeploymentAttemptedAt"]
    refused(CE, "DELETE_IN_PROGRESS", "delete_component", name="cache")
    let_go("component")
    refused(RNF, "component cache", "get_component", name="cache")
    refused(RNF, "component cache", "delete_component", name="cache")


@pytest.mark.rule("3.1-14")
def test_a_failed_deletion_can_be_tried_again(
    proton: Client, seed: Seed, refused: Refused, faults: ModuleType
) -> None:
    seed.component("cache")
    faults.fail_deletion("component/cache", message="not empty")
    proton.delete_component(name="cache")

    got = get(proton)
    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == (
        "DELETE_FAILED",
        "not empty",
    )
    request = {"name": "cache", "deploymentType": "CURRENT_VERSION"}
    refused(CE, "cache", "update_component", **request)
    proton.delete_component(name="cache")
    assert proton.list_components()["components"] == []


# --- updates that come to nothing ---------------------------------------------------------------


@pytest.mark.rule("6.11-34")
def test_a_failed_update_gives_the_attachment_back(
    proton: Client, seed: Seed, faults: ModuleType
) -> None:
    seed.component("cache", environmentName="dev")
    faults.fail_deployment("component/cache")

    update(proton, **WEB)

    assert get(proton)["deploymentStatus"] == "FAILED"
    assert "serviceName" not in get(proton)
    proton.delete_component(name="cache")


def test_a_cancelled_detachment_does_not_go_back_to_what_is_gone(
    proton: Client, seed: Seed, hold: Hold, let_go: Hold
) -> None:
    seed.component("cache", attach_to=("shop", "web"))
    hold("component")
    update(proton, **NEITHER)
    proton.update_service(name="shop", spec=seed.service_spec({"api": "dev", "far": "prod"}))
    proton.cancel_component_deployment(componentName="cache")
    let_go("component")

    assert get(proton)["deploymentStatus"] == "CANCELLED"
    assert "serviceInstanceName" not in get(proton)


@pytest.mark.rule("6.0.2-9")
def test_a_component_on_its_way_out_answers_no_repeated_create(
    proton: Client, refused: Refused, hold: Hold
) -> None:
    request = {**CACHE, "environmentName": "dev"}
    proton.create_component(**request)
    hold("component")
    proton.delete_component(name="cache")

    refused(CE, "component/cache already exists", "create_component", **request)


def test_an_instance_that_was_never_deployed_takes_no_component(
    proton: Client, seed: Seed, faults: ModuleType, refused: Refused
) -> None:
    faults.fail_deployment("service/broken/service-instance/web")
    seed.service("broken", instances={"web": "dev"})

    refused(
        VE,
        "instance web has no template version",
        "create_component",
        **{**CACHE, **WEB, "serviceName": "broken"},
    )
