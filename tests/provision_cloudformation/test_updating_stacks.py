from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision.provisioner import ProvisioningError, StackPlace

BEFORE = """
Parameters: {Word: {Type: String, Default: old}}
Resources:
  Bucket: {Type: 'AWS::S3::Bucket'}
  Setting:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Name: /word, Value: !Sub '${Word} in ${Bucket}'}
  Leaving: {Type: 'AWS::SQS::Queue'}
Outputs:
  Word: {Value: !GetAtt Setting.Value}
  Bucket: {Value: !Ref Bucket}
"""
AFTER = (
    BEFORE.replace("Default: old", "Default: new").replace(
        "  Leaving: {Type: 'AWS::SQS::Queue'}\n", ""
    )
    + "  Topic: {Value: !Ref Topic}\n"
).replace("Outputs:", "  Topic: {Type: 'AWS::SNS::Topic'}\nOutputs:")


def test_an_update_adds_changes_and_removes(
    provisioner: StackProvisioner,
    place: StackPlace,
    tags: dict[str, str],
    stack_of: Callable[..., Any],
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    before = provisioner.deploy(place, BEFORE, tags).outputs

    after = provisioner.deploy(place, AFTER, tags).outputs

    assert before["Word"] == f"old in {before['Bucket']}"
    assert after["Word"] == f"new in {before['Bucket']}"
    assert after["Topic"] == ids_of(place)["Topic"]
    assert set(ids_of(place)) == {"Bucket", "Setting", "Topic"}
    assert stack_of(place)["StackStatus"] == "UPDATE_COMPLETE"
    assert client("ssm").get_parameter(Name="/word")["Parameter"]["Value"] == after["Word"]
    assert "QueueUrls" not in client("sqs").list_queues()


def test_the_same_template_again_leaves_everything_as_it_is(
    provisioner: StackProvisioner,
    place: StackPlace,
    tags: dict[str, str],
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    outputs = provisioner.deploy(place, BEFORE, tags).outputs
    ids = ids_of(place)
    client("s3").put_object(Bucket=ids["Bucket"], Key="kept", Body=b"kept")

    again = provisioner.deploy(place, BEFORE, tags).outputs

    assert (again, ids_of(place)) == (outputs, ids)
    assert client("s3").get_object(Bucket=ids["Bucket"], Key="kept")["Body"].read() == b"kept"


FAILING = {
    "a resource that can't be created": AFTER.replace(
        "Outputs:",
        "  Subnet: {Type: 'AWS::EC2::Subnet', DependsOn: [Topic, Setting],"
        " Properties: {VpcId: vpc-none, CidrBlock: 10.0.0.0/24}}\nOutputs:",
    ),
    "an output without a value": AFTER + "  Odd: {Value: !GetAtt Topic.Colour}\n",
    "a change that can't be made": AFTER.replace("Type: String, Name", "Type: Odd, Name"),
    "a type that moto does not know": AFTER.replace("AWS::SNS::Topic", "AWS::Not::Known"),
}


@pytest.mark.parametrize("template", FAILING.values(), ids=FAILING)
def test_a_failed_update_leaves_the_stack_as_it_was(
    template: str,
    provisioner: StackProvisioner,
    place: StackPlace,
    tags: dict[str, str],
    stack_of: Callable[..., Any],
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    outputs = provisioner.deploy(place, BEFORE, tags).outputs
    ids = ids_of(place)

    with pytest.raises(ProvisioningError):
        provisioner.deploy(place, template, {"proton:template": "other"})

    assert ids_of(place) == ids
    stack = stack_of(place)
    assert {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]} == outputs
    assert {tag["Key"]: tag["Value"] for tag in stack["Tags"]} == tags
    assert client("ssm").get_parameter(Name="/word")["Parameter"]["Value"] == outputs["Word"]
    assert client("sns").list_topics()["Topics"] == []
    assert client("sqs").list_queues()["QueueUrls"] == [ids["Leaving"]]


def test_a_failed_update_can_be_followed_by_one_that_works(
    provisioner: StackProvisioner, place: StackPlace, stack_of: Callable[..., Any]
) -> None:
    provisioner.deploy(place, BEFORE, {})
    with pytest.raises(ProvisioningError):
        provisioner.deploy(place, FAILING["an output without a value"], {})
    assert stack_of(place)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"

    provisioner.deploy(place, AFTER, {})

    assert stack_of(place)["StackStatus"] == "UPDATE_COMPLETE"


TABLE = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: KEY, AttributeType: S}]
      KeySchema: [{AttributeName: KEY, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
Outputs: {Table: {Value: !Ref Table}}
"""


def test_what_moto_cannot_update_is_replaced_under_its_name(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    before = provisioner.deploy(place, TABLE.replace("KEY", "one"), {}).outputs

    after = provisioner.deploy(place, TABLE.replace("KEY", "two"), {}).outputs

    assert after == before
    table = client("dynamodb").describe_table(TableName=after["Table"])["Table"]
    assert table["KeySchema"][0]["AttributeName"] == "two"


VPC = """
Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.BLOCK.0.0/16}}
  Subnet: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref Vpc, CidrBlock: 10.BLOCK.1.0/24}}
