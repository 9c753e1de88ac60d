"""Where an error is: file, line, column, and the line with a caret."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moto_proton.render import RenderError

Refusal = Callable[..., RenderError]


@pytest.mark.parametrize(
    ("template", "line", "column", "message"),
    [
        # Syntax: the words are Jinja's, what they name is ours to promise.
        ("a\nb {{ foo bar }}", 2, 10, "bar"),
        ("a\n{{ }}", 2, 1, "expression"),
        ("a\nb\n{% if x %}\nc", 3, 4, "end of template"),
        ("a\n{% endif %}", 2, 4, "endif"),
        ("a\n{% frobnicate %}", 2, 4, "frobnicate"),
        ("{{ 1 | nofilter }}", 1, 8, "nofilter"),
        ("{{ 1 is notest }}", 1, 9, "notest"),
        ("a\n  {% include 'x' %}", 2, 6, "'include' is not available"),
        # Running.
        ("a\nb: {{ nope }}", 2, 7, "'nope' is undefined"),
        ("a\n{{ environment.name }}{{ environment.inputs.no }}", 2, 45, "environment.inputs.no'"),
        ("a\n{{ environment\n  .inputs\n  .no }}", 4, 4, "'environment.inputs.no' is undefined"),
        ("{{ 1\n | string\n | proton_cfn_iam_policy_arns }}", 3, 4, "takes a mapping"),
        ("a\n{% for x in [1] %}\n  {{ x.y }}\n{% endfor %}", 3, 8, "a number has no 'y'"),
        ("{% macro m() %}\n{{ no }}\n{% endmacro %}\n{{ m() }}", 2, 4, "'no' is undefined"),
        ("a\n\n{{ 1 / 0 }}", 3, 1, "ZeroDivisionError"),
        ("a\n\n{{ 1 }}{{ 1 / 0 }}", 3, None, "ZeroDivisionError"),
        ("a\n{% if environment.no > 1 %}\n{% endif %}", 2, 19, "'environment.no' is undefined"),
        ("a\n{{ 'a b' | proton_cfn_sanitize }}", 2, 12, "Illegal character(s)"),
        ("a\n{% set x = environment.no %}\n{{ x }}", 3, 1, "'environment.no' is undefined"),
        ("{{ [1, 2] | sort(attribute='no') }}", 1, 29, "a number has no 'no'"),
        ("x\n{% for i in range(10**9) %}{% endfor %}", 2, None, "Range too big"),
        ("x\n{{ ''.__class__ }}", 2, 7, "'__class__' of a string"),
        ("a\r\nb\r\n{{ no }}", 3, 4, "'no' is undefined"),
    ],
)
def test_an_error_is_at(
    refusal: Refusal, template: str, line: int, column: int | None, message: str
) -> None:
    error = refusal(template)

    assert message in error.message
    assert (error.line, error.column) == (line, column)


def test_an_error_is_one_line(refusal: Refusal) -> None:
    error = refusal("a\n  b: '{{ environment.inputs.no }}'")

    assert str(error) == (
        "infrastructure/cloudformation.yaml, line 2: 'environment.inputs.no' is undefined"
    )


def test_an_error_explains_itself_with_the_line_and_a_caret(refusal: Refusal) -> None:
    error = refusal("a\n\tb: '{{ environment.inputs.no }}'")

    assert error.explain() == (
        "infrastructure/cloudformation.yaml, line 2: 'environment.inputs.no' is undefined\n"
        "     b: '{{ environment.inputs.no }}'\n"
        "                               ^"
    )


def test_an_error_without_a_line_explains_what_it_can(refusal: Refusal) -> None:
    error = refusal("{% set s = 'a' * 262144 %}" + "{{ s }}" * 9)

    assert (error.line, error.column, error.excerpt) == (None, None, None)
    assert error.explain() == str(error)
    assert error.message == "the rendered file is longer than 1,000,000 characters"


def test_an_error_has_no_python_behind_it(refusal: Refusal) -> None:
    error = refusal("{{ nope }}")

    assert error.__cause__ is None
    assert error.__suppress_context__


def test_a_template_that_failed_fails_again(refusal: Refusal) -> None:
    assert str(refusal("{{ a b }}")) == str(refusal("{{ a b }}"))
