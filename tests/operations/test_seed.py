"""``moto_proton.seed``: resources in one call."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

import moto_proton
from moto_proton import mock_proton, seed
from moto_proton.seed import Seed

Client: TypeAlias = Any


@pytest.fixture
def worlds(proton: Client) -> Seed:
    return Seed(proton)


def test_a_service_comes_with_all_that_it_needs(proton: Client, worlds: Seed) -> None:
    service = worlds.service(
        "checkout",
        instances={"dev": "dev-env", "prod": "prod-env"},
        pipeline=True,
        inputs={"port": 80},
        pipeline_inputs={"test": "make test"},
        description="Pays",
    )

    assert service == proton.get_service(name="checkout")["service"]
    assert (service["status"], service["description"]) == ("ACTIVE", "Pays")
    assert service["pipeline"]["deploymentStatus"] == "SUCCEEDED"
    assert service["spec"] == seed.service_spec(
        {"dev": "dev-env", "prod": "prod-env"},
        inputs={"port": 80},
        pipeline={"test": "make test"},
    )
    listed = proton.list_service_instances(serviceName="checkout")["serviceInstances"]
    assert {each["name"]: each["environmentName"] for each in listed} == {
        "dev": "dev-env",
        "prod": "prod-env",
    }
    environments = proton.list_environments()["environments"]
    assert {each["name"] for each in environments} == {"dev-env", "prod-env"}


def test_an_environment_is_deployed_and_stays_what_it_is(worlds: Seed) -> None:
    made = worlds.environment("dev", inputs={"cidr": "10.0.0.0/16"})

    assert (made["deploymentStatus"], made["templateMajorVersion"]) == ("SUCCEEDED", "1")
    assert "cidr: 10.0.0.0/16" in made["spec"]
    assert worlds.environment("dev") == made
    assert worlds.environment("dev", inputs={"cidr": "10.0.0.0/16"}, version="1.0") == made


@pytest.mark.parametrize("kind", ["environment", "service"])
def test_a_template_has_the_versions_asked_for(proton: Client, worlds: Seed, kind: str) -> None:
    made = getattr(worlds, f"{kind}_template")(
        "web", versions=["1.0", "1.1", "2.0"], description="The web"
    )

    assert (made["recommendedVersion"], made["description"]) == ("2.0", "The web")
    again = getattr(worlds, f"{kind}_template")("web", versions=["1.0", "1.2"])
    assert again["recommendedVersion"] == "2.0"
    listed = getattr(proton, f"list_{kind}_template_versions")(
        templateName="web", majorVersion="1"
    )["templateVersions"]
    assert [each["minorVersion"] for each in listed] == ["2", "1", "0"]
    assert {each["status"] for each in listed} == {"PUBLISHED"}


def test_a_version_that_can_not_come_next_is_an_error(worlds: Seed) -> None:
    with pytest.raises(ValueError, match=r"the next version is 1\.0, not 2\.0"):
        worlds.environment_template("web", versions=["2.0"])


def test_a_service_starts_on_the_version_asked_for(proton: Client, worlds: Seed) -> None:
    worlds.service("shop", template="web", version="2.1")

    (instance,) = proton.list_service_instances()["serviceInstances"]
    assert (instance["templateMajorVersion"], instance["templateMinorVersion"]) == ("2", "1")


def test_members_of_the_request_win(worlds: Seed) -> None:
    text = "proton: ServiceSpec\ninstances:\n- name: other\n  environment: dev\n"

    assert worlds.service("shop", spec=text)["spec"] == text


def test_a_component_is_detached_or_attached(worlds: Seed) -> None:
    worlds.service("shop")

    assert "serviceName" not in worlds.component("alone")
    attached = worlds.component("cache", attach_to=("shop", "dev"), description="Fast")
    assert (attached["serviceName"], attached["serviceInstanceName"]) == ("shop", "dev")
    assert (attached["deploymentStatus"], attached["description"]) == ("SUCCEEDED", "Fast")


def test_a_self_managed_environment_waits(worlds: Seed) -> None:
    made = worlds.environment("dev", self_managed=True)

    assert made["deploymentStatus"] == "IN_PROGRESS"
    assert made["provisioningRepository"]["name"] == "shop/infrastructure"


def test_roles_that_are_there_stay(proton: Client, worlds: Seed) -> None:
    role = "arn:aws:iam::123456789012:role/mine"
    proton.update_account_settings(pipelineServiceRoleArn=role)

    settings = worlds.pipeline_roles()

    assert settings["pipelineServiceRoleArn"] == role
    assert settings["pipelineCodebuildRoleArn"].endswith("role/pipelines")


def test_a_repository_can_be_asked_for_twice(worlds: Seed) -> None:
    assert worlds.repository() == worlds.repository()


def test_the_module_works_in_the_region_of_the_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_proton():
        made = {
            "environment template": seed.environment_template(),
            "service template": seed.service_template(),
            "environment": seed.environment("dev"),
            "service": moto_proton.seed.service("shop"),
            "component": seed.component("cache"),
        }
        seed.pipeline_roles()
        seed.repository()

    assert {each["arn"].split(":")[3] for each in made.values()} == {"eu-west-1"}
