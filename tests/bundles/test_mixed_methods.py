"""What can't be provisioned together: services, pipelines, updates, components."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import moto_proton
from moto_proton.seed import Seed

Client: TypeAlias = Any
Bundle: TypeAlias = Callable[..., Path]
Refused: TypeAlias = Callable[..., str]
Notify: TypeAlias = Callable[..., None]

ARN = "arn:aws:proton:us-east-1:123456789012:"
ROLE = "arn:aws:iam::123456789012:role/proton"
ENTRY = "infrastructure:\n  templates:\n    - "
NO_ROLES = "Operation cannot be run until pipeline roles have been configured"


@pytest.fixture
def refused_shop(
    proton: Client, seed: Seed, bundle: Bundle, refused: Refused
) -> Callable[[str, str], str]:
    """Asserts that a service of a bundle is refused in ``dev``; answers the message."""

    def create(template: str, network: str) -> str:
        seed.service_template(
            template, pipeline=True, compatible_with=[f"{network}:1"], bundle=bundle(template)
        )
        return refused(
            "create_service",
            name="shop",
            templateName=template,
            templateMajorVersion="1",
            repositoryConnectionArn=f"{ARN.replace('proton', 'codestar-connections')}connection/s",
            repositoryId="shop/app",
            branchName="main",
            spec=seed.service_spec(
                {"web": "dev"}, inputs={"image": "shop/web:1"}, pipeline={"dockerfile": "D"}
            ),
        )

    return create


@pytest.mark.rule("5.2-10", "9-11")
@pytest.mark.parametrize(
    ("template", "environment", "members"),
    [
        pytest.param("terraform-shop", "network", {}, id="terraform in cloudformation"),
        pytest.param("shop", "terraform-network", {"self_managed": True}, id="the other way round"),
        pytest.param("codebuild-shop", "network", {}, id="a build without a role for it"),
        pytest.param(
            "codebuild-shop", "terraform-network", {"self_managed": True}, id="a build by hand"
        ),
    ],
)
def test_an_environment_takes_no_instance_that_is_provisioned_otherwise(
    proton: Client,
    seed: Seed,
    network: Any,
    notify: Notify,
    refused_shop: Callable[[str, str], str],
    template: str,
    environment: str,
    members: dict[str, Any],
) -> None:
    arn = network(environment, **members)["arn"]
    if "self_managed" in members:
        notify(arn, "SUCCEEDED")
    seed.pipeline_roles()
    proton.update_account_settings(
        pipelineProvisioningRepository={**seed.repository(), "branch": "main"}
    )

    message = refused_shop(template, environment)

    assert message.startswith("The service instance web is provisioned with ")
    assert "environment dev" in message


@pytest.mark.rule("6.1-7", "9-6")
@pytest.mark.parametrize(
    ("template", "environment", "settings"),
    [
        pytest.param("shop", "network", {}, id="none at all"),
        pytest.param(
            "shop", "network", {"pipelineCodebuildRoleArn": ROLE}, id="a build's for a stack"
        ),
        pytest.param(
            "codebuild-shop",
            "network",
            {"pipelineServiceRoleArn": ROLE},
            id="a stack's for a build",
        ),
        pytest.param(
            "terraform-shop",
            "terraform-network",
            {"pipelineServiceRoleArn": ROLE, "pipelineCodebuildRoleArn": ROLE},
            id="roles for terraform",
        ),
    ],
)
def test_a_pipeline_needs_the_setting_for_its_method(
    proton: Client,
    network: Any,
    notify: Notify,
    refused_shop: Callable[[str, str], str],
    template: str,
    environment: str,
    settings: dict[str, str],
) -> None:
    if environment == "network":
        network(environment, codebuildRoleArn=ROLE)
    else:
        notify(network(environment, self_managed=True)["arn"], "SUCCEEDED")
    if settings:
        proton.update_account_settings(**settings)

    assert refused_shop(template, environment) == NO_ROLES


def test_a_pipeline_needs_it_for_the_version_it_goes_to_as_well(
    proton: Client, seed: Seed, bundle: Bundle, network: Any, shop_of: Any, refused: Refused
) -> None:
    network("network", codebuildRoleArn=ROLE)
    service = shop_of("codebuild-shop", "network")
    seed.service_template(
        "codebuild-shop",
        pipeline=True,
        versions=["2.0"],
        compatible_with=["network:1"],
        bundle=bundle("shop"),
    )
    proton.update_account_settings(pipelineServiceRoleArn="")

    message = refused(
        "update_service_pipeline",
        serviceName="shop",
        deploymentType="MAJOR_VERSION",
        templateMajorVersion="2",
        spec=service["spec"] + "pipeline: {dockerfile: Dockerfile}\n",
    )

    assert message == NO_ROLES


@pytest.mark.parametrize(
    ("later", "words"),
    [
        pytest.param("terraform-network", "provisioningRepository", id="terraform"),
        pytest.param("codebuild-network", "codebuildRoleArn", id="codebuild"),
    ],
)
def test_an_environment_goes_to_no_version_that_it_is_not_set_up_for(
    seed: Seed, bundle: Bundle, network: Any, refused: Refused, later: str, words: str
) -> None:
    network("network")
    seed.environment_template("network", versions=["2.0"], bundle=bundle(later))

    message = refused(
        "update_environment", name="dev", deploymentType="MAJOR_VERSION", templateMajorVersion="2"
    )

    assert message.startswith(f"The environment dev needs a {words}")


def test_an_environment_goes_from_a_stack_to_a_build_with_the_role_for_it(
    proton: Client, seed: Seed, bundle: Bundle, network: Any
) -> None:
    arn = network("network")["arn"]
    seed.environment_template("network", versions=["2.0"], bundle=bundle("codebuild-network"))

    proton.update_environment(
        name="dev",
        deploymentType="MAJOR_VERSION",
        templateMajorVersion="2",
        codebuildRoleArn=ROLE,
    )

    environment = proton.get_environment(name="dev")["environment"]
    assert (environment["deploymentStatus"], environment["templateMajorVersion"]) == (
        "SUCCEEDED",
        "2",
    )
    assert moto_proton.rendered(arn).method.value == "CodeBuild"


def test_an_instance_goes_to_no_version_that_is_provisioned_otherwise(
    seed: Seed, bundle: Bundle, shop: Any, refused: Refused
) -> None:
    shop.open()
    seed.service_template(
        "shop",
        pipeline=True,
        versions=["2.0"],
        compatible_with=["network:1"],
        bundle=bundle("terraform-shop"),
    )

    message = refused(
        "update_service_instance",
        serviceName="shop",
        name="web",
        deploymentType="MAJOR_VERSION",
        templateMajorVersion="2",
    )

    assert message == (
        "The service instance web is provisioned with Terraform, which the environment dev is not "
        "set up for"
    )


@pytest.mark.rule("6.11-14")
def test_a_component_is_written_for_how_its_environment_is_provisioned(
    network: Any, refused: Refused
) -> None:
    network("network")

    message = refused(
        "create_component",
        name="store",
        environmentName="dev",
        manifest=(
            "infrastructure:\n  templates:\n    - file: main.tf\n      rendering_engine: hcl\n"
            "      template_language: terraform\n"
        ),
        templateFile='resource "aws_s3_bucket" "store" {}\n',
    )

    assert message == (
        "The component's template language is terraform, and the environment dev is provisioned "
        "with cloudformation"
    )


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        pytest.param("infrastructure: [", "line ", id="no YAML"),
        pytest.param(f"{ENTRY}rendering_engine: codebuild\n", "manifest", id="codebuild"),
        pytest.param(
            f"{ENTRY}file: a.yaml\n      rendering_engine: jinja\n", "template_language", id="part"
        ),
    ],
)
def test_a_component_with_a_malformed_manifest_is_refused(
    network: Any, refused: Refused, manifest: str, words: str
) -> None:
    network("network")

    message = refused(
        "create_component",
        name="store",
        environmentName="dev",
        manifest=manifest,
        templateFile="Resources: {}",
    )

    assert message.startswith("The component's manifest is not valid: ")
    assert words in message


def test_a_component_with_a_malformed_template_fails_to_deploy(seed: Seed, network: Any) -> None:
    network("network")

    component = seed.component(
        "store", environmentName="dev", templateFile="Resources:\n  A: {{ component. }}\n"
    )

    assert component["deploymentStatus"] == "FAILED"
    assert component["deploymentStatusMessage"].startswith("component/cloudformation.yaml, line 2")
