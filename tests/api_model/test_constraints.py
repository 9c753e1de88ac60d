"""Requests checked against the service model: which are accepted, which are refused, and the
messages.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moto_proton.api import InvalidRequest, operation_names, read_request, snake_case
from moto_proton.api.patterns import compiled
from moto_proton.api.service_model import Shape, input_shape

NAME_PATTERN = r"^[0-9A-Za-z]+[0-9A-Za-z_\-]*$"
PAGE_TOKEN_PATTERN = "^[A-Za-z0-9+=/]+$"
SOME_ARN = "arn:aws:proton:us-east-1:123456789012:service/shop"

TEMPLATE_VERSION = {
    "templateName": "web",
    "compatibleEnvironmentTemplates": [{"templateName": "vpc", "majorVersion": "1"}],
    "source": {"s3": {"bucket": "bundles", "key": "web.tar.gz"}},
}


def refusals(operation: str, body: Mapping[str, object]) -> tuple[str, ...]:
    with pytest.raises(InvalidRequest) as caught:
        read_request(operation, body)
    return caught.value.messages


# What passes ------------------------------------------------------------------------------------


def test_a_request_comes_back_in_snake_case_throughout() -> None:
    assert read_request("CreateServiceTemplateVersion", TEMPLATE_VERSION) == {
        "template_name": "web",
        "compatible_environment_templates": [{"template_name": "vpc", "major_version": "1"}],
        "source": {"s3": {"bucket": "bundles", "key": "web.tar.gz"}},
    }


def test_what_comes_back_shares_nothing_with_what_went_in() -> None:
    body: dict[str, Any] = {"resourceArn": SOME_ARN, "tags": [{"key": "team", "value": "shop"}]}
    request = read_request("TagResource", body)
    body["tags"][0]["key"] = "changed"
    body["tags"].append({"key": "more", "value": ""})
    assert request["tags"] == [{"key": "team", "value": "shop"}]


def test_a_null_member_counts_as_absent() -> None:
    assert read_request("UpdateService", {"name": "shop", "spec": None}) == {"name": "shop"}


def test_a_member_that_the_model_does_not_know_is_ignored() -> None:
    body = {"name": "shop", "colour": "red", "Name": "x", "deep": [[[{}]]]}
    assert read_request("UpdateService", body) == {"name": "shop"}


def test_lengths_count_code_points() -> None:
    accepted = {"name": "shop", "description": "🛒" * 500}
    assert read_request("UpdateService", accepted)["description"] == "🛒" * 500
    assert refusals("UpdateService", {"name": "shop", "description": "🛒" * 501}) == (
        "Value at 'description' failed to satisfy constraint: "
        "Member must have length less than or equal to 500",
    )


@pytest.mark.parametrize("operation", sorted(operation_names()))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.costly
def test_a_valid_request_of_any_operation_is_read_whole(
    operation: str, data: st.DataObject
) -> None:
    shape = input_shape(operation)
    body = data.draw(valid_requests(operation))
    assert read_request(operation, body) == in_snake_case(shape, body)


@cache
def valid_requests(operation: str) -> st.SearchStrategy[Any]:
    return valid(input_shape(operation))


def valid(shape: Shape) -> st.SearchStrategy[Any]:
    minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name == "structure":
        members = {name: valid(member) for name, member in shape.members.items()}
        if shape.metadata.get("union"):
            return st.one_of([st.fixed_dictionaries({name: members[name]}) for name in members])
        required = {name: members.pop(name) for name in shape.required_members}
        return st.fixed_dictionaries(required, optional=members)
    if shape.type_name == "list":
        return st.lists(valid(shape.member), min_size=minimum or 0, max_size=min(maximum or 4, 4))
    if shape.type_name == "integer":
        return st.integers(minimum, maximum)
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.enum:
        return st.sampled_from(list(shape.enum))
    if pattern := shape.metadata.get("pattern"):
        return matching(pattern, minimum or 0, maximum or 10_000)
    return st.text(min_size=minimum or 0, max_size=min(maximum or 10, 10) if maximum != 0 else 0)


@cache
def matching(pattern: str, minimum: int, maximum: int) -> st.SearchStrategy[str]:
    """Kept, as hypothesis takes longer to read a pattern than to find a text that it matches."""
    matches = st.from_regex(compiled(pattern))
    return matches.filter(lambda text: minimum <= len(text) <= maximum)


def in_snake_case(shape: Shape, value: Any) -> Any:
    if shape.type_name == "structure":
        return {
            snake_case(name): in_snake_case(shape.members[name], item)
            for name, item in value.items()
        }
    if shape.type_name == "list":
        return [in_snake_case(shape.member, item) for item in value]
    return value


# What is refused, and how -----------------------------------------------------------------------

WORDS = [
    pytest.param(
        "UpdateService",
        {},
        "Value null at 'name' failed to satisfy constraint: Member must not be null",
        id="required member missing",
    ),
    pytest.param(
        "UpdateService",
        {"name": None},
        "Value null at 'name' failed to satisfy constraint: Member must not be null",
        id="required member null",
    ),
    pytest.param(
        "CreateService",
        {"name": "shop", "templateName": "web", "templateMajorVersion": "1"},
        "Value null at 'spec' failed to satisfy constraint: Member must not be null",
        id="required sensitive member missing",
    ),
    pytest.param(
        "UpdateService",
        {"name": "a" * 101},
        f"Value '{'a' * 101}' at 'name' failed to satisfy constraint: "
        "Member must have length less than or equal to 100",
        id="string too long",
    ),
    pytest.param(
        "TagResource",
        {"resourceArn": SOME_ARN, "tags": [{"key": "", "value": ""}]},
        "Value '' at 'tags.1.member.key' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1",
        id="string too short, in a list",
    ),
    pytest.param(
        "UpdateService",
        {"name": "shop!"},
        "Value 'shop!' at 'name' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {NAME_PATTERN}",
        id="pattern",
    ),
    pytest.param(
        "ListServiceInstances",
        {"sortBy": "size"},
        "Value 'size' at 'sortBy' failed to satisfy constraint: "
        "Member must satisfy enum value set: [name, deploymentStatus, templateName, "
        "serviceName, environmentName, "
        "lastDeploymentAttemptedAt, createdAt]",
        id="enum",
    ),
    pytest.param(
        "ListServices",
        {"maxResults": 101},
        "Value '101' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 100",
        id="number too large",
    ),
    pytest.param(
        "ListServices",
        {"maxResults": 0},
        "Value '0' at 'maxResults' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1",
        id="number too small",
    ),
    pytest.param(
        "TagResource",
        {"resourceArn": SOME_ARN, "tags": [{"key": "k", "value": "v"}, {"key": "k"}]},
        "Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null",
        id="required member missing, in a list",
    ),
    pytest.param(
        "TagResource",
        {"resourceArn": SOME_ARN, "tags": [None]},
        "Value null at 'tags.1.member' failed to satisfy constraint: Member must not be null",
        id="null in a list",
    ),
    pytest.param(
        "CreateServiceTemplateVersion",
        {**TEMPLATE_VERSION, "compatibleEnvironmentTemplates": []},
        "Value '[]' at 'compatibleEnvironmentTemplates' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1",
        id="list too short",
    ),
    pytest.param(
        "UntagResource",
        {"resourceArn": SOME_ARN, "tagKeys": ["k"] * 51},
        f"Value '[{', '.join(['k'] * 51)}]' at 'tagKeys' failed to satisfy constraint: "
        "Member must have length less than or equal to 50",
        id="list too long",
    ),
    pytest.param(
        "UntagResource",
        {"resourceArn": SOME_ARN, "tagKeys": ["team", ""]},
        "Value '[team, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy "
        "constraint: [Member must have length less than or equal to 128, "
        "Member must have length greater than or equal to 1]",
        id="plain values in a list",
    ),
    pytest.param(
        "CreateServiceTemplateVersion",
        {**TEMPLATE_VERSION, "supportedComponentSources": ["NONE"]},
        "Value '[NONE]' at 'supportedComponentSources' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: [DIRECTLY_DEFINED]]",
        id="enum in a list",
    ),
    pytest.param(
        "CreateServiceTemplateVersion",
        {**TEMPLATE_VERSION, "source": {"s3": {"key": "web.tar.gz"}}},
        "Value null at 'source.s3.bucket' failed to satisfy constraint: Member must not be null",
        id="in nested structures",
    ),
    pytest.param(
        "CreateServiceTemplateVersion",
        {**TEMPLATE_VERSION, "source": {"git": {}}},
        "Value '{git={}}' at 'source' failed to satisfy constraint: "
        "Member must have exactly one of the members set: [s3]",
        id="union without a known member",
    ),
    pytest.param(
        "UpdateService",
        {"name": "shop", "spec": ""},
        "Value at 'spec' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1",
        id="sensitive value",
    ),
    pytest.param(
        "NotifyResourceDeploymentStatusChange",
        {"resourceArn": SOME_ARN, "outputs": [{"key": "k", "valueString": "v"}] * 51},
        "Value at 'outputs' failed to satisfy constraint: "
        "Member must have length less than or equal to 50",
        id="list of sensitive values",
    ),
    pytest.param(
        "UpdateService",
        {"name": 5},
        "Value '5' at 'name' failed to satisfy constraint: Member must be of type string",
        id="number for a string",
    ),
    pytest.param(
        "UpdateService",
        {"name": ["shop", None, {"a": True}]},
        "Value '[shop, null, {a=true}]' at 'name' failed to satisfy constraint: "
        "Member must be of type string",
        id="list for a string",
    ),
    pytest.param(
        "UpdateService",
        {"name": "shop", "spec": {"secret": 1}},
        "Value at 'spec' failed to satisfy constraint: Member must be of type string",
        id="structure for a sensitive string",
    ),
    pytest.param(
        "ListServices",
        {"maxResults": True},
        "Value 'true' at 'maxResults' failed to satisfy constraint: Member must be of type integer",
        id="boolean for an integer",
    ),
    pytest.param(
        "ListServices",
        {"maxResults": 5.0},
        "Value '5.0' at 'maxResults' failed to satisfy constraint: Member must be of type integer",
        id="whole float for an integer",
    ),
    pytest.param(
        "ListServices",
        {"maxResults": "5"},
        "Value '5' at 'maxResults' failed to satisfy constraint: Member must be of type integer",
        id="string for an integer",
    ),
    pytest.param(
        "UpdateAccountSettings",
        {"deletePipelineProvisioningRepository": 1},
        "Value '1' at 'deletePipelineProvisioningRepository' failed to satisfy constraint: "
        "Member must be of type boolean",
        id="integer for a boolean",
    ),
    pytest.param(
        "TagResource",
        {"resourceArn": SOME_ARN, "tags": {"key": "k", "value": "v"}},
        "Value '{key=k, value=v}' at 'tags' failed to satisfy constraint: "
        "Member must be of type list",
        id="structure for a list",
    ),
    pytest.param(
        "TagResource",
        {"resourceArn": SOME_ARN, "tags": "team"},
        "Value 'team' at 'tags' failed to satisfy constraint: Member must be of type list",
        id="string for a list",
    ),
    pytest.param(
        "TagResource",
        {"resourceArn": SOME_ARN, "tags": ["team"]},
        "Value 'team' at 'tags.1.member' failed to satisfy constraint: "
        "Member must be of type structure",
        id="string for a structure",
    ),
    pytest.param(
        "CreateServiceTemplateVersion",
        {**TEMPLATE_VERSION, "source": []},
        "Value '[]' at 'source' failed to satisfy constraint: Member must be of type structure",
        id="list for a structure",
    ),
    pytest.param(
        "UntagResource",
        {"resourceArn": SOME_ARN, "tagKeys": [5]},
        "Value '5' at 'tagKeys.1.member' failed to satisfy constraint: "
        "Member must be of type string",
        id="number for a string, in a list",
    ),
    pytest.param(
        "ListEnvironmentOutputs",
        {"environmentName": "dev", "nextToken": "x"},
        "Value 'x' at 'nextToken' failed to satisfy constraint: "
        "Member must have length less than or equal to 0",
        id="token of a list without pages",
    ),
]


@pytest.mark.parametrize(("operation", "body", "message"), WORDS)
def test_a_refusal_is_worded_as_aws_words_it(
    operation: str, body: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_request(operation, body)
    assert caught.value.messages == (message,)
    assert str(caught.value) == f"1 validation error detected: {message}"


def test_all_problems_are_told_in_the_models_order() -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_request("CreateService", {"templateName": "", "name": "a b", "tags": [{"key": "k"}]})
    assert str(caught.value) == (
        "6 validation errors detected: "
        "Value 'a b' at 'name' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {NAME_PATTERN}; "
        "Value null at 'spec' failed to satisfy constraint: Member must not be null; "
        "Value null at 'tags.1.member.value' failed to satisfy constraint: "
        "Member must not be null; "
        "Value null at 'templateMajorVersion' failed to satisfy constraint: "
        "Member must not be null; "
        "Value '' at 'templateName' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1; "
        "Value '' at 'templateName' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {NAME_PATTERN}"
    )


def test_length_and_pattern_are_both_told() -> None:
    assert [
        m.partition("constraint: ")[2] for m in refusals("GetService", {"name": "!" * 101})
    ] == [
        "Member must have length less than or equal to 100",
        f"Member must satisfy regular expression pattern: {NAME_PATTERN}",
    ]


def test_a_long_value_is_shown_by_its_first_thousand_characters() -> None:
    (message,) = refusals("GetService", {"name": "a" * 5_000})
    assert f"Value '{'a' * 1_000}...' at" in message


def test_an_unknown_operation_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="CreateEverything"):
        read_request("CreateEverything", {})


# Patterns ---------------------------------------------------------------------------------------

PATTERNS = {
    "^\\d{12}$": (["123456789012"], ["12345678901", "1234567890123", "٣" * 12, "123456789012\n"]),
    "^[!-~]*$": (["", "a-b"], ["a b", "é", "\n"]),
    "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": (
        ["01234567-89ab-cdef-0123-456789abcdef"],
        ["01234567-89AB-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef\n"],
    ),
    "^(0|([1-9]{1}\\d*))$": (["0", "1", "10"], ["", "01", "-1", "1\n", "\u0661"]),
    PAGE_TOKEN_PATTERN: (["YWJj", "ab+/=="], ["", "a b", "YWJj\n", "a_b"]),
    "[A-Za-z0-9_.-].*/[A-Za-z0-9_.-].*": (
        ["me/shop", "!me/shop"],
        ["shop", "/shop", "me/", "m\r/s"],
    ),
    NAME_PATTERN: (["shop", "0-_"], ["", "-shop", "sh op", "shöp", "shop\n", "a\nb"]),
    "(^$)|^[0-9A-Za-z]+[0-9A-Za-z_\\-]*$": (["", "shop"], ["\n", "shop\n", "-"]),
    "^arn:(aws|aws-cn|aws-us-gov):iam::\\d{12}:role/([\\w+=,.@-]{1,512}[/:])*"
    "([\\w+=,.@-]{1,64})$": (
        ["arn:aws:iam::123456789012:role/proton", "arn:aws-cn:iam::123456789012:role/a/b"],
        ["arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/prötön", "proton"],
    ),
    "(^$)|(^arn:(aws|aws-cn|aws-us-gov):iam::\\d{12}:role/([\\w+=,.@-]{1,512}[/:])*"
    "([\\w+=,.@-]{1,64})$)": (
        ["", "arn:aws:iam::123456789012:role/proton"],
        ["\n", "arn:aws:iam::123456789012:role/proton\n", "x"],
    ),
    "^arn:(aws|aws-cn|aws-us-gov):[a-zA-Z0-9-]+:[a-zA-Z0-9-]*:\\d{12}:([\\w+=,.@-]+[/:])*"
    "[\\w+=,.@-]+$": (
        [SOME_ARN, SOME_ARN + "/service-instance/dev"],
        ["arn:aws:proton:us-east-1:1:service/shop", SOME_ARN + "/", SOME_ARN + "\n", "shop"],
    ),
    "^[a-z0-9]+[a-z0-9-\\.]+[a-z0-9]+$": (
        ["bundles", "my-bundles.eu"],
        ["Bundles", "my_bundles", "-bundles", "bundles\n"],
    ),
}


def input_strings() -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    waiting = [input_shape(name) for name in operation_names()]
    while waiting:
        shape = waiting.pop()
        if shape.type_name == "structure":
            waiting.extend(shape.members.values())
        elif shape.type_name == "list":
            waiting.append(shape.member)
        elif shape.type_name == "string":
            found[shape.name] = shape
    return found


def test_every_pattern_of_the_model_stands_in_the_table() -> None:
    patterns = {shape.metadata.get("pattern") for shape in input_strings().values()} - {None}
    assert patterns == set(PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_what_it_means_in_java(pattern: str) -> None:
    accepted, refused = PATTERNS[pattern]
    search = compiled(pattern).search
    assert [text for text in accepted if not search(text)] == []
    assert [text for text in refused if search(text)] == []


HOSTILE_PIECES = (
    "a",
    "0",
    "a/",
    "a:",
    "arn:aws:iam::123456789012:role/",
    "a-",
    ".",
    "=",
    "é",
    "\n",
)


@pytest.mark.parametrize("operation", sorted(operation_names()))
def test_a_megabyte_in_any_string_is_refused_or_read_quickly(operation: str) -> None:
    started = time.process_time()
    for piece in HOSTILE_PIECES:
        text = piece * (1_000_000 // len(piece)) + "!"
        body = dict.fromkeys(input_shape(operation).members, text)
        with contextlib.suppress(InvalidRequest):
            read_request(operation, body)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("piece", HOSTILE_PIECES)
def test_no_pattern_takes_long_on_a_string_of_the_longest_length_it_meets(piece: str) -> None:
    for shape in input_strings().values():
        pattern = shape.metadata.get("pattern")
        if pattern is None:
            continue
        longest = max(shape.metadata.get("max", 1_000_000), 256)
        started = time.process_time()
        compiled(pattern).search((piece * longest)[: longest - 1] + "!")
        assert time.process_time() - started < 1, (shape.name, pattern)


# Hostile shapes ---------------------------------------------------------------------------------


def test_deep_nesting_where_a_string_should_be_is_shown_in_few_words() -> None:
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    (message,) = refusals("GetService", {"name": deep})
    assert message.startswith("Value '[[[[...]]]]' at 'name'")


def test_a_list_beyond_its_limit_is_told_once_and_read_no_further() -> None:
    tags = [{"key": "k", "value": "v"}] * 50 + [None] * 100_000
    messages = refusals("TagResource", {"resourceArn": SOME_ARN, "tags": tags})
    assert [m.partition("constraint: ")[2] for m in messages] == [
        "Member must have length less than or equal to 50"
    ]
    assert len(messages[0]) < 1_200


def test_a_list_without_a_limit_is_told_in_at_most_a_thousand_messages() -> None:
    filters = [{"key": "colour"}] * 100_000
    assert len(refusals("ListServiceInstances", {"filters": filters})) == 1_000


def test_an_integer_that_python_will_not_print_is_refused() -> None:
    (message,) = refusals("ListServices", {"maxResults": 10**50_000})
    assert len(message) < 1_200
    assert message.endswith("Member must have value less than or equal to 100")


def test_many_threads_may_be_the_first_to_ask() -> None:
    from moto_proton.api.constraints import _request_reader

    _request_reader.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: read_request("GetService", {"name": "a"}), range(32)))
    assert answers == [{"name": "a"}] * 32


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(operation=st.sampled_from(sorted(operation_names())), data=st.data())
@pytest.mark.costly
def test_whatever_json_comes_it_is_read_or_refused(operation: str, data: st.DataObject) -> None:
    members = input_shape(operation).members
    body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(members, ANY_JSON)))
    try:
        request = read_request(operation, body)
    except InvalidRequest as refusal:
        messages = refusal.messages
        assert messages
        assert all(" failed to satisfy constraint: Member must " in text for text in messages)
    else:
        present = {name for name, value in body.items() if value is not None}
        assert set(request) == {snake_case(name) for name in present}
