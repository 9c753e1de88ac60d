from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from moto_proton.bridge.stacks import StackProvisioner
from moto_proton.provision.provisioner import ProvisioningError, StackPlace

QUEUE = "Queue: {Type: 'AWS::SQS::Queue'}"

REFUSED = {
    "no template": ("just words", "unsupported structure"),
    "no YAML": ("a: [", "Template format error"),
    "no resources": ("Resources: {}", "At least one Resources member must be defined"),
    "an unknown section": (f"Things: {{}}\nResources: {{{QUEUE}}}", "[Things]"),
    "no type": ("Resources: {Queue: {Properties: {}}}", "[/Resources/Queue]"),
    "odd properties": (
        "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: [1]}}",
        "[/Resources/Queue]",
    ),
    "a resource that is no object": ("Resources: {Queue: 5}", "[/Resources/Queue]"),
    "aliases": (f"Metadata: [&a 1, *a]\nResources: {{{QUEUE}}}", "aliases are not allowed"),
    "code to run": (
        f"Metadata: !!python/object/apply:os.getcwd []\nResources: {{{QUEUE}}}",
        "Template format error",
    ),
    "deep nesting": (f"Resources: {'[' * 5000}{']' * 5000}", "100 levels"),
    "types that moto does not know": (
        "Resources: {A: {Type: 'AWS::Not::Known'}, B: {Type: 'My::Own::Module'}}",
        "A (AWS::Not::Known), B (My::Own::Module)",
    ),
    "a macro": (f"Transform: [Ours]\nResources: {{{QUEUE}}}", "No transform named Ours found."),
    "a macro with parameters": (
        f"Transform: {{Name: Ours, Parameters: {{A: b}}}}\nResources: {{{QUEUE}}}",
        "No transform named Ours found.",
    ),
    "a loop": (
        "Transform: AWS::LanguageExtensions\n"
        "Resources: {'Fn::ForEach::Q': [A, [a, b], {'Q${A}': {Type: 'AWS::SQS::Queue'}}]}",
        "loops are not expanded here, and Fn::ForEach::Q is one",
    ),
    "a reference to nothing": (
        "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref Nothing}}}",
        "Unresolved resource dependencies [Nothing] in the Resources block of the template",
    ),
    "an output of nothing": (
        f"Resources: {{{QUEUE}}}\nOutputs: {{A: {{Value: !Sub '${{Nothing.Arn}}'}}}}",
        "references undefined resource Nothing",
    ),
    "an output of what a condition left out": (
        "Conditions: {Never: !Equals [a, b]}\n"
        f"Resources: {{{QUEUE}, T: {{Type: 'AWS::SNS::Topic', Condition: Never}}}}\n"
        "Outputs: {A: {Value: !Ref T}}",
        "Unresolved resource dependencies [T] in the Outputs block of the template",
    ),
    "a dependency on nothing": (
        "Resources: {Queue: {Type: 'AWS::SQS::Queue', DependsOn: Nothing}}",
        "Unresolved resource dependencies [Nothing]",
    ),
    "a circle": (
        "Resources: {A: {Type: 'AWS::SQS::Queue', DependsOn: B},"
        " B: {Type: 'AWS::SQS::Queue', DependsOn: A}}",
        "Circular dependency between resources: [",
    ),
    "a parameter without a value": (
        f"Parameters: {{P: {{Type: String}}}}\nResources: {{{QUEUE}}}",
        "Parameters: [P] must have values",
    ),
    "an SSM parameter that is not there": (
        "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /none}}\n"
        f"Resources: {{{QUEUE}}}",
        "Unable to fetch parameters [/none]",
    ),
    "an unknown condition": (
        "Resources: {Queue: {Type: 'AWS::SQS::Queue', Condition: Nope}}",
        "Unresolved condition dependency Nope",
    ),
    "a condition on itself": (
        f"Conditions: {{C: !Not [Condition: C]}}\nResources: {{{QUEUE}}}",
        "Circular dependency between conditions: [C]",
    ),
    "tags that are none": (
        f"Resources: {{{QUEUE}, Group: {{Type: 'AWS::AutoScaling::AutoScalingGroup',"
        " DependsOn: Queue, Properties: {Tags: [word]}}}",
        "Group (AWS::AutoScaling::AutoScalingGroup): its Tags are malformed",
    ),
    "a variable of no use that refers to nothing": (
        f"Resources: {{{QUEUE}}}\nOutputs: {{A: {{Value: !Sub [x, {{a: !Ref Nope}}]}}}}",
        "Unresolved resource dependencies [Nope] in the Outputs block of the template",
    ),
    "a list in more places than there is room for": (
        f"Parameters: {{L: {{Type: CommaDelimitedList, Default: '{',' * 1_000}'}}}}\n"
        "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties:"
        f" {{X: [{', '.join(['!Ref L'] * 6_000)}], Y: {{'Fn::Join': [a, [b]]}}}}}}}}",
        "more than 5000000 characters",
    ),
    "more text than there is room for": (
        f"Mappings: {{M: {{a: {{b: {'x' * 100_000}}}}}}}\n"
        f"Resources: {{{QUEUE}}}\n"
        f"Outputs: {{A: {{Value: !Join ['', [{', '.join(['!FindInMap [M, a, b]'] * 100)}]]}}}}",
        "more than 5000000 characters",
    ),
}


