"""The JSON protocol: raw requests, valid and invalid, and their answers."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests
from botocore.exceptions import ClientError

from moto_proton.mock import MockProton
from moto_proton.proton.responses import OPERATIONS, base
from moto_proton.seed import Seed
from tests.support.refusals import nothing_changes

Client: TypeAlias = Any

URL = "https://proton.us-east-1.amazonaws.com/"
TYPE = "application/x-amz-json-1.0"
MODELLED = "com.amazonaws.proton.v20200720#"
FRAMEWORK = "com.amazon.coral.service#"
PROTON = "AwsProton20200720"


class Raw:
    """Posts a request, and checks that the answer has the form that all answers have."""

    def __call__(
        self,
        operation: str | None,
        body: str | bytes = b"{}",
        *,
        url: str = URL,
        target: str | None = None,
        **headers: str,
    ) -> tuple[int, dict[str, Any]]:
        sent = {"Content-Type": TYPE, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if target is not None or operation is not None:
            sent["X-Amz-Target"] = target if target is not None else f"{PROTON}.{operation}"
        data = body.encode() if isinstance(body, str) else body
        response = requests.post(url, data=data, headers=sent, timeout=100)
        assert response.headers["Content-Type"] == TYPE
        assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["x-amzn-RequestId"])
        answer: dict[str, Any] = response.json()
        if response.status_code != 200:
            assert set(answer) == {"__type", "message"}
            assert "Traceback" not in answer["message"]
        return response.status_code, answer


@pytest.fixture
def raw(proton_mock: MockProton) -> Raw:
    return Raw()


# --- what comes back ----------------------------------------------------------------------------


@pytest.mark.rule("1.3-1")
def test_a_good_request_is_answered_with_the_members_of_the_output(raw: Raw) -> None:
    status, answer = raw("CreateEnvironmentTemplate", '{"name": "vpc"}')

    assert status == 200
    template = answer["environmentTemplate"]
    assert set(template) == {"arn", "createdAt", "displayName", "lastModifiedAt", "name"}
    assert isinstance(template["createdAt"], float)
    assert template["createdAt"] == round(template["createdAt"], 3)


@pytest.mark.rule("1.3-2")
@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("TagResource", {"tags": [{"key": "a", "value": "1"}]}),
        ("UntagResource", {"tagKeys": ["a"]}),
    ],
)
def test_an_empty_output_is_an_empty_object(raw: Raw, operation: str, body: dict[str, Any]) -> None:
    _, made = raw("CreateEnvironmentTemplate", '{"name": "vpc"}')
    body["resourceArn"] = made["environmentTemplate"]["arn"]

    assert raw(operation, json.dumps(body)) == (200, {})


@pytest.mark.rule("1.3-3")
def test_the_delete_of_nothing_is_an_empty_object(raw: Raw) -> None:
    assert raw("DeleteService", '{"name": "shop"}') == (200, {})


@pytest.mark.rule("6.0.4-3", "6.0.4-7")
def test_an_empty_list_is_there_and_a_token_is_not(raw: Raw) -> None:
    assert raw("ListServices") == (200, {"services": []})


@pytest.mark.rule("1.1-5")
@pytest.mark.parametrize("body", [b"", b"{}", b" {} ", b'{"nextToken": null}'])
def test_a_body_may_be_empty(raw: Raw, body: bytes) -> None:
    assert raw("ListServices", body) == (200, {"services": []})


def test_a_null_member_counts_as_absent(raw: Raw) -> None:
    _, answer = raw("CreateServiceTemplate", '{"name": "web", "description": null, "tags": null}')

    assert "description" not in answer["serviceTemplate"]


def test_a_member_that_the_model_does_not_have_is_ignored(raw: Raw) -> None:
    status, answer = raw("CreateServiceTemplate", '{"name": "web", "colour": {"a": [1]}}')

    assert (status, answer["serviceTemplate"]["name"]) == (200, "web")
    assert "colour" not in answer["serviceTemplate"]


def test_the_last_of_a_member_given_twice_counts(raw: Raw) -> None:
    _, answer = raw("CreateServiceTemplate", '{"name": "web", "name": "shop"}')

    assert answer["serviceTemplate"]["name"] == "shop"


@pytest.mark.parametrize("escaped", [True, False])
def test_text_outside_ascii_comes_back_as_it_was(raw: Raw, escaped: bool) -> None:
    text = "Grüße, 世界 🚀"
    body = json.dumps({"name": "web", "description": text}, ensure_ascii=escaped)

    _, answer = raw("CreateServiceTemplate", body)

    assert answer["serviceTemplate"]["description"] == text


def test_half_of_a_surrogate_pair_is_no_traceback(raw: Raw) -> None:
    status, _ = raw("CreateServiceTemplate", '{"name": "web", "description": "\\ud800"}')

    assert status in (200, 400)


def test_a_compressed_body_is_read(raw: Raw) -> None:
    body = gzip.compress(b'{"name": "web"}')

    status, answer = raw("CreateServiceTemplate", body, Content_Encoding="gzip")

    assert (status, answer["serviceTemplate"]["name"]) == (200, "web")


def test_the_wrong_content_type_does_not_matter(raw: Raw) -> None:
    assert raw("ListServices", Content_Type="text/plain") == (200, {"services": []})


# --- refused before any operation ----------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"name": "web",}', id="trailing comma"),
        pytest.param(b"{'name': 'web'}", id="single quotes"),
        pytest.param(b"name=web", id="a form"),
        pytest.param(b"<name>web</name>", id="XML"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"web"', id="a string"),
        pytest.param(b"1", id="a number"),
        pytest.param(b'{"name": "web"} {}', id="two objects"),
        pytest.param(b'\xff\xfe{"name": 1}', id="no UTF-8"),
        pytest.param(b'{"maxResults": NaN}', id="NaN"),
        pytest.param(b'{"maxResults": ' + b"9" * 5000 + b"}", id="a number of 5000 digits"),
        pytest.param(b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="very deep"),
        pytest.param(b'{"name": "' + b"a" * 5_000_000 + b'"}', id="very large"),
        pytest.param(gzip.compress(b"a" * 50_000_000), id="a bomb"),
        pytest.param(b"\x1f\x8bnot gzip", id="broken gzip"),
    ],
)
def test_a_broken_body_is_a_serialization_error(raw: Raw, body: bytes) -> None:
    with nothing_changes():
        status, answer = raw("CreateServiceTemplate", body)

        assert (status, answer["__type"]) == (400, f"{FRAMEWORK}SerializationException")
        assert len(answer["message"]) < 500


@pytest.mark.rule("1.1-3")
@pytest.mark.parametrize(
    "target",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param("ListServices", id="no prefix"),
        pytest.param("AwsProton20200720.", id="no operation"),
        pytest.param("AwsProton20200720.listServices", id="lower case"),
        pytest.param("AwsProton20200720.ListServices.x", id="too long"),
        pytest.param("AwsProton20190101.ListServices", id="another version"),
        pytest.param("DynamoDB_20120810.ListTables", id="another service"),
        pytest.param("AwsProton20200720.OPERATIONS", id="a name of ours"),
        pytest.param("AwsProton20200720.__class__", id="a name of Python's"),
        pytest.param("AwsProton20200720." + "x" * 5000, id="very long"),
    ],
)
def test_an_unknown_target_is_an_unknown_operation(raw: Raw, target: str | None) -> None:
    status, answer = raw(None, target=target)

    assert (status, answer["__type"]) == (400, f"{FRAMEWORK}UnknownOperationException")
    assert len(answer["message"]) < 500


def test_an_operation_that_is_not_offered_is_an_unknown_operation(
    raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = {name: handler for name, handler in OPERATIONS.items() if name != "ListServices"}
    monkeypatch.setattr(base, "OPERATIONS", fewer)

    status, answer = raw("ListServices")

    assert (status, answer["__type"]) == (400, f"{FRAMEWORK}UnknownOperationException")
    assert "ListServices" in answer["message"]


@pytest.mark.parametrize("path", ["services", "a/b?c=d"])
def test_another_path_is_answered_by_proton(raw: Raw, path: str) -> None:
    status, answer = raw(None, url=URL + path)

    assert (status, answer["__type"]) == (400, f"{FRAMEWORK}UnknownOperationException")


@pytest.mark.rule("1.1-2")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_answered_by_proton(proton_mock: MockProton, method: str) -> None:
    response = requests.request(method, URL, timeout=100)

    assert response.status_code == 400
    assert response.json()["__type"] == f"{FRAMEWORK}UnknownOperationException"


# --- refused by the model -----------------------------------------------------------------------


@pytest.mark.rule("1.4-24", "1.4-25")
@pytest.mark.parametrize(
    ("operation", "body", "message"),
    [
        pytest.param(
            "GetService",
            {},
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: "
            "Member must not be null",
            id="missing",
        ),
        pytest.param(
            "GetService",
            {"name": None},
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: "
            "Member must not be null",
            id="null",
        ),
        pytest.param(
            "GetService",
            {"name": "a.b"},
            "1 validation error detected: Value 'a.b' at 'name' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ^[0-9A-Za-z]+[0-9A-Za-z_\\-]*$",
            id="pattern",
        ),
        pytest.param(
            "ListServices",
            {"maxResults": 1000},
            "1 validation error detected: Value '1000' at 'maxResults' failed to satisfy "
            "constraint: Member must have value less than or equal to 100",
            id="range",
        ),
        pytest.param(
            "ListServiceInstances",
            {"sortOrder": "UP"},
            "1 validation error detected: Value 'UP' at 'sortOrder' failed to satisfy "
            "constraint: Member must satisfy enum value set: [ASCENDING, DESCENDING]",
            id="enum",
        ),
    ],
)
def test_a_refusal_is_worded_as_aws_words_it(
    raw: Raw, operation: str, body: dict[str, Any], message: str
) -> None:
    status, answer = raw(operation, json.dumps(body))

    assert (status, answer) == (
        400,
        {"__type": f"{MODELLED}ValidationException", "message": message},
    )


def test_several_problems_are_counted_together(raw: Raw) -> None:
    body = {"name": "a.b", "maxResults": 1, "tags": [{"key": ""}], "templateName": None}

    _, answer = raw("CreateEnvironment", json.dumps(body))

    message = answer["message"]
    assert message.startswith("6 validation errors detected: ")
    for where in ("name", "spec", "templateName", "templateMajorVersion"):
        assert f"'{where}'" in message
    for where in ("tags.1.member.key", "tags.1.member.value"):
        assert f"'{where}'" in message


@pytest.mark.parametrize("value", [1, 1.5, True, [], {}, ["web"], {"a": "b"}])
def test_a_value_of_the_wrong_type_is_refused(raw: Raw, value: object) -> None:
    with nothing_changes():
        status, answer = raw("CreateServiceTemplate", json.dumps({"name": value}))

        assert (status, answer["__type"]) == (400, f"{MODELLED}ValidationException")
        assert "'name'" in answer["message"]


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("ListServices", {"maxResults": "5"}),
        ("ListServices", {"maxResults": 5.0}),
        ("ListServices", {"maxResults": True}),
        ("UpdateAccountSettings", {"deletePipelineProvisioningRepository": "true"}),
        ("UpdateAccountSettings", {"pipelineProvisioningRepository": "shop/app"}),
        ("ListServiceInstances", {"filters": {"key": "name", "value": "x"}}),
        ("ListServiceInstances", {"filters": ["name"]}),
        ("ListServiceInstances", {"filters": [None]}),
        (
            "UntagResource",
            {"resourceArn": "arn:aws:proton:us-east-1:123456789012:service/a", "tagKeys": "a"},
        ),
        ("CreateEnvironmentTemplateVersion", {"templateName": "vpc", "source": []}),
        ("CreateEnvironmentTemplateVersion", {"templateName": "vpc", "source": {"s3": None}}),
        ("CreateEnvironmentTemplateVersion", {"templateName": "vpc", "source": {"git": {}}}),
    ],
)
def test_other_wrong_types_are_refused_too(raw: Raw, operation: str, body: dict[str, Any]) -> None:
    status, answer = raw(operation, json.dumps(body))

    assert (status, answer["__type"]) == (400, f"{MODELLED}ValidationException")
    assert "validation error" in answer["message"]


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_no_operation_trips_over_nonsense(raw: Raw, proton: Client, operation: str) -> None:
    members = proton.meta.service_model.operation_model(operation).input_shape.members
    for value in (None, "", "x", 0, -1, 1.5, True, [], [None], {}, {"x": None}, "\x00", "💥"):
        status, answer = raw(operation, json.dumps(dict.fromkeys(members, value)))
        assert status in (200, 400)
        if status == 400:
            assert answer["__type"].startswith(MODELLED)


# --- errors through botocore ----------------------------------------------------------------------


@pytest.mark.rule("1.4-1", "1.4-2")
def test_botocore_reads_code_message_and_request_id(proton: Client) -> None:
    with pytest.raises(proton.exceptions.ResourceNotFoundException) as caught:
        proton.get_service(name="shop")

    response = caught.value.response
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert response["message"] == response["Error"]["Message"] == "The service shop does not exist"
    metadata = response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 400
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]


def test_every_answer_has_a_request_id_of_its_own(proton: Client) -> None:
    ids = {proton.list_services()["ResponseMetadata"]["RequestId"] for _ in range(5)}

    assert len(ids) == 5


def test_an_error_of_the_protocol_is_a_client_error(proton: Client, unchecked: Client) -> None:
    with pytest.raises(ClientError) as caught:
        unchecked.create_service_template(name="web", description="x" * 4_300_000)

    assert caught.value.response["Error"]["Code"] == "SerializationException"


def test_an_unknown_region_is_named(clients: Callable[..., Client], proton: Client) -> None:
    with pytest.raises(ClientError, match="never in the region mars-north-1") as caught:
        clients("mars-north-1").list_services()

    assert caught.value.response["Error"]["Code"] == "UnknownEndpoint"


def test_the_largest_valid_request_is_read(proton: Client) -> None:
    """botocore writes twelve bytes for each of these characters."""
    Seed(proton).environment("dev")

    answer = proton.create_component(
        name="large",
        environmentName="dev",
        manifest="infrastructure:\n  templates:\n"
        "  - {file: a, rendering_engine: jinja, template_language: cloudformation}\n",
        templateFile="\N{GRINNING FACE}" * 51_200,
    )

    assert answer["component"]["name"] == "large"
