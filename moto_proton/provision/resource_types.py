"""How the physical ids, ARNs and attributes of resource types look: a table, and nothing else.

Patterns name facts in braces, which :mod:`~moto_proton.provision.identities` finds:

- ``id`` (the physical id), ``ref``, ``arn``, ``partition``, ``region``, ``account``, ``suffix``
  (the partition's domain), ``stack``, ``logical``, ``generated`` (CloudFormation's own name),
- ``@Name`` is a property of the resource, ``#Name`` the part of it after its last colon or slash,
- ``hex17``, ``lower13``, ``upper12``, ``mixed6``, ``digits10``, ``uuid`` are random but stable;
  with a star they differ from attribute to attribute.

Source: "Return values" of each type in the CloudFormation user guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

_ARN: Final = "arn:{partition}:{service}:{region}:{account}:"
_GLOBAL_ARN: Final = "arn:{partition}:{service}::{account}:"


@dataclass(frozen=True, slots=True)
class ResourceType:
    """The patterns of one type.

    ``names`` are the properties that give the physical id, ``id`` is its pattern without them, and
    ``limit`` the length of a generated one. An attribute that is a tuple is a list.
    """

    names: tuple[str, ...] = ()
    id: str = "{generated}"
    ref: str = "{id}"
    arn: str = _ARN + "{kind}/{id}"
    attributes: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    limit: int = 255
    lower: bool = False


_Attributes = Mapping[str, str | tuple[str, ...]]


def _named(
    name: str,
    arn: str = "{kind}/{id}",
    *,
    limit: int = 255,
    lower: bool = False,
    ref: str = "{id}",
    more: _Attributes = MappingProxyType({}),
    **attributes: str | tuple[str, ...],
) -> ResourceType:
    """A type whose physical id is a name that the template may give."""
    return ResourceType(
        (name,),
        ref=ref,
        arn=_full(arn),
        attributes={**attributes, **more},
        limit=limit,
        lower=lower,
    )


def _numbered(
    pattern: str,
    arn: str = "{kind}/{id}",
    *,
    ref: str = "{id}",
    more: _Attributes = MappingProxyType({}),
    **attributes: str | tuple[str, ...],
) -> ResourceType:
    """A type whose physical id the service makes up."""
    return ResourceType(id=pattern, ref=ref, arn=_full(arn), attributes={**attributes, **more})


def _full(arn: str) -> str:
    return arn if arn.startswith(("arn:", "{listener_")) else _ARN + arn


def _iam(name: str, kind: str, *, ref: str = "{id}", **attributes: str) -> ResourceType:
    arn = _GLOBAL_ARN + kind + "{path}{id}"
    return _named(name, arn, limit=64, ref=ref, more=attributes)


def _database(kind: str, name: str, host: str) -> ResourceType:
    addresses = {
        "Endpoint.Address": host,
        "Endpoint.Port": "{database_port}",
        "Endpoint": host,
        "Port": "{database_port}",
        "ReadEndpoint.Address": host.replace(".cluster-", ".cluster-ro-"),
        "MasterUserSecret.SecretArn": (
            "arn:{partition}:secretsmanager:{region}:{account}:secret:rds!{uuid}-{mixed6}"
        ),
        f"{name.removesuffix('Identifier')}Arn": "{arn}",
        f"{name.removesuffix('Identifier')}ResourceId": "cluster-{upper26}",
        "DbiResourceId": "db-{upper26}",
    }
    return _named(name, f"{kind}:{{id}}", limit=63, lower=True, more=addresses)


_CACHE_HOST: Final = "{id}.{lower6}.ng.0001.{region}.cache.{suffix}"
_CACHE: Final = {
    f"{endpoint}.{part}": value
    for endpoint in (
        "PrimaryEndPoint", "ReaderEndPoint", "ConfigurationEndPoint", "RedisEndpoint",
        "ConfigurationEndpoint", "Endpoint", "ReaderEndpoint",
    )
    for part, value in (("Address", _CACHE_HOST), ("Port", "6379"))
}  # fmt: skip
_ELB_HOST: Final = "{load_balancer_scope}{id}-{digits10}.{region}.elb.{suffix}"
_BALANCER: Final = "{load_balancer_kind}/{id}/{hex16}"
_STREAM: Final = "{arn}/stream/2021-06-09T12:00:00.000"
_NAME_SERVERS: Final = tuple(
    f"ns-{number}.awsdns-{number % 64:02}.{end}"
    for number, end in ((412, "com"), (1027, "org"), (1718, "co.uk"), (845, "net"))
)
_POOL_PROVIDER: Final = "cognito-idp.{region}.{suffix}/{id}"

# The services whose names in ARNs are not their names in types in lower case.
SERVICES: Final[Mapping[str, str]] = {
    "ApiGatewayV2": "apigateway",
    "ApplicationAutoScaling": "application-autoscaling",
    "CertificateManager": "acm",
    "CloudWatch": "cloudwatch",
    "CodeStarConnections": "codestar-connections",
    "CodeConnections": "codeconnections",
    "Cognito": "cognito-idp",
    "EFS": "elasticfilesystem",
    "ElasticLoadBalancingV2": "elasticloadbalancing",
    "Elasticsearch": "es",
    "KinesisFirehose": "firehose",
    "MSK": "kafka",
    "OpenSearchService": "es",
    "SecretsManager": "secretsmanager",
    "StepFunctions": "states",
}

_IAM: Final[Mapping[str, ResourceType]] = {
    "AWS::IAM::AccessKey": _numbered("AKIA{upper16}", SecretAccessKey="{mixed40}"),
    "AWS::IAM::Group": _iam("GroupName", "group"),
    "AWS::IAM::InstanceProfile": _iam("InstanceProfileName", "instance-profile"),
    "AWS::IAM::ManagedPolicy": _iam(
        "ManagedPolicyName", "policy", ref="{arn}", PolicyArn="{arn}", PolicyId="ANPA{upper17}"
    ),
    "AWS::IAM::OIDCProvider": _numbered(
        "{hex20}", _GLOBAL_ARN + "oidc-provider/{#Url}", ref="{arn}"
    ),
    "AWS::IAM::Policy": ResourceType(limit=25, attributes={"Id": "{id}"}),
    "AWS::IAM::Role": _iam("RoleName", "role", RoleId="AROA{upper17}"),
    "AWS::IAM::SAMLProvider": _named("Name", _GLOBAL_ARN + "saml-provider/{id}", ref="{arn}"),
    "AWS::IAM::User": _iam("UserName", "user"),
}

_STORAGE: Final[Mapping[str, ResourceType]] = {
    "AWS::S3::Bucket": _named(
        "BucketName",
        "arn:{partition}:s3:::{id}",
        limit=63,
        lower=True,
        DomainName="{id}.s3.{suffix}",
        DualStackDomainName="{id}.s3.dualstack.{region}.{suffix}",
        RegionalDomainName="{id}.s3.{region}.{suffix}",
        WebsiteURL="http://{id}.s3-website-{region}.{suffix}",
    ),
    "AWS::S3::BucketPolicy": ResourceType(ref="{@Bucket}"),
    "AWS::DynamoDB::GlobalTable": _named(
        "TableName", "table/{id}", TableId="{uuid}", StreamArn=_STREAM
    ),
    "AWS::DynamoDB::Table": _named(
        "TableName", "table/{id}", TableId="{uuid}", StreamArn=_STREAM
    ),
    "AWS::EFS::AccessPoint": _numbered("fsap-{hex17}", "access-point/{id}", AccessPointId="{id}"),
    "AWS::EFS::FileSystem": _numbered("fs-{hex17}", "file-system/{id}", FileSystemId="{id}"),
    "AWS::EFS::MountTarget": _numbered("fsmt-{hex17}", IpAddress="{private_ip}"),
    "AWS::ECR::Repository": _named(
        "RepositoryName",
        "repository/{id}",
        lower=True,
        RepositoryUri="{account}.dkr.ecr.{region}.{suffix}/{id}",
    ),
    "AWS::ElastiCache::CacheCluster": _named(
        "ClusterName", "cluster:{id}", limit=50, lower=True, more=_CACHE
    ),
    "AWS::ElastiCache::ReplicationGroup": _named(
        "ReplicationGroupId", "replicationgroup:{id}", limit=40, lower=True, more=_CACHE
    ),
    "AWS::ElastiCache::ServerlessCache": _named(
        "ServerlessCacheName", "serverlesscache:{id}", limit=40, lower=True, more=_CACHE
    ),
    "AWS::ElastiCache::SubnetGroup": _named("CacheSubnetGroupName", limit=255, lower=True),
    "AWS::OpenSearchService::Domain": _named(
        "DomainName", "domain/{id}", limit=28, lower=True,
        DomainEndpoint="search-{id}-{lower26}.{region}.es.{suffix}",
    ),
    "AWS::RDS::DBCluster": _database(
        "cluster", "DBClusterIdentifier", "{id}.cluster-{lower12}.{region}.rds.{suffix}"
    ),
    "AWS::RDS::DBClusterParameterGroup": _named("DBClusterParameterGroupName", lower=True),
    "AWS::RDS::DBInstance": _database(
        "db", "DBInstanceIdentifier", "{id}.{lower12}.{region}.rds.{suffix}"
    ),
    "AWS::RDS::DBParameterGroup": _named("DBParameterGroupName", lower=True),
    "AWS::RDS::DBProxy": _named(
        "DBProxyName", "db-proxy:prx-{hex17}", limit=63, lower=True, DBProxyArn="{arn}",
        Endpoint="{id}.proxy-{lower12}.{region}.rds.{suffix}",
    ),
    "AWS::RDS::DBSubnetGroup": _named("DBSubnetGroupName", "subgrp:{id}", lower=True),
}  # fmt: skip

_MESSAGING: Final[Mapping[str, ResourceType]] = {
    "AWS::Events::EventBus": _named("Name", "event-bus/{id}", Name="{id}"),
    "AWS::Events::Rule": _named("Name", "rule/{id}", limit=64),
    "AWS::Kinesis::Stream": _named("Name", "stream/{id}", limit=128),
    "AWS::KinesisFirehose::DeliveryStream": _named(
        "DeliveryStreamName", "deliverystream/{id}", limit=64
    ),
    "AWS::MSK::Cluster": _named("ClusterName", "cluster/{id}/{uuid}-2", limit=64, ref="{arn}"),
    "AWS::SNS::Subscription": _numbered("{@TopicArn}:{uuid}", ref="{id}", Arn="{id}"),
    "AWS::SNS::Topic": _named("TopicName", "{id}", ref="{arn}", TopicArn="{arn}", TopicName="{id}"),
    "AWS::SQS::Queue": _named(
        "QueueName",
        "{id}",
        limit=80,
        ref="https://sqs.{region}.{suffix}/{account}/{id}",
        QueueName="{id}",
        QueueUrl="{ref}",
    ),
    "AWS::StepFunctions::Activity": _named("Name", "activity:{id}", limit=80, ref="{arn}"),
    "AWS::StepFunctions::StateMachine": _named(
        "StateMachineName",
        "stateMachine:{id}",
        limit=80,
        ref="{arn}",
        Name="{id}",
        StateMachineRevisionId="INITIAL",
    ),
}

_FUNCTION_ARN: Final = "arn:{partition}:lambda:{region}:{account}:function:"
_COMPUTE: Final[Mapping[str, ResourceType]] = {
    "AWS::AppRunner::Service": _named(
        "ServiceName", "service/{id}/{hex32}", limit=40, ref="{arn}",
        ServiceArn="{arn}", ServiceId="{hex32}", ServiceUrl="{lower10}.{region}.awsapprunner.com",
    ),
    "AWS::ApplicationAutoScaling::ScalableTarget": _numbered(
        "{@ResourceId}|{@ScalableDimension}|{@ServiceNamespace}", "scalable-target/{lower32}"
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": _named(
        "PolicyName",
        "arn:{partition}:autoscaling:{region}:{account}:scalingPolicy:{uuid}:policyName/{id}",
        ref="{arn}",
    ),
    "AWS::AutoScaling::AutoScalingGroup": _named(
        "AutoScalingGroupName", "autoScalingGroup:{uuid}:autoScalingGroupName/{id}"
    ),
    "AWS::AutoScaling::LaunchConfiguration": _named("LaunchConfigurationName"),
    "AWS::AutoScaling::ScalingPolicy": _numbered(
        "{generated}",
        "scalingPolicy:{uuid}:autoScalingGroupName/{#AutoScalingGroupName}",
        ref="{arn}",
    ),
    "AWS::Batch::ComputeEnvironment": _named(
        "ComputeEnvironmentName", "compute-environment/{id}", limit=128, ref="{arn}"
    ),
    "AWS::Batch::JobDefinition": _named(
        "JobDefinitionName", "job-definition/{id}:1", limit=128, ref="{arn}"
    ),
    "AWS::Batch::JobQueue": _named("JobQueueName", "job-queue/{id}", limit=128, ref="{arn}"),
    "AWS::ECS::CapacityProvider": _named("Name", "capacity-provider/{id}"),
    "AWS::ECS::Cluster": _named("ClusterName", "cluster/{id}"),
    "AWS::ECS::Service": _named(
        "ServiceName", "service/{#Cluster}/{id}", ref="{arn}", Name="{id}", ServiceArn="{arn}"
    ),
    "AWS::ECS::TaskDefinition": _named(
        "Family", "task-definition/{id}:1", ref="{arn}", TaskDefinitionArn="{arn}"
    ),
    "AWS::EKS::Cluster": _named(
        "Name", "cluster/{id}", limit=100,
        CertificateAuthorityData="{mixed64}",
        ClusterSecurityGroupId="sg-{hex17}",
        Endpoint="https://{hex32}.gr7.{region}.eks.{suffix}",
        OpenIdConnectIssuerUrl="https://oidc.eks.{region}.{suffix}/id/{hex32}",
    ),
    "AWS::EKS::Nodegroup": _numbered("{#ClusterName}/{generated}", Id="{id}"),
    "AWS::Lambda::Alias": _named("Name", _FUNCTION_ARN + "{#FunctionName}:{id}", ref="{arn}",
                                 AliasArn="{arn}"),
    "AWS::Lambda::EventSourceMapping": _numbered("{uuid}", "event-source-mapping:{id}", Id="{id}"),
    "AWS::Lambda::Function": _named("FunctionName", "function:{id}", limit=64),
    "AWS::Lambda::LayerVersion": _named(
        "LayerName", "layer:{id}:1", limit=64, ref="{arn}", LayerVersionArn="{arn}"
    ),
    "AWS::Lambda::Url": _numbered(
        "{@TargetFunctionArn}",
        FunctionArn="{@TargetFunctionArn}",
        FunctionUrl="https://{lower32}.lambda-url.{region}.on.aws/",
    ),
    "AWS::Lambda::Version": _numbered(
        _FUNCTION_ARN + "{#FunctionName}:1", _FUNCTION_ARN + "{#FunctionName}:1",
        FunctionArn="{arn}", Version="1",
    ),
    "AWS::Logs::LogGroup": _named("LogGroupName", "log-group:{id}:*", limit=512),
    "AWS::Logs::LogStream": _named("LogStreamName"),
    "AWS::CloudWatch::Alarm": _named("AlarmName", "alarm:{id}"),
    "AWS::CloudWatch::CompositeAlarm": _named("AlarmName", "alarm:{id}"),
    "AWS::CloudWatch::Dashboard": _named("DashboardName", _GLOBAL_ARN + "dashboard/{id}"),
}  # fmt: skip


def _ec2(prefix: str, attribute: str = "", **attributes: str | tuple[str, ...]) -> ResourceType:
    own = {attribute: "{id}"} if attribute else {}
    return _numbered(f"{prefix}-{{hex17}}", more={**own, **attributes})


_NETWORK: Final[Mapping[str, ResourceType]] = {
    "AWS::EC2::CustomerGateway": _ec2("cgw", "CustomerGatewayId"),
    "AWS::EC2::DHCPOptions": _ec2("dopt", "DhcpOptionsId"),
    "AWS::EC2::EIP": _numbered(
        "{public_ip}", AllocationId="eipalloc-{hex17}", PublicIp="{id}"
    ),
    "AWS::EC2::EgressOnlyInternetGateway": _ec2("eigw", "Id"),
    "AWS::EC2::FlowLog": _ec2("fl", "Id"),
    "AWS::EC2::Instance": _ec2(
        "i", "InstanceId",
        PrivateDnsName="{lower8}.{region}.compute.internal",
        PrivateIp="{private_ip}",
        PublicDnsName="{lower8}.{region}.compute.{suffix}",
        PublicIp="{public_ip}",
        VpcId="vpc-{hex17*}",
    ),
    "AWS::EC2::InternetGateway": _ec2("igw", "InternetGatewayId"),
    "AWS::EC2::KeyPair": _named("KeyName", KeyPairId="key-{hex17}"),
    "AWS::EC2::LaunchTemplate": _ec2(
        "lt", "LaunchTemplateId", DefaultVersionNumber="1", LatestVersionNumber="1"
    ),
    "AWS::EC2::NatGateway": _ec2("nat", "NatGatewayId"),
    "AWS::EC2::NetworkAcl": _ec2("acl", "Id"),
    "AWS::EC2::NetworkInterface": _ec2("eni", "Id", PrimaryPrivateIpAddress="{private_ip}"),
    "AWS::EC2::PrefixList": _ec2("pl", "PrefixListId"),
    "AWS::EC2::RouteTable": _ec2("rtb", "RouteTableId"),
    "AWS::EC2::SecurityGroup": _ec2(
        "sg", "GroupId", Id="{id}", GroupName="{generated}"
    ),
    "AWS::EC2::SecurityGroupEgress": _ec2("sgr", "Id"),
    "AWS::EC2::SecurityGroupIngress": _ec2("sgr", "Id"),
    "AWS::EC2::Subnet": _ec2(
        "subnet", "SubnetId",
        Ipv6CidrBlocks=("2600:1f14:{hex3}:{hex2}00::/64",),
        NetworkAclAssociationId="aclassoc-{hex17}",
    ),
    "AWS::EC2::SubnetRouteTableAssociation": _ec2("rtbassoc", "Id"),
    "AWS::EC2::TransitGateway": _ec2("tgw", "Id"),
    "AWS::EC2::TransitGatewayAttachment": _ec2("tgw-attach", "Id"),
    "AWS::EC2::VPC": _ec2(
        "vpc", "VpcId",
        CidrBlockAssociations=("vpc-cidr-assoc-{hex17}",),
        DefaultNetworkAcl="acl-{hex17}",
        DefaultSecurityGroup="sg-{hex17*}",
        Ipv6CidrBlocks=("2600:1f14:{hex3}:{hex2}00::/56",),
    ),
    "AWS::EC2::VPCEndpoint": _ec2(
        "vpce", "Id",
        DnsEntries=("Z{upper13}:{id}-{lower8}.vpce-svc-{hex17}.{region}.vpce.{suffix}",),
        NetworkInterfaceIds=("eni-{hex17}",),
    ),
    "AWS::EC2::VPCPeeringConnection": _ec2("pcx", "Id"),
    "AWS::EC2::VPNConnection": _ec2("vpn", "VpnConnectionId"),
    "AWS::EC2::VPNGateway": _ec2("vgw", "VPNGatewayId"),
    "AWS::EC2::Volume": _ec2("vol", "VolumeId"),
    "AWS::ElasticLoadBalancing::LoadBalancer": _named(
        "LoadBalancerName", "loadbalancer/{id}", limit=32,
        CanonicalHostedZoneName=_ELB_HOST,
        CanonicalHostedZoneNameID="Z35SXDOTRQ7X7K",
        DNSName=_ELB_HOST,
    ),
    "AWS::ElasticLoadBalancingV2::Listener": _numbered(
        "{listener_arn}", "{listener_arn}", ListenerArn="{id}", Arn="{id}"
    ),
    "AWS::ElasticLoadBalancingV2::ListenerRule": _numbered(
        "{listener_rule_arn}", "{listener_rule_arn}", RuleArn="{id}", Arn="{id}"
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _named(
        "Name", "loadbalancer/" + _BALANCER, limit=32, ref="{arn}",
        CanonicalHostedZoneID="Z35SXDOTRQ7X7K",
        DNSName=_ELB_HOST,
        LoadBalancerArn="{arn}",
        LoadBalancerFullName=_BALANCER,
        LoadBalancerName="{id}",
        SecurityGroups=("sg-{hex17}",),
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": _named(
        "Name", "targetgroup/{id}/{hex16}", limit=32, ref="{arn}",
        LoadBalancerArns=(_ARN + "loadbalancer/app/{stack}/{hex16*}",),
        TargetGroupArn="{arn}",
        TargetGroupFullName="targetgroup/{id}/{hex16}",
        TargetGroupName="{id}",
    ),
    "AWS::CertificateManager::Certificate": _numbered("{uuid}", "certificate/{id}", ref="{arn}"),
    "AWS::CloudFront::CloudFrontOriginAccessIdentity": _numbered(
        "E{upper13}", Id="{id}", S3CanonicalUserId="{hex96}"
    ),
    "AWS::CloudFront::Distribution": _numbered(
        "E{upper13}", _GLOBAL_ARN + "distribution/{id}",
        DomainName="d{lower13}.cloudfront.net", Id="{id}",
    ),
    "AWS::CloudFront::Function": _named(
        "Name", _GLOBAL_ARN + "function/{id}", ref="{arn}", FunctionARN="{arn}",
        more={"FunctionMetadata.FunctionARN": "{arn}"},
    ),
    "AWS::CloudFront::OriginAccessControl": _numbered("E{upper13}", Id="{id}"),
    "AWS::Route53::HealthCheck": _numbered("{uuid}", HealthCheckId="{id}"),
    "AWS::Route53::HostedZone": _numbered(
        "Z{upper20}", "arn:{partition}:route53:::hostedzone/{id}",
        Id="{id}", NameServers=_NAME_SERVERS,
    ),
    "AWS::Route53::RecordSet": _named("Name"),
    "AWS::ServiceDiscovery::HttpNamespace": _numbered("ns-{lower16}", "namespace/{id}", Id="{id}"),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": _numbered(
        "ns-{lower16}", "namespace/{id}", Id="{id}", HostedZoneId="Z{upper20}"
    ),
    "AWS::ServiceDiscovery::PublicDnsNamespace": _numbered(
        "ns-{lower16}", "namespace/{id}", Id="{id}", HostedZoneId="Z{upper20}"
    ),
    "AWS::ServiceDiscovery::Service": _numbered("srv-{lower16}", "service/{id}", Id="{id}"),
    "AWS::WAFv2::WebACL": ResourceType(
        ("Name",), ref="{id}|{uuid}|{@TemplateScope}", arn=_ARN + "regional/webacl/{id}/{uuid}",
        attributes={"Id": "{uuid}", "LabelNamespace": "awswaf:{account}:webacl:{id}:"},
    ),
}  # fmt: skip

_API_ARN: Final = "arn:{partition}:apigateway:{region}::"
_API_HOST: Final = "{id}.execute-api.{region}.{suffix}"
_CUSTOM_DOMAIN: Final[Mapping[str, str]] = {
    "DistributionDomainName": "d{lower13}.cloudfront.net",
    "DistributionHostedZoneId": "Z2FDTNDATAQYW2",
    "RegionalDomainName": "d-{lower10}.execute-api.{region}.{suffix}",
    "RegionalHostedZoneId": "Z{upper13}",
}
_APIS: Final[Mapping[str, ResourceType]] = {
    "AWS::ApiGateway::ApiKey": _numbered("{lower10}", _API_ARN + "/apikeys/{id}", APIKeyId="{id}"),
    "AWS::ApiGateway::Authorizer": _numbered("{lower6}", AuthorizerId="{id}"),
    "AWS::ApiGateway::Deployment": _numbered("{lower6}", DeploymentId="{id}"),
    "AWS::ApiGateway::DomainName": _named("DomainName", more=_CUSTOM_DOMAIN),
    "AWS::ApiGateway::Resource": _numbered("{lower6}", ResourceId="{id}"),
    "AWS::ApiGateway::RestApi": _numbered(
        "{lower10}", _API_ARN + "/restapis/{id}", RestApiId="{id}", RootResourceId="{lower10*}"
    ),
    "AWS::ApiGateway::Stage": _named("StageName"),
    "AWS::ApiGateway::UsagePlan": _numbered("{lower6}", Id="{id}"),
    "AWS::ApiGateway::VpcLink": _numbered("{lower6}", VpcLinkId="{id}"),
    "AWS::ApiGatewayV2::Api": _numbered(
        "{lower10}", _API_ARN + "/apis/{id}", ApiId="{id}", ApiEndpoint=f"https://{_API_HOST}"
    ),
    "AWS::ApiGatewayV2::Authorizer": _numbered("{lower6}", AuthorizerId="{id}"),
    "AWS::ApiGatewayV2::DomainName": _named("DomainName", more=_CUSTOM_DOMAIN),
    "AWS::ApiGatewayV2::Integration": _numbered("{lower7}", IntegrationId="{id}"),
    "AWS::ApiGatewayV2::Route": _numbered("{lower7}", RouteId="{id}"),
    "AWS::ApiGatewayV2::Stage": _named("StageName"),
    "AWS::ApiGatewayV2::VpcLink": _numbered("{lower6}", VpcLinkId="{id}"),
    "AWS::AppSync::GraphQLApi": _numbered(
        "{lower26}", "apis/{id}", ref="{arn}", ApiId="{id}",
        GraphQLDns="{lower26*}.appsync-api.{region}.{suffix}",
        GraphQLUrl="https://{lower26*}.appsync-api.{region}.{suffix}/graphql",
    ),
    "AWS::Cognito::IdentityPool": _numbered("{region}:{uuid}"),
    "AWS::Cognito::UserPool": _numbered(
        "{region}_{mixed9}", "userpool/{id}", UserPoolId="{id}",
        ProviderName=_POOL_PROVIDER, ProviderURL=f"https://{_POOL_PROVIDER}",
    ),
    "AWS::Cognito::UserPoolClient": _numbered(
        "{lower26}", ClientId="{id}", ClientSecret="{lower51}"
    ),
    "AWS::Cognito::UserPoolDomain": _named("Domain"),
}  # fmt: skip

_DELIVERY: Final[Mapping[str, ResourceType]] = {
    "AWS::CloudFormation::Stack": ResourceType(
        ref="{arn}", arn=_ARN + "stack/{id}/{uuid}", attributes={"StackId": "{arn}"}, limit=128
    ),
    "AWS::CloudFormation::StackSet": _named("StackSetName", "stackset/{id}:{uuid}", limit=128,
                                            ref="{id}:{uuid}", StackSetId="{id}:{uuid}"),
    "AWS::CloudFormation::WaitCondition": _numbered(
        "{generated}", "stack/{stack}/{uuid}/{logical}", ref="{arn}", Data="{{}}"
    ),
    "AWS::CloudFormation::WaitConditionHandle": _numbered(
        "https://cloudformation-waitcondition-{region}.s3.{region}.{suffix}/{hex32}"
    ),
    "AWS::CodeBuild::Project": _named("Name", "project/{id}"),
    "AWS::CodeCommit::Repository": _numbered(
        "{uuid}", "{@RepositoryName}",
        CloneUrlHttp="https://git-codecommit.{region}.{suffix}/v1/repos/{@RepositoryName}",
        CloneUrlSsh="ssh://git-codecommit.{region}.{suffix}/v1/repos/{@RepositoryName}",
        Name="{@RepositoryName}",
    ),
    "AWS::CodeConnections::Connection": _numbered(
        "{uuid}", "connection/{id}", ref="{arn}", ConnectionArn="{arn}", ConnectionStatus="PENDING"
    ),
    "AWS::CodeDeploy::Application": _named("ApplicationName", "application:{id}", limit=100),
    "AWS::CodeDeploy::DeploymentGroup": _named("DeploymentGroupName", limit=100),
    "AWS::CodePipeline::Pipeline": _named("Name", "{id}", limit=100, Version="1"),
    "AWS::CodeStarConnections::Connection": _numbered(
        "{uuid}", "connection/{id}", ref="{arn}", ConnectionArn="{arn}", ConnectionStatus="PENDING"
    ),
    "AWS::KMS::Alias": _named("AliasName", "{id}"),
    "AWS::KMS::Key": _numbered("{uuid}", "key/{id}", KeyId="{id}"),
    "AWS::SSM::Document": _named("Name", "document/{id}", limit=128),
    "AWS::SSM::Parameter": ResourceType(
        ("Name",), id="CFN-{logical}-{mixed12}", arn=_ARN + "parameter/{id}"
    ),
    "AWS::SecretsManager::Secret": ResourceType(
        ("Name",), id="{logical}-{mixed12}", ref="{arn}", arn=_ARN + "secret:{id}-{mixed6}",
        attributes={"Id": "{arn}"},
    ),
    "AWS::SecretsManager::SecretTargetAttachment": _numbered("{@SecretId}", Id="{id}"),
}  # fmt: skip

RESOURCE_TYPES: Final[Mapping[str, ResourceType]] = {
    **_IAM,
    **_STORAGE,
    **_MESSAGING,
    **_COMPUTE,
    **_NETWORK,
    **_APIS,
    **_DELIVERY,
}
