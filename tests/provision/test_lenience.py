"""What CloudFormation accepts although it looks wrong: equal keys, versions of custom resources.

Rule 15-4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from moto_proton.provision import ProvisioningError

Outputs = Callable[[str], Mapping[str, str]]

NAME = "Outputs: {It: {Value: !GetAtt Topic.TopicName}}\n"
TOPIC = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: news\n"


TWICE = {
    "a property": f"{TOPIC}      TopicName: last\n{NAME}",
    "a flow mapping": (
        f"Resources: {{Topic: {{Type: AWS::SNS::Topic, Properties: "
        f"{{TopicName: a, TopicName: last}}}}}}\n{NAME}"
    ),
    "properties": f"{TOPIC}    Properties:\n      TopicName: last\n{NAME}",
    "a resource": (
        f"{TOPIC}  Topic: {{Type: AWS::SNS::Topic, Properties: {{TopicName: last}}}}\n{NAME}"
    ),
    "a section": (
        f"Resources:\n  Queue: {{Type: AWS::SQS::Queue}}\n{TOPIC.replace('news', 'last')}{NAME}"
    ),
    "an argument": f"{TOPIC}Outputs: {{It: {{Value: !Sub ['${{a}}', {{a: b, a: last}}]}}}}\n",
    "json": (
        '{"Resources": {"Topic": {"Type": "AWS::SQS::Queue"}, "Topic": {"Type": '
        '"AWS::SNS::Topic", "Properties": {"TopicName": "a", "TopicName": "last"}}}, '
        '"Outputs": {"It": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}}}'
    ),
}


@pytest.mark.parametrize("what", TWICE)
def test_of_equal_keys_the_last_one_counts(what: str, outputs: Outputs) -> None:
    assert outputs(TWICE[what]) == {"It": "last"}


@pytest.mark.parametrize("type_name", ["Custom::Thing", "AWS::CloudFormation::CustomResource"])
@pytest.mark.parametrize("version", ["'1.0'", "1.0", "2"])
def test_a_custom_resource_may_have_a_version(
    type_name: str, version: str, outputs: Outputs
) -> None:
    thing = f"{{Type: '{type_name}', Version: {version}, Properties: {{ServiceToken: arn}}}}"

    assert outputs(f"Resources:\n  Thing: {thing}\nOutputs: {{It: {{Value: made}}}}\n") == {
        "It": "made"
    }


@pytest.mark.parametrize(
    "type_name", ["AWS::SNS::Topic", "AWS::CloudFormation::CustomResourceType", "Shop::A::Custom"]
)
def test_no_other_resource_has_a_version(type_name: str, outputs: Outputs) -> None:
    with pytest.raises(ProvisioningError, match="Invalid template resource property 'Version'"):
        outputs(f"Resources: {{Thing: {{Type: '{type_name}', Version: '1.0'}}}}")
