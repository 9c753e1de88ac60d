"""Which changes of a schema a minor version may bring."""

from __future__ import annotations

import pytest

from moto_proton.bundle import Schema, incompatibilities
from moto_proton.bundle.schema import read_service_schema

HEADER = """\
schema:
  format: {openapi: "3.0.0"}
  service_input_type: Inputs
  types:
    Inputs:
      type: object
      required: [%s]
      properties:
        name: {type: string, default: shop}
%s
"""


def _schema(*properties: str, required: str = "") -> Schema:
    lines = "\n".join(f"        {each}" for each in properties)
    return read_service_schema(HEADER % (required, lines), "schema.yaml", has_pipeline=False)


NARROWER = {
    "a property goes": ("a: {type: string}", "b: {type: string}", "a: the property was removed"),
    "a type changes": (
        "a: {type: string}",
        "a: {type: number}",
        "a: the type changed from string to number",
    ),
    "a type is added": ("a: {}", "a: {type: number}", "a: the type changed from any to number"),
    "an enum loses a value": ("a: {enum: [1, 2]}", "a: {enum: [2, 3]}", "a: the enum lost 1"),
    "an enum comes": ("a: {type: string}", "a: {type: string, enum: [b]}", "a: an enum was added"),
    "a minimum rises": (
        "a: {minimum: 1}",
        "a: {minimum: 2}",
        "a: the minimum changed from 1 to 2",
    ),
    "a minimum comes": ("a: {}", "a: {minimum: -5}", "a: a minimum of -5 was added"),
    "a minimum becomes exclusive": (
        "a: {minimum: 1}",
        "a: {minimum: 1, exclusiveMinimum: true}",
        "a: the minimum of 1 became exclusive",
    ),
    "a maximum falls": (
        "a: {maximum: 2}",
        "a: {maximum: 1}",
        "a: the maximum changed from 2 to 1",
    ),
    "a least length rises": ("a: {}", "a: {minLength: 1}", "a: a minLength of 1 was added"),
    "a greatest length falls": (
        "a: {maxLength: 9}",
        "a: {maxLength: 8}",
        "a: the maxLength changed from 9 to 8",
    ),
    "fewer elements": ("a: {}", "a: {maxItems: 3}", "a: a maxItems of 3 was added"),
    "a pattern comes": ("a: {}", "a: {pattern: b}", "a: a pattern was added, b"),
    "a multiple comes": ("a: {}", "a: {multipleOf: 2}", "a: a multipleOf of 2 was added"),
    "elements become unique": (
        "a: {}",
        "a: {uniqueItems: true}",
        "a: its elements must be unique now",
    ),
    "null is no longer taken": (
        "a: {type: string, nullable: true}",
        "a: {type: string}",
        "a: it can no longer be null",
    ),
    "members must be declared": (
        "a: {properties: {b: {}}}",
        "a: {properties: {b: {}}, additionalProperties: false}",
        "a: undeclared properties are no longer allowed",
    ),
    "a nested property goes": (
        "a: {properties: {b: {}, c: {}}}",
        "a: {properties: {c: {}}}",
        "a.b: the property was removed",
    ),
    "elements change their type": (
        "a: {type: array, items: {type: string}}",
        "a: {type: array, items: {type: number}}",
        "a[]: the type changed from string to number",
    ),
    "a property of elements goes": (
        "a: {items: {properties: {b: {}, c: {}}}}",
        "a: {items: {properties: {c: {}}}}",
        "a[].b: the property was removed",
    ),
    "a new member is required": (
        "a: {properties: {b: {}}}",
        "a: {properties: {b: {}, c: {}}, required: [c]}",
        "a.c: the property is new and required, without a default",
    ),
}


@pytest.mark.rule("7.3-1", "7.3-2")
@pytest.mark.parametrize("case", NARROWER)
def test_what_narrows_a_schema_is_not_compatible(case: str) -> None:
    old, new, message = NARROWER[case]

    assert incompatibilities(_schema(old), _schema(new)) == (f"Inputs.{message}",)


@pytest.mark.rule("7.3-2")
def test_a_property_that_becomes_required_needs_a_default() -> None:
    optional = _schema("a: {type: string}")

    assert incompatibilities(optional, _schema("a: {type: string}", required="a")) == (
        "Inputs.a: the property became required, without a default",
    )
    assert incompatibilities(optional, _schema("a: {type: string}", "b: {}", required="b")) == (
        "Inputs.b: the property is new and required, without a default",
    )
    assert incompatibilities(optional, _schema("a: {default: x}", required="a")) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a: {type: string}", "a: {type: string}\n        b: {type: number}"),
        ("a: {enum: [1]}", "a: {enum: [1, 2]}"),
        ("a: {enum: [1]}", "a: {}"),
        ("a: {minimum: 2, maximum: 3}", "a: {minimum: 1, maximum: 4}"),
        ("a: {minimum: 2, exclusiveMinimum: true}", "a: {minimum: 2}"),
        ("a: {minLength: 2, maxLength: 3}", "a: {maxLength: 4}"),
        ("a: {pattern: b}", "a: {pattern: c}"),
        ("a: {type: string}", "a: {type: string, nullable: true}"),
        ("a: {type: string, default: b}", "a: {type: string, default: c, title: A}"),
        ("a: {type: string}", "a: {}"),
    ],
)
def test_what_widens_a_schema_is_compatible(old: str, new: str) -> None:
    assert incompatibilities(_schema(old), _schema(new)) == ()


def test_all_changes_are_told() -> None:
    changes = incompatibilities(_schema("a: {}", "b: {}"), _schema("b: {minimum: 1}"))

    assert changes == ("Inputs.a: the property was removed", "Inputs.b: a minimum of 1 was added")
