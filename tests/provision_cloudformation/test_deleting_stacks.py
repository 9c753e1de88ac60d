from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision.provisioner import ProvisioningError, StackPlace

NETWORK = """
Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Gateway: {Type: 'AWS::EC2::InternetGateway'}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Routes: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref Vpc}}
  Default:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties:
      RouteTableId: !Ref Routes
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !Ref Gateway
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {VpcId: !Ref Vpc, GroupDescription: all}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [!Ref Subnet]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !Ref Vpc, Port: 80, Protocol: HTTP}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
      Roles: [!Ref Role]
"""


def test_a_network_goes_with_its_stack(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    default_vpcs = client("ec2").describe_vpcs()["Vpcs"]
    provisioner.deploy(place, NETWORK, {})

    provisioner.delete(place)

    assert client("cloudformation").describe_stacks()["Stacks"] == []
    ec2 = client("ec2")
    assert ec2.describe_vpcs()["Vpcs"] == default_vpcs
    assert ec2.describe_internet_gateways()["InternetGateways"] == []
    assert client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert client("elbv2").describe_target_groups()["TargetGroups"] == []
    assert client("iam").list_roles()["Roles"] == []
    assert client("iam").list_policies(Scope="Local")["Policies"] == []


def test_a_deleted_stack_is_described_by_its_id_only(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    provisioner.deploy(place, "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}", {})

    provisioner.delete(place)

    [stack] = client("cloudformation").describe_stacks(StackName=place.arn)["Stacks"]
    assert stack["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(client("cloudformation").exceptions.ClientError, match="does not exist"):
        client("cloudformation").describe_stacks(StackName=place.name)


def test_a_stack_that_is_not_there_is_deleted_already(
    provisioner: StackProvisioner, place: StackPlace, stack_of: Callable[..., Any]
) -> None:
    provisioner.delete(place)

    assert stack_of(place) is None


BUCKET = """
Resources:
  Queue: {Type: 'AWS::SQS::Queue'}
  Bucket: {Type: 'AWS::S3::Bucket'}
"""


def test_a_bucket_with_objects_keeps_the_stack_until_it_is_empty(
    provisioner: StackProvisioner,
    place: StackPlace,
    stack_of: Callable[..., Any],
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    provisioner.deploy(place, BUCKET, {})
    bucket = ids_of(place)["Bucket"]
    client("s3").put_object(Bucket=bucket, Key="key", Body=b"body")

    with pytest.raises(ProvisioningError, match=r"failed to delete: \[Bucket\].* is not empty"):
        provisioner.delete(place)

    assert stack_of(place)["StackStatus"] == "DELETE_FAILED"
    assert ids_of(place) == {"Bucket": bucket}
    client("s3").delete_object(Bucket=bucket, Key="key")
    provisioner.delete(place)
    assert stack_of(place) is None
    assert client("s3").list_buckets()["Buckets"] == []


def test_what_is_to_be_retained_is(
    provisioner: StackProvisioner,
    place: StackPlace,
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    provisioner.deploy(place, BUCKET.replace("Bucket'}", "Bucket', DeletionPolicy: Retain}"), {})
    bucket = ids_of(place)["Bucket"]

    provisioner.delete(place)

    assert [found["Name"] for found in client("s3").list_buckets()["Buckets"]] == [bucket]


def test_what_was_deleted_by_hand_does_not_matter(
    provisioner: StackProvisioner,
    place: StackPlace,
    stack_of: Callable[..., Any],
    ids_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    provisioner.deploy(place, BUCKET, {})
    client("s3").delete_bucket(Bucket=ids_of(place)["Bucket"])
    client("sqs").delete_queue(QueueUrl=ids_of(place)["Queue"])

    provisioner.delete(place)

    assert stack_of(place) is None


def test_a_stack_deleted_through_cloudformation_is_gone_for_proton_too(
    provisioner: StackProvisioner,
    place: StackPlace,
    stack_of: Callable[..., Any],
    client: Callable[..., Any],
) -> None:
    provisioner.deploy(place, BUCKET, {})

    client("cloudformation").delete_stack(StackName=place.name)

    assert client("s3").list_buckets()["Buckets"] == []
    provisioner.delete(place)
    provisioner.deploy(place, BUCKET, {})
    assert stack_of(place)["StackStatus"] == "CREATE_COMPLETE"
