"""``moto_proton.seed`` with bundles: those that come with it, and a user's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import moto_proton
from moto_proton import seed as seed_module
from moto_proton.mock import MockProton
from moto_proton.seed import Seed

Client: TypeAlias = Any
Bundle: TypeAlias = Callable[..., Path]


def outputs_of(proton: Client, name: str = "dev") -> dict[str, str]:
    listed = proton.list_environment_outputs(environmentName=name)["outputs"]
    return {output["key"]: output["valueString"] for output in listed}


def test_a_world_in_one_call_has_outputs(proton: Client, seed: Seed) -> None:
    service = seed.service("shop", pipeline=True)

    assert service["status"] == "ACTIVE"
    assert outputs_of(proton)["NetworkId"].startswith("vpc-")
    instance = proton.list_service_instance_outputs(serviceName="shop", serviceInstanceName="dev")
    assert [output["key"] for output in instance["outputs"]] == ["OrdersQueueUrl", "PortParameter"]
    pipeline = proton.list_service_pipeline_outputs(serviceName="shop")["outputs"]
    assert {"key": "Stages", "valueString": "dev stages"} in pipeline


def test_the_small_bundles_check_their_inputs(seed: Seed, proton: Client) -> None:
    with pytest.raises(proton.exceptions.ValidationException, match="port"):
        seed.service("shop", inputs={"port": 0})


@pytest.mark.parametrize("as_text", [True, False], ids=["a string", "a path"])
def test_a_bundle_is_taken_from_a_directory(
    proton: Client, seed: Seed, bundle: Bundle, as_text: bool
) -> None:
    directory = bundle("network")

    template = seed.environment_template("network", bundle=str(directory) if as_text else directory)

    assert template["recommendedVersion"] == "1.0"
    seed.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})
    assert outputs_of(proton)["Network"] == "10.0.0.0/16 small 2"


def test_the_functions_of_the_module_take_it_as_well(
    proton_mock: MockProton, bundle: Bundle, proton: Client
) -> None:
    seed_module.environment_template("network", bundle=bundle("network"))
    seed_module.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})

    assert outputs_of(proton)["Network"] == "10.0.0.0/16 small 2"


def test_several_versions_come_of_one_bundle(seed: Seed, bundle: Bundle) -> None:
    template = seed.environment_template(
        "network", versions=["1.0", "1.1", "2.0"], bundle=bundle("network")
    )

    assert template["recommendedVersion"] == "2.0"


def test_a_broken_bundle_is_a_value_error_that_says_what_is_wrong(
    proton: Client, seed: Seed, bundle: Bundle
) -> None:
    broken = bundle("network", {"infrastructure/manifest.yaml": None})

    with pytest.raises(ValueError, match=r"network.*infrastructure/manifest\.yaml") as raised:
        seed.environment_template("network", bundle=broken)

    version = proton.get_environment_template_version(
        templateName="network", majorVersion="1", minorVersion="0"
    )["environmentTemplateVersion"]
    assert str(raised.value) == f"environment template network: {version['statusMessage']}"


def test_a_bundle_that_is_not_there_is_said_so_and_nothing_is_made(
    proton: Client, seed: Seed, tmp_path: Path
) -> None:
    with pytest.raises(NotADirectoryError, match="nowhere"):
        seed.environment_template("network", bundle=tmp_path / "nowhere")
    with pytest.raises(NotADirectoryError, match="nowhere"):
        seed.service_template("shop", bundle=tmp_path / "nowhere")

    assert proton.list_environment_templates()["templates"] == []
    assert proton.list_service_templates()["templates"] == []


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-northeast-1"])
def test_it_works_in_any_region(
    client_of: Callable[..., Client], proton_mock: MockProton, bundle: Bundle, region: str
) -> None:
    proton = client_of("proton", region)
    seed = Seed(proton)

    seed.environment_template("network", bundle=bundle("network"))
    environment = seed.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})

    assert f":{region}:" in environment["arn"]
    assert outputs_of(proton)["Network"] == "10.0.0.0/16 small 2"


def test_it_works_in_two_accounts_at_once(
    client_of: Callable[..., Client], proton: Client, bundle: Bundle
) -> None:
    key = client_of("sts").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/platform", RoleSessionName="platform"
    )["Credentials"]["AccessKeyId"]
    clients = [proton, client_of("proton", access_key=key)]

    for number, client in enumerate(clients):
        seed = Seed(client)
        seed.environment_template("network", bundle=bundle("network"))
        seed.environment("dev", template="network", inputs={"cidr": f"10.{number}.0.0/16"})

    assert [outputs_of(client)["Network"][:11] for client in clients] == [
        "10.0.0.0/16",
        "10.1.0.0/16",
    ]
    arn = clients[1].get_environment(name="dev")["environment"]["arn"]
    assert ":210987654321:" in arn
    assert 'Value: "10.1.0.0/16"' in moto_proton.rendered(arn).template


@pytest.mark.proton(region="eu-west-1", account_id="210987654321")
def test_it_works_where_the_marker_says(proton_client: Client, bundle: Bundle) -> None:
    seed = Seed(proton_client)

    seed.environment_template("network", bundle=bundle("network"))
    environment = seed.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})

    assert environment["arn"] == "arn:aws:proton:eu-west-1:210987654321:environment/dev"
    assert environment["deploymentStatus"] == "SUCCEEDED"
