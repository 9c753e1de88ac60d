"""``${Proton::CURRENT_VAL}``: what it keeps, and where there is no current value."""

from __future__ import annotations

import pytest
from hypothesis import given

from moto_proton.spec import (
    PLACEHOLDER,
    CurrentValueError,
    InstanceSpec,
    ServiceSpec,
    has_placeholder,
    parse_environment_spec,
    parse_service_spec,
    resolve_environment_spec,
    resolve_for_instance,
    resolve_for_pipeline,
    resolve_service_spec,
    same_value,
)
from tests.spec.random_specs import Edit, edits

CURRENT = """\
proton: ServiceSpec
pipeline: {retries: 3, build: {image: node, args: [a, b]}}
instances:
- {name: dev, environment: env, spec: {port: 80, debug: true, note: null, sizes: [1, 2.5]}}
- {name: prod, environment: env, spec: {port: "443"}}
"""


@pytest.fixture
def current() -> ServiceSpec:
    return parse_service_spec(CURRENT)


def proposed(instances: str, pipeline: str = "{}") -> ServiceSpec:
    text = f"proton: ServiceSpec\npipeline: {pipeline}\ninstances:\n{instances}"
    return parse_service_spec(text.replace("KEEP", f'"{PLACEHOLDER}"'))


@pytest.mark.rule("4.3-2", "4.3-5")
def test_a_spec_without_placeholder_is_returned_as_it_is(current: ServiceSpec) -> None:
    spec = proposed("- {name: new, environment: env, spec: {port: 1}}")

    assert resolve_service_spec(spec, current) is spec
    assert resolve_service_spec(spec, None) is spec


@pytest.mark.rule("4.4-1", "4.4-9")
def test_values_are_kept_with_their_types_by_name_key_and_index(current: ServiceSpec) -> None:
    spec = proposed(
        "- {name: prod, environment: env, spec: {port: KEEP}}\n"
        "- {name: dev, environment: env,"
        " spec: {sizes: [KEEP, KEEP], note: KEEP, debug: KEEP, port: KEEP}}\n",
        pipeline="{build: {args: [x, KEEP], image: KEEP}, retries: KEEP}",
    )

    resolved = resolve_service_spec(spec, current)

    assert resolved.pipeline == {"build": {"args": ("x", "b"), "image": "node"}, "retries": 3}
    assert resolved.instances == (
        InstanceSpec("prod", "env", {"port": "443"}),
        InstanceSpec("dev", "env", {"sizes": (1, 2.5), "note": None, "debug": True, "port": 80}),
    )


def test_a_placeholder_can_keep_a_whole_mapping_or_list(current: ServiceSpec) -> None:
    spec = proposed(
        "- {name: dev, environment: env, spec: {sizes: KEEP}}", pipeline="{build: KEEP}"
    )

    resolved = resolve_service_spec(spec, current)

    assert resolved.pipeline == {"build": {"image": "node", "args": ("a", "b")}}
    assert resolved.instances[0].inputs == {"sizes": (1, 2.5)}


@pytest.mark.rule("4.3-5")
def test_the_text_of_a_resolved_spec_is_normalised(current: ServiceSpec) -> None:
    spec = proposed("- {name: prod, environment: env, spec: {port: KEEP}} # as it is\n")

    resolved = resolve_service_spec(spec, current)

    assert resolved.text == (
        "proton: ServiceSpec\ninstances:\n- name: prod\n  environment: env\n"
        "  spec:\n    port: '443'\n"
    )
    assert parse_service_spec(resolved.text) == resolved


def test_resolving_again_changes_nothing(current: ServiceSpec) -> None:
    spec = proposed("- {name: dev, environment: env, spec: {port: KEEP}}")

    resolved = resolve_service_spec(spec, current)

    assert resolve_service_spec(resolved, current) is resolved


@pytest.mark.rule("4.4-8")
def test_every_place_without_a_current_value_is_named(current: ServiceSpec) -> None:
    spec = proposed(
        "- {name: dev, environment: env, spec: {port: KEEP, other: KEEP, sizes: [1, 2, KEEP]}}\n"
        "- {name: new, environment: env, spec: {port: KEEP}}\n",
        pipeline="{retries: {deep: KEEP}, 'a b': KEEP}",
    )

    with pytest.raises(CurrentValueError) as caught:
        resolve_service_spec(spec, current)

    assert caught.value.paths == (
        "pipeline.retries.deep",
        'pipeline["a b"]',
        "instances[dev].spec.other",
        "instances[dev].spec.sizes[2]",
        "instances[new].spec.port",
    )


@pytest.mark.rule("4.4-7")
def test_without_a_current_spec_nothing_can_be_kept() -> None:
    spec = proposed("- {name: c, environment: env, spec: {port: KEEP}}")

    with pytest.raises(CurrentValueError) as caught:
        resolve_service_spec(spec, None)

    assert str(caught.value) == (
        "${Proton::CURRENT_VAL} has no current value to keep at instances[c].spec.port"
    )


def test_a_placeholder_in_the_current_spec_is_no_value() -> None:
    spec = proposed("- {name: c, environment: env, spec: {port: KEEP}}")

    with pytest.raises(CurrentValueError):
        resolve_service_spec(spec, spec)


