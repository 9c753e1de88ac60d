"""Templates of the Serverless Application Model."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

import pytest

from moto_proton.provision import ProvisioningError
from moto_proton.provision.serverless import expand

pytest.importorskip("samtranslator")

Outputs = Callable[[str], Mapping[str, str]]

API = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Timeout: 3}}
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "pass"
      Handler: index.handler
      AutoPublishAlias: live
      Policies: [AmazonS3ReadOnlyAccess, {SQSPollerPolicy: {QueueName: orders}}]
      Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}
  Rest:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod, DefinitionUri: s3://bucket/api.yaml}
Outputs:
  Api: {Value: !Sub "https://${ServerlessHttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/"}
  Arn: {Value: !GetAtt Function.Arn}
  Role: {Value: !GetAtt FunctionRole.Arn}
  Alias: {Value: !Ref Function.Alias}
  Rest: {Value: !Ref Rest}
"""


@pytest.mark.costly
def test_what_the_transform_makes_has_outputs(
    outputs: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(variable, raising=False)

    found = outputs(API)

    assert set(found) == {"Api", "Arn", "Role", "Alias", "Rest"}
    assert found["Api"].endswith(".execute-api.eu-west-1.amazonaws.com/")
    assert found["Arn"].startswith("arn:aws:lambda:eu-west-1:123456789012:function:AWSProton-")
    assert found["Alias"] == f"{found['Arn']}:live"
    assert "-FunctionRole-" in found["Role"]


def test_an_application_of_the_repository_is_a_nested_stack_and_nobody_is_asked(
    outputs: Outputs,
) -> None:
    template = """
Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Application
    Properties: {Location: {ApplicationId: "arn:aws:x", SemanticVersion: 1.0.0}}
Outputs: {Vpc: {Value: !GetAtt App.Outputs.VpcId}}
"""

    assert outputs(template)["Vpc"].startswith("vpc-")


def test_a_template_that_sam_refuses_fails_with_its_words(outputs: Outputs) -> None:
    template = """
Transform: AWS::Serverless-2016-10-31
Resources: {Function: {Type: AWS::Serverless::Function, Properties: {Handler: a}}}
"""

    with pytest.raises(ProvisioningError) as refusal:
        outputs(template)

    assert str(refusal.value).startswith(
        "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application "
        "Specification document. Number of errors found: 1."
    )
    assert "Resource with id [Function] is invalid." in str(refusal.value)


def test_a_template_that_sam_trips_over_fails_too(outputs: Outputs) -> None:
    template = """
Transform: AWS::Serverless-2016-10-31
Resources: {Function: {Type: AWS::Serverless::Function, Properties: {Events: [1], Layers: {}}}}
Parameters: [a]
"""

    with pytest.raises(ProvisioningError, match="Transform AWS::Serverless-2016-10-31 failed with"):
        outputs(template)


def test_what_sam_refuses_leaves_no_words_in_the_log(
    outputs: Outputs, caplog: pytest.LogCaptureFixture
) -> None:
    template = """
Transform: AWS::Serverless-2016-10-31
Resources: {Function: {Type: AWS::Serverless::Function, Properties: {Handler: b}}}
"""

    with pytest.raises(ProvisioningError):
        outputs(template)
    gc.collect()

    assert "metrics" not in caplog.text


def _functions(number: int, properties: str) -> str:
    functions = "".join(
        f"  F{each}: {{Type: 'AWS::Serverless::Function', {properties}}}\n"
        for each in range(number)
    )
    return f"Transform: AWS::Serverless-2016-10-31\nResources:\n{functions}"


def _members(number: int, member: str) -> str:
    return "{" + ", ".join(f"M{each}: {member}" for each in range(number)) + "}"


_PATHS = ", ".join(f"/p{number}: {{get: {{a: b}}}}" for number in range(300))
TOO_MUCH = {
    "events": (
        _functions(25, f"Properties: {{Events: {_members(20, '{Type: Api}')}}}"),
        "Number of resources, 525, is greater than maximum allowed, 500",
    ),
    "destinations": (
        _functions(2, f"Connectors: {{C: {{Properties: {{Destination: {['x'] * 250}}}}}}}"),
        "Number of resources, 502, is greater than maximum allowed, 500",
    ),
    "paths of events": (
        _functions(15, f"Properties: {{Events: {_members(20, '{Type: HttpApi}')}}}"),
        "its APIs are too large to be expanded here, with 300 events and definitions of 0 values",
    ),
    "paths of definitions": (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        + "".join(
            f"  A{number}: {{Type: 'AWS::Serverless::Api', Properties: {{StageName: p, "
            f"Cors: '*', DefinitionBody: {{paths: {{{_PATHS}}}}}}}}}\n"
            for number in range(30)
        ),
        "its APIs are too large to be expanded here, with 0 events and definitions of 27060 values",
    ),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_what_sam_would_need_minutes_for_is_refused(outputs: Outputs, case: str) -> None:
    template, message = TOO_MUCH[case]

    started = time.process_time()
    with pytest.raises(ProvisioningError, match=message):
        outputs(template)

    assert time.process_time() - started < 30


def test_expanding_leaves_the_template_as_it_was() -> None:
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Table": {"Type": "AWS::Serverless::SimpleTable"}},
    }

    expanded = expand(template, "aws", "eu-west-1", "123456789012")

    assert expanded["Resources"]["Table"]["Type"] == "AWS::DynamoDB::Table"
    assert template["Resources"] == {"Table": {"Type": "AWS::Serverless::SimpleTable"}}


@pytest.mark.parametrize(
    ("resource", "needed"), [("AWS::SNS::Topic", False), ("AWS::Serverless::SimpleTable", True)]
)
@pytest.mark.costly
def test_the_library_is_imported_only_for_serverless_resources(resource: str, needed: bool) -> None:
    program = f"""
import sys
from moto_proton.provision import ResolvingProvisioner, StackPlace
assert "yaml" not in sys.modules or "boto3" not in sys.modules
place = StackPlace("AWSProton-shop", "1", "aws", "eu-west-1", "123456789012")
text = "Transform: AWS::Serverless-2016-10-31\\nResources: {{A: {{Type: {resource}}}}}"
ResolvingProvisioner().deploy(place, text, {{}})
print(sorted({{"samtranslator", "boto3", "moto"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == ("['boto3', 'samtranslator']" if needed else "[]")
