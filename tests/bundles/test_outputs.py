"""Outputs are passed on: environment to instance, component to instance, instance to pipeline."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.exceptions import ClientError

import moto_proton

Refused: TypeAlias = Callable[..., str]
EnvironmentSpec: TypeAlias = Callable[..., str]

CIDR = "10.0.0.0/16"
URL = "shop/web:1 at 10.0.0.0/16 small 2 port 80"
STORE = """\
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: "{{ component.name }}"
Outputs:
  StoreName:
    Value: "{{ component.name }} of {{ service_instance.inputs.image }}"
  Place:
    Value: "{{ environment.name }} {{ environment.outputs.Network }}"
"""


def deployments(shop: Any, kind: str) -> list[str]:
    """The ids of the deployments of what ``shop`` has of a kind, newest first."""
    listed = shop.proton.list_deployments()["deployments"]
    return [each["id"] for each in listed if each["targetResourceType"] == kind]


def redeploy(shop: Any, name: str = "web") -> None:
    shop.proton.update_service_instance(
        serviceName="shop", name=name, deploymentType="CURRENT_VERSION"
    )


def redeploy_pipeline(shop: Any) -> None:
    shop.proton.update_service_pipeline(
        serviceName="shop", deploymentType="CURRENT_VERSION", spec=shop.service()["spec"]
    )


def widen(shop: Any, environment_spec: EnvironmentSpec) -> None:
    """Update the environment, so that its output is another one."""
    shop.proton.update_environment(
        name="dev",
        deploymentType="CURRENT_VERSION",
        spec=environment_spec(cidr=CIDR, tier="large"),
    )


@pytest.mark.rule("8.5-4", "8.5-10")
def test_outputs_flow_from_the_environment_through_the_instances_into_the_pipeline(
    shop: Any,
) -> None:
    shop.open("web", "api")

    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 small 2"
    assert shop.instance_outputs("web") == {"Store": "no component", "Url": URL}
    assert shop.pipeline_outputs() == {"Stages": f"web: {URL}; api: {URL}; "}


def test_what_a_template_refers_to_comes_out_as_it_is_called(shop: Any) -> None:
    environment = shop.network()

    table = shop.environment_outputs()["OrdersTable"]

    (stack,) = shop.proton.list_environment_provisioned_resources(environmentName="dev")[
        "provisionedResources"
    ]
    assert stack["name"].startswith("AWSProton-dev-cloudformation--")
    assert table.startswith(stack["name"][:20])
    assert stack["identifier"].startswith(
        f"arn:aws:cloudformation:us-east-1:123456789012:stack/{stack['name']}/"
    )
    assert stack["provisioningEngine"] == "CLOUDFORMATION"
    assert environment["deploymentStatus"] == "SUCCEEDED"


def test_an_environment_update_reaches_an_instance_with_its_next_deployment(
    shop: Any, environment_spec: EnvironmentSpec
) -> None:
    shop.open()
    before = shop.instance()

    widen(shop, environment_spec)

    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 large 2"
    assert shop.instance() == before
    assert shop.instance_outputs()["Url"] == URL
    redeploy(shop)
    assert shop.instance_outputs()["Url"] == URL.replace("small", "large")
    assert shop.pipeline_outputs() == {"Stages": f"web: {URL}; "}
    redeploy_pipeline(shop)
    assert shop.pipeline_outputs() == {"Stages": f"web: {URL.replace('small', 'large')}; "}


def test_an_added_instance_brings_the_pipeline_up_to_date(shop: Any) -> None:
    shop.open()

    shop.proton.update_service(
        name="shop", spec=shop.spec(web={"image": "shop/web:1"}, api={"image": "shop/api:2"})
    )

    assert shop.service()["status"] == "ACTIVE"
    api = URL.replace("web", "api").replace(":1", ":2")
    assert shop.pipeline_outputs() == {"Stages": f"web: {URL}; api: {api}; "}


def test_a_removed_instance_leaves_the_pipeline(shop: Any) -> None:
    shop.open("web", "api")

    shop.proton.update_service(name="shop", spec=shop.spec(web={"image": "shop/web:1"}))

    assert shop.service()["status"] == "ACTIVE"
    assert shop.pipeline_outputs() == {"Stages": f"web: {URL}; "}


@pytest.mark.rule("6.9-16", "6.11-17")
def test_a_component_reaches_its_instance_with_the_next_deployment(shop: Any) -> None:
    shop.open("web", "api")

    shop.seed.component("store", attach_to=("shop", "web"), templateFile=STORE)

    store = "store of shop/web:1"
    assert shop.outputs("component", componentName="store") == {
        "StoreName": store,
        "Place": "dev 10.0.0.0/16 small 2",
    }
    assert shop.instance_outputs()["Store"] == "no component"
    redeploy(shop)
    redeploy(shop, "api")
    assert shop.instance_outputs()["Store"] == store
    assert shop.instance_outputs("api")["Store"] == "no component"


def test_a_component_renders_with_the_inputs_of_its_own_spec_and_their_defaults(shop: Any) -> None:
    shop.open()
    place = "{{ environment.name }} {{ environment.outputs.Network }}"
    port = "{{ service.name }} {{ service_instance.name }} {{ service_instance.inputs.port }}"
    assert place in STORE

    shop.seed.component(
        "store",
        attach_to=("shop", "web"),
        templateFile=STORE.replace(place, port),
        serviceSpec=shop.spec(web={"image": "shop/store:7"}),
    )

    outputs = shop.outputs("component", componentName="store")
    assert outputs == {"StoreName": "store of shop/store:7", "Place": "shop web 80"}


def test_a_detached_component_is_no_longer_seen(shop: Any) -> None:
    shop.open()
    shop.seed.component("store", attach_to=("shop", "web"), templateFile=STORE)
    redeploy(shop)

    shop.proton.update_component(
        name="store",
        deploymentType="CURRENT_VERSION",
        serviceName="",
        serviceInstanceName="",
        templateFile=STORE.replace("service_instance.inputs.image", "environment.name"),
    )

    assert shop.outputs("component", componentName="store")["StoreName"] == "store of dev"
    assert shop.instance_outputs()["Store"] == "store of shop/web:1"
    redeploy(shop)
    assert shop.instance_outputs()["Store"] == "no component"


@pytest.mark.rule("6.11-5")
def test_a_detached_component_sees_no_service(shop: Any) -> None:
    shop.open()

    shop.seed.component("store", environmentName="dev", templateFile=STORE)

    component = shop.proton.get_component(name="store")["component"]
    assert component["deploymentStatus"] == "FAILED"
    assert "service_instance" in component["deploymentStatusMessage"]


# --- per deployment -------------------------------------------------------------------------------


def test_each_deployment_of_an_environment_keeps_its_outputs(
    shop: Any, environment_spec: EnvironmentSpec
) -> None:
    shop.network()
    widen(shop, environment_spec)
    second, first = deployments(shop, "ENVIRONMENT")

    assert shop.environment_outputs(deployment=first)["Network"] == "10.0.0.0/16 small 2"
    assert shop.environment_outputs(deployment=second)["Network"] == "10.0.0.0/16 large 2"


def test_each_deployment_of_an_instance_and_a_pipeline_keeps_its_outputs(shop: Any) -> None:
    shop.open()
    shop.proton.update_service_instance(
        serviceName="shop",
        name="web",
        deploymentType="CURRENT_VERSION",
        spec=shop.spec(web={"image": "shop/web:2"}),
    )
    redeploy_pipeline(shop)

    second, first = deployments(shop, "SERVICE_INSTANCE")
    urls = [shop.instance_outputs(deployment=each)["Url"][:10] for each in (first, second)]
    assert urls == ["shop/web:1", "shop/web:2"]
    second, first = deployments(shop, "SERVICE_PIPELINE")
    stages = [shop.pipeline_outputs(deployment=each)["Stages"][:15] for each in (first, second)]
    assert stages == ["web: shop/web:1", "web: shop/web:2"]


@pytest.mark.rule("12-35")
def test_after_a_failed_update_the_outputs_are_those_before_it(
    shop: Any, faults: ModuleType, environment_spec: EnvironmentSpec
) -> None:
    shop.network()
    faults.fail_deployment("environment/dev")

    widen(shop, environment_spec)

    assert shop.environment()["deploymentStatus"] == "FAILED"
    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 small 2"
    failed, succeeded = deployments(shop, "ENVIRONMENT")
    assert shop.environment_outputs(deployment=failed) == {}
    assert shop.environment_outputs(deployment=succeeded)["Network"] == "10.0.0.0/16 small 2"


def test_while_a_deployment_is_in_progress_the_outputs_are_those_before_it(
    shop: Any, hold: Callable[..., None], environment_spec: EnvironmentSpec
) -> None:
    shop.network()
    hold("environment")

    widen(shop, environment_spec)

    assert shop.environment()["deploymentStatus"] == "IN_PROGRESS"
    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 small 2"


def test_a_cancelled_update_leaves_outputs_and_infrastructure_as_they_were(
    shop: Any,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    environment_spec: EnvironmentSpec,
) -> None:
    shop.network()
    hold("environment")
    widen(shop, environment_spec)
    shop.proton.cancel_environment_deployment(environmentName="dev")

    let_go("environment")

    assert shop.environment()["deploymentStatus"] == "CANCELLED"
    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 small 2"


# --- what cannot be rendered ----------------------------------------------------------------------

ENVIRONMENT_FILE = "infrastructure/cloudformation.yaml"
INSTANCE_FILE = "instance_infrastructure/cloudformation.yaml"
PIPELINE_FILE = "pipeline_infrastructure/cloudformation.yaml"
GREETING = ("{%- if service_instance.inputs.greeting is defined %}", "{%- if true %}")
"""An instance's template that takes the optional input ``greeting`` for given, on line 20."""
GREETING_PLACE = f"{INSTANCE_FILE}, line 20: "


