"""Template versions of both kinds: numbers, registration, publishing, recommending, deleting."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
SOURCE = {"s3": {"bucket": "bundles", "key": "web.tar.gz"}}


class Versions:
    """The version operations of one kind, on a template ``web`` that is there."""

    def __init__(self, client: Client, noun: str) -> None:
        self.client = client
        self.noun = noun
        self.own: dict[str, Any] = {}
        if noun == "service":
            client.create_environment_template(name="vpc")
            client.create_environment_template_version(templateName="vpc", source=SOURCE)
            self.own["compatibleEnvironmentTemplates"] = [
                {"templateName": "vpc", "majorVersion": "1"}
            ]
        getattr(client, f"create_{noun}_template")(name="web")

    def create(self, **members: Any) -> dict[str, Any]:
        return self._call(
            "create", {"templateName": "web", "source": SOURCE, **self.own, **members}
        )

    def number(self, **members: Any) -> str:
        created = self.create(**members)
        return f"{created['majorVersion']}.{created['minorVersion']}"

    def make(self, *numbers: str, publish: bool = True) -> None:
        for number in numbers:
            major, minor = number.split(".")
            more = {} if minor == "0" else {"majorVersion": major}
            assert self.number(**more) == number
            if publish:
                self.publish(number)

    def get(self, number: str) -> dict[str, Any]:
        return self._call("get", self.key(number))

    def update(self, number: str, **members: Any) -> dict[str, Any]:
        return self._call("update", {**self.key(number), **members})

    def publish(self, number: str) -> dict[str, Any]:
        return self.update(number, status="PUBLISHED")

    def delete(self, number: str) -> dict[str, Any]:
        return self._call("delete", self.key(number))

    def listed(self, **members: Any) -> list[str]:
        versions = self.list(**members)
        return [f"{each['majorVersion']}.{each['minorVersion']}" for each in versions]

    def list(self, **members: Any) -> list[dict[str, Any]]:
        call = getattr(self.client, f"list_{self.noun}_template_versions")
        return list(call(templateName="web", **members)["templateVersions"])

    def template(self) -> dict[str, Any]:
        answer = getattr(self.client, f"get_{self.noun}_template")(name="web")
        return dict(answer[f"{self.noun}Template"])

    def key(self, number: str) -> dict[str, str]:
        major, minor = number.split(".")
        return {"templateName": "web", "majorVersion": major, "minorVersion": minor}

    def operation(self, verb: str) -> str:
        return f"{verb}_{self.noun}_template_version"

    def arn(self, number: str) -> str:
        return f"arn:aws:proton:us-east-1:123456789012:{self.noun}-template/web:{number}"

    def _call(self, verb: str, members: dict[str, Any]) -> dict[str, Any]:
        answer = getattr(self.client, self.operation(verb))(**members)
        return dict(answer.get(f"{self.noun}TemplateVersion", {}))


@pytest.fixture(params=["environment", "service"])
def versions(request: pytest.FixtureRequest, proton: Client) -> Versions:
    return Versions(proton, request.param)


# --- numbers and registration -----------------------------------------------------------------


@pytest.mark.rule("6.4-1", "7.1-1", "2-2", "2-5")
def test_the_first_version_is_1_0_and_registers(versions: Versions) -> None:
    created = versions.create(description="first")

    assert created["arn"] == versions.arn("1.0")
    assert (created["majorVersion"], created["minorVersion"]) == ("1", "0")
    assert (created["status"], created["description"]) == ("REGISTRATION_IN_PROGRESS", "first")
    for absent in ("schema", "statusMessage", "recommendedMinorVersion"):
        assert absent not in created


@pytest.mark.rule("3.4-1", "3.4-4")
def test_a_registered_version_is_a_draft_with_an_empty_message(versions: Versions) -> None:
    versions.create()

    got = versions.get("1.0")

    assert (got["status"], got["statusMessage"]) == ("DRAFT", "")


@pytest.mark.rule("3.4-4", "7.2-1")
def test_a_failed_registration_says_why_and_keeps_its_number(
    versions: Versions, faults: ModuleType, refused: Refused
) -> None:
    faults.fail_deployment(f"{versions.noun}-template/web:1.0", message="no schema.yaml")
    versions.create()

    got = versions.get("1.0")
    assert (got["status"], got["statusMessage"]) == ("REGISTRATION_FAILED", "no schema.yaml")
    refused(VE, "web:1.0", versions.operation("update"), **versions.key("1.0"), status="PUBLISHED")
    assert versions.number() == "2.0"
    assert versions.number(majorVersion="1") == "1.1"
    assert versions.delete("1.0")["status"] == "REGISTRATION_FAILED"


@pytest.mark.rule("7.1-1", "7.1-2", "7.1-3", "7.1-5")
@pytest.mark.parametrize(
    ("majors", "numbers"),
    [
        pytest.param([None, None, None], ["1.0", "2.0", "3.0"], id="majors"),
        pytest.param([None, "1", "1"], ["1.0", "1.1", "1.2"], id="minors"),
        pytest.param([None, None, "1", None, "2"], ["1.0", "2.0", "1.1", "3.0", "2.1"], id="mixed"),
        pytest.param(["1", "1", "2"], ["1.0", "1.1", "2.0"], id="the next major by name"),
    ],
)
def test_numbers_follow_what_is_asked(
    versions: Versions, majors: list[str | None], numbers: list[str]
) -> None:
    given = [versions.number(**({"majorVersion": major} if major else {})) for major in majors]

    assert given == numbers


@pytest.mark.rule("2-21")
def test_minor_versions_beyond_nine_are_numbers_and_not_words(versions: Versions) -> None:
    versions.make("1.0", *(f"1.{minor}" for minor in range(1, 12)))

    assert versions.template()["recommendedVersion"] == "1.11"
    assert versions.listed(majorVersion="1")[:3] == ["1.11", "1.10", "1.9"]


@pytest.mark.rule("7.1-4")
def test_numbers_are_not_reused_after_a_deletion(versions: Versions) -> None:
    versions.make("1.0", "1.1", publish=False)
    versions.make("2.0", publish=False)
    versions.get("2.0")
    versions.delete("1.1")
    versions.delete("2.0")

    assert versions.number(majorVersion="1") == "1.2"
    assert versions.number() == "3.0"


@pytest.mark.rule("7.1-5")
@pytest.mark.parametrize("major", ["0", "3", "20"])
def test_a_major_that_is_neither_there_nor_next_is_not_found(
    versions: Versions, refused: Refused, major: str
) -> None:
    versions.make("1.0")

    refused(
        RNF,
        f"The requested {versions.noun} template version does not exist: {versions.arn(major)}",
        versions.operation("create"),
        templateName="web",
        source=SOURCE,
        majorVersion=major,
        **versions.own,
    )


@pytest.mark.rule("6.4-5")
@pytest.mark.parametrize("verb", ["get", "update"])
def test_an_unknown_version_is_not_found(versions: Versions, refused: Refused, verb: str) -> None:
    versions.make("1.0")

    refused(
        RNF,
        f"The requested {versions.noun} template version does not exist: {versions.arn('1.1')}",
        versions.operation(verb),
        **versions.key("1.1"),
    )


@pytest.mark.parametrize("verb", ["get", "update"])
def test_a_version_of_an_unknown_template_is_not_found(
    versions: Versions, refused: Refused, verb: str
) -> None:
    key = {**versions.key("1.0"), "templateName": "nil"}
    refused(RNF, f"{versions.noun} template nil", versions.operation(verb), **key)


def test_a_version_needs_its_template(versions: Versions, refused: Refused) -> None:
    call = versions.operation("create")
    refused(RNF, "template nil", call, templateName="nil", source=SOURCE, **versions.own)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        pytest.param({"source": {}}, "source", id="no source"),
        pytest.param({"source": {"s3": {"bucket": "bundles"}}}, "source.s3.key", id="no key"),
        pytest.param({"majorVersion": "01"}, "'majorVersion'", id="leading zero"),
        pytest.param({"majorVersion": "one"}, "'majorVersion'", id="no number"),
        pytest.param({"majorVersion": "1" * 21}, "equal to 20", id="long major"),
        pytest.param({"description": "x" * 501}, "description", id="long description"),
        pytest.param({"clientToken": "t" * 65}, "'clientToken'", id="long token"),
        pytest.param({"clientToken": "a b"}, "'clientToken'", id="token with a space"),
        pytest.param({"tags": [{"key": "", "value": ""}]}, "tags.1.member.key", id="empty key"),
    ],
)
def test_a_registration_is_refused(
    versions: Versions, refused: Refused, members: dict[str, Any], words: str
) -> None:
    request = {"templateName": "web", "source": SOURCE, **versions.own, **members}
    refused(VE, words, versions.operation("create"), **request)


# --- publishing ---------------------------------------------------------------------------------


@pytest.mark.rule("6.4-11", "7.4-1", "7.4-2", "7.4-3", "7.4-5")
def test_publishing_recommends_the_highest_version(versions: Versions) -> None:
    versions.make("1.0", "2.0")
    versions.make("1.1", publish=False)
    assert versions.template()["recommendedVersion"] == "2.0"
    assert versions.get("1.1")["recommendedMinorVersion"] == "0"

    published = versions.publish("1.1")

    assert (published["status"], published["recommendedMinorVersion"]) == ("PUBLISHED", "1")
    assert versions.get("1.0")["recommendedMinorVersion"] == "1"
    assert versions.template()["recommendedVersion"] == "2.0"


@pytest.mark.rule("7.4-6")
def test_a_minor_version_that_is_deleted_recommends_the_one_before_it(versions: Versions) -> None:
    versions.make("1.0", "1.1", "2.0")
    assert versions.get("1.0")["recommendedMinorVersion"] == "1"

    versions.delete("1.1")

    assert versions.get("1.0")["recommendedMinorVersion"] == "0"


@pytest.mark.rule("7.4-2", "7.4-4")
def test_nothing_is_recommended_while_nothing_is_published(versions: Versions) -> None:
    versions.make("1.0", publish=False)

    assert "recommendedVersion" not in versions.template()
    assert "recommendedMinorVersion" not in versions.get("1.0")


def test_publishing_leaves_the_template_unmodified(versions: Versions) -> None:
    before = versions.template()

    versions.make("1.0")

    after = versions.template()
    assert after == {**before, "recommendedVersion": "1.0"}


@pytest.mark.rule("6.4-12", "6.4-13")
@pytest.mark.parametrize("status", ["DRAFT", "PUBLISHED"])
def test_the_status_that_a_version_has_may_be_asked_for(versions: Versions, status: str) -> None:
    versions.make("1.0", publish=status == "PUBLISHED")
    before = versions.get("1.0")

    assert versions.update("1.0", status=status) == before


@pytest.mark.rule("6.4-14", "6.4-16")
@pytest.mark.parametrize(
    ("current", "requested"),
    [
        ("PUBLISHED", "DRAFT"),
        ("DRAFT", "REGISTRATION_IN_PROGRESS"),
        ("DRAFT", "REGISTRATION_FAILED"),
        ("PUBLISHED", "REGISTRATION_FAILED"),
        ("DRAFT", "RETIRED"),
    ],
)
def test_no_other_status_can_be_asked_for(
    versions: Versions, refused: Refused, current: str, requested: str
) -> None:
    versions.make("1.0", publish=current == "PUBLISHED")
    words = "status" if requested == "RETIRED" else "web:1.0"

    refused(
        VE,
        words,
        versions.operation("update"),
        **versions.key("1.0"),
        status=requested,
        description="new",
    )


@pytest.mark.rule("6.4-10")
def test_a_description_changes_the_time_and_a_repeat_does_not(versions: Versions) -> None:
    versions.make("1.0")
    before = versions.get("1.0")

    updated = versions.update("1.0", description="new")

    assert updated["description"] == "new"
    assert updated["lastModifiedAt"] > before["lastModifiedAt"]
    assert versions.update("1.0", description="new") == updated


@pytest.mark.rule("6.4-15", "7.5-7")
def test_a_version_that_registers_can_not_be_published_or_deleted(
    versions: Versions, refused: Refused, hold: Callable[..., None]
) -> None:
    hold(f"{versions.noun}_template_version")
    versions.create()

    key = versions.key("1.0")
    refused(CE, "web:1.0", versions.operation("update"), **key, status="PUBLISHED")
    refused(CE, "web:1.0", versions.operation("delete"), **key)


# --- lists --------------------------------------------------------------------------------------


@pytest.mark.rule("6.4-6", "6.4-7")
def test_a_list_shows_majors_or_the_minors_of_one(versions: Versions) -> None:
    versions.make("1.0", "1.1", "2.0")
    versions.make("1.2", "3.0", "3.1", publish=False)

    assert versions.listed() == ["3.1", "2.0", "1.1"]
    assert versions.listed(majorVersion="1") == ["1.2", "1.1", "1.0"]
    assert versions.listed(majorVersion="3") == ["3.1", "3.0"]


@pytest.mark.rule("6.4-9", "6.5-9")
def test_a_summary_is_the_detail_without_what_is_only_there(versions: Versions) -> None:
    versions.make("1.0")
    got = versions.get("1.0")

    (summary,) = versions.list()

    hidden = {"compatibleEnvironmentTemplates", "supportedComponentSources", "schema"}
    assert summary == {name: got[name] for name in got if name not in hidden}


def test_a_template_without_versions_lists_none(versions: Versions) -> None:
    assert versions.list() == []


@pytest.mark.rule("6.4-8")
@pytest.mark.parametrize(
    ("members", "words"),
    [
        pytest.param({"templateName": "nil"}, "template nil", id="template"),
        pytest.param({"templateName": "web", "majorVersion": "2"}, "web:2", id="major"),
    ],
)
def test_a_list_of_what_is_not_there_is_not_found(
    versions: Versions, refused: Refused, members: dict[str, str], words: str
) -> None:
    versions.make("1.0")

    refused(RNF, words, f"list_{versions.noun}_template_versions", **members)


# --- deletion -----------------------------------------------------------------------------------


@pytest.mark.rule("7.5-4", "7.5-5", "7.5-6", "3.3-15")
@pytest.mark.parametrize(
    ("there", "deleted", "left"),
    [
        pytest.param(["1.0"], "1.0", [], id="the only one, though recommended"),
        pytest.param(["1.0", "1.1"], "1.0", ["1.1"], id="an older minor"),
        pytest.param(["1.0", "1.1", "2.0"], "1.1", ["2.0", "1.0"], id="the newest of an old major"),
        pytest.param(["1.0", "2.0"], "1.0", ["2.0"], id="the last of an old major"),
    ],
)
def test_a_version_that_is_not_in_use_is_deleted(
    versions: Versions, there: list[str], deleted: str, left: list[str]
) -> None:
    versions.make(*there)
    before = versions.get(deleted)

    answer = versions.delete(deleted)

    gone = {"schema", "recommendedMinorVersion"}
    assert {k: v for k, v in answer.items() if k not in gone} == {
        k: v for k, v in before.items() if k not in gone
    }
    assert answer["status"] == "PUBLISHED"
    assert versions.listed() == left
    assert versions.delete(deleted) == {}


@pytest.mark.rule("7.5-3", "7.5-9", "3.3-15")
def test_the_recommended_version_stays_while_others_exist(
    versions: Versions, refused: Refused
) -> None:
    versions.make("1.0", "1.1")
    versions.make("1.2", publish=False)

    refused(CE, "web:1.1", versions.operation("delete"), **versions.key("1.1"))
    versions.delete("1.2")
    versions.delete("1.0")
    versions.delete("1.1")
    assert "recommendedVersion" not in versions.template()


@pytest.mark.rule("6.0.3-1", "6.0.3-4", "7.5-1")
@pytest.mark.parametrize("template", ["web", "nil"])
def test_a_delete_of_what_was_never_there_answers_nothing(
    versions: Versions, template: str
) -> None:
    call = getattr(versions.client, versions.operation("delete"))
    answer = call(templateName=template, majorVersion="7", minorVersion="0")

    assert set(answer) == {"ResponseMetadata"}


@pytest.mark.rule("7.5-2", "7.5-10")
def test_an_environment_keeps_its_version_and_the_one_it_goes_to(
    proton: Client, seed: Seed, refused: Refused, hold: Callable[..., None]
) -> None:
    seed.environment("dev", template="vpc", version="1.0")
    seed.environment_template("vpc", versions=["1.0", "1.1", "1.2"])
    hold("environment")
    proton.update_environment(name="dev", deploymentType="MINOR_VERSION", templateMinorVersion="1")

    for minor in ("0", "1"):
        key = {"templateName": "vpc", "majorVersion": "1", "minorVersion": minor}
        refused(CE, "environment/dev", "delete_environment_template_version", **key)


@pytest.mark.rule("7.5-2")
def test_an_instance_and_a_pipeline_each_keep_their_version(
    proton: Client, seed: Seed, refused: Refused
) -> None:
    service = seed.service("shop", template="web", pipeline=True)
    seed.service_template("web", versions=["1.0", "1.1", "1.2"])
    proton.update_service_instance(
        serviceName="shop", name="dev", deploymentType="MINOR_VERSION", templateMinorVersion="1"
    )
    key = {"templateName": "web", "majorVersion": "1"}

    call = "delete_service_template_version"
    refused(CE, "service/shop/pipeline/", call, **key, minorVersion="0")
    refused(CE, "service/shop/service-instance/dev", call, **key, minorVersion="1")
    proton.update_service_pipeline(
        serviceName="shop", deploymentType="MINOR_VERSION", spec=service["spec"]
    )
    deleted = proton.delete_service_template_version(**key, minorVersion="0")
    assert deleted["serviceTemplateVersion"]["minorVersion"] == "0"


# --- service template versions alone -------------------------------------------------------------


@pytest.fixture
def service_versions(proton: Client) -> Versions:
    return Versions(proton, "service")


@pytest.mark.rule("6.5-4", "6.5-9")
def test_a_service_version_says_where_it_runs(service_versions: Versions) -> None:
    service_versions.create(supportedComponentSources=["DIRECTLY_DEFINED"])

    got = service_versions.get("1.0")

    assert got["compatibleEnvironmentTemplates"] == [{"templateName": "vpc", "majorVersion": "1"}]
    assert got["supportedComponentSources"] == ["DIRECTLY_DEFINED"]


@pytest.mark.rule("6.5-10", "6.5-11")
def test_an_update_replaces_both_lists(service_versions: Versions, seed: Seed) -> None:
    service_versions.create(supportedComponentSources=["DIRECTLY_DEFINED"])
    seed.environment_template("lan", versions=["1.0"])
    compatible = [{"templateName": "lan", "majorVersion": "1"}]

    service_versions.update(
        "1.0", compatibleEnvironmentTemplates=compatible, supportedComponentSources=[]
    )

    got = service_versions.get("1.0")
    assert got["compatibleEnvironmentTemplates"] == compatible
    assert got.get("supportedComponentSources", []) == []


@pytest.mark.rule("6.5-5", "6.5-7")
@pytest.mark.parametrize(
    ("code", "words", "entries"),
    [
        pytest.param(VE, "compatibleEnvironmentTemplates", [], id="none"),
        pytest.param(VE, "compatibleEnvironmentTemplates", [("vpc", "1")] * 11, id="eleven"),
        pytest.param(VE, "vpc", [("vpc", "1"), ("vpc", "1")], id="the same twice"),
        pytest.param(RNF, "nil", [("vpc", "1"), ("nil", "1")], id="unknown template"),
        pytest.param(RNF, "environment-template/vpc:2", [("vpc", "2")], id="unknown major"),
    ],
)
@pytest.mark.parametrize("verb", ["create", "update"])
def test_compatible_environments_are_checked(
    service_versions: Versions,
    refused: Refused,
    verb: str,
    code: str,
    words: str,
    entries: list[tuple[str, str]],
) -> None:
    service_versions.create()
    compatible = [{"templateName": name, "majorVersion": major} for name, major in entries]
    more: dict[str, Any] = {"templateName": "web", "source": SOURCE}
    if verb == "update":
        more = {**service_versions.key("1.0"), "status": "PUBLISHED", "description": "new"}

    call = service_versions.operation(verb)
    refused(code, words, call, compatibleEnvironmentTemplates=compatible, **more)


@pytest.mark.rule("7.5-8")
def test_an_environment_version_that_a_service_names_can_go(
    service_versions: Versions, proton: Client
) -> None:
    service_versions.create()

    deleted = proton.delete_environment_template_version(
        templateName="vpc", majorVersion="1", minorVersion="0"
    )

    assert deleted["environmentTemplateVersion"]["templateName"] == "vpc"
