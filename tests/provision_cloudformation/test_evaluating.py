"""Both provisioners use one evaluator: real stacks have the outputs of the default provisioner, or
real values.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision import ProvisioningError, ResolvingProvisioner, StackPlace
from moto_proton.provision.loading import load_template

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: beta}
  Count: {Type: Number, Default: 7}
  Flag: {Type: String, Default: true}
  Words: {Type: CommaDelimitedList, Default: "a, b"}
Mappings:
  Sizes: {beta: {cpu: 256, ports: [80, 443]}}
Conditions:
  IsBeta: !Equals [!Ref Stage, beta]
  IsSeven: !Equals [!Ref Count, "7"]
  Both: !And [!Condition IsBeta, !Condition IsSeven, !Equals [!Ref Flag, "true"]]
Resources:
  Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: jobs}}
Outputs:
  Result: {Value: EXPRESSION}
"""

SAME = [
    "!Ref Count",
    "!Ref Flag",
    "!Ref AWS::StackId",
    "!Sub '${Stage}-${Count}-${Flag}-${AWS::Partition}'",
    "!Join ['+', !Ref Words]",
    "!Join ['+', !Split [a, !Ref Stage]]",
    "!Select [1, !FindInMap [Sizes, !Ref Stage, ports]]",
    "!FindInMap [Sizes, gamma, cpu, {DefaultValue: !Ref Count}]",
    "!FindInMap [Sizes, gamma, cpu]",
    "!If [Both, both, !Ref AWS::NoValue]",
    "!Equals [!Ref Count, 7]",
    "!Length !Ref Words",
    "!Length abc",
    "!ToJsonString {a: [1, !Ref Stage]}",
    "!ToJsonString abc",
    "!Join [' ', !Cidr [10.0.0.1/16, 2]]",
    "!Cidr [10.0.0.0/24, 4, 8]",
    "!Select [0, !GetAZs eu-west-1]",
    "!GetAtt Queue.QueueName",
    "!GetAtt Queue.Arn",
    "!Base64 !Ref Stage",
    "!Join ['', abc]",
    "!Select [!Ref Stage, [a]]",
    "{a: b}",
]


def _result(provisioner: Any, place: StackPlace, template: str) -> str:
    try:
        outputs: dict[str, str] = provisioner.deploy(place, template, {}).outputs
    except ProvisioningError as error:
        return str(error).removeprefix("Output Result: ")
    return outputs["Result"]


@pytest.mark.parametrize("expression", SAME)
def test_both_provisioners_give_the_same(
    expression: str, provisioner: StackProvisioner, place: StackPlace
) -> None:
    template = TEMPLATE.replace("EXPRESSION", expression)

    found = _result(provisioner, place, template)

    assert found == _result(ResolvingProvisioner(), place, template)


def test_numbers_and_booleans_of_parameters_reach_moto_as_they_are(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    template = """
        Parameters:
          Port: {Type: Number, Default: 8080}
          Privileged: {Type: String, Default: false}
        Resources:
          Task:
            Type: AWS::ECS::TaskDefinition
            Properties:
              ContainerDefinitions:
                - Name: web
                  Image: web
                  Memory: 128
                  Privileged: !Ref Privileged
                  PortMappings: [{ContainerPort: !Ref Port}]
        Outputs: {Task: {Value: !Ref Task}, Said: {Value: !Sub '${Port} ${Privileged}'}}
    """

    outputs = provisioner.deploy(place, template, {}).outputs

    task = client("ecs").describe_task_definition(taskDefinition=outputs["Task"])["taskDefinition"]
    [container] = task["containerDefinitions"]
    assert container["portMappings"][0]["containerPort"] == 8080
    assert container["privileged"] is False
    assert outputs["Said"] == "8080 false"


def test_parameters_of_ssm_are_those_of_moto(
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
    stack_of: Callable[..., Any],
) -> None:
    client("ssm").put_parameter(Name="/words", Type="StringList", Value="one, two")
    template = """
        Parameters: {Words: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /words}}
        Resources: {Queue: {Type: 'AWS::SQS::Queue'}}
        Outputs: {Second: {Value: !Select [1, !Ref Words]}}
    """

    assert provisioner.deploy(place, template, {}).outputs == {"Second": "two"}
    assert stack_of(place)["Parameters"] == [{"ParameterKey": "Words", "ParameterValue": "one,two"}]


def test_what_a_condition_leaves_out_is_refused_before_anything_is_made(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    template = """
        Conditions: {Never: !Equals [a, b]}
        Resources:
          First: {Type: 'AWS::SQS::Queue'}
          Absent: {Type: 'AWS::SNS::Topic', Condition: Never}
          Last: {Type: 'AWS::SQS::Queue', DependsOn: First, Properties: {QueueName: !Ref Absent}}
    """

    with pytest.raises(ProvisioningError, match=r"Unresolved resource dependencies \[Absent\]"):
        provisioner.deploy(place, template, {})

    # A stack that was begun could still be described by its id.
    with pytest.raises(client("cloudformation").exceptions.ClientError, match="does not exist"):
        client("cloudformation").describe_stacks(StackName=place.arn)


def test_branches_that_do_not_count_need_nothing(
    provisioner: StackProvisioner, place: StackPlace
) -> None:
    template = """
        Conditions: {First: !Equals [a, a], Never: !Not [!Condition First]}
        Resources:
          Absent: {Type: 'AWS::SNS::Topic', Condition: Never}
          A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !If [First, a, !GetAtt B.QueueName]}}
          B:
            Type: AWS::SQS::Queue
            DependsOn: Absent
            Properties: {QueueName: !If [First, !Sub '${A.QueueName}-b', !Ref Absent]}
        Outputs: {Name: {Value: !GetAtt B.QueueName}}
    """

    assert provisioner.deploy(place, template, {}).outputs == {"Name": "a-b"}


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        ({"Ref": "Policy"}, True),
        ({"Fn::If": ["Never", "Retain", "Delete"]}, False),
        ({"Fn::If": ["Never", "Retain", {"Ref": "AWS::NoValue"}]}, False),
    ],
)
def test_a_deletion_policy_may_be_a_function(
    policy: Any,
    kept: bool,
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
) -> None:
    template = {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": {"Policy": {"Type": "String", "Default": "Retain"}},
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": policy}},
    }
    provisioner.deploy(place, json.dumps(template), {})

    provisioner.delete(place)

    assert ("QueueUrls" in client("sqs").list_queues()) is kept


def test_a_failed_creation_leaves_nothing_under_a_name_that_was_made_up(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    properties = {"BucketName": {"Ref": "AWS::NoValue"}, "BucketEncryption": 5}
    template = {"Resources": {"Odd": {"Type": "AWS::S3::Bucket", "Properties": properties}}}

    with pytest.raises(ProvisioningError, match=r"^Odd \(AWS::S3::Bucket\)"):
        provisioner.deploy(place, json.dumps(template), {})

    assert client("s3").list_buckets()["Buckets"] == []


def test_moto_changes_nothing_of_a_template_that_is_remembered(
    provisioner: StackProvisioner, place: StackPlace
) -> None:
    pattern = {"source": ["aws.s3"]}
    properties = {"EventPattern": pattern, "State": "ENABLED"}
    template = {"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": properties}}}
    loaded = load_template(json.dumps(template), place)

    provisioner.deploy(place, json.dumps(template), {})

    assert load_template(json.dumps(template), place) is loaded
    assert loaded.resources[0].properties == properties
