"""The form of physical ids and attributes, and that they do not change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.provision import ResolvingProvisioner, StackPlace
from moto_proton.provision.identities import Identity
from moto_proton.provision.resource_types import RESOURCE_TYPES

SHOP = StackPlace("AWSProton-shop", "9e107d9d", "aws", "eu-west-1", "123456789012")
HERE = "eu-west-1:123456789012"
ANY = "[A-Z0-9]{12}"


def identity(
    type_name: str, properties: Mapping[str, object] | None = None, place: StackPlace = SHOP
) -> Identity:
    return Identity(place, "Thing", type_name, properties or {})


REFERENCES = {
    "AWS::ApiGateway::RestApi": "[a-z0-9]{10}",
    "AWS::ApiGatewayV2::Api": "[a-z0-9]{10}",
    "AWS::CertificateManager::Certificate": f"arn:aws:acm:{HERE}:certificate/[0-9a-f-]{{36}}",
    "AWS::CloudFormation::CustomResource": f"AWSProton-shop-Thing-{ANY}",
    "AWS::CloudFormation::Stack": (
        f"arn:aws:cloudformation:{HERE}:stack/AWSProton-shop-Thing-{ANY}/[0-9a-f-]{{36}}"
    ),
    "AWS::CloudFormation::StackSet": f"AWSProton-shop-Thing-{ANY}:[0-9a-f-]{{36}}",
    "AWS::CloudFront::Distribution": "E[A-Z0-9]{13}",
    "AWS::CodeBuild::Project": f"AWSProton-shop-Thing-{ANY}",
    "AWS::CodePipeline::Pipeline": f"AWSProton-shop-Thing-{ANY}",
    "AWS::DynamoDB::Table": f"AWSProton-shop-Thing-{ANY}",
    "AWS::EC2::EIP": r"52\.\d+\.\d+\.\d+",
    "AWS::EC2::Instance": "i-[0-9a-f]{17}",
    "AWS::EC2::InternetGateway": "igw-[0-9a-f]{17}",
    "AWS::EC2::SecurityGroup": "sg-[0-9a-f]{17}",
    "AWS::EC2::Subnet": "subnet-[0-9a-f]{17}",
    "AWS::EC2::VPC": "vpc-[0-9a-f]{17}",
    "AWS::ECR::Repository": "awsproton-shop-thing-[a-z0-9]{12}",
    "AWS::ECS::Cluster": f"AWSProton-shop-Thing-{ANY}",
    "AWS::ECS::Service": f"arn:aws:ecs:{HERE}:service/default/AWSProton-shop-Thing-{ANY}",
    "AWS::ECS::TaskDefinition": f"arn:aws:ecs:{HERE}:task-definition/AWSProton-shop-Thing-{ANY}:1",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        f"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/app/.{{18,32}}/[0-9a-f]{{16}}"
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        f"arn:aws:elasticloadbalancing:{HERE}:targetgroup/.{{18,32}}/[0-9a-f]{{16}}"
    ),
    "AWS::Events::Rule": f"AWSProton-shop-Thing-{ANY}",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::123456789012:policy/AWSProton-shop-Thing-{ANY}",
    "AWS::IAM::Role": f"AWSProton-shop-Thing-{ANY}",
    "AWS::KMS::Key": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "AWS::Lambda::Function": f"AWSProton-shop-Thing-{ANY}",
    "AWS::Logs::LogGroup": f"AWSProton-shop-Thing-{ANY}",
    "AWS::RDS::DBInstance": "awsproton-shop-thing-[a-z0-9]{12}",
    "AWS::Route53::HostedZone": "Z[A-Z0-9]{20}",
    "AWS::S3::Bucket": "awsproton-shop-thing-[a-z0-9]{12}",
    "AWS::SNS::Topic": f"arn:aws:sns:{HERE}:AWSProton-shop-Thing-{ANY}",
    "AWS::SQS::Queue": (
        f"https://sqs.eu-west-1.amazonaws.com/123456789012/AWSProton-shop-Thing-{ANY}"
    ),
    "AWS::SSM::Parameter": "CFN-Thing-[A-Za-z0-9]{12}",
    "AWS::SecretsManager::Secret": (
        f"arn:aws:secretsmanager:{HERE}:secret:Thing-[A-Za-z0-9]{{12}}-[A-Za-z0-9]{{6}}"
    ),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": "ns-[a-z0-9]{16}",
    "AWS::StepFunctions::StateMachine": (
        f"arn:aws:states:{HERE}:stateMachine:AWSProton-shop-Thing-{ANY}"
    ),
    "AWS::Unheard::OfThing": f"AWSProton-shop-Thing-{ANY}",
    "Custom::Greeting": f"AWSProton-shop-Thing-{ANY}",
}


@pytest.mark.parametrize("type_name", REFERENCES)
def test_ref_looks_as_it_does_for_the_type(type_name: str) -> None:
    assert re.fullmatch(REFERENCES[type_name], identity(type_name).reference)


NAMED = [
    ("AWS::DynamoDB::Table", {"TableName": "orders"}, "orders"),
    ("AWS::ECS::Service", {"ServiceName": "web", "Cluster": "main"},
     f"arn:aws:ecs:{HERE}:service/main/web"),
    ("AWS::ECS::Service", {"ServiceName": "web", "Cluster": f"arn:aws:ecs:{HERE}:cluster/main"},
     f"arn:aws:ecs:{HERE}:service/main/web"),
    ("AWS::ECS::TaskDefinition", {"Family": "web"}, f"arn:aws:ecs:{HERE}:task-definition/web:1"),
    ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "read", "Path": "/shop/"},
     "arn:aws:iam::123456789012:policy/shop/read"),
    ("AWS::IAM::Role", {"RoleName": "deployer"}, "deployer"),
    ("AWS::KMS::Alias", {"AliasName": "alias/shop"}, "alias/shop"),
    ("AWS::S3::Bucket", {"BucketName": "shop-images"}, "shop-images"),
    ("AWS::S3::BucketPolicy", {"Bucket": "shop-images"}, "shop-images"),
    ("AWS::SNS::Topic", {"TopicName": "news"}, f"arn:aws:sns:{HERE}:news"),
    ("AWS::SSM::Parameter", {"Name": "/shop/name"}, "/shop/name"),
    ("AWS::Unheard::OfThing", {"Name": "it"}, "it"),
    ("AWS::Unheard::OfThing", {"OfThingName": "it"}, "it"),
]  # fmt: skip


@pytest.mark.parametrize(("type_name", "properties", "expected"), NAMED)
def test_a_name_that_the_template_gives_is_kept(
    type_name: str, properties: Mapping[str, object], expected: str
) -> None:
    assert identity(type_name, properties).reference == expected


ATTRIBUTES = [
    ("AWS::S3::Bucket", {"BucketName": "b"}, "Arn", "arn:aws:s3:::b"),
    ("AWS::S3::Bucket", {"BucketName": "b"}, "RegionalDomainName", "b.s3.eu-west-1.amazonaws.com"),
    ("AWS::DynamoDB::Table", {"TableName": "t"}, "Arn", f"arn:aws:dynamodb:{HERE}:table/t"),
    ("AWS::DynamoDB::Table", {"TableName": "t"}, "StreamArn",
     f"arn:aws:dynamodb:{HERE}:table/t/stream/2021-06-09T12:00:00.000"),
    ("AWS::SQS::Queue", {"QueueName": "q"}, "Arn", f"arn:aws:sqs:{HERE}:q"),
    ("AWS::SQS::Queue", {"QueueName": "q"}, "QueueName", "q"),
    ("AWS::IAM::Role", {"RoleName": "r", "Path": "/x/"}, "Arn",
     "arn:aws:iam::123456789012:role/x/r"),
    ("AWS::Lambda::Function", {"FunctionName": "f"}, "Arn", f"arn:aws:lambda:{HERE}:function:f"),
    ("AWS::Logs::LogGroup", {"LogGroupName": "/a"}, "Arn", f"arn:aws:logs:{HERE}:log-group:/a:*"),
    ("AWS::ECR::Repository", {"RepositoryName": "r"}, "RepositoryUri",
     "123456789012.dkr.ecr.eu-west-1.amazonaws.com/r"),
    ("AWS::RDS::DBInstance", {"Engine": "aurora-postgresql"}, "Endpoint.Port", "5432"),
    ("AWS::RDS::DBInstance", {"Port": 6000}, "Endpoint.Port", "6000"),
    ("AWS::EC2::Subnet", {"VpcId": "vpc-1"}, "VpcId", "vpc-1"),
    ("AWS::EC2::Subnet", {"AvailabilityZone": "eu-west-1c"}, "AvailabilityZone", "eu-west-1c"),
    ("AWS::SSM::Parameter", {"Name": "/a", "Value": "v", "Type": "String"}, "Value", "v"),
    ("AWS::CodeBuild::Project", {"Name": "p"}, "Arn", f"arn:aws:codebuild:{HERE}:project/p"),
    ("AWS::Unheard::OfThing", {"Name": "it"}, "Arn", f"arn:aws:unheard:{HERE}:ofThing/it"),
    ("AWS::Unheard::OfThing", {}, "Port", "443"),
]  # fmt: skip


@pytest.mark.parametrize(("type_name", "properties", "attribute", "expected"), ATTRIBUTES)
def test_an_attribute_is_what_the_type_says(
    type_name: str, properties: Mapping[str, object], attribute: str, expected: str
) -> None:
    assert identity(type_name, properties).attribute(attribute) == expected


PLAUSIBLE = {
    "Outputs.VpcId": "vpc-[0-9a-f]{17}",
    "Outputs.PublicSubnetId": "subnet-[0-9a-f]{17}",
    "SecurityGroupId": "sg-[0-9a-f]{17}",
    "ThingArn": rf"arn:aws:unheard:{HERE}:thing/[a-z0-9]{{12}}",
    "ServiceUrl": r"https://[a-z0-9]{12}\.unheard\.eu-west-1\.amazonaws\.com",
    "Endpoint": r"[a-z0-9]{12}\.unheard\.eu-west-1\.amazonaws\.com",
    "Address.DNSName": r"[a-z0-9]{12}\.unheard\.eu-west-1\.amazonaws\.com",
    "PrivateIp": r"10\.\d+\.\d+\.\d+",
    "Name": f"AWSProton-shop-Thing-{ANY}",
    "Id": f"AWSProton-shop-Thing-{ANY}",
    "AccountId": "123456789012",
    "CreationTime": "2021-06-09T12:00:00Z",
    "Secret{0}": "secret-0--[0-9a-f]{8}",
}


@pytest.mark.parametrize("attribute", PLAUSIBLE)
def test_an_attribute_nobody_knows_looks_like_its_name(attribute: str) -> None:
    value = identity("AWS::Unheard::OfThing").attribute(attribute)

    assert isinstance(value, str)
    assert re.fullmatch(PLAUSIBLE[attribute], value)


@pytest.mark.parametrize("type_name", RESOURCE_TYPES)
def test_every_pattern_of_the_table_can_be_filled(type_name: str) -> None:
    resource = identity(type_name)
    values = [resource.reference, resource.attribute("Arn")]
    values += [resource.attribute(name) for name in RESOURCE_TYPES[type_name].attributes]

    for value in values:
        for text in [value] if isinstance(value, str) else value:
            assert re.fullmatch(r"[^{}@#*\s]+(\*)?|\{\}", text)


def test_a_listener_goes_on_where_its_load_balancer_ends() -> None:
    balancer = identity("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Type": "network"})
    listener = identity(
        "AWS::ElasticLoadBalancingV2::Listener", {"LoadBalancerArn": balancer.reference}
    )
    rule = identity(
        "AWS::ElasticLoadBalancingV2::ListenerRule", {"ListenerArn": listener.reference}
    )

    stem = balancer.reference.replace(":loadbalancer/net/", ":listener/net/")
    assert re.fullmatch(re.escape(stem) + "/[0-9a-f]{16}", listener.reference)
    stem = listener.reference.replace(":listener/", ":listener-rule/")
    assert re.fullmatch(re.escape(stem) + "/[0-9a-f]{16}", rule.reference)


@pytest.mark.parametrize(
    ("partition", "region", "queue"),
    [
        ("aws-cn", "cn-north-1", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q"),
        ("aws-us-gov", "us-gov-west-1", "https://sqs.us-gov-west-1.amazonaws.com/123456789012/q"),
    ],
)
def test_names_know_their_partition(partition: str, region: str, queue: str) -> None:
    place = replace(SHOP, partition=partition, region=region)
    resource = identity("AWS::SQS::Queue", {"QueueName": "q"}, place)

    assert resource.reference == queue
    assert resource.attribute("Arn") == f"arn:{partition}:sqs:{region}:123456789012:q"


@pytest.mark.parametrize(
    ("type_name", "limit"),
    [
        ("AWS::S3::Bucket", 63),
        ("AWS::IAM::Role", 64),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", 32),
        ("AWS::SQS::Queue", 80),
    ],
)
def test_a_made_up_name_is_no_longer_than_the_service_takes(type_name: str, limit: int) -> None:
    place = replace(SHOP, name="AWSProton-" + "x" * 118)
    resource = Identity(place, "L" * 200, type_name, {})
    name = re.split("[:/]", resource.reference)

    assert len(max(name, key=len)) <= limit


def test_a_queue_that_keeps_its_order_says_so_in_its_name() -> None:
    assert identity("AWS::SQS::Queue", {"FifoQueue": True}).reference.endswith(".fifo")


IDS = st.text(st.sampled_from("0123456789abcdef-"), min_size=8, max_size=36)
TYPES = st.sampled_from(["AWS::S3::Bucket", "AWS::EC2::VPC", "AWS::SNS::Topic", "Custom::It"])
TEMPLATE = """
Resources: {{Thing: {{Type: "{type_name}"}}, Other: {{Type: "{type_name}"}}}}
Outputs:
  Thing: {{Value: !Ref Thing}}
  Other: {{Value: !Ref Other}}
  Attribute: {{Value: !GetAtt Thing.SomethingArn}}
"""


@given(IDS, TYPES)
def test_a_stack_always_has_the_same_ids(stack_id: str, type_name: str) -> None:
    template = TEMPLATE.format(type_name=type_name)
    place = replace(SHOP, id=stack_id)

    first = ResolvingProvisioner().deploy(place, template, {})
    second = ResolvingProvisioner().deploy(place, template + "# changed", {"tag": "value"})

    assert first == second
    assert len(set(first.outputs.values())) == 3


@given(st.lists(IDS, min_size=2, max_size=2, unique=True), TYPES)
def test_two_stacks_share_no_ids(stack_ids: list[str], type_name: str) -> None:
    template = TEMPLATE.format(type_name=type_name)

    one, other = (
        set(ResolvingProvisioner().deploy(replace(SHOP, id=i), template, {}).outputs.values())
        for i in stack_ids
    )

    assert one.isdisjoint(other)


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_any_attribute_of_any_type_is_text(attribute: str, given_name: str) -> None:
    value = identity("AWS::Unheard::OfThing", {"Name": given_name}).attribute(attribute)

    assert isinstance(value, str)
    assert value
