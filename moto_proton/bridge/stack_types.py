"""What differs by resource type: names, tags, and deletions that moto's CloudFormation lacks.

Sources: the models of moto 5.1.0 and 5.2.5, which say what they read; the CloudFormation user guide
(Name type) and the services' references for the length of names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from moto_proton.provision.provisioner import ProvisioningError, StackPlace

Json = dict[str, Any]

_TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"

_TARGET_GROUP_NAME: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,32}(?<!-)")

# The longest names that the services accept; names that CloudFormation makes up are cut to them.
_LONGEST_NAME: Final[Mapping[str, int]] = {
    "AWS::AutoScaling::AutoScalingGroup": 255,
    "AWS::DynamoDB::Table": 255,
    "AWS::ECR::Repository": 256,
    "AWS::ElasticLoadBalancing::LoadBalancer": 32,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 32,
    "AWS::ElasticLoadBalancingV2::TargetGroup": 32,
    "AWS::Events::EventBus": 256,
    "AWS::Events::Rule": 64,
    "AWS::IAM::Role": 64,
    "AWS::IAM::User": 64,
    "AWS::Lambda::Function": 64,
    "AWS::RDS::DBInstance": 63,
    "AWS::S3::Bucket": 63,
    "AWS::SNS::Topic": 256,
    "AWS::SQS::Queue": 80,
    "AWS::StepFunctions::StateMachine": 80,
}
_LOWER_CASE: Final = frozenset(
    {
        "AWS::ECR::Repository",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBSubnetGroup",
        "AWS::S3::Bucket",
    }
)

# Types whose names in moto have no two hyphens in a row.
_ONE_HYPHEN: Final = frozenset(
    {"AWS::ECR::Repository", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", _TARGET_GROUP}
)

# Types whose model in moto reads the name from another property than the one it declares.
_NAME_PROPERTY: Final[Mapping[str, str]] = {
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}

# CloudFormation's defaults that the model in moto does not fill in itself and fails without.
_DEFAULTS: Final[Mapping[str, Json]] = {
    "AWS::EC2::VPCEndpoint": {"RouteTableIds": [], "VpcEndpointType": "Gateway"},
}

# Numbers that may be text in CloudFormation, and with which moto reckons.
_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {"AWS::ECS::Service": ("DesiredCount",)}

# Types whose model in moto reads Tags, a list of Key and Value.
_READS_TAGS: Final = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::ECR::Repository",
        "AWS::EMR::Cluster",
        "AWS::Events::Rule",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Logs::LogGroup",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBParameterGroup",
        "AWS::RDS::DBSubnetGroup",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SSM::Document",
        # A map in CloudFormation, but moto's model needs a list.
        "AWS::SSM::Parameter",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::EndpointConfig",
        "AWS::SageMaker::Model",
        "AWS::StepFunctions::StateMachine",
    }
)
_TAGS_MAP: Final = frozenset({"AWS::Batch::JobDefinition", "AWS::SSM::Parameter"})


def backend_of(service: str, place: StackPlace) -> Any:
    """The backend of a service for the account and region (or partition) of a stack."""
    from moto.backends import get_backend

    accounts: Any = get_backend(service)  # type: ignore[call-overload]
    regions = accounts[place.account_id]
    try:
        return regions[place.region]
    except KeyError:
        return regions[place.partition]


def name_property(resource_type: str) -> str:
    """The property that names a resource of this type; empty if there is none."""
    from moto.cloudformation import parsing

    if resource_type in _NAME_PROPERTY:
        return _NAME_PROPERTY[resource_type]
    name = parsing.resource_name_property_from_type(resource_type) or ""
    # moto: some models return a word that is not a property.
    return name if name.endswith(("Name", "Identifier")) else ""


def physical_name(
    resource_type: str, stack_name: str, logical_id: str, properties: Mapping[str, Any]
) -> str:
    """A name as CloudFormation makes it up: stack, logical id and a random ending.

    Names of Proton's stacks have ``--`` in them, which some services of moto do not take; there it
    is ``-`` (choice).
    """
    from moto.cloudformation.utils import random_suffix

    is_fifo = str(properties.get("FifoQueue")).lower() == "true"
    ending = random_suffix() + (".fifo" if is_fifo else "")
    longest = _LONGEST_NAME.get(resource_type, 128)
    stack_name = re.sub("-{2,}", "-", stack_name) if resource_type in _ONE_HYPHEN else stack_name
    room = longest - len(ending) - 2
    logical_part = logical_id[: max(room // 2, room - len(stack_name))]
    stack_part = stack_name[: room - len(logical_part)].strip("-")
    name = f"{stack_part}-{logical_part}-{ending}"
    if resource_type == "AWS::SSM::Parameter":
        name = f"CFN-{logical_part}-{ending}"
    return name.lower() if resource_type in _LOWER_CASE else name


def merged_tags(template_tags: Any, tags: Mapping[str, str]) -> dict[str, str]:
    """Proton's tags and those of the template, which win."""
    merged = dict(tags)
    if isinstance(template_tags, Mapping):
        merged.update((str(key), str(value)) for key, value in template_tags.items())
    elif isinstance(template_tags, list):
        for tag in template_tags:
            if isinstance(tag, Mapping) and "Key" in tag:
                merged[str(tag["Key"])] = str(tag.get("Value", ""))
    return merged


