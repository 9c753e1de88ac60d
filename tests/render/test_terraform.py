"""The files that stand beside Terraform's own: they are Terraform, and say what they should."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from moto_proton.bundle.infrastructure import (
    Infrastructure,
    ProvisioningMethod,
    TerraformManifest,
)
from moto_proton.render import (
    AttachedComponent,
    AttachedInstance,
    ComponentParameters,
    DeployedEnvironment,
    Deployment,
    EnvironmentParameters,
    PipelineInstance,
    Rendered,
    ServiceInstanceParameters,
    ServiceParameters,
    ServicePipelineParameters,
    render_component,
    render_environment,
    render_service_instance,
    render_service_pipeline,
)

ARN = "arn:aws:proton:eu-west-1:123456789012"
MAIN = 'resource "aws_sns_topic" "t" {\n  name = "${var.environment.name}-{{ verbatim }}"\n}\n'

INFRASTRUCTURE = Infrastructure("infrastructure", TerraformManifest("*"), {"main.tf": MAIN})
ENVIRONMENT = EnvironmentParameters(
    "prod",
    {"size": 3, "zones": ("a", "b"), "name with ${x}": None},
    Deployment(
        "d-1",
        f"{ARN}:environment/prod",
        template_arn=f"{ARN}:environment-template/vpc",
        template_major_version="1",
        template_minor_version="0",
        tags={"proton:account": "123456789012"},
    ),
)


def _rendered(kind: str, environment: DeployedEnvironment, service: ServiceParameters) -> Rendered:
    if kind == "environment":
        return render_environment(INFRASTRUCTURE, ENVIRONMENT)
    deployment = Deployment(
        "d-2",
        f"{ARN}:{kind}/x",
        template_arn=None if kind == "component" else f"{ARN}:service-template/web",
        template_major_version=None if kind == "component" else "2",
        template_minor_version=None if kind == "component" else "1",
        environment_arn=None if kind == "pipeline" else f"{ARN}:environment/prod",
        tags={"proton:service": f"{ARN}:service/shop"},
    )
    if kind == "service_instance":
        instance = ServiceInstanceParameters(
            "dev", service, environment, {"image": "nginx"}, None, deployment
        )
        return render_service_instance(INFRASTRUCTURE, instance)
    if kind == "pipeline":
        instances = (
            PipelineInstance("dev", environment, {"port": 80}, {"Endpoint": "http://dev"}),
            PipelineInstance("prod", environment, {"port": 81}),
        )
        pipeline = ServicePipelineParameters(service, {"dir": "."}, instances, deployment)
        return render_service_pipeline(INFRASTRUCTURE, pipeline)
    attached = AttachedInstance("shop", "dev", {"image": "nginx"})
    component = ComponentParameters("bucket", environment, attached, deployment)
    return render_component(INFRASTRUCTURE, component)


KINDS = ["environment", "service_instance", "pipeline", "component"]


@pytest.mark.rule("8.5-12", "9-13", "9-14", "9-15")
@pytest.mark.parametrize("kind", KINDS)
def test_generated_files_are_golden(
    kind: str,
    environment: DeployedEnvironment,
    service: ServiceParameters,
    check_golden: Callable[[str, str], None],
) -> None:
    rendered = _rendered(kind, environment, service)

    assert rendered.method is ProvisioningMethod.TERRAFORM
    assert set(rendered.files) == {
        "main.tf",
        f"proton.{kind}.variables.tf",
        "proton.auto.tfvars.json",
        ".proton/deployment-metadata.json",
    }
    for name, text in rendered.files.items():
        if name != "main.tf":
            check_golden(f"terraform/{kind}/{name.removeprefix('.')}", text)


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_has_a_variable(
    kind: str, environment: DeployedEnvironment, service: ServiceParameters
) -> None:
    hcl2 = pytest.importorskip("hcl2")
    files = _rendered(kind, environment, service).files

    declared = [
        name.strip('"')
        for block in hcl2.loads(files[f"proton.{kind}.variables.tf"])["variable"]
        for name in block
    ]
    values = json.loads(files["proton.auto.tfvars.json"])
    assert values.pop("//").startswith(ARN)
    assert declared == list(values)


def test_terraform_files_stay_as_they_are() -> None:
    assert render_environment(INFRASTRUCTURE, ENVIRONMENT).files["main.tf"] == MAIN


def test_values_keep_their_types() -> None:
    files = render_environment(INFRASTRUCTURE, ENVIRONMENT).files

    assert json.loads(files["proton.auto.tfvars.json"]) == {
        "environment": {
            "name": "prod",
            "inputs": {"size": 3, "zones": ["a", "b"], "name with ${x}": None},
        },
        "proton_tags": {"proton:account": "123456789012"},
        "//": f"{ARN}:environment/prod",
    }


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, "inputs = map(string)"),
        ({"a": "b"}, "inputs = map(string)"),
        ({"a": 1}, "inputs = any"),
        ({"a": "b", "c": ["d"]}, "inputs = any"),
    ],
)
def test_inputs_are_a_map_of_strings_only_if_they_all_are(
    inputs: Mapping[str, Any], expected: str
) -> None:
    parameters = EnvironmentParameters("prod", inputs)

    assert (
        expected
        in render_environment(INFRASTRUCTURE, parameters).files["proton.environment.variables.tf"]
    )


def test_without_a_deployment_there_is_nothing_to_tell_of_it() -> None:
    files = render_environment(INFRASTRUCTURE, EnvironmentParameters("prod")).files

    assert ".proton/deployment-metadata.json" not in files
    assert json.loads(files["proton.auto.tfvars.json"]) == {
        "environment": {"name": "prod", "inputs": {}}
    }


@pytest.mark.rule("9-17")
def test_a_deleted_resource_is_said_to_be_deleted() -> None:
    assert ENVIRONMENT.deployment is not None
    deployment = replace(ENVIRONMENT.deployment, is_resource_deleted=True)

    files = render_environment(INFRASTRUCTURE, replace(ENVIRONMENT, deployment=deployment)).files

    assert json.loads(files[".proton/deployment-metadata.json"])["isResourceDeleted"] is True


def test_a_detached_component_has_no_variables_of_an_instance(
    environment: DeployedEnvironment,
) -> None:
    files = render_component(INFRASTRUCTURE, ComponentParameters("b", environment)).files

    assert list(json.loads(files["proton.auto.tfvars.json"])) == ["component", "environment"]
    assert "service" not in files["proton.component.variables.tf"]


def test_an_attached_component_is_part_of_its_instance(
    environment: DeployedEnvironment, service: ServiceParameters
) -> None:
    component = AttachedComponent("bucket", {"Name": "b"})
    parameters = ServiceInstanceParameters("dev", service, environment, {}, component)

    files = render_service_instance(INFRASTRUCTURE, parameters).files

    instance = json.loads(files["proton.auto.tfvars.json"])["service_instance"]
    assert instance["components"] == {"default": {"name": "bucket", "outputs": {"Name": "b"}}}


def test_there_is_no_cloudformation_template() -> None:
    with pytest.raises(LookupError, match="Terraform provisioning has no CloudFormation template"):
        _ = render_environment(INFRASTRUCTURE, ENVIRONMENT).template
