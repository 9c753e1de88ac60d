"""How values come out of a template, and what is undefined in one."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.bundle.infrastructure import CloudFormationManifest, Infrastructure
from moto_proton.render import EnvironmentParameters, RenderError, render_environment

Render = Callable[..., str]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        ("", ""),
        ("{{ not.a.template }}", "{{ not.a.template }}"),
        ("<a & 'b'>", "<a & 'b'>"),
        ("1\n2\t3", "1\n2\t3"),
        (80, "80"),
        (1.5, "1.5"),
        (True, "True"),  # Jinja's own; YAML reads it as a boolean.
        (None, "None"),
        ((1, "two"), "[1, 'two']"),
        (MappingProxyType({"a": (True,)}), "{'a': [True]}"),
    ],
)
def test_values_are_written_as_jinja_writes_them(
    render_text: Render, value: Any, expected: str
) -> None:
    assert render_text("{{ environment.inputs.x }}", x=value) == expected


@pytest.mark.parametrize("name", ["items", "keys", "values", "get", "copy", "update", "pop"])
def test_a_name_of_a_method_is_the_input_of_that_name(render_text: Render, name: str) -> None:
    inputs = {name: "given"}

    assert render_text(f"{{{{ environment.inputs.{name} }}}}", **inputs) == "given"
    assert render_text(f"{{{{ environment.inputs['{name}'] }}}}", **inputs) == "given"


@pytest.mark.parametrize("name", ["items", "keys", "values", "get", "copy", "update", "pop"])
def test_a_name_of_a_method_is_undefined_where_it_is_no_input(
    render_text: Render, name: str
) -> None:
    assert render_text(f"{{{{ environment.inputs.{name} is defined }}}}") == "False"
    with pytest.raises(RenderError, match=f"'environment.inputs.{name}' is undefined"):
        render_text(f"{{{{ environment.inputs.{name} }}}}")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("environment.inputs.m.items() | list", "[('a', 1)]"),
        ("environment.inputs.m.keys() | join", "a"),
        ("environment.inputs.m.values() | join", "1"),
        ("environment.inputs.m.get('a')", "1"),
        ("environment.inputs.m.get('b', 2)", "2"),
        ("environment.inputs.m | items | list", "[('a', 1)]"),
        ("environment.inputs.m | dictsort", "[('a', 1)]"),
        ("'a' in environment.inputs.m", "True"),
    ],
)
def test_mappings_can_be_walked(render_text: Render, expression: str, expected: str) -> None:
    assert render_text(f"{{{{ {expression} }}}}", m={"a": 1}) == expected


@pytest.mark.rule("8.5-17")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("environment.inputs.nope | default('x')", "x"),
        ("environment.inputs.nope | d('x')", "x"),
        ("environment.inputs.nope is defined", "False"),
        ("environment.inputs.nope is undefined", "True"),
        ("environment.inputs.none | default('x')", "None"),
        ("environment.inputs.none | default('x', true)", "x"),
        ("nope | default('x')", "x"),
    ],
)
def test_undefined_names_may_be_asked_about(
    render_text: Render, expression: str, expected: str
) -> None:
    assert render_text(f"{{{{ {expression} }}}}", none=None) == expected


@pytest.mark.rule("8.5-17", "8.5-18")
@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ nope }}", "'nope' is undefined"),
        ("{{ nope.x }}", "'nope' is undefined"),
        ("{{ nope() }}", "'nope' is undefined"),
        ("{{ environment.inputs.nope }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs['nope'] }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs['no pe'] }}", "'environment.inputs['no pe']' is undefined"),
        ("{{ environment.inputs.nope.x }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs.nope.x is defined }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs.list[7] }}", "'environment.inputs.list[7]' is undefined"),
        ("{{ environment.inputs.list[0].x }}", "'environment.inputs.list[0].x' is undefined"),
        ("{{ environment.inputs.nope ~ 'x' }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs.nope + 1 }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs.nope == 1 }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs.nope | upper }}", "'environment.inputs.nope' is undefined"),
        ("{{ environment.inputs.nope | length }}", "'environment.inputs.nope' is undefined"),
        ("{% if environment.inputs.nope %}{% endif %}", "'environment.inputs.nope' is undefined"),
        (
            "{% for x in environment.inputs.nope %}{% endfor %}",
            "'environment.inputs.nope' is undefined",
        ),
        ("{% for x in environment.inputs.list %}{{ x.y }}{% endfor %}", "list[0].y' is undefined"),
        ("{{ environment.inputs.list[0].s.x }}", "a string has no 'x'"),
    ],
)
def test_undefined_names_fail_in_any_other_use(
    refusal: Callable[..., RenderError], template: str, message: str
) -> None:
    assert message in refusal(template, list=({"s": "t"},)).message


@pytest.mark.parametrize(
    "template",
    [
        "{% set environment.name = 'x' %}",
        "{{ environment.inputs.list.append(1) }}",
        "{{ environment.inputs.m.update({}) }}",
        "{{ environment.inputs.m.pop('a') }}",
        "{{ environment.inputs.m.setdefault('b', 1) }}",
        "{{ environment.inputs.list.sort() }}",
    ],
)
def test_a_template_changes_nothing_of_its_parameters(
    refusal: Callable[..., RenderError], template: str
) -> None:
    inputs = {"list": [2, 1], "m": {"a": 1}}

    refusal(template, **inputs)

    assert inputs == {"list": [2, 1], "m": {"a": 1}}


def test_what_one_rendering_keeps_another_does_not_see(render_text: Render) -> None:
    text = "{% set ns = namespace(n=0) %}{% set ns.n = ns.n + environment.inputs.x %}{{ ns.n }}"

    assert [render_text(text, x=x) for x in (1, 1, 2)] == ["1", "1", "2"]


def test_equal_numbers_of_other_types_are_not_taken_for_each_other() -> None:
    infrastructure = Infrastructure(
        "infrastructure",
        CloudFormationManifest("t.yaml"),
        {"t.yaml": "{{ environment.inputs.x }}"},
    )

    texts = [
        render_environment(infrastructure, EnvironmentParameters("prod", {"x": x})).template
        for x in (1, True, 1.0, "1", 1)
    ]

    assert texts == ["1", "True", "1.0", "1", "1"]


def test_the_same_parameters_again_are_the_same_answer() -> None:
    infrastructure = Infrastructure(
        "infrastructure", CloudFormationManifest("t.yaml"), {"t.yaml": "{{ environment.name }}"}
    )

    first = render_environment(infrastructure, EnvironmentParameters("prod", {"x": 1}))
    again = render_environment(infrastructure, EnvironmentParameters("prod", {"x": 1}))

    assert first is again


def test_line_ends_and_the_last_line_stay(render_text: Render) -> None:
    assert render_text("a\n\nb\n") == "a\n\nb\n"
    assert render_text("a") == "a"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
def test_any_text_comes_out_as_it_is(text: str) -> None:
    infrastructure = Infrastructure(
        "infrastructure",
        CloudFormationManifest("t.yaml"),
        {"t.yaml": "{{ environment.inputs.x }}"},
    )

    rendered = render_environment(infrastructure, EnvironmentParameters("prod", {"x": text}))

    assert rendered.template == text
