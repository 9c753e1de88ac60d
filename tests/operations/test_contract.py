"""The operations, checked against the service model."""

from __future__ import annotations

from typing import Any

import pytest

from moto_proton import api
from moto_proton.mock import MockProton
from moto_proton.proton import exceptions
from moto_proton.proton.authorization.access import resource_arns
from moto_proton.proton.backend import proton_backends
from moto_proton.proton.responses import OPERATIONS

TO_COME: frozenset[str] = frozenset()
"""The operations that later releases bring."""

PREFIX = "arn:aws:proton:us-east-1:123456789012:"
MEMBERS = {
    "name": "shop",
    "service_name": "shop",
    "service_instance_name": "dev",
    "environment_name": "dev",
    "component_name": "cache",
    "id": "1234",
    "template_name": "web",
    "major_version": "1",
    "minor_version": "0",
    "provider": "GITHUB_ENTERPRISE",
    "resource_arn": f"{PREFIX}environment/dev",
}
OF_NAME = {
    "EnvironmentTemplate": "environment-template/shop",
    "ServiceTemplate": "service-template/shop",
    # All actions on versions have the template's resource type (SAR).
    "EnvironmentTemplateVersion": "environment-template/web",
    "ServiceTemplateVersion": "service-template/web",
    "Environment": "environment/shop",
    "Service": "service/shop",
    "ServiceInstance": "service/shop/service-instance/shop",
    "ServicePipeline": "service/shop",
    "Component": "component/shop",
    "Repository": "repository/github_enterprise:shop",
    "AccountSettings": "*",
}
RESOURCES = {
    "Create": OF_NAME,
    "Get": OF_NAME,
    "Update": OF_NAME,
    "Delete": OF_NAME,
    "Cancel": {
        "EnvironmentDeployment": "environment/dev",
        "ServiceInstanceDeployment": "service/shop/service-instance/dev",
        "ServicePipelineDeployment": "service/shop",
    },
}
OTHERS = {
    "ListEnvironmentTemplateVersions": "environment-template/web",
    "ListServiceTemplateVersions": "service-template/web",
    "NotifyResourceDeploymentStatusChange": "environment/dev",
    "TagResource": "environment/dev",
    "UntagResource": "environment/dev",
    "ListTagsForResource": "environment/dev",
    "CancelComponentDeployment": "component/cache",
    "GetDeployment": "deployment/1234",
    "DeleteDeployment": "deployment/1234",
    **{
        f"List{noun}{what}": resource
        for what in ("Outputs", "ProvisionedResources")
        for noun, resource in (
            ("Component", "component/cache"),
            ("Environment", "environment/dev"),
            ("ServiceInstance", "service/shop/service-instance/dev"),
            ("ServicePipeline", "service/shop"),
        )
    },
    "CreateEnvironmentAccountConnection": "*",
    **{
        f"{verb}EnvironmentAccountConnection": "environment-account-connection/1234"
        for verb in ("Accept", "Delete", "Get", "Reject", "Update")
    },
}


def expected_resource(operation: str) -> str:
    if operation in OTHERS:
        return OTHERS[operation]
    for verb, resources in RESOURCES.items():
        if operation.startswith(verb) and operation.removeprefix(verb) in resources:
            return resources[operation.removeprefix(verb)]
    return "*"


def required(operation: str) -> list[str]:
    shape: Any = api.service_model().operation_model(operation).input_shape
    return [api.snake_case(name) for name in shape.required_members]


def test_every_handler_is_of_an_operation_of_the_model() -> None:
    assert set(OPERATIONS) <= api.operation_names()
    assert all(callable(handler) for handler in OPERATIONS.values())


def test_every_operation_is_offered_or_to_come() -> None:
    assert api.operation_names() - set(OPERATIONS) == TO_COME


def test_every_error_of_the_model_has_its_class() -> None:
    direct = {error.code: error for error in exceptions.ProtonError.__subclasses__()}
    shapes: Any = api.service_model().error_shapes

    assert set(direct) == {shape.name for shape in shapes}
    assert direct == exceptions.ERRORS_BY_CODE
    for shape in shapes:
        ours = shape.name == "InternalServerException"
        assert direct[shape.name].status == (500 if ours else 400)
        assert direct[shape.name]("why").message == "why"


def test_every_operation_can_answer_what_all_of_them_can() -> None:
    for operation in OPERATIONS:
        assert {
            "AccessDeniedException",
            "InternalServerException",
            "ThrottlingException",
            "ValidationException",
        } <= api.error_codes(operation)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_operation_asks_access_to_what_it_names(
    proton_mock: MockProton, operation: str
) -> None:
    store = proton_backends["123456789012"]["us-east-1"].store
    members = {name: MEMBERS.get(name, "x") for name in required(operation)}

    arn, *others = resource_arns(store, operation, members)

    expected = expected_resource(operation)
    assert arn == (expected if expected == "*" else PREFIX + expected)
    # Two actions have two required resource types (SAR).
    two = operation in ("ListServiceInstanceOutputs", "ListServiceInstanceProvisionedResources")
    assert others == ([PREFIX + "service/shop"] if two else [])
