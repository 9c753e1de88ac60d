"""Small bundles, as files by path, and a function that changes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

Files = Mapping[str, "str | bytes"]

_SCHEMA = """\
schema:
  format: {openapi: "3.0.0"}
  %s
  types:
    Inputs:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1}
        port: {type: number, default: 80}
"""
_CLOUDFORMATION_MANIFEST = """\
infrastructure:
  templates:
    - file: cloudformation.yaml
      rendering_engine: jinja
      template_language: cloudformation
"""
_TERRAFORM_MANIFEST = """\
infrastructure:
  templates:
    - file: "*"
      rendering_engine: hcl
      template_language: terraform
"""
_CODEBUILD_MANIFEST = """\
infrastructure:
  templates:
    - rendering_engine: codebuild
      settings:
        image: aws/codebuild/amazonlinux2-x86_64-standard:4.0
        runtimes: {nodejs: 16}
        env: {variables: {STAGE: beta}}
        provision: [npm install, npm run deploy]
        deprovision: [npm run destroy]
        project_properties: {VpcConfig: {VpcId: "{{ environment.inputs.name }}"}}
"""
_JINJA = "Resources:\n  Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: {{ name }}}}\n"
_PLAIN = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\nOutputs:\n  T: {Value: !Ref Topic}\n"

ENVIRONMENT: Files = {
    "schema/schema.yaml": _SCHEMA % "environment_input_type: Inputs",
    "infrastructure/manifest.yaml": _CLOUDFORMATION_MANIFEST,
    "infrastructure/cloudformation.yaml": _JINJA,
}
TERRAFORM: Files = {
    "schema/schema.yaml": _SCHEMA % "environment_input_type: Inputs",
    "infrastructure/manifest.yaml": _TERRAFORM_MANIFEST,
    "infrastructure/main.tf": 'resource "aws_sqs_queue" "q" {\n  name = var.name\n}\n',
    "infrastructure/outputs.tf": 'output "url" {\n  value = aws_sqs_queue.q.url\n}\n',
    "infrastructure/README.md": "Not Terraform {\n",
}
CODEBUILD: Files = {
    "schema/schema.yaml": _SCHEMA % "environment_input_type: Inputs",
    "infrastructure/manifest.yaml": _CODEBUILD_MANIFEST,
    "infrastructure/package.json": "{}",
    "infrastructure/lib/logo.png": b"\x89PNG",
}
CUSTOMER_MANAGED: Files = {
    "schema/schema.yaml": (_SCHEMA % "environment_input_type: Inputs").replace(
        "{type: number, default: 80}", "{type: string}"
    ),
}
SERVICE: Files = {
    "schema/schema.yaml": _SCHEMA % "service_input_type: Inputs\n  pipeline_input_type: Inputs",
    "instance_infrastructure/manifest.yaml": _CLOUDFORMATION_MANIFEST,
    "instance_infrastructure/cloudformation.yaml": _PLAIN,
    "pipeline_infrastructure/manifest.yaml": _CODEBUILD_MANIFEST,
}
WITHOUT_PIPELINE: Files = {
    "schema/schema.yaml": _SCHEMA % "service_input_type: Inputs",
    "instance_infrastructure/manifest.yaml": _CLOUDFORMATION_MANIFEST,
    "instance_infrastructure/cloudformation.yaml": _PLAIN,
}

BundleFiles = Callable[..., dict[str, bytes]]


@pytest.fixture
def bundle_files() -> BundleFiles:
    """One of the small bundles by name, with files replaced, or removed where they are None."""
    bundles = {
        "environment": ENVIRONMENT,
        "terraform": TERRAFORM,
        "codebuild": CODEBUILD,
        "customer managed": CUSTOMER_MANAGED,
        "service": SERVICE,
        "without pipeline": WITHOUT_PIPELINE,
    }

    def files(
        name: str, changes: Mapping[str, str | bytes | None] | None = None
    ) -> dict[str, bytes]:
        changed: dict[str, str | bytes | None] = {**bundles[name], **(changes or {})}
        return {
            path: text.encode() if isinstance(text, str) else text
            for path, text in changed.items()
            if text is not None
        }

    return files
