"""Services without instances: ``instances: []`` in the calls that take it.

At least one instance must remain when a service is edited, and only then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]

EMPTY = "proton: ServiceSpec\ninstances: []\n"
WITH_PIPELINE = "proton: ServiceSpec\npipeline:\n  test: make test\ninstances: []\n"


def service(client: Client) -> dict[str, Any]:
    return dict(client.get_service(name="shop")["service"])


def names(client: Client) -> list[str]:
    listed = client.list_service_instances(serviceName="shop")["serviceInstances"]
    return [instance["name"] for instance in listed]


@pytest.mark.rule("15-1")
@pytest.mark.parametrize("pipeline", [False, True], ids=["no pipeline", "with a pipeline"])
def test_a_service_is_created_without_instances(proton: Client, seed: Seed, pipeline: bool) -> None:
    text = WITH_PIPELINE if pipeline else EMPTY

    seed.service("shop", pipeline=pipeline, spec=text)

    shop = service(proton)
    assert (shop["status"], shop["spec"]) == ("ACTIVE", text)
    assert names(proton) == []
    assert shop.get("pipeline", {}).get("deploymentStatus") == ("SUCCEEDED" if pipeline else None)


@pytest.mark.rule("6.12-9")
def test_its_pipelines_deployment_names_no_environment(proton: Client, seed: Seed) -> None:
    seed.service("shop", pipeline=True, spec=WITH_PIPELINE)

    (deployment,) = proton.list_deployments(serviceName="shop")["deployments"]

    assert deployment["targetResourceType"] == "SERVICE_PIPELINE"
    assert "environmentName" not in deployment


def test_instances_join_it_later(proton: Client, seed: Seed) -> None:
    seed.environment("dev")
    seed.service("shop", template="web", pipeline=True, spec=WITH_PIPELINE)
    one = service_spec({"dev": "dev"}, pipeline={"test": "make test"})

    proton.create_service_instance(serviceName="shop", name="dev", spec=one)

    assert names(proton) == ["dev"]
    proton.get_service_instance(serviceName="shop", name="dev")
    both = service_spec({"dev": "dev", "prod": "dev"}, pipeline={"test": "make test"})
    proton.update_service(name="shop", spec=both)
    assert service(proton)["status"] == "ACTIVE"
    assert names(proton) == ["dev", "prod"]


def test_an_edit_that_leaves_it_without_instances_changes_nothing(
    proton: Client, seed: Seed
) -> None:
    seed.service("shop", pipeline=True, spec=WITH_PIPELINE)

    assert proton.update_service(name="shop", spec=WITH_PIPELINE)["service"]["status"] == (
        "UPDATE_IN_PROGRESS"
    )

    assert service(proton)["status"] == "ACTIVE"


def test_the_last_instance_can_not_be_edited_away(seed: Seed, refused: Refused) -> None:
    seed.service("shop")

    refused(
        "ValidationException",
        "at least one instance must remain",
        "update_service",
        name="shop",
        spec=EMPTY,
    )


@pytest.mark.rule("15-1")
def test_a_pipeline_is_updated_by_a_spec_without_instances(proton: Client, seed: Seed) -> None:
    seed.service("shop", pipeline=True, pipeline_inputs={"test": "make test"})
    text = WITH_PIPELINE.replace("make test", "make check")

    updated = proton.update_service_pipeline(
        serviceName="shop", deploymentType="CURRENT_VERSION", spec=text
    )["pipeline"]

    assert updated["deploymentStatus"] == "IN_PROGRESS"
    shop = service(proton)
    assert shop["pipeline"]["spec"] == text
    assert "make check" in shop["spec"]
    # The instances of the service are no matter of its pipeline.
    assert "name: dev" in shop["spec"]
    assert names(proton) == ["dev"]


@pytest.mark.parametrize(
    ("call", "members", "words"),
    [
        ("create_service_instance", {"name": "new"}, "no entry for the service instance new"),
        (
            "update_service_instance",
            {"name": "dev", "deploymentType": "CURRENT_VERSION"},
            "no entry for the service instance dev",
        ),
    ],
)
def test_a_call_for_one_instance_needs_its_entry(
    seed: Seed, refused: Refused, call: str, members: dict[str, Any], words: str
) -> None:
    seed.service("shop")

    refused("ValidationException", words, call, serviceName="shop", spec=EMPTY, **members)


def test_it_can_be_deleted(proton: Client, seed: Seed) -> None:
    seed.service("shop", pipeline=True, spec=WITH_PIPELINE)

    proton.delete_service(name="shop")

    with pytest.raises(proton.exceptions.ResourceNotFoundException):
        service(proton)
