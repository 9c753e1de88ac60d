"""Calls on resources of every kind, as strategies: an operation and its members.

An integer in place of an id or an ARN stands for one of those that there are when the call is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from moto_proton.seed import SERVICE_TEMPLATE, SERVICE_TEMPLATE_WITH_PIPELINE

Call: TypeAlias = tuple[str, dict[str, Any]]

OWN: Final = "123456789012"
OTHER: Final = "111122223333"
ROLE = f"arn:aws:iam::{OWN}:role/proton"
LINK = f"arn:aws:codestar-connections:us-east-1:{OWN}:connection/x"

services = st.sampled_from(["shop", "shop", "cart"])
instances = st.sampled_from(["dev", "prod", "canary"])
environments = st.sampled_from(["dev-env", "dev-env", "own-env", "new-env"])
components = st.sampled_from(["cache", "queue"])
templates = st.sampled_from(["environment-template", "spare"])
service_templates = st.sampled_from([SERVICE_TEMPLATE, SERVICE_TEMPLATE_WITH_PIPELINE, "spare"])
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


def call(operation: str, **members: st.SearchStrategy[Any]) -> st.SearchStrategy[Call]:
    return st.fixed_dictionaries(dict(members)).map(lambda made: (operation, made))


GITHUB = st.just("GITHUB")
NUMBERS = st.integers(min_value=0, max_value=50)
"""Stands for an id or ARN: that of the so-manieth thing that there is when the call is made."""
ENVIRONMENT_SPEC = st.just("proton: EnvironmentSpec\nspec: {}\n")
tags = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("ab"), "value": st.sampled_from("xy")}),
    max_size=2,
)
sync = {"repositoryProvider": GITHUB, "repositoryName": repositories, "branch": st.just("main")}
SERVICE_CALLS = st.one_of(
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
        templateName=st.just(SERVICE_TEMPLATE_WITH_PIPELINE),
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
ENVIRONMENT_CALLS = st.one_of(
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
COMPONENT_CALLS = st.one_of(
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
TEMPLATE_CALLS = st.one_of(
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
OTHER_CALLS = st.one_of(
    call("create_repository", provider=GITHUB, name=repositories, connectionArn=st.just(LINK)),
    call("delete_repository", provider=GITHUB, name=repositories),
    call(
        "create_template_sync_config",
        templateName=templates,
        templateType=st.just("ENVIRONMENT"),
        **sync,
    ),
    call(
        "delete_template_sync_config", templateName=templates, templateType=st.just("ENVIRONMENT")
    ),
    call("create_service_sync_config", serviceName=services, filePath=st.just("ops.yaml"), **sync),
    call("delete_service_sync_config", serviceName=services),
    call(
        "create_environment_account_connection",
        environmentName=environments,
        managementAccountId=st.just(OWN),
        roleArn=st.just(f"arn:aws:iam::{OTHER}:role/proton"),
    ),
    call("accept_environment_account_connection", id=NUMBERS),
    call("reject_environment_account_connection", id=NUMBERS),
    call("delete_environment_account_connection", id=NUMBERS),
    call("tag_resource", resourceArn=NUMBERS, tags=tags),
    call("untag_resource", resourceArn=NUMBERS, tagKeys=st.just(["a"])),
    call(
        "notify_resource_deployment_status_change",
        resourceArn=NUMBERS,
        status=st.sampled_from(["SUCCEEDED", "FAILED", "IN_PROGRESS"]),
    ),
    call("delete_deployment", id=NUMBERS),
)
CALLS = st.one_of(
    SERVICE_CALLS, SERVICE_CALLS, ENVIRONMENT_CALLS, COMPONENT_CALLS, TEMPLATE_CALLS, OTHER_CALLS
)
FAULTY = st.one_of(
    st.builds("service/{}/service-instance/{}".format, services, instances),
    st.builds("service/{}/pipeline/*".format, services),
    st.builds("environment/{}".format, environments),
    st.builds("component/{}".format, components),
)
