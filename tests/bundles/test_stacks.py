"""The provisioner ``cloudformation``: the resources of a template exist in the same mock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from moto_proton import ProvisioningWarning
from moto_proton.seed import Seed

Client: TypeAlias = Any
ClientOf: TypeAlias = Callable[..., Client]
EnvironmentSpec: TypeAlias = Callable[..., str]

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
CIDR = "10.0.0.0/16"
ENVIRONMENT_FILE = "infrastructure/cloudformation.yaml"
INSTANCE_FILE = "instance_infrastructure/cloudformation.yaml"
PIPELINE_FILE = "pipeline_infrastructure/cloudformation.yaml"
UNSUPPORTED = ("Type: AWS::S3::Bucket", "Type: AWS::Quantum::Computer")

pytestmark = pytest.mark.proton(config={"provisioner": "cloudformation"})


@pytest.fixture
def parameters(client_of: ClientOf) -> Callable[..., dict[str, str]]:
    """The SSM parameters that there are, by name."""

    def listed(ssm: Client = None) -> dict[str, str]:
        client = ssm or client_of("ssm")
        names = [each["Name"] for each in client.describe_parameters()["Parameters"]]
        return {name: client.get_parameter(Name=name)["Parameter"]["Value"] for name in names}

    return listed


@pytest.fixture
def buckets(client_of: ClientOf) -> Callable[[], list[str]]:
    """The buckets that services have."""
    return lambda: [
        each["Name"]
        for each in client_of("s3").list_buckets()["Buckets"]
        if not each["Name"].startswith("template-bundles")
    ]


@pytest.fixture
def tables(client_of: ClientOf) -> Callable[[], list[str]]:
    return lambda: list(client_of("dynamodb").list_tables()["TableNames"])


def test_what_the_templates_declare_exists(
    shop: Any,
    parameters: Callable[..., dict[str, str]],
    tables: Callable[[], list[str]],
    buckets: Callable[[], list[str]],
) -> None:
    service = shop.open("web", "api")

    assert service["status"] == "ACTIVE"
    assert parameters() == {
        "/dev/cidr": CIDR,
        "/shop/web/image": "shop/web:1",
        "/shop/api/image": "shop/web:1",
        "/shop/dockerfile": "Dockerfile",
    }
    assert tables() == [shop.environment_outputs()["OrdersTable"]]
    assert sorted(buckets()) == ["shop-api-uploads", "shop-web-uploads"]
    assert shop.pipeline_outputs()["Stages"].startswith(f"web: shop/web:1 at {CIDR} small 2 port")


@pytest.mark.rule("9-22", "9-23")
def test_provisioned_resources_are_the_stack(shop: Any, client_of: ClientOf) -> None:
    shop.network()

    listed = shop.proton.list_environment_provisioned_resources(environmentName="dev")

    (resource,) = listed["provisionedResources"]
    (stack,) = client_of("cloudformation").describe_stacks()["Stacks"]
    assert resource == {
        "name": stack["StackName"],
        "identifier": stack["StackId"],
        "provisioningEngine": "CLOUDFORMATION",
    }


def test_an_update_changes_adds_and_removes(
    shop: Any,
    parameters: Callable[..., dict[str, str]],
    tables: Callable[[], list[str]],
    environment_spec: EnvironmentSpec,
) -> None:
    shop.network(inputs={"cidr": CIDR, "subnets": ["10.0.0.0/24", "10.0.1.0/24"]})
    table = tables()
    assert parameters()["/dev/subnets/2"] == "10.0.1.0/24"

    shop.proton.update_environment(
        name="dev",
        deploymentType="CURRENT_VERSION",
        spec=environment_spec(cidr="10.1.0.0/16", subnets=["10.1.0.0/24"]),
    )

    assert shop.environment()["deploymentStatus"] == "SUCCEEDED"
    assert parameters() == {"/dev/cidr": "10.1.0.0/16", "/dev/subnets/1": "10.1.0.0/24"}
    assert tables() == table


def test_a_deleted_service_and_environment_leave_nothing(
    shop: Any,
    parameters: Callable[..., dict[str, str]],
    tables: Callable[[], list[str]],
    buckets: Callable[[], list[str]],
    client_of: ClientOf,
) -> None:
    shop.open()
    shop.proton.delete_service(name="shop")
    assert shop.proton.list_services()["services"] == []
    assert (buckets(), parameters()) == ([], {"/dev/cidr": CIDR})

    shop.proton.delete_environment(name="dev")

    assert shop.proton.list_environments()["environments"] == []
    assert (tables(), parameters()) == ([], {})
    assert client_of("cloudformation").describe_stacks()["Stacks"] == []


def test_an_instance_taken_out_of_the_spec_takes_its_bucket_with_it(
    shop: Any, buckets: Callable[[], list[str]]
) -> None:
    shop.open("web", "api")

    shop.proton.update_service(name="shop", spec=shop.spec(web={"image": "shop/web:1"}))

    assert shop.service()["status"] == "ACTIVE"
    assert buckets() == ["shop-web-uploads"]


def test_a_component_exists_in_the_environment_of_its_instance(
    shop: Any, buckets: Callable[[], list[str]]
) -> None:
    shop.open()

    shop.seed.component("store", attach_to=("shop", "web"))

    store = shop.outputs("component", componentName="store")["StoreName"]
    assert sorted(buckets()) == sorted([store, "shop-web-uploads"])


# --- tags -----------------------------------------------------------------------------------------


@pytest.mark.rule("10.2-10")
def test_what_is_provisioned_carries_proton_s_tags(shop: Any, client_of: ClientOf) -> None:
    shop.open(tags=[{"key": "team", "value": "shop"}])
    arn = "arn:aws:proton:us-east-1:123456789012:"

    tags = client_of("s3").get_bucket_tagging(Bucket="shop-web-uploads")["TagSet"]

    # Customer tags stay on Proton's own resources.
    assert {
        tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].startswith("aws:cloudformation")
    } == {
        "proton:account": "123456789012",
        "proton:template": f"{arn}service-template/shop",
        "proton:environment": f"{arn}environment/dev",
        "proton:service": f"{arn}service/shop",
        "proton:service-instance": f"{arn}service/shop/service-instance/web",
    }


def test_a_stack_carries_them_too(shop: Any, client_of: ClientOf) -> None:
    shop.network()
    arn = "arn:aws:proton:us-east-1:123456789012:"

    (stack,) = client_of("cloudformation").describe_stacks()["Stacks"]

    assert {tag["Key"]: tag["Value"] for tag in stack["Tags"]} == {
        "proton:account": "123456789012",
        "proton:template": f"{arn}environment-template/network",
        "proton:environment": f"{arn}environment/dev",
    }


# --- failures -------------------------------------------------------------------------------------


def test_a_type_that_moto_does_not_know_fails_the_environment(
    shop: Any, tables: Callable[[], list[str]], client_of: ClientOf
) -> None:
    shop.network_version(
        "1.0", {ENVIRONMENT_FILE: ("Type: AWS::DynamoDB::Table", "Type: AWS::Quantum::Computer")}
    )

    environment = shop.network()

    assert environment["deploymentStatus"] == "FAILED"
    assert "Orders (AWS::Quantum::Computer)" in environment["deploymentStatusMessage"]
    assert shop.environment_outputs() == {}
    assert client_of("cloudformation").describe_stacks()["Stacks"] == []
    listed = shop.proton.list_environment_provisioned_resources(environmentName="dev")
    assert listed["provisionedResources"] == []


def test_a_type_that_moto_does_not_know_fails_the_service(
    shop: Any, buckets: Callable[[], list[str]]
) -> None:
    shop.network()
    shop.version("1.0", {INSTANCE_FILE: UNSUPPORTED})

    service = shop.open()

    assert service["status"] == "CREATE_FAILED"
    assert service["statusMessage"] == "Service Instance(s): web failed to deploy"
    assert "AWS::Quantum::Computer" in shop.instance()["deploymentStatusMessage"]
    assert service["pipeline"]["deploymentStatus"] == "FAILED"
    assert buckets() == []


def test_what_moto_cannot_make_is_listed_after_the_stack(shop: Any) -> None:
    """Where the warning is no error, the service comes up."""
    shop.network()
    shop.version("1.0", {INSTANCE_FILE: UNSUPPORTED})

    with pytest.warns(ProvisioningWarning, match=r"AWS::Quantum::Computer"):
        service = shop.open()

    assert service["status"] == "ACTIVE"
    listed = shop.proton.list_service_instance_provisioned_resources(
        serviceName=service["name"], serviceInstanceName="web"
    )["provisionedResources"]
    assert len(listed) == 2
    assert listed[1]["name"].endswith("(AWS::Quantum::Computer)")


def test_a_type_that_moto_does_not_know_fails_the_pipeline(shop: Any) -> None:
    shop.network()
    shop.version("1.0", {PIPELINE_FILE: ("AWS::SSM::Parameter", "AWS::Quantum::Computer")})

    service = shop.open()

    assert service["status"] == "CREATE_FAILED"
    assert "AWS::Quantum::Computer" in service["pipeline"]["deploymentStatusMessage"]
    assert shop.instance()["deploymentStatus"] == "SUCCEEDED"


def test_a_failed_update_leaves_what_was_there(
    shop: Any, parameters: Callable[..., dict[str, str]], environment_spec: EnvironmentSpec
) -> None:
    shop.network()
    shop.network_version(
        "1.1", {ENVIRONMENT_FILE: ("Type: AWS::DynamoDB::Table", "Type: AWS::Quantum::Computer")}
    )

    shop.proton.update_environment(
        name="dev", deploymentType="MINOR_VERSION", spec=environment_spec(cidr="10.1.0.0/16")
    )

    environment = shop.environment()
    assert environment["deploymentStatus"] == "FAILED"
    assert "AWS::Quantum::Computer" in environment["deploymentStatusMessage"]
    assert environment["templateMinorVersion"] == "0"
    assert parameters() == {"/dev/cidr": CIDR}
    assert shop.environment_outputs()["Network"] == f"{CIDR} small 2"


def test_names_that_are_taken_fail_the_added_instance_and_it_is_taken_back(
    shop: Any, s3: Client, buckets: Callable[[], list[str]]
) -> None:
    before = shop.open()
    s3.create_bucket(Bucket="shop-api-uploads")

    shop.proton.update_service(
        name="shop", spec=shop.spec(web={"image": "shop/web:1"}, api={"image": "shop/api:1"})
    )

    service = shop.service()
    assert service["status"] == "UPDATE_FAILED_CLEANUP_COMPLETE"
    assert service["spec"] == before["spec"]
    assert sorted(buckets()) == ["shop-api-uploads", "shop-web-uploads"]


def test_a_bucket_with_objects_fails_the_deletion_until_it_is_empty(
    shop: Any, s3: Client, buckets: Callable[[], list[str]]
) -> None:
    shop.open()
    s3.put_object(Bucket="shop-web-uploads", Key="photo", Body=b"")

    shop.proton.delete_service(name="shop")

    instance = shop.instance()
    assert instance["deploymentStatus"] == "DELETE_FAILED"
    assert "Uploads" in instance["deploymentStatusMessage"]
    service = shop.service()
    assert service["status"] == "DELETE_FAILED"
    assert "web" in service["statusMessage"]
    assert buckets() == ["shop-web-uploads"]

    s3.delete_object(Bucket="shop-web-uploads", Key="photo")
    shop.proton.delete_service(name="shop")

    assert shop.proton.list_services()["services"] == []
    assert buckets() == []


def test_an_edit_goes_on_without_the_instance_that_fails_to_go_and_tries_again_later(
    shop: Any, s3: Client, buckets: Callable[[], list[str]]
) -> None:
    shop.open("web", "api")
    s3.put_object(Bucket="shop-api-uploads", Key="photo", Body=b"")
    only_web = shop.spec(web={"image": "shop/web:1"})
    shop.proton.update_service(name="shop", spec=only_web)
    assert shop.service()["status"] == "UPDATE_COMPLETE_CLEANUP_FAILED"
    assert shop.instance("api")["deploymentStatus"] == "DELETE_FAILED"
    s3.delete_object(Bucket="shop-api-uploads", Key="photo")

    shop.proton.update_service(name="shop", spec=only_web)

    assert shop.service()["status"] == "ACTIVE"
    assert buckets() == ["shop-web-uploads"]


# --- elsewhere ------------------------------------------------------------------------------------


def test_a_connection_puts_the_stack_into_its_account(
    shop: Any, client_of: ClientOf, parameters: Callable[..., dict[str, str]]
) -> None:
    key = client_of("sts").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/platform", RoleSessionName="platform"
    )["Credentials"]["AccessKeyId"]
    connection = client_of("proton", access_key=key).create_environment_account_connection(
        environmentName="dev",
        managementAccountId="123456789012",
        roleArn="arn:aws:iam::210987654321:role/proton",
        componentRoleArn="arn:aws:iam::210987654321:role/components",
    )["environmentAccountConnection"]
    shop.proton.accept_environment_account_connection(id=connection["id"])
    shop.network_version()
    shop.proton.create_environment(
        name="dev",
        templateName="network",
        templateMajorVersion="1",
        environmentAccountConnectionId=connection["id"],
        spec=f"proton: EnvironmentSpec\nspec: {{cidr: {CIDR}}}\n",
    )

    service = shop.open()

    assert service["status"] == "ACTIVE"
    there = parameters(client_of("ssm", access_key=key))
    assert there == {"/dev/cidr": CIDR, "/shop/web/image": "shop/web:1"}
    assert parameters() == {"/shop/dockerfile": "Dockerfile"}
    (resource,) = shop.proton.list_environment_provisioned_resources(environmentName="dev")[
        "provisionedResources"
    ]
    assert ":210987654321:stack/" in resource["identifier"]


def test_regions_keep_their_stacks_apart(
    shop: Any, client_of: ClientOf, bundle: Any, parameters: Callable[..., dict[str, str]]
) -> None:
    shop.network()
    there = Seed(client_of("proton", "eu-west-1"))
    there.environment_template("network", bundle=bundle("network"))

    environment = there.environment("dev", template="network", inputs={"cidr": "10.9.0.0/16"})

    assert environment["deploymentStatus"] == "SUCCEEDED"
    assert parameters(client_of("ssm", "eu-west-1")) == {"/dev/cidr": "10.9.0.0/16"}
    assert parameters() == {"/dev/cidr": CIDR}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_the_table_of_aws_s_lambda_sample_is_there(
    seed: Seed, client_of: ClientOf, tables: Callable[[], list[str]]
) -> None:
    folder = SAMPLES / "lambda-multi-svc"
    seed.environment_template("lambda-env", bundle=folder / "lambda-env" / "v1")

    environment = seed.environment(
        "data", template="lambda-env", spec=(folder / "specs" / "env-spec.yaml").read_text("utf-8")
    )

    assert environment["deploymentStatus"] == "SUCCEEDED", environment["deploymentStatusMessage"]
    (table,) = tables()
    described = client_of("dynamodb").describe_table(TableName=table)["Table"]
    assert described["TableStatus"] == "ACTIVE"
    outputs = client_of("proton").list_environment_outputs(environmentName="data")
    assert table in {output["valueString"] for output in outputs["outputs"]}
