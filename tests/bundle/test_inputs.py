"""Inputs checked against a rich schema: errors name the input, and defaults are filled in."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.bundle import InputError, InputProblem, InputSchema
from moto_proton.bundle.schema import read_service_schema
from moto_proton.spec import parse_service_spec

HEADER = """\
schema:
  format: {openapi: "3.0.0"}
  service_input_type: Inputs
  types:
    Inputs:
"""
RICH = f"""\
{HEADER}\
      type: object
      required: [name, size, region]
      properties:
        name: {{type: string, minLength: 2, maxLength: 10, pattern: "^[a-z-]+$"}}
        size: {{type: string, enum: [small, large], default: small}}
        region: {{type: string, default: eu-central-1}}
        port: {{type: integer, minimum: 1, maximum: 65535, default: 80}}
        share: {{type: number, minimum: 0, exclusiveMinimum: true, maximum: 1}}
        step: {{type: number, multipleOf: 0.1}}
        id: {{type: integer, format: int32}}
        public: {{type: boolean}}
        note: {{type: string, nullable: true}}
        anything: {{title: Anything}}
        tags: {{type: array, items: {{type: string}}, maxItems: 3, uniqueItems: true}}
        pairs: {{type: array, minItems: 1, uniqueItems: true}}
        target: {{oneOf: [{{type: string, pattern: "^arn:"}}, {{type: integer}}]}}
        any: {{anyOf: [{{type: boolean}}, {{type: number}}]}}
        all: {{allOf: [{{minLength: 2}}, {{maxLength: 3}}]}}
        user: {{not: {{enum: [root]}}}}
        listeners:
          type: array
          items:
            type: object
            required: [port]
            properties:
              port: {{type: number, maximum: 65535}}
              protocol: {{type: string, enum: [HTTP, HTTPS], default: HTTP}}
        database:
          type: object
          required: [engine]
          minProperties: 2
          maxProperties: 3
          additionalProperties: false
          properties:
            engine: {{type: string}}
            storage: {{type: integer, default: 20}}
            replicas: {{type: integer}}
            extra: {{type: string}}
        labels: {{type: object, additionalProperties: {{type: string, maxLength: 3}}}}