@pytest.mark.parametrize(("template", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_with_a_template_is_said_and_nothing_is_left(
    template: str,
    words: str,
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
) -> None:
    with pytest.raises(ProvisioningError) as caught:
        provisioner.deploy(place, template, {})

    assert words in str(caught.value)
    assert client("cloudformation").describe_stacks()["Stacks"] == []
    assert "QueueUrls" not in client("sqs").list_queues()


FAILS_LATER = """
Resources:
  First: {Type: 'AWS::SQS::Queue'}
  Role: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}
  Taken: {Type: 'AWS::S3::Bucket', Properties: {BucketName: taken}, DependsOn: [First, Role]}
"""


def test_a_failed_creation_is_rolled_back_and_says_which_resource_failed_why(
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
) -> None:
    client("s3").create_bucket(
        Bucket="taken", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )

    with pytest.raises(ProvisioningError, match=r"^Taken \(AWS::S3::Bucket\): .*BucketAlready"):
        provisioner.deploy(place, FAILS_LATER, {})

    assert client("cloudformation").describe_stacks()["Stacks"] == []
    assert "QueueUrls" not in client("sqs").list_queues()
    assert client("iam").list_roles()["Roles"] == []
    assert [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]] == ["taken"]
    events = client("cloudformation").describe_stack_events(StackName=place.arn)["StackEvents"]
    reasons = {event["ResourceStatus"]: event.get("ResourceStatusReason") for event in events}
    assert "Taken (AWS::S3::Bucket)" in str(reasons["CREATE_FAILED"])


def test_after_a_failure_the_next_deployment_creates_the_stack(
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
    stack_of: Callable[..., Any],
) -> None:
    client("s3").create_bucket(
        Bucket="taken", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    with pytest.raises(ProvisioningError):
        provisioner.deploy(place, FAILS_LATER, {})
    client("s3").delete_bucket(Bucket="taken")

    provisioner.deploy(place, FAILS_LATER, {})

    assert stack_of(place)["StackStatus"] == "CREATE_COMPLETE"
    assert len(client("cloudformation").list_stacks()["StackSummaries"]) == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("!GetAtt Queue.Colour", "resource Queue does not support attribute type Colour"),
        ("!Sub '${Queue.Colour}'", "resource Queue does not support attribute type Colour"),
        ("!Join ['', [a, !GetAtt Queue.Colour]]", "does not support attribute type Colour"),
        ("[a, b]", "Outputs member must evaluate to a String"),
        ("{a: b}", "Outputs member must evaluate to a String"),
        ("!Ref AWS::NoValue", "Outputs member must evaluate to a String"),
        ("!Select [3, [a]]", "nonexistent value at index 3"),
        ("!FindInMap [M, a, b]", "Unable to get mapping for M::a::b"),
        ("!ImportValue nothing", "No export named nothing found."),
        ("{'Fn::Sub': 5}", "Fn::Sub"),
        ("!Join 5", "every Fn::Join object requires two parameters"),
        ("!Transform {Name: Ours}", "No transform named Ours found."),
    ],
)
def test_an_output_without_a_value_fails_the_stack_by_name(
    value: str,
    words: str,
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
) -> None:
    template = f"Resources: {{{QUEUE}}}\nOutputs: {{Result: {{Value: {value}}}}}"

    with pytest.raises(ProvisioningError) as caught:
        provisioner.deploy(place, template, {})

    assert words in str(caught.value)
    assert client("cloudformation").describe_stacks()["Stacks"] == []
    assert "QueueUrls" not in client("sqs").list_queues()


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": "vpc-none", "CidrBlock": "x"}},
        {"Type": "AWS::DynamoDB::Table", "Properties": {"KeySchema": "none"}},
        {"Type": "AWS::Lambda::Function", "Properties": {}},
        {"Type": "AWS::IAM::Role", "Properties": {"Tags": {"a": ["b"]}}},
        {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": 5}},
        {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://nowhere"}},
    ],
    ids=lambda resource: resource["Type"],
)
def test_whatever_moto_raises_is_told_with_the_resource(
    resource: dict[str, Any],
    provisioner: StackProvisioner,
    place: StackPlace,
    client: Callable[..., Any],
) -> None:
    with pytest.raises(ProvisioningError, match=r"^Odd \(AWS::.*\): \w+"):
        provisioner.deploy(place, json.dumps({"Resources": {"Odd": resource}}), {})

    assert client("cloudformation").describe_stacks()["Stacks"] == []
    assert client("s3").list_buckets()["Buckets"] == []


