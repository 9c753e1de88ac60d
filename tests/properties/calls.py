"""Calls on resources of every kind, as strategies: an operation and its members.

An integer in place of an id or an ARN stands for one of those that there are when the call is made.
Every operation that changes something is called.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from moto_proton.seed import SERVICE_TEMPLATE, SERVICE_TEMPLATE_WITH_PIPELINE

Call: TypeAlias = tuple[str, dict[str, Any]]
Offer: TypeAlias = tuple[str, st.SearchStrategy[Call]]
"""An operation, and calls of it."""

OWN: Final = "123456789012"
OTHER: Final = "111122223333"
BRANCH: Final = "main"
ROLE = f"arn:aws:iam::{OWN}:role/proton"
SERVICE_TEMPLATES: Final = (SERVICE_TEMPLATE, SERVICE_TEMPLATE_WITH_PIPELINE)
LINK = f"arn:aws:codestar-connections:us-east-1:{OWN}:connection/x"

services = st.sampled_from(["shop", "shop", "cart"])
instances = st.sampled_from(["dev", "prod", "canary"])
environments = st.sampled_from(["dev-env", "dev-env", "own-env", "new-env"])
components = st.sampled_from(["cache", "queue"])
templates = st.sampled_from(["environment-template", "spare"])
service_templates = st.sampled_from([*SERVICE_TEMPLATES, "spare"])
repositories = st.sampled_from(["shop/infrastructure", "shop/other"])
versions = st.sampled_from(["0", "1", "2"])
deployment_types = st.sampled_from(
    ["NONE", "CURRENT_VERSION", "CURRENT_VERSION", "MINOR_VERSION", "MAJOR_VERSION"]
)
entries = st.dictionaries(
    instances,
    st.tuples(st.sampled_from(["dev-env"] * 4 + ["new-env"]), st.sampled_from([None, None, 80])),
    min_size=1,
    max_size=3,
)


def spec_of(placed: Mapping[str, tuple[str, int | None]]) -> str:
    return json.dumps(
        {
            "proton": "ServiceSpec",
            "instances": [
                {"name": name, "environment": env, **({"spec": {"port": port}} if port else {})}
                for name, (env, port) in placed.items()
            ],
        }
    )


specs = entries.map(spec_of)


def any_of(offers: Iterable[Offer]) -> st.SearchStrategy[Call]:
    return st.one_of(*(calls for _, calls in offers))


def call(operation: str, **members: st.SearchStrategy[Any]) -> Offer:
    return operation, st.tuples(st.just(operation), st.fixed_dictionaries(dict(members)))


GITHUB = st.just("GITHUB")
NUMBERS = st.integers(min_value=0, max_value=50)
"""Stands for an id or ARN: that of the so-manieth thing that there is when the call is made."""
ENVIRONMENT_SPEC = st.just("proton: EnvironmentSpec\nspec: {}\n")
tags = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("ab"), "value": st.sampled_from("xy")}),
    max_size=2,
)
sync = {"repositoryProvider": GITHUB, "repositoryName": repositories, "branch": st.just(BRANCH)}
SERVICE_CALLS = (
    call("update_service", name=services, spec=specs),
    call("update_service", name=services, spec=specs),
    call("update_service", name=services, description=st.sampled_from("ab")),
    call(
        "create_service",
        name=services,
        templateName=service_templates,
        templateMajorVersion=st.just("1"),
        spec=specs,
    ),
    call(
        "create_service",
        name=services,
        templateName=st.sampled_from([SERVICE_TEMPLATE_WITH_PIPELINE, "spare"]),
        templateMajorVersion=st.just("1"),
        spec=specs,
        repositoryConnectionArn=st.just(LINK),
        repositoryId=st.just("shop/app"),
        branchName=st.just("main"),
    ),
    call("delete_service", name=services),
    call("create_service_instance", serviceName=services, name=instances, spec=specs),
    call(
        "update_service_instance",
        serviceName=services,
        name=instances,
        deploymentType=deployment_types,
        spec=specs,
    ),
    call(
        "update_service_instance",
        serviceName=services,
        name=instances,
        deploymentType=deployment_types,
    ),
    call("cancel_service_instance_deployment", serviceName=services, serviceInstanceName=instances),
    call(
        "update_service_pipeline", serviceName=services, deploymentType=deployment_types, spec=specs
    ),
    call("cancel_service_pipeline_deployment", serviceName=services),
)
ENVIRONMENT_CALLS = (
    call(
        "create_environment",
        name=environments,
        templateName=templates,
        templateMajorVersion=st.just("1"),
        spec=ENVIRONMENT_SPEC,
        protonServiceRoleArn=st.just(ROLE),
        componentRoleArn=st.just(ROLE),
    ),
    call(
        "create_environment",
        name=environments,
        templateName=templates,
        templateMajorVersion=st.just("1"),
        spec=ENVIRONMENT_SPEC,
        environmentAccountConnectionId=NUMBERS,
    ),
    call("update_environment", name=environments, deploymentType=deployment_types),
    call("delete_environment", name=environments),
    call("cancel_environment_deployment", environmentName=environments),
)
COMPONENT_CALLS = (
    call("create_component", name=components, serviceName=services, serviceInstanceName=instances),
    call("create_component", name=components, environmentName=environments),
    call("update_component", name=components, deploymentType=st.just("CURRENT_VERSION")),
    call(
        "update_component",
        name=components,
        deploymentType=st.just("CURRENT_VERSION"),
        serviceName=st.sampled_from(["", "shop"]),
        serviceInstanceName=st.sampled_from(["", "dev", "prod"]),
    ),
    call("delete_component", name=components),
    call("cancel_component_deployment", componentName=components),
)
TEMPLATE_CALLS = (
    *(
        call(f"{verb}_{kind}_template", name=names, **more)
        for kind, names in (("environment", templates), ("service", service_templates))
        for verb, more in (
            ("create", {"tags": tags}),
            ("update", {"description": st.sampled_from("ab")}),
            ("delete", {}),
        )
    ),
    *(
        call(
            f"{verb}_{kind}_template_version",
            templateName=names,
            majorVersion=st.just("1"),
            minorVersion=versions,
            **more,
        )
        for kind, names in (("environment", templates), ("service", service_templates))
        for verb, more in (("update", {"status": st.just("PUBLISHED")}), ("delete", {}))
    ),
    call(
        "create_environment_template_version",
        templateName=templates,
        majorVersion=st.just("1"),
        source=st.just({"s3": {"bucket": "bundles", "key": "x"}}),
    ),
    call(
        "create_service_template_version",
        templateName=service_templates,
        majorVersion=st.just("1"),
        source=st.just({"s3": {"bucket": "bundles", "key": "x"}}),
        compatibleEnvironmentTemplates=templates.map(
            lambda name: [{"templateName": name, "majorVersion": "1"}]
        ),
    ),
)
SYNC_CALLS = (
    *(
        call(
            f"{verb}_template_sync_config",
            templateName=names,
            templateType=st.just(kind),
            **more,
        )
        for kind, names in (("ENVIRONMENT", templates), ("SERVICE", service_templates))
        for verb, more in (
            ("create", sync),
            ("update", sync),
            ("update", {**sync, "subdirectory": st.sampled_from(["a", "a/b"])}),
            ("delete", {}),
        )
    ),
    *(
        call(f"{verb}_service_sync_config", serviceName=services, **more)
        for verb, more in (
            ("create", {**sync, "filePath": st.just("ops.yaml")}),
            ("create", {**sync, "filePath": st.just("ops.yaml")}),
            ("update", {**sync, "filePath": st.sampled_from(["ops.yaml", "a/b.yaml"])}),
            ("update", {**sync, "filePath": st.sampled_from(["ops.yaml", "a/b.yaml"])}),
            ("delete", {}),
        )
    ),
    call("update_service_sync_blocker", id=NUMBERS, resolvedReason=st.just("agreed")),
    call("update_service_sync_blocker", id=NUMBERS, resolvedReason=st.just("agreed")),
)
CONNECTION_CALLS = (
    call(
        "create_environment_account_connection",
        environmentName=environments,
        managementAccountId=st.just(OWN),
        roleArn=st.just(f"arn:aws:iam::{OTHER}:role/proton"),
    ),
    call(
        "update_environment_account_connection",
        id=NUMBERS,
        roleArn=st.sampled_from("ab").map(f"arn:aws:iam::{OTHER}:role/{{}}".format),
    ),
    call("accept_environment_account_connection", id=NUMBERS),
    call("reject_environment_account_connection", id=NUMBERS),
    call("delete_environment_account_connection", id=NUMBERS),
)
OTHER_CALLS = (
    call("update_account_settings", pipelineServiceRoleArn=st.sampled_from([ROLE, ROLE, ""])),
    call("update_account_settings", pipelineCodebuildRoleArn=st.sampled_from([ROLE, ROLE, ""])),
    call(
        "update_account_settings",
        pipelineProvisioningRepository=st.fixed_dictionaries(
            {"provider": GITHUB, "name": repositories, "branch": st.just(BRANCH)}
        ),
    ),
    call("update_account_settings", deletePipelineProvisioningRepository=st.just(True)),
    call("create_repository", provider=GITHUB, name=repositories, connectionArn=st.just(LINK)),
    call("delete_repository", provider=GITHUB, name=repositories),
    call("tag_resource", resourceArn=NUMBERS, tags=tags),
    call("untag_resource", resourceArn=NUMBERS, tagKeys=st.just(["a"])),
    call(
        "notify_resource_deployment_status_change",
        resourceArn=NUMBERS,
        status=st.sampled_from(["SUCCEEDED", "FAILED", "IN_PROGRESS"]),
        outputs=st.sampled_from([[], [{"key": "Name", "valueString": "store"}]]),
    ),
    call("delete_deployment", id=NUMBERS),
)
ALL_CALLS: Final = (
    *SERVICE_CALLS,
    *ENVIRONMENT_CALLS,
    *COMPONENT_CALLS,
    *TEMPLATE_CALLS,
    *SYNC_CALLS,
    *CONNECTION_CALLS,
    *OTHER_CALLS,
)
FAULTY = st.one_of(
    st.builds("service/{}/service-instance/{}".format, services, instances),
    st.builds("service/{}/pipeline/*".format, services),
    st.builds("environment/{}".format, environments),
    st.builds("component/{}".format, components),
)

HELD_BY = {
    "environment": "environment",
    "service-instance": "service_instance",
    "pipeline": "service_pipeline",
    "component": "component",
}
CURRENT = {"deploymentType": "CURRENT_VERSION"}


def update_of(kind: str, resource: dict[str, Any]) -> tuple[Call, Call]:
    """The calls that update a resource as it is, and that cancel it; of a service its pipeline."""
    if kind == "pipeline":
        name = {"serviceName": resource["name"]}
        return (
            ("update_service_pipeline", {**name, **CURRENT, "spec": resource["spec"]}),
            ("cancel_service_pipeline_deployment", name),
        )
    if kind == "service-instance":
        service, name = {"serviceName": resource["serviceName"]}, resource["name"]
        return (
            ("update_service_instance", {**service, "name": name, **CURRENT}),
            ("cancel_service_instance_deployment", {**service, "serviceInstanceName": name}),
        )
    return (
        (f"update_{kind}", {"name": resource["name"], **CURRENT}),
        (f"cancel_{kind}_deployment", {f"{kind}Name": resource["name"]}),
    )


_VERSION = {"templateName": "spare", "majorVersion": "1"}
_SOURCE = {"s3": {"bucket": "bundles", "key": "x"}}  # is not there, which says nothing
_COMPATIBLE = [{"templateName": "environment-template", "majorVersion": "1"}]
_THROUGH = {"provider": "GITHUB", "name": "shop/infrastructure", "branch": BRANCH}
_OF_TEMPLATE = {"templateName": "spare", "templateMajorVersion": "1"}
_LINKED = {"repositoryConnectionArn": LINK, "repositoryId": "shop/app", "branchName": BRANCH}
_SPEC = spec_of({"dev": ("dev-env", None)})
CART_CALLS: Final[tuple[Call, ...]] = (
    ("create_service_template", {"name": "spare"}),
    (
        "create_service_template_version",
        {
            "templateName": "spare",
            "source": _SOURCE,
            "compatibleEnvironmentTemplates": _COMPATIBLE,
        },
    ),
    (
        "update_service_template_version",
        {**_VERSION, "minorVersion": "0", "status": "PUBLISHED"},
    ),
    ("update_account_settings", {"pipelineServiceRoleArn": ""}),
    ("update_account_settings", {"pipelineCodebuildRoleArn": ""}),
    ("update_account_settings", {"pipelineProvisioningRepository": _THROUGH}),
    ("create_service", {"name": "cart", "spec": _SPEC, **_OF_TEMPLATE, **_LINKED}),
)
"""What makes a service whose pipeline is self-managed: it has no role for it."""
