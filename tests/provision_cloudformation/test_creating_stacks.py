from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision.provisioner import ProvisionedResource, StackPlace

SAMPLE = (
    Path(__file__).parents[3]
    / "shared/samples/lambda-multi-svc/lambda-env/v1/infrastructure/cloudformation.yaml"
)

EVERYTHING = """
AWSTemplateFormatVersion: '2010-09-09'
Description: One of each
Parameters:
  Stage: {Type: String, Default: beta}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Bucket: {Type: 'AWS::S3::Bucket'}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
  Setting:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Sub '${Bucket}/${Stage}', Tags: {team: web}}
  Queue: {Type: 'AWS::SQS::Queue'}
  Topic: {Type: 'AWS::SNS::Topic'}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}
      Tags: [{Key: 'proton:template', Value: our own}]
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [0, !GetAZs '']
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: 'def handler(event, context): return 1'}
      Handler: index.handler
      Runtime: python3.12
      Role: !GetAtt Role.Arn
  Costly:
    Type: AWS::Mystery::Machine
    Condition: IsProd
  Wait: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
Outputs:
  BucketArn: {Value: !GetAtt Bucket.Arn, Description: Where it is}
  Words: {Value: !Join ['-', [!Ref Stage, !Ref 'AWS::Region', 7]]}
  Url: {Value: !Sub ['https://${Name}.${AWS::URLSuffix}/${!literal}', {Name: !Ref Bucket}]}
  Hidden: {Value: !Ref Costly, Condition: IsProd}
"""


def test_a_stack_is_described_under_its_place_with_tags_and_outputs(
    provisioner: StackProvisioner,
    place: StackPlace,
    tags: dict[str, str],
    stack_of: Callable[..., Any],
    ids_of: Callable[..., Any],
) -> None:
    provisioned = provisioner.deploy(place, EVERYTHING, tags)

    bucket = ids_of(place)["Bucket"]
    assert provisioned.outputs == {
        "BucketArn": f"arn:aws:s3:::{bucket}",
        "Words": "beta-us-west-2-7",
        "Url": f"https://{bucket}.amazonaws.com/${{literal}}",
    }
    assert provisioned.resources == (ProvisionedResource(place.name, place.arn),)
    stack = stack_of(place)
    assert stack["StackName"] == place.name
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Description"] == "One of each"
    assert {tag["Key"]: tag["Value"] for tag in stack["Tags"]} == tags
    assert stack["Parameters"] == [{"ParameterKey": "Stage", "ParameterValue": "beta"}]
    assert {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]} == (
        provisioned.outputs
    )


def test_only_what_exists_is_listed(
    provisioner: StackProvisioner,
    place: StackPlace,
    tags: dict[str, str],
    ids_of: Callable[..., Any],
) -> None:
    provisioner.deploy(place, EVERYTHING, tags)

    assert set(ids_of(place)) == {
        *("Bucket", "Table", "Setting", "Queue", "Topic", "Role", "Vpc", "Subnet", "Function"),
    }