@pytest.mark.rule("8.5-19")
def test_an_environment_that_can_not_be_rendered_fails(
    shop: Any, environment_spec: EnvironmentSpec
) -> None:
    shop.network_version("1.0", {ENVIRONMENT_FILE: (" | default([])", "")})

    failed = shop.network()

    assert failed["deploymentStatus"] == "FAILED"
    message = failed["deploymentStatusMessage"]
    assert message.startswith(f"{ENVIRONMENT_FILE}, line 9: ")
    assert "subnets" in message
    assert shop.environment_outputs() == {}

    shop.proton.update_environment(
        name="dev",
        deploymentType="CURRENT_VERSION",
        spec=environment_spec(cidr=CIDR, subnets=["10.0.0.0/24"]),
    )

    updated = shop.environment()
    assert updated["deploymentStatus"] == "SUCCEEDED"
    assert "deploymentStatusMessage" not in updated


def test_an_instance_that_can_not_be_rendered_fails_its_service(shop: Any) -> None:
    shop.network()
    shop.version("1.0", {INSTANCE_FILE: GREETING})
    shop.open(
        "web",
        "api",
        spec=shop.spec(
            web={"image": "shop/web:1"}, api={"image": "shop/api:1", "greeting": "hello"}
        ),
    )

    service = shop.service()

    web, api = shop.instance("web"), shop.instance("api")
    assert (web["deploymentStatus"], api["deploymentStatus"]) == ("FAILED", "SUCCEEDED")
    assert web["deploymentStatusMessage"].startswith(GREETING_PLACE)
    assert "greeting" in web["deploymentStatusMessage"]
    assert shop.instance_outputs("api")["Greeting"] == "hello"
    assert service["status"] == "CREATE_FAILED"
    assert "web" in service["statusMessage"]
    assert service["pipeline"]["deploymentStatus"] == "FAILED"
    assert service["pipeline"]["deploymentStatusMessage"] == (
        f"Service Instance(s): [{web['arn']}] failed to deploy - canceling pipeline deployment"
    )


