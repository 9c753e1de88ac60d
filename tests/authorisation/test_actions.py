"""Each operation asks for its own action, on the resources of the Service Authorization Reference.

The table below, resource by operation, was written from the reference and not from our code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton import api

Client: TypeAlias = Any

PREFIX = "arn:aws:proton:us-east-1:123456789012:"
ID = "12345678-1234-1234-1234-123456789012"
ENVIRONMENT = "environment/dev-env"
SERVICE = "service/shop"
INSTANCE = "service/shop/service-instance/dev"
COMPONENT = "component/cache"
ENVIRONMENT_TEMPLATE = "environment-template/network"
SERVICE_TEMPLATE = "service-template/web"
REPOSITORY = "repository/github:shop/app"
CONNECTION = f"environment-account-connection/{ID}"
DEPLOYMENT = f"deployment/{ID}"

RESOURCES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("CreateEnvironment", "GetEnvironment", "UpdateEnvironment", "DeleteEnvironment"),
        (ENVIRONMENT,),
    ),
    **dict.fromkeys(
        (
            "CancelEnvironmentDeployment",
            "ListEnvironmentOutputs",
            "ListEnvironmentProvisionedResources",
            "NotifyResourceDeploymentStatusChange",
            "ListTagsForResource",
            "TagResource",
            "UntagResource",
        ),
        (ENVIRONMENT,),
    ),
    **dict.fromkeys(
        (
            "CreateService",
            "GetService",
            "UpdateService",
            "DeleteService",
            "UpdateServicePipeline",
            "CancelServicePipelineDeployment",
            "ListServicePipelineOutputs",
            "ListServicePipelineProvisionedResources",
        ),
        (SERVICE,),
    ),
    **dict.fromkeys(
        (
            "CreateServiceInstance",
            "GetServiceInstance",
            "UpdateServiceInstance",
            "CancelServiceInstanceDeployment",
        ),
        (INSTANCE,),
    ),
    **dict.fromkeys(
        ("ListServiceInstanceOutputs", "ListServiceInstanceProvisionedResources"),
        (INSTANCE, SERVICE),
    ),
    **dict.fromkeys(
        (
            "CreateComponent",
            "GetComponent",
            "UpdateComponent",
            "DeleteComponent",
            "CancelComponentDeployment",
            "ListComponentOutputs",
            "ListComponentProvisionedResources",
        ),
        (COMPONENT,),
    ),
    **{
        f"{verb}{kind}Template{what}": (resource,)
        for kind, resource in (
            ("Environment", ENVIRONMENT_TEMPLATE),
            ("Service", SERVICE_TEMPLATE),
        )
        for verb in ("Create", "Get", "Update", "Delete")
        for what in ("", "Version")
    },
    "ListEnvironmentTemplateVersions": (ENVIRONMENT_TEMPLATE,),
    "ListServiceTemplateVersions": (SERVICE_TEMPLATE,),
    **dict.fromkeys(("CreateRepository", "GetRepository", "DeleteRepository"), (REPOSITORY,)),
    **{
        f"{verb}EnvironmentAccountConnection": (CONNECTION,)
        for verb in ("Accept", "Delete", "Get", "Reject", "Update")
    },
    **dict.fromkeys(("GetDeployment", "DeleteDeployment"), (DEPLOYMENT,)),
}
"""What each operation asks access to; those that are not here ask for ``*``."""

_NAMES = {
    "Service": "shop",
    "ServiceInstance": "dev",
    "Environment": "dev-env",
    "Component": "cache",
    "EnvironmentTemplate": "network",
    "ServiceTemplate": "web",
}
_FITTING = {
    "environmentName": "dev-env",
    "serviceName": "shop",
    "serviceInstanceName": "dev",
    "componentName": "cache",
    "resourceArn": PREFIX + ENVIRONMENT,
    "managementAccountId": "123456789012",
    "provider": "GITHUB",
    "repositoryProvider": "GITHUB",
    "repositoryName": "shop/app",
    "majorVersion": "1",
    "minorVersion": "0",
    "templateMajorVersion": "1",
    "id": ID,
    "deploymentType": "NONE",
    "spec": "x",
    "manifest": "x",
    "templateFile": "x",
    "source": {"s3": {"bucket": "bundles", "key": "key"}},
    "compatibleEnvironmentTemplates": [{"templateName": "network", "majorVersion": "1"}],
    "connectionArn": "arn:aws:codestar-connections:us-east-1:123456789012:connection/x",
    "tags": [],
    "tagKeys": ["a"],
    "branch": "main",
    "filePath": "ops.yaml",
    "syncType": "TEMPLATE_SYNC",
    "templateType": "SERVICE",
    "resolvedReason": "x",
    "templateVersion": "1",
    "requestedBy": "ENVIRONMENT_ACCOUNT",
}


def request_of(operation: str) -> dict[str, Any]:
    """A request for the resources of the table that passes the constraints."""
    shape: Any = api.service_model().operation_model(operation).input_shape
    request = {name: _FITTING.get(name) for name in shape.required_members}
    if "templateName" in request:
        request["templateName"] = "network" if "EnvironmentT" in operation else "web"
        if operation == "CreateEnvironment":
            request["templateName"] = "network"
    if "name" in request:
        noun = max((each for each in _NAMES if each in operation), key=len, default="Repository")
        request["name"] = _NAMES.get(noun, "shop/app")
    if "Blocker" in operation and "id" in request:
        request["id"] = ID
    return request


ON_RESOURCES = sorted(RESOURCES)
OPERATIONS = sorted(api.operation_names())


def test_the_table_is_of_operations_there_are() -> None:
    assert set(RESOURCES) <= api.operation_names()
    assert len(OPERATIONS) == 87


@pytest.mark.rule("10.4-1")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_who_may_do_just_this_here_may(
    caller: Callable[..., Client], outcome: Callable[..., tuple[str, str]], operation: str
) -> None:
    resources = [PREFIX + each for each in RESOURCES.get(operation, ())] or "*"
    user = caller({"Effect": "Allow", "Action": f"proton:{operation}", "Resource": resources})

    code, message = outcome(user, operation, **request_of(operation))

    assert code in ("", "ResourceNotFoundException", "ValidationException", "ConflictException")
    assert "constraint" not in message


@pytest.mark.rule("10.4-7")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_who_may_do_everything_else_is_refused(
    caller: Callable[..., Client], outcome: Callable[..., tuple[str, str]], operation: str
) -> None:
    user = caller({"Effect": "Allow", "NotAction": f"proton:{operation}", "Resource": "*"})
    asked = [PREFIX + each for each in RESOURCES.get(operation, ())] or ["*"]

    assert outcome(user, operation, **request_of(operation)) == (
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/marymajor is not authorized to perform: "
        f"proton:{operation} on resource: {asked[0]}",
    )


@pytest.mark.parametrize(
    ("operation", "resource"),
    [(operation, each) for operation in ON_RESOURCES for each in RESOURCES[operation]],
)
def test_who_may_do_it_everywhere_but_here_is_refused(
    caller: Callable[..., Client],
    outcome: Callable[..., tuple[str, str]],
    operation: str,
    resource: str,
) -> None:
    allowed = [PREFIX + each for each in RESOURCES[operation] if each != resource]
    elsewhere = f"{PREFIX}{resource}x", f"{PREFIX.replace('us-east-1', 'eu-west-1')}{resource}"
    user = caller(
        {
            "Effect": "Allow",
            "Action": "proton:*",
            "Resource": [*allowed, *elsewhere, f"{PREFIX}repository/{resource}"],
        }
    )

    code, message = outcome(user, operation, **request_of(operation))

    assert code == "AccessDeniedException"
    assert message.endswith(f"proton:{operation} on resource: {PREFIX}{resource}")


@pytest.mark.rule("10.4-6")
@pytest.mark.parametrize("operation", sorted(api.operation_names() - RESOURCES.keys()))
def test_an_action_without_resource_level_asks_for_all_resources(
    caller: Callable[..., Client], outcome: Callable[..., tuple[str, str]], operation: str
) -> None:
    user = caller({"Effect": "Allow", "Action": "proton:*", "Resource": f"{PREFIX}*"})

    code, message = outcome(user, operation, **request_of(operation))

    assert code == "AccessDeniedException"
    assert message.endswith(f"proton:{operation} on resource: *")


@pytest.mark.parametrize(
    ("filters", "resource"),
    [
        ({"environmentName": "dev-env"}, ENVIRONMENT),
        ({"serviceName": "shop"}, SERVICE),
        ({"serviceName": "shop", "serviceInstanceName": "dev"}, INSTANCE),
    ],
)
def test_a_list_of_components_asks_for_what_narrows_it(
    caller: Callable[..., Client],
    outcome: Callable[..., tuple[str, str]],
    filters: dict[str, str],
    resource: str,
) -> None:
    user = caller(
        {"Effect": "Allow", "Action": "proton:ListComponents", "Resource": PREFIX + resource}
    )

    assert outcome(user, "ListComponents", **filters)[0] != "AccessDeniedException"
    assert outcome(user, "ListComponents")[0] == "AccessDeniedException"
