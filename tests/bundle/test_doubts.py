"""Bundles that are odd, and that Proton registered all the same: what is said of each.

Rule 15-3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from moto_proton.bundle import (
    InputError,
    InputSchema,
    pack_files,
    read_component,
    read_environment_bundle,
)
from moto_proton.bundle.documents import MOST_DOUBTS
from moto_proton.bundle.schema import read_service_schema

BundleFiles = Callable[..., dict[str, bytes]]

SCHEMA = "schema/schema.yaml"
MANIFEST = "infrastructure/manifest.yaml"
FILE = "cloudformation.yaml"


def schema_with(schema: str, *, required: str = "[]", openapi: str = '"3.0.0"') -> str:
    """A whole schema file with one property, p, in line 9."""
    return (
        f"schema:\n  format: {{openapi: {openapi}}}\n  environment_input_type: T\n  types:\n"
        f"    T:\n      type: object\n      required: {required}\n"
        f"      properties:\n        p: {schema}\n"
    )


SCHEMAS = {
    "a default of another type": (
        schema_with("{type: boolean, default: public}"),
        9,
        'the default of "p" breaks its own schema: must be true or false, not "public". It is '
        "used as it is where a spec gives no value",
    ),
    "a default that is too short": (
        schema_with('{type: string, minLength: 12, default: ""}'),
        9,
        'the default of "p" breaks its own schema: must have at least 12 characters, but has 0',
    ),
    "a default that is no choice": (
        schema_with("{type: string, enum: [a, b], default: c}"),
        9,
        'the default of "p" breaks its own schema: must be one of "a", "b", not "c"',
    ),
    "a default that matches no pattern": (
        schema_with("{type: string, pattern: '^a', default: b}"),
        9,
        'the default of "p" breaks its own schema: must match the pattern ^a',
    ),
    "a default of null": (
        schema_with("{type: string, default: null}"),
        9,
        'the default of "p" breaks its own schema: must not be null',
    ),
    "a default that is wrong inside": (
        schema_with("{type: object, properties: {q: {minimum: 2}}, default: {q: 1}}"),
        9,
        'the default of "p", q, breaks its own schema: must be at least 2, not 1',
    ),
    "a list of defaults": (
        schema_with("{type: array, items: {type: string}, default: [1]}"),
        9,
        'the default of "p", [0], breaks its own schema: must be a string, not 1',
    ),
    "a version without quotes": (
        schema_with("{type: string}", openapi="3.0"),
        2,
        'openapi must be "3.0.0", not 3.0, which is taken for it',
    ),
    "a version of one number": (
        schema_with("{type: string}", openapi="3"),
        2,
        'openapi must be "3.0.0", not 3, which is taken for it',
    ),
    "a version of two numbers": (
        schema_with("{type: string}", openapi='"3.0"'),
        2,
        'openapi must be "3.0.0", not "3.0", which is taken for it',
    ),
    "a length in quotes": (
        schema_with('{type: string, maxLength: "10"}'),
        9,
        'the maxLength of "p" must be a count, not "10", which is taken for it',
    ),
    "a bound in quotes": (
        schema_with("{type: number, minimum: '0.5'}"),
        9,
        'the minimum of "p" must be a number, not "0.5", which is taken for it',
    ),
    "a length with a point": (
        schema_with("{type: string, minLength: 2.0}"),
        9,
        'the minLength of "p" must be a count, not 2.0, which is taken for it',
    ),
    "a flag in quotes": (
        schema_with("{type: array, uniqueItems: 'true', items: {type: string}}"),
        9,
        'the uniqueItems of "p" must be true or false, not "true", which is taken for it',
    ),
    "bounds that nothing fits": (
        schema_with("{type: number, minimum: 5, maximum: 1}"),
        9,
        'the minimum of "p" is 5, above its maximum of 1: no value fits',
    ),
    "required, but not declared": (
        schema_with("{type: string}", required="[p, q]"),
        7,
        'required names "q", which is not a property and is not asked for',
    ),
    "a property that says it is required": (
        schema_with("{type: string, required: true}"),
        9,
        'required: true at "p" says nothing; required is a list, beside the properties',
    ),
    "a key twice": (
        schema_with("{type: string, type: number}"),
        9,
        'the key "type" stands here again; the last one counts',
    ),
}


@pytest.mark.rule("15-3")
@pytest.mark.parametrize("case", SCHEMAS)
def test_an_odd_schema_registers_and_is_told(case: str, bundle_files: BundleFiles) -> None:
    text, line, detail = SCHEMAS[case]
    data = pack_files(bundle_files("environment", {SCHEMA: text}))

    bundle = read_environment_bundle(data, customer_managed=False)

    (doubt,) = bundle.doubts
    assert (doubt.file, doubt.line) == (SCHEMA, line)
    assert doubt.detail.startswith(detail)
    assert str(doubt) == f"{SCHEMA}, line {line}: {doubt.detail}"


@pytest.mark.rule("15-3")
@pytest.mark.parametrize("name", ["./cloudformation.yaml", ".//./cloudformation.yaml"])
def test_a_file_of_the_same_directory_is_that_file(name: str, bundle_files: BundleFiles) -> None:
    files = bundle_files("environment")
    manifest = files[MANIFEST].decode().replace(f"file: {FILE}", f"file: {name}")

    bundle = read_environment_bundle(
        pack_files({**files, MANIFEST: manifest.encode()}), customer_managed=False
    )

    assert bundle.infrastructure is not None
    assert list(bundle.infrastructure.files) == [FILE]
    (doubt,) = bundle.doubts
    assert str(doubt) == (
        f'{MANIFEST}, line 3: the file "{name}" is taken for {FILE}, which is its name'
    )


def test_a_components_manifest_may_be_odd_as_well() -> None:
    manifest = (
        "infrastructure:\n  templates:\n  - file: ./main.tf\n    file: ./bucket.tf\n"
        "    rendering_engine: hcl\n    template_language: terraform\n"
    )

    component = read_component(manifest, 'a "b" {}')

    assert list(component.files) == ["bucket.tf"]
    assert [doubt.line for doubt in component.doubts] == [4, 4]


def test_a_bundle_without_oddities_has_no_doubts(bundle_files: BundleFiles) -> None:
    data = pack_files(bundle_files("environment"))

    assert read_environment_bundle(data, customer_managed=False).doubts == ()


def test_only_the_first_doubts_of_a_file_are_told(bundle_files: BundleFiles) -> None:
    properties = "".join(f"\n        p{n}: {{type: number, default: a}}" for n in range(500))
    text = schema_with("{type: string}") + properties.lstrip("\n") + "\n"

    bundle = read_environment_bundle(
        pack_files(bundle_files("environment", {SCHEMA: text})), customer_managed=False
    )

    assert len(bundle.doubts) == MOST_DOUBTS


# --- what a spec may then give ----------------------------------------------------------------


def inputs_of(properties: str, *, required: str = "[]") -> InputSchema:
    text = (
        "schema:\n  format: {openapi: '3.0.0'}\n  service_input_type: T\n  types:\n    T:\n"
        f"      type: object\n      required: {required}\n      properties:\n{properties}"
    )
    schema = read_service_schema(text, "schema.yaml", has_pipeline=False).service_inputs
    assert schema is not None
    return schema


PUBLIC = "        public: {type: boolean, default: public}\n        size: {type: number}\n"


def test_a_default_that_breaks_its_schema_is_used() -> None:
    assert inputs_of(PUBLIC).check({"size": 1}) == {"size": 1, "public": "public"}
    assert inputs_of(PUBLIC, required="[public]").check({}) == {"public": "public"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"public": "public"}, 'public: must be true or false, not "public"'),
        ({"size": "a"}, 'size: must be a number, not "a"'),
    ],
)
def test_a_value_that_breaks_it_is_not(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as refused:
        inputs_of(PUBLIC).check(given)

    assert str(refused.value) == problem


NESTED = (
    "        net: {type: object, required: [b], properties: "
    "{a: {type: number, default: x}, b: {type: string}}}\n"
    "        nets: {type: array, items: {type: object, properties: "
    "{a: {type: number, default: x}}}}\n"
    "        whole: {type: object, required: [z], properties: {z: {type: string}}, default: {}}\n"
)


def test_a_default_within_an_input_is_used_as_well() -> None:
    checked = inputs_of(NESTED).check({"net": {"b": "c"}, "nets": [{}, {"a": 1}]})

    assert checked["net"] == {"a": "x", "b": "c"}
    assert list(checked["nets"]) == [{"a": "x"}, {"a": 1}]
    assert checked["whole"] == {}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"net": {}}, "net.b: is required"),
        ({"nets": [{"a": "x"}]}, 'nets[0].a: must be a number, not "x"'),
        ({"whole": {}}, "whole.z: is required"),
    ],
)
def test_what_is_wrong_within_an_input_is_told(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as refused:
        inputs_of(NESTED).check(given)

    assert str(refused.value) == problem


def test_a_length_in_quotes_is_held() -> None:
    schema = inputs_of('        name: {type: string, maxLength: "3"}\n')

    assert schema.check({"name": "abc"}) == {"name": "abc"}
    with pytest.raises(InputError, match="at most 3 characters"):
        schema.check({"name": "abcd"})


def test_a_required_name_that_is_not_declared_is_not_asked_for() -> None:
    schema = inputs_of("        name: {type: string}\n", required="[name, nmae]")

    assert schema.check({"name": "a"}) == {"name": "a"}
    with pytest.raises(InputError, match="name: is required"):
        schema.check({})
