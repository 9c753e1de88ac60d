"""The value of each intrinsic function, tested through an output."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from moto_proton.provision import ProvisioningError

Outputs = Callable[[str], Mapping[str, str]]

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: {Type: String, Default: dev}
  Count: {Type: Number, Default: 3}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/ami}
Mappings:
  Sizes:
    small: {cpu: 256, ports: [80, 443]}
    123456789012: {cpu: 512}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Not [!Condition IsDev]
  Both: !And [!Condition IsDev, !Not [!Condition IsProd]]
  Either: !Or [!Condition IsProd, !Equals [!Ref Count, "4"]]
  InMap: !Equals [!FindInMap [Sizes, small, cpu], 256]
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Zone: {Type: AWS::Route53::HostedZone}
Outputs:
  Result:
    Value: """

STACK = "AWSProton-shop-dev-cloudformation--HMACANJOICKTLNG"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:news"

RESULTS: dict[str, str] = {
    "!Ref Stage": "dev",
    "!Ref Count": "3",
    "{Ref: Stage}": "dev",
    "!Ref Topic": TOPIC,
    "!Ref AWS::AccountId": "123456789012",
    "!Ref AWS::Partition": "aws",
    "!Ref AWS::Region": "eu-west-1",
    "!Ref AWS::StackName": STACK,
    "!Ref AWS::StackId": (
        f"arn:aws:cloudformation:eu-west-1:123456789012:stack/{STACK}/"
        "5f0e7a3c-8f0b-4d0e-9f55-2d5a7c1d9d10"
    ),
    "!Ref AWS::URLSuffix": "amazonaws.com",
    "!GetAtt Topic.TopicName": "news",
    "!GetAtt [Topic, TopicArn]": TOPIC,
    '{"Fn::GetAtt": [Topic, TopicName]}': "news",
    '{"Fn::GetAtt": "Topic.TopicName"}': "news",
    "!GetAtt [Topic, !If [IsDev, TopicName, TopicArn]]": "news",
    '!Sub "${Stage}-${Topic.TopicName}-${AWS::Region}"': "dev-news-eu-west-1",
    '!Sub "no variable"': "no variable",
    '!Sub "${!Stage} costs $5 {x}"': "${Stage} costs $5 {x}",
    '!Sub ["${Stage}/${name}/${name}", {name: !Select [1, [x, y]]}]': "dev/y/y",
    '!Sub ["${a.b}${Count}", {a.b: 1.5}]': "1.53",
    '!Sub ["${inner}", {inner: !Sub "<${Stage}>"}]': "<dev>",
    '!Join ["", [a, 1, true, !Ref Stage]]': "a1truedev",
    '!Join [", ", !Ref Zones]': "a, b, c",
    '!Join ["-", [a, !Ref AWS::NoValue, !If [IsProd, b, !Ref AWS::NoValue]]]': "a",
    '!Join [",", !GetAZs ""]': "eu-west-1a,eu-west-1b,eu-west-1c",
    "!Select [0, !GetAZs us-east-1]": "us-east-1a",
    "!Select [0, {Fn::GetAZs: !Ref AWS::Region}]": "eu-west-1a",
    '!Select ["2", !Ref Zones]': "c",
    '!Select [1, !Split ["/", "a/b/c"]]': "b",
    '!Join ["+", !Split [",", "a,,b"]]': "a++b",
    '!Join ["+", !Split [".", 1.5]]': "1+5",
    "!Select [!FindInMap [Sizes, small, cpu], [a]]": (
        "Template error: Fn::Select cannot select nonexistent value at index 256"
    ),
    "!FindInMap [Sizes, small, cpu]": "256",
    "!FindInMap [Sizes, !Ref AWS::AccountId, cpu]": "512",
    "!Select [1, !FindInMap [Sizes, small, ports]]": "443",
    "!FindInMap [Sizes, large, cpu, {DefaultValue: 1024}]": "1024",
    "!FindInMap [Sizes, large, cpu]": (
        "Template error: Unable to get mapping for Sizes::large::cpu"
    ),
    "!If [IsDev, yes-it-is, no]": "yes-it-is",
    "!If [IsProd, yes, no-it-is-not]": "no-it-is-not",
    "!If [Both, both, not-both]": "both",
    "!If [Either, either, neither]": "neither",
    "!If [InMap, found, lost]": "found",
    "!If [IsProd, !Select [9, []], !Ref Stage]": "dev",
    "!Base64 hello": "aGVsbG8=",
    "{Fn::Base64: !Sub '${Stage}'}": "ZGV2",
    "!Select [2, !Cidr [10.0.0.0/16, 6, 8]]": "10.0.2.0/24",
    '!Join [" ", !Cidr ["2001:db8::/56", 2, 64]]': "2001:db8::/64 2001:db8:0:1::/64",
    "!Join [' ', !Cidr [10.0.0.0/22, 4]]": "10.0.0.0/24 10.0.1.0/24 10.0.2.0/24 10.0.3.0/24",
    "!Length [a, b]": "2",
    "!ToJsonString {a: [1, !Ref Stage]}": '{"a":[1,"dev"]}',
    "!Equals [a, a]": "true",
    "true": "true",
    "8080": "8080",
    "0.5": "0.5",
    "2021-06-09": "2021-06-09",
    '"{{resolve:ssm:/shop/name}}"': "{{resolve:ssm:/shop/name}}",
    "plain text": "plain text",
}


