"""What a CodeBuild job gets: its input file and the properties of its project."""

from __future__ import annotations

import json
from typing import Any

import pytest

from moto_proton.bundle.infrastructure import (
    CodeBuildManifest,
    Infrastructure,
    InputType,
    ProvisioningMethod,
)
from moto_proton.render import (
    DeployedEnvironment,
    EnvironmentParameters,
    Rendered,
    RenderError,
    ServiceInstanceParameters,
    ServiceParameters,
    render_environment,
    render_service_instance,
)


def _codebuild(input_type: InputType = InputType.JSON, **properties: Any) -> Infrastructure:
    manifest = CodeBuildManifest(
        ("make",), ("make clean",), input_type, project_properties=properties
    )
    return Infrastructure("infrastructure", manifest, {})


def _render(infrastructure: Infrastructure, **inputs: Any) -> Rendered:
    return render_environment(infrastructure, EnvironmentParameters("prod", inputs))


@pytest.mark.rule("8.2-5", "8.5-16")
def test_the_input_file_has_the_parameters_with_their_types() -> None:
    rendered = _render(_codebuild(), size=3, on=True, none=None, zones=("a", "b"))

    assert rendered.method is ProvisioningMethod.CODEBUILD
    assert json.loads(rendered.files["proton-inputs.json"]) == {
        "environment": {
            "name": "prod",
            "inputs": {"size": 3, "on": True, "none": None, "zones": ["a", "b"]},
        }
    }


@pytest.mark.rule("8.5-14")
def test_a_service_without_a_pipeline_has_an_empty_repository(
    environment: DeployedEnvironment,
) -> None:
    parameters = ServiceInstanceParameters("dev", ServiceParameters("shop"), environment)

    rendered = render_service_instance(_codebuild(), parameters)

    assert json.loads(rendered.files["proton-inputs.json"]) == {
        "environment": {
            "account_id": "123456789012",
            "name": "prod",
            "outputs": {"TopicArn": "arn:aws:sns:eu:1:t"},
        },
        "service": {
            "name": "shop",
            "repository_connection_arn": "",
            "repository_id": "",
            "branch_name": "",
        },
        "service_instance": {"name": "dev", "inputs": {}, "components": {}},
    }


HARD = 'a "quoted" \\ ${not.a.reference} %{ if x } $${y}\n\tend \b é'


def test_the_input_file_may_be_hcl() -> None:
    rendered = _render(
        _codebuild(InputType.HCL),
        size=3,
        on=True,
        none=None,
        zones=("a", "b"),
        empty={},
        **{"a b": 1.5},
    )

    assert rendered.files == {
        "proton.auto.tfvars": "environment = {\n"
        '  name   = "prod"\n'
        "  inputs = {\n"
        "    size  = 3\n"
        "    on    = true\n"
        "    none  = null\n"
        "    zones = [\n"
        '      "a",\n'
        '      "b",\n'
        "    ]\n"
        "    empty = {}\n"
        '    "a b" = 1.5\n'
        "  }\n"
        "}\n"
    }


def test_strings_of_hcl_hold_any_text() -> None:
    text = _render(_codebuild(InputType.HCL), x=HARD).files["proton.auto.tfvars"]

    assert (
        'x = "a \\"quoted\\" \\\\ $${not.a.reference} %%{ if x } $$${y}\\n\\tend \\u0008 é"' in text
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ environment.inputs.vpc }}", "vpc-1"),
        ("{{ environment.name }}-{{ environment.inputs.vpc }}", "prod-vpc-1"),
        ("{{ environment.inputs.subnets }}", ["a", "b"]),
        ("{{ environment.inputs.size }}", 3),
        ("{{ environment.inputs.size }}0", "30"),
        ("{{ environment.inputs.nope | default('x') }}", "x"),
        ("no template", "no template"),
        (3, 3),
        (None, None),
        (("{{ environment.name }}", 1), ["prod", 1]),
    ],
)
def test_project_properties_are_rendered(template: Any, expected: Any) -> None:
    infrastructure = _codebuild(VpcConfig={"Value": template})

    rendered = _render(infrastructure, vpc="vpc-1", subnets=("a", "b"), size=3)

    assert rendered.project_properties == {"VpcConfig": {"Value": expected}}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ environment.inputs.no }}", "'environment.inputs.no' is undefined"),
        ("{{ a b }}", "expected token 'end of print statement', got 'b'"),
    ],
)
def test_an_error_names_the_property(template: str, message: str) -> None:
    with pytest.raises(RenderError) as refused:
        _render(_codebuild(VpcConfig={"Subnets": ["a", template]}))

    assert str(refused.value) == (
        f"infrastructure/manifest.yaml: project_properties.VpcConfig.Subnets[1]: {message}"
    )


def _commands(**settings: Any) -> Infrastructure:
    manifest = CodeBuildManifest(**{"provision": ("make",), "deprovision": (), **settings})
    return Infrastructure("pipeline_infrastructure", manifest, {})


@pytest.mark.rule("15-6")
def test_the_commands_of_both_phases_are_rendered() -> None:
    infrastructure = _commands(
        provision=("npm ci", "./deploy.sh {{ environment.inputs.size }} ${REGION}"),
        deprovision=("{% if environment.name == 'prod' %}echo no{% else %}make clean{% endif %}",),
        variables={"STAGE": "{{ environment.name }}", "COUNT": 2},
    )

    rendered = _render(infrastructure, size=3)

    assert rendered.provision == ("npm ci", "./deploy.sh 3 ${REGION}")
    assert rendered.deprovision == ("echo no",)
    assert rendered.variables == {"STAGE": "prod", "COUNT": 2}


@pytest.mark.rule("15-6")
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"provision": ("a", "b {{ environment.inputs.no }}")},
            "provision[1]: 'environment.inputs.no' is undefined",
        ),
        (
            {"deprovision": ("{{ environment.nme }}",)},
            "deprovision[0]: 'environment.nme' is undefined",
        ),
        ({"provision": ("{{ environment name }}",)}, "provision[0]: expected token"),
        ({"variables": {"A": "{{ no }}"}}, "env.variables.A: 'no' is undefined"),
    ],
)
def test_an_error_names_the_command(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(RenderError) as refused:
        _render(_commands(**settings))

    assert str(refused.value).startswith(f"pipeline_infrastructure/manifest.yaml: {message}")
