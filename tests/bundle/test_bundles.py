"""Valid bundles: our own, and the samples that AWS published."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from moto_proton.bundle import (
    BundleError,
    CloudFormationManifest,
    CodeBuildManifest,
    InputType,
    ProvisioningMethod,
    TerraformManifest,
    pack,
    pack_files,
    read_component,
    read_environment_bundle,
    read_service_bundle,
)

BundleFiles = Callable[..., dict[str, bytes]]

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
ENVIRONMENTS = ["environment-templates/fargate-env/v1", "lambda-multi-svc/lambda-env/v1"]
SERVICES = [
    "service-templates/backend-fargate-svc/v1",
    "service-templates/load-balanced-fargate-svc/v1",
    "lambda-multi-svc/service-crud/v1",
    "lambda-multi-svc/service-data-processing/v1",
]

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")


@pytest.mark.rule("8.1-2", "8.2-7")
def test_an_environment_bundle_is_its_schema_and_its_template(bundle_files: BundleFiles) -> None:
    files = bundle_files("environment")

    bundle = read_environment_bundle(pack_files(files), customer_managed=False)

    assert bundle.schema.text == files["schema/schema.yaml"].decode()
    assert bundle.schema.environment_inputs is not None
    assert bundle.schema.environment_inputs.type_name == "Inputs"
    assert bundle.schema.service_inputs is None
    assert bundle.infrastructure is not None
    assert bundle.infrastructure.directory == "infrastructure"
    assert bundle.infrastructure.manifest == CloudFormationManifest("cloudformation.yaml")
    template = files["infrastructure/cloudformation.yaml"].decode()
    assert bundle.infrastructure.files == {"cloudformation.yaml": template}


@pytest.mark.rule("8.1-3")
def test_a_star_takes_the_terraform_files_and_no_others(bundle_files: BundleFiles) -> None:
    files = bundle_files("terraform", {"infrastructure/modules/deep.tf": "{"})

    bundle = read_environment_bundle(pack_files(files), customer_managed=False)

    assert bundle.infrastructure is not None
    assert bundle.infrastructure.manifest == TerraformManifest("*")
    assert list(bundle.infrastructure.files) == ["main.tf", "outputs.tf"]


@pytest.mark.rule("8.1-4", "8.2-4", "8.4-5")
def test_a_codebuild_bundle_has_commands_and_any_files(bundle_files: BundleFiles) -> None:
    data = pack_files(bundle_files("codebuild"))

    bundle = read_environment_bundle(data, customer_managed=False)

    assert bundle.infrastructure is not None
    assert bundle.infrastructure.files == {}
    assert bundle.infrastructure.manifest == CodeBuildManifest(
        provision=("npm install", "npm run deploy"),
        deprovision=("npm run destroy",),
        input_type=InputType.JSON,
        image="aws/codebuild/amazonlinux2-x86_64-standard:4.0",
        runtimes={"nodejs": 16},
        variables={"STAGE": "beta"},
        project_properties={"VpcConfig": {"VpcId": "{{ environment.inputs.name }}"}},
    )


@pytest.mark.rule("8.1-5", "8.3-7")
def test_a_customer_managed_bundle_is_a_schema_alone(bundle_files: BundleFiles) -> None:
    data = pack_files(bundle_files("customer managed"))

    bundle = read_environment_bundle(data, customer_managed=True)

    assert bundle.infrastructure is None
    assert bundle.schema.environment_inputs is not None


@pytest.mark.rule("8.1-10")
def test_instance_and_pipeline_may_use_different_methods(bundle_files: BundleFiles) -> None:
    bundle = read_service_bundle(pack_files(bundle_files("service")), has_pipeline=True)

    assert bundle.instance.method is ProvisioningMethod.CLOUDFORMATION
    assert bundle.pipeline is not None
    assert bundle.pipeline.method is ProvisioningMethod.CODEBUILD
    assert bundle.pipeline.directory == "pipeline_infrastructure"
    assert bundle.schema.pipeline_inputs is not None


@pytest.mark.rule("8.1-6", "8.1-9")
def test_a_service_bundle_without_pipeline_has_none(bundle_files: BundleFiles) -> None:
    bundle = read_service_bundle(pack_files(bundle_files("without pipeline")), has_pipeline=False)

    assert bundle.pipeline is None
    assert bundle.schema.pipeline_inputs is None


def test_the_same_bytes_are_read_once(bundle_files: BundleFiles) -> None:
    data = pack_files(bundle_files("service"))
    first = read_service_bundle(data, has_pipeline=True)

    assert read_service_bundle(bytes(bytearray(data)), has_pipeline=True) is first


def test_what_says_the_same_in_json_is_a_template_too(bundle_files: BundleFiles) -> None:
    template = '{\n\t"Resources": {"T": {"Type": "AWS::SNS::Topic"}}\n}'
    files = bundle_files("environment", {"infrastructure/cloudformation.yaml": template})

    assert read_environment_bundle(pack_files(files), customer_managed=False).infrastructure


COMPONENT = """\
infrastructure:
  templates:
    - {file: "%s", rendering_engine: %s, template_language: %s}