def test_a_pipeline_that_can_not_be_rendered_fails_its_service(shop: Any) -> None:
    shop.network()
    shop.version("1.0", {PIPELINE_FILE: ("instance.outputs.Url", "instance.outputs.Uri")})

    service = shop.open()

    assert service["status"] == "CREATE_FAILED"
    pipeline = service["pipeline"]
    assert pipeline["deploymentStatus"] == "FAILED"
    assert pipeline["deploymentStatusMessage"].startswith(f"{PIPELINE_FILE}, line 11: ")
    assert "Uri" in pipeline["deploymentStatusMessage"]
    assert service["statusMessage"] == pipeline["deploymentStatusMessage"]
    assert shop.instance()["deploymentStatus"] == "SUCCEEDED"


def test_an_added_instance_that_can_not_be_rendered_is_taken_back(shop: Any) -> None:
    shop.network()
    shop.version("1.0", {INSTANCE_FILE: GREETING})
    before = shop.open(inputs={"image": "shop/web:1", "greeting": "hello"})
    assert before["status"] == "ACTIVE"
    shop.proton.update_service(
        name="shop",
        spec=shop.spec(
            web={"image": "shop/web:1", "greeting": "hello"}, api={"image": "shop/api:1"}
        ),
    )

    service = shop.service()

    assert service["status"] == "UPDATE_FAILED_CLEANUP_COMPLETE"
    assert "api" in service["statusMessage"]
    assert service["spec"] == before["spec"]
    assert service["pipeline"] == before["pipeline"]
    listed = shop.proton.list_service_instances(serviceName="shop")["serviceInstances"]
    assert [instance["name"] for instance in listed] == ["web"]
    (deletion, failed, _) = shop.proton.list_deployments(serviceName="shop")["deployments"][:3]
    record = shop.proton.get_deployment(id=failed["id"])["deployment"]
    assert (record["deploymentStatus"], deletion["deploymentStatus"]) == (
        "FAILED",
        "DELETE_COMPLETE",
    )
    assert record["deploymentStatusMessage"].startswith(GREETING_PLACE)


