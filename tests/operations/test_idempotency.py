"""Repeated requests: create calls for a name in use, and calls with a client token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any, TypeAlias

import freezegun
import pytest

from moto_proton.seed import Seed
from tests.support.refusals import nothing_changes

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
CE = "ConflictException"
PREFIX = "arn:aws:proton:us-east-1:123456789012:"
SOURCE = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}
COMPATIBLE = [{"templateName": "environment-template", "majorVersion": "1"}]
ROLE = "arn:aws:iam::123456789012:role/proton"
MANIFEST = (
    "infrastructure:\n  templates:\n    - file: a.yaml\n      rendering_engine: jinja\n"
    "      template_language: cloudformation\n"
)
SPEC = "proton: ServiceSpec\ninstances: [{name: dev, environment: dev}]\n"
CANARY = "proton: ServiceSpec\ninstances: [{name: canary, environment: dev}]\n"
TAGS = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]


@pytest.fixture(autouse=True)
def _shop(seed: Seed) -> None:
    seed.service("shop")


# --- creates by name ----------------------------------------------------------------------------

BY_NAME: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "create_environment_template": ({"name": "new"}, {"description": "x"}, "environment-template"),
    "create_service_template": ({"name": "new"}, {"displayName": "x"}, "service-template"),
    "create_environment": (
        {
            "name": "new",
            "templateName": "environment-template",
            "templateMajorVersion": "1",
            "spec": "proton: EnvironmentSpec\n",
            "protonServiceRoleArn": ROLE,
        },
        {"templateMinorVersion": "0"},
        "environment",
    ),
    "create_service": (
        {
            "name": "new",
            "templateName": "service-template",
            "templateMajorVersion": "1",
            "spec": SPEC,
        },
        {"spec": SPEC.replace("name: dev", "name: prod")},
        "service",
    ),
}


def resource(answer: dict[str, Any]) -> dict[str, Any]:
    (name,) = set(answer) - {"ResponseMetadata"}
    return dict(answer[name])


@pytest.mark.rule("6.0.2-1")
@pytest.mark.parametrize("call", BY_NAME)
def test_the_same_create_answers_with_what_is_there(proton: Client, call: str) -> None:
    request, _, _ = BY_NAME[call]
    first = resource(getattr(proton, call)(**request, tags=TAGS))
    with nothing_changes():
        again = resource(getattr(proton, call)(**request, tags=TAGS[::-1]))

        assert (again["arn"], again["createdAt"]) == (first["arn"], first["createdAt"])


@pytest.mark.rule("6.0.2-3", "6.0.1-7")
@pytest.mark.parametrize("call", BY_NAME)
def test_another_create_of_the_name_is_a_mismatch(
    proton: Client, refused: Refused, call: str
) -> None:
    request, other, kind = BY_NAME[call]
    getattr(proton, call)(**request)

    message = refused(VE, f"{kind}/new", call, **{**request, **other})
    assert message.startswith("Idempotent parameter mismatch")
    refused(VE, "Idempotent parameter mismatch", call, **request, tags=TAGS)


@pytest.mark.rule("6.0.2-2", "6.0.2-5")
@pytest.mark.parametrize("call", BY_NAME)
def test_what_was_tagged_since_is_a_conflict(proton: Client, refused: Refused, call: str) -> None:
    request, other, kind = BY_NAME[call]
    getattr(proton, call)(**request)
    proton.tag_resource(resourceArn=f"{PREFIX}{kind}/new", tags=TAGS)

    refused(CE, f"{kind}/new", call, **request)
    refused(CE, f"{kind}/new", call, **{**request, **other})


@pytest.mark.rule("6.0.2-2", "6.0.2-4")
@pytest.mark.parametrize(
    ("call", "update", "members"),
    [
        ("create_environment_template", "update_environment_template", {"description": "x"}),
        ("create_service_template", "update_service_template", {"description": "x"}),
        ("create_environment", "update_environment", {"deploymentType": "NONE"}),
        ("create_service", "update_service", {"description": "x"}),
    ],
)
def test_what_was_updated_since_is_a_conflict(
    proton: Client, refused: Refused, call: str, update: str, members: dict[str, str]
) -> None:
    request, _, kind = BY_NAME[call]
    getattr(proton, call)(**request)
    proton.get_service(name="shop")
    getattr(proton, update)(name="new", **members)

    refused(CE, f"{kind}/new", call, **request)


@pytest.mark.rule("6.0.2-6")
@pytest.mark.parametrize("kind", ["environment", "service"])
def test_versions_and_tags_on_them_do_not_count_as_a_change(proton: Client, kind: str) -> None:
    call = getattr(proton, f"create_{kind}_template")
    call(name="new")
    more = {"compatibleEnvironmentTemplates": COMPATIBLE} if kind == "service" else {}
    create_version = getattr(proton, f"create_{kind}_template_version")
    version = resource(create_version(templateName="new", source=SOURCE, **more))
    proton.tag_resource(resourceArn=version["arn"], tags=TAGS)

    assert resource(call(name="new"))["name"] == "new"


# --- client tokens ------------------------------------------------------------------------------

TOKENS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "create_environment_template_version": (
        {"templateName": "environment-template", "source": SOURCE},
        {"majorVersion": "1"},
    ),
    "create_service_template_version": (
        {
            "templateName": "service-template",
            "source": SOURCE,
            "compatibleEnvironmentTemplates": COMPATIBLE,
        },
        {"description": "x"},
    ),
    "create_component": (
        {"name": "new", "manifest": MANIFEST, "templateFile": "x", "environmentName": "dev"},
        {"templateFile": "y"},
    ),
    "create_service_instance": (
        {"serviceName": "shop", "name": "canary", "spec": CANARY},
        {"templateMajorVersion": "1"},
    ),
    "update_component": (
        {"name": "cache", "deploymentType": "CURRENT_VERSION", "templateFile": "y"},
        {"templateFile": "z"},
    ),
    "update_service_instance": (
        {"serviceName": "shop", "name": "dev", "deploymentType": "CURRENT_VERSION"},
        {"deploymentType": "MINOR_VERSION"},
    ),
}


@pytest.fixture
def cache(seed: Seed) -> None:
    seed.component("cache", environmentName="dev")


@pytest.mark.rule("6.0.1-1", "6.0.1-8")
@pytest.mark.parametrize("call", TOKENS)
@pytest.mark.usefixtures("cache")
def test_the_same_token_repeats_nothing(proton: Client, call: str) -> None:
    request, _ = TOKENS[call]
    first = resource(getattr(proton, call)(**request, clientToken="t"))
    with nothing_changes():
        again = resource(getattr(proton, call)(**request, clientToken="t"))

        assert again["arn"] == first["arn"]


@pytest.mark.rule("6.0.1-2", "6.0.1-7")
@pytest.mark.parametrize("call", TOKENS)
@pytest.mark.usefixtures("cache")
def test_a_token_with_other_parameters_is_a_mismatch(
    proton: Client, refused: Refused, call: str
) -> None:
    request, other = TOKENS[call]
    getattr(proton, call)(**request, clientToken="t")

    changed = {**request, **other, "clientToken": "t"}
    message = refused(VE, "client token t", call, **changed)
    assert message.startswith("Idempotent parameter mismatch")


@pytest.mark.parametrize("call", [call for call in TOKENS if call.endswith("version")])
@pytest.mark.parametrize("token", ["T", ""], ids=["in upper case", "empty"])
def test_another_token_is_another_request(proton: Client, call: str, token: str) -> None:
    request, _ = TOKENS[call]
    first = resource(getattr(proton, call)(**request, clientToken=token and "t"))

    second = resource(getattr(proton, call)(**request, clientToken=token))

    assert int(second["majorVersion"]) == int(first["majorVersion"]) + 1


@pytest.mark.rule("6.0.1-6")
def test_a_token_belongs_to_its_operation(proton: Client) -> None:
    for call in ("create_environment_template_version", "create_service_template_version"):
        request, _ = TOKENS[call]
        assert resource(getattr(proton, call)(**request, clientToken="t"))["minorVersion"] == "0"


@pytest.mark.rule("6.0.1-3")
@pytest.mark.parametrize(
    ("age", "fresh"), [(timedelta(hours=8, seconds=-1), False), (timedelta(hours=8), True)]
)
def test_a_token_is_good_for_eight_hours(proton: Client, age: timedelta, fresh: bool) -> None:
    request, _ = TOKENS["create_environment_template_version"]
    with freezegun.freeze_time("2024-01-01") as clock:
        first = resource(proton.create_environment_template_version(**request, clientToken="t"))
        clock.tick(age)

        again = resource(proton.create_environment_template_version(**request, clientToken="t"))

    assert (again["majorVersion"] != first["majorVersion"]) is fresh


@pytest.mark.rule("6.0.1-4")
def test_a_token_of_what_is_deleted_makes_a_new_version(proton: Client) -> None:
    request, _ = TOKENS["create_environment_template_version"]
    create = proton.create_environment_template_version
    first = resource(create(**request, clientToken="t"))
    number = {name: first[name] for name in ("majorVersion", "minorVersion")}
    proton.delete_environment_template_version(templateName="environment-template", **number)

    again = resource(create(**request, clientToken="t"))

    assert int(again["majorVersion"]) == int(first["majorVersion"]) + 1


def test_a_token_of_a_deleted_component_says_nothing_of_another_of_the_name(
    proton: Client, refused: Refused
) -> None:
    request, other = TOKENS["create_component"]
    proton.create_component(**request, clientToken="first")
    proton.delete_component(name="new")
    proton.create_component(**{**request, **other}, clientToken="second")

    refused(CE, "component/new already exists", "create_component", **request, clientToken="first")


def test_a_token_of_an_update_says_nothing_of_another_of_the_name(proton: Client) -> None:
    request, _ = TOKENS["create_component"]
    update = {"name": "new", "deploymentType": "NONE", "description": "x", "clientToken": "t"}
    proton.create_component(**request)
    proton.update_component(**update)
    proton.delete_component(name="new")
    proton.create_component(**request)

    assert proton.update_component(**update)["component"]["description"] == "x"


def test_a_token_of_a_deleted_instance_says_nothing_of_another_of_the_name(
    proton: Client, refused: Refused
) -> None:
    request, other = TOKENS["create_service_instance"]
    proton.create_service_instance(**request, clientToken="first")
    proton.get_service(name="shop")
    proton.update_service(name="shop", spec=SPEC)
    proton.get_service(name="shop")
    proton.create_service_instance(**{**request, **other}, clientToken="second")

    call = "create_service_instance"
    refused(CE, "service-instance/canary already exists", call, **request, clientToken="first")


@pytest.mark.rule("6.0.2-8")
@pytest.mark.parametrize("call", ["create_component", "create_service_instance"])
def test_the_same_create_without_its_token_answers_with_what_is_there(
    proton: Client, refused: Refused, call: str
) -> None:
    request, other = TOKENS[call]
    first = resource(getattr(proton, call)(**request))

    assert resource(getattr(proton, call)(**request))["createdAt"] == first["createdAt"]
    refused(CE, request["name"], call, **{**request, **other})


@pytest.mark.rule("6.0.1-8")
@pytest.mark.parametrize("call", ["create_component", "create_service_instance"])
def test_the_last_token_is_shown(proton: Client, call: str) -> None:
    request, _ = TOKENS[call]

    made = resource(getattr(proton, call)(**request, clientToken="last"))

    assert made["lastClientRequestToken"] == "last"


@pytest.mark.rule("6.0.2-9")
@pytest.mark.parametrize("ends", ["held", "failed"])
@pytest.mark.parametrize("kind", ["service", "environment"])
def test_a_create_of_what_is_not_deleted_yet_says_so(
    proton: Client,
    seed: Seed,
    refused: Refused,
    hold: Callable[..., None],
    faults: ModuleType,
    kind: str,
    ends: str,
) -> None:
    seed.environment_template("net")
    seed.environment("dev")
    seed.service_template("web")
    spec = "proton: EnvironmentSpec\nspec: {}\n"
    request = {"name": "gone", "templateName": "net", "templateMajorVersion": "1", "spec": spec}
    if kind == "service":
        text = "proton: ServiceSpec\ninstances: [{name: a, environment: dev}]\n"
        request.update(templateName="web", spec=text)
    else:
        request["protonServiceRoleArn"] = "arn:aws:iam::123456789012:role/proton"
    getattr(proton, f"create_{kind}")(**request)
    if ends == "held":
        hold("service", "service_instance", "environment")
    else:
        faults.fail_deletion(f"{kind}/*")
    getattr(proton, f"delete_{kind}")(name="gone")

    refused("ConflictException", "it is not deleted yet", f"create_{kind}", **request)
