"""Environments: how they are provisioned, deployed, updated, cancelled, deleted."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
ROLE = "arn:aws:iam::123456789012:role/proton"
OTHER_ROLE = "arn:aws:iam::123456789012:role/other"
CONNECTION = "12345678-1234-1234-1234-123456789012"
REPOSITORY = {"provider": "GITHUB", "name": "shop/infrastructure", "branch": "main"}
SPEC = 'proton: EnvironmentSpec\n\nspec:\n  cidr: "10.0.0.0/16"\n'
OTHER_SPEC = "proton: EnvironmentSpec\nspec:\n  cidr: 10.1.0.0/16\n"
BUSY_MEMBERS = {
    "name": "dev",
    "templateName": "vpc",
    "templateMajorVersion": "1",
    "spec": SPEC,
    "protonServiceRoleArn": ROLE,
}
FIRST_SUCCESS = ("templateMajorVersion", "templateMinorVersion", "lastDeploymentSucceededAt")


@pytest.fixture(autouse=True)
def _vpc(seed: Seed) -> None:
    """A template ``vpc`` with a draft 1.2 and, above it, a published 2.0 and a draft 3.0."""
    seed.environment_template("vpc", versions=["1.0", "1.1"])
    for more in ({"majorVersion": "1"}, {}, {}):
        seed._client.create_environment_template_version(
            templateName="vpc", source={"s3": {"bucket": "bundles", "key": "web.tar.gz"}}, **more
        )
    seed._client.get_environment_template_version(
        templateName="vpc", majorVersion="2", minorVersion="0"
    )
    seed._client.update_environment_template_version(
        templateName="vpc", majorVersion="2", minorVersion="0", status="PUBLISHED"
    )


@pytest.fixture
def create(proton: Client) -> Callable[..., dict[str, Any]]:
    def create(**members: Any) -> dict[str, Any]:
        return dict(proton.create_environment(**{**BUSY_MEMBERS, **members})["environment"])

    return create


@pytest.fixture
def get(proton: Client) -> Callable[..., dict[str, Any]]:
    def get(name: str = "dev") -> dict[str, Any]:
        return dict(proton.get_environment(name=name)["environment"])

    return get


@pytest.fixture
def update(proton: Client) -> Callable[..., dict[str, Any]]:
    def update(deployment_type: str, **members: Any) -> dict[str, Any]:
        request = {"name": "dev", "deploymentType": deployment_type, **members}
        return dict(proton.update_environment(**request)["environment"])

    return update


Create: TypeAlias = Callable[..., dict[str, Any]]


# --- creation -----------------------------------------------------------------------------------


@pytest.mark.rule("3.7-9", "6.6-1", "2-7")
def test_a_create_answers_that_it_is_under_way(create: Create) -> None:
    created = create(description="the first", componentRoleArn=ROLE)

    attempted = created.pop("lastAttemptedDeploymentId")
    created_at = created.pop("createdAt")
    assert created == {
        "arn": "arn:aws:proton:us-east-1:123456789012:environment/dev",
        "componentRoleArn": ROLE,
        "deploymentStatus": "IN_PROGRESS",
        "description": "the first",
        "lastDeploymentAttemptedAt": created_at,
        "name": "dev",
        "protonServiceRoleArn": ROLE,
        "templateName": "vpc",
    }
    assert len(attempted) == 36


@pytest.mark.rule("3.1-18", "3.1-19", "3.1-21", "4.3-10")
def test_a_deployed_environment_shows_version_spec_and_times(create: Create, get: Create) -> None:
    created = create()

    got = get()

    assert got["deploymentStatus"] == "SUCCEEDED"
    assert (got["templateMajorVersion"], got["templateMinorVersion"]) == ("1", "1")
    assert got["spec"] == SPEC
    assert got["lastDeploymentSucceededAt"] == created["lastDeploymentAttemptedAt"]
    assert got["lastSucceededDeploymentId"] == created["lastAttemptedDeploymentId"]
    assert "deploymentStatusMessage" not in got


@pytest.mark.rule("6.6-44")
def test_a_failed_first_deployment_leaves_no_version_and_can_be_tried_again(
    create: Create, get: Create, update: Create, faults: ModuleType
) -> None:
    faults.fail_deployment("environment/dev", message="no subnet")
    create()

    got = get()
    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == ("FAILED", "no subnet")
    assert [name for name in (*FIRST_SUCCESS, "spec") if name in got] == []
    update("CURRENT_VERSION")

    again = get()
    assert (again["deploymentStatus"], again["templateMajorVersion"]) == ("SUCCEEDED", "1")


@pytest.mark.rule("6.0.5-1", "6.0.5-8")
@pytest.mark.parametrize(
    ("members", "number"),
    [
        pytest.param({"templateMajorVersion": "1"}, "1.1", id="the recommended minor"),
        pytest.param(
            {"templateMajorVersion": "1", "templateMinorVersion": "0"}, "1.0", id="an older minor"
        ),
        pytest.param(
            {"templateMajorVersion": "1", "templateMinorVersion": "2"}, "1.2", id="a draft by name"
        ),
    ],
)
def test_the_version_is_the_one_named_or_recommended(
    create: Create, get: Create, members: dict[str, str], number: str
) -> None:
    create(**members)

    got = get()
    assert f"{got['templateMajorVersion']}.{got['templateMinorVersion']}" == number


NOT_GIVEN: dict[str, Any] = {"protonServiceRoleArn": None}


@pytest.mark.rule("6.6-8")
@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"protonServiceRoleArn": ROLE}, id="CloudFormation"),
        pytest.param({"codebuildRoleArn": ROLE}, id="CodeBuild"),
        pytest.param({"protonServiceRoleArn": ROLE, "codebuildRoleArn": ROLE}, id="both roles"),
    ],
)
def test_roles_that_go_together_are_kept(
    unchecked: Client, get: Create, members: dict[str, str]
) -> None:
    unchecked.create_environment(**{**BUSY_MEMBERS, **NOT_GIVEN, **members})

    got = get()
    roles = ("protonServiceRoleArn", "codebuildRoleArn")
    assert {name: got[name] for name in roles if name in got} == members


@pytest.mark.rule("6.6-5", "9-8", "6.6-10")
def test_a_self_managed_environment_waits_for_a_notification(
    unchecked: Client, proton: Client, seed: Seed, get: Create
) -> None:
    seed.repository()
    unchecked.create_environment(
        **{**BUSY_MEMBERS, **NOT_GIVEN, "provisioningRepository": REPOSITORY}
    )

    got = get()
    arn = "arn:aws:proton:us-east-1:123456789012:repository/github:shop/infrastructure"
    assert got["provisioningRepository"] == {**REPOSITORY, "arn": arn}
    assert got["deploymentStatus"] == "IN_PROGRESS"
    proton.notify_resource_deployment_status_change(resourceArn=got["arn"], status="SUCCEEDED")
    assert get()["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.rule("6.6-6", "6.6-17")
def test_a_customer_managed_environment_is_there_without_a_role(
    proton: Client, seed: Seed, get: Create
) -> None:
    seed.environment_template("own", provisioning="CUSTOMER_MANAGED")
    proton.create_environment(
        name="dev", templateName="own", templateMajorVersion="1", spec=OTHER_SPEC
    )

    got = get()
    assert (got["provisioning"], got["deploymentStatus"]) == ("CUSTOMER_MANAGED", "SUCCEEDED")
    assert got["spec"] == OTHER_SPEC


@pytest.mark.rule("4.2-4", "4.2-5")
def test_a_customer_managed_environment_takes_strings_only(seed: Seed, refused: Refused) -> None:
    seed.environment_template("own", provisioning="CUSTOMER_MANAGED")

    refused(
        VE,
        "port",
        "create_environment",
        name="dev",
        templateName="own",
        templateMajorVersion="1",
        spec="proton: EnvironmentSpec\nspec:\n  port: 80\n",
    )


@pytest.mark.rule("6.6-7", "6.6-14", "6.6-16")
@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(VE, "'name'", {"name": None}, id="no name"),
        pytest.param(VE, "'dev.1' at 'name'", {"name": "dev.1"}, id="name with a dot"),
        pytest.param(VE, "'spec'", {"spec": None}, id="no spec"),
        pytest.param(VE, "length less", {"spec": "x" * 51_201}, id="long spec"),
        pytest.param(
            VE, "The provided Environment Spec file was not", {"spec": "a: b: c"}, id="no YAML"
        ),
        pytest.param(
            VE, "The provided Environment Spec", {"spec": "proton: ServiceSpec"}, id="header"
        ),
        pytest.param(
            VE,
            "CURRENT_VAL",
            {"spec": "proton: EnvironmentSpec\nspec:\n  a: ${Proton::CURRENT_VAL}\n"},
            id="current value of nothing",
        ),
        pytest.param(VE, "protonServiceRoleArn", {"protonServiceRoleArn": None}, id="no role"),
        pytest.param(
            VE, "'protonServiceRoleArn'", {"protonServiceRoleArn": "role"}, id="role that is none"
        ),
        pytest.param(
            VE,
            "provisioningRepository can't be given together with protonServiceRoleArn",
            {"provisioningRepository": REPOSITORY},
            id="role and repository",
        ),
        pytest.param(
            VE,
            "environmentAccountConnectionId can't be given together with protonServiceRoleArn",
            {"environmentAccountConnectionId": CONNECTION},
            id="role and connection",
        ),
        pytest.param(
            VE,
            "provisioningRepository can't be given together with environmentAccountConnectionId",
            {
                "protonServiceRoleArn": None,
                "provisioningRepository": REPOSITORY,
                "environmentAccountConnectionId": CONNECTION,
            },
            id="repository and connection",
        ),
        pytest.param(
            RNF,
            "shop/infrastructure",
            {"protonServiceRoleArn": None, "provisioningRepository": REPOSITORY},
            id="repository that is not linked",
        ),
        pytest.param(
            RNF,
            CONNECTION,
            {"protonServiceRoleArn": None, "environmentAccountConnectionId": CONNECTION},
            id="connection that is not there",
        ),
        pytest.param(RNF, "template nil", {"templateName": "nil"}, id="template"),
        pytest.param(
            RNF,
            "The requested environment template version does not exist: "
            "arn:aws:proton:us-east-1:123456789012:environment-template/vpc:4",
            {"templateMajorVersion": "4"},
            id="major",
        ),
        pytest.param(
            RNF, "environment-template/vpc:1.7", {"templateMinorVersion": "7"}, id="minor"
        ),
        pytest.param(
            VE, "no published minor", {"templateMajorVersion": "3"}, id="nothing published"
        ),
        pytest.param(VE, "aws:a", {"tags": [{"key": "aws:a", "value": "b"}]}, id="reserved tag"),
    ],
)
def test_a_create_is_refused(
    refused: Refused, code: str, words: str, members: dict[str, Any]
) -> None:
    refused(code, words, "create_environment", **{**BUSY_MEMBERS, **members})


@pytest.mark.rule("6.0.5-7")
@pytest.mark.parametrize(
    ("status", "held"), [("REGISTRATION_IN_PROGRESS", True), ("REGISTRATION_FAILED", False)]
)
def test_a_version_that_is_not_registered_can_not_be_used(
    proton: Client, refused: Refused, hold: Hold, faults: ModuleType, status: str, held: bool
) -> None:
    if held:
        hold("environment_template_version")
    else:
        faults.fail_deployment("environment-template/vpc:4.0")
    proton.create_environment_template_version(
        templateName="vpc", source={"s3": {"bucket": "bundles", "key": "web.tar.gz"}}
    )

    version = {"templateMajorVersion": "4", "templateMinorVersion": "0"}
    refused(VE, status, "create_environment", **{**BUSY_MEMBERS, **version})


@pytest.mark.rule("6.6-18")
def test_tags_come_down_from_the_version_and_own_ones_win(
    proton: Client, tags_of: Callable[[str], dict[str, str]], create: Create
) -> None:
    arn = "arn:aws:proton:us-east-1:123456789012:environment-template/vpc:1.1"
    proton.tag_resource(
        resourceArn=arn, tags=[{"key": "team", "value": "net"}, {"key": "cost", "value": "1"}]
    )

    created = create(tags=[{"key": "team", "value": "shop"}])

    assert tags_of(created["arn"]) == {"team": "shop", "cost": "1"}


# --- get and list -------------------------------------------------------------------------------


@pytest.mark.rule("6.6-19")
def test_an_unknown_environment_is_not_found(refused: Refused) -> None:
    refused(RNF, "environment dev", "get_environment", name="dev")


@pytest.mark.rule("6.6-21")
def test_a_summary_lacks_spec_codebuild_role_and_repository(
    proton: Client, create: Create, get: Create
) -> None:
    create(codebuildRoleArn=ROLE)
    got = get()

    (summary,) = proton.list_environments()["environments"]

    assert summary == {n: v for n, v in got.items() if n not in ("spec", "codebuildRoleArn")}


@pytest.mark.rule("6.6-20", "6.0.4-8")
@pytest.mark.parametrize(
    ("filters", "names"),
    [
        pytest.param([], ["prod", "dev"], id="none"),
        pytest.param([("vpc", "1")], ["dev"], id="one"),
        pytest.param([("vpc", "1"), ("vpc", "2")], ["prod", "dev"], id="either"),
        pytest.param([("vpc", "3")], [], id="unused major"),
        pytest.param([("nil", "1")], [], id="unknown template"),
    ],
)
def test_a_list_is_newest_first_and_of_the_templates_asked_for(
    proton: Client, create: Create, filters: list[tuple[str, str]], names: list[str]
) -> None:
    create()
    create(name="prod", templateMajorVersion="2")
    wanted = [{"templateName": name, "majorVersion": major} for name, major in filters]

    listed = proton.list_environments(environmentTemplates=wanted)["environments"]

    assert [environment["name"] for environment in listed] == names


# --- update -------------------------------------------------------------------------------------


def without_spec(environment: dict[str, Any]) -> dict[str, Any]:
    """An environment as the answers to its update and its deletion show it."""
    return {name: value for name, value in environment.items() if name != "spec"}


@pytest.mark.rule("6.6-23", "6.6-27")
def test_metadata_alone_deploys_nothing(create: Create, get: Create, update: Create) -> None:
    create()
    before = get()

    updated = update(
        "NONE", description="new", protonServiceRoleArn=OTHER_ROLE, componentRoleArn=OTHER_ROLE
    )

    assert updated == {
        **without_spec(before),
        "description": "new",
        "protonServiceRoleArn": OTHER_ROLE,
        "componentRoleArn": OTHER_ROLE,
    }
    assert get() == {**updated, "spec": before["spec"]}


@pytest.mark.rule("3.1-21", "6.6-32")
def test_an_update_shows_the_old_version_until_it_succeeds(
    create: Create, get: Create, update: Create
) -> None:
    create(templateMinorVersion="0")
    before = get()

    updated = update("MINOR_VERSION", spec=OTHER_SPEC)

    assert (updated["deploymentStatus"], updated["templateMinorVersion"]) == ("IN_PROGRESS", "0")
    assert updated["lastDeploymentAttemptedAt"] > before["lastDeploymentAttemptedAt"]
    assert updated["lastDeploymentSucceededAt"] == before["lastDeploymentSucceededAt"]
    after = get()
    assert (after["deploymentStatus"], after["templateMinorVersion"]) == ("SUCCEEDED", "1")
    assert after["spec"] == OTHER_SPEC
    assert after["lastDeploymentSucceededAt"] == updated["lastDeploymentAttemptedAt"]


@pytest.mark.rule("6.0.5-3", "6.0.5-4", "6.0.5-5", "6.6-24")
@pytest.mark.parametrize(
    ("start", "kind", "members", "number"),
    [
        pytest.param("1.0", "CURRENT_VERSION", {}, "1.0", id="present version"),
        pytest.param("1.0", "MINOR_VERSION", {}, "1.1", id="recommended minor"),
        pytest.param(
            "1.1", "MINOR_VERSION", {"templateMinorVersion": "0"}, "1.0", id="lower minor"
        ),
        pytest.param(
            "1.0",
            "MINOR_VERSION",
            {"templateMajorVersion": "1", "templateMinorVersion": "2"},
            "1.2",
            id="draft by name",
        ),
        pytest.param("1.0", "MAJOR_VERSION", {}, "2.0", id="recommended version"),
        pytest.param(
            "1.0", "MAJOR_VERSION", {"templateMajorVersion": "2"}, "2.0", id="major by name"
        ),
        pytest.param(
            "1.0",
            "MAJOR_VERSION",
            {"templateMajorVersion": "3", "templateMinorVersion": "0"},
            "3.0",
            id="draft of a higher major",
        ),
    ],
)
def test_the_deployment_type_decides_the_version(
    create: Create,
    get: Create,
    update: Create,
    start: str,
    kind: str,
    members: dict[str, str],
    number: str,
) -> None:
    create(templateMinorVersion=start[-1])

    update(kind, **members)

    got = get()
    assert f"{got['templateMajorVersion']}.{got['templateMinorVersion']}" == number
    assert got["spec"] == SPEC


@pytest.mark.rule("6.6-23", "6.6-24", "6.6-25", "6.6-26", "6.0.5-9", "6.6-22")
@pytest.mark.parametrize(
    ("code", "words", "kind", "members"),
    [
        pytest.param(VE, "NONE", "NONE", {"spec": SPEC}, id="none with a spec"),
        pytest.param(VE, "NONE", "NONE", {"templateMinorVersion": "1"}, id="none with a version"),
        pytest.param(
            VE,
            "CURRENT_VERSION",
            "CURRENT_VERSION",
            {"templateMajorVersion": "1"},
            id="current with a version",
        ),
        pytest.param(
            VE,
            "templateMajorVersion is 2",
            "MINOR_VERSION",
            {"templateMajorVersion": "2"},
            id="minor of another major",
        ),
        pytest.param(
            RNF, "vpc:1.9", "MINOR_VERSION", {"templateMinorVersion": "9"}, id="unknown minor"
        ),
        pytest.param(
            VE, "not higher", "MAJOR_VERSION", {"templateMajorVersion": "1"}, id="same major"
        ),
        pytest.param(
            RNF, "vpc:9", "MAJOR_VERSION", {"templateMajorVersion": "9"}, id="unknown major"
        ),
        pytest.param(
            VE,
            "no published minor",
            "MAJOR_VERSION",
            {"templateMajorVersion": "3"},
            id="unpublished major",
        ),
        pytest.param(
            VE,
            "needs templateMajorVersion",
            "MAJOR_VERSION",
            {"templateMinorVersion": "0"},
            id="minor alone",
        ),
        pytest.param(VE, "deploymentType", "PATCH_VERSION", {}, id="unknown type"),
        pytest.param(VE, "Environment Spec", "CURRENT_VERSION", {"spec": "- a"}, id="bad spec"),
        pytest.param(
            VE,
            "CURRENT_VAL",
            "CURRENT_VERSION",
            {"spec": "proton: EnvironmentSpec\nspec:\n  new: ${Proton::CURRENT_VAL}\n"},
            id="current value that is not there",
        ),
        pytest.param(
            VE,
            "provisioningRepository can't be given",
            "NONE",
            {"provisioningRepository": REPOSITORY},
            id="repository",
        ),
        pytest.param(
            VE,
            "environmentAccountConnectionId can't be given",
            "NONE",
            {"environmentAccountConnectionId": CONNECTION},
            id="connection",
        ),
        pytest.param(
            VE,
            "environmentAccountConnectionId",
            "NONE",
            {"environmentAccountConnectionId": CONNECTION, "protonServiceRoleArn": ROLE},
            id="connection and role",
        ),
        pytest.param(
            VE, "'componentRoleArn'", "NONE", {"componentRoleArn": ""}, id="no component role"
        ),
    ],
)
def test_an_update_is_refused(
    create: Create, refused: Refused, code: str, words: str, kind: str, members: dict[str, Any]
) -> None:
    create(templateMinorVersion="0")

    refused(
        code,
        words,
        "update_environment",
        name="dev",
        deploymentType=kind,
        **{"description": "new", **members},
    )


def test_an_unknown_environment_is_neither_updated_nor_cancelled(refused: Refused) -> None:
    refused(RNF, "environment dev", "update_environment", name="dev", deploymentType="NONE")
    refused(RNF, "environment dev", "cancel_environment_deployment", environmentName="dev")


@pytest.mark.rule("4.4-5")
def test_the_current_value_keeps_an_input(create: Create, get: Create, update: Create) -> None:
    create()

    update(
        "CURRENT_VERSION",
        spec="proton: EnvironmentSpec\nspec:\n  cidr: ${Proton::CURRENT_VAL}\n  more: 1\n",
    )

    expected = "proton: EnvironmentSpec\nspec:\n  cidr: 10.0.0.0/16\n  more: 1\n"
    assert get()["spec"] == expected


@pytest.mark.rule("6.6-33")
def test_a_failed_update_keeps_version_spec_and_time_of_success(
    create: Create, get: Create, update: Create, faults: ModuleType
) -> None:
    create(templateMinorVersion="0")
    before = get()
    faults.fail_deployment("environment/dev", message="quota of the VPC")

    update("MINOR_VERSION", spec=OTHER_SPEC)

    after = get()
    assert after["deploymentStatus"] == "FAILED"
    assert after["deploymentStatusMessage"] == "quota of the VPC"
    changed = {
        "deploymentStatus",
        "deploymentStatusMessage",
        "lastDeploymentAttemptedAt",
        "lastAttemptedDeploymentId",
    }
    assert {n for n in after if after[n] != before.get(n)} == changed
    update("CURRENT_VERSION")
    assert "deploymentStatusMessage" not in get()


@pytest.mark.rule("6.6-31")
@pytest.mark.parametrize(
    ("members", "words"),
    [
        pytest.param(
            {"provisioningRepository": {**REPOSITORY, "branch": "other"}},
            "provisioningRepository of the environment dev",
            id="other branch",
        ),
        pytest.param({"protonServiceRoleArn": ROLE}, "protonServiceRoleArn", id="role"),
        pytest.param(
            {"environmentAccountConnectionId": CONNECTION},
            "environmentAccountConnectionId",
            id="connection",
        ),
    ],
)
def test_a_self_managed_environment_stays_so(
    proton: Client, seed: Seed, refused: Refused, members: dict[str, Any], words: str
) -> None:
    arn = seed.environment("dev", template="vpc", self_managed=True)["arn"]
    proton.notify_resource_deployment_status_change(resourceArn=arn, status="SUCCEEDED")

    request = {"name": "dev", "deploymentType": "CURRENT_VERSION"}
    refused(VE, words, "update_environment", **request, **members)
    same = proton.update_environment(**request, provisioningRepository=REPOSITORY)
    assert same["environment"]["deploymentStatus"] == "IN_PROGRESS"


# --- busy, cancelled, deleted --------------------------------------------------------------------


@pytest.mark.rule("3.3-11", "6.6-32")
def test_a_busy_environment_is_left_alone(create: Create, refused: Refused, hold: Hold) -> None:
    hold("environment")
    create()

    for kind in ("NONE", "CURRENT_VERSION"):
        refused(CE, "IN_PROGRESS", "update_environment", name="dev", deploymentType=kind)
    refused(CE, "IN_PROGRESS", "delete_environment", name="dev")


@pytest.mark.rule("6.6-38", "3.1-7")
def test_a_cancelled_update_is_taken_back(
    proton: Client, create: Create, get: Create, update: Create, hold: Hold, let_go: Hold
) -> None:
    create(templateMinorVersion="0")
    before = get()
    hold("environment")
    update("MINOR_VERSION", spec=OTHER_SPEC)

    cancelling = proton.cancel_environment_deployment(environmentName="dev")["environment"]

    assert cancelling["deploymentStatus"] == "CANCELLING"
    assert cancelling["spec"] == SPEC
    let_go("environment")
    after = get()
    assert after["deploymentStatus"] == "CANCELLED"
    assert after["deploymentStatusMessage"] == "User initiated cancellation."
    for name in ("spec", "templateMinorVersion", "lastDeploymentSucceededAt"):
        assert after[name] == before[name]


@pytest.mark.rule("3.1-8")
def test_a_cancellation_can_fail(
    proton: Client,
    create: Create,
    get: Create,
    update: Create,
    hold: Hold,
    let_go: Hold,
    faults: ModuleType,
) -> None:
    create()
    get()
    hold("environment")
    update("CURRENT_VERSION")
    proton.cancel_environment_deployment(environmentName="dev")
    faults.fail_deployment("environment/dev", message="too late")
    let_go("environment")

    got = get()

    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == ("FAILED", "too late")


@pytest.mark.rule("6.6-43")
@pytest.mark.parametrize("end", ["cancelled", "cancellation failed", "failed"])
def test_an_update_that_comes_to_nothing_gives_the_roles_back(
    proton: Client,
    create: Create,
    get: Create,
    update: Create,
    hold: Hold,
    let_go: Hold,
    faults: ModuleType,
    end: str,
) -> None:
    create(componentRoleArn=ROLE, description="the first")
    hold("environment")
    update(
        "CURRENT_VERSION",
        protonServiceRoleArn=OTHER_ROLE,
        componentRoleArn=OTHER_ROLE,
        codebuildRoleArn=OTHER_ROLE,
        description="the second",
    )
    assert get()["protonServiceRoleArn"] == OTHER_ROLE
    if end != "failed":
        proton.cancel_environment_deployment(environmentName="dev")
    if end != "cancelled":
        faults.fail_deployment("environment/dev")
    let_go("environment")

    after = get()

    assert after["deploymentStatus"] == ("CANCELLED" if end == "cancelled" else "FAILED")
    assert (after["protonServiceRoleArn"], after["componentRoleArn"]) == (ROLE, ROLE)
    assert "codebuildRoleArn" not in after
    assert after["description"] == "the second"


def test_a_later_failure_gives_back_the_roles_before_it_only(
    proton: Client, create: Create, get: Create, update: Create, faults: ModuleType
) -> None:
    create()
    update("CURRENT_VERSION", protonServiceRoleArn=OTHER_ROLE)
    assert get()["deploymentStatus"] == "SUCCEEDED"
    faults.fail_deployment("environment/dev")

    update("CURRENT_VERSION", componentRoleArn=ROLE)

    after = get()
    assert after["deploymentStatus"] == "FAILED"
    assert after["protonServiceRoleArn"] == OTHER_ROLE
    assert "componentRoleArn" not in after


@pytest.mark.rule("6.6-38", "6.6-39")
def test_only_an_update_under_way_can_be_cancelled(
    proton: Client, create: Create, update: Create, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    hold("environment")
    create()
    call = "cancel_environment_deployment"
    refused(CE, "environment dev", call, environmentName="dev")
    let_go("environment")
    refused(CE, "SUCCEEDED", call, environmentName="dev")
    hold("environment")
    update("CURRENT_VERSION")
    proton.cancel_environment_deployment(environmentName="dev")
    refused(CE, "CANCELLING", call, environmentName="dev")


@pytest.mark.rule("6.0.3-2", "6.6-35")
def test_a_delete_goes_on_until_the_environment_is_gone(
    proton: Client, create: Create, get: Create, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    create()
    before = get()
    hold("environment")

    deleting = proton.delete_environment(name="dev")["environment"]

    assert deleting == {**without_spec(before), "deploymentStatus": "DELETE_IN_PROGRESS"}
    assert proton.delete_environment(name="dev")["environment"] == deleting
    refused(CE, "dev", "update_environment", name="dev", deploymentType="NONE")
    let_go("environment")
    refused(RNF, "environment dev", "get_environment", name="dev")
    assert set(proton.delete_environment(name="dev")) == {"ResponseMetadata"}


@pytest.mark.rule("3.1-13", "3.1-14", "3.3-18")
def test_a_failed_deletion_can_be_tried_again(
    proton: Client, create: Create, get: Create, refused: Refused, faults: ModuleType
) -> None:
    create()
    faults.fail_deletion("environment/dev", message="a bucket is not empty")
    proton.delete_environment(name="dev")

    got = get()
    assert got["deploymentStatus"] == "DELETE_FAILED"
    assert got["deploymentStatusMessage"] == "a bucket is not empty"
    refused(CE, "dev", "update_environment", name="dev", deploymentType="CURRENT_VERSION")
    proton.delete_environment(name="dev")
    assert proton.list_environments()["environments"] == []


@pytest.mark.rule("3.3-12", "6.6-35")
def test_an_environment_in_use_is_not_deleted(proton: Client, seed: Seed, refused: Refused) -> None:
    seed.service("shop", instances={"web": "dev"})
    refused(CE, "service/shop/service-instance/web", "delete_environment", name="dev")
    proton.delete_service(name="shop")
    seed.component("cache", environmentName="dev")
    refused(CE, "component/cache", "delete_environment", name="dev")
    proton.delete_component(name="cache")

    deleting = proton.delete_environment(name="dev")["environment"]

    assert deleting["deploymentStatus"] == "DELETE_IN_PROGRESS"


@pytest.mark.rule("3.3-12")
def test_a_failed_instance_still_keeps_its_environment(
    proton: Client, seed: Seed, refused: Refused, faults: ModuleType
) -> None:
    faults.fail_deployment("service/shop/service-instance/web")
    seed.service("shop", instances={"web": "dev"})

    refused(CE, "service-instance/web", "delete_environment", name="dev")