def test_an_instance_whose_update_can_not_be_rendered_stays_as_it_was(shop: Any) -> None:
    shop.open()
    shop.version("1.1", {INSTANCE_FILE: GREETING})

    shop.proton.update_service_instance(
        serviceName="shop", name="web", deploymentType="MINOR_VERSION"
    )

    instance = shop.instance()
    assert instance["deploymentStatus"] == "FAILED"
    assert instance["deploymentStatusMessage"].startswith(GREETING_PLACE)
    assert instance["templateMinorVersion"] == "0"
    assert shop.instance_outputs()["Url"] == URL
    assert shop.service()["status"] == "ACTIVE"


def test_a_component_that_can_not_be_rendered_fails(shop: Any) -> None:
    shop.open()
    text = "Resources:\n  Note:\n    Type: {{ environment.outputs.Nothing }}\n"

    component = shop.seed.component("store", attach_to=("shop", "web"), templateFile=text)

    assert component["deploymentStatus"] == "FAILED"
    message = component["deploymentStatusMessage"]
    assert message.startswith("component/cloudformation.yaml, line 3: ")
    assert "Nothing" in message
    redeploy(shop)
    assert shop.instance_outputs()["Store"] == "no component"


@pytest.mark.rule("6.11-33")
def test_a_component_needs_an_entry_for_its_instance_in_its_spec(shop: Any) -> None:
    shop.open()

    with pytest.raises(ClientError, match="no entry for the service instance web"):
        shop.seed.component(
            "store", attach_to=("shop", "web"), serviceSpec=shop.spec(api={"image": "shop/api:1"})
        )