Outputs: {Vpc: {Value: !Ref Vpc}}
"""


def test_what_depends_on_a_replaced_resource_is_replaced_too(
    provisioner: StackProvisioner,
    place: StackPlace,
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    before = provisioner.deploy(place, VPC.replace("BLOCK", "1"), {}).outputs

    after = provisioner.deploy(place, VPC.replace("BLOCK", "2"), {}).outputs

    assert after != before
    [subnet] = client("ec2").describe_subnets(SubnetIds=[ids_of(place)["Subnet"]])["Subnets"]
    assert (subnet["VpcId"], subnet["CidrBlock"]) == (after["Vpc"], "10.2.1.0/24")
    vpcs = {vpc["VpcId"] for vpc in client("ec2").describe_vpcs()["Vpcs"]}
    assert before["Vpc"] not in vpcs


def test_a_resource_of_another_type_takes_the_logical_id(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    provisioner.deploy(place, "Resources: {Thing: {Type: 'AWS::SQS::Queue'}}", {})

    provisioner.deploy(place, "Resources: {Thing: {Type: 'AWS::SNS::Topic'}}", {})

    assert "QueueUrls" not in client("sqs").list_queues()
    assert len(client("sns").list_topics()["Topics"]) == 1


def test_a_removed_bucket_with_objects_stays_behind(
    provisioner: StackProvisioner,
    place: StackPlace,
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    queue = "Queue: {Type: 'AWS::SQS::Queue'}"
    provisioner.deploy(place, f"Resources: {{{queue}, Bucket: {{Type: 'AWS::S3::Bucket'}}}}", {})
    bucket = ids_of(place)["Bucket"]
    client("s3").put_object(Bucket=bucket, Key="kept", Body=b"kept")

    provisioner.deploy(place, f"Resources: {{{queue}}}", {})

    assert set(ids_of(place)) == {"Queue"}
    assert [found["Name"] for found in client("s3").list_buckets()["Buckets"]] == [bucket]


@pytest.mark.parametrize("policy", ["Retain", "Delete"])
def test_a_replaced_resource_stays_if_it_is_to_be_retained(
    policy: str,
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
) -> None:
    template = (
        "Resources: {Bucket: {Type: 'AWS::S3::Bucket', UpdateReplacePolicy: %s,"
        " Properties: {BucketName: %s}}}"
    )
    provisioner.deploy(place, template % (policy, "one"), {})

    provisioner.deploy(place, template % (policy, "two"), {})

    names = [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]]
    assert names == (["one", "two"] if policy == "Retain" else ["two"])


def test_a_failed_update_leaves_what_was_to_be_retained_in_the_stack(
    provisioner: StackProvisioner,
    place: StackPlace,
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    template = (
        "Resources: {Bucket: {Type: 'AWS::S3::Bucket', UpdateReplacePolicy: Retain,"
        " Properties: {BucketName: %s}}}\nOutputs: {A: {Value: !GetAtt Bucket.%s}}"
    )
    provisioner.deploy(place, template % ("one", "Arn"), {})

    with pytest.raises(ProvisioningError, match="Colour"):
        provisioner.deploy(place, template % ("two", "Colour"), {})

    assert ids_of(place) == {"Bucket": "one"}
    assert [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]] == ["one"]


def test_an_update_is_taken_back_whatever_moto_raises(
    provisioner: StackProvisioner,
    place: StackPlace,
    ids_of: Callable[..., Any],
    stack_of: Callable[..., Any],
    client: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provisioner.deploy(place, "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}", {})
    before = ids_of(place)

    def broken(*args: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr("moto_proton.bridge.stack_types.physical_name", broken)
    with pytest.raises(ProvisioningError, match="no such thing"):
        provisioner.deploy(
            place,
            "Resources: {Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: a}},"
            " Other: {Type: 'AWS::SQS::Queue', DependsOn: Topic}}",
            {},
        )

    assert ids_of(place) == before
    assert stack_of(place)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert client("sns").list_topics()["Topics"] == []