@pytest.mark.rule("4.4-10")
@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param("{port: 'x ${Proton::CURRENT_VAL}'}", id="inside a longer string"),
        pytest.param("{port: '${Proton::CURRENT_VAL} '}", id="with a space behind"),
        pytest.param("{'${Proton::CURRENT_VAL}': 1}", id="as a key"),
        pytest.param("{port: 1} # ${Proton::CURRENT_VAL}", id="in a comment"),
        pytest.param("{port: '${proton::current_val}'}", id="in lower case"),
    ],
)
def test_elsewhere_the_placeholder_is_text(inputs: str, current: ServiceSpec) -> None:
    spec = proposed(f"- name: dev\n  environment: env\n  spec: {inputs}\n")

    assert not has_placeholder(spec)
    assert resolve_service_spec(spec, current) is spec


@pytest.mark.parametrize(
    "written",
    [
        "${Proton::CURRENT_VAL}",
        "'${Proton::CURRENT_VAL}'",
        '"\\x24{Proton::CURRENT_VAL}"',
        '"${Proton::\\\n      CURRENT_VAL}"',
    ],
    ids=["plain", "single quotes", "escape", "folded"],
)
def test_the_placeholder_is_found_however_it_is_written(written: str, current: ServiceSpec) -> None:
    spec = proposed(f"- name: dev\n  environment: env\n  spec:\n    port: {written}\n")

    assert has_placeholder(spec)
    assert resolve_service_spec(spec, current).instances[0].inputs == {"port": 80}


@pytest.mark.rule("4.4-5")
def test_an_environment_keeps_its_values_too() -> None:
    now = parse_environment_spec("proton: EnvironmentSpec\nspec: {cidr: 10.0.0.0/16, zones: [a]}")
    edited = parse_environment_spec(
        f"proton: EnvironmentSpec\nspec: {{cidr: '{PLACEHOLDER}', zones: [b]}}"
    )

    resolved = resolve_environment_spec(edited, now)

    assert resolved.inputs == {"cidr": "10.0.0.0/16", "zones": ("b",)}
    assert resolved.text == (
        "proton: EnvironmentSpec\nspec:\n  cidr: 10.0.0.0/16\n  zones:\n  - b\n"
    )
    assert resolve_environment_spec(resolved, now) is resolved


@pytest.mark.rule("4.4-7")
def test_an_environment_has_nothing_to_keep_at_its_creation() -> None:
    spec = parse_environment_spec(f"proton: EnvironmentSpec\nspec: {{cidr: '{PLACEHOLDER}'}}")

    with pytest.raises(CurrentValueError) as caught:
        resolve_environment_spec(spec, None)

    assert caught.value.paths == ("spec.cidr",)


ONE = "proton: ServiceSpec\ninstances:\n- {name: a, environment: env, spec: {port: 80}}\n"


@pytest.mark.rule("4.4-3")
def test_a_call_on_one_instance_ignores_places_of_the_others() -> None:
    """What can't be resolved elsewhere is as it is now, or not there."""
    proposed = parse_service_spec(
        "proton: ServiceSpec\n"
        f"pipeline: {{x: '{PLACEHOLDER}'}}\n"
        "instances:\n"
        f"- {{name: a, environment: env, spec: {{port: '{PLACEHOLDER}'}}}}\n"
        f"- {{name: new, environment: env, spec: {{port: '{PLACEHOLDER}'}}}}\n"
    )

    resolved = resolve_for_instance(proposed, parse_service_spec(ONE), "a")

    assert resolved.pipeline == {}
    assert [(entry.name, dict(entry.inputs)) for entry in resolved.instances] == [
        ("a", {"port": 80})
    ]


def test_a_call_on_one_instance_refuses_its_own_place() -> None:
    """The error names the place."""
    proposed = parse_service_spec(ONE.replace("80", f"80, size: '{PLACEHOLDER}'"))

    with pytest.raises(CurrentValueError) as caught:
        resolve_for_instance(proposed, parse_service_spec(ONE), "a")

    assert caught.value.paths == ("instances[a].spec.size",)


@pytest.mark.rule("4.4-4")
def test_a_call_on_the_pipeline_ignores_places_of_instances() -> None:
    """All of its instances may be new: those of the service stay."""
    proposed = parse_service_spec(
        "proton: ServiceSpec\ninstances:\n"
        f"- {{name: new, environment: env, spec: {{port: '{PLACEHOLDER}'}}}}\n"
    )

    resolved = resolve_for_pipeline(proposed, parse_service_spec(ONE))

    assert [entry.name for entry in resolved.instances] == ["a"]


# Properties


@given(edits(losing=False))
def test_placeholders_become_current_values_and_all_else_stays(edit: Edit) -> None:
    resolved = resolve_service_spec(parse_service_spec(edit.text), edit.old)

    assert resolved.instances == edit.instances
    assert same_value(resolved.pipeline, edit.pipeline)
    assert parse_service_spec(resolved.text).instances == edit.instances
    assert same_value(parse_service_spec(resolved.text).pipeline, edit.pipeline)


@given(edits(losing=False))
def test_what_is_resolved_has_nothing_left_to_resolve(edit: Edit) -> None:
    resolved = resolve_service_spec(parse_service_spec(edit.text), edit.old)

    assert not has_placeholder(resolved)
    assert PLACEHOLDER not in resolved.text
    assert resolve_service_spec(resolved, edit.old) is resolved
    assert resolve_service_spec(resolved, None) is resolved


@given(edits(losing=True))
def test_every_placeholder_without_a_current_value_is_told(edit: Edit) -> None:
    proposed = parse_service_spec(edit.text)
    told: tuple[str, ...] = ()

    try:
        resolve_service_spec(proposed, edit.old)
    except CurrentValueError as error:
        told = error.paths

    assert len(told) == len({*told}) == edit.lost
