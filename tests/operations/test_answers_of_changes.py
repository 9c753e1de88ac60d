"""What the answers to calls that change something show and leave out: table 3.7, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Hold: TypeAlias = Callable[..., None]

DEV = {"dev": "dev"}
TEST = {"test": "make test"}


@pytest.fixture(autouse=True)
def _shop(seed: Seed) -> None:
    seed.service("shop", template="web", pipeline=True, instances=DEV, pipeline_inputs=TEST)
    seed.service_template("web", versions=["1.0", "1.1"])


def environment(client: Client) -> dict[str, Any]:
    return dict(client.get_environment(name="dev")["environment"])


def spec(port: int = 80) -> str:
    return service_spec(DEV, inputs={"port": port}, pipeline=TEST)


@pytest.mark.rule("3.7-1")
@pytest.mark.rule("3.7-4")
@pytest.mark.rule("3.7-18")
def test_the_services_own_calls_keep_spec_pipeline_and_branch(proton: Client) -> None:
    before = proton.get_service(name="shop")["service"]
    kept = {"spec", "pipeline", "branchName"}

    described = proton.update_service(name="shop", description="The shop")["service"]
    deleted = proton.delete_service(name="shop")["service"]

    assert kept <= before.keys()
    assert kept <= described.keys()
    assert described["spec"] == deleted["spec"] == before["spec"]
    assert kept <= deleted.keys()
    assert described["status"] == "ACTIVE"
    assert deleted["status"] == "DELETE_IN_PROGRESS"


@pytest.mark.rule("3.7-3")
def test_an_edit_shows_the_new_description_and_spec_at_once(proton: Client) -> None:
    more = service_spec({**DEV, "prod": "dev"}, pipeline=TEST)

    edited = proton.update_service(name="shop", spec=more, description="More")["service"]

    assert (edited["status"], edited["description"], edited["spec"]) == (
        "UPDATE_IN_PROGRESS",
        "More",
        more,
    )


@pytest.mark.rule("3.7-5")
@pytest.mark.rule("3.7-6")
def test_an_instance_shows_its_spec_when_cancelled_and_not_when_updated(
    proton: Client, hold: Hold
) -> None:
    key = {"serviceName": "shop", "name": "dev"}
    before = proton.get_service_instance(**key)["serviceInstance"]
    hold("service_instance")

    updated = proton.update_service_instance(**key, deploymentType="MINOR_VERSION", spec=spec(81))[
        "serviceInstance"
    ]
    cancelled = proton.cancel_service_instance_deployment(
        serviceName="shop", serviceInstanceName="dev"
    )["serviceInstance"]

    assert "spec" not in updated
    assert (updated["deploymentStatus"], updated["templateMinorVersion"]) == ("IN_PROGRESS", "0")
    assert updated["lastDeploymentAttemptedAt"] > before["lastDeploymentAttemptedAt"]
    assert updated["lastDeploymentSucceededAt"] == before["lastDeploymentSucceededAt"]
    assert (cancelled["deploymentStatus"], cancelled["spec"]) == ("CANCELLING", before["spec"])


@pytest.mark.rule("3.7-7")
@pytest.mark.rule("3.7-8")
def test_a_pipeline_shows_its_spec_when_updated_and_not_when_cancelled(
    proton: Client, hold: Hold
) -> None:
    before = proton.get_service(name="shop")["service"]["pipeline"]
    hold("service_pipeline")
    new = service_spec(DEV, pipeline={"test": "make check"})

    updated = proton.update_service_pipeline(
        serviceName="shop", deploymentType="MINOR_VERSION", spec=new
    )["pipeline"]
    cancelled = proton.cancel_service_pipeline_deployment(serviceName="shop")["pipeline"]

    assert (updated["deploymentStatus"], updated["templateMinorVersion"]) == ("IN_PROGRESS", "0")
    assert updated["spec"] == before["spec"]
    assert cancelled["deploymentStatus"] == "CANCELLING"
    assert "spec" not in cancelled


@pytest.mark.rule("3.7-9")
def test_a_new_environment_shows_neither_spec_nor_version(proton: Client) -> None:
    request = {
        "name": "prod",
        "templateName": environment(proton)["templateName"],
        "templateMajorVersion": "1",
        "protonServiceRoleArn": "arn:aws:iam::123456789012:role/proton",
        "spec": "proton: EnvironmentSpec\nspec:\n  size: 1\n",
    }

    created = proton.create_environment(**request)["environment"]

    left_out = {"spec", "templateMajorVersion", "templateMinorVersion", "lastDeploymentSucceededAt"}
    assert created["deploymentStatus"] == "IN_PROGRESS"
    assert created.keys().isdisjoint(left_out)
    assert proton.get_environment(name="prod")["environment"]["spec"] == request["spec"]
    again = proton.create_environment(**request)["environment"]
    assert again["deploymentStatus"] == "SUCCEEDED"
    assert "spec" not in again


@pytest.mark.rule("3.7-10")
@pytest.mark.rule("3.7-11")
def test_an_environment_shows_its_spec_when_cancelled_and_not_when_updated(
    proton: Client, hold: Hold
) -> None:
    before = environment(proton)
    hold("environment")

    updated = proton.update_environment(
        name="dev", deploymentType="CURRENT_VERSION", spec="proton: EnvironmentSpec\nspec: {a: 1}\n"
    )["environment"]
    cancelled = proton.cancel_environment_deployment(environmentName="dev")["environment"]

    assert "spec" not in updated
    assert updated["deploymentStatus"] == "IN_PROGRESS"
    assert updated["templateMinorVersion"] == before["templateMinorVersion"]
    assert (cancelled["deploymentStatus"], cancelled["spec"]) == ("CANCELLING", before["spec"])


@pytest.mark.rule("3.7-10")
def test_an_environment_that_only_takes_other_roles_shows_no_spec_either(proton: Client) -> None:
    updated = proton.update_environment(
        name="dev",
        deploymentType="NONE",
        componentRoleArn="arn:aws:iam::123456789012:role/other",
    )["environment"]

    assert "spec" not in updated
    assert "spec" in environment(proton)


@pytest.mark.rule("3.7-12")
def test_an_environment_that_goes_shows_no_spec(proton: Client, seed: Seed) -> None:
    before = seed.environment("prod")

    deleted = proton.delete_environment(name="prod")["environment"]

    assert "spec" not in deleted
    assert deleted["deploymentStatus"] == "DELETE_IN_PROGRESS"
    assert deleted["lastDeploymentAttemptedAt"] == before["lastDeploymentAttemptedAt"]


@pytest.mark.rule("3.7-13")
@pytest.mark.rule("3.7-14")
@pytest.mark.rule("3.7-15")
@pytest.mark.parametrize("kind", ["environment", "service"])
def test_a_version_shows_its_recommended_minor_between_its_creation_and_its_deletion(
    proton: Client, seed: Seed, kind: str
) -> None:
    name = getattr(seed, f"{kind}_template")("shop-template", versions=["1.0"])["name"]
    member = f"{kind}TemplateVersion"
    more = {}
    if kind == "service":
        template = environment(proton)["templateName"]
        more["compatibleEnvironmentTemplates"] = [{"templateName": template, "majorVersion": "1"}]

    def call(verb: str, **members: Any) -> dict[str, Any]:
        answer = getattr(proton, f"{verb}_{kind}_template_version")(templateName=name, **members)
        return dict(answer[member])

    source = {"s3": {"bucket": "bundles", "key": "a.tar.gz"}}
    first, second = ({"majorVersion": "1", "minorVersion": minor} for minor in "01")
    created = call("create", source=source, majorVersion="1", **more)
    got = call("get", **second)
    published = call("update", status="PUBLISHED", **second)
    deleted = call("delete", **first)

    left_out = {"recommendedMinorVersion", "schema"}
    assert created["status"] == "REGISTRATION_IN_PROGRESS"
    assert created.keys().isdisjoint({*left_out, "statusMessage"})
    assert (got["recommendedMinorVersion"], got["statusMessage"]) == ("0", "")
    assert (published["status"], published["recommendedMinorVersion"]) == ("PUBLISHED", "1")
    assert deleted["status"] == "PUBLISHED"
    assert deleted.keys().isdisjoint(left_out)


@pytest.mark.rule("3.7-16")
@pytest.mark.parametrize("kind", ["environment", "service"])
def test_a_template_that_goes_shows_the_version_that_was_recommended_last(
    proton: Client, seed: Seed, kind: str
) -> None:
    getattr(seed, f"{kind}_template")("gone", versions=["1.0", "1.1"])
    for minor in "01":
        getattr(proton, f"delete_{kind}_template_version")(
            templateName="gone", majorVersion="1", minorVersion=minor
        )
    member = f"{kind}Template"
    got = getattr(proton, f"get_{kind}_template")(name="gone")[member]

    deleted = getattr(proton, f"delete_{kind}_template")(name="gone")[member]

    assert "recommendedVersion" not in got
    assert deleted == {**got, "recommendedVersion": "1.1"}