@pytest.mark.parametrize("expression", RESULTS)
def test_an_output_is_what_its_functions_give(expression: str, outputs: Outputs) -> None:
    try:
        found = outputs(TEMPLATE + expression)["Result"]
    except ProvisioningError as error:
        found = str(error)

    assert found == RESULTS[expression]


@pytest.mark.parametrize("expression", ['{"Ref": "Stage"}', '{"Fn::Sub": "${Stage}"}'])
def test_json_gives_what_yaml_gives(expression: str, outputs: Outputs) -> None:
    template = {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"Result": {"Value": json.loads(expression)}},
    }

    assert outputs(json.dumps(template, indent="\t")) == {"Result": "dev"}


def test_a_list_is_asked_for_by_join_and_select(outputs: Outputs) -> None:
    servers = outputs(TEMPLATE + '!Join [" ", !GetAtt Zone.NameServers]')["Result"].split()
    others = outputs(TEMPLATE + '!Join [" ", !GetAtt Topic.OwnerIds]')["Result"].split()

    assert len(set(servers)) == 4
    assert len(set(others)) == 3


def test_a_parameter_of_the_parameter_store_has_a_value_of_its_type(outputs: Outputs) -> None:
    image = outputs(TEMPLATE + "!Ref Image")["Result"]

    assert image.startswith("ami-")
    assert len(image) == len("ami-") + 17


def test_a_list_of_the_parameter_store_has_two_values(outputs: Outputs) -> None:
    template = TEMPLATE.replace("Value<AWS::EC2::Image::Id>", "Value<List<AWS::EC2::Image::Id>>")

    images = outputs(template + '!Join [" ", !Ref Image]')["Result"].split()

    assert len(set(images)) == 2
    assert all(image.startswith("ami-") for image in images)


def test_an_import_has_a_value_that_every_stack_sees(outputs: Outputs) -> None:
    named = outputs(TEMPLATE + '!ImportValue {"Fn::Sub": "${Stage}-VpcId"}')["Result"]
    again = outputs(TEMPLATE.replace("news", "olds") + "!ImportValue dev-VpcId")["Result"]

    assert named == again
    assert named.startswith("vpc-")


def test_an_empty_output_is_left_out(outputs: Outputs) -> None:
    assert outputs(TEMPLATE + '!If [IsProd, it, ""]') == {}


def test_an_output_whose_condition_does_not_hold_is_left_out(outputs: Outputs) -> None:
    template = TEMPLATE + "one\n    Condition: IsProd\n  Other: {Value: two, Condition: IsDev}"

    assert outputs(template) == {"Other": "two"}
