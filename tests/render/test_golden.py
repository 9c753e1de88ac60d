"""Rendered templates that a person has looked at: our own, and those of AWS's samples."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from moto_proton.bundle.infrastructure import CloudFormationManifest, Infrastructure
from moto_proton.render import (
    AttachedComponent,
    DeployedEnvironment,
    EnvironmentParameters,
    PipelineInstance,
    Rendered,
    ServiceInstanceParameters,
    ServiceParameters,
    ServicePipelineParameters,
    render_environment,
    render_service_instance,
    render_service_pipeline,
)

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
COMPONENT = AttachedComponent(
    "bucket",
    {
        "BucketName": "arn:aws:s3:::bucket",
        "BucketAccessPolicyArn": "arn:aws:iam::123456789012:policy/bucket",
        "Note": "read: only",
    },
)

Golden = Callable[[str, str], None]
Render = Callable[..., str]


class _Loader(yaml.SafeLoader):
    """YAML with the short functions of CloudFormation, whose meaning does not matter here."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: suffix)


def _loads(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)


def test_an_environment(
    render_text: Render, template_text: Callable[[str], str], check_golden: Golden
) -> None:
    inputs = {
        "encrypted": True,
        "timeout": 30,
        "tags": ({"key": "team", "value": "shop"}, {"key": "stage", "value": "a & b"}),
    }

    text = render_text(template_text("environment.yaml"), **inputs)

    check_golden("environment.yaml", text)
    assert _loads(text)["Resources"]["Topic"]["Properties"]["KmsMasterKeyId"] == "alias/aws/sns"


@pytest.mark.parametrize("component", [None, COMPONENT], ids=["bare", "with-component"])
def test_a_service_instance(
    render_instance: Render,
    template_text: Callable[[str], str],
    check_golden: Golden,
    component: AttachedComponent | None,
    request: pytest.FixtureRequest,
) -> None:
    text = render_instance(template_text("service_instance.yaml"), {"image": "nginx"}, component)

    check_golden(f"service_instance-{request.node.callspec.id}.yaml", text)
    task = _loads(text)["Resources"]["Task"]["Properties"]["ContainerDefinitions"][0]
    assert len(task["Environment"]) == (1 if component is None else 4)


@pytest.mark.rule("8.5-15")
def test_a_pipeline(
    render_pipeline: Render, template_text: Callable[[str], str], check_golden: Golden
) -> None:
    text = render_pipeline(template_text("pipeline.yaml"), {"commands": ("make", "make test")})

    check_golden("pipeline.yaml", text)
    assert list(_loads(text)["Resources"]) == ["Build", "Deploy1", "Deploy2"]


@pytest.mark.parametrize("attached", [True, False], ids=["attached", "detached"])
def test_a_component(
    render_detachable: Render,
    template_text: Callable[[str], str],
    check_golden: Golden,
    attached: bool,
) -> None:
    text = render_detachable(template_text("component.yaml"), attached=attached)

    check_golden(f"component-{'attached' if attached else 'detached'}.yaml", text)


def _infrastructure(file: Path) -> Infrastructure:
    text = file.read_text(encoding="utf-8")
    return Infrastructure(
        file.parent.name,
        CloudFormationManifest("cloudformation.yaml"),
        {"cloudformation.yaml": text},
    )


def _defaults(template: Path, type_name: str) -> dict[str, Any]:
    schema = yaml.safe_load((template / "schema" / "schema.yaml").read_text("utf-8"))["schema"]
    properties = schema["types"][schema[type_name]]["properties"]
    return {
        name: definition["default"]
        for name, definition in properties.items()
        if "default" in definition
    }


NAMES = """AppBucketArn CloudMapNamespaceId Cluster PrivateSubnet1 PrivateSubnet2 PublicSubnet1
    PublicSubnet2 SNSRegion SNSTopicArn ServiceTaskDefExecutionRoleArn TableName VPC"""
OUTPUTS = {name: f"{name.lower()}-1" for name in re.findall(r"\w+", NAMES)}
INSTANCE_OUTPUTS = {"LambdaRuntime": "ruby2.7"}


def _render_sample(file: Path, component: AttachedComponent | None) -> Rendered:
    template = file.parents[1]
    infrastructure = _infrastructure(file)
    environment = DeployedEnvironment("env", "123456789012", OUTPUTS)
    service = ServiceParameters("svc", "myorg/svc", "arn:connection", "main")
    if file.parent.name == "infrastructure":
        inputs = _defaults(template, "environment_input_type")
        return render_environment(infrastructure, EnvironmentParameters("env", inputs))
    inputs = _defaults(template, "service_input_type")
    if file.parent.name == "instance_infrastructure":
        if "lambda" in str(file):
            inputs["code_uri"] = "s3://bucket/key"
        instance = ServiceInstanceParameters("dev", service, environment, inputs, component)
        return render_service_instance(infrastructure, instance)
    instances = (
        PipelineInstance("dev", environment, inputs, INSTANCE_OUTPUTS),
        PipelineInstance("prod", environment, inputs, INSTANCE_OUTPUTS),
    )
    pipeline_inputs = _defaults(template, "pipeline_input_type")
    return render_service_pipeline(
        infrastructure, ServicePipelineParameters(service, pipeline_inputs, instances)
    )


FILES = sorted(SAMPLES.glob("*/*/v1/*/cloudformation.yaml"))


@pytest.mark.skipif(not SAMPLES.exists(), reason="AWS's samples are not here")
@pytest.mark.parametrize("component", [None, COMPONENT], ids=["bare", "with-component"])
@pytest.mark.parametrize("file", FILES, ids=[file.parts[-4] for file in FILES])
def test_a_sample_of_aws(
    file: Path, component: AttachedComponent | None, check_golden: Golden
) -> None:
    if component is not None and file.parent.name != "instance_infrastructure":
        pytest.skip("only a service instance has a component")

    text = _render_sample(file, component).template

    suffix = "" if component is None else "-with-component"
    check_golden(f"samples/{file.parts[-4]}/{file.parent.name}{suffix}.yaml", text)
    document = _loads(text)
    assert document["Resources"]