def test_the_rendered_text_is_the_stacks_template(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    provisioner.deploy(place, EVERYTHING, {})

    template = client("cloudformation").get_template(StackName=place.name)["TemplateBody"]
    assert template == EVERYTHING


def _tags(listed: list[dict[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    return {tag[key]: tag[value] for tag in listed}


SHOWN_TAGS: dict[str, Callable[[Callable[..., Any], str], dict[str, str]]] = {
    "Bucket": lambda client, name: _tags(client("s3").get_bucket_tagging(Bucket=name)["TagSet"]),
    "Table": lambda client, name: _tags(
        client("dynamodb").list_tags_of_resource(
            ResourceArn=f"arn:aws:dynamodb:us-west-2:123456789012:table/{name}"
        )["Tags"]
    ),
    "Setting": lambda client, name: _tags(
        client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    ),
    "Queue": lambda client, url: dict(client("sqs").list_queue_tags(QueueUrl=url)["Tags"]),
    "Topic": lambda client, arn: _tags(
        client("sns").list_tags_for_resource(ResourceArn=arn)["Tags"]
    ),
    "Role": lambda client, name: _tags(client("iam").list_role_tags(RoleName=name)["Tags"]),
    "Vpc": lambda client, name: _tags(
        client("ec2").describe_vpcs(VpcIds=[name])["Vpcs"][0]["Tags"]
    ),
    "Function": lambda client, name: dict(client("lambda").get_function(FunctionName=name)["Tags"]),
}
OWN_TAGS: dict[str, dict[str, str]] = {
    "Setting": {"team": "web"},
    "Role": {"proton:template": "our own"},
}


@pytest.mark.parametrize("logical_id", SHOWN_TAGS)
def test_resources_carry_protons_tags_and_the_templates_own_win(
    logical_id: str,
    provisioner: StackProvisioner,
    place: StackPlace,
    tags: dict[str, str],
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    provisioner.deploy(place, EVERYTHING, tags)

    shown = SHOWN_TAGS[logical_id](client, ids_of(place)[logical_id])
    expected = {**tags, **OWN_TAGS.get(logical_id, {})}
    assert {key: value for key, value in shown.items() if not key.startswith("aws:")} == expected


def test_functions_of_resources_are_evaluated_with_what_exists(
    provisioner: StackProvisioner,
    place: StackPlace,
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    provisioner.deploy(place, EVERYTHING, {})

    ids = ids_of(place)
    setting = client("ssm").get_parameter(Name=ids["Setting"])["Parameter"]["Value"]
    assert setting == f"{ids['Bucket']}/beta"
    [subnet] = client("ec2").describe_subnets(SubnetIds=[ids["Subnet"]])["Subnets"]
    assert (subnet["CidrBlock"], subnet["AvailabilityZone"]) == ("10.0.1.0/24", "us-west-2a")


def test_the_lambda_environment_sample_has_its_table(
    provisioner: StackProvisioner,
    place: StackPlace,
    tags: dict[str, str],
    client: Callable[..., Any],
) -> None:
    pytest.importorskip("samtranslator")
    if not SAMPLE.exists():
        pytest.skip("the sample bundles are not there")
    text = SAMPLE.read_text().replace("{{ environment.inputs.ttl_attribute }}", "ttl")

    provisioned = provisioner.deploy(place, text, tags)

    assert set(provisioned.outputs) == {"TableName", "AppBucketArn"}
    table = client("dynamodb").describe_table(TableName=provisioned.outputs["TableName"])["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["hk", "rk"]
    assert client("s3").list_buckets()["Buckets"][0]["Name"] in provisioned.outputs["AppBucketArn"]


def test_serverless_functions_become_lambda_functions(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    pytest.importorskip("samtranslator")
    client("s3").create_bucket(
        Bucket="code", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    client("s3").put_object(Bucket="code", Key="code.zip", Body=b"zip")
    template = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Greeter:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: s3://code/code.zip
              Handler: index.handler
              Runtime: python3.12
              Policies: [AmazonS3ReadOnlyAccess]
        Outputs:
          Function: {Value: !Ref Greeter}
          Role: {Value: !GetAtt GreeterRole.Arn}
    """

    outputs = provisioner.deploy(place, template, {}).outputs

    function = client("lambda").get_function(FunctionName=outputs["Function"])
    assert function["Configuration"]["Role"] == outputs["Role"]


def test_stacks_are_in_the_account_and_region_of_their_place(
    provisioner: StackProvisioner,
    place_of: Callable[..., StackPlace],
    client: Callable[..., Any],
) -> None:
    place = place_of(account_id="111122223333", region="eu-west-1")

    outputs = provisioner.deploy(
        place,
        "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}\nOutputs: {Arn: {Value: !GetAtt Queue.Arn}}",
        {},
    ).outputs

    assert outputs["Arn"].startswith("arn:aws:sqs:eu-west-1:111122223333:AWSProton-front-")
    assert "QueueUrls" not in client("sqs", "eu-west-1").list_queues()
    credentials = client("sts").assume_role(
        RoleArn="arn:aws:iam::111122223333:role/any", RoleSessionName="any"
    )["Credentials"]
    sqs = boto3.client(
        "sqs",
        region_name="eu-west-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    assert len(sqs.list_queues()["QueueUrls"]) == 1


def test_china_has_its_own_partition_and_domain(
    provisioner: StackProvisioner, place_of: Callable[..., StackPlace]
) -> None:
    place = place_of(partition="aws-cn", region="cn-north-1")

    outputs = provisioner.deploy(
        place,
        """
        Resources: {Queue: {Type: 'AWS::SQS::Queue'}}
        Outputs:
          Policy: {Value: !Sub 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess'}
          Host: {Value: !Sub 'ec2.${AWS::URLSuffix}'}
          Stack: {Value: !Ref AWS::StackId}
        """,
        {},
    ).outputs

    assert outputs == {
        "Policy": "arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
        "Host": "ec2.amazonaws.com.cn",
        "Stack": place.arn,
    }


def test_names_are_cut_to_what_the_services_take(
    provisioner: StackProvisioner,
    place_of: Callable[..., StackPlace],
    ids_of: Callable[..., Any],
) -> None:
    place = place_of("AWSProton-" + "long" * 29)
    logical_id = "Resource" * 8
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("AWS::S3::Bucket", {}),
        ("AWS::SQS::Queue", {}),
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}}),
    ]
    template = {
        "Resources": {
            f"{logical_id}{number}": {"Type": kind, "Properties": properties}
            for number, (kind, properties) in enumerate(kinds)
        }
    }

    provisioner.deploy(place, json.dumps(template), {})

    bucket, queue, role = ids_of(place).values()
    assert len(bucket) <= 63
    assert bucket == bucket.lower()
    assert len(queue.rsplit("/")[-1]) <= 80
    assert len(role) <= 64


def test_exports_are_imported_by_other_stacks(
    provisioner: StackProvisioner, place_of: Callable[..., StackPlace]
) -> None:
    exporting = """
        Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: jobs}}}
        Outputs: {Name: {Value: !GetAtt Queue.QueueName, Export: {Name: !Sub '${AWS::Region}-q'}}}
    """
    importing = """
        Resources: {Topic: {Type: 'AWS::SNS::Topic'}}
        Outputs: {Imported: {Value: !ImportValue us-west-2-q}}
    """
    provisioner.deploy(place_of("first"), exporting, {})

    outputs = provisioner.deploy(place_of("second"), importing, {}).outputs

    assert outputs == {"Imported": "jobs"}
