"""Inputs of specs, checked against the schema of the template version that they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
EnvironmentSpec: TypeAlias = Callable[..., str]

CURRENT = "${Proton::CURRENT_VAL}"
SCHEMA = "schema/schema.yaml"
CIDR = "10.0.0.0/16"
IMAGE = "shop/web:1"
BUILD_INPUTS = "required: [dockerfile]\n      properties:"
BRANCH_TOO = "required: [branch]\n      properties:\n        branch: {type: string}"
ROLE = "arn:aws:iam::123456789012:role/proton"

BAD_NETWORKS = [
    pytest.param({}, "cidr", id="a required input is missing"),
    pytest.param({"cidr": 10}, "cidr", id="a number for text"),
    pytest.param({"cidr": "10.0.0.0"}, "cidr", id="a pattern"),
    pytest.param({"cidr": CIDR, "tier": "medium"}, "tier", id="an enum"),
    pytest.param({"cidr": CIDR, "zones": 0}, "zones", id="a minimum"),
    pytest.param({"cidr": CIDR, "zones": 4}, "zones", id="a maximum"),
    pytest.param({"cidr": CIDR, "zones": 1.5}, "zones", id="a fraction for an integer"),
    pytest.param({"cidr": CIDR, "zones": "2"}, "zones", id="text for an integer"),
    pytest.param({"cidr": CIDR, "zones": True}, "zones", id="a boolean for an integer"),
    pytest.param({"cidr": CIDR, "zones": None}, "zones", id="null"),
    pytest.param({"cidr": CIDR, "subnets": []}, "subnets", id="too few elements"),
    pytest.param({"cidr": CIDR, "subnets": CIDR}, "subnets", id="text for a list"),
    pytest.param({"cidr": CIDR, "subnets": [CIDR, "10/1"]}, "subnets[1]", id="an element"),
    pytest.param({"cidr": CIDR, "owner": {}}, "owner.team", id="a member is missing"),
    pytest.param({"cidr": CIDR, "owner": {"team": "x" * 11}}, "owner.team", id="a long member"),
]


# --- environments ---------------------------------------------------------------------------------


@pytest.mark.rule("4.1-9", "6.6-14")
@pytest.mark.parametrize(("inputs", "culprit"), BAD_NETWORKS)
def test_an_environment_is_not_made_of_bad_inputs(
    shop: Any,
    refused: Refused,
    environment_spec: EnvironmentSpec,
    inputs: Mapping[str, Any],
    culprit: str,
) -> None:
    shop.network_version()

    message = refused(
        "create_environment",
        name="dev",
        templateName="network",
        templateMajorVersion="1",
        protonServiceRoleArn=ROLE,
        spec=environment_spec(**inputs),
    )

    assert message.startswith(f"The inputs of the environment are not valid: {culprit}: ")


@pytest.mark.parametrize(("inputs", "culprit"), BAD_NETWORKS)
def test_an_environment_is_not_updated_with_bad_inputs(
    shop: Any,
    refused: Refused,
    environment_spec: EnvironmentSpec,
    inputs: Mapping[str, Any],
    culprit: str,
) -> None:
    shop.network()

    message = refused(
        "update_environment",
        name="dev",
        deploymentType="CURRENT_VERSION",
        description="new",
        spec=environment_spec(**inputs),
    )

    assert culprit in message


def test_all_that_is_wrong_is_said_at_once(
    shop: Any, refused: Refused, environment_spec: EnvironmentSpec
) -> None:
    shop.network()

    message = refused(
        "update_environment",
        name="dev",
        deploymentType="CURRENT_VERSION",
        spec=environment_spec(cidr="ten", tier="medium", zones=9),
    )

    assert [name for name in ("cidr", "tier", "zones") if f"{name}: " not in message] == []


def test_defaults_fill_in_what_the_spec_leaves_out_and_the_spec_stays_as_it_was(
    shop: Any, environment_spec: EnvironmentSpec
) -> None:
    text = environment_spec(cidr=CIDR, tier="large")

    shop.network(spec=text)

    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 large 2"
    assert shop.environment()["spec"] == text


@pytest.mark.rule("4.1-8")
def test_inputs_that_are_not_declared_are_let_pass(
    shop: Any, environment_spec: EnvironmentSpec
) -> None:
    text = environment_spec(cidr=CIDR, colour="green")

    environment = shop.network(spec=text)

    assert (environment["deploymentStatus"], environment["spec"]) == ("SUCCEEDED", text)


def test_a_kept_value_is_resolved_before_it_is_checked(
    shop: Any, environment_spec: EnvironmentSpec
) -> None:
    shop.network(inputs={"cidr": CIDR, "zones": 3})

    shop.proton.update_environment(
        name="dev",
        deploymentType="CURRENT_VERSION",
        spec=environment_spec(cidr=CURRENT, zones=CURRENT, tier="large"),
    )

    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 large 3"


@pytest.mark.parametrize(
    ("deployment_type", "version"),
    [pytest.param("MINOR_VERSION", "1.1", id="minor"), pytest.param("MAJOR_VERSION", "2.0")],
)
def test_an_update_is_checked_against_the_schema_of_the_version_it_goes_to(
    shop: Any,
    refused: Refused,
    environment_spec: EnvironmentSpec,
    deployment_type: str,
    version: str,
) -> None:
    shop.network()
    shop.network_version(version, {SCHEMA: ("maximum: 3", "maximum: 6")})
    major, _, minor = version.partition(".")
    more = {"templateMajorVersion": major, "templateMinorVersion": minor}
    spec = environment_spec(cidr=CURRENT, zones=6)
    message = refused("update_environment", name="dev", deploymentType="CURRENT_VERSION", spec=spec)
    assert "zones" in message

    shop.proton.update_environment(name="dev", deploymentType=deployment_type, spec=spec, **more)

    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 small 6"


def test_a_spec_that_is_kept_has_to_fit_the_new_major_version(shop: Any, refused: Refused) -> None:
    shop.network(inputs={"cidr": CIDR, "zones": 3})
    shop.network_version("2.0", {SCHEMA: ("maximum: 3", "maximum: 2")})

    message = refused(
        "update_environment", name="dev", deploymentType="MAJOR_VERSION", templateMajorVersion="2"
    )

    assert "zones" in message


# --- services -------------------------------------------------------------------------------------

BAD_SHOPS = [
    pytest.param({}, "image", id="missing"),
    pytest.param({"image": 1}, "image", id="type"),
    pytest.param({"image": IMAGE, "size": "medium"}, "size", id="enum"),
    pytest.param({"image": "shop"}, "image", id="pattern"),
    pytest.param({"image": IMAGE, "port": 0}, "port", id="minimum"),
    pytest.param({"image": IMAGE, "port": 65536}, "port", id="maximum"),
    pytest.param({"image": IMAGE, "greeting": ""}, "greeting", id="length"),
]

ROWS = [
    pytest.param(*case.values, id=f"row-{row}-{case.id}", marks=pytest.mark.row(row))
    for row, cases in ((72, BAD_SHOPS[:1]), (73, BAD_SHOPS[1:]))
    for case in cases
]


@pytest.fixture
def create_service(shop: Any, refused: Refused) -> Callable[[str], str]:
    """Asserts that the service of a spec is refused; answers the message."""
    shop.network()
    shop.version()
    shop.seed.pipeline_roles()

    def create(spec: str) -> str:
        return refused(
            "create_service",
            name="shop",
            templateName="shop",
            templateMajorVersion="1",
            repositoryConnectionArn="arn:aws:codestar-connections:us-east-1:123456789012:connection/shop",
            repositoryId="shop/app",
            branchName="main",
            spec=spec,
        )

    return create


@pytest.mark.parametrize(("inputs", "culprit"), BAD_SHOPS)
def test_a_service_names_the_instance_whose_inputs_are_bad(
    shop: Any, create_service: Callable[[str], str], inputs: Mapping[str, Any], culprit: str
) -> None:
    message = create_service(shop.spec(good={"image": IMAGE}, bad=inputs))

    start = f"The inputs of the service instance bad are not valid: {culprit}: "
    assert message.startswith(start)


@pytest.mark.parametrize(
    ("inputs", "culprit"),
    [
        pytest.param({}, "dockerfile", id="missing"),
        pytest.param({"dockerfile": ""}, "dockerfile", id="too short"),
        pytest.param({"dockerfile": "D", "retries": -1}, "retries", id="too low"),
    ],
)
def test_a_service_names_the_pipeline_whose_inputs_are_bad(
    shop: Any, create_service: Callable[[str], str], inputs: Mapping[str, Any], culprit: str
) -> None:
    message = create_service(shop.spec(pipeline=inputs, web={"image": IMAGE}))

    assert message.startswith(f"The inputs of the pipeline are not valid: {culprit}: ")


@pytest.mark.rule("5.2-11")
@pytest.mark.parametrize(("inputs", "culprit"), ROWS)
def test_an_edit_adds_no_instance_with_bad_inputs(
    shop: Any, refused: Refused, inputs: Mapping[str, Any], culprit: str
) -> None:
    shop.open()

    message = refused(
        "update_service",
        name="shop",
        description="new",
        spec=shop.spec(web={"image": IMAGE}, good={"image": IMAGE}, bad=inputs),
    )

    start = f"The inputs of the service instance bad are not valid: {culprit}: "
    assert message.startswith(start)


@pytest.mark.row(71)
@pytest.mark.parametrize(
    ("environment", "template"),
    [
        pytest.param("terraform", "shop", id="row-71-cloudformation-in-terraform"),
        pytest.param("cloudformation", "terraform-shop", id="row-71-terraform-in-cloudformation"),
    ],
)
def test_an_edit_adds_no_instance_where_it_can_not_be_provisioned(
    shop: Any, refused: Refused, bundle: Any, environment: str, template: str
) -> None:
    seed, proton = shop.seed, shop.proton
    seed.environment_template("network", bundle=bundle("network"))
    seed.environment_template("terraform-network", bundle=bundle("terraform-network"))
    seed.service_template(
        template,
        pipeline=True,
        compatible_with=["network:1", "terraform-network:1"],
        bundle=bundle(template),
    )
    seed.environment("cloudformation", template="network", inputs={"cidr": CIDR})
    seed.environment(
        "terraform", template="terraform-network", inputs={"cidr": CIDR}, self_managed=True
    )
    arn = proton.get_environment(name="terraform")["environment"]["arn"]
    proton.notify_resource_deployment_status_change(resourceArn=arn, status="SUCCEEDED")
    proton.update_account_settings(
        pipelineProvisioningRepository={**seed.repository(), "branch": "main"}
    )
    home = "cloudformation" if environment == "terraform" else "terraform"
    service = seed.service(
        "shop",
        template=template,
        pipeline=True,
        instances={"a": home},
        inputs={"image": IMAGE},
        pipeline_inputs={"dockerfile": "Dockerfile"},
    )
    for resource in (f"{service['arn']}/service-instance/a", service["pipeline"]["arn"]):
        if home == "terraform":
            proton.notify_resource_deployment_status_change(
                resourceArn=resource, status="SUCCEEDED"
            )
    spec = seed.service_spec(
        {"a": home, "c": environment},
        inputs={"image": IMAGE},
        pipeline={"dockerfile": "Dockerfile"},
    )
    assert proton.get_service(name="shop")["service"]["status"] == "ACTIVE"

    message = refused("update_service", name="shop", spec=spec, description="new")

    assert "service instance c" in message
    assert f"environment {environment} " in message


@pytest.mark.rule("4.1-9")
@pytest.mark.parametrize(("inputs", "culprit"), BAD_SHOPS)
def test_no_instance_is_created_by_itself_with_bad_inputs(
    shop: Any, refused: Refused, inputs: Mapping[str, Any], culprit: str
) -> None:
    shop.open()

    message = refused(
        "create_service_instance",
        serviceName="shop",
        name="bad",
        spec=shop.spec(web={}, bad=inputs),
    )

    assert message.startswith(f"The inputs of the service instance bad are not valid: {culprit}: ")


@pytest.mark.parametrize(("inputs", "culprit"), BAD_SHOPS)
def test_no_instance_is_updated_with_bad_inputs(
    shop: Any, refused: Refused, inputs: Mapping[str, Any], culprit: str
) -> None:
    shop.open()

    message = refused(
        "update_service_instance",
        serviceName="shop",
        name="web",
        deploymentType="CURRENT_VERSION",
        spec=shop.spec(web=inputs),
    )

    assert message.startswith(f"The inputs of the service instance web are not valid: {culprit}: ")


def test_an_update_of_one_instance_asks_nothing_of_the_others(shop: Any) -> None:
    shop.open("web", "api")

    shop.proton.update_service_instance(
        serviceName="shop",
        name="web",
        deploymentType="CURRENT_VERSION",
        spec=shop.spec(pipeline={}, web={"image": CURRENT, "port": 8080}, api={"port": 0}),
    )

    assert shop.instance_outputs()["Url"] == "shop/web:1 at 10.0.0.0/16 small 2 port 8080"


@pytest.mark.parametrize(
    ("inputs", "culprit"),
    [
        pytest.param({}, "dockerfile", id="missing"),
        pytest.param({"dockerfile": CURRENT, "retries": "1"}, "retries", id="type"),
    ],
)
def test_no_pipeline_is_updated_with_bad_inputs(
    shop: Any, refused: Refused, inputs: Mapping[str, Any], culprit: str
) -> None:
    shop.open()

    message = refused(
        "update_service_pipeline",
        serviceName="shop",
        deploymentType="CURRENT_VERSION",
        spec=shop.spec(pipeline=inputs, web={}),
    )

    assert message.startswith(f"The inputs of the pipeline are not valid: {culprit}: ")


def test_an_instance_has_to_fit_the_schema_of_the_version_it_goes_to(
    shop: Any, refused: Refused
) -> None:
    shop.open(inputs={"image": IMAGE, "port": 8080})
    shop.version("2.0", {SCHEMA: ("maximum: 65535", "maximum: 1024")})
    to_second = {
        "serviceName": "shop",
        "name": "web",
        "deploymentType": "MAJOR_VERSION",
        "templateMajorVersion": "2",
    }
    message = refused("update_service_instance", **to_second)
    assert message.startswith("The inputs of the service instance web are not valid: port: ")

    shop.proton.update_service_instance(
        **to_second, spec=shop.spec(web={"image": CURRENT, "port": 443})
    )

    assert shop.instance()["templateMajorVersion"] == "2"
    assert shop.instance_outputs()["Url"].endswith(" port 443")


def test_a_pipeline_has_to_fit_the_schema_of_the_version_it_goes_to(
    shop: Any, refused: Refused
) -> None:
    shop.open()
    shop.version("2.0", {SCHEMA: (BUILD_INPUTS, BRANCH_TOO)})
    to_second = {
        "serviceName": "shop",
        "deploymentType": "MAJOR_VERSION",
        "templateMajorVersion": "2",
    }

    message = refused(
        "update_service_pipeline",
        **to_second,
        spec=shop.spec(pipeline={"dockerfile": CURRENT}, web={}),
    )

    assert message.startswith("The inputs of the pipeline are not valid: branch: ")


# --- components -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("inputs", "culprit"), BAD_SHOPS)
def test_a_component_is_not_attached_with_bad_inputs(
    shop: Any, refused: Refused, inputs: Mapping[str, Any], culprit: str
) -> None:
    shop.open()
    shop.seed.component("store", environmentName="dev")
    given = shop.proton.get_component(name="store")["component"]
    assert given["deploymentStatus"] == "SUCCEEDED"

    message = refused(
        "update_component",
        name="store",
        deploymentType="CURRENT_VERSION",
        serviceName="shop",
        serviceInstanceName="web",
        serviceSpec=shop.spec(web=inputs),
    )

    assert message.startswith(f"The inputs of the service instance web are not valid: {culprit}: ")


def test_a_component_takes_the_spec_of_its_instance_where_it_brings_none(shop: Any) -> None:
    service = shop.open()

    component = shop.seed.component("store", attach_to=("shop", "web"))

    assert component["serviceSpec"] == service["spec"]
