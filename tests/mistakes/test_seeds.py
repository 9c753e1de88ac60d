"""Mistakes with seeds: slips, arguments that don't go together, what is there already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from moto_proton import faults
from moto_proton import seed as seed_module
from moto_proton.seed import DeploymentFailedError, Seed
from tests.mistakes.rows import Mistake, check, each
from tests.support.clients import client_of

Make = Callable[[Seed], Any]


@each(
    Mistake(
        "misspelt argument of ours",
        lambda seed: seed.service("shop", instnces={"dev": "dev"}),
        "seed.service has no argument 'instnces'; did you mean 'instances'?",
        TypeError,
    ),
    Mistake(
        "misspelt argument of Proton's",
        lambda seed: seed.environment("dev", protonServiceRoleArm="arn"),
        "did you mean 'protonServiceRoleArn'?",
        TypeError,
    ),
    Mistake(
        "Python's way of writing Proton's argument",
        lambda seed: seed.component("cache", environment_name="dev"),
        "did you mean 'environmentName'?",
        TypeError,
    ),
    Mistake(
        "unknown argument",
        lambda seed: seed.environment_template("web", zzz=1),
        "seed.environment_template has no argument 'zzz'; it takes bundle, description,",
        TypeError,
    ),
    Mistake(
        "major version alone",
        lambda seed: seed.environment("dev", version="2"),
        "a version is a full number in a string, such as '1.0'; got '2'",
    ),
    Mistake(
        "version as a number",
        lambda seed: seed.service("shop", version=1.0),
        "a version is a full number in a string, such as '1.0'; got 1.0",
    ),
    Mistake(
        "versions as text",
        lambda seed: seed.environment_template("web", versions="1.0"),
        "versions is a list, such as ['1.0'], not '1.0'",
    ),
    Mistake(
        "version that can't come next",
        lambda seed: seed.service_template("web", versions=["1.1"]),
        "the next version is 1.0, not 1.1",
    ),
    Mistake(
        "compatible without a version",
        lambda seed: seed.service_template("web", compatible_with=["network"]),
        "environment templates with their major version, such as ['network:1']; got 'network'",
    ),
    Mistake(
        "compatible as text",
        lambda seed: seed.service_template("web", compatible_with="network:1"),
        "compatible_with is a list of environment templates",
    ),
    Mistake(
        "instances as a list",
        lambda seed: seed.service("shop", instances=["dev"]),
        "environments by the name of the instance, such as {'dev': 'dev-env'}; got ['dev']",
    ),
    Mistake(
        "component attached to text",
        lambda seed: seed.component("cache", attach_to="shop/dev"),
        "attach_to is a service and its instance, such as ('shop', 'dev'); got 'shop/dev'",
    ),
    Mistake(
        "inputs of an instance that there is not",
        lambda seed: seed.service("shop", instance_inputs={"dve": {"port": 1}}),
        "instances has no 'dve'; did you mean 'dev'?",
    ),
    Mistake(
        "bundle that is not there",
        lambda seed: seed.environment_template("web", bundle=Path("nowhere")),
        "nowhere is not a directory",
        NotADirectoryError,
    ),
)
def test_it_is_said_before_anything_is_made(proton: Any, seed: Seed, mistake: Mistake) -> None:
    check(mistake, seed)

    assert proton.list_environments()["environments"] == []
    assert proton.list_services()["services"] == []


def _dev_again(**more: Any) -> Make:
    def make(seed: Seed) -> None:
        seed.environment("dev", inputs={"cidr": "10.0.0.0/16"})
        seed.environment("dev", **more)

    return make


def _shop_again(**more: Any) -> Make:
    def make(seed: Seed) -> None:
        seed.service("shop", instances={"dev": "dev"}, inputs={"port": 80})
        seed.service("shop", **more)

    return make


@each(
    Mistake(
        "other inputs",
        _dev_again(inputs={"cidr": "10.1.0.0/16"}),
        "environment 'dev' is there already, and its inputs is {'cidr': '10.0.0.0/16'}, not "
        "{'cidr': '10.1.0.0/16'}; change it with its update operation, or leave the argument out",
    ),
    Mistake("other template", _dev_again(template="web"), "its templateName is 'environment-templ"),
    Mistake("other version", _dev_again(version="2.0"), "its templateMajorVersion is '1', not '2'"),
    Mistake("other description", _dev_again(description="Dev"), "its description is none that"),
    Mistake("self-managed after all", _dev_again(self_managed=True), "self_managed is False"),
    Mistake("other instances", _shop_again(instances={"dev": "dev", "b": "dev"}), "its spec is"),
    Mistake("other inputs of a service", _shop_again(inputs={"port": 81}), "its spec is"),
    Mistake("inputs of one instance", _shop_again(instance_inputs={"dev": {"port": 1}}), "spec is"),
    Mistake("pipeline after all", _shop_again(pipeline=True), "its pipeline is False, not True"),
    Mistake("other service template", _shop_again(template="web"), "its templateName is 'service-"),
)
def test_what_is_there_is_not_changed_in_silence(seed: Seed, mistake: Mistake) -> None:
    check(mistake, seed)


def test_the_same_call_again_answers_the_same(seed: Seed) -> None:
    for _ in range(2):
        service = seed.service("shop", instances={"dev": "dev"}, inputs={"port": 80})

    assert seed.service("shop") == service


def test_a_component_stays_where_it_is(seed: Seed) -> None:
    seed.service("shop")
    seed.component("cache", attach_to=("shop", "dev"))

    assert seed.component("cache", attach_to=("shop", "dev"))["serviceName"] == "shop"
    with pytest.raises(ValueError, match=r"attach_to is \('shop', 'dev'\), not"):
        seed.component("cache", attach_to=("shop", "x"))


def test_a_version_that_is_there_came_from_the_bundle_that_is_named(
    seed: Seed, tmp_path: Path
) -> None:
    seed.environment_template("network")
    other = tmp_path / "other"
    other.mkdir()

    with pytest.raises(ValueError, match="was not registered from"):
        seed.environment_template("network", bundle=other)


def test_a_service_template_is_not_compatible_in_silence(seed: Seed) -> None:
    seed.service_template("web")

    with pytest.raises(ValueError, match="its compatibleEnvironmentTemplates is"):
        seed.service_template("web", compatible_with=["network:1"])
    with pytest.raises(ValueError, match="its services have no pipeline"):
        seed.service_template("web", pipeline=True)


@pytest.mark.parametrize("name", ["prodenv", "prod_env", "Prod-env", "prdo-env", "prod-envs"])
def test_a_slip_in_the_name_of_an_environment_makes_no_other_one(
    proton: Any, seed: Seed, name: str
) -> None:
    seed.environment("prod-env")

    with pytest.raises(ValueError, match=f"no environment '{name}'; did you mean 'prod-env'"):
        seed.service("shop", instances={"dev": "dev-env", "prod": name})

    assert [each["name"] for each in proton.list_environments()["environments"]] == ["prod-env"]


def test_a_slip_within_one_call_is_seen_too(seed: Seed) -> None:
    with pytest.raises(ValueError, match="no environment 'shraed'; did you mean 'shared'"):
        seed.service("shop", instances={"dev": "shared", "prod": "shraed"})


def test_names_that_differ_on_purpose_are_made(seed: Seed) -> None:
    names = ["dev-env", "prod-env", "team-a", "team-b", "env1", "env2", "eu-1", "eu-2"]

    seed.service("shop", instances=dict(zip("abcdefgh", names, strict=True)))

    made = client_of().list_environments()["environments"]
    assert sorted(environment["name"] for environment in made) == sorted(names)


def test_a_service_that_is_not_created_raises_with_the_messages_of_its_deployments(
    seed: Seed,
) -> None:
    faults.fail_deployment("service/shop/service-instance/dev", message="no more addresses")

    with pytest.raises(DeploymentFailedError) as raised:
        seed.service("shop", instances={"dev": "dev", "prod": "dev"})

    assert str(raised.value) == (
        "service shop ended in CREATE_FAILED: Service Instance(s): dev failed to deploy; "
        "instance dev: no more addresses"
    )
    assert seed.service("shop")["status"] == "CREATE_FAILED"


@pytest.mark.parametrize("kind", ["environment", "component"])
def test_a_deployment_that_fails_raises(seed: Seed, kind: str) -> None:
    faults.fail_deployment(f"{kind}/dev2", message="no more addresses")
    with pytest.raises(DeploymentFailedError, match=f"{kind} dev2 failed to deploy: no more addr"):
        getattr(seed, kind)("dev2")


def test_a_failure_that_is_asked_for_is_answered(seed: Seed) -> None:
    faults.fail_deployment("environment/dev")

    assert seed.environment("dev", may_fail=True)["deploymentStatus"] == "FAILED"


def test_no_template_appears_that_nobody_asked_for(proton: Any, seed: Seed) -> None:
    seed.environment("dev", template="network")
    seed.service("shop", instances={"dev": "dev"}, template="web")

    templates = proton.list_environment_templates()["templates"]
    assert [each["name"] for each in templates] == ["network"]
    assert [each["name"] for each in proton.list_service_templates()["templates"]] == ["web"]


def test_inputs_of_one_instance_go_over_those_of_all(seed: Seed) -> None:
    service = seed.service(
        "shop",
        instances={"dev": "dev", "prod": "dev"},
        inputs={"port": 80},
        instance_inputs={"prod": {"port": 443}},
    )

    assert service["spec"] == seed.service_spec(
        {"dev": "dev", "prod": "dev"},
        inputs={"port": 80},
        instance_inputs={"prod": {"port": 443}},
    )
    assert "port: 443" in service["spec"]


TERRAFORM = """\
infrastructure:
  templates:
    - file: "*"
      rendering_engine: hcl
      template_language: terraform
