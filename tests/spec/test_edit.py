"""Replacing one part of a service spec."""

from __future__ import annotations

import pytest

from moto_proton.spec import InstanceSpec, parse_service_spec, with_instance, with_pipeline


@pytest.mark.rule("4.3-13")
def test_an_entry_is_replaced_in_its_place(shop: str) -> None:
    edited = with_instance(parse_service_spec(shop), InstanceSpec("dev", "dev-env", {"port": 81}))

    assert edited.text == (
        "proton: ServiceSpec\npipeline:\n  dockerfile: Dockerfile\n  retries: 3\ninstances:\n"
        "- name: dev\n  environment: dev-env\n  spec:\n    port: 81\n"
        "- name: prod\n  environment: prod-env\n  spec:\n    port: 443\n    image: repo/shop:1\n"
    )
    assert parse_service_spec(edited.text).instances == edited.instances


def test_a_new_entry_goes_to_the_end(shop: str) -> None:
    edited = with_instance(parse_service_spec(shop), InstanceSpec("canary", "prod-env"))

    assert [instance.name for instance in edited.instances] == ["dev", "prod", "canary"]
    assert edited.text.endswith("- name: canary\n  environment: prod-env\n")


def test_an_entry_with_the_same_values_leaves_the_text_alone(shop: str) -> None:
    spec = parse_service_spec(shop)

    same = with_instance(spec, InstanceSpec("dev", "dev-env", {"image": "repo/shop:1", "port": 80}))

    assert same is spec


def test_an_entry_with_another_type_is_another_entry(shop: str) -> None:
    spec = parse_service_spec(shop)
    inputs = {"port": "80", "image": "repo/shop:1"}

    edited = with_instance(spec, InstanceSpec("dev", "dev-env", inputs))

    assert edited.instances[0].inputs["port"] == "80"
    assert "port: '80'" in edited.text


@pytest.mark.rule("4.3-13")
def test_pipeline_inputs_are_replaced(shop: str) -> None:
    spec = parse_service_spec(shop)

    edited = with_pipeline(spec, {"retries": 4})

    assert (edited.pipeline, edited.instances) == ({"retries": 4}, spec.instances)
    assert edited.text.startswith("proton: ServiceSpec\npipeline:\n  retries: 4\ninstances:\n")


def test_the_same_pipeline_inputs_leave_the_text_alone(shop: str) -> None:
    spec = parse_service_spec(shop)

    assert with_pipeline(spec, {"retries": 3, "dockerfile": "Dockerfile"}) is spec


def test_no_pipeline_inputs_leave_the_section_out(shop: str) -> None:
    assert "pipeline" not in with_pipeline(parse_service_spec(shop), {}).text