def for_moto(resource_type: str, properties: Json, tags: Mapping[str, str]) -> Json:
    """The properties in the form that moto's model needs, with the tags if it reads tags."""
    properties = _as_moto_reads_it(
        resource_type, {**_DEFAULTS.get(resource_type, {}), **properties}
    )
    if resource_type in _READS_TAGS:
        merged = merged_tags(properties.get("Tags"), tags)
        # moto: keys of KMS take the tags as KMS's own API does.
        names = ("TagKey", "TagValue") if resource_type == "AWS::KMS::Key" else ("Key", "Value")
        listed = [dict(zip(names, pair, strict=True)) for pair in merged.items()]
        return {**properties, "Tags": listed}
    if resource_type in _TAGS_MAP:
        return {**properties, "Tags": merged_tags(properties.get("Tags"), tags)}
    if resource_type == "AWS::AutoScaling::AutoScalingGroup":
        own = properties.get("Tags", [])
        if not isinstance(own, list) or not all(isinstance(tag, Mapping) for tag in own):
            raise ProvisioningError("its Tags are malformed")
        added = merged_tags(own, tags).keys() - {tag.get("Key") for tag in own}
        return {
            **properties,
            "Tags": [
                *own,
                *(
                    {"Key": key, "Value": value, "PropagateAtLaunch": True}
                    for key, value in tags.items()
                    if key in added
                ),
            ],
        }
    return properties


class _Named(str):
    """A name in the place of the resource that has it, of which moto's model reads the name."""

    @property
    def name(self) -> str:
        return str(self)


def _as_moto_reads_it(resource_type: str, properties: Json) -> Json:
    """What CloudFormation accepts, in the one form of it that moto's model does."""
    for name in _NUMBERS.get(resource_type, ()):
        value = properties.get(name)
        if isinstance(value, str) and value.isdecimal():
            properties[name] = int(value)
    if resource_type == "AWS::RDS::DBInstance":
        group, others = properties.get("DBSubnetGroupName"), properties.get("DBSecurityGroups")
        if isinstance(group, str):
            properties["DBSubnetGroupName"] = _Named(group)
        if isinstance(others, list):
            properties["DBSecurityGroups"] = [_Named(each) for each in others]
    if resource_type == "AWS::EC2::SecurityGroup":
        for name in ("SecurityGroupIngress", "SecurityGroupEgress"):
            rules = properties.get(name)
            if isinstance(rules, list) and all(isinstance(rule, Mapping) for rule in rules):
                # A rule for every protocol needs no ports.
                ports = {"FromPort": -1, "ToPort": -1}
                properties[name] = [
                    {**(ports if str(rule.get("IpProtocol")) == "-1" else {}), **rule}
                    for rule in rules
                ]
    return properties


def under_an_accepted_name(place: StackPlace, json: Json) -> Json:
    """The resource, under another name if moto refuses one that the service accepts.

    Such are the names of target groups with two hyphens in a row. :func:`give_name` gives the
    resource its own one. Raises ProvisioningError if another resource has it.
    """
    from moto.cloudformation.utils import random_suffix

    name = json["Properties"].get("Name")
    if not _takes_detour(json["Type"], name):
        return json
    if any(each.name == name for each in backend_of("elbv2", place).target_groups.values()):
        raise ProvisioningError(f"A target group with the same name '{name}' exists")
    return {**json, "Properties": {**json["Properties"], "Name": random_suffix()}}


def give_name(place: StackPlace, resource: Any, json: Json) -> None:
    """Give a resource that was made under another name its own one."""
    name = json["Properties"].get("Name")
    if not _takes_detour(json["Type"], name):
        return
    groups = backend_of("elbv2", place).target_groups
    del groups[resource.arn]
    resource.arn = resource.arn.replace(f"/{resource.name}/", f"/{name}/")
    resource.name = name
    groups[resource.arn] = resource


def _takes_detour(resource_type: str, name: Any) -> bool:
    """Whether moto refuses the name for nothing but two hyphens in a row."""
    return (
        resource_type == _TARGET_GROUP
        and isinstance(name, str)
        and "--" in name
        and _TARGET_GROUP_NAME.fullmatch(name) is not None
    )


