"""What the response of each call that starts a workflow shows already, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
LATER = NOON + timedelta(hours=1)

NOT_BEFORE_THE_FIRST_SUCCESS = {
    "lastDeploymentSucceededAt",
    "lastSucceededDeploymentId",
    "spec",
    "templateMajorVersion",
    "templateMinorVersion",
}
ROLE = "arn:aws:iam::123456789012:role/proton"
SOURCE: Any = {"s3": {"bucket": "bundles", "key": "shop.tar.gz"}}


@pytest.mark.rule("3.7-1")
def test_create_service(
    empty: ProtonClient, make_svc: Callable[..., dict[str, Any]], spec: Callable[..., str], raw: Any
) -> None:
    make_svc()
    described = empty.get_service(name="svc")["service"]
    created = empty.create_service(
        name="other",
        templateName=described["templateName"],
        templateMajorVersion="1",
        spec=spec("a"),
        repositoryConnectionArn=described["repositoryConnectionArn"],
        repositoryId=described["repositoryId"],
        branchName=described["branchName"],
    )["service"]

    assert created["status"] == "CREATE_IN_PROGRESS"
    assert created["createdAt"] == created["lastModifiedAt"]
    assert created["pipeline"]["deploymentStatus"] == "IN_PROGRESS"
    assert created["pipeline"].keys().isdisjoint(NOT_BEFORE_THE_FIRST_SUCCESS)


@pytest.mark.rule("3.2-18", "3.2-20", "3.2-19", "3.2-21")
def test_the_end_of_a_creation_counts_as_a_modification_and_updates_of_parts_do_not(
    make_svc: Callable[..., dict[str, Any]],
    empty: ProtonClient,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    with freeze_time(NOON) as clock:
        hold("service")
        make_svc()
        clock.move_to(LATER)
        let_go()
        hold_until = get()
        clock.tick(timedelta(hours=1))
        empty.update_service_instance(serviceName="svc", name="a", deploymentType="CURRENT_VERSION")
        empty.update_service_pipeline(
            serviceName="svc", deploymentType="CURRENT_VERSION", spec=spec("a", "b")
        )

        after = get()

    assert after["status"] == hold_until["status"] == "ACTIVE"
    assert after["lastModifiedAt"] == hold_until["lastModifiedAt"]


@pytest.mark.rule("3.7-4")
def test_delete_service(make_svc: Callable[..., dict[str, Any]], empty: ProtonClient) -> None:
    with freeze_time(NOON) as clock:
        before = make_svc()
        clock.move_to(LATER)

        deleted = empty.delete_service(name="svc")["service"]

    assert deleted == {
        **before,
        "status": "DELETE_IN_PROGRESS",
        "lastModifiedAt": LATER,
        "pipeline": {**before["pipeline"], "deploymentStatus": "DELETE_IN_PROGRESS"},
    }


@pytest.mark.rule("6.9-5")
def test_create_service_instance(
    proton: ProtonClient, get: Callable[[], dict[str, Any]], spec: Callable[..., str]
) -> None:
    before = get()

    created = proton.create_service_instance(serviceName="svc", name="c", spec=spec("c"))

    instance = created["serviceInstance"]
    assert instance["deploymentStatus"] == "IN_PROGRESS"
    assert instance.keys().isdisjoint(NOT_BEFORE_THE_FIRST_SUCCESS)
    after = get()
    assert after["spec"] == spec("a", "b", "c")
    assert {**after, "spec": before["spec"]} == before


@pytest.mark.rule("3.1-21", "3.7-5")
@pytest.mark.parametrize("kind", ["environment", "service_instance", "service_pipeline"])
def test_an_update_to_a_minor_version_shows_the_old_one_until_it_succeeded(
    proton: Any, seed: Seed, spec: Callable[..., str], kind: str
) -> None:
    seed.environment_template(versions=["1.0", "1.1"])
    seed.service_template(pipeline=True, versions=["1.0", "1.1"])
    new_spec = spec("a", "b", pipeline={"dockerfile": "Other"}).replace("port: 80", "port: 81")
    calls: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "environment": (
            lambda: proton.update_environment(name="env", deploymentType="MINOR_VERSION")[
                "environment"
            ],
            lambda: proton.get_environment(name="env")["environment"],
        ),
        "service_instance": (
            lambda: proton.update_service_instance(
                serviceName="svc", name="a", deploymentType="MINOR_VERSION", spec=new_spec
            )["serviceInstance"],
            lambda: proton.get_service_instance(serviceName="svc", name="a")["serviceInstance"],
        ),
        "service_pipeline": (
            lambda: proton.update_service_pipeline(
                serviceName="svc", deploymentType="MINOR_VERSION", spec=new_spec
            )["pipeline"],
            lambda: proton.get_service(name="svc")["service"]["pipeline"],
        ),
    }
    update, get = calls[kind]
    before = get()

    response = update()

    assert response["deploymentStatus"] == "IN_PROGRESS"
    assert response["templateMinorVersion"] == "0"
    # Rules 3.7-5, 3.7-7 and 3.7-10.
    assert response.get("spec") == (before["spec"] if kind == "service_pipeline" else None)
    assert response["lastDeploymentSucceededAt"] == before["lastDeploymentSucceededAt"]
    after = get()
    assert after["templateMinorVersion"] == "1"
    assert after["spec"] == (before["spec"] if kind == "environment" else new_spec)


@pytest.mark.rule("3.7-9", "3.7-12")
def test_create_and_delete_environment(empty: ProtonClient, seed: Seed) -> None:
    seed.environment_template()

    with freeze_time(NOON) as clock:
        created = empty.create_environment(
            name="dev",
            templateName="environment-template",
            templateMajorVersion="1",
            protonServiceRoleArn=ROLE,
            spec="proton: EnvironmentSpec\n",
        )["environment"]
        before = empty.get_environment(name="dev")["environment"]
        clock.move_to(LATER)
        deleted = empty.delete_environment(name="dev")["environment"]

    assert created["deploymentStatus"] == "IN_PROGRESS"
    assert created["createdAt"] == created["lastDeploymentAttemptedAt"] == NOON
    assert created.keys().isdisjoint(NOT_BEFORE_THE_FIRST_SUCCESS)
    assert before["lastDeploymentSucceededAt"] == NOON
    shown = {name: value for name, value in before.items() if name != "spec"}
    assert deleted == {**shown, "deploymentStatus": "DELETE_IN_PROGRESS"}


@pytest.mark.rule("3.7-13", "3.7-14", "3.7-15")
@pytest.mark.proton(config={"require_bundles": False})
@pytest.mark.parametrize("kind", ["environment", "service"])
def test_a_template_version_from_its_creation_to_its_deletion(
    empty: Any, seed: Seed, kind: str
) -> None:
    getattr(seed, f"{kind}_template")("shop", versions=[])
    more = {}
    if kind == "service":
        more["compatibleEnvironmentTemplates"] = [
            {"templateName": "environment-template", "majorVersion": "1"}
        ]
    number = {"templateName": "shop", "majorVersion": "1", "minorVersion": "0"}
    member = f"{kind}TemplateVersion"

    def call(verb: str, **members: Any) -> dict[str, Any]:
        answer = getattr(empty, f"{verb}_{kind}_template_version")(**members)
        return dict(answer[member])

    created = call("create", templateName="shop", source=SOURCE, **more)
    draft = call("get", **number)
    published = call("update", **number, status="PUBLISHED")
    deleted = call("delete", **number)

    assert created["status"] == "REGISTRATION_IN_PROGRESS"
    assert created.keys().isdisjoint({"schema", "statusMessage", "recommendedMinorVersion"})
    assert (draft["status"], draft["statusMessage"]) == ("DRAFT", "")
    assert (published["status"], published["recommendedMinorVersion"]) == ("PUBLISHED", "0")
    assert deleted["status"] == "PUBLISHED"
    assert deleted.keys().isdisjoint({"schema", "recommendedMinorVersion"})
