"""Rows 48 to 66: what the edited spec adds, deletes, keeps, and may not change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

CURRENT = "${Proton::CURRENT_VAL}"

# The spec of the start state in another order, with other quotes and layout, and comments.
REWRITTEN = """\
---
# written by hand
"proton": 'ServiceSpec'
instances:
    - spec: {image: "repo/app:1", "port": 80}   # first
      environment: "env"
      name: b

    - {name: a, environment: env, spec: {port: 80, image: repo/app:1}}
pipeline: {dockerfile: "Dockerfile"}
"""


# --- rows 48 to 53, 66: instances come and go ----------------------------------------------------


@pytest.mark.parametrize(
    ("names", "in_between", "at_the_end"),
    [
        pytest.param("ab", {"a": "SUCCEEDED", "b": "SUCCEEDED"}, "ab", id="row-48-identical"),
        pytest.param(
            "abc",
            {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "IN_PROGRESS"},
            "abc",
            id="row-50-add-one",
        ),
        pytest.param("a", {"a": "SUCCEEDED", "b": "DELETE_IN_PROGRESS"}, "a", id="row-51-remove"),
        pytest.param(
            "bc",
            {"a": "DELETE_IN_PROGRESS", "b": "SUCCEEDED", "c": "IN_PROGRESS"},
            "bc",
            id="row-52-remove-one-add-one",
        ),
        pytest.param(
            "c",
            {"a": "DELETE_IN_PROGRESS", "b": "DELETE_IN_PROGRESS", "c": "IN_PROGRESS"},
            "c",
            id="row-53-remove-all-that-were-there",
        ),
        pytest.param(
            "dcb",
            {"a": "DELETE_IN_PROGRESS", "b": "SUCCEEDED", "c": "IN_PROGRESS", "d": "IN_PROGRESS"},
            "bcd",
            id="row-52-several-at-once",
        ),
    ],
)
def test_an_edit_adds_and_deletes_by_name(
    proton: ProtonClient,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
    names: str,
    in_between: dict[str, str],
    at_the_end: str,
) -> None:
    pipeline_before = get()["pipeline"]
    hold("service", "service_instance", "service_pipeline")

    accepted = update(spec=spec(*names))

    assert accepted["status"] == "UPDATE_IN_PROGRESS"
    assert accepted["pipeline"]["deploymentStatus"] == "IN_PROGRESS"
    assert statuses() == in_between
    let_go()
    after = get()
    assert (after["status"], after["spec"]) == ("ACTIVE", spec(*names))
    assert statuses() == dict.fromkeys(at_the_end, "SUCCEEDED")
    assert after["pipeline"]["deploymentStatus"] == "SUCCEEDED"
    deployments = {
        pipeline["lastSucceededDeploymentId"] for pipeline in (pipeline_before, after["pipeline"])
    }
    assert len(deployments) == 2


@pytest.mark.row(48)
def test_instances_that_stay_are_left_as_they_are(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    before = instance("a")

    update(spec=spec("a", "c"))

    assert instance("a") == before


@pytest.mark.row(48)
def test_an_identical_spec_counts_as_a_modification(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    service = get()
    request: dict[str, Any] = {
        member: service[member]
        for member in (
            "name",
            "description",
            "templateName",
            "spec",
            "repositoryConnectionArn",
            "repositoryId",
            "branchName",
        )
    }

    update(spec=spec("a", "b"))

    with pytest.raises(ClientError, match=r"ConflictException.* was modified"):
        proton.create_service(**request, templateMajorVersion="1", templateMinorVersion="0")


@pytest.mark.row(49)
def test_only_the_meaning_of_the_text_counts(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
) -> None:
    before = [instance("a"), instance("b")]

    assert update(spec=REWRITTEN)["status"] == "UPDATE_IN_PROGRESS"

    after = get()
    assert (after["status"], after["spec"]) == ("ACTIVE", REWRITTEN)
    assert [instance("a"), instance("b")] == before


@pytest.mark.row(51)
def test_the_environment_of_a_removed_instance_is_free(
    proton: ProtonClient,
    seed: Seed,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    seed.environment("env2")
    update(spec=spec("a", "b", c="env2"))
    assert get()["status"] == "ACTIVE"
    refused("delete_environment", "ConflictException", "service-instance/c", name="env2")

    update(spec=spec("a", "b"))

    deleted = proton.delete_environment(name="env2")["environment"]
    assert deleted["deploymentStatus"] == "DELETE_IN_PROGRESS"


@pytest.mark.row(66)
def test_a_new_name_is_a_deletion_and_an_addition(
    proton: ProtonClient,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    hold("service_instance")

    update(spec=spec("a2", "b"))

    assert statuses() == {"a": "DELETE_IN_PROGRESS", "a2": "IN_PROGRESS", "b": "SUCCEEDED"}
    let_go()
    assert statuses() == {"a2": "SUCCEEDED", "b": "SUCCEEDED"}


# --- rows 54 to 63: what stays can't change ------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "culprit"),
    [
        pytest.param("port: 80", "port: 81", "instances[a].spec.port", id="row-54-one-input"),
        pytest.param(
            "port: 80", "port: 80\n    size: 1", "instances[a].spec.size", id="row-55-one-more"
        ),
        pytest.param("    port: 80\n", "", "instances[a].spec.port", id="row-55-one-left-out"),
        pytest.param("port: 80", "port: '80'", "instances[a].spec.port", id="row-56-other-type"),
        pytest.param("port: 80", "port: 80.0", "instances[a].spec.port", id="row-56-float"),
        pytest.param(
            "environment: env", "environment: env2", "instances[a].environment", id="row-57-moved"
        ),
        pytest.param(
            "port: 80",
            f"port: 80\n    size: {CURRENT}",
            "instances[a].spec.size",
            id="row-59-no-value-to-keep",
        ),
        pytest.param(
            "environment: env", f"environment: '{CURRENT}'", CURRENT, id="row-61-environment"
        ),
        pytest.param(
            "dockerfile: Dockerfile",
            "dockerfile: Other",
            "pipeline.dockerfile",
            id="row-62-pipeline-input",
        ),
        pytest.param(
            "dockerfile: Dockerfile",
            "dockerfile: Dockerfile\n  retries: 3",
            "pipeline.retries",
            id="row-62-one-more-pipeline-input",
        ),
        pytest.param(
            "pipeline:\n  dockerfile: Dockerfile\n",
            "",
            "pipeline.dockerfile",
            id="row-63-no-pipeline-section",
        ),
        pytest.param(
            "pipeline:\n  dockerfile: Dockerfile\n",
            "pipeline: {}\n",
            "pipeline.dockerfile",
            id="row-63-empty-pipeline-section",
        ),
    ],
)
def test_nothing_that_stays_can_change(
    proton: ProtonClient,
    seed: Seed,
    refused: Callable[..., None],
    spec: Callable[..., str],
    old: str,
    new: str,
    culprit: str,
) -> None:
    seed.environment("env2")
    text = spec("a", "b", "c")
    assert old in text

    refused(
        "update_service",
        "ValidationException",
        culprit,
        name="svc",
        spec=text.replace(old, new, 1),
        description="new",
    )


@pytest.mark.row(54)
@pytest.mark.usefixtures("proton")
def test_every_change_is_named(refused: Callable[..., None], spec: Callable[..., str]) -> None:
    refused(
        "update_service",
        "ValidationException",
        "pipeline.dockerfile",
        "instances[a].spec.port",
        "instances[b].spec.port",
        name="svc",
        spec=spec("a", "b").replace("80", "81").replace(": Dockerfile", ": Other"),
    )


@pytest.mark.row(58)
def test_current_values_prove_that_nothing_changes(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    before = [instance("a"), instance("b")]
    text = spec("a", "b")
    for value in ("80", "repo/app:1", "Dockerfile"):
        text = text.replace(f": {value}\n", f': "{CURRENT}"\n')

    assert update(spec=text)["status"] == "UPDATE_IN_PROGRESS"

    after = get()
    assert (after["status"], after["spec"]) == ("ACTIVE", spec("a", "b"))
    assert [instance("a"), instance("b")] == before


@pytest.mark.rule("5.3-9")
@pytest.mark.row(58)
def test_current_values_are_those_of_the_last_update_of_an_instance(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    updated = spec("a", "b").replace("port: 80", "port: 81", 1)
    proton.update_service_instance(
        serviceName="svc", name="a", deploymentType="CURRENT_VERSION", spec=updated
    )

    update(
        spec=updated.replace("port: 81", f'port: "{CURRENT}"') + "- name: c\n  environment: env\n"
    )

    after = get()
    assert after["status"] == "ACTIVE"
    assert after["spec"] == updated + "- name: c\n  environment: env\n"


@pytest.mark.row(60)
@pytest.mark.usefixtures("proton")
def test_a_new_instance_has_no_current_values(
    refused: Callable[..., None], spec: Callable[..., str]
) -> None:
    text = spec("a", "b") + f"- name: c\n  environment: env\n  spec:\n    port: {CURRENT}\n"

    refused(
        "update_service",
        "ValidationException",
        CURRENT,
        "instances[c].spec.port",
        name="svc",
        spec=text,
    )


# --- rows 64 and 65: a service without a pipeline ------------------------------------------------


@pytest.fixture
def without_pipeline(make_svc: Callable[..., dict[str, Any]]) -> None:
    assert "pipeline" not in make_svc(pipeline=False, pipeline_inputs=None)


@pytest.mark.row(64)
@pytest.mark.usefixtures("without_pipeline")
def test_pipeline_inputs_need_a_pipeline(
    refused: Callable[..., None], spec: Callable[..., str]
) -> None:
    refused(
        "update_service",
        "ValidationException",
        "pipeline.dockerfile",
        name="svc",
        spec=spec("a", "b"),
    )


@pytest.mark.row(65)
@pytest.mark.usefixtures("without_pipeline")
def test_an_empty_pipeline_section_needs_no_pipeline(
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    text = spec("a", "b", pipeline=None) + "pipeline: {}\n"

    assert update(spec=text)["status"] == "UPDATE_IN_PROGRESS"

    after = get()
    assert (after["status"], after["spec"]) == ("ACTIVE", text)
    assert "pipeline" not in after
