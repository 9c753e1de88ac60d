"""What policies permit, without a client: wildcards, denials, and conditions on Proton's keys."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moto_proton.proton.authorization.policies import Access, permits

ARN = "arn:aws:proton:us-east-1:123456789012:"
TEMPLATE = f"{ARN}service-template/web"
ACCESS = Access("proton:UpdateService", f"{ARN}service/shop")


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "*", "Resource": "*", **elements}


def allowed(*statements: dict[str, Any], **context: tuple[str, ...]) -> bool:
    keys = {
        "request": "aws:RequestTag/stage",
        "resource": "aws:ResourceTag/stage",
        "keys": "aws:TagKeys",
        "template": "proton:ServiceTemplate",
    }
    access = Access(
        "proton:UpdateService",
        f"{ARN}service/shop",
        {keys[name]: values for name, values in context.items()},
    )
    return permits([{"Version": "2012-10-17", "Statement": list(statements)}], access)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("proton:UpdateService", "*", True),
        ("PROTON:updateservice", "*", True),
        ("proton:Update*", "*", True),
        ("proton:UpdateServic?", "*", True),
        ("proton:UpdateServi?", "*", False),
        ("proton:Update.*", "*", False),
        (["proton:Get*", "proton:Up*ce"], "*", True),
        ([], "*", False),
        ("*", f"{ARN}service/shop", True),
        ("*", f"{ARN}service/*", True),
        ("*", f"{ARN}service/SHOP", False),
        ("*", f"{ARN}service/sho", False),
        ("*", "arn:aws:proton:*:123456789012:service/????", True),
        ("*", [f"{ARN}a", f"{ARN}service/shop"], True),
    ],
)
def test_actions_and_resources_match_with_wildcards(
    action: Any, resource: Any, expected: bool
) -> None:
    assert allowed(statement(Action=action, Resource=resource)) is expected


def test_a_denial_wins_wherever_it_stands() -> None:
    assert not allowed(statement("Deny", Action="proton:Update*"), statement())
    assert not allowed(statement(), statement("Deny", Resource=f"{ARN}service/*"))
    assert allowed(statement(), statement("Deny", Action="proton:Delete*"))


def test_nothing_is_allowed_without_a_statement() -> None:
    assert not allowed()
    assert not permits([], Access("proton:GetService", "*"))
    assert permits([{"Statement": statement()}], Access("proton:GetService", "*"))


def test_the_elements_with_not_take_everything_else() -> None:
    assert allowed({"Effect": "Allow", "NotAction": "proton:Get*", "NotResource": f"{ARN}x"})
    assert not allowed({"Effect": "Allow", "NotAction": "proton:Update*", "Resource": "*"})
    assert not allowed({"Effect": "Allow", "Action": "*", "NotResource": f"{ARN}service/*"})


ABSENT: dict[str, tuple[str, ...]] = {}
STAGE = {"request": ("beta",)}


@pytest.mark.parametrize(
    ("operator", "key", "value", "context", "expected"),
    [
        ("StringEquals", "aws:RequestTag/stage", "beta", STAGE, True),
        ("StringEquals", "aws:requesttag/STAGE", "beta", STAGE, True),
        ("StringEquals", "aws:RequestTag/stage", ["prod", "beta"], STAGE, True),
        ("StringEquals", "aws:RequestTag/stage", "Beta", STAGE, False),
        ("StringEquals", "aws:RequestTag/stage", "b*", STAGE, False),
        ("StringEquals", "aws:RequestTag/other", "beta", STAGE, False),
        ("StringEqualsIgnoreCase", "aws:RequestTag/stage", "BETA", STAGE, True),
        ("StringNotEquals", "aws:RequestTag/stage", "prod", STAGE, True),
        ("StringNotEquals", "aws:RequestTag/stage", ["prod", "beta"], STAGE, False),
        ("StringNotEquals", "aws:RequestTag/stage", "prod", ABSENT, True),
        ("StringLike", "aws:ResourceTag/stage", "b*a", {"resource": ("beta",)}, True),
        ("StringNotLike", "aws:ResourceTag/stage", "b*", {"resource": ("beta",)}, False),
        ("StringEquals", "aws:ResourceTag/stage", "beta", ABSENT, False),
        ("StringEqualsIfExists", "aws:ResourceTag/stage", "beta", ABSENT, True),
        ("StringEqualsIfExists", "aws:ResourceTag/stage", "beta", {"resource": ("a",)}, False),
        ("ArnLike", "proton:ServiceTemplate", f"{ARN}service-template/*", None, True),
        ("ArnEquals", "proton:ServiceTemplate", TEMPLATE, None, True),
        ("ArnLike", "proton:ServiceTemplate", "arn:aws:proton:*/web", None, False),
        ("ArnNotLike", "proton:ServiceTemplate", f"{ARN}service-template/w*", None, False),
        ("Null", "aws:RequestTag/stage", "true", ABSENT, True),
        ("Null", "aws:RequestTag/stage", True, ABSENT, True),
        ("Null", "aws:RequestTag/stage", "true", STAGE, False),
        ("Null", "aws:RequestTag/stage", "false", STAGE, True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["a", "b"], {"keys": ("a", "b")}, True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["a"], {"keys": ("a", "b")}, False),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["a"], ABSENT, True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["b"], {"keys": ("a", "b")}, True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["c"], {"keys": ("a", "b")}, False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["a"], ABSENT, False),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", ["c"], {"keys": ("a", "b")}, True),
    ],
)
def test_conditions_on_the_keys_of_proton(
    operator: str, key: str, value: Any, context: dict[str, tuple[str, ...]] | None, expected: bool
) -> None:
    facts = {"template": (TEMPLATE,)} if context is None else context
    condition = {operator: {key: value}}

    assert allowed(statement(Condition=condition), **facts) is expected
    assert allowed(statement(), statement("Deny", Condition=condition), **facts) is not expected


def test_all_conditions_have_to_hold() -> None:
    condition = {
        "StringEquals": {"aws:RequestTag/stage": "beta", "aws:ResourceTag/stage": "beta"},
        "Null": {"aws:TagKeys": "true"},
    }

    assert allowed(statement(Condition=condition), request=("beta",), resource=("beta",))
    assert not allowed(statement(Condition=condition), request=("beta",), resource=("prod",))
    assert not allowed(statement(Condition=condition), request=("beta",))


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"NumericLessThan": {"aws:RequestTag/stage": "3"}},
        {"StringNotEquals": {"aws:ResourceTag/stage": "${aws:PrincipalTag/stage}"}},
        {"StringEquals": {"aws:ResourceTag/stage": "${aws:PrincipalTag/stage}"}},
    ],
)
def test_what_is_not_evaluated_keeps_nobody_out(condition: dict[str, Any]) -> None:
    assert allowed(statement(Condition=condition))
    assert allowed(statement(), statement("Deny", Condition=condition))


@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_a_resource_with_a_policy_variable_keeps_nobody_out(element: str) -> None:
    named = {element: [f"{ARN}service/${{aws:username}}"], "Action": "*"}

    assert permits([{"Statement": {"Effect": "Allow", **named}}], ACCESS)
    assert permits([{"Statement": [statement(), {"Effect": "Deny", **named}]}], ACCESS)


def test_a_resource_beside_one_with_a_policy_variable_counts() -> None:
    both = {"Resource": [f"{ARN}${{a}}", f"{ARN}service/shop"], "Action": "*"}

    assert not permits([{"Statement": [statement(), {"Effect": "Deny", **both}]}], ACCESS)


def test_what_is_known_decides_beside_what_is_not() -> None:
    condition = {
        "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        "StringEquals": {"aws:RequestTag/stage": "beta"},
    }

    assert allowed(statement(Condition=condition), request=("beta",))
    assert not allowed(statement(Condition=condition), request=("prod",))


@pytest.mark.parametrize(
    "resource",
    ["*" * 200 + "x" + "*a" * 20 + "b", "*a" * 40 + "*b", "?*" * 40 + "b", "*a?*" * 40 + "b"],
)
def test_many_stars_are_matched_at_once(resource: str) -> None:
    access = Access("proton:UpdateService", f"{ARN}service/{'a' * 100}")

    # A pattern that goes back for every star would be at it for years.
    assert not permits([{"Statement": statement(Resource=resource)}], access)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
@example("a*b*", "ab")
@example("*aab", "aaab")
@example("a*a", "a")
def test_wildcards_mean_what_they_mean_to_regular_expressions(pattern: str, text: str) -> None:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    access = Access("proton:UpdateService", text)

    expected = re.fullmatch(expression, text) is not None
    assert permits([{"Statement": statement(Resource=pattern)}], access) is expected