"""


@pytest.mark.rule("8.2-6")
def test_a_component_has_the_one_file_of_its_manifest() -> None:
    template = "Resources:\n  B: {Type: 'AWS::S3::Bucket'}\n"

    component = read_component(COMPONENT % ("bucket.yaml", "jinja", "cloudformation"), template)

    assert component.directory == "component"
    assert component.files == {"bucket.yaml": template}


@pytest.mark.parametrize(("file", "name"), [("bucket.tf", "bucket.tf"), ("*", "main.tf")])
def test_a_component_may_be_terraform(file: str, name: str) -> None:
    component = read_component(COMPONENT % (file, "hcl", "terraform"), 'a "b" {\n}\n')

    assert component.method is ProvisioningMethod.TERRAFORM
    assert list(component.files) == [name]


@pytest.mark.rule("8.2-6")
@pytest.mark.parametrize(
    ("manifest", "template", "message"),
    [
        ("- a", "x", "manifest.yaml, line 1: the manifest must be a mapping"),
        (
            "infrastructure:\n  templates:\n    - rendering_engine: codebuild\n"
            "      settings: {provision: []}\n",
            "",
            "manifest.yaml: a component cannot be provisioned with CodeBuild",
        ),
        ("#" * 51201, "", "manifest.yaml: the file has 51,201 bytes"),
    ],
)
def test_a_component_that_cannot_be_is_refused(manifest: str, template: str, message: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_component(manifest, template)

    assert str(refused.value).startswith(message)


@needs_samples
@pytest.mark.parametrize("sample", ENVIRONMENTS)
def test_an_environment_sample_registers(sample: str) -> None:
    bundle = read_environment_bundle(pack(SAMPLES / sample), customer_managed=False)

    assert bundle.infrastructure is not None
    assert bundle.infrastructure.method is ProvisioningMethod.CLOUDFORMATION
    assert bundle.schema.environment_inputs is not None


@needs_samples
@pytest.mark.parametrize("sample", SERVICES)
def test_a_service_sample_registers(sample: str) -> None:
    bundle = read_service_bundle(pack(SAMPLES / sample), has_pipeline=True)

    assert bundle.pipeline is not None
    assert bundle.schema.service_inputs is not None
    assert bundle.schema.pipeline_inputs is not None
    completed = bundle.schema.service_inputs.check({"code_uri": "s3://code"})
    assert set(completed) >= set(bundle.schema.service_inputs.schema["properties"]) - {"code_uri"}


@needs_samples
def test_the_component_sample_is_read() -> None:
    directory = SAMPLES / "component-templates" / "s3-bucket-component"
    manifest = (directory / "manifest.yaml").read_text()

    component = read_component(manifest, (directory / "cloudformation.yaml").read_text())

    assert list(component.files) == ["cloudformation.yaml"]


def test_importing_the_room_imports_nothing_heavy() -> None:
    heavy = [
        "jinja2",
        "hcl2",
        "lark",
        "regex",
        "jsonschema",
        "openapi_schema_validator",
        "moto",
        "boto3",
    ]
    code = f"import sys, moto_proton.bundle; print([m for m in {heavy!r} if m in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600
    )

    assert done.stdout.strip() == "[]"


def test_a_terraform_file_may_begin_with_the_mark_of_its_encoding(
    bundle_files: BundleFiles,
) -> None:
    main = b"\xef\xbb\xbflocals {\n  a = 1\n}\n"

    files = bundle_files("terraform", {"infrastructure/main.tf": main})
    bundle = read_environment_bundle(pack_files(files), customer_managed=False)

    assert bundle.infrastructure is not None
    assert "locals" in bundle.infrastructure.files["main.tf"]
