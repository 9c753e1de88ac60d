"""Service pipelines: updated and cancelled."""

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


def spec(test: str = "make test", port: int = 80, instance: str = "dev") -> str:
    return (
        f"proton: ServiceSpec\npipeline:\n  test: {test}\ninstances:\n"
        f"- name: {instance}\n  environment: dev\n  spec:\n    port: {port}\n"
    )


@pytest.fixture(autouse=True)
def _shop(seed: Seed) -> None:
    seed.service("shop", template="web", pipeline=True, spec=spec())
    seed.service_template("web", versions=["1.0", "1.1", "2.0"])


def get(client: Client) -> dict[str, Any]:
    return dict(client.get_service(name="shop")["service"]["pipeline"])


def update(client: Client, kind: str, text: str | None = None, **members: Any) -> dict[str, Any]:
    answer = client.update_service_pipeline(
        serviceName="shop", deploymentType=kind, spec=text or spec(), **members
    )
    return dict(answer["pipeline"])


def number(pipeline: dict[str, Any]) -> str:
    return f"{pipeline['templateMajorVersion']}.{pipeline['templateMinorVersion']}"


@pytest.mark.rule("3.1-22", "4.3-9")
def test_an_update_shows_the_old_state_until_it_succeeds(proton: Client) -> None:
    before = get(proton)

    updated = update(proton, "MINOR_VERSION", spec("make check"))

    changed = {"deploymentStatus", "lastDeploymentAttemptedAt", "lastAttemptedDeploymentId"}
    assert {n for n in updated if updated[n] != before.get(n)} == changed
    assert updated["deploymentStatus"] == "IN_PROGRESS"
    after = get(proton)
    assert (after["deploymentStatus"], number(after)) == ("SUCCEEDED", "1.1")
    assert after["spec"] == spec("make check")
    assert after["lastDeploymentSucceededAt"] == updated["lastDeploymentAttemptedAt"]


@pytest.mark.rule("4.3-13", "6.10-4")
def test_only_the_pipeline_inputs_go_into_the_service(proton: Client) -> None:
    before = proton.get_service(name="shop")["service"]

    update(proton, "CURRENT_VERSION", spec("make check", port=81, instance="other"))

    get(proton)
    service = proton.get_service(name="shop")["service"]
    assert service["spec"] == spec("make check")
    assert (service["status"], service["lastModifiedAt"]) == ("ACTIVE", before["lastModifiedAt"])
    (instance,) = proton.list_service_instances(serviceName="shop")["serviceInstances"]
    assert instance["name"] == "dev"
    assert instance["lastDeploymentAttemptedAt"] == before["createdAt"]


@pytest.mark.rule("6.10-2", "6.10-6")
@pytest.mark.parametrize(
    ("kind", "members", "expected"),
    [
        pytest.param("CURRENT_VERSION", {}, "1.0", id="present version"),
        pytest.param("MINOR_VERSION", {}, "1.1", id="recommended minor"),
        pytest.param("MAJOR_VERSION", {}, "2.0", id="recommended version"),
        pytest.param("MAJOR_VERSION", {"templateMajorVersion": "2"}, "2.0", id="major by name"),
        pytest.param("NONE", {}, "1.0", id="none"),
    ],
)
def test_the_deployment_type_decides_the_version(
    proton: Client, kind: str, members: dict[str, str], expected: str
) -> None:
    update(proton, kind, **members)

    assert number(get(proton)) == expected


@pytest.mark.rule("6.10-7")
def test_none_changes_nothing(proton: Client) -> None:
    before = get(proton)

    assert update(proton, "NONE", spec("make check")) == before
    assert get(proton) == before


@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(VE, "'spec'", {"spec": None}, id="no spec"),
        pytest.param(VE, "'spec'", {"spec": None, "deploymentType": "NONE"}, id="none, no spec"),
        pytest.param(VE, "Service Spec", {"spec": "instances: {}"}, id="bad spec"),
        pytest.param(
            VE, "Service Spec", {"spec": "x", "deploymentType": "NONE"}, id="none, bad spec"
        ),
        pytest.param(
            VE,
            "NONE",
            {"deploymentType": "NONE", "templateMinorVersion": "1"},
            id="none with a version",
        ),
        pytest.param(VE, "CURRENT_VERSION", {"templateMinorVersion": "1"}, id="current version"),
        pytest.param(
            VE,
            "not higher",
            {"deploymentType": "MAJOR_VERSION", "templateMajorVersion": "1"},
            id="same major",
        ),
        pytest.param(
            RNF,
            "web:1.8",
            {"deploymentType": "MINOR_VERSION", "templateMinorVersion": "8"},
            id="minor",
        ),
        pytest.param(
            VE,
            "CURRENT_VAL",
            {"spec": spec().replace("test: make test", "more: ${Proton::CURRENT_VAL}")},
            id="current value of nothing",
        ),
        pytest.param(RNF, "service nil", {"serviceName": "nil"}, id="service"),
    ],
)
def test_an_update_is_refused(
    refused: Refused, code: str, words: str, members: dict[str, Any]
) -> None:
    request = {"serviceName": "shop", "deploymentType": "CURRENT_VERSION", "spec": spec("new")}
    refused(code, words, "update_service_pipeline", **{**request, **members})


