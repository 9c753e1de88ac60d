"""What moto's CloudFormation can't make is worked out, and said; all else is made."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from moto_proton import ProvisioningWarning
from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision import ProvisioningError, ResolvingProvisioner, StackPlace

# References in both directions: what is made refers to what is not, and the other way round.
MIXED = """
Resources:
  Space:
    Type: AWS::ServiceDiscovery::PrivateDnsNamespace
    Properties: {Name: shop.local, Vpc: vpc-1}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref Space}}
  Queue: {Type: 'AWS::SQS::Queue', DependsOn: Subscription}
  Subscription:
    Type: AWS::SNS::Subscription
    DependsOn: Setting
    Properties: {Protocol: sqs, TopicArn: !Ref Topic, Endpoint: !Sub '${Space.Arn}/${Topic}'}
  Setting:
    Type: AWS::SSM::Parameter
    Properties: {Name: /space, Type: String, Value: !Sub '${Space} ${Space.Arn}'}
Outputs:
  Subscription: {Value: !Ref Subscription}
  Space: {Value: !GetAtt Space.Arn}
  Queue: {Value: !Ref Queue}
"""
BARE = "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}"


def deployed(provisioner: StackProvisioner, place: StackPlace, template: str) -> Any:
    """What the provisioner answers, with its one warning."""
    with pytest.warns(ProvisioningWarning) as told:
        provisioned = provisioner.deploy(place, template, {})
    assert len(told) == 1
    return provisioned, str(told[0].message)


def test_what_moto_can_make_is_made_and_the_rest_is_as_with_the_default_provisioner(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    provisioned, _ = deployed(provisioner, place, MIXED)

    expected = ResolvingProvisioner().deploy(place, MIXED, {}).outputs
    assert provisioned.outputs["Space"] == expected["Space"]
    setting = client("ssm").get_parameter(Name="/space")["Parameter"]["Value"]
    assert setting.endswith(f" {expected['Space']}")
    # The subscription's ARN extends that of the topic, which is moto's.
    [topic] = client("sns").list_topics()["Topics"]
    assert provisioned.outputs["Subscription"].startswith(f"{topic['TopicArn']}:")
    assert provisioned.outputs["Queue"] in client("sqs").list_queues()["QueueUrls"]


def test_one_warning_and_the_list_of_resources_say_what_was_not_made(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    provisioned, told = deployed(provisioner, place, MIXED)

    names = [
        "Space (AWS::ServiceDiscovery::PrivateDnsNamespace)",
        "Subscription (AWS::SNS::Subscription)",
    ]
    assert ", ".join(names) in told
    assert place.name in told
    assert "require_resources" in told
    assert [each.name for each in provisioned.resources] == [place.name, *names]
    events = client("cloudformation").describe_stack_events(StackName=place.arn)["StackEvents"]
    assert ", ".join(names) in events[0]["ResourceStatusReason"]


def test_a_stack_that_moto_makes_whole_says_nothing(
    provisioner: StackProvisioner, place: StackPlace
) -> None:
    provisioned = provisioner.deploy(
        place,
        "Resources: {Wait: {Type: 'AWS::CloudFormation::WaitConditionHandle'},"
        " Queue: {Type: 'AWS::SQS::Queue'}}",
        {},
    )

    assert [each.name for each in provisioned.resources] == [place.name]


def test_a_warning_that_is_an_error_leaves_nothing(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ProvisioningWarning)
        with pytest.raises(ProvisioningError, match=r"^AWSProton-.* did not make Space"):
            provisioner.deploy(place, MIXED, {})

    assert client("cloudformation").describe_stacks()["Stacks"] == []
    assert "QueueUrls" not in client("sqs").list_queues()
    assert client("sns").list_topics()["Topics"] == []


def test_a_warning_that_is_an_error_leaves_an_old_stack_as_it_was(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    provisioner.deploy(place, BARE, {})
    before = client("sqs").list_queues()["QueueUrls"]

    with pytest.raises(ProvisioningError, match="did not make"):
        provisioner.deploy(place, MIXED, {})

    assert client("sqs").list_queues()["QueueUrls"] == before
    assert client("sns").list_topics()["Topics"] == []
    [stack] = client("cloudformation").describe_stacks()["Stacks"]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_what_was_worked_out_stays_the_same_in_updates(
    provisioner: StackProvisioner, place: StackPlace
) -> None:
    first, _ = deployed(provisioner, place, MIXED)

    second, _ = deployed(provisioner, place, MIXED.replace("/space", "/other"))

    assert second.outputs == first.outputs


def test_what_another_type_takes_the_place_of_is_deleted_and_made_again(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    provisioner.deploy(place, BARE, {})
    deployed(provisioner, place, BARE.replace("SQS::Queue", "Mystery::Machine"))
    gone = client("sqs").list_queues()

    provisioner.deploy(place, BARE, {})

    assert "QueueUrls" not in gone
    assert len(client("sqs").list_queues()["QueueUrls"]) == 1


def test_a_deletion_leaves_nothing(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    deployed(provisioner, place, MIXED)

    provisioner.delete(place)

    assert client("cloudformation").describe_stacks()["Stacks"] == []
    assert "QueueUrls" not in client("sqs").list_queues()
    assert client("ssm").describe_parameters()["Parameters"] == []


def test_what_moto_refuses_because_what_it_needs_was_not_made_is_worked_out_as_well(
    provisioner: StackProvisioner, place: StackPlace
) -> None:
    template = (
        "Resources:\n"
        "  Net: {Type: 'AWS::Mystery::Network'}\n"
        "  Subnet: {Type: 'AWS::EC2::Subnet',"
        " Properties: {VpcId: !GetAtt Net.VpcId, CidrBlock: 10.0.0.0/24}}\n"
        "  Group: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: !Ref Subnet}}\n"
        "Outputs: {Subnet: {Value: !Ref Subnet}, Group: {Value: !Ref Group}}\n"
    )

    provisioned, told = deployed(provisioner, place, template)

    assert "Net (AWS::Mystery::Network), Subnet (AWS::EC2::Subnet) (it refused" in told
    assert provisioned.outputs["Subnet"].startswith("subnet-")
    assert provisioned.outputs["Group"].startswith("sg-")


def test_what_is_malformed_fails_whatever_else_was_not_made(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    template = (
        "Resources: {Net: {Type: 'AWS::Mystery::Network'}, Queue: {Type: 'AWS::SQS::Queue'},"
        " Odd: {Type: 'AWS::Lambda::Function', DependsOn: [Queue, Net]}}"
    )

    with pytest.raises(ProvisioningError, match=r"^Odd \(AWS::Lambda::Function\)"):
        provisioner.deploy(place, template, {})

    assert "QueueUrls" not in client("sqs").list_queues()


def test_an_attribute_that_motos_model_lacks_is_worked_out_and_said(
    provisioner: StackProvisioner, place: StackPlace
) -> None:
    template = (
        "Resources: {Zone: {Type: 'AWS::Route53::HostedZone', Properties: {Name: shop.test}}}\n"
        "Outputs: {Servers: {Value: !Join [',', !GetAtt Zone.NameServers]}}\n"
    )

    provisioned, told = deployed(provisioner, place, template)

    assert "NameServers of Zone (AWS::Route53::HostedZone)" in told
    assert len(provisioned.outputs["Servers"].split(",")) == 4


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "Resources: {A: {Type: 'AWS::Not::Known'}, B: {Type: 'My::Own::Module'}}",
            "does not support these resource types: A (AWS::Not::Known), B (My::Own::Module)",
        ),
        (
            "Resources: {A: {Type: 'Custom::Thing', Properties: {ServiceToken: x}}}",
            "Custom resources are not supported",
        ),
        (
            "Resources: {A: {Type: 'AWS::CloudFormation::CustomResource'}}",
            "A (AWS::CloudFormation::CustomResource)",
        ),
        (
            "Resources: {Z: {Type: 'AWS::Route53::HostedZone', Properties: {Name: shop.test}}}\n"
            "Outputs: {Servers: {Value: !Join [',', !GetAtt Z.NameServers]}}\n",
            "does not support attribute type NameServers",
        ),
    ],
)
def test_a_strict_provisioner_fails_with_what_moto_cannot_make(
    template: str,
    words: str,
    strict: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
) -> None:
    with pytest.raises(ProvisioningError) as caught:
        strict.deploy(place, template, {})

    assert words in str(caught.value)
    assert client("cloudformation").describe_stacks()["Stacks"] == []