def test_a_name_that_another_stack_has_is_refused(
    provisioner: StackProvisioner, place: StackPlace, client: Callable[..., Any]
) -> None:
    client("cloudformation").create_stack(
        StackName=place.name,
        TemplateBody=json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}),
    )

    with pytest.raises(ProvisioningError, match="already exists"):
        provisioner.deploy(place, f"Resources: {{{QUEUE}}}", {})


def test_a_region_that_moto_does_not_have_is_no_traceback(
    provisioner: StackProvisioner, place_of: Callable[..., StackPlace]
) -> None:
    with pytest.raises(ProvisioningError):
        provisioner.deploy(place_of(region="moon-1"), f"Resources: {{{QUEUE}}}", {})


def test_an_export_that_is_taken_is_refused(
    provisioner: StackProvisioner, place_of: Callable[..., StackPlace]
) -> None:
    template = f"Resources: {{{QUEUE}}}\nOutputs: {{A: {{Value: a, Export: {{Name: shared}}}}}}"
    provisioner.deploy(place_of("first"), template, {})

    with pytest.raises(ProvisioningError, match="shared is already exported by stack arn:aws"):
        provisioner.deploy(place_of("second"), template, {})


def test_what_is_not_installed_is_named(place: StackPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto_proton.bridge import stack_resources

    def missing(name: str) -> Any:
        raise ModuleNotFoundError("No module named 'graphql'", name="graphql")

    monkeypatch.setattr(stack_resources, "_models", None)
    monkeypatch.setattr("moto_proton.bridge.stack_resources.importlib.import_module", missing)

    with pytest.raises(ProvisioningError, match=r"graphql .* pip install 'moto\[cloudformation\]'"):
        StackProvisioner().deploy(place, f"Resources: {{{QUEUE}}}", {})


def test_another_moto_is_named(place: StackPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto_proton.bridge import stack_resources

    monkeypatch.setattr(stack_resources, "_models", None)
    monkeypatch.setattr(
        stack_resources, "_RELIED_ON", {"moto.cloudformation.parsing": ("ResourceMap.gone",)}
    )

    with pytest.raises(ProvisioningError, match=r"without moto.cloudformation.parsing.*\.gone"):
        StackProvisioner().deploy(place, f"Resources: {{{QUEUE}}}", {})