@pytest.mark.rule("4.4-4")
def test_the_current_value_keeps_an_input(proton: Client) -> None:
    update(proton, "CURRENT_VERSION", spec("${Proton::CURRENT_VAL}", port=80))

    assert get(proton)["spec"] == spec()


@pytest.mark.rule("6.10-3")
def test_a_service_without_a_pipeline_has_none(seed: Seed, refused: Refused) -> None:
    seed.service("plain", instances={"dev": "dev"})

    words = "service plain has no pipeline"
    refused(RNF, words, "cancel_service_pipeline_deployment", serviceName="plain")
    request = {"serviceName": "plain", "deploymentType": "NONE", "spec": spec()}
    refused(RNF, words, "update_service_pipeline", **request)


def test_a_failed_update_keeps_what_was_there(proton: Client, faults: ModuleType) -> None:
    before = get(proton)
    faults.fail_deployment("service/shop/pipeline/*", message="no build image")

    update(proton, "MINOR_VERSION", spec("make check"))

    after = get(proton)
    assert after["deploymentStatus"] == "FAILED"
    assert after["deploymentStatusMessage"] == "no build image"
    for name in ("spec", "templateMinorVersion", "lastDeploymentSucceededAt"):
        assert after[name] == before[name]
    assert proton.get_service(name="shop")["service"]["status"] == "ACTIVE"


@pytest.mark.rule("6.10-10")
def test_a_pipeline_that_was_never_deployed_has_no_version_to_update(
    proton: Client, refused: Refused, faults: ModuleType
) -> None:
    faults.fail_deployment("service/other/pipeline/*")
    proton.create_service(
        name="other",
        templateName="web",
        templateMajorVersion="1",
        spec=spec(),
        repositoryConnectionArn=proton.get_service(name="shop")["service"][
            "repositoryConnectionArn"
        ],
        repositoryId="shop/web",
        branchName="main",
    )

    refused(
        VE,
        "no template version",
        "update_service_pipeline",
        serviceName="other",
        deploymentType="CURRENT_VERSION",
        spec=spec(),
    )


@pytest.mark.rule("6.10-8", "3.1-7")
def test_a_cancelled_update_is_taken_back(
    proton: Client, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    before = get(proton)
    call = "cancel_service_pipeline_deployment"
    refused(CE, "SUCCEEDED", call, serviceName="shop")
    hold("service_pipeline")
    update(proton, "MINOR_VERSION", spec("make check"))
    request = {"serviceName": "shop", "deploymentType": "CURRENT_VERSION", "spec": spec()}
    refused(CE, "IN_PROGRESS", "update_service_pipeline", **request)

    cancelling = proton.cancel_service_pipeline_deployment(serviceName="shop")["pipeline"]

    assert cancelling["deploymentStatus"] == "CANCELLING"
    refused(CE, "CANCELLING", call, serviceName="shop")
    let_go("service_pipeline")
    after = get(proton)
    assert after["deploymentStatus"] == "CANCELLED"
    assert after["deploymentStatusMessage"] == "User initiated cancellation."
    for name in ("spec", "templateMinorVersion", "lastDeploymentSucceededAt"):
        assert after[name] == before[name]


@pytest.mark.rule("6.10-5", "3.3-2")
def test_a_service_that_is_edited_keeps_its_pipeline_to_itself(
    proton: Client, refused: Refused, hold: Hold
) -> None:
    hold("service")
    proton.update_service(name="shop", spec=spec())

    request = {"serviceName": "shop", "deploymentType": "CURRENT_VERSION", "spec": spec()}
    refused(CE, "UPDATE_IN_PROGRESS", "update_service_pipeline", **request)
    refused(CE, "UPDATE_IN_PROGRESS", "cancel_service_pipeline_deployment", serviceName="shop")
