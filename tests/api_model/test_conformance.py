"""What the model says of a response, and the few members that real Proton left out."""

from __future__ import annotations

from typing import Any

import pytest

from moto_proton.api import check_response, operation_names
from moto_proton.api.conformance import ABSENT_UNTIL_FIRST_SUCCESS
from moto_proton.api.service_model import Shape, output_shape

ENVIRONMENT = {
    "arn": "arn:aws:proton:us-east-1:123456789012:environment/dev",
    "name": "dev",
    "createdAt": 1615588782.318,
    "deploymentStatus": "IN_PROGRESS",
    "lastDeploymentAttemptedAt": 1615588782.318,
    "templateName": "vpc",
}
DEPLOYED = {
    "deploymentStatus": "SUCCEEDED",
    "lastDeploymentSucceededAt": 1615588782,
    "templateMajorVersion": "1",
    "templateMinorVersion": "0",
}


def problems_of(**changes: object) -> list[str]:
    return check_response("GetEnvironment", {"environment": {**ENVIRONMENT, **changes}})


def test_a_deployed_environment_has_no_problem() -> None:
    assert problems_of(**DEPLOYED) == []


@pytest.mark.rule("3.1-20")
@pytest.mark.parametrize("status", ["IN_PROGRESS", "FAILED", "DELETE_FAILED"])
def test_before_the_first_success_three_members_may_be_absent(status: str) -> None:
    assert problems_of(deploymentStatus=status) == []


def test_with_a_success_behind_it_an_environment_leaves_out_nothing() -> None:
    assert problems_of(deploymentStatus="SUCCEEDED") == [
        "environment.lastDeploymentSucceededAt: required by Environment, but missing",
        "environment.templateMajorVersion: required by Environment, but missing",
        "environment.templateMinorVersion: required by Environment, but missing",
    ]
    assert problems_of(deploymentStatus="FAILED", lastDeploymentSucceededAt=1) == [
        "environment.templateMajorVersion: required by Environment, but missing",
        "environment.templateMinorVersion: required by Environment, but missing",
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"colour": "red"}, "environment.colour: Environment has no such member", id="unknown"
        ),
        pytest.param({"name": None}, "environment.name: null", id="null"),
        pytest.param({"name": 5}, "environment.name: not a string: 5", id="number for a string"),
        pytest.param(
            {"createdAt": "2021-03-12"},
            "environment.createdAt: not a timestamp: '2021-03-12'",
            id="string for a time",
        ),
        pytest.param(
            {"createdAt": True},
            "environment.createdAt: not a timestamp: True",
            id="boolean for a time",
        ),
        pytest.param(
            {"provisioning": "SELF"},
            "environment.provisioning: not one of CUSTOMER_MANAGED: 'SELF'",
            id="outside the enum",
        ),
        pytest.param(
            {"provisioningRepository": {"arn": "a", "branch": "main", "name": "me/infra"}},
            "environment.provisioningRepository.provider: required by RepositoryBranch, "
            "but missing",
            id="missing in a nested structure",
        ),
    ],
)
def test_a_departure_from_the_model_is_told_with_its_path(
    changes: dict[str, object], problem: str
) -> None:
    assert problems_of(**{**DEPLOYED, **changes}) == [problem]


def test_elements_of_lists_are_looked_at() -> None:
    assert check_response("ListTagsForResource", {"tags": [{"key": "k", "value": "v"}, {}]}) == [
        "tags[1].key: required by Tag, but missing",
        "tags[1].value: required by Tag, but missing",
    ]


def test_a_required_list_may_be_empty_but_not_absent() -> None:
    assert check_response("ListServices", {"services": []}) == []
    assert check_response("ListServices", {}) == [
        "services: required by ListServicesOutput, but missing"
    ]


@pytest.mark.parametrize("wire", [[], "x", 5], ids=repr)
def test_a_response_that_is_no_object_is_a_problem(wire: object) -> None:
    assert check_response("ListServices", wire) == [f"response: not a structure: {wire!r}"]


def test_a_union_holds_one_member() -> None:
    deployment: dict[str, Any] = {
        "arn": "a",
        "createdAt": 1,
        "deploymentStatus": "SUCCEEDED",
        "environmentName": "dev",
        "id": "1",
        "lastModifiedAt": 1,
        "targetArn": "a",
        "targetResourceCreatedAt": 1,
        "targetResourceType": "ENVIRONMENT",
        "initialState": {},
    }
    assert check_response("GetDeployment", {"deployment": deployment}) == [
        "deployment.initialState: one member of the union DeploymentState must be set"
    ]


def test_the_delete_of_something_gone_may_answer_empty() -> None:
    for operation in operation_names():
        if operation.startswith("Delete"):
            assert check_response(operation, {}) == []


def test_the_table_of_exceptions_names_required_members_only() -> None:
    shapes: dict[str, Shape] = {}
    waiting = [output_shape(name) for name in operation_names()]
    while waiting:
        shape = waiting.pop()
        shapes[shape.name] = shape
        if shape.type_name == "structure":
            waiting.extend(shape.members.values())
        elif shape.type_name == "list":
            waiting.append(shape.member)
    for name, members in ABSENT_UNTIL_FIRST_SUCCESS.items():
        assert members <= set(shapes[name].required_members)
    excused = {"lastDeploymentSucceededAt", "templateMajorVersion"}
    undeployed = {
        name
        for name, shape in shapes.items()
        if shape.type_name == "structure" and excused <= set(shape.required_members)
    }
    assert undeployed == set(ABSENT_UNTIL_FIRST_SUCCESS)