"""


def test_a_manifest_of_terraform_is_self_managed_whatever_its_template_is_called(
    seed: Seed, tmp_path: Path
) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "infrastructure").mkdir()
    (tmp_path / "schema" / "schema.yaml").write_text(
        "schema:\n  format:\n    openapi: '3.0.0'\n  environment_input_type: In\n"
        "  types:\n    In: {type: object, properties: {a: {type: string}}}\n"
    )
    (tmp_path / "infrastructure" / "manifest.yaml").write_text(TERRAFORM)
    (tmp_path / "infrastructure" / "main.tf").write_text('output "a" { value = 1 }\n')
    seed.environment_template("network", bundle=tmp_path)

    environment = seed.environment("dev", template="network")

    assert environment["provisioningRepository"]["name"] == "shop/infrastructure"


KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}


@each(
    Mistake(
        "function of the module",
        lambda: seed_module.environment("dev"),
        "no mock is active, and resources would be made in AWS: start mock_proton first, or give "
        "the client the endpoint_url of a server",
        RuntimeError,
    ),
    Mistake(
        "seed with a client",
        lambda: Seed(boto3.client("proton", region_name="us-east-1", **KEYS)).repository(),
        "no mock is active",
        RuntimeError,
    ),
    Mistake(
        "client of another service",
        lambda: Seed(boto3.client("s3", region_name="us-east-1", **KEYS)),
        "a seed takes a client of proton, not of s3",
        TypeError,
    ),
)
def test_outside_of_a_mock(mistake: Mistake) -> None:
    check(mistake)
