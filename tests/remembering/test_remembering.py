"""Caches are limited by the total weight of their values."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from moto_proton.bundle import pack_files, read_environment_bundle
from moto_proton.bundle.patterns import compiled
from moto_proton.bundle.reading import _environment_bundles
from moto_proton.provision import StackPlace
from moto_proton.provision.loading import _template, load_template
from moto_proton.remembering import Memory, remembering
from moto_proton.spec import parse_service_spec


def test_a_function_remembers_its_last_answers_up_to_their_weight() -> None:
    asked: list[str] = []

    @remembering(lambda text: len(text), 10)
    def upper(text: str) -> str:
        asked.append(text)
        return text.upper()

    answers = [upper(text) for text in ("four", "six", "four", "seven", "four", "six")]

    assert answers == ["FOUR", "SIX", "FOUR", "SEVEN", "FOUR", "SIX"]
    assert asked == ["four", "six", "seven", "six"]
    assert upper.cache_info() == (10, 2)


def test_what_alone_weighs_too_much_is_not_remembered_and_displaces_nothing() -> None:
    memory: Memory[str] = Memory(10)
    memory.keep("small", "s", 10)

    memory.keep("large", "l", 11)

    assert memory.get("large") is None
    assert memory.get("small") == "s"


def test_what_was_cleared_leaves_room_for_as_much() -> None:
    memory: Memory[str] = Memory(2)
    memory.keep("a", "A", 2)

    memory.clear()
    memory.keep("b", "B", 1)
    memory.keep("c", "C", 1)

    assert [memory.get(key) for key in "abc"] == [None, "B", "C"]


def test_an_answer_of_none_is_remembered_and_an_error_is_not() -> None:
    asked: list[int] = []

    @remembering(lambda number: 1, 10)
    def root(number: int) -> None:
        asked.append(number)
        if number < 0:
            raise ValueError("no root")

    for number in (1, 1, -1, -1):
        with nullcontext() if number > 0 else pytest.raises(ValueError, match="no root"):
            root(number)

    assert asked == [1, -1, -1]


def test_only_as_many_templates_are_remembered_as_are_short_together() -> None:
    place = StackPlace("AWSProton-shop", "1", "aws", "eu-west-1", "123456789012")
    long = "x" * 120_000

    for number in range(6):
        load_template(f"Description: {number}{long}\nResources: {{A: {{Type: 'A::B::C'}}}}", place)

    assert _template.cache_info().currsize <= 4


def test_only_as_many_patterns_are_remembered_as_are_small_together() -> None:
    for number in range(30):
        compiled(f"{number}[a-z]{{4900}}")

    assert compiled.cache_info().currsize <= 20


def test_no_more_than_sixty_four_bundles_are_remembered() -> None:
    manifest = (
        "infrastructure:\n  templates:\n    - {file: a.yaml, rendering_engine: jinja, "
        "template_language: cloudformation}\n"
    )
    schema = (
        "schema:\n  format: {openapi: 3.0.0}\n  environment_input_type: T\n"
        "  types: {T: {type: object, properties: {a: {type: string}}}}\n"
    )
    for number in range(70):
        files = {
            "schema/schema.yaml": schema,
            "infrastructure/manifest.yaml": manifest,
            "infrastructure/a.yaml": f"Resources: {{A{number}: {{Type: 'A::B::C'}}}}\n",
        }
        packed = pack_files({name: text.encode() for name, text in files.items()})
        read_environment_bundle(packed, customer_managed=False)

    assert _environment_bundles._bundles.info().currsize == 64


def test_only_as_many_specs_are_remembered_as_are_short_together() -> None:
    for number in range(30):
        parse_service_spec(
            "proton: ServiceSpec\ninstances: [{name: a, environment: b, "
            f"spec: {{p: {number}{'x' * 50_000}}}}}]"
        )

    assert parse_service_spec.cache_info().currsize <= 20
