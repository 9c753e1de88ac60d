"""What makes a text a service spec or an environment spec. Rows: the reference's case table."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from moto_proton.spec import (
    EnvironmentSpec,
    InstanceSpec,
    ServiceSpec,
    SpecError,
    parse_environment_spec,
    parse_service_spec,
)

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"

ONE = "proton: ServiceSpec\ninstances:\n- name: a\n  environment: env\n"


def with_entry(entry: str) -> str:
    return f"proton: ServiceSpec\ninstances: [{{name: a, environment: env}}, {entry}]\n"


@pytest.mark.rule("15-1")
def test_a_service_may_have_no_instances() -> None:
    assert parse_service_spec("proton: ServiceSpec\ninstances: []").instances == ()


def service_refusal(text: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        parse_service_spec(text)
    return caught.value


def environment_refusal(text: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        parse_environment_spec(text)
    return caught.value


def test_a_service_spec_has_its_parts(shop: str) -> None:
    spec = parse_service_spec(shop)

    assert spec.text == shop
    assert spec.pipeline == {"dockerfile": "Dockerfile", "retries": 3}
    assert spec.instances == (
        InstanceSpec("dev", "dev-env", {"port": 80, "image": "repo/shop:1"}),
        InstanceSpec("prod", "prod-env", {"port": 443, "image": "repo/shop:1"}),
    )


def test_an_instance_is_found_by_name(shop: str) -> None:
    spec = parse_service_spec(shop)

    assert spec.instance("prod") is spec.instances[1]
    assert spec.instance("canary") is None


def test_the_same_text_is_parsed_once(shop: str) -> None:
    assert parse_service_spec(shop) is parse_service_spec("".join(list(shop)))


@pytest.mark.rule("4.1-2", "4.1-5", "4.1-7")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"---\n{ONE}", id="leading dashes"),
        pytest.param(ONE.replace("ServiceSpec", '"ServiceSpec"'), id="row 36: quoted header"),
        pytest.param(ONE + "pipeline: {}\n", id="row 65: empty pipeline"),
        pytest.param(ONE + "pipeline:\n", id="pipeline with nothing behind it"),
        pytest.param(ONE + "  spec:\n", id="spec with nothing behind it"),
        pytest.param(ONE + "  spec: {}\n", id="empty spec"),
        pytest.param(
            "{instances: [{environment: env, name: a}], proton: ServiceSpec}", id="flow, reordered"
        ),
    ],
)
def test_other_forms_of_a_spec_with_one_bare_instance(text: str) -> None:
    spec = parse_service_spec(text)

    assert (spec.pipeline, spec.instances) == ({}, (InstanceSpec("a", "env"),))


@pytest.mark.rule("4.1-3", "4.1-6", "4.1-10", "4.1-11")
@pytest.mark.parametrize(
    ("text", "explanation", "line", "column"),
    [
        pytest.param("just text", "a spec is a mapping", 1, 1, id="row 33: scalar at the top"),
        pytest.param("\n- a", "a spec is a mapping", 2, 1, id="row 33: list at the top"),
        pytest.param("instances: []", "proton: required", 1, 1, id="row 34: no header"),
        pytest.param(
            "proton: EnvironmentSpec\nspec: {}",
            'proton: must be ServiceSpec, not "EnvironmentSpec"',
            1,
            9,
            id="row 35: environment spec",
        ),
        pytest.param(
            "proton: [ServiceSpec]", 'proton: must be ServiceSpec, not ["S', 1, 9, id="list header"
        ),
        pytest.param(
            ONE + "extra: 1", "extra: unknown key; known here: instances", 5, 1, id="row 37"
        ),
        pytest.param("proton: ServiceSpec", "instances: required", 1, 1, id="row 38"),
        pytest.param(
            "proton: ServiceSpec\ninstances: {}",
            "instances: must be a list",
            2,
            12,
            id="row 40: mapping of instances",
        ),
        pytest.param(
            "proton: ServiceSpec\ninstances:", "instances: must be a list", 2, 11, id="null"
        ),
        pytest.param(with_entry("a"), "instances[1]: must be a mapping", 2, 42, id="text entry"),
        pytest.param(
            with_entry("{environment: e}"), "instances[1].name: required", 2, 42, id="row 41: none"
        ),
        pytest.param(
            with_entry("{name: 123, environment: e}"),
            "instances[1].name: must be a string, not 123",
            2,
            49,
            id="row 41: number",
        ),
        pytest.param(
            with_entry("{name: b.c, environment: e}"),
            'instances[1].name: "b.c" is not a resource name',
            2,
            49,
            id="row 42: dot",
        ),
        pytest.param(
            with_entry(f"{{name: {'b' * 101}, environment: e}}"),
            "instances[1].name: ",
            2,
            49,
            id="row 42: 101 characters",
        ),
        pytest.param(
            with_entry('{name: "b\\n", environment: e}'),
            'instances[1].name: "b\\n" is not a resource name',
            2,
            49,
            id="trailing line break",
        ),
        pytest.param(
            with_entry("{name: bé, environment: e}"), "instances[1].name: ", 2, 49, id="non-ASCII"
        ),
        pytest.param(
            with_entry("{name: '', environment: e}"), "instances[1].name: ", 2, 49, id="''"
        ),
        pytest.param(
            with_entry("{name: -b, environment: e}"), "instances[1].name: ", 2, 49, id="hyphen"
        ),
        pytest.param(
            with_entry("{name: a, environment: e}"),
            "instances[1].name: the name 'a' stands in the list already",
            2,
            49,
            id="row 43: same name twice",
        ),
        pytest.param(
            with_entry("{name: b}"), "instances[1].environment: required", 2, 42, id="row 44"
        ),
        pytest.param(
            with_entry("{name: b, environment: e, ports: 1}"),
            "instances[1].ports: unknown key; known here: environment, name, spec",
            2,
            68,
            id="row 45: unknown key",
        ),
        pytest.param(
            with_entry("{name: b, environment: e, spec: [1]}"),
            "instances[1].spec: must be a mapping",
            2,
            74,
            id="row 46: list",
        ),
        pytest.param(
            with_entry("{name: b, environment: e, spec: x}"),
            "instances[1].spec: must be a mapping",
            2,
            74,
            id="row 46: scalar",
        ),
        pytest.param(
            ONE + "pipeline: x", "pipeline: must be a mapping of inputs", 5, 11, id="pipeline"
        ),
        pytest.param(
            with_entry('{name: b, environment: "${Proton::CURRENT_VAL}"}'),
            "instances[1].environment: ${Proton::CURRENT_VAL} stands for the value of an input",
            2,
            65,
            id="row 61: placeholder for an environment",
        ),
        pytest.param(
            with_entry('{name: "${Proton::CURRENT_VAL}", environment: e}'),
            "instances[1].name: ${Proton::CURRENT_VAL} stands for the value of an input",
            2,
            49,
            id="placeholder for a name",
        ),
        pytest.param(
            with_entry("{name: b, environment: 'arn:aws:proton:us-east-1:1:environment/e'}"),
            "instances[1].environment: ",
            2,
            65,
            id="ARN of an environment",
        ),
        pytest.param(f"{ONE}---\n{ONE}", "there is more than one document", 5, 1, id="row 47"),
        pytest.param(
            "{instances: [], proton: ServiceSpec, <<: {x: 1}}",
            "x: unknown key",
            1,
            1,
            id="merged key has the place of its mapping",
        ),
        pytest.param(ONE + '"a b": 1', '["a b"]: unknown key', 5, 1, id="key with a space"),
    ],
)
def test_what_is_no_service_spec_is_refused_with_its_place(
    text: str, explanation: str, line: int, column: int
) -> None:
    error = service_refusal(text)

    assert error.explanation.startswith(explanation)
    assert (error.line, error.column) == (line, column)


@pytest.mark.rule("4.1-11")
@pytest.mark.parametrize("length", [1, 100])
def test_names_may_have_up_to_100_characters(length: int) -> None:
    spec = parse_service_spec(with_entry(f"{{name: {'b' * length}, environment: {'e' * length}}}"))

    assert spec.instances[1] == InstanceSpec("b" * length, "e" * length)


@pytest.mark.rule("4.1-13")
def test_a_refusal_starts_with_the_recorded_sentence_and_names_the_place() -> None:
    error = service_refusal("proton: ServiceSpec\ninstances:\n  - name: a\n")

    assert str(error) == (
        "The provided Service Spec file was not correctly formatted. "
        "Please check that it is valid yaml according to the Spec definition. "
        "instances[0].environment: required (line 3, column 5)"
    )
    assert (error.kind, error.path, error.detail) == (
        "Service",
        "instances[0].environment",
        "required",
    )


@pytest.mark.rule("4.2-1")
def test_an_environment_spec_has_its_inputs() -> None:
    text = "proton: EnvironmentSpec\nspec:\n  cidr: 10.0.0.0/16\n  subnets: [a, b]\n"

    spec = parse_environment_spec(text)

    assert (spec.text, spec.inputs) == (text, {"cidr": "10.0.0.0/16", "subnets": ("a", "b")})


@pytest.mark.rule("4.2-2")
@pytest.mark.parametrize("tail", ["", "spec:\n", "spec: {}\n"])
def test_an_environment_spec_may_be_without_inputs(tail: str) -> None:
    assert parse_environment_spec(f"proton: EnvironmentSpec\n{tail}").inputs == {}


@pytest.mark.rule("4.2-3")
@pytest.mark.parametrize(
    ("text", "explanation", "line", "column"),
    [
        ("spec: {}", "proton: required, with the value EnvironmentSpec", 1, 1),
        (ONE, 'proton: must be EnvironmentSpec, not "ServiceSpec"', 1, 9),
        (
            "proton: EnvironmentSpec\npipeline: {}",
            "pipeline: unknown key; known here: proton, spec",
            2,
            1,
        ),
        ("proton: EnvironmentSpec\nspec: [1]", "spec: must be a mapping of inputs", 2, 7),
        ("- 1", "a spec is a mapping that starts with proton: EnvironmentSpec", 1, 1),
    ],
)
def test_what_is_no_environment_spec_is_refused_with_its_place(
    text: str, explanation: str, line: int, column: int
) -> None:
    error = environment_refusal(text)

    assert str(error) == (
        "The provided Environment Spec file was not correctly formatted. "
        "Please check that it is valid yaml according to the Spec definition. "
        f"{explanation} (line {line}, column {column})"
    )


def test_instances_are_equal_by_value_and_type() -> None:
    assert InstanceSpec("a", "env", {"x": (1,)}) == InstanceSpec("a", "env", {"x": [1]})  # type: ignore[dict-item]
    assert InstanceSpec("a", "env", {"x": 1}) != InstanceSpec("a", "env", {"x": True})
    assert InstanceSpec("a", "env") != "a"
    assert len({InstanceSpec("a", "env"), InstanceSpec("a", "env", {})}) == 1


def test_specs_are_equal_by_their_text(shop: str) -> None:
    spec = parse_service_spec(shop)

    assert spec == ServiceSpec(shop, spec.pipeline, spec.instances)
    assert spec != parse_service_spec(shop + "# comment\n")
    assert EnvironmentSpec("x", {}) == EnvironmentSpec("x", {})
    assert len({EnvironmentSpec("x", {}), EnvironmentSpec("x", {})}) == 1


def test_an_instance_keeps_no_hold_on_what_it_was_made_from() -> None:
    inputs = {"port": 80}
    instance = InstanceSpec("a", "env", inputs)

    inputs["port"] = 81

    assert instance.inputs == {"port": 80}


def test_a_refusal_survives_pickling() -> None:
    error = service_refusal("- 1")

    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample templates are not here")
class TestSamples:
    def test_service_specs(self) -> None:
        names = {
            instance.name: dict(instance.inputs)
            for path in sorted(SAMPLES.rglob("*spec.yaml"))
            if "ServiceSpec" in path.read_text()
            for instance in parse_service_spec(path.read_text()).instances
        }

        assert names == {
            "backend-fargate-svc-prod": {},
            "front-end": {
                "resource_name": "task",
                "resource_handler": "src/api",
                "lambda_runtime": "ruby2.7",
            },
            "load-balanced-fargate-svc-prod": {},
        }

    def test_environment_specs(self) -> None:
        inputs = [
            parse_environment_spec(path.read_text()).inputs
            for path in sorted(SAMPLES.rglob("*spec.yaml"))
            if "EnvironmentSpec" in path.read_text()
        ]

        assert [next(iter(values.items())) for values in inputs] == [
            ("vpc_cidr", "10.0.0.0/16"),
            ("ttl_attribute", "ttl"),
        ]
