"""Rows 1 to 9: what the request itself may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.support.refusals import nothing_changes

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient


TOO_LONG = "proton: ServiceSpec #" + "x" * 51_180


@pytest.mark.parametrize(
    ("members", "member"),
    [
        pytest.param({"description": "new"}, "'name'", id="row-1-no-name"),
        pytest.param({"name": "-svc"}, "-svc", id="row-2-name-starts-with-a-hyphen"),
        pytest.param({"name": "my.svc"}, "my.svc", id="row-2-name-with-a-dot"),
        pytest.param({"name": "s" * 101}, "100", id="row-2-name-of-101-characters"),
        pytest.param({"name": "svc", "description": "d" * 501}, "500", id="row-3-description"),
        pytest.param({"name": "svc", "spec": ""}, "'spec'", id="row-4-empty-spec"),
        pytest.param({"name": "svc", "spec": TOO_LONG}, "51200", id="row-5-spec-too-long"),
        pytest.param(
            {"name": "arn:aws:proton:us-east-1:123456789012:service/svc"},
            "'name' failed to satisfy constraint: Member must satisfy regular expression pattern",
            id="row-9-name-given-as-an-arn",
        ),
    ],
)
@pytest.mark.usefixtures("proton")
def test_a_request_that_breaks_a_constraint_is_invalid(
    refused: Callable[..., None], members: dict[str, str], member: str
) -> None:
    refused(
        "update_service", "ValidationException", "1 validation error detected", member, **members
    )


@pytest.mark.row(5)
def test_a_spec_of_51200_characters_is_not_too_long(
    proton: ProtonClient, update: Callable[..., dict[str, Any]], spec: Callable[..., str]
) -> None:
    text = spec("a", "b")

    assert update(spec=text + "#" * (51_200 - len(text)))["status"] == "UPDATE_IN_PROGRESS"


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"description": "new"}, id="row-1-no-name"),
        pytest.param({"name": "svc", "spec": ""}, id="row-4-empty-spec"),
    ],
)
def test_boto3_refuses_it_before_sending(proton: Any, members: dict[str, str]) -> None:
    with pytest.raises(ParamValidationError):
        proton.update_service(**members)


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"description": "new"}, id="row-6-description"),
        pytest.param({"spec": "not even a spec"}, id="row-6-spec"),
        pytest.param({}, id="row-6-nothing"),
    ],
)
@pytest.mark.usefixtures("proton")
def test_an_unknown_service_is_not_found(
    refused: Callable[..., None], members: dict[str, str]
) -> None:
    refused("update_service", "ResourceNotFoundException", "other", name="other", **members)


@pytest.mark.row(6)
@pytest.mark.usefixtures("proton")
def test_names_are_case_sensitive(refused: Callable[..., None]) -> None:
    refused("update_service", "ResourceNotFoundException", "SVC", name="SVC", description="new")


@pytest.mark.row(7)
def test_a_service_of_another_region_is_not_found(
    proton: ProtonClient, get: Callable[[], dict[str, Any]]
) -> None:
    elsewhere = boto3.client("proton", region_name="eu-west-1")
    before = get()

    with pytest.raises(ClientError, match=r"ResourceNotFoundException.* svc "):
        elsewhere.update_service(name="svc", description="new")

    assert get() == before


@pytest.mark.row(7)
def test_a_service_of_another_account_is_not_found(
    proton: ProtonClient, get: Callable[[], dict[str, Any]]
) -> None:
    role = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn="arn:aws:iam::111111111111:role/other", RoleSessionName="other"
    )["Credentials"]
    other = boto3.client(
        "proton",
        region_name="us-east-1",
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )
    before = get()

    with pytest.raises(ClientError, match=r"ResourceNotFoundException.* svc "):
        other.update_service(name="svc", description="new")

    assert get() == before


@pytest.mark.row(8)
def test_neither_description_nor_spec_changes_nothing(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
) -> None:
    with nothing_changes():
        answer = update()

    assert answer == get()


@pytest.mark.row(8)
def test_a_call_that_changes_nothing_leaves_a_repeated_create_idempotent(
    empty: ProtonClient, make_svc: Callable[..., dict[str, Any]], spec: Callable[..., str]
) -> None:
    template = make_svc(pipeline=False, pipeline_inputs=None)["templateName"]
    request: dict[str, Any] = {
        "name": "other",
        "templateName": template,
        "templateMajorVersion": "1",
        "spec": spec("a", pipeline=None),
    }
    empty.create_service(**request)
    created = empty.get_service(name="other")["service"]

    empty.update_service(name="other")
    empty.create_service(**request)

    assert empty.get_service(name="other")["service"] == created
