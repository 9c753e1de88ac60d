"""Pushes that make template versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton import faults
from moto_proton.seed import Seed

Client: TypeAlias = Any
Follow: TypeAlias = Callable[..., None]
Versions: TypeAlias = Callable[..., dict[str, str]]

REPOSITORY = "shop/infrastructure"
BRANCH = {"repositoryName": REPOSITORY, "repositoryProvider": "GITHUB", "branch": "main"}
ARN = "arn:aws:proton:us-east-1:123456789012:"
REGISTRATION = "compatible_environments:\n  - network:1\n"


def status(proton: Client, name: str = "network", kind: str = "ENVIRONMENT") -> dict[str, Any]:
    answer = proton.get_template_sync_status(
        templateName=name, templateType=kind, templateVersion="1"
    )
    return {member: value for member, value in answer.items() if member != "ResponseMetadata"}


def failure(proton: Client, name: str = "network", kind: str = "ENVIRONMENT") -> str:
    attempt = status(proton, name, kind)["latestSync"]
    assert attempt["status"] == "FAILED"
    event = attempt["events"][-1]
    assert event["type"] == "SYNC_FAILED"
    message: str = event["event"]
    return message


@pytest.mark.rule("3.4-2", "7.1-6", "11.1-12")
def test_a_first_push_makes_the_first_version(
    linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")

    linked.commit({"network/v1/schema/schema.yaml": "a"})

    assert versions("network") == {"1.0": "DRAFT"}


def test_a_config_takes_in_what_was_pushed_before_it(
    linked: Any, follow: Follow, versions: Versions
) -> None:
    linked.commit({"network/v1/schema/schema.yaml": "a"})

    follow("network")

    assert versions("network") == {"1.0": "DRAFT"}


@pytest.mark.rule("11.1-12")
def test_only_the_major_versions_that_changed_get_a_minor_version(
    linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")
    linked.commit({"network/v1/schema.yaml": "a", "network/v2/schema.yaml": "a"})
    assert list(versions("network")) == ["1.0", "2.0"]

    linked.commit({"network/v2/schema.yaml": "b", "network/README.md": "c", "README.md": "d"})

    assert list(versions("network")) == ["1.0", "2.0", "2.1"]


def test_directories_that_are_no_major_versions_are_left_alone(
    linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")

    linked.commit(
        {
            "network/v0/schema.yaml": "a",
            "network/v01/schema.yaml": "a",
            "network/draft/schema.yaml": "a",
            "network/v1": "a file",
            "other/v1/schema.yaml": "a",
        }
    )

    assert versions("network") == {}


@pytest.mark.parametrize("subdirectory", ["templates/aws", "/templates/aws/", "./templates/aws"])
def test_bundles_are_looked_for_in_the_subdirectory_only(
    linked: Any, follow: Follow, versions: Versions, subdirectory: str
) -> None:
    follow("network", subdirectory=subdirectory)

    linked.commit({"templates/aws/network/v1/s.yaml": "a", "network/v2/schema.yaml": "a"})

    assert list(versions("network")) == ["1.0"]


@pytest.mark.rule("15-2")
@pytest.mark.parametrize(
    ("at", "subdirectory"),
    [
        ("network", None),
        ("network", "/"),
        ("templates/network", None),
        ("a/b/c/network", None),
        ("a/b/network", "a"),
        ("a/b/network", "/a/b/"),
        ("a/b/network", "a/b/network"),
        ("network", "network"),
        ("network", "./network/"),
        ("network/network", "network"),
    ],
)
def test_the_directory_of_a_template_is_found_wherever_it_is(
    proton: Client, linked: Any, follow: Follow, versions: Versions, at: str, subdirectory: Any
) -> None:
    follow("network", **({"subdirectory": subdirectory} if subdirectory else {}))

    sha = linked.commit({f"{at}/v1/schema.yaml": "a", "docs/network.md": "b", "v3/s.yaml": "c"})

    assert versions("network") == {"1.0": "DRAFT"}
    revision = status(proton)["latestSync"]["targetRevision"]
    assert (revision["directory"], revision["sha"]) == (f"{at}/v1", sha)


def test_the_first_directory_of_the_name_is_the_nearest(
    proton: Client, linked: Any, follow: Follow
) -> None:
    follow("network")

    linked.commit({"a/b/network/v1/s.yaml": "a", "b/network/v1/s.yaml": "b", "c/network/v1/s": "c"})

    assert status(proton)["latestSync"]["targetRevision"]["directory"] == "b/network/v1"


def test_a_directory_of_the_name_without_a_version_is_passed_over(
    proton: Client, linked: Any, follow: Follow
) -> None:
    follow("network")

    linked.commit({"network/README.md": "a", "templates/network/v1/s.yaml": "b"})

    assert status(proton)["latestSync"]["targetRevision"]["directory"] == "templates/network/v1"


@pytest.mark.rule("15-2")
@pytest.mark.parametrize(
    ("members", "place"),
    [({}, "in the repository"), ({"subdirectory": "/aws/"}, "in the directory aws")],
)
def test_a_commit_without_a_bundle_says_where_one_was_looked_for(
    proton: Client,
    linked: Any,
    follow: Follow,
    versions: Versions,
    members: dict[str, str],
    place: str,
) -> None:
    follow("network", **members)

    sha = linked.commit({"netwrok/v1/schema.yaml": "a", "network/1/schema.yaml": "b"})

    assert f"Found no directory network/v1, v2 or the like {place} on the branch main" in (
        failure(proton)
    )
    assert status(proton)["desiredState"]["sha"] == sha
    linked.commit({"aws/network/v1/schema.yaml": "a"})
    assert versions("network") == {"1.0": "DRAFT"}
    assert status(proton)["latestSync"]["status"] == "SUCCEEDED"


def test_a_service_template_is_found_as_well(
    proton: Client, seed: Seed, linked: Any, follow: Follow, versions: Versions
) -> None:
    seed.environment_template("network")
    follow("web", "SERVICE", subdirectory="service-templates/web")

    linked.commit({"service-templates/web/v1/.compatible-envs": "network:1"})

    assert versions("web", "service") == {"1.0": "DRAFT"}


def test_another_branch_is_not_looked_at(linked: Any, follow: Follow, versions: Versions) -> None:
    follow("network")

    linked.commit({"network/v1/schema.yaml": "a"}, branch="dev")

    assert versions("network") == {}


def test_a_config_that_moves_to_another_branch_syncs_it(
    proton: Client, linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")
    linked.commit({"network/v1/schema.yaml": "a"})
    linked.commit({"network/v1/schema.yaml": "b"}, branch="dev")
    assert list(versions("network")) == ["1.0"]

    proton.update_template_sync_config(
        templateName="network", templateType="ENVIRONMENT", **{**BRANCH, "branch": "dev"}
    )

    assert list(versions("network")) == ["1.0", "1.1"]


@pytest.mark.rule("11.1-12")
def test_a_version_that_was_deleted_comes_again_with_the_next_commit(
    proton: Client, linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")
    linked.commit({"network/v1/schema.yaml": "a"})
    proton.delete_environment_template_version(
        templateName="network", majorVersion="1", minorVersion="0"
    )
    assert versions("network") == {}

    linked.commit({"README.md": "a"})

    assert versions("network") == {"1.1": "DRAFT"}


@pytest.mark.rule("11.1-14")
def test_a_template_that_was_synced_before_needs_a_new_commit(
    proton: Client, linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")
    linked.commit({"network/v1/schema.yaml": "a"})
    key = {"templateName": "network", "majorVersion": "1", "minorVersion": "0"}
    proton.delete_environment_template_version(**key)
    proton.delete_template_sync_config(templateName="network", templateType="ENVIRONMENT")
    proton.delete_environment_template(name="network")
    follow("network")
    assert versions("network") == {}

    linked.commit({"README.md": "a"})

    assert versions("network") == {"1.0": "DRAFT"}


@pytest.mark.rule("11.1-13", "3.6-2")
def test_registration_takes_its_time_and_later_commits_come_together(
    linked: Any, follow: Follow, versions: Versions, proton: Client
) -> None:
    from moto.moto_api import state_manager

    name = "proton::environment_template_version"
    state_manager.set_transition(name, {"progression": "manual", "times": 10**9})
    follow("network")
    first = linked.commit({"network/v1/schema.yaml": "a"})
    assert versions("network") == {"1.0": "REGISTRATION_IN_PROGRESS"}
    linked.commit({"network/v1/schema.yaml": "b"})
    last = linked.commit({"network/v1/schema.yaml": "c"})

    waiting = status(proton)
    state_manager.unset_transition(name)

    assert waiting["desiredState"]["sha"] == last
    assert waiting["latestSync"]["status"] == "IN_PROGRESS"
    assert waiting["latestSync"]["targetRevision"]["sha"] == first
    assert "latestSuccessfulSync" not in waiting
    assert versions("network") == {"1.0": "DRAFT", "1.1": "DRAFT"}
    assert status(proton)["latestSync"]["targetRevision"]["sha"] == last


@pytest.mark.rule("11.1-18")
def test_before_the_first_sync_a_status_is_empty(
    proton: Client, follow: Follow, seed: Seed
) -> None:
    seed.repository(REPOSITORY)
    follow("network")

    assert status(proton) == {}


def test_a_status_tells_where_the_version_is_from(
    proton: Client, linked: Any, follow: Follow
) -> None:
    follow("network")
    first = linked.commit({"network/v1/schema.yaml": "a"})
    assert status(proton)["latestSync"]["initialRevision"]["sha"] == first

    second = linked.commit({"network/v1/schema.yaml": "b"})

    seen = status(proton)
    revision = {**BRANCH, "directory": "network/v1", "sha": second}
    assert seen["desiredState"] == revision
    assert seen["latestSync"] == seen["latestSuccessfulSync"]
    attempt = seen["latestSync"]
    assert attempt["status"] == "SUCCEEDED"
    assert attempt["target"] == f"{ARN}environment-template/network"
    assert attempt["initialRevision"] == {**revision, "sha": first}
    assert attempt["targetRevision"] == revision
    (event,) = attempt["events"]
    assert event["externalId"] == second
    assert event["time"] == attempt["startedAt"]


@pytest.mark.rule("11.2-2")
def test_a_repository_sync_has_the_recorded_events(
    proton: Client, linked: Any, follow: Follow
) -> None:
    follow("network")
    sha = linked.commit({"network/v1/schema.yaml": "a"})

    attempt = proton.get_repository_sync_status(**BRANCH, syncType="TEMPLATE_SYNC")["latestSync"]

    assert attempt["status"] == "SUCCEEDED"
    events = [(e["type"], e["event"], e.get("externalId")) for e in attempt["events"]]
    assert events == [
        ("CLONE_STARTED", "Clone started", None),
        ("CONFIG_UPDATED", "Updated configuration", None),
        ("STARTING_SYNC", f"Starting syncs for commit {sha}", sha),
    ]


@pytest.mark.rule("3.6-1")
def test_a_failed_registration_fails_the_sync(
    proton: Client, linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")
    faults.fail_deployment("environment-template/network:1.0", message="no schema")

    linked.commit({"network/v1/schema.yaml": "a"})

    assert versions("network") == {"1.0": "REGISTRATION_FAILED"}
    assert failure(proton) == "no schema"


def test_a_major_version_out_of_order_fails(
    proton: Client, linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("network")

    linked.commit({"network/v2/schema.yaml": "a"})

    assert versions("network") == {}
    answer = proton.get_template_sync_status(
        templateName="network", templateType="ENVIRONMENT", templateVersion="2"
    )
    assert answer["latestSync"]["status"] == "FAILED"
    assert "latestSuccessfulSync" not in answer


def test_a_failed_sync_is_not_tried_again_before_the_next_commit(
    proton: Client, linked: Any, follow: Follow, versions: Versions
) -> None:
    follow("web", "SERVICE")
    linked.commit(
        {"web/v1/.template-registration.yaml": REGISTRATION, "web/v1/instance/a.yaml": "a"}
    )
    assert "network" in failure(proton, "web", "SERVICE")
    Seed(proton).environment_template("network")
    assert versions("web", "service") == {}

    linked.commit({"README.md": "a"})

    assert versions("web", "service") == {"1.0": "DRAFT"}


@pytest.mark.rule("6.5-6", "11.1-15")
def test_a_service_template_takes_its_members_from_the_registration_file(
    proton: Client, linked: Any, follow: Follow
) -> None:
    # The service template first: the environment template of the same commit is there in time.
    follow("web", "SERVICE")
    follow("network")
    registration = REGISTRATION + "supported_component_sources:\n  - DIRECTLY_DEFINED\n"

    linked.commit({"network/v1/s.yaml": "a", "web/v1/.template-registration.yaml": registration})

    version = proton.get_service_template_version(
        templateName="web", majorVersion="1", minorVersion="0"
    )["serviceTemplateVersion"]
    compatible = [{"templateName": "network", "majorVersion": "1"}]
    assert version["compatibleEnvironmentTemplates"] == compatible
    assert version["supportedComponentSources"] == ["DIRECTLY_DEFINED"]
    assert version["status"] == "DRAFT"


@pytest.mark.rule("11.1-16")
def test_the_older_file_of_compatible_environments_works(
    proton: Client, seed: Seed, linked: Any, follow: Follow
) -> None:
    seed.environment_template("network")
    seed.environment_template("other")
    follow("web", "SERVICE")

    linked.commit({"web/v1/.compatible-envs": "network:1\n\nother:1\n"})

    version = proton.get_service_template_version(
        templateName="web", majorVersion="1", minorVersion="0"
    )["serviceTemplateVersion"]
    names = [each["templateName"] for each in version["compatibleEnvironmentTemplates"]]
    assert names == ["network", "other"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(None, "has no .template-registration.yaml", id="missing"),
        pytest.param("a: [", "is not YAML", id="no YAML"),
        pytest.param("[" * 5000, "nested deeper than 100 levels", id="too deep"),
        pytest.param("\x00", "is not YAML", id="a character that YAML does not take"),
        pytest.param("", "has no compatible_environments", id="empty"),
        pytest.param("- network:1", "has no compatible_environments", id="no mapping"),
        pytest.param("compatible_environments: network:1", "is no list", id="no list"),
        pytest.param("compatible_environments: []", "not valid", id="none"),
        pytest.param("compatible_environments: [network]", "name:major", id="no major"),
        pytest.param("compatible_environments: ['network:x']", "not valid", id="no number"),
        pytest.param("compatible_environments: ['network:2']", "network:2", id="missing major"),
        pytest.param("compatible_environments: ['none:1']", "none", id="missing template"),
        pytest.param(
            REGISTRATION + "supported_component_sources: [S3]", "not valid", id="component source"
        ),
        pytest.param(
            REGISTRATION + "  - network:1", "more than once", id="the same environment twice"
        ),
    ],
)
def test_a_registration_file_that_is_wrong_fails_the_sync(
    proton: Client,
    seed: Seed,
    linked: Any,
    follow: Follow,
    versions: Versions,
    text: str | None,
    words: str,
) -> None:
    seed.environment_template("network")
    follow("web", "SERVICE")
    files = {"web/v1/instance_infrastructure/cloudformation.yaml": "a"}
    if text is not None:
        files["web/v1/.template-registration.yaml"] = text

    linked.commit(files)

    assert words in failure(proton, "web", "SERVICE")
    assert versions("web", "service") == {}
