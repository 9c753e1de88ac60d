"""Environment and service templates: what both kinds share is tested on both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


class Kind:
    """The template operations of one kind."""

    def __init__(self, client: Client, noun: str) -> None:
        self.client = client
        self.noun = noun
        self.own = {"environment": "provisioning", "service": "pipelineProvisioning"}[noun]

    def create(self, **members: Any) -> dict[str, Any]:
        return self._call("create", members)

    def get(self, name: str) -> dict[str, Any]:
        return self._call("get", {"name": name})

    def update(self, **members: Any) -> dict[str, Any]:
        return self._call("update", members)

    def delete(self, name: str) -> dict[str, Any]:
        return self._call("delete", {"name": name})

    def names(self) -> list[str]:
        listed = getattr(self.client, f"list_{self.noun}_templates")()["templates"]
        return [template["name"] for template in listed]

    def summaries(self) -> list[dict[str, Any]]:
        listed = getattr(self.client, f"list_{self.noun}_templates")()["templates"]
        return list(listed)

    def operation(self, verb: str) -> str:
        return f"{verb}_{self.noun}_template"

    def _call(self, verb: str, members: dict[str, Any]) -> dict[str, Any]:
        answer = getattr(self.client, self.operation(verb))(**members)
        return dict(answer.get(f"{self.noun}Template", {}))


@pytest.fixture(params=["environment", "service"])
def kind(request: pytest.FixtureRequest, proton: Client) -> Kind:
    return Kind(proton, request.param)


@pytest.mark.rule("6.3-2", "6.3-4", "2-1", "2-4")
def test_a_template_of_a_name_alone_is_displayed_under_it(kind: Kind) -> None:
    created = kind.create(name="web")

    assert {key: created[key] for key in created if not key.endswith("At")} == {
        "arn": f"arn:aws:proton:us-east-1:123456789012:{kind.noun}-template/web",
        "name": "web",
        "displayName": "web",
    }
    assert created["createdAt"] == created["lastModifiedAt"]
    assert kind.get("web") == created


@pytest.mark.rule("6.3-1", "6.5-1", "6.5-2")
def test_a_template_keeps_all_that_it_is_given(kind: Kind) -> None:
    members = {
        "name": "Web_2-b",
        "displayName": "Web",
        "description": "The web",
        "encryptionKey": KEY,
        kind.own: "CUSTOMER_MANAGED",
    }

    created = kind.create(**members, tags=[{"key": "team", "value": "shop"}])

    assert {name: created[name] for name in members} == members
    assert kind.get("Web_2-b") == created


@pytest.mark.rule("6.0.4-8", "6.3-8")
def test_a_list_shows_the_newest_first_and_no_encryption_key(kind: Kind) -> None:
    kind.create(name="old", encryptionKey=KEY)
    kind.create(name="new")

    newest, oldest = kind.summaries()

    assert (newest["name"], oldest["name"]) == ("new", "old")
    assert "encryptionKey" not in oldest
    full = kind.get("old")
    assert oldest == {name: full[name] for name in full if name != "encryptionKey"}


@pytest.mark.rule("2-24")
def test_names_of_the_two_kinds_and_of_different_case_do_not_clash(proton: Client) -> None:
    proton.create_environment_template(name="web")
    proton.create_service_template(name="web")
    proton.create_service_template(name="Web", description="another")

    assert "description" not in proton.get_service_template(name="web")["serviceTemplate"]
    assert proton.get_service_template(name="Web")["serviceTemplate"]["name"] == "Web"


@pytest.mark.rule("6.3-9", "6.3-10")
def test_an_update_changes_what_it_names_and_the_time(kind: Kind) -> None:
    created = kind.create(name="web", displayName="Web", description="old")

    updated = kind.update(name="web", description="new")

    assert (updated["displayName"], updated["description"]) == ("Web", "new")
    assert updated["lastModifiedAt"] > created["lastModifiedAt"]
    assert updated["createdAt"] == created["createdAt"]
    assert kind.update(name="web", displayName="W")["description"] == "new"
    assert kind.get("web")["displayName"] == "W"


@pytest.mark.rule("6.0.3-1", "6.3-15")
def test_a_delete_answers_with_the_template_and_a_repeat_with_nothing(kind: Kind) -> None:
    created = kind.create(name="web")

    assert kind.delete("web") == created
    assert kind.delete("web") == {}
    assert kind.names() == []


def test_a_name_is_free_again_after_the_deletion(kind: Kind) -> None:
    kind.create(name="web", description="first")
    kind.delete("web")

    assert kind.create(name="web", description="second")["description"] == "second"


@pytest.mark.rule("3.3-14", "6.3-12")
def test_a_template_with_versions_is_not_deleted(kind: Kind, seed: Seed, refused: Refused) -> None:
    getattr(seed, f"{kind.noun}_template")("web", versions=["1.0"])

    refused(CE, "1.0", kind.operation("delete"), name="web")


@pytest.mark.rule("3.7-16", "6.3-15")
def test_a_deletion_shows_the_version_that_was_recommended_though_a_get_does_not(
    kind: Kind, seed: Seed, proton: Client
) -> None:
    getattr(seed, f"{kind.noun}_template")("web", versions=["1.0"])
    assert kind.get("web")["recommendedVersion"] == "1.0"
    getattr(proton, f"delete_{kind.noun}_template_version")(
        templateName="web", majorVersion="1", minorVersion="0"
    )

    assert "recommendedVersion" not in kind.get("web")
    assert kind.delete("web")["recommendedVersion"] == "1.0"


@pytest.mark.rule("6.3-7")
@pytest.mark.parametrize("verb", ["get", "update"])
def test_an_unknown_template_is_not_found(kind: Kind, refused: Refused, verb: str) -> None:
    refused(RNF, f"{kind.noun} template web", kind.operation(verb), name="web")


@pytest.mark.parametrize(
    ("members", "words"),
    [
        pytest.param({}, "'name'", id="no name"),
        pytest.param({"name": ""}, "'name'", id="empty name"),
        pytest.param({"name": "a" * 101}, "less than or equal to 100", id="long name"),
        pytest.param({"name": "-web"}, "'-web' at 'name'", id="name with a leading dash"),
        pytest.param({"name": "a.b"}, "regular expression", id="name with a dot"),
        pytest.param({"name": "wéb"}, "regular expression", id="name outside ASCII"),
        pytest.param({"name": "web\n"}, "regular expression", id="name with a line end"),
        pytest.param({"name": "web", "displayName": ""}, "'displayName'", id="empty display name"),
        pytest.param(
            {"name": "web", "displayName": "x" * 101}, "'displayName'", id="long display name"
        ),
        pytest.param(
            {"name": "web", "description": "x" * 501}, "'description'", id="long description"
        ),
        pytest.param({"name": "web", "encryptionKey": "key"}, "'encryptionKey'", id="no key ARN"),
        pytest.param(
            {"name": "web", "tags": [{"key": "aws:x", "value": "y"}]}, "aws:x", id="reserved tag"
        ),
        pytest.param(
            {"name": "web", "tags": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]},
            "'a'",
            id="tag twice",
        ),
    ],
)
def test_a_create_is_refused(
    kind: Kind, refused: Refused, members: dict[str, Any], words: str
) -> None:
    refused(VE, words, kind.operation("create"), **members)


def test_a_provisioning_that_the_model_does_not_know_is_refused(
    kind: Kind, refused: Refused
) -> None:
    refused(VE, "CUSTOMER_MANAGED", kind.operation("create"), name="web", **{kind.own: "OTHER"})


def test_the_name_and_the_provisioning_stay_when_an_update_is_refused(
    kind: Kind, refused: Refused
) -> None:
    kind.create(name="web", **{kind.own: "CUSTOMER_MANAGED"})

    refused(VE, "displayName", kind.operation("update"), name="web", displayName="x" * 101)


@pytest.mark.rule("1.4-11")
def test_a_template_needs_a_key_that_works(kind: Kind, refused: Refused) -> None:
    import boto3

    kms = boto3.client("kms", region_name="us-east-1")
    made = kms.create_key()["KeyMetadata"]
    key = made["Arn"]
    kms.disable_key(KeyId=made["KeyId"])
    refused(VE, "Disabled", kind.operation("create"), name="web", encryptionKey=key)
    kms.enable_key(KeyId=made["KeyId"])

    assert kind.create(name="web", encryptionKey=key)["encryptionKey"] == key
