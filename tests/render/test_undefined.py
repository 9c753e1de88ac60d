"""What is undefined is told by name wherever it ends up: in a filter, a loop, a list, a call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moto_proton.render import RenderError
from moto_proton.render.calls import FILTERS
from moto_proton.render.filters import PROTON_FILTERS

Render = Callable[..., str]

NOPE = "environment.inputs.nope"
TOLD = f"'{NOPE}' is undefined"
ARGUMENTS = {
    "attr": "'x'",
    "batch": "2",
    "format": "1",
    "groupby": "'x'",
    "map": "'upper'",
    "rejectattr": "'x'",
    "replace": "'a', 'b'",
    "selectattr": "'x'",
    "slice": "2",
    "truncate": "3",
    "wordwrap": "3",
}
# What an input without a value is for, and what passes on what a list or a mapping holds.
TAKEN = {"d", "default"}
PASSED_ON = {
    *("batch", "count", "first", "items", "last", "length", "list", "map", "reject", "rejectattr"),
    *("reverse", "select", "selectattr", "slice"),
}


def filtered(value: str, name: str) -> str:
    arguments = ARGUMENTS.get(name)
    return f"{{{{ {value} | {name}{f'({arguments})' if arguments else ''} }}}}"


@pytest.mark.parametrize("name", sorted({*FILTERS, *PROTON_FILTERS} - TAKEN))
def test_no_filter_takes_it(refusal: Callable[..., RenderError], name: str) -> None:
    assert refusal(filtered(NOPE, name)).message == TOLD


@pytest.mark.parametrize("value", [f"[1, {NOPE}]", f"{{'a': {NOPE}}}", f"[{{'a': [{NOPE}]}}]"])
@pytest.mark.parametrize("name", sorted({*FILTERS, *PROTON_FILTERS} - TAKEN - PASSED_ON))
def test_no_filter_makes_text_of_what_holds_it(
    refusal: Callable[..., RenderError], name: str, value: str
) -> None:
    assert refusal(filtered(value, name)).message == TOLD


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"[{NOPE}, 'a'] | select('defined') | join(',')", "a"),
        (f"[{NOPE}, 'a'] | map('default', 'x') | join(',')", "x,a"),
        (f"[{NOPE}, 'a'] | length", "2"),
        (f"[{NOPE}, 'a'] | last", "a"),
        (f"{NOPE} | default([]) | tojson", "[]"),
        (f"{{'k': {NOPE}}}.get('k') is undefined", "True"),
        ("[environment.inputs] | selectattr('nope', 'defined') | list | length", "0"),
    ],
)
def test_it_may_be_passed_on_to_where_it_is_asked_for(
    render_text: Render, expression: str, expected: str
) -> None:
    assert render_text(f"{{{{ {expression} }}}}") == expected


@pytest.mark.parametrize(
    "template",
    [
        f"{{{{ 'a' | replace('a', {NOPE}) }}}}",
        f"{{{{ 1.5 | round({NOPE}) }}}}",
        f"{{{{ [2, 1] | sort(reverse={NOPE}) }}}}",
        f"{{{{ [2, 1] | sum(start={NOPE}) }}}}",
        f"{{{{ 'a'.replace('a', {NOPE}) }}}}",
        f"{{{{ 'a'.startswith({NOPE}) }}}}",
        f"{{{{ ','.join(['a', {NOPE}]) }}}}",
        f"{{{{ [1, 2][{NOPE}:] }}}}",
        f"{{{{ 'text'[:{NOPE}] }}}}",
        f"{{% for i in range({NOPE}) %}}{{% endfor %}}",
        f"{{% for k, v in {NOPE} | items %}}{{% endfor %}}",
        f"{{% for k, v in {NOPE}.items() %}}{{% endfor %}}",
        f"{{% for each in [{NOPE}] %}}{{{{ each | tojson }}}}{{% endfor %}}",
        f"{{% for each in [1] if {NOPE} %}}{{% endfor %}}",
        f"{{% set each = {{'a': [{NOPE}]}} %}}{{{{ each | tojson }}}}",
        f"{{% macro m(a) %}}{{{{ a | tojson }}}}{{% endmacro %}}{{{{ m({NOPE}) }}}}",
        f"{{% filter upper %}}{{{{ {NOPE} }}}}{{% endfilter %}}",
        f"{{{{ {{'a': {NOPE}}} | tojson(indent=2) }}}}",
    ],
)
def test_it_is_named_where_it_is_used(refusal: Callable[..., RenderError], template: str) -> None:
    assert refusal(template).message == TOLD


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("{'a': 1}['b'] | tojson", "a mapping has no 'b'"),
        ("[1][3] | tojson", "a list has no 3"),
        ("'text'.nope | tojson", "a string has no 'nope'"),
        ("nope | tojson", "'nope' is undefined"),
        ("('a' if false) | tojson", "the inline if-expression on line 1 evaluated to false"),
    ],
)
def test_what_has_no_name_is_told_by_what_lacks_it(
    refusal: Callable[..., RenderError], expression: str, message: str
) -> None:
    assert message in refusal(f"{{{{ {expression} }}}}").message


def test_what_an_instance_lacks_is_told_with_the_instance(render_pipeline: Render) -> None:
    template = "{% for i in service_instances %}{{ i.outputs.Endpoint | tojson }}{% endfor %}"

    with pytest.raises(RenderError) as caught:
        render_pipeline(template)

    assert caught.value.message == "'service_instances[1].outputs.Endpoint' is undefined"
