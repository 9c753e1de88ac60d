"""Which condition keys a call brings along: section 10.4 of docs/behaviour.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import SERVICE_TEMPLATE, Seed

Client: TypeAlias = Any
Outcome: TypeAlias = Callable[..., tuple[str, str]]

ARN = "arn:aws:proton:us-east-1:123456789012:"
DENIED = "AccessDeniedException"
SPEC = "proton: ServiceSpec\ninstances: [{name: dev, environment: dev}]\n"


def allow(**conditions: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "proton:*", "Resource": "*", "Condition": conditions}


def tags(**values: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


@pytest.mark.rule("10.4-4")
def test_tags_of_a_create_call_can_be_asked_for(
    caller: Callable[..., Client], outcome: Outcome
) -> None:
    user = caller(allow(StringEquals={"aws:RequestTag/stage": ["beta", "prod"]}))

    def create(name: str, **values: str) -> str:
        return outcome(user, "CreateEnvironmentTemplate", name=name, tags=tags(**values))[0]

    assert create("a", stage="beta") == ""
    assert create("b", stage="gamma") == DENIED
    assert create("c", team="beta") == DENIED
    assert outcome(user, "CreateEnvironmentTemplate", name="d")[0] == DENIED


def deny(**conditions: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "proton:*", "Resource": "*", "Condition": conditions}


def test_the_usual_guard_rails_let_good_calls_through(
    caller: Callable[..., Client], outcome: Outcome
) -> None:
    permit = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    here = deny(StringNotEquals={"aws:RequestedRegion": "us-east-1"})
    elsewhere = deny(StringNotEquals={"aws:RequestedRegion": "eu-west-1"})
    encrypted = deny(Bool={"aws:SecureTransport": "false"})
    own = deny(StringNotEqualsIfExists={"aws:ResourceAccount": "123456789012"})
    others = deny(StringNotEqualsIfExists={"aws:ResourceAccount": "999999999999"})

    def create(name: str, *guards: dict[str, Any]) -> str:
        return outcome(caller(permit, *guards), "CreateEnvironmentTemplate", name=name)[0]

    assert create("a", here, encrypted, own) == ""
    assert create("b", elsewhere) == DENIED
    assert create("c", others) == DENIED


@pytest.mark.rule("10.4-4")
def test_the_tag_keys_of_tag_calls_can_be_limited(
    proton: Client, caller: Callable[..., Client], outcome: Outcome
) -> None:
    arn = proton.create_environment_template(name="a")["environmentTemplate"]["arn"]
    user = caller(allow(**{"ForAllValues:StringEquals": {"aws:TagKeys": ["stage"]}}))

    assert outcome(user, "TagResource", resourceArn=arn, tags=tags(stage="x"))[0] == ""
    assert outcome(user, "TagResource", resourceArn=arn, tags=tags(stage="x", a="y"))[0] == DENIED
    assert outcome(user, "UntagResource", resourceArn=arn, tagKeys=["a"])[0] == DENIED
    assert outcome(user, "UntagResource", resourceArn=arn, tagKeys=["stage"])[0] == ""


@pytest.mark.parametrize(
    ("operation", "members", "resource"),
    [
        ("GetService", {"name": "shop"}, "service/shop"),
        (
            "GetServiceInstance",
            {"serviceName": "shop", "name": "dev"},
            "service/shop/service-instance/dev",
        ),
        ("GetEnvironment", {"name": "dev"}, "environment/dev"),
        ("GetServiceTemplate", {"name": SERVICE_TEMPLATE}, f"service-template/{SERVICE_TEMPLATE}"),
        (
            "GetServiceTemplateVersion",
            {"templateName": SERVICE_TEMPLATE, "majorVersion": "1", "minorVersion": "0"},
            f"service-template/{SERVICE_TEMPLATE}",
        ),
        (
            "GetRepository",
            {"provider": "GITHUB", "name": "shop/infrastructure"},
            "repository/github:shop/infrastructure",
        ),
        ("GetComponent", {"name": "cache"}, "component/cache"),
    ],
)
def test_the_tags_of_the_resource_decide(
    seed: Seed,
    proton: Client,
    caller: Callable[..., Client],
    outcome: Outcome,
    operation: str,
    members: dict[str, str],
    resource: str,
) -> None:
    seed.service("shop")
    seed.component("cache", attach_to=("shop", "dev"))
    seed.repository()
    user = caller(allow(StringEquals={"aws:ResourceTag/team": "web"}))
    assert outcome(user, operation, **members)[0] == DENIED

    proton.tag_resource(resourceArn=f"{ARN}{resource}", tags=tags(team="web"))

    assert outcome(user, operation, **members) == ("", "")


@pytest.mark.rule("10.4-3")
@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("CreateService", {"name": "b", "templateMajorVersion": "1", "spec": SPEC}),
        ("UpdateService", {"name": "shop", "description": "x"}),
        ("DeleteService", {"name": "shop"}),
        ("CreateServiceInstance", {"serviceName": "shop", "name": "a", "spec": SPEC}),
        ("UpdateServiceInstance", {"serviceName": "shop", "name": "dev", "deploymentType": "NONE"}),
        ("UpdateServicePipeline", {"serviceName": "shop", "spec": SPEC, "deploymentType": "NONE"}),
        ("CancelServicePipelineDeployment", {"serviceName": "shop"}),
        (
            "CancelServiceInstanceDeployment",
            {"serviceName": "shop", "serviceInstanceName": "dev"},
        ),
    ],
)
def test_the_service_template_can_be_asked_for(
    seed: Seed,
    caller: Callable[..., Client],
    outcome: Outcome,
    operation: str,
    members: dict[str, str],
) -> None:
    seed.service("shop")
    if operation == "CreateService":
        members = {**members, "templateName": SERVICE_TEMPLATE}
    template = f"{ARN}service-template/{SERVICE_TEMPLATE}"

    others = caller(allow(StringEquals={"proton:ServiceTemplate": f"{template}-other"}))
    assert outcome(others, operation, **members)[0] == DENIED
    own = caller(allow(StringEquals={"proton:ServiceTemplate": template}))
    assert outcome(own, operation, **members)[0] != DENIED


@pytest.mark.rule("10.4-2")
@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("UpdateEnvironment", {"name": "dev", "deploymentType": "NONE", "description": "x"}),
        ("DeleteEnvironment", {"name": "dev"}),
        ("CancelEnvironmentDeployment", {"environmentName": "dev"}),
        (
            "CreateEnvironment",
            {
                "name": "b",
                "templateName": "environment-template",
                "templateMajorVersion": "1",
                "spec": "proton: EnvironmentSpec\nspec: {}\n",
                "protonServiceRoleArn": "arn:aws:iam::123456789012:role/proton",
            },
        ),
    ],
)
def test_the_environment_template_can_be_asked_for(
    seed: Seed,
    caller: Callable[..., Client],
    outcome: Outcome,
    operation: str,
    members: dict[str, str],
) -> None:
    seed.environment("dev")
    template = f"{ARN}environment-template/environment-template"

    others = caller(allow(ArnLike={"proton:EnvironmentTemplate": f"{ARN}environment-template/x*"}))
    assert outcome(others, operation, **members)[0] == DENIED
    own = caller(allow(ArnLike={"proton:EnvironmentTemplate": template}))
    assert outcome(own, operation, **members)[0] != DENIED


@pytest.mark.rule("10.4-2")
def test_the_policy_of_the_guide_denies_one_template_and_nothing_else(
    seed: Seed, caller: Callable[..., Client], outcome: Outcome
) -> None:
    """A policy of the user guide, from its condition-key based policy examples.

    Its StringEqualsIfExists would deny the calls without the key, too, as IAM documents it.
    """
    seed.service("shop")
    template = f"{ARN}service-template/{SERVICE_TEMPLATE}"
    user = caller(
        {"Effect": "Allow", "Action": "proton:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "proton:*",
            "Resource": "*",
            "Condition": {"StringEquals": {"proton:ServiceTemplate": template}},
        },
    )

    assert outcome(user, "UpdateService", name="shop", description="x")[0] == DENIED
    assert outcome(user, "GetService", name="shop")[0] == ""
    assert outcome(user, "ListServiceTemplates")[0] == ""
