"""Tags: on what, which, how many, and where they come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
TagsOf: TypeAlias = Callable[[str], dict[str, str]]

VE = "ValidationException"
RNF = "ResourceNotFoundException"
PREFIX = "arn:aws:proton:us-east-1:123456789012:"

MANAGED = {
    "environment-template/environment-template": {"template": ""},
    "environment-template/environment-template:1": {
        "template": "environment-template/environment-template"
    },
    "environment-template/environment-template:1.0": {
        "template": "environment-template/environment-template"
    },
    "service-template/service-template": {"template": ""},
    "service-template/service-template:1": {"template": "service-template/service-template"},
    "service-template/service-template:1.0": {"template": "service-template/service-template"},
    "environment/dev": {
        "template": "environment-template/environment-template",
        "environment": "",
    },
    "service/shop": {"template": "service-template/service-template", "service": ""},
    "service/shop/service-instance/web": {
        "template": "service-template/service-template",
        "environment": "environment/dev",
        "service": "service/shop",
        "service-instance": "",
    },
    "component/cache": {
        "environment": "environment/dev",
        "service": "service/shop",
        "service-instance": "service/shop/service-instance/web",
        "component": "",
    },
    "component/alone": {"environment": "environment/dev", "component": ""},
    "repository/github:shop/infrastructure": {},
}
"""The resource parts of all that can be tagged: the parts that their managed tags name."""


@pytest.fixture
def shop(seed: Seed) -> None:
    seed.service("shop", instances={"web": "dev"})
    seed.component("cache", attach_to=("shop", "web"))
    seed.component("alone")
    seed.repository()


def wire(**tags: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]


@pytest.mark.rule(
    "10.2-7",
    "10.2-8",
    "10.2-11",
    "10.2-12",
    "10.2-13",
    "10.2-14",
    "10.2-15",
    "10.2-16",
    "10.2-17",
    "10.2-18",
    "6.8-12",
    "2-3",
    "2-6",
)
@pytest.mark.parametrize("resource", MANAGED)
@pytest.mark.usefixtures("shop")
def test_a_resource_has_managed_tags_and_those_of_the_customer(
    proton: Client, resource: str
) -> None:
    arn = PREFIX + resource
    proton.tag_resource(resourceArn=arn, tags=wire(team="web", cost="1"))

    tags = proton.list_tags_for_resource(resourceArn=arn)["tags"]

    managed = {"aws:proton:account": "123456789012"} | {
        f"aws:proton:{name}": PREFIX + (of or resource) for name, of in MANAGED[resource].items()
    }
    assert {tag["key"]: tag["value"] for tag in tags} == {**managed, "team": "web", "cost": "1"}
    proton.untag_resource(resourceArn=arn, tagKeys=["team", "cost"])
    tags = proton.list_tags_for_resource(resourceArn=arn)["tags"]
    assert {tag["key"]: tag["value"] for tag in tags} == managed


@pytest.mark.rule("6.14-1")
@pytest.mark.usefixtures("shop")
def test_tags_are_added_overwritten_and_removed(proton: Client, tags_of: TagsOf) -> None:
    arn = f"{PREFIX}service/shop"
    proton.tag_resource(resourceArn=arn, tags=wire(team="web", Team="W", empty=""))
    proton.tag_resource(resourceArn=arn, tags=wire(team="shop"))
    assert tags_of(arn) == {"team": "shop", "Team": "W", "empty": ""}

    proton.untag_resource(resourceArn=arn, tagKeys=["Team", "never-there"])

    assert tags_of(arn) == {"team": "shop", "empty": ""}


@pytest.mark.rule("10.1-9", "10.2-1")
@pytest.mark.usefixtures("shop")
def test_fifty_tags_are_enough(proton: Client, refused: Refused, tags_of: TagsOf) -> None:
    arn = f"{PREFIX}service/shop"
    proton.tag_resource(resourceArn=arn, tags=wire(**{f"k{n}": "v" for n in range(50)}))

    refused(VE, "51", "tag_resource", resourceArn=arn, tags=wire(one_more=""))
    proton.tag_resource(resourceArn=arn, tags=wire(k0="changed"))
    assert tags_of(arn)["k0"] == "changed"


def test_inherited_tags_count_towards_the_fifty(proton: Client, refused: Refused) -> None:
    proton.create_environment_template(name="vpc", tags=wire(**{f"k{n}": "v" for n in range(50)}))
    source = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}

    refused(
        VE,
        "51",
        "create_environment_template_version",
        templateName="vpc",
        source=source,
        tags=wire(one_more="x"),
    )


@pytest.mark.rule("10.2-3", "10.2-4", "10.2-5", "10.2-2")
@pytest.mark.parametrize(
    ("words", "tags"),
    [
        pytest.param("aws:proton:x", [{"key": "aws:proton:x", "value": ""}], id="reserved"),
        pytest.param("AWS:x", [{"key": "AWS:x", "value": ""}], id="reserved in upper case"),
        pytest.param("'a'", wire(a="1") * 2, id="twice"),
        pytest.param("a,b", [{"key": "a,b", "value": ""}], id="key with a comma"),
        pytest.param("'a'", wire(a="x<y"), id="value with a bracket"),
        pytest.param("tags.1.member.key", [{"key": "", "value": ""}], id="empty key"),
        pytest.param("tags.1.member.key", [{"key": "k" * 129, "value": ""}], id="long key"),
        pytest.param("tags.1.member.value", wire(a="v" * 257), id="long value"),
        pytest.param("tags.1.member.value", [{"key": "a"}], id="no value"),
        pytest.param("'tags'", wire(**{f"k{n}": "" for n in range(51)}), id="fifty-one"),
    ],
)
@pytest.mark.usefixtures("shop")
def test_tags_are_refused(refused: Refused, words: str, tags: list[dict[str, str]]) -> None:
    more = wire(fine="yes") if len(tags) < 51 and not words.startswith("tags.1") else []
    refused(VE, words, "tag_resource", resourceArn=f"{PREFIX}service/shop", tags=[*tags, *more])


@pytest.mark.rule("10.2-3", "10.2-20")
@pytest.mark.usefixtures("shop")
def test_marks_and_letters_of_any_script_are_allowed(proton: Client, tags_of: TagsOf) -> None:
    arn = f"{PREFIX}service/shop"
    proton.tag_resource(resourceArn=arn, tags=[{"key": "a *_.:/=+-@é", "value": "ß 1"}])

    assert tags_of(arn) == {"a *_.:/=+-@é": "ß 1"}


@pytest.mark.rule("10.2-4")
@pytest.mark.usefixtures("shop")
def test_a_managed_tag_can_not_be_removed(refused: Refused) -> None:
    arn = f"{PREFIX}service/shop"
    keys = ["team", "aws:proton:service"]
    refused(VE, "aws:proton:service", "untag_resource", resourceArn=arn, tagKeys=keys)


@pytest.mark.rule("6.14-1", "10.2-6", "2-15")
@pytest.mark.parametrize(
    ("code", "words", "arn"),
    [
        pytest.param(RNF, "service/nil", f"{PREFIX}service/nil", id="service"),
        pytest.param(
            RNF, "service-instance/nil", f"{PREFIX}service/shop/service-instance/nil", id="instance"
        ),
        pytest.param(
            RNF,
            "service-template:9.0",
            f"{PREFIX}service-template/service-template:9.0",
            id="version",
        ),
        pytest.param(
            RNF, "service-template:9", f"{PREFIX}service-template/service-template:9", id="major"
        ),
        pytest.param(
            RNF,
            "service-template:01.0",
            f"{PREFIX}service-template/service-template:01.0",
            id="version with a leading zero",
        ),
        pytest.param(RNF, "unheard-of/x", f"{PREFIX}unheard-of/x", id="kind"),
        pytest.param(VE, "A pipeline can't", f"{PREFIX}service/shop/pipeline/1234", id="pipeline"),
        pytest.param(
            VE, "A pipeline can't", f"{PREFIX}service/shop/pipeline", id="pipeline without id"
        ),
        pytest.param(VE, "A deployment can't", f"{PREFIX}deployment/1234", id="deployment"),
        pytest.param(VE, "sns", "arn:aws:sns:us-east-1:123456789012:topic", id="another service"),
        pytest.param(
            VE, "eu-west-1", "arn:aws:proton:eu-west-1:123456789012:service/shop", id="region"
        ),
        pytest.param(
            VE, "999999999999", "arn:aws:proton:us-east-1:999999999999:service/shop", id="account"
        ),
        pytest.param(VE, "'resourceArn'", "service/shop", id="no ARN"),
        pytest.param(VE, "'resourceArn'", PREFIX + "service/" + "s" * 200, id="long ARN"),
    ],
)
@pytest.mark.parametrize(
    ("call", "more"),
    [
        ("tag_resource", {"tags": wire(a="1")}),
        ("untag_resource", {"tagKeys": ["a"]}),
        ("list_tags_for_resource", {}),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_is_not_there_or_not_ours_has_no_tags(
    refused: Refused, call: str, more: dict[str, Any], code: str, words: str, arn: str
) -> None:
    refused(code, words, call, resourceArn=arn, **more)


@pytest.mark.rule("10.2-9", "10.2-10", "10.2-19", "5.8-1", "6.4-2")
def test_tags_come_down_at_the_creation_of_a_child_and_never_later(
    proton: Client, seed: Seed, tags_of: TagsOf
) -> None:
    seed.service_template("web", versions=[], tags=wire(from_template="t", both="t"))
    seed.service_template("web", versions=["1.0"])
    seed.service("shop", template="web", tags=wire(from_service="s", both="s"))
    version = f"{PREFIX}service-template/web:1.0"
    instance = f"{PREFIX}service/shop/service-instance/dev"
    assert tags_of(version) == {"from_template": "t", "both": "t"}
    expected = {"from_template": "t", "both": "s", "from_service": "s"}
    assert tags_of(f"{PREFIX}service/shop") == expected == tags_of(instance)

    proton.tag_resource(resourceArn=f"{PREFIX}service/shop", tags=wire(late="l"))
    proton.tag_resource(resourceArn=f"{PREFIX}service-template/web", tags=wire(late="l"))

    assert tags_of(instance) == expected
    assert tags_of(version) == {"from_template": "t", "both": "t"}


@pytest.mark.usefixtures("shop")
def test_tags_do_not_move_the_time_of_a_service(proton: Client) -> None:
    before = proton.get_service(name="shop")
    proton.tag_resource(resourceArn=f"{PREFIX}service/shop", tags=wire(a="1"))

    after = proton.get_service(name="shop")

    assert after["service"] == before["service"]


@pytest.mark.rule("12-40")
@pytest.mark.usefixtures("shop")
def test_what_is_being_deleted_can_be_tagged(
    proton: Client, tags_of: TagsOf, hold: Callable[..., None]
) -> None:
    hold("component")
    proton.delete_component(name="alone")

    proton.tag_resource(resourceArn=f"{PREFIX}component/alone", tags=wire(a="1"))

    assert tags_of(f"{PREFIX}component/alone") == {"a": "1"}


def test_tags_are_gone_with_their_resource(proton: Client, tags_of: TagsOf) -> None:
    proton.create_environment_template(name="vpc", tags=wire(a="1"))
    proton.delete_environment_template(name="vpc")
    arn = proton.create_environment_template(name="vpc")["environmentTemplate"]["arn"]

    assert tags_of(arn) == {}


@pytest.mark.usefixtures("shop")
def test_tags_page_through(proton: Client) -> None:
    arn = f"{PREFIX}service/shop"
    proton.tag_resource(resourceArn=arn, tags=wire(**{f"k{n}": "v" for n in range(5)}))
    whole = proton.list_tags_for_resource(resourceArn=arn)["tags"]

    pages = list(
        proton.get_paginator("list_tags_for_resource").paginate(
            resourceArn=arn, PaginationConfig={"PageSize": 3}
        )
    )

    assert [len(page["tags"]) for page in pages] == [3, 3, 2]
    assert [tag for page in pages for tag in page["tags"]] == whole
