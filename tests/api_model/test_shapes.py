"""Responses: objects and mappings are written as the members of the service model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest

from moto_proton.api import operation_names, snake_case, write_response
from moto_proton.api.left_out import LEFT_OUT
from moto_proton.api.service_model import Shape, output_shape

CREATED = datetime(2021, 3, 12, 22, 39, 42, 318_123, tzinfo=timezone.utc)


class Status(str, Enum):
    ACTIVE = "ACTIVE"


@dataclass
class Service:
    arn: str = "arn:aws:proton:us-east-1:123456789012:service/shop"
    name: str = "shop"
    status: Status = Status.ACTIVE
    created_at: datetime = CREATED
    last_modified_at: datetime = CREATED
    spec: str = "proton: ServiceSpec"
    template_name: str = "web"
    description: str | None = None
    client_token: str = "never told"


def test_an_object_is_written_member_by_member() -> None:
    assert write_response("GetService", {"service": Service()}) == {
        "service": {
            "arn": "arn:aws:proton:us-east-1:123456789012:service/shop",
            "name": "shop",
            "status": "ACTIVE",
            "createdAt": 1615588782.318,
            "lastModifiedAt": 1615588782.318,
            "spec": "proton: ServiceSpec",
            "templateName": "web",
        }
    }


def test_a_mapping_is_written_as_an_object_is() -> None:
    as_mapping = {"service": vars(Service())}
    as_object = SimpleNamespace(service=Service())
    assert write_response("GetService", as_mapping) == write_response("GetService", as_object)


def test_an_enum_leaves_as_a_plain_string() -> None:
    service: Any = write_response("GetService", {"service": Service()})["service"]
    assert type(service["status"]) is str


@pytest.mark.rule("1.1-6")
def test_the_zone_of_a_time_does_not_matter() -> None:
    elsewhere = CREATED.astimezone(timezone(timedelta(hours=9)))
    written: Any = write_response("GetService", {"service": Service(created_at=elsewhere)})
    assert written["service"]["createdAt"] == 1615588782.318


def test_lists_are_new_and_may_come_as_any_iterable() -> None:
    services = [Service(name="a"), Service(name="b")]
    for given in (services, tuple(services), iter(services)):
        written: Any = write_response("ListServices", {"services": given, "next_token": None})
        assert [service["name"] for service in written["services"]] == ["a", "b"]
        assert list(written) == ["services"]


@pytest.mark.rule("6.0.4-7")
def test_an_empty_list_and_an_empty_string_are_there() -> None:
    assert write_response("ListServices", {"services": [], "next_token": ""}) == {
        "services": [],
        "nextToken": "",
    }


@pytest.mark.rule("1.3-2")
@pytest.mark.parametrize("result", [None, {}, {"colour": "red"}, SimpleNamespace()], ids=repr)
@pytest.mark.parametrize("operation", ["TagResource", "DeleteService"])
def test_nothing_known_is_an_empty_response(operation: str, result: object) -> None:
    assert write_response(operation, result) == {}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        pytest.param({"service": "shop"}, r"GetService\.service is a structure", id="string"),
        pytest.param({"service": [Service()]}, r"GetService\.service is a structure", id="list"),
        pytest.param(
            {"service": {"name": 5}}, r"GetService\.service\.name is a string", id="number"
        ),
        pytest.param(
            {"service": {"created_at": CREATED.replace(tzinfo=None)}},
            r"GetService\.service\.createdAt is a timestamp",
            id="naive time",
        ),
        pytest.param(
            {"service": {"created_at": 1615588782}},
            r"GetService\.service\.createdAt is a timestamp",
            id="number for a time",
        ),
    ],
)
def test_a_value_that_the_shape_cannot_carry_is_a_mistake(result: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        write_response("GetService", result)


@pytest.mark.parametrize("services", ["shop", {"name": "shop"}, 5], ids=repr)
def test_only_a_list_is_a_list(services: object) -> None:
    with pytest.raises(TypeError, match=r"ListServices\.services is a list"):
        write_response("ListServices", {"services": services})


def test_counts_and_flags_keep_their_types() -> None:
    counts = {"counts": {"services": {"total": 3, "failed": 0}}}
    assert write_response("GetResourcesSummary", counts) == counts
    with pytest.raises(TypeError, match="total is a integer"):
        write_response("GetResourcesSummary", {"counts": {"services": {"total": True}}})


def test_an_unknown_operation_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="CreateEverything"):
        write_response("CreateEverything", {})


@pytest.mark.parametrize("operation", sorted(operation_names()))
def test_every_member_of_every_output_is_written(operation: str) -> None:
    shape = output_shape(operation)
    inside, outside = example(shape)
    for resource in outside.values():
        for left_out in LEFT_OUT.get(operation, ()):
            del resource[left_out]
    written = write_response(operation, inside)
    assert written == outside
    assert json.loads(json.dumps(written)) == outside


@pytest.mark.parametrize("operation", sorted(LEFT_OUT))
def test_what_an_answer_leaves_out_is_no_member_that_the_model_requires(operation: str) -> None:
    (resource,) = output_shape(operation).members.values()

    assert LEFT_OUT[operation] <= set(resource.members) - set(resource.required_members)


def example(shape: Shape) -> tuple[Any, Any]:
    """A full value of the shape, as models hold it and as it leaves."""
    if shape.type_name == "structure":
        pairs = {name: example(member) for name, member in shape.members.items()}
        return (
            SimpleNamespace(**{snake_case(name): pair[0] for name, pair in pairs.items()}),
            {name: pair[1] for name, pair in pairs.items()},
        )
    if shape.type_name == "list":
        inside, outside = example(shape.member)
        return (inside, inside), [outside, outside]
    plain: dict[str, tuple[Any, Any]] = {
        "string": (shape.name, shape.name),
        "integer": (7, 7),
        "boolean": (False, False),
        "timestamp": (CREATED, 1615588782.318),
    }
    return plain[shape.type_name]
