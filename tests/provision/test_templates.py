"""Templates that CloudFormation would refuse, and its error messages."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.provision import ProvisioningError, ResolvingProvisioner, StackPlace

Outputs = Callable[[str], Mapping[str, str]]

TOPIC = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"


def resources(text: str) -> str:
    return f"Resources: {{{text}}}"


def condition(text: str) -> str:
    return f"{TOPIC}Conditions: {{{text}}}"


def output(value: str) -> str:
    return f"{TOPIC}Outputs: {{It: {{Value: {value}}}}}"


REFUSED: dict[str, tuple[str, str]] = {
    "nothing": ("", "Template format error: unsupported structure."),
    "a list": ("- a", "Template format error: unsupported structure."),
    "a text": ("hello", "Template format error: unsupported structure."),
    "not yaml": (
        "Resources:\n  Topic: [",
        "Template format error: YAML not well-formed. (line 3, column 1)",
    ),
    "not json": (
        '{"Resources":\n }',
        "Template format error: JSON not well-formed. (line 2, column 2)",
    ),
    "two documents": (f"{TOPIC}---\na: b", "there is more than one document"),
    "an alias": (
        "Resources: {A: &a {Type: AWS::SNS::Topic}, B: *a}",
        "Template format error: YAML aliases are not allowed in CloudFormation templates",
    ),
    "a section twice, the last one empty": (
        f"{TOPIC}Resources: {{}}",
        "Template format error: At least one Resources member must be defined.",
    ),
    "NaN": ('{"a": NaN}', "NaN is not JSON"),
    "half a character": ('{"a": "\\ud800"}', "an escape names half of a character"),
    "a number of many digits": ('{"a": ' + "9" * 5000 + "}", "JSON not well-formed"),
    "an unknown tag": (output("!Reff Topic"), "the tag '!Reff' is not known"),
    "a python tag": ("!!python/object:os.system {}", "is not known"),
    "a null": (
        "Resources: {B: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: a, Value: }]}}}",
        "[/Resources/B/Type/Tags/0/Value] 'null' values are not allowed in templates",
    ),
    "null outputs": (
        f"{TOPIC}Outputs:",
        "[/Outputs] 'null' values are not allowed in templates",
    ),
    "an unknown section": (
        f"{TOPIC}Output: {{}}",
        "Invalid template property or properties [Output]",
    ),
    "globals without the transform": (
        f"{TOPIC}Globals: {{}}",
        "Invalid template property or properties [Globals]",
    ),
    "another version": (
        f"AWSTemplateFormatVersion: '2011'\n{TOPIC}",
        "Template format error: unsupported value for AWSTemplateFormatVersion.",
    ),
    "no resources": (
        "Outputs: {A: {Value: a}}",
        "Template format error: At least one Resources member must be defined.",
    ),
    "empty resources": (
        "Resources: {}",
        "Template format error: At least one Resources member must be defined.",
    ),
    "resources in a list": ("Resources: [a]", "Resources must be an object"),
    "a resource that is a text": (
        resources("Topic: news"),
        "Template format error: [/Resources/Topic] resource definition is malformed",
    ),
    "a resource without a type": (
        resources("Topic: {Properties: {}}"),
        "Template format error: [/Resources/Topic] Every Resources object must contain a Type "
        "member.",
    ),
    "a type that is none": (
        resources("Topic: {Type: Topic}"),
        "Template format error: Unrecognized resource types: [Topic]",
    ),
    "a resource with a dash": (
        resources("my-topic: {Type: AWS::SNS::Topic}"),
        "Template format error: Resource name my-topic is non alphanumeric.",
    ),
    "an unknown resource member": (
        resources("Topic: {Type: AWS::SNS::Topic, TopicName: a}"),
        "Invalid template resource property 'TopicName'",
    ),
    "properties in a list": (
        resources("Topic: {Type: AWS::SNS::Topic, Properties: [a]}"),
        "[/Resources/Topic] Every Properties member must be an object.",
    ),
    "properties that come to a text": (
        "Conditions: {Always: !Equals [a, a]}\n"
        "Resources: {A: {Type: AWS::SNS::Topic, Properties: !If [Always, a, {}]}}",
        "[/Resources/A] Every Properties member must be an object.",
    ),
    "a deletion policy by a resource": (
        resources("A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic, DeletionPolicy: !Ref A}"),
        "Unresolved resource dependencies [A] in the Resources block",
    ),
    "an unresolved Ref": (
        resources("Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Nme}}"),
        "Template format error: Unresolved resource dependencies [Nme] in the Resources block of "
        "the template",
    ),
    "an unresolved Sub": (
        output("!Sub '${Nme}'"),
        "Template format error: Unresolved resource dependencies [Nme] in the Outputs block of "
        "the template",
    ),
    "an unresolved value that Sub does not use": (
        output("!Sub ['x', {a: !Ref Nme}]"),
        "Template format error: Unresolved resource dependencies [Nme] in the Outputs block of "
        "the template",
    ),
    "an unresolved DependsOn": (
        resources("Topic: {Type: AWS::SNS::Topic, DependsOn: [Other]}"),
        "Template format error: Unresolved resource dependencies [Other] in the Resources block "
        "of the template",
    ),
    "an unknown pseudo parameter": (
        output("!Ref AWS::Regoin"),
        "Unresolved resource dependencies [AWS::Regoin] in the Outputs block",
    ),
    "an undefined GetAtt": (
        output("!GetAtt Other.Arn"),
        "Template error: instance of Fn::GetAtt references undefined resource Other",
    ),
    "a resource whose condition does not hold": (
        "Conditions: {Never: !Equals [a, b]}\n"
        "Resources: {A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic, Condition: Never}}\n"
        "Outputs: {It: {Value: !Ref B}}",
        "Template format error: Unresolved resource dependencies [B] in the Outputs block of the "
        "template",
    ),
    "a circle": (
        "Resources:\n"
        "  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt B.Arn}}\n"
        "  B: {Type: AWS::SNS::Topic, DependsOn: A}\n",
        "Circular dependency between resources: [",
    ),
    "a resource that needs itself": (
        resources('A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "${A}"}}'),
        "Circular dependency between resources: [A]",
    ),
    "a circle of conditions": (
        condition("A: !Not [!Condition B], B: !Not [!Condition A]"),
        "Circular dependency between conditions: [",
    ),
    "an unknown condition": (
        resources("Topic: {Type: AWS::SNS::Topic, Condition: Never}"),
        "Unresolved condition dependency Never in the Resources block of the template",
    ),
    "an If of an unknown condition": (
        output("!If [Never, a, b]"),
        "Unresolved condition dependency Never in the Outputs block of the template",
    ),
    "a condition that asks a resource": (
        condition("A: !Equals [!Ref Topic, a]"),
        "Template format error: Unresolved dependencies [Topic]. Cannot reference resources in "
        "the Conditions block of the template",
    ),
    "a condition that is a text": (condition("A: hello"), "must evaluate to a boolean"),
    "a parameter without a value": (
        f"{TOPIC}Parameters: {{A: {{Type: String}}, B: {{Type: String}}}}",
        "Parameters: [A, B] must have values",
    ),
    "a parameter without a type": (
        f"{TOPIC}Parameters: {{A: {{Default: a}}}}",
        "Template format error: Every Parameters object must contain a Type member.",
    ),
    "a parameter of a list": (
        f"{TOPIC}Parameters: {{A: {{Type: String, Default: [a]}}}}",
        "Template format error: Every Default member must be a string.",
    ),
    "a default that is not allowed": (
        f"{TOPIC}Parameters: {{A: {{Type: String, Default: c, AllowedValues: [a, b]}}}}",
        "Parameter 'A' must be one of AllowedValues",
    ),
    "a default that is no number": (
        f"{TOPIC}Parameters: {{A: {{Type: Number, Default: c}}}}",
        "Parameter 'A' must be a number",
    ),
    "a default that is too small": (
        f"{TOPIC}Parameters: {{A: {{Type: Number, Default: 1, MinValue: 2}}}}",
        "Parameter 'A' must be a number not less than 2",
    ),
    "a default that is too long": (
        f"{TOPIC}Parameters: {{A: {{Type: String, Default: abc, MaxLength: 2}}}}",
        "Parameter 'A' must contain at most 2 characters",
    ),
    "a mapping of texts": (f"{TOPIC}Mappings: {{A: {{b: c}}}}", "must be a map of maps"),
    "an unknown function": (
        output("{Fn::Reverse: [a]}"),
        "Template error: Encountered unsupported function: Fn::Reverse Supported functions are: [",
    ),
    "a Ref of a list": (
        output("!Ref [a]"),
        "Template format error: Every Ref object must have a single String value.",
    ),
    "a GetAtt without an attribute": (
        output("!GetAtt Topic"),
        "Template error: every Fn::GetAtt object requires two non-empty parameters",
    ),
    "a Join of a text": (
        output("!Join ['', abc]"),
        "Template error: every Fn::Join object requires two parameters, (1) a string delimiter",
    ),
    "a Sub of a number": (output("{Fn::Sub: 1}"), "One or more Fn::Sub intrinsic functions don't"),
    "a Sub of a strange name": (
        output("!Sub '${a b}'"),
        "Template error: variable names in Fn::Sub syntax must contain only alphanumeric",
    ),
    "a Select of a word": (output("!Select [one, [a]]"), "Fn::Select requires a list argument"),
    "a Cidr of many": (output("!Cidr [10.0.0.0/8, 300, 8]"), "every Fn::Cidr object requires"),
    "a Cidr that does not fit": (output("!Cidr [10.0.0.0/24, 4, 8]"), "does not hold 4 blocks"),
    "a Cidr of nonsense": (output("!Cidr [ten, 4, 8]"), "'ten' is not an IP address block"),
    "an If of two": (output("!If [a, b]"), "Template error: Fn::If requires a list argument"),
    "an unknown macro": (f"Transform: Shout\n{TOPIC}", "No transform named Shout found."),
    "an unknown macro within": (
        output("{Fn::Transform: {Name: Shout}}"),
        "No transform named Shout found.",
    ),
    "an output of a list": (
        output("[a, b]"),
        "Template format error: Output It is malformed. The Value field of every Outputs member "
        "must evaluate to a String.",
    ),
    "an output of a map": (output("{a: !Ref Topic}"), "Output It is malformed."),
    "an export under a list": (
        f"{TOPIC}Outputs: {{It: {{Value: a, Export: {{Name: [a]}}}}}}",
        "Output It is malformed. The Name field of every Export member must be specified",
    ),
    "an output without a value": (
        f"{TOPIC}Outputs: {{It: {{Description: it}}}}",
        "Template format error: Every Outputs member must contain a Value object",
    ),
    "many resources": (
        resources(", ".join(f"T{n}: {{Type: AWS::SNS::Topic}}" for n in range(501))),
        "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_template_is_refused_with_the_reason(case: str, outputs: Outputs) -> None:
    template, reason = REFUSED[case]

    with pytest.raises(ProvisioningError) as refusal:
        outputs(template)

    assert reason in str(refusal.value)


def nested(levels: int, inner: str, wrap: Callable[[int, str], str]) -> str:
    for level in range(levels):
        inner = wrap(level, inner)
    return inner


BOMBS = {
    "deep lists": "[" * 100_000,
    "deep json": '{"a":' + "[" * 100_000,
    "deep joins": output(nested(60, "a", lambda _, inner: f"!Join ['', [{inner}]]")),
    "joins that double": output(
        nested(30, "'ab'", lambda n, inner: "!Sub ['" + "${v}" * 40 + f"', {{v: {inner}}}]")
    ),
    "nothing, doubled": output(
        nested(30, "''", lambda n, inner: "!Sub ['" + "${v}" * 40 + f"', {{v: {inner}}}]")
    ),
    "a long delimiter": output("!Join ['" + "x" * 1000 + "', !Split [a, '" + "a" * 100_000 + "']]"),
    "a megabyte": TOPIC + "#" * 1_000_000,
    "a number": output("1" * 100_000),
    "a long attribute": output(f"!GetAtt Topic.{'A' * 100_000}Arn"),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.costly
def test_hostile_templates_end_soon_and_with_a_reason(bomb: str, outputs: Outputs) -> None:
    start = time.process_time()
    try:
        found = outputs(BOMBS[bomb])
    except ProvisioningError as error:
        found = {"": str(error)}

    assert sum(map(len, found.values())) < 1500
    assert time.process_time() - start < 5


LEAVES = st.one_of(
    st.text(max_size=8), st.integers(), st.booleans(), st.sampled_from(["Topic", "No.Arn", "${A}"])
)
NAMES = st.sampled_from(
    ["Ref", "Type", "Properties", "Condition", "Value", "DependsOn", "Outputs", "Resources", "A"]
    + [f"Fn::{name}" for name in ("Sub", "GetAtt", "Join", "If", "Select", "Cidr", "FindInMap")]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "Resources": st.dictionaries(st.sampled_from(["Topic", "A"]), VALUES, max_size=2)
            | st.just({"Topic": {"Type": "AWS::SNS::Topic"}}),
            "Conditions": VALUES,
            "Mappings": VALUES,
            "Parameters": VALUES,
            "Outputs": st.dictionaries(
                st.just("It"), st.fixed_dictionaries({"Value": VALUES}), max_size=1
            ),
        },
    )
)
def test_no_template_ends_in_anything_but_outputs_or_a_reason(template: dict[str, object]) -> None:
    place = StackPlace("AWSProton-shop", "1", "aws", "eu-west-1", "123456789012")
    found: Mapping[str, str] = {}
    with contextlib.suppress(ProvisioningError):
        found = ResolvingProvisioner().deploy(place, json.dumps(template), {}).outputs

    assert all(0 < len(value) <= 1024 for value in found.values())


def test_resources_that_need_each_other_in_turns_are_no_circle(outputs: Outputs) -> None:
    template = """
    Conditions: {First: !Equals [a, a]}
    Resources:
      A:
        Type: AWS::SNS::Topic
        Properties: {DisplayName: !If [First, it, !Ref B]}
      B:
        Type: AWS::SNS::Topic
        Properties: {TopicName: !If [First, !Sub "${A.TopicName}-b", it]}
    Outputs: {It: {Value: !GetAtt B.TopicName}}
    """

    assert outputs(template)["It"].endswith("-b")


def test_five_hundred_names_may_hang_on_one_another(outputs: Outputs) -> None:
    chain = "\n".join(
        f"  T{n}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !GetAtt T{n + 1}.TopicName}}}}"
        for n in range(499)
    )
    last = "  T499: {Type: AWS::SNS::Topic, Properties: {TopicName: last}}"

    found = outputs(f"Resources:\n{chain}\n{last}\nOutputs: {{It: {{Value: !Ref T0}}}}")

    assert found == {"It": "arn:aws:sns:eu-west-1:123456789012:last"}


def test_depending_on_a_resource_that_is_not_made_is_no_error(outputs: Outputs) -> None:
    template = """
    Conditions: {Never: !Equals [a, b]}
    Resources:
      A: {Type: AWS::SNS::Topic, DependsOn: B}
      B: {Type: AWS::SNS::Topic, Condition: Never}
    Outputs: {It: {Value: fine}}
    """

    assert outputs(template) == {"It": "fine"}


def test_metadata_rules_and_descriptions_change_nothing(outputs: Outputs) -> None:
    template = f"""
{TOPIC}
Description: A topic
Metadata: {{Fn::Nothing: 1}}
Rules: {{One: {{Assertions: []}}}}
Outputs: {{It: {{Value: it, Description: it, Export: {{Name: !Sub "${{AWS::StackName}}-it"}}}}}}
"""

    assert outputs(template) == {"It": "it"}


def test_the_stack_itself_is_what_is_provisioned(shop: StackPlace) -> None:
    provisioned = ResolvingProvisioner().deploy(shop, TOPIC, {})

    assert [(found.name, found.identifier) for found in provisioned.resources] == [
        (
            "AWSProton-shop-dev-cloudformation--HMACANJOICKTLNG",
            "arn:aws:cloudformation:eu-west-1:123456789012:stack/"
            "AWSProton-shop-dev-cloudformation--HMACANJOICKTLNG/"
            "5f0e7a3c-8f0b-4d0e-9f55-2d5a7c1d9d10",
        )
    ]


def test_a_stack_that_was_never_there_can_be_deleted(shop: StackPlace) -> None:
    ResolvingProvisioner().delete(shop)