"""


def _schema(text: str) -> InputSchema:
    schema = read_service_schema(text, "schema.yaml", has_pipeline=False).service_inputs
    assert schema is not None
    return schema


def _spec(inputs: str) -> Mapping[str, Any]:
    """The inputs as a spec holds them."""
    spec = f"proton: ServiceSpec\ninstances: [{{name: a, environment: b, spec: {inputs}}}]"
    return parse_service_spec(spec).instances[0].inputs


RICH_SCHEMA = _schema(RICH)

BROKEN = {
    "{}": "name: is required",
    "{name: null}": "name: must not be null",
    "{name: 12}": "name: must be a string, not 12",
    "{name: true}": "name: must be a string, not true",
    "{name: [shop]}": 'name: must be a string, not ["shop"]',
    "{name: {a: b}}": 'name: must be a string, not {"a": "b"}',
    "{name: a}": "name: must have at least 2 characters, but has 1",
    "{name: a-very-long-name}": "name: must have at most 10 characters, but has 16",
    "{name: Shop}": 'name: must match the pattern ^[a-z-]+$, as "Shop" does not',
    "{name: shop, size: medium}": 'size: must be one of "small", "large", not "medium"',
    "{name: shop, size: null}": "size: must not be null",
    "{name: shop, size: 5}": "size: must be a string, not 5",
    "{name: shop, region: 1.5}": "region: must be a string, not 1.5",
    "{name: shop, port: '80'}": 'port: must be an integer, not "80"',
    "{name: shop, port: 80.0}": "port: must be an integer, not 80.0",
    "{name: shop, port: 80.5}": "port: must be an integer, not 80.5",
    "{name: shop, port: true}": "port: must be an integer, not true",
    "{name: shop, port: 0}": "port: must be at least 1, not 0",
    "{name: shop, port: 65536}": "port: must be at most 65535, not 65536",
    "{name: shop, share: 0}": "share: must be more than 0, not 0",
    "{name: shop, share: 1.01}": "share: must be at most 1, not 1.01",
    "{name: shop, share: 'half'}": 'share: must be a number, not "half"',
    "{name: shop, share: .nan}": "share: must be a number, not NaN",
    "{name: shop, share: .inf}": "share: must be a number, not Infinity",
    "{name: shop, step: 0.25}": "step: must be a multiple of 0.1, not 0.25",
    "{name: shop, step: yes}": "step: must be a number, not true",
    "{name: shop, id: 2147483648}": "id: must be an int32, which 2147483648 is too large for",
    "{name: shop, public: 1}": "public: must be true or false, not 1",
    "{name: shop, public: 'true'}": 'public: must be true or false, not "true"',
    "{name: shop, note: 5}": "note: must be a string, not 5",
    "{name: shop, tags: a}": 'tags: must be a list, not "a"',
    "{name: shop, tags: [a, 1]}": "tags[1]: must be a string, not 1",
    "{name: shop, tags: [a, null]}": "tags[1]: must not be null",
    "{name: shop, tags: [a, b, c, d]}": "tags: must have at most 3 elements, but has 4",
    "{name: shop, tags: [a, b, a]}": 'tags: must not hold "a" twice, as it does at [2]',
    "{name: shop, pairs: []}": "pairs: must have at least 1 element, but has 0",
    "{name: shop, pairs: [{a: 1, b: 2}, {b: 2, a: 1.0}]}": (
        'pairs: must not hold {"b": 2, "a": 1.0} twice, as it does at [1]'
    ),
    "{name: shop, target: queue}": "target: must fit exactly one of the alternatives of oneOf",
    "{name: shop, any: [b]}": "any: fits none of the alternatives of anyOf",
    "{name: shop, all: abcd}": "all: must have at most 3 characters, but has 4",
    "{name: shop, user: root}": "user: is what the schema excludes",
    "{name: shop, listeners: {port: 1}}": 'listeners: must be a list, not {"port": 1}',
    "{name: shop, listeners: [80]}": "listeners[0]: must be a mapping, not 80",
    "{name: shop, listeners: [{port: 1}, {}]}": "listeners[1].port: is required",
    "{name: shop, listeners: [{port: 70000}]}": (
        "listeners[0].port: must be at most 65535, not 70000"
    ),
    "{name: shop, listeners: [{port: 1, protocol: UDP}]}": (
        'listeners[0].protocol: must be one of "HTTP", "HTTPS", not "UDP"'
    ),
    "{name: shop, database: mysql}": 'database: must be a mapping, not "mysql"',
    "{name: shop, database: {replicas: 1}}": "database.engine: is required",
    "{name: shop, database: {engine: a, version: 5}}": "database.version: is not allowed here",
    "{name: shop, database: {engine: a, replicas: 1, extra: b}}": (
        "database: must have at most 3 members, but has 4"
    ),
    "{name: shop, labels: {a: long, b: c}}": "labels.a: must have at most 3 characters, but has 4",
    "{name: shop, labels: {'a b': 5}}": 'labels["a b"]: must be a string, not 5',
}


@pytest.mark.parametrize("inputs", BROKEN)
def test_a_broken_input_is_named_with_what_it_must_be(inputs: str) -> None:
    with pytest.raises(InputError) as refused:
        RICH_SCHEMA.check(_spec(inputs))

    assert str(refused.value) == BROKEN[inputs]
    assert len(refused.value.problems) == 1


def test_every_problem_is_told_in_the_order_of_the_schema() -> None:
    with pytest.raises(InputError) as refused:
        RICH_SCHEMA.check(_spec("{tags: [1, 2], port: 0, size: 1}"))

    assert refused.value.problems == (
        InputProblem("size", "must be a string, not 1"),
        InputProblem("port", "must be at least 1, not 0"),
        InputProblem("tags[0]", "must be a string, not 1"),
        InputProblem("tags[1]", "must be a string, not 2"),
        InputProblem("name", "is required"),
    )


def test_a_refused_input_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(InputError):
            RICH_SCHEMA.check(_spec("{name: 5}"))


@pytest.mark.rule("8.3-3", "8.3-5")
def test_defaults_fill_in_what_is_missing_also_in_lists_and_objects() -> None:
    inputs = _spec(
        "{listeners: [{port: 1}, {port: 2, protocol: HTTPS}], name: shop, database: {engine: a}}"
    )

    checked = RICH_SCHEMA.check(inputs)

    assert checked == {
        "listeners": ({"port": 1, "protocol": "HTTP"}, {"port": 2, "protocol": "HTTPS"}),
        "name": "shop",
        "database": {"engine": "a", "storage": 20},
        "size": "small",
        "region": "eu-central-1",
        "port": 80,
    }
    assert list(checked)[:3] == ["listeners", "name", "database"]
    assert "size" not in inputs


@pytest.mark.rule("4.1-8", "8.3-6")
def test_undeclared_inputs_stay_as_they_are() -> None:
    checked = RICH_SCHEMA.check(_spec("{name: shop, packaging: {a: [1, null]}}"))

    assert checked["packaging"] == {"a": (1, None)}


@pytest.mark.rule("8.3-2")
@pytest.mark.parametrize(
    "inputs",
    [
        "{name: shop, note: null}",
        "{name: shop, anything: null}",
        "{name: shop, anything: [1, {a: b}]}",
        "{name: shop, step: 0.3}",
        "{name: shop, share: 1}",
        "{name: shop, target: 5}",
        "{name: shop, target: 'arn:aws:sns'}",
        "{name: shop, pairs: [1, true, '1', [1]]}",
        "{name: shop, id: -2147483648}",
        "{name: shop, labels: {}}",
    ],
)
def test_what_fits_is_accepted(inputs: str) -> None:
    given_inputs = _spec(inputs)

    assert RICH_SCHEMA.check(given_inputs).items() >= given_inputs.items()


def test_what_python_takes_for_equal_is_told_apart() -> None:
    one, true, float_one = 1, True, 1.0
    schema = _schema(
        f"{HEADER}      type: object\n      properties:\n"
        "        a: {type: integer}\n        b: {items: {type: integer}}\n"
    )
    schema.check({"a": one, "b": (one,)})

    for other in (true, float_one):
        with pytest.raises(InputError, match=r"^a: must be an integer"):
            schema.check({"a": other, "b": (one,)})
        with pytest.raises(InputError, match=r"^b\[0\]: must be an integer"):
            schema.check({"a": one, "b": (other,)})


@pytest.mark.rule("8.3-4")
def test_a_pattern_is_searched_for() -> None:
    schema = _schema(f"{HEADER}      type: object\n      properties: {{a: {{pattern: 'b+'}}}}\n")

    assert schema.check({"a": "abbc"}) == {"a": "abbc"}


def _list(elements: Iterable[str]) -> str:
    return f"{{a: [{', '.join(elements)}]}}"


_SLOW = "a" * 5000 + "b"
_DEFAULTS = ", ".join(f"p{number}: {{default: 1}}" for number in range(900))
HOSTILE = {
    "a slow pattern": ("a: {pattern: '^(a|aa)+$'}", f"{{a: {_SLOW}}}"),
    "nine slow patterns": ("a: {items: {pattern: '^(a|aa)+$'}}", _list([_SLOW] * 9)),
    "alternatives": (
        f"a: {{items: {{anyOf: [{', '.join(['{type: boolean}'] * 2000)}]}}}}",
        _list(["1"] * 15_000),
    ),
    "defaults": (f"a: {{items: {{properties: {{{_DEFAULTS}}}}}}}", _list(["{}"] * 12_000)),
    "many lists": (
        "a: {uniqueItems: true}",
        _list([*(f"[{number}]" for number in range(5000)), "{b: 1}", "{b: 1}"]),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.costly
def test_hostile_schemas_and_inputs_are_refused_in_time(case: str) -> None:
    properties, inputs = HOSTILE[case]
    schema = _schema(f"{HEADER}      type: object\n      properties:\n        {properties}\n")
    spec = _spec(inputs)

    started = time.process_time()
    with pytest.raises(InputError) as refused:
        schema.check(spec)

    assert time.process_time() - started < 30
    assert len(refused.value.problems) <= 101


def test_a_number_too_long_for_a_float_is_still_a_multiple() -> None:
    schema = _schema(f"{HEADER}      type: object\n      properties: {{a: {{multipleOf: 0.3}}}}\n")

    assert schema.check({"a": 3 * 10**299}) == {"a": 3 * 10**299}


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda children: (
        st.lists(children, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["port", "engine", "a"]), children, max_size=3).map(
            MappingProxyType
        )
    ),
    max_leaves=5,
)
_inputs = st.dictionaries(st.sampled_from([*RICH_SCHEMA.schema["properties"], "x"]), _values)


@given(_inputs, st.booleans())
def test_checking_what_was_checked_changes_nothing(inputs: dict[str, Any], named: bool) -> None:
    if named:
        inputs["name"] = "shop"
    with contextlib.suppress(InputError):
        checked = RICH_SCHEMA.check(inputs)
        assert RICH_SCHEMA.check(checked) == checked or _holds_nan(checked)
        assert all(_same(checked[name], inputs[name]) for name in inputs if name in ("name", "x"))


def _same(one: Any, other: Any) -> bool:
    return one is other or one == other


def _holds_nan(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_nan, value.values()))
    if isinstance(value, tuple):
        return any(map(_holds_nan, value))
    return isinstance(value, float) and math.isnan(value)
