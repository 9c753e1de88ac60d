"""Proton's four filters: what they make of their input, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.bundle.infrastructure import CloudFormationManifest, Infrastructure
from moto_proton.render import EnvironmentParameters, RenderError, render_environment

Render = Callable[..., str]

ECS = "proton_cfn_ecs_task_definition_formatted_env_vars"
LAMBDA = "proton_cfn_lambda_function_formatted_env_vars"
ARNS = "proton_cfn_iam_policy_arns"
SANITIZE = "proton_cfn_sanitize"
POLICY = "arn:aws:iam::123456789012:policy/read"


@pytest.mark.rule("8.6-1")
def test_the_example_of_the_guide_for_ecs(render_text: Render) -> None:
    text = f"Environment:\n  {{{{ environment.inputs.m\n    | {ECS} }}}}\nend: 1\n"

    rendered = render_text(text, m={"Output1": "hello", "Output2": "world"})

    assert rendered == (
        "Environment:\n"
        "  - Name: Output1\n"
        "    Value: hello\n"
        "  - Name: Output2\n"
        "    Value: world\n"
        "end: 1\n"
    )


@pytest.mark.rule("8.6-2")
def test_the_example_of_the_guide_for_lambda(render_text: Render) -> None:
    text = f"Variables:\n  {{{{ environment.inputs.m\n    | {LAMBDA} }}}}\n"

    rendered = render_text(text, m={"Output1": "hello", "Output2": "world"})

    assert rendered == "Variables:\n  Output1: hello\n  Output2: world\n"


@pytest.mark.rule("8.6-3")
def test_the_example_of_the_guide_for_policies(render_text: Render) -> None:
    text = f"ManagedPolicyArns:\n  - !Ref Base\n  {{{{ environment.inputs.m | {ARNS} }}}}\n"

    rendered = render_text(text, m={"a": POLICY, "b": "hello", "c": POLICY + "2"})

    assert rendered == (f"ManagedPolicyArns:\n  - !Ref Base\n  - {POLICY}\n  - {POLICY}2\n")


@pytest.mark.parametrize("name", [ECS, LAMBDA, ARNS])
def test_nothing_comes_of_nothing(render_text: Render, name: str) -> None:
    assert render_text(f"a:\n  {{{{ environment.inputs.m | {name} }}}}\n", m={}) == "a:\n  \n"


@pytest.mark.rule("8.6-6")
@pytest.mark.parametrize(
    ("template", "indent"),
    [
        ("{{ M | FILTER }}", 0),
        ("a:\n    {{ M | FILTER }}", 4),
        ("{% set x = M | FILTER %}a:\n  {{ x }}", 2),
        ("{% macro e() %}{{ M | FILTER }}{% endmacro %}a:\n   {{ e() }}", 3),
        ("{% set x %}{{ M | FILTER }}{% endset %}a:\n  {{ x | indent(1) }}", 2),
        ("a: {{- M | FILTER }}", 2),
    ],
)
def test_the_lines_of_a_block_stand_below_each_other(
    render_text: Render, template: str, indent: int
) -> None:
    text = template.replace("M", "environment.inputs.m").replace("FILTER", ECS)

    rendered = render_text(text, m={"k": "v", "l": "w"})

    lines = ("- Name: k", "  Value: v", "- Name: l", "  Value: w")
    assert rendered.endswith(("\n" + " " * indent).join(lines))


@pytest.mark.parametrize("name", [ECS, LAMBDA])
@pytest.mark.parametrize(
    "text",
    ["true", "null", "80", "1.5", "", " a ", "a: b", "a #b", "- a", "*a", "{a}", '"', "'", "\\",
     "a\nb", "\t", "é", "\u2028", "\x85", "\x07", "😀", "arn:aws:s3:::b", "http://a:80/?b=c", "~",
     "2024-01-01", "0x1f", "=", "<<", "!a", "%a", "@a", "`a", "no", "a:"],
)  # fmt: skip
def test_environment_variables_are_read_as_the_text_they_were(
    render_text: Render, name: str, text: str
) -> None:
    rendered = render_text(f"a:\n  {{{{ environment.inputs.m | {name} }}}}\n", m={"k": text})

    read = yaml.safe_load(rendered)["a"]
    assert read == ([{"Name": "k", "Value": text}] if name == ECS else {"k": text})


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), min_size=1, max_size=4))
def test_any_outputs_are_read_as_they_were(outputs: dict[str, str]) -> None:
    infrastructure = Infrastructure(
        "infrastructure",
        CloudFormationManifest("t.yaml"),
        {"t.yaml": f"a:\n  b:\n    {{{{ environment.inputs.m | {ECS} }}}}\nc: d\n"},
    )
    parameters = EnvironmentParameters("prod", {"m": outputs})

    rendered = render_environment(infrastructure, parameters).template

    assert yaml.safe_load(rendered)["a"]["b"] == [
        {"Name": key, "Value": value} for key, value in outputs.items()
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(80, '"80"'), (1.5, '"1.5"'), (True, '"true"'), (False, '"false"')],
)
def test_numbers_and_booleans_become_text(render_text: Render, value: Any, expected: str) -> None:
    text = render_text(f"{{{{ environment.inputs.m | {LAMBDA} }}}}", m={"k": value})

    assert text == f"k: {expected}"


@pytest.mark.rule("8.6-1", "8.6-2")
@pytest.mark.parametrize("name", [ECS, LAMBDA])
def test_without_raw_every_value_is_checked(
    render_text: Render, refusal: Callable[..., RenderError], name: str
) -> None:
    template = f"{{{{ environment.inputs.m | {name}(raw=False) }}}}"

    assert "b-1_A" in render_text(template, m={"a": "b-1_A"})
    assert refusal(template, m={"a": "ok", "b": "not ok"}).message == (
        'Illegal character(s) detected in "not ok". Must match regex ^[a-zA-Z0-9_-]*$'
    )


@pytest.mark.rule("8.6-4")
@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc-DEF_123",
        POLICY,
        "arn:aws:s3:::bucket",
        "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/t",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST",
    ],
)
def test_sanitize_lets_pass(render_text: Render, value: str) -> None:
    assert render_text(f"{{{{ environment.inputs.x | {SANITIZE} }}}}", x=value) == value


@pytest.mark.rule("8.6-4")
@pytest.mark.parametrize(
    "value",
    [
        "this::is::incorrect",
        "a b",
        "a\n",
        "é",
        "arn:aws:s3:::b\n- x",
        "arn:aws:s3:::a b",
        "arn:",
        "{{",
    ],
)
def test_sanitize_refuses_with_the_recorded_message(
    refusal: Callable[..., RenderError], value: str
) -> None:
    error = refusal(f"{{{{ environment.inputs.x | {SANITIZE} }}}}", x=value)

    assert error.message == (
        f'Illegal character(s) detected in "{value}". '
        "Must match regex ^[a-zA-Z0-9_-]*$ or be a valid ARN"
    )


@pytest.mark.rule("8.6-3")
@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:iam::12345678901:policy/x",
        "arn:aws:iam::123456789012:role/x",
        "arn:aws:s3:::b",
        "x" + POLICY,
        80,
        None,
    ],
)
def test_what_is_no_policy_is_left_out(render_text: Render, value: Any) -> None:
    assert render_text(f"{{{{ environment.inputs.m | {ARNS} }}}}", m={"k": value}) == ""


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (ECS, "text", f"{ECS} takes a mapping, not a string"),
        (ECS, (1,), f"{ECS} takes a mapping, not a list"),
        (ECS, {"k": {}}, f"{ECS} takes text and numbers, not a mapping for 'k'"),
        (ECS, {"k": None}, f"{ECS} takes text and numbers, not null for 'k'"),
        (LAMBDA, 3, f"{LAMBDA} takes a mapping, not a number"),
        (LAMBDA, {"k": (1,)}, f"{LAMBDA} takes text and numbers, not a list for 'k'"),
        (ARNS, POLICY, f"{ARNS} takes a mapping, not a string"),
        (ARNS, None, f"{ARNS} takes a mapping, not null"),
        (SANITIZE, 80, f"{SANITIZE} takes a string, not a number"),
        (SANITIZE, True, f"{SANITIZE} takes a string, not a boolean"),
        (SANITIZE, {}, f"{SANITIZE} takes a string, not a mapping"),
    ],
)
def test_a_filter_refuses_the_wrong_type(
    refusal: Callable[..., RenderError], name: str, value: Any, message: str
) -> None:
    assert refusal(f"{{{{ environment.inputs.x | {name} }}}}", x=value).message == message


@pytest.mark.parametrize("name", [ECS, LAMBDA, ARNS, SANITIZE])
def test_a_filter_does_not_hide_what_is_undefined(
    refusal: Callable[..., RenderError], name: str
) -> None:
    error = refusal(f"{{{{ environment.inputs.x | {name} }}}}")

    assert error.message == "'environment.inputs.x' is undefined"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"m | {ARNS} | tojson", f'"- {POLICY}\\n- {POLICY}2"'),
        (f"(m | {ARNS}).split('\\n') | length", "2"),
        (f"m | {ARNS} | length", str(len(f"- {POLICY}\n- {POLICY}2"))),
        (f"m | {ARNS} | replace('- ', '* ') | indent(2)", f"* {POLICY}\n  * {POLICY}2"),
    ],
)
def test_what_a_template_makes_of_a_block_is_text_as_any_other(
    render_text: Render, expression: str, expected: str
) -> None:
    text = f"{{{{ {expression.replace('m', 'environment.inputs.m', 1)} }}}}"

    assert render_text(text, m={"a": POLICY, "b": f"{POLICY}2"}) == expected


def test_control_characters_of_inputs_stay_where_they_are(render_text: Render) -> None:
    text = f"A:\n  {{{{ environment.inputs.m | {LAMBDA} }}}}\n# {{{{ environment.inputs.x }}}}"

    rendered = render_text(text, m={"a": "b", "c": "d"}, x="a\x01b\x02c")

    assert rendered == "A:\n  a: b\n  c: d\n# a\x01b\x02c"