def tag(
    place: StackPlace, logical_id: str, resource: Any, json: Json, tags: Mapping[str, str]
) -> None:
    """Tag a resource whose model in moto doesn't read Tags."""
    from moto.ec2.models.core import TaggedEC2Resource

    merged = merged_tags(json["Properties"].get("Tags"), tags)
    listed = [{"Key": key, "Value": value} for key, value in merged.items()]
    resource_type = json["Type"]
    if isinstance(resource, TaggedEC2Resource):
        resource.add_tags(
            {
                **merged,
                "aws:cloudformation:logical-id": logical_id,
                "aws:cloudformation:stack-id": place.arn,
                "aws:cloudformation:stack-name": place.name,
            }
        )
    elif resource_type == "AWS::SNS::Topic":
        backend_of("sns", place).tag_resource(resource.arn, merged)
    elif resource_type == "AWS::Lambda::Function":
        backend_of("lambda", place).tag_resource(resource.function_arn, merged)
    elif resource_type in (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
    ):
        backend_of("elbv2", place).add_tags([resource.arn], listed)
    elif resource_type in ("AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::ECS::TaskDefinition"):
        resource.tags = [{"key": key, "value": value} for key, value in merged.items()]
    elif resource_type == "AWS::IAM::User":
        backend_of("iam", place).tag_user(resource.name, listed)
    elif resource_type == "AWS::IAM::InstanceProfile":
        backend_of("iam", place).tag_instance_profile(resource.name, listed)


# Types that moto's CloudFormation can't delete, but the service's own API in moto can.


def _ec2(method: str, place: StackPlace, resource: Any, _: Json) -> None:
    getattr(backend_of("ec2", place), method)(resource.id)


def _delete_address(place: StackPlace, resource: Any, _: Json) -> None:
    backend_of("ec2", place).release_address(allocation_id=resource.allocation_id)


def _delete_attachment(place: StackPlace, resource: Any, properties: Json) -> None:
    if gateway := properties.get("InternetGatewayId"):
        backend_of("ec2", place).detach_internet_gateway(gateway, properties["VpcId"])


def _delete_association(place: StackPlace, resource: Any, _: Json) -> None:
    backend_of("ec2", place).disassociate_route_table(resource.physical_resource_id)


def _delete_route(place: StackPlace, resource: Any, properties: Json) -> None:
    backend_of("ec2", place).delete_route(
        properties["RouteTableId"],
        properties.get("DestinationCidrBlock"),
        properties.get("DestinationIpv6CidrBlock"),
    )


def _delete_endpoint(place: StackPlace, resource: Any, _: Json) -> None:
    backend_of("ec2", place).delete_vpc_endpoints([resource.id])


def _delete_managed_policy(place: StackPlace, resource: Any, _: Json) -> None:
    iam = backend_of("iam", place)
    for holders in (iam.roles, iam.users, iam.groups):
        for holder in list(holders.values()):
            holder.managed_policies.pop(resource.arn, None)
    iam.delete_policy(resource.arn)


def _delete_ecs_service(place: StackPlace, resource: Any, _: Json) -> None:
    backend_of("ecs", place).delete_service(resource.cluster_name, resource.name, True)


def _delete_ecs_cluster(place: StackPlace, resource: Any, _: Json) -> None:
    backend_of("ecs", place).delete_cluster(resource.name)


def _delete_task_definition(place: StackPlace, resource: Any, _: Json) -> None:
    backend_of("ecs", place).deregister_task_definition(resource.arn)


def _elbv2(method: str, place: StackPlace, resource: Any, _: Json) -> None:
    getattr(backend_of("elbv2", place), method)(resource.arn)


def _delete_rest_api(place: StackPlace, resource: Any, _: Json) -> None:
    backend_of("apigateway", place).delete_rest_api(resource.id)


def _with_its_owner(place: StackPlace, resource: Any, _: Json) -> None:
    """Do nothing: it is deleted with the function or the interface that it belongs to."""


DELETIONS: Final[Mapping[str, Callable[[StackPlace, Any, Json], None]]] = {
    "AWS::ApiGateway::RestApi": _delete_rest_api,
    "AWS::EC2::EIP": _delete_address,
    "AWS::EC2::InternetGateway": partial(_ec2, "delete_internet_gateway"),
    "AWS::EC2::NatGateway": partial(_ec2, "delete_nat_gateway"),
    "AWS::EC2::Route": _delete_route,
    "AWS::EC2::RouteTable": partial(_ec2, "delete_route_table"),
    "AWS::EC2::SubnetRouteTableAssociation": _delete_association,
    "AWS::EC2::VPCEndpoint": _delete_endpoint,
    "AWS::EC2::VPCGatewayAttachment": _delete_attachment,
    "AWS::ECS::Cluster": _delete_ecs_cluster,
    "AWS::ECS::Service": _delete_ecs_service,
    "AWS::ECS::TaskDefinition": _delete_task_definition,
    "AWS::ElasticLoadBalancingV2::Listener": partial(_elbv2, "delete_listener"),
    "AWS::ElasticLoadBalancingV2::ListenerRule": partial(_elbv2, "delete_rule"),
    "AWS::ElasticLoadBalancingV2::TargetGroup": partial(_elbv2, "delete_target_group"),
    "AWS::IAM::ManagedPolicy": _delete_managed_policy,
    "AWS::Lambda::Permission": _with_its_owner,
    "AWS::Lambda::Version": _with_its_owner,
}
