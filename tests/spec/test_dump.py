"""Values to the normalised text, and back."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.spec import (
    InstanceSpec,
    Value,
    dump_environment_spec,
    dump_service_spec,
    parse_environment_spec,
    parse_service_spec,
    same_value,
)

# Everything that a spec can hold, without the halves of characters that no text can.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = (
    texts
    | st.integers(min_value=-(10**250), max_value=10**250)
    | st.floats()
    | st.booleans()
    | st.none()
    | st.sampled_from(["yes", "1", "0x1", "1:30", "~", "<<", "=", "2024-01-31", ".nan", "- a", "'"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(texts, inner, max_size=3).map(MappingProxyType)
    ),
    max_leaves=8,
)
inputs = st.dictionaries(texts, values, max_size=4)
names = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_\-]{0,9}", fullmatch=True)
instances = st.lists(
    st.builds(InstanceSpec, names, names, inputs),
    min_size=1,
    max_size=4,
    unique_by=lambda instance: instance.name,
)


def awscli_examples() -> Path | None:
    found = importlib.util.find_spec("awscli")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "examples" / "proton"


# Recorded from GetService (AWS CLI examples, get-service and cancel-service-instance-deployment).
RECORDED = [
    "proton: ServiceSpec\npipeline:\n  my_sample_pipeline_optional_input: hello world\n"
    "  my_sample_pipeline_required_input: pipeline up\ninstances:\n- name: instance-one\n"
    "  environment: my-simple-env\n  spec:\n    my_sample_service_instance_optional_input: Ola\n"
    "    my_sample_service_instance_required_input: Ciao\n",
    "proton: ServiceSpec\npipeline:\n  my_sample_pipeline_optional_input: abc\n"
    "  my_sample_pipeline_required_input: '123'\ninstances:\n- name: my-instance\n"
    "  environment: MySimpleEnv\n  spec:\n    my_sample_service_instance_optional_input: def\n"
    "    my_sample_service_instance_required_input: '456'\n- name: my-other-instance\n"
    "  environment: MySimpleEnv\n  spec:\n    my_sample_service_instance_required_input: '789'\n",
]


@pytest.mark.rule("4.3-1", "4.3-3")
@pytest.mark.parametrize("text", RECORDED, ids=["one instance", "two instances, quoted numbers"])
def test_the_recorded_normalised_specs_come_out_byte_for_byte(text: str) -> None:
    spec = parse_service_spec(text)

    assert dump_service_spec(spec.pipeline, spec.instances) == text


@pytest.mark.skipif(awscli_examples() is None, reason="the AWS CLI is not installed")
def test_every_normalised_spec_of_the_aws_cli_examples_comes_out_byte_for_byte() -> None:
    folder = awscli_examples()
    assert folder is not None
    recorded = {
        text.encode().decode("unicode_escape")
        for path in sorted(folder.glob("*.rst"))
        for text in re.findall(r'"spec": "((?:[^"\\]|\\.)*)"', path.read_text())
    }
    normalised = [text for text in recorded if "\n\n" not in text and '"' not in text]

    assert len(normalised) >= 3
    for text in normalised:
        spec = parse_service_spec(text)
        assert dump_service_spec(spec.pipeline, spec.instances) == text


def test_empty_parts_are_left_out() -> None:
    assert dump_service_spec({}, [InstanceSpec("a", "env")]) == (
        "proton: ServiceSpec\ninstances:\n- name: a\n  environment: env\n"
    )
    assert dump_environment_spec({}) == "proton: EnvironmentSpec\n"


def test_types_and_characters_survive_in_readable_form() -> None:
    inputs: dict[str, Value] = {"text": "80", "number": 80, "word": "größe", "list": ("a", None)}

    assert dump_environment_spec(inputs) == (
        "proton: EnvironmentSpec\nspec:\n  text: '80'\n  number: 80\n  word: größe\n"
        "  list:\n  - a\n  - null\n"
    )


def test_a_value_that_stands_twice_is_written_twice() -> None:
    shared: Value = MappingProxyType({"x": (1,)})

    assert "&" not in dump_environment_spec({"a": shared, "b": shared})


@given(pipeline=inputs, entries=instances)
def test_a_dumped_service_spec_parses_to_the_same_values(
    pipeline: dict[str, Value], entries: list[InstanceSpec]
) -> None:
    spec = parse_service_spec(dump_service_spec(pipeline, entries))

    assert same_value(spec.pipeline, pipeline)
    assert spec.instances == tuple(entries)


@given(inputs)
def test_a_dumped_environment_spec_parses_to_the_same_values(values: dict[str, Value]) -> None:
    spec = parse_environment_spec(dump_environment_spec(values))

    assert same_value(spec.inputs, values)
    assert dump_environment_spec(spec.inputs) == spec.text


readable_texts = st.text(
    st.characters(categories=["L", "N", "P", "S"], include_characters=" \n")
    | st.sampled_from("a: -#")
)


@given(
    st.recursive(
        readable_texts | st.integers() | st.floats() | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(readable_texts, inner),
        max_leaves=6,
    )
)
def test_the_text_is_what_safe_dump_prints(value: object) -> None:
    class Expected(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    data = {"proton": "EnvironmentSpec", "spec": {"x": value}}

    text = dump_environment_spec({"x": value})  # type: ignore[dict-item]

    assert text == yaml.dump(data, Dumper=Expected, sort_keys=False, allow_unicode=True)
