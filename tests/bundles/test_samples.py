"""AWS's sample bundles from registration to outputs, with the default provisioner."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

import moto_proton
from moto_proton.seed import Seed

Client: TypeAlias = Any

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")

LAMBDA = SAMPLES / "lambda-multi-svc"
ENVIRONMENTS = {
    "fargate-env": (
        SAMPLES / "environment-templates" / "fargate-env" / "v1",
        SAMPLES / "environment-templates" / "fargate-env" / "spec" / "spec.yaml",
    ),
    "lambda-env": (LAMBDA / "lambda-env" / "v1", LAMBDA / "specs" / "env-spec.yaml"),
}
DATA_PROCESSING = """\
proton: ServiceSpec
pipeline:
  unit_test_command: make test
instances:
  - name: front-end
    environment: multi-svc-beta
    spec: {}
"""
SERVICES = {
    "backend-fargate-svc": ("fargate-env", SAMPLES / "service-templates" / "backend-fargate-svc"),
    "load-balanced-fargate-svc": (
        "fargate-env",
        SAMPLES / "service-templates" / "load-balanced-fargate-svc",
    ),
    "service-crud": ("lambda-env", LAMBDA / "service-crud"),
    "service-data-processing": ("lambda-env", LAMBDA / "service-data-processing"),
}


def spec_of(template: str) -> str:
    """The spec that goes with a sample of a service; one of them has none, and gets ours."""
    if template == "service-crud":
        return (LAMBDA / "specs" / "svc-spec.yaml").read_text("utf-8")
    if template == "service-data-processing":
        return DATA_PROCESSING
    return (SERVICES[template][1] / "spec" / "spec.yaml").read_text("utf-8")


def make_environment(seed: Seed, template: str, name: str) -> dict[str, Any]:
    bundle, spec = ENVIRONMENTS[template]
    seed.environment_template(template, bundle=bundle)
    return seed.environment(name, template=template, spec=spec.read_text("utf-8"))


def check_outputs(file: Path, listed: list[dict[str, str]]) -> None:
    """Every output that the template declares is there, with something in it that looks real."""
    outputs = {output["key"]: output["valueString"] for output in listed}
    assert outputs
    text = file.read_text("utf-8")
    declared = text[text.index("\nOutputs:") :]
    for name, value in outputs.items():
        assert f"\n  {name}:" in declared
        assert 0 < len(value) <= 1024
        assert not any(bad in value for bad in ("{", "}", "None", "Ref:", "Fn::")), (name, value)
    if "{%" not in declared:
        names = [line[2:-1] for line in declared.splitlines() if line[:2] == "  " != line[2:4]]
        assert sorted(outputs) == sorted(name for name in names if name.isidentifier())


@pytest.mark.parametrize("template", ENVIRONMENTS)
def test_the_environment_of_a_sample_has_its_outputs(
    proton: Client, seed: Seed, template: str
) -> None:
    environment = make_environment(seed, template, "dev")

    assert environment["deploymentStatus"] == "SUCCEEDED", environment["deploymentStatusMessage"]
    outputs = proton.list_environment_outputs(environmentName="dev")["outputs"]
    check_outputs(ENVIRONMENTS[template][0] / "infrastructure" / "cloudformation.yaml", outputs)


@pytest.mark.parametrize("template", SERVICES)
def test_the_service_of_a_sample_has_its_outputs(proton: Client, seed: Seed, template: str) -> None:
    environment_template, folder = SERVICES[template]
    spec = spec_of(template)
    (entry,) = yaml.safe_load(spec)["instances"]
    make_environment(seed, environment_template, entry["environment"])
    (compatible,) = (folder / "v1" / ".compatible-envs").read_text("utf-8").split()
    seed.service_template(
        template, pipeline=True, compatible_with=[compatible], bundle=folder / "v1"
    )

    service = seed.service(
        "shop",
        template=template,
        pipeline=True,
        instances={entry["name"]: entry["environment"]},
        spec=spec,
    )

    assert service["status"] == "ACTIVE", service["statusMessage"]
    assert service["pipeline"]["deploymentStatus"] == "SUCCEEDED"
    instance = proton.list_service_instance_outputs(
        serviceName="shop", serviceInstanceName=entry["name"]
    )["outputs"]
    check_outputs(folder / "v1" / "instance_infrastructure" / "cloudformation.yaml", instance)
    pipeline = proton.list_service_pipeline_outputs(serviceName="shop")["outputs"]
    check_outputs(folder / "v1" / "pipeline_infrastructure" / "cloudformation.yaml", pipeline)


def test_the_component_of_a_sample_reaches_its_instance(proton: Client, seed: Seed) -> None:
    spec = spec_of("load-balanced-fargate-svc")
    (entry,) = yaml.safe_load(spec)["instances"]
    make_environment(seed, "fargate-env", entry["environment"])
    folder = SERVICES["load-balanced-fargate-svc"][1] / "v1"
    seed.service_template("web", pipeline=True, compatible_with=["fargate-env:1"], bundle=folder)
    seed.service(
        "shop",
        template="web",
        pipeline=True,
        instances={entry["name"]: entry["environment"]},
        spec=spec,
    )
    component = SAMPLES / "component-templates" / "s3-bucket-component"

    made = seed.component(
        "store",
        attach_to=("shop", entry["name"]),
        manifest=(component / "manifest.yaml").read_text("utf-8"),
        templateFile=(component / "cloudformation.yaml").read_text("utf-8"),
    )

    assert made["deploymentStatus"] == "SUCCEEDED", made["deploymentStatusMessage"]
    listed = proton.list_component_outputs(componentName="store")["outputs"]
    outputs = {output["key"]: output["valueString"] for output in listed}
    assert outputs["BucketName"].startswith("arn:aws:s3:::")
    assert ":policy/" in outputs["BucketAccessPolicyArn"]
    proton.update_service_instance(
        serviceName="shop", name=entry["name"], deploymentType="CURRENT_VERSION"
    )
    instance = proton.get_service_instance(serviceName="shop", name=entry["name"])
    assert instance["serviceInstance"]["deploymentStatus"] == "SUCCEEDED"
    template = moto_proton.rendered(instance["serviceInstance"]["arn"]).template
    assert outputs["BucketAccessPolicyArn"] in template