# --- what was rendered ----------------------------------------------------------------------------


def test_what_was_rendered_can_be_read(shop: Any) -> None:
    service = shop.open()
    arn = shop.instance()["arn"]

    found = moto_proton.rendered(arn)

    assert found.method.value == "CloudFormation"
    assert list(found.files) == ["cloudformation.yaml"]
    assert found.template == found.files["cloudformation.yaml"]
    assert "Description: The instance web of shop.\n" in found.template
    assert f'Value: "{URL}"' in found.template
    assert "Description: The pipeline of shop.\n" in (
        moto_proton.rendered(service["pipeline"]["arn"]).template
    )
    assert "Description: The network dev.\n" in (
        moto_proton.rendered(shop.environment()["arn"]).template
    )


def test_what_failed_after_rendering_was_rendered_all_the_same(
    shop: Any, environment_spec: EnvironmentSpec
) -> None:
    shop.network_version(
        "1.0", {ENVIRONMENT_FILE: ("!Ref Orders", "!Ref Orders{{ environment.inputs.tier }}")}
    )
    shop.network()
    environment = shop.environment()
    assert environment["deploymentStatus"] == "FAILED"
    assert "Orderssmall" in environment["deploymentStatusMessage"]

    assert "!Ref Orderssmall" in moto_proton.rendered(environment["arn"]).template


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param("dev", id="a name"),
        pytest.param("arn:aws:s3:::bundles", id="another service"),
        pytest.param("arn:aws:proton:us-east-1:123456789012:environment/prod", id="unknown"),
        pytest.param("arn:aws:proton:us-east-1:123456789012:service/shop", id="a service"),
        pytest.param("arn:aws:proton:eu-west-1:123456789012:environment/dev", id="region"),
        pytest.param("arn:aws:proton:us-east-1:210987654321:environment/dev", id="account"),
    ],
)
def test_where_nothing_was_rendered_there_is_nothing_to_read(shop: Any, arn: str) -> None:
    shop.open()

    with pytest.raises(LookupError, match=arn.rpartition("/")[2]):
        moto_proton.rendered(arn)


@pytest.mark.proton(config={"require_bundles": False})
def test_without_a_bundle_nothing_is_rendered(shop: Any) -> None:
    environment = shop.network()

    with pytest.raises(LookupError, match="Nothing was rendered"):
        moto_proton.rendered(environment["arn"])


@pytest.mark.parametrize("provisioner", ["default", "cloudformation"])
def test_an_output_over_its_limit_fails_the_deployment(provisioner: str) -> None:
    template = "Resources: {A: {Type: 'AWS::SNS::Topic'}}\nOutputs: {Long: {Value: " + "x" * 1025
    with moto_proton.mock_proton(config={"proton": {"provisioner": provisioner}}):
        made = moto_proton.seed.component("cache", templateFile=template + "}}\n", may_fail=True)

    assert made["deploymentStatus"] == "FAILED"
    assert made["deploymentStatusMessage"] == (
        "Output Long has 1025 characters, but it may have 1 to 1024"
    )


def test_the_values_of_a_customer_managed_environment_are_held_to_the_limit_of_outputs() -> None:
    with moto_proton.mock_proton():
        moto_proton.seed.environment_template("own", provisioning="CUSTOMER_MANAGED")

        with pytest.raises(ClientError, match="at most 1024 characters"):
            moto_proton.seed.environment("long", template="own", inputs={"Vpc": "v" * 1025})
        moto_proton.seed.environment("dev", template="own", inputs={"Vpc": "v", "Note": ""})

        proton = boto3.client("proton", region_name="us-east-1")
        outputs = proton.list_environment_outputs(environmentName="dev")["outputs"]
        assert outputs == [{"key": "Vpc", "valueString": "v"}]
