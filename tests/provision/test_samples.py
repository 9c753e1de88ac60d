"""AWS's sample bundles: rendered, then resolved, outputs flowing from one into the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moto_proton import bundle, render
from moto_proton.provision import ResolvingProvisioner, StackPlace

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")

ENVIRONMENTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "fargate": (
        "environment-templates/fargate-env/v1",
        {
            "vpc_cidr": "10.0.0.0/16",
            "public_subnet_one_cidr": "10.0.0.0/18",
            "public_subnet_two_cidr": "10.0.64.0/18",
            "private_subnet_one_cidr": "10.0.128.0/18",
            "private_subnet_two_cidr": "10.0.192.0/18",
        },
    ),
    "lambda": ("lambda-multi-svc/lambda-env/v1", {"ttl_attribute": "ttl"}),
}
SERVICES: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "backend": ("service-templates/backend-fargate-svc/v1", "fargate", {}),
    "load-balanced": ("service-templates/load-balanced-fargate-svc/v1", "fargate", {}),
    "crud": (
        "lambda-multi-svc/service-crud/v1",
        "lambda",
        {"code_uri": "s3://shop/code.zip", "resource_handler": "src/api"},
    ),
    "crud-without-code": ("lambda-multi-svc/service-crud/v1", "lambda", {}),
    "data-processing": (
        "lambda-multi-svc/service-data-processing/v1",
        "lambda",
        {"code_uri": "s3://shop/code.zip"},
    ),
}


def deployed(place: StackPlace, rendered: render.Rendered) -> Mapping[str, str]:
    outputs = ResolvingProvisioner().deploy(place, rendered.template, {}).outputs
    assert outputs
    for value in outputs.values():
        assert 0 < len(value) <= 1024
        assert "{" not in value
        assert "None" not in value
    return outputs


def environment(place: StackPlace, name: str) -> render.DeployedEnvironment:
    folder, inputs = ENVIRONMENTS[name]
    sample = bundle.read_environment_bundle(bundle.pack(SAMPLES / folder), customer_managed=False)
    assert sample.infrastructure is not None
    assert sample.schema.environment_inputs is not None
    checked = sample.schema.environment_inputs.check(inputs)
    rendered = render.render_environment(
        sample.infrastructure, render.EnvironmentParameters("shop", checked)
    )
    outputs = deployed(replace(place, id="environment"), rendered)
    return render.DeployedEnvironment("shop", place.account_id, outputs)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_sample_environments_have_all_their_outputs(shop: StackPlace, name: str) -> None:
    outputs = environment(shop, name).outputs

    expected = {"fargate": ("VPC", "vpc-"), "lambda": ("AppBucketArn", "arn:aws:s3:::awsproton-")}
    key, start = expected[name]
    assert outputs[key].startswith(start)


@pytest.mark.parametrize("name", SERVICES)
def test_the_sample_services_have_all_their_outputs(shop: StackPlace, name: str) -> None:
    folder, environment_name, inputs = SERVICES[name]
    where = environment(shop, environment_name)
    sample = bundle.read_service_bundle(bundle.pack(SAMPLES / folder), has_pipeline=True)
    assert sample.schema.service_inputs is not None
    assert sample.schema.pipeline_inputs is not None
    assert sample.pipeline is not None
    service = render.ServiceParameters(
        "shop", "shop/code", "arn:aws:codestar-connections:eu-west-1:123456789012:connection/1",
        "main",
    )  # fmt: skip
    checked = sample.schema.service_inputs.check(inputs)

    instance = deployed(
        replace(shop, id="instance"),
        render.render_service_instance(
            sample.instance, render.ServiceInstanceParameters("dev", service, where, checked)
        ),
    )
    pipeline = deployed(
        replace(shop, id="pipeline"),
        render.render_service_pipeline(
            sample.pipeline,
            render.ServicePipelineParameters(
                service,
                sample.schema.pipeline_inputs.check({"service_dir": "web", "dockerfile": "D"}),
                (render.PipelineInstance("dev", where, checked, instance),),
            ),
        ),
    )

    assert any("http" in value or ".local:" in value for value in instance.values())
    assert pipeline["PipelineEndpoint"].startswith("https://eu-west-1.console.aws.amazon.com/")


def test_the_sample_component_has_all_its_outputs(shop: StackPlace) -> None:
    folder = SAMPLES / "component-templates" / "s3-bucket-component"
    infrastructure = bundle.read_component(
        (folder / "manifest.yaml").read_text(), (folder / "cloudformation.yaml").read_text()
    )
    parameters = render.ComponentParameters("cache", environment(shop, "fargate"))

    outputs = deployed(shop, render.render_component(infrastructure, parameters))

    assert outputs["BucketName"].startswith("arn:aws:s3:::")
    assert outputs["BucketAccessPolicyArn"].startswith("arn:aws:iam::123456789012:policy/")
