"""Schemas that would take too much time or memory: they are refused, or read in time."""

from __future__ import annotations

import time
from itertools import count

import pytest

from moto_proton.bundle import BundleError, InputError, incompatibilities
from moto_proton.bundle.schema import Schema, read_service_schema

HEADER = """\
schema:
  format: {openapi: "3.0.0"}
  service_input_type: T
  types:
    T:
      type: object
      properties:
"""
SLOW = "^(a|aa)+$"


def _schema(*properties: str, types: str = "") -> Schema:
    lines = "".join(f"        p{number}: {each}\n" for number, each in enumerate(properties))
    return read_service_schema(f"{HEADER}{lines}{types}", "schema.yaml", has_pipeline=False)


def _list(element: str, times: int) -> str:
    return f"[{','.join([element] * times)}]"


_PROPERTIES = ", ".join(f"a{number}: {{default: 1}}" for number in range(50))
_NEEDED = ",".join(f"n{number}" for number in range(4_000))
REFUSED = {
    "defaults that are long to check together": (
        [
            f"{{items: {{type: integer, minimum: 0}}, default: {_list('1', 4_000)}}}",
            f"{{items: {{type: integer, minimum: 0, enum: [1]}}, default: {_list('1', 8_000)}}}",
            f"{{anyOf: {_list('{uniqueItems: true}', 90)}, default: {_list('[1]', 2_000)}}}",
        ],
        "line 10: the defaults of this schema take too long to check",
    ),
    "many defaults of defaults": (
        [f"{{items: {{type: object, properties: {{{_PROPERTIES}}}}}, default: {_list('{}', 600)}}}"]
        * 9,
        "the defaults of this schema take too long to check",
    ),
    "patterns that are slow together": (
        [f"{{anyOf: [{{pattern: '{SLOW}'}}, {{}}], default: {'a' * 900}b}}"] * 3,
        "line 9: the defaults of this schema take too long to check",
    ),
    "many that are missing": (
        [f"{{anyOf: [{{items: {{required: [{_NEEDED}]}}}}, {{}}], default: {_list('{}', 4_000)}}}"],
        "the defaults of this schema take too long to check",
    ),
    "patterns that repeat too much together": (
        [f"{{pattern: '{number}b{{4900}}'}}" for number in range(30)],
        "line 28: .* with the others of this schema, it repeats too much",
    ),
    "a pattern of many brackets": ([f"{{pattern: '{'(' * 9_000}'}}"], "more than 1,000 characters"),
    "a long pattern of letters": ([f"{{pattern: '{'xy' * 600}'}}"], "more than 1,000 characters"),
    "a pattern that calls itself": (["{pattern: '(?R)?a'}"], "line 8: .* it calls itself"),
    "a pattern that calls its group": (["{pattern: '(?<x>(?&x)a)'}"], "it calls itself"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.costly
def test_a_schema_that_takes_too_much_is_refused_in_time(case: str) -> None:
    properties, message = REFUSED[case]

    started = time.process_time()
    with pytest.raises(BundleError, match=message):
        _schema(*properties)

    assert time.process_time() - started < 30


def test_a_type_is_read_once_however_often_it_is_referred_to() -> None:
    elements = f"{{type: array, items: {{type: integer}}, default: {_list('1', 6_000)}}}"

    started = time.process_time()
    schema = _schema(*["{$ref: '#/schema/types/U'}"] * 500, types=f"    U: {elements}\n")

    assert time.process_time() - started < 30
    assert schema.service_inputs is not None
    assert schema.service_inputs.schema["properties"]["p499"]["default"] == (1,) * 6_000


@pytest.mark.parametrize("order", [range(30), range(29, -1, -1)])
def test_a_chain_of_types_has_the_depth_of_them_all(order: range) -> None:
    types = "".join(f"    C{each}: {{items: {{$ref: '#/types/C{each + 1}'}}}}\n" for each in order)

    with pytest.raises(BundleError, match="is nested too deeply"):
        _schema("{$ref: '#/types/C0'}", types=f"{types}    C30: {{type: string}}\n")


def test_references_that_multiply_are_counted_each_time() -> None:
    wide = "".join(
        f"    W{each}: {{type: object, properties: {{a: {{$ref: '#/types/W{each + 1}'}}, "
        f"b: {{$ref: '#/types/W{each + 1}'}}}}}}\n"
        for each in range(15)
    )

    with pytest.raises(BundleError, match="is nested too deeply"):
        _schema("{$ref: '#/types/W0'}", types=f"{wide}    W15: {{type: string}}\n")


def test_long_enums_of_shared_types_are_compared_in_time() -> None:
    numbers = count(1_000_000)
    old, new = (
        _schema(
            *["{$ref: '#/types/U'}"] * 300,
            types=f"    U: {{enum: [{','.join(str(next(numbers)) for _ in range(3_000))}]}}\n",
        )
        for _ in range(2)
    )

    started = time.process_time()
    changes = incompatibilities(old, new)

    assert time.process_time() - started < 30
    assert changes[299].startswith("T.p299: the enum lost 1000000, 1000001, ")
    assert changes[299].endswith(", 1000019, ...")


def test_a_long_text_is_held_against_a_long_pattern_in_time() -> None:
    schema = _schema(f"{{type: string, pattern: '{'xy' * 490}z'}}").service_inputs
    assert schema is not None

    began = time.process_time()
    with pytest.raises(InputError, match="pattern"):
        schema.check({"p0": "xy" * 25_000})

    assert time.process_time() - began < 10
