"""AWS JSON 1.0: targets, bodies and errors."""

from __future__ import annotations

import json

import pytest

from moto_proton.api import (
    CONTENT_TYPE,
    TARGET_PREFIX,
    MalformedBody,
    UnknownOperation,
    decode_body,
    error_body,
    operation_from_target,
    operation_names,
    service_model,
)


@pytest.mark.rule("1.1-1", "1.1-4")
def test_the_constants_are_those_of_the_model() -> None:
    metadata = service_model().metadata
    assert metadata["targetPrefix"] == TARGET_PREFIX
    assert f"application/x-amz-json-{metadata['jsonVersion']}" == CONTENT_TYPE


@pytest.mark.rule("1.1-3")
def test_every_operation_is_found_by_its_target() -> None:
    for name in operation_names():
        assert operation_from_target(f"{TARGET_PREFIX}.{name}") == name


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(None, id="no header"),
        pytest.param("", id="empty"),
        pytest.param("UpdateService", id="no prefix"),
        pytest.param("AwsProton20200720", id="no operation"),
        pytest.param("AwsProton20200720.", id="empty operation"),
        pytest.param("AwsProton20200720.updateService", id="lower case"),
        pytest.param("AwsProton20200720.UpdateService.More", id="something after"),
        pytest.param("DynamoDB_20120810.UpdateService", id="another service"),
        pytest.param("AwsProton20200720." + "x" * 100_000, id="very long"),
    ],
)
def test_a_target_of_no_operation_is_refused(target: str | None) -> None:
    with pytest.raises(UnknownOperation) as caught:
        operation_from_target(target)
    assert caught.value.code == "UnknownOperationException"
    assert caught.value.type == "com.amazon.coral.service#UnknownOperationException"
    assert caught.value.status == 400
    assert len(caught.value.message) < 300


@pytest.mark.rule("1.1-5")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(None, {}, id="none"),
        pytest.param(b"", {}, id="empty bytes"),
        pytest.param("", {}, id="empty text"),
        pytest.param(b"{}", {}, id="empty object"),
        pytest.param('{"name": "shöp"}'.encode(), {"name": "shöp"}, id="bytes"),
        pytest.param('{"name": "shop"}', {"name": "shop"}, id="text"),
        pytest.param(b'{"a": 1, "a": 2}', {"a": 2}, id="duplicate keys"),
        pytest.param(b' {"a": [1.5, true, null]}\n', {"a": [1.5, True, None]}, id="white space"),
        pytest.param(b'{"a": "\\ud800"}', {"a": "\ud800"}, id="lone surrogate"),
    ],
)
def test_a_json_object_is_read(body: bytes | str | None, expected: dict[str, object]) -> None:
    assert decode_body(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="broken off"),
        pytest.param(b"name=shop", id="a form"),
        pytest.param(b"   ", id="white space only"),
        pytest.param(b'{"a": 1} {"b": 2}', id="two objects"),
        pytest.param(b"{'a': 1}", id="single quotes"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'"shop"', id="a string"),
        pytest.param(b"\xff\xfe{}", id="not utf-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), id="utf-16"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="byte order mark"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="infinity"),
        pytest.param(b'{"a": ' + b"9" * 100_000 + b"}", id="huge integer"),
        pytest.param(b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", id="deep lists"),
        pytest.param(b'{"a":' * 200_000 + b"1" + b"}" * 200_000, id="deep objects"),
        pytest.param(b"\x00", id="zero byte"),
    ],
)
def test_anything_but_one_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedBody) as caught:
        decode_body(body)
    assert caught.value.type == "com.amazon.coral.service#SerializationException"
    assert caught.value.status == 400
    assert caught.value.message
    assert len(caught.value.message) < 300


@pytest.mark.rule("1.4-1", "1.4-2")
def test_an_error_of_the_model_carries_protons_namespace() -> None:
    assert json.loads(error_body("ConflictException", "busy: \ud800")) == {
        "__type": "com.amazonaws.proton.v20200720#ConflictException",
        "message": "busy: \ud800",
    }


def test_an_error_that_brings_its_namespace_keeps_it() -> None:
    error = MalformedBody("no")
    assert json.loads(error_body(error.type, error.message)) == {
        "__type": "com.amazon.coral.service#SerializationException",
        "message": "no",
    }
