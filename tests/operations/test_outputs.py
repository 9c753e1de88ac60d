"""Outputs and provisioned resources of all four kinds, under each way of provisioning."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

VE = "ValidationException"
RNF = "ResourceNotFoundException"
NOBODYS = "12345678-1234-1234-1234-123456789012"
KINDS = ("environment", "service_instance", "service_pipeline", "component")
NAMES: dict[str, dict[str, str]] = {
    "environment": {"environmentName": "dev"},
    "service_instance": {"serviceName": "shop", "serviceInstanceName": "web"},
    "service_pipeline": {"serviceName": "shop"},
    "component": {"componentName": "cache"},
}
HCL = (
    "infrastructure:\n  templates:\n    - file: '*'\n      rendering_engine: hcl\n"
    "      template_language: terraform\n"
)
ROLE = "arn:aws:iam::123456789012:role/proton"


def given(**outputs: str) -> list[dict[str, str]]:
    return [{"key": key, "valueString": value} for key, value in outputs.items()]


def outputs_of(client: Client, kind: str, **members: str) -> dict[str, str]:
    listed = getattr(client, f"list_{kind}_outputs")(**NAMES[kind], **members)["outputs"]
    assert [each["key"] for each in listed] == sorted(each["key"] for each in listed)
    return {each["key"]: each["valueString"] for each in listed}


def resources_of(client: Client, kind: str) -> list[dict[str, str]]:
    answer = getattr(client, f"list_{kind}_provisioned_resources")(**NAMES[kind])
    return list(answer["provisionedResources"])


def show(client: Client, kind: str) -> dict[str, Any]:
    if kind == "environment":
        return dict(client.get_environment(name="dev")["environment"])
    if kind == "service_instance":
        answer = client.get_service_instance(serviceName="shop", name="web")
        return dict(answer["serviceInstance"])
    if kind == "service_pipeline":
        return dict(client.get_service(name="shop")["service"]["pipeline"])
    return dict(client.get_component(name="cache")["component"])


def update(client: Client, kind: str) -> str:
    """Deploy the one of a kind anew; answers with the id."""
    again = {"deploymentType": "CURRENT_VERSION"}
    if kind == "environment":
        client.update_environment(name="dev", **again)
    elif kind == "service_instance":
        client.update_service_instance(serviceName="shop", name="web", **again)
    elif kind == "service_pipeline":
        spec = client.get_service(name="shop")["service"]["spec"]
        client.update_service_pipeline(serviceName="shop", spec=spec, **again)
    else:
        client.update_component(name="cache", templateFile="Resources: {A: {}}", **again)
    return str(show(client, kind)["lastAttemptedDeploymentId"])


@pytest.fixture
def notify(proton: Client) -> Callable[..., None]:
    def notify(kind: str, status: str | None = None, **members: Any) -> None:
        proton.notify_resource_deployment_status_change(
            resourceArn=show(proton, kind)["arn"],
            **({"status": status} if status else {}),
            **members,
        )

    return notify


Notify: TypeAlias = Callable[..., None]


@pytest.fixture
def self_managed(proton: Client, seed: Seed, notify: Notify) -> None:
    """One of each kind, self-managed; each reported an output ``url`` with its kind."""
    seed.environment("dev", template="environment-template", self_managed=True)
    notify("environment", "SUCCEEDED", outputs=given(url="environment"))
    proton.update_account_settings(
        pipelineProvisioningRepository={**seed.repository(), "branch": "main"}
    )
    seed.service_template("web", pipeline=True)
    proton.create_service(
        name="shop",
        templateName="web",
        templateMajorVersion="1",
        spec="proton: ServiceSpec\ninstances: [{name: web, environment: dev}]\n",
        repositoryConnectionArn="arn:aws:codestar-connections:us-east-1:123456789012:connection/a",
        repositoryId="shop/app",
        branchName="main",
    )
    for kind in ("service_instance", "service_pipeline"):
        notify(kind, "SUCCEEDED", outputs=given(url=kind))
    seed.component("cache", environmentName="dev", manifest=HCL)
    notify("component", "SUCCEEDED", outputs=given(url="component"))


@pytest.fixture
def managed(seed: Seed) -> None:
    """One of each kind, provisioned by Proton."""
    seed.service("shop", instances={"web": "dev"}, pipeline=True)
    seed.component("cache", environmentName="dev")


# --- outputs ------------------------------------------------------------------------------------


@pytest.mark.rule("6.6-40", "9-20")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("self_managed")
def test_outputs_are_those_of_the_last_success(proton: Client, notify: Notify, kind: str) -> None:
    first = show(proton, kind)["lastSucceededDeploymentId"]
    assert outputs_of(proton, kind) == {"url": kind}
    second = update(proton, kind)
    notify(kind, "IN_PROGRESS", outputs=given(url="new", arn="early"))
    assert outputs_of(proton, kind) == {"url": kind}
    assert outputs_of(proton, kind, deploymentId=second) == {}

    notify(kind, "SUCCEEDED")

    assert outputs_of(proton, kind) == {"arn": "early", "url": "new"}
    assert outputs_of(proton, kind, deploymentId=second) == {"arn": "early", "url": "new"}
    assert outputs_of(proton, kind, deploymentId=first) == {"url": kind}


@pytest.mark.rule("6.13-15")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("self_managed")
def test_later_outputs_replace_the_set_and_none_keep_it(
    proton: Client, notify: Notify, kind: str
) -> None:
    update(proton, kind)
    notify(kind, outputs=given(a="1", b="2"))
    notify(kind, "SUCCEEDED", outputs=given(c="3"))
    assert outputs_of(proton, kind) == {"c": "3"}
    third = update(proton, kind)
    notify(kind, "SUCCEEDED")
    assert outputs_of(proton, kind) == outputs_of(proton, kind, deploymentId=third) == {"c": "3"}
    update(proton, kind)

    notify(kind, "SUCCEEDED", outputs=[])

    assert outputs_of(proton, kind) == {}


@pytest.mark.rule("12-35", "12-36")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("self_managed")
def test_a_failure_brings_no_outputs_and_takes_none(
    proton: Client, notify: Notify, kind: str
) -> None:
    failed = update(proton, kind)
    notify(kind, "FAILED", outputs=given(url="broken"))

    assert outputs_of(proton, kind) == {"url": kind}
    assert outputs_of(proton, kind, deploymentId=failed) == {}
    update(proton, kind)
    notify(kind, "SUCCEEDED")
    assert outputs_of(proton, kind) == {"url": kind}


@pytest.mark.usefixtures("self_managed")
def test_a_cancelled_deployment_brings_no_outputs(proton: Client, notify: Notify) -> None:
    key = update(proton, "environment")
    notify("environment", outputs=given(url="early"))

    proton.cancel_environment_deployment(environmentName="dev")

    assert outputs_of(proton, "environment") == {"url": "environment"}
    assert outputs_of(proton, "environment", deploymentId=key) == {}


@pytest.mark.rule("12-36")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("self_managed")
def test_a_deleted_deployment_is_not_found_and_its_outputs_stay(
    proton: Client, refused: Refused, kind: str
) -> None:
    key = show(proton, kind)["lastSucceededDeploymentId"]
    proton.delete_deployment(id=key)

    refused(RNF, key, f"list_{kind}_outputs", **NAMES[kind], deploymentId=key)
    assert outputs_of(proton, kind) == {"url": kind}


@pytest.mark.rule("6.6-40")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("self_managed")
def test_a_deployment_of_another_resource_is_not_found(
    proton: Client, refused: Refused, kind: str
) -> None:
    others = {show(proton, each)["lastSucceededDeploymentId"] for each in KINDS if each != kind}

    for key in (*others, NOBODYS):
        refused(RNF, key, f"list_{kind}_outputs", **NAMES[kind], deploymentId=key)
    refused(VE, "'deploymentId'", f"list_{kind}_outputs", **NAMES[kind], deploymentId="1")


def test_a_resource_made_anew_has_nothing_of_the_old_one(
    proton: Client, seed: Seed, notify: Notify, refused: Refused
) -> None:
    seed.environment("dev", template="environment-template", self_managed=True)
    notify("environment", "SUCCEEDED", outputs=given(vpc="1"))
    old = show(proton, "environment")["lastSucceededDeploymentId"]
    proton.delete_environment(name="dev")
    notify("environment", "SUCCEEDED", outputs=given(vpc="2"))
    seed.environment("dev", template="environment-template", self_managed=True)

    assert outputs_of(proton, "environment") == {}
    refused(RNF, old, "list_environment_outputs", environmentName="dev", deploymentId=old)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("managed")
def test_no_stack_runs_so_it_has_no_outputs(proton: Client, kind: str) -> None:
    assert outputs_of(proton, kind) == {}
    key = show(proton, kind)["lastSucceededDeploymentId"]
    assert outputs_of(proton, kind, deploymentId=key) == {}


@pytest.mark.rule("6.6-17", "9-9")
def test_the_outputs_of_a_customer_managed_environment_are_its_values(
    proton: Client, seed: Seed
) -> None:
    seed.environment_template("own", versions=["1.0"], provisioning="CUSTOMER_MANAGED")
    seed.environment("dev", template="own", inputs={"vpc": "vpc-1", "azs": "a,b"})
    first = show(proton, "environment")["lastSucceededDeploymentId"]
    assert outputs_of(proton, "environment") == {"azs": "a,b", "vpc": "vpc-1"}

    proton.update_environment(
        name="dev",
        deploymentType="CURRENT_VERSION",
        spec="proton: EnvironmentSpec\nspec: {vpc: vpc-2}\n",
    )

    assert outputs_of(proton, "environment") == {"vpc": "vpc-2"}
    assert outputs_of(proton, "environment", deploymentId=first) == {"azs": "a,b", "vpc": "vpc-1"}
    assert resources_of(proton, "environment") == []


# --- CodeBuild ----------------------------------------------------------------------------------


@pytest.mark.rule("6.13-6", "6.13-7")
def test_a_build_brings_outputs_and_ends_by_itself(
    proton: Client, seed: Seed, notify: Notify, hold: Hold, let_go: Hold
) -> None:
    seed.environment("dev")
    proton.update_environment(name="dev", deploymentType="NONE", codebuildRoleArn=ROLE)
    hold("environment")
    update(proton, "environment")

    notify("environment", "FAILED", statusMessage="apply", outputs=given(vpc="vpc-1"))

    got = show(proton, "environment")
    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == ("IN_PROGRESS", "apply")
    let_go("environment")
    assert show(proton, "environment")["deploymentStatus"] == "SUCCEEDED"
    assert outputs_of(proton, "environment") == {"vpc": "vpc-1"}


@pytest.mark.usefixtures("managed")
@pytest.mark.parametrize("kind", ["service_instance", "service_pipeline"])
def test_what_may_be_built_takes_outputs_too(
    proton: Client, notify: Notify, hold: Hold, let_go: Hold, kind: str
) -> None:
    proton.update_environment(name="dev", deploymentType="NONE", codebuildRoleArn=ROLE)
    hold(kind)
    update(proton, kind)

    notify(kind, "IN_PROGRESS", outputs=given(url="u"))
    let_go(kind)

    assert outputs_of(proton, kind) == {"url": "u"}


@pytest.mark.usefixtures("managed")
def test_a_component_is_never_built(proton: Client, refused: Refused, hold: Hold) -> None:
    proton.update_environment(name="dev", deploymentType="NONE", codebuildRoleArn=ROLE)
    hold("component")
    update(proton, "component")

    call = "notify_resource_deployment_status_change"
    arn = show(proton, "component")["arn"]
    refused(VE, "component/cache", call, resourceArn=arn, outputs=given(url="u"))


# --- provisioned resources ----------------------------------------------------------------------


@pytest.mark.rule("6.6-41", "9-10", "9-22", "9-23", "9-24")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("managed")
def test_what_proton_provisions_is_a_stack(proton: Client, kind: str) -> None:
    (stack,) = resources_of(proton, kind)

    assert stack["provisioningEngine"] == "CLOUDFORMATION"
    name = {"environment": "dev", "service_instance": "shop-web", "component": "cache"}
    stem = re.escape(name.get(kind, "shop"))
    assert re.fullmatch(rf"AWSProton-{stem}-cloudformation--[A-Z]{{15}}", stack["name"])
    arn = f"arn:aws:cloudformation:us-east-1:123456789012:stack/{stack['name']}/"
    assert stack["identifier"].startswith(arn)
    update(proton, kind)
    assert resources_of(proton, kind) == [stack]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("managed")
def test_each_resource_has_a_stack_of_its_own(proton: Client, kind: str) -> None:
    names = [resources_of(proton, each)[0]["name"] for each in KINDS]

    assert names.count(resources_of(proton, kind)[0]["name"]) == 1


@pytest.mark.rule("9-26")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("self_managed")
def test_what_others_provision_lists_nothing(proton: Client, kind: str) -> None:
    assert resources_of(proton, kind) == []


def test_what_only_codebuild_provisions_lists_nothing(proton: Client, seed: Seed) -> None:
    seed.environment_template()
    proton.create_environment(
        name="dev",
        templateName="environment-template",
        templateMajorVersion="1",
        codebuildRoleArn=ROLE,
        spec="proton: EnvironmentSpec\nspec: {}\n",
    )

    assert resources_of(proton, "environment") == []


@pytest.mark.rule("9-21")
def test_nothing_is_there_before_the_first_success(
    proton: Client, seed: Seed, faults: ModuleType
) -> None:
    faults.fail_deployment("component/cache")
    seed.component("cache")

    assert resources_of(proton, "component") == []
    assert outputs_of(proton, "component") == {}


# --- refusals -----------------------------------------------------------------------------------

LISTS = [f"list_{kind}_{what}" for kind in KINDS for what in ("outputs", "provisioned_resources")]


def names_for(call: str) -> dict[str, str]:
    return next(names for kind, names in NAMES.items() if call.startswith(f"list_{kind}_"))


@pytest.mark.parametrize("call", LISTS)
def test_the_list_of_what_is_not_there_is_refused(refused: Refused, call: str) -> None:
    refused(RNF, "", call, **names_for(call))


@pytest.mark.rule("6.0.4-5")
@pytest.mark.parametrize("call", LISTS)
@pytest.mark.usefixtures("managed")
def test_everything_is_on_one_page(
    proton: Client, unchecked: Client, refused: Refused, call: str
) -> None:
    answer = getattr(proton, call)(**names_for(call), nextToken="")
    assert "nextToken" not in answer
    refused(VE, "'nextToken'", call, **names_for(call), nextToken="AAAA")
    pages = list(proton.get_paginator(call).paginate(**names_for(call)))
    del answer["ResponseMetadata"], pages[0]["ResponseMetadata"]
    assert pages == [answer]


@pytest.mark.parametrize("call", LISTS)
def test_a_name_is_needed(refused: Refused, call: str) -> None:
    for name in names_for(call):
        refused(VE, f"'{name}'", call, **{**names_for(call), name: None})
        refused(VE, f"'{name}'", call, **{**names_for(call), name: "a b"})


@pytest.mark.rule("6.10-9")
@pytest.mark.parametrize("what", ["outputs", "provisioned_resources"])
def test_a_service_without_a_pipeline_has_none_to_list(
    seed: Seed, refused: Refused, what: str
) -> None:
    seed.service("shop")

    refused(RNF, "pipeline", f"list_service_pipeline_{what}", serviceName="shop")
