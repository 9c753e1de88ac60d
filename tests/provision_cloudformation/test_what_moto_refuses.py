"""What CloudFormation accepts and moto's models refuse gets there in another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision import ProvisioningError, StackPlace

VPC = "Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}"
GROUP = (
    "  Group: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',"
    " Properties: {Name: shop--dev, Port: 80, Protocol: HTTP, VpcId: !Ref Vpc}}\n"
)


@pytest.fixture
def groups(client: Callable[..., Any]) -> Callable[[], list[dict[str, Any]]]:
    """The target groups that there are."""
    return lambda: client("elbv2").describe_target_groups()["TargetGroups"]


def test_a_target_group_may_have_two_hyphens_in_its_name(
    strict: StackProvisioner,
    place: StackPlace,
    groups: Callable[[], list[dict[str, Any]]],
    client: Callable[..., Any],
    tags: dict[str, str],
) -> None:
    template = f"Resources:\n  {VPC}\n{GROUP}Outputs: {{Arn: {{Value: !Ref Group}}}}\n"

    outputs = strict.deploy(place, template, tags).outputs

    [group] = groups()
    assert group["TargetGroupName"] == "shop--dev"
    assert group["TargetGroupArn"] == outputs["Arn"]
    assert ":targetgroup/shop--dev/" in outputs["Arn"]
    [described] = client("elbv2").describe_tags(ResourceArns=[outputs["Arn"]])["TagDescriptions"]
    assert {"Key": "proton:environment", "Value": "front"} in described["Tags"]
    assert strict.deploy(place, template, tags).outputs == outputs
    strict.delete(place)
    assert groups() == []


def test_the_name_of_a_target_group_must_be_free_and_well_formed(
    strict: StackProvisioner,
    place_of: Callable[..., StackPlace],
    groups: Callable[[], list[dict[str, Any]]],
) -> None:
    template = f"Resources:\n  {VPC}\n{GROUP}"
    strict.deploy(place_of("first"), template, {})

    with pytest.raises(ProvisioningError, match="same name 'shop--dev' exists"):
        strict.deploy(place_of("second"), template, {})
    with pytest.raises(ProvisioningError, match="Value 'shop--' at"):
        strict.deploy(place_of("third"), template.replace("shop--dev", "shop--"), {})

    assert [group["TargetGroupName"] for group in groups()] == ["shop--dev"]


def test_names_that_are_made_up_are_those_that_moto_takes(
    strict: StackProvisioner, place_of: Callable[..., StackPlace], client: Callable[..., Any]
) -> None:
    template = (
        f"Resources:\n  {VPC}\n{GROUP.replace('Name: shop--dev, ', '')}"
        "  Images: {Type: 'AWS::ECR::Repository'}\n"
        "  Jobs: {Type: 'AWS::SQS::Queue', Properties: {FifoQueue: true}}\n"
    )

    strict.deploy(place_of("AWSProton-dev-cloudformation--HMACANJOICKTLNG"), template, {})

    assert client("sqs").list_queues()["QueueUrls"][0].endswith(".fifo")
    assert len(client("ecr").describe_repositories()["repositories"]) == 1


def test_a_rule_for_every_protocol_needs_no_ports(
    strict: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    template = (
        f"Resources:\n  {VPC}\n"
        "  Open: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: open,"
        " VpcId: !Ref Vpc, SecurityGroupIngress: [{CidrIp: 0.0.0.0/0, IpProtocol: '-1'}]}}\n"
        "Outputs: {Id: {Value: !GetAtt Open.GroupId}}\n"
    )

    group = strict.deploy(place, template, {}).outputs["Id"]

    [found] = client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert [rule["IpProtocol"] for rule in found["IpPermissions"]] == ["-1"]


def test_numbers_may_be_text(
    strict: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    template = """
Resources:
  Cluster: {Type: 'AWS::ECS::Cluster'}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: web, ContainerDefinitions: [{Name: web, Image: web, Memory: 128}]}
  Service:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Cluster, DesiredCount: '2', TaskDefinition: !Ref Task}
Outputs: {Cluster: {Value: !Ref Cluster}, Service: {Value: !Ref Service}}
"""

    outputs = strict.deploy(place, template, {}).outputs

    [service] = client("ecs").describe_services(
        cluster=outputs["Cluster"], services=[outputs["Service"]]
    )["services"]
    assert service["desiredCount"] == 2


def test_a_resource_whose_model_gives_no_physical_id_is_referred_to_by_its_name(
    strict: StackProvisioner, place_of: Callable[..., StackPlace], client: Callable[..., Any]
) -> None:
    place = place_of("AWSProton-dev-cloudformation--HMACANJOICKTLNG")
    template = f"""
Resources:
  {VPC}
  One:
    Type: AWS::EC2::Subnet
    Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-west-2a}}
  Two:
    Type: AWS::EC2::Subnet
    Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-west-2b}}
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {{DBSubnetGroupDescription: ours, SubnetIds: [!Ref One, !Ref Two]}}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t3.micro
      Engine: postgres
      AllocatedStorage: '20'
      MasterUsername: admin1
      MasterUserPassword: secret123
      DBSubnetGroupName: !Ref Subnets
Outputs: {{Subnets: {{Value: !Ref Subnets}}, Host: {{Value: !GetAtt Orders.Endpoint.Address}}}}
"""

    outputs = strict.deploy(place, template, {}).outputs

    [database] = client("rds").describe_db_instances()["DBInstances"]
    assert database["DBSubnetGroup"]["DBSubnetGroupName"] == outputs["Subnets"]
    assert database["Endpoint"]["Address"] == outputs["Host"]
