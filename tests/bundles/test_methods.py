"""Provisioning methods: Terraform by the customer, CodeBuild by a build, and customer managed
environments.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from freezegun import freeze_time
from moto.moto_api import state_manager

import moto_proton
from moto_proton.seed import Seed

Client: TypeAlias = Any
Bundle: TypeAlias = Callable[..., Path]
Refused: TypeAlias = Callable[..., str]
EnvironmentSpec: TypeAlias = Callable[..., str]
Notify: TypeAlias = Callable[..., None]

ARN = "arn:aws:proton:us-east-1:123456789012:"
ROLE = "arn:aws:iam::123456789012:role/proton"
CIDR = "10.0.0.0/16"
METADATA = ".proton/deployment-metadata.json"
VALUES = "proton.auto.tfvars.json"


def deployment_of(proton: Client, kind: str) -> dict[str, Any]:
    """The newest deployment of a kind of resource."""
    listed = proton.list_deployments()["deployments"]
    return next(dict(each) for each in listed if each["targetResourceType"] == kind)


# --- Terraform ------------------------------------------------------------------------------------


@pytest.mark.rule("6.6-2", "6.6-4", "6.6-9", "9-5")
@pytest.mark.parametrize(
    ("template", "members", "words"),
    [
        pytest.param(
            "terraform-network",
            {"protonServiceRoleArn": ROLE},
            "provisioningRepository",
            id="terraform",
        ),
        pytest.param(
            "codebuild-network", {"protonServiceRoleArn": ROLE}, "codebuildRoleArn", id="codebuild"
        ),
        pytest.param(
            "network", {"codebuildRoleArn": ROLE}, "protonServiceRoleArn", id="cloudformation"
        ),
        pytest.param(
            "network", {"provisioningRepository": {}}, "protonServiceRoleArn", id="self-managed"
        ),
    ],
)
def test_an_environment_needs_what_its_bundle_is_provisioned_with(
    seed: Seed,
    bundle: Bundle,
    refused: Refused,
    environment_spec: EnvironmentSpec,
    template: str,
    members: dict[str, Any],
    words: str,
) -> None:
    seed.environment_template(template, bundle=bundle(template))
    if "provisioningRepository" in members:
        members = {"provisioningRepository": {**seed.repository(), "branch": "main"}}

    message = refused(
        "create_environment",
        name="dev",
        templateName=template,
        templateMajorVersion="1",
        spec=environment_spec(cidr=CIDR),
        **members,
    )

    assert message.startswith(f"The environment dev needs a {words}")


@pytest.mark.rule("9-16")
def test_a_pull_request_for_an_environment_waits_to_be_merged(
    proton: Client, network: Any, notify: Notify, bundle: Bundle
) -> None:
    waiting = network("terraform-network", self_managed=True)

    assert waiting["deploymentStatus"] == "IN_PROGRESS"
    deployment = deployment_of(proton, "ENVIRONMENT")
    files = moto_proton.rendered(waiting["arn"]).files
    own = bundle("terraform-network") / "infrastructure"
    assert files["main.tf"] == (own / "main.tf").read_text(encoding="utf-8")
    assert files["outputs.tf"] == (own / "outputs.tf").read_text(encoding="utf-8")
    assert 'variable "environment"' in files["proton.environment.variables.tf"]
    assert json.loads(files[VALUES]) == {
        "environment": {"name": "dev", "inputs": {"cidr": CIDR, "zones": 2}},
        "proton_tags": {
            "proton:account": "123456789012",
            "proton:template": f"{ARN}environment-template/terraform-network",
            "proton:environment": waiting["arn"],
        },
        "//": waiting["arn"],
    }
    assert json.loads(files[METADATA]) == {
        "deploymentId": deployment["id"],
        "isResourceDeleted": False,
        "resourceMetadata": {
            "arn": waiting["arn"],
            "templateArn": f"{ARN}environment-template/terraform-network",
            "templateMajorVersion": "1",
            "templateMinorVersion": "0",
        },
    }

    notify(waiting["arn"], "SUCCEEDED", {"network_id": "vpc-1"}, deploymentId=deployment["id"])

    ended = proton.get_environment(name="dev")["environment"]
    assert ended["deploymentStatus"] == "SUCCEEDED"
    outputs = proton.list_environment_outputs(environmentName="dev")["outputs"]
    assert outputs == [{"key": "network_id", "valueString": "vpc-1"}]


@pytest.mark.rule("6.6-37", "9-17")
def test_a_pull_request_that_deletes_says_so(proton: Client, network: Any, notify: Notify) -> None:
    arn = network("terraform-network", self_managed=True)["arn"]
    notify(arn, "SUCCEEDED")
    proton.delete_environment(name="dev")

    metadata = json.loads(moto_proton.rendered(arn).files[METADATA])

    deletion = deployment_of(proton, "ENVIRONMENT")
    assert deletion["deploymentStatus"] == "DELETE_IN_PROGRESS"
    assert (metadata["isResourceDeleted"], metadata["deploymentId"]) == (True, deletion["id"])
    notify(arn, "SUCCEEDED", deploymentId=deletion["id"])
    assert proton.list_environments()["environments"] == []


def test_values_flow_through_the_pull_requests_of_a_service(
    proton: Client, seed: Seed, network: Any, shop_of: Any, notify: Notify
) -> None:
    notify(
        network("terraform-network", self_managed=True)["arn"], "SUCCEEDED", {"network_id": "vpc-1"}
    )
    proton.update_account_settings(
        pipelineProvisioningRepository={**seed.repository(), "branch": "main"}
    )
    service = shop_of("terraform-shop", "terraform-network", inputs={"image": "shop:2"})
    instance = f"{service['arn']}/service-instance/web"
    assert service["status"] == "CREATE_IN_PROGRESS"

    of_instance = moto_proton.rendered(instance).files

    values = json.loads(of_instance[VALUES])
    assert values["environment"] == {
        "account_id": "123456789012",
        "name": "dev",
        "outputs": {"network_id": "vpc-1"},
    }
    assert values["service"]["name"] == "shop"
    assert values["service_instance"]["inputs"] == {"image": "shop:2"}
    metadata = json.loads(of_instance[METADATA])
    assert metadata["deploymentId"] == deployment_of(proton, "SERVICE_INSTANCE")["id"]
    assert metadata["resourceMetadata"]["environmentArn"] == f"{ARN}environment/dev"
    with pytest.raises(LookupError):
        moto_proton.rendered(service["pipeline"]["arn"])

    notify(instance, "SUCCEEDED", {"queue": "q-1"})

    of_pipeline = moto_proton.rendered(service["pipeline"]["arn"]).files
    values = json.loads(of_pipeline[VALUES])
    assert values["pipeline"]["inputs"] == {"dockerfile": "Dockerfile"}
    (deployed,) = values["service_instances"]
    assert deployed["outputs"] == {"queue": "q-1"}
    assert deployed["environment"]["outputs"] == {"network_id": "vpc-1"}
    notify(service["pipeline"]["arn"], "SUCCEEDED", {"url": "https://build"})
    assert proton.get_service(name="shop")["service"]["status"] == "ACTIVE"
    listed = proton.list_service_pipeline_outputs(serviceName="shop")["outputs"]
    assert listed == [{"key": "url", "valueString": "https://build"}]


def test_a_terraform_component_comes_as_a_pull_request(
    proton: Client, seed: Seed, network: Any, notify: Notify
) -> None:
    notify(
        network("terraform-network", self_managed=True)["arn"], "SUCCEEDED", {"network_id": "vpc-1"}
    )
    component = seed.component("store", environmentName="dev")
    assert component["deploymentStatus"] == "IN_PROGRESS"

    files = moto_proton.rendered(component["arn"]).files

    assert 'resource "aws_s3_bucket"' in files["main.tf"]
    values = json.loads(files[VALUES])
    assert values["component"] == {"name": "store"}
    assert values["environment"]["outputs"] == {"network_id": "vpc-1"}
    assert json.loads(files[METADATA])["componentMetadata"] == {
        "arn": component["arn"],
        "environmentArn": f"{ARN}environment/dev",
    }
    notify(component["arn"], "SUCCEEDED", {"bucket": "b-1"})
    outputs = proton.list_component_outputs(componentName="store")["outputs"]
    assert outputs == [{"key": "bucket", "valueString": "b-1"}]


def test_a_pull_request_that_fails_fails_the_deployment(
    proton: Client, network: Any, notify: Notify
) -> None:
    arn = network("terraform-network", self_managed=True)["arn"]

    notify(arn, "FAILED", statusMessage="no quota")

    environment = proton.get_environment(name="dev")["environment"]
    assert environment["deploymentStatus"] == "FAILED"
    assert environment["deploymentStatusMessage"] == "no quota"


# --- CodeBuild ------------------------------------------------------------------------------------


@pytest.mark.rule("6.13-7", "9-4")
def test_a_build_brings_its_outputs_by_notification(
    proton: Client, network: Any, notify: Notify, hold: Any, let_go: Any
) -> None:
    hold("environment")
    building = network("codebuild-network", codebuildRoleArn=ROLE)
    assert building["deploymentStatus"] == "IN_PROGRESS"

    notify(building["arn"], "IN_PROGRESS", {"network_id": "vpc-1"})
    notify(building["arn"], None, {"network_id": "vpc-2", "zones": "[2]"})
    assert proton.list_environment_outputs(environmentName="dev")["outputs"] == []
    let_go("environment")

    environment = proton.get_environment(name="dev")["environment"]
    assert environment["deploymentStatus"] == "SUCCEEDED"
    assert proton.list_environment_outputs(environmentName="dev")["outputs"] == [
        {"key": "network_id", "valueString": "vpc-2"},
        {"key": "zones", "valueString": "[2]"},
    ]


def outputs_of(proton: Client, name: str = "dev") -> dict[str, str]:
    listed = proton.list_environment_outputs(environmentName=name)["outputs"]
    return {output["key"]: output["valueString"] for output in listed}


@pytest.mark.rule("15-5")
def test_a_build_that_is_over_at_once_reports_in_time_all_the_same(
    proton: Client, network: Any, notify: Notify
) -> None:
    building = network("codebuild-network", codebuildRoleArn=ROLE)
    assert building["deploymentStatus"] == "SUCCEEDED"

    notify(building["arn"], "IN_PROGRESS", {"network_id": "vpc-1"}, statusMessage="planned")

    assert outputs_of(proton) == {"network_id": "vpc-1"}
    deployment = building["lastAttemptedDeploymentId"]
    listed = proton.list_environment_outputs(environmentName="dev", deploymentId=deployment)
    assert listed["outputs"] == [{"key": "network_id", "valueString": "vpc-1"}]
    after = proton.get_environment(name="dev")["environment"]
    assert after == building
    # A report without outputs keeps them; one with others replaces the set.
    notify(building["arn"], "SUCCEEDED")
    notify(building["arn"], None, {"zones": "[2]"}, deploymentId=deployment)
    assert outputs_of(proton) == {"zones": "[2]"}


@pytest.mark.rule("15-5")
def test_what_runs_in_the_environment_reads_what_its_build_reported(
    proton: Client, network: Any, notify: Notify, shop_of: Any
) -> None:
    notify(
        network("codebuild-network", codebuildRoleArn=ROLE)["arn"], None, {"network_id": "vpc-7"}
    )

    shop_of("codebuild-shop", "codebuild-network", pipeline_inputs={"dockerfile": "Dockerfile"})

    rendered = moto_proton.rendered(f"{ARN}service/shop/service-instance/web")
    values = json.loads(rendered.files["proton-inputs.json"])
    assert values["environment"]["outputs"] == {"network_id": "vpc-7"}


@pytest.mark.rule("6.13-10")
@pytest.mark.parametrize("how", ["failed", "took its time", "is an older one"])
def test_a_build_that_had_its_time_reports_no_more(
    proton: Client, network: Any, faults: Any, refused: Refused, how: str
) -> None:
    if how == "failed":
        faults.fail_deployment("environment/dev")
    if how == "took its time":
        minute = {"progression": "time", "seconds": 60}
        state_manager.set_transition("proton::environment", minute)
    with freeze_time("2024-05-01T12:00:00Z") as clock:
        arn = network("codebuild-network", codebuildRoleArn=ROLE)["arn"]
        clock.tick(61)
        first = proton.get_environment(name="dev")["environment"]["lastAttemptedDeploymentId"]
        state_manager.unset_transition("proton::environment")
        more = {}
        if how == "is an older one":
            proton.update_environment(name="dev", deploymentType="CURRENT_VERSION")
            more["deploymentId"] = first

        message = refused(
            "notify_resource_deployment_status_change",
            "ConflictException",
            resourceArn=arn,
            outputs=[{"key": "a", "valueString": "b"}],
            **more,
        )

    assert (first if more else "waits for no notification") in message


@pytest.fixture
def elsewhere(proton: Client) -> Client:
    """A client in the account 222222222222, which has connected itself for ``dev``."""
    credentials = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn=f"{ELSEWHERE}role/build", RoleSessionName="build"
    )["Credentials"]
    return boto3.client(
        "proton",
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


ELSEWHERE = "arn:aws:iam::222222222222:"


@pytest.fixture
def connected(proton: Client, elsewhere: Client) -> dict[str, str]:
    """The members of an environment in that account."""
    role = f"{ELSEWHERE}role/build"
    connection = elsewhere.create_environment_account_connection(
        environmentName="dev",
        managementAccountId="123456789012",
        roleArn=role,
        codebuildRoleArn=role,
    )["environmentAccountConnection"]
    proton.accept_environment_account_connection(id=connection["id"])
    return {"environmentAccountConnectionId": connection["id"]}


@pytest.mark.rule("15-5")
def test_a_build_in_another_account_reports_from_there(
    proton: Client,
    elsewhere: Client,
    connected: dict[str, str],
    seed: Seed,
    bundle: Bundle,
    environment_spec: EnvironmentSpec,
    shop_of: Any,
) -> None:
    seed.environment_template("codebuild-network", bundle=bundle("codebuild-network"))
    proton.create_environment(
        name="dev",
        templateName="codebuild-network",
        templateMajorVersion="1",
        spec=environment_spec(cidr=CIDR),
        **connected,
    )
    arn = f"{ARN}environment/dev"
    report = elsewhere.notify_resource_deployment_status_change

    answer = report(resourceArn=arn, outputs=[{"key": "network_id", "valueString": "vpc-1"}])

    assert answer.keys() == {"ResponseMetadata"}
    assert outputs_of(proton) == {"network_id": "vpc-1"}
    shop_of("codebuild-shop", "codebuild-network", pipeline_inputs={"dockerfile": "Dockerfile"})
    instance = f"{ARN}service/shop/service-instance/web"
    report(resourceArn=instance, outputs=[{"key": "url", "valueString": "u"}])
    listed = proton.list_service_instance_outputs(serviceName="shop", serviceInstanceName="web")
    assert listed["outputs"] == [{"key": "url", "valueString": "u"}]
    # The pipeline runs in the management account.
    pipeline = proton.get_service(name="shop")["service"]["pipeline"]["arn"]
    with pytest.raises(elsewhere.exceptions.ValidationException):
        report(resourceArn=pipeline, outputs=[{"key": "url", "valueString": "u"}])


@pytest.mark.rule("15-5")
@pytest.mark.parametrize("name", ["dev", "none"])
def test_another_account_does_not_report_on_what_is_not_provisioned_there(
    proton: Client, elsewhere: Client, network: Any, name: str
) -> None:
    network("codebuild-network", codebuildRoleArn=ROLE)

    with pytest.raises(elsewhere.exceptions.ValidationException) as caught:
        elsewhere.notify_resource_deployment_status_change(
            resourceArn=f"{ARN}environment/{name}", outputs=[{"key": "a", "valueString": "b"}]
        )

    assert "no resource that is deployed in the account 222222222222" in str(caught.value)
    assert outputs_of(proton) == {}


def test_a_build_reads_its_values_from_a_file(network: Any) -> None:
    environment = network("codebuild-network", codebuildRoleArn=ROLE)

    rendered = moto_proton.rendered(environment["arn"])

    assert environment["deploymentStatus"] == "SUCCEEDED"
    assert rendered.method.value == "CodeBuild"
    assert list(rendered.files) == ["proton-inputs.json"]
    values = json.loads(rendered.files["proton-inputs.json"])
    assert values["environment"]["name"] == "dev"
    assert values["environment"]["inputs"] == {"cidr": CIDR, "zones": 2}


@pytest.mark.rule("6.6-8", "9-12", "9-1", "9-2")
def test_builds_and_stacks_may_be_mixed_in_an_environment_with_both_roles(
    proton: Client, network: Any, shop_of: Any
) -> None:
    network("network", codebuildRoleArn=ROLE)

    service = shop_of("codebuild-shop", "network")

    assert service["status"] == "ACTIVE"
    values = json.loads(
        moto_proton.rendered(f"{service['arn']}/service-instance/web").files["proton-inputs.json"]
    )
    assert values["environment"]["outputs"]["Network"] == f"{CIDR} small 2"
    assert moto_proton.rendered(service["pipeline"]["arn"]).method.value == "CodeBuild"


# --- customer managed -----------------------------------------------------------------------------


def test_the_values_of_a_customer_managed_environment_are_its_outputs(
    proton: Client, seed: Seed, bundle: Bundle, shop: Any
) -> None:
    seed.environment_template("legacy", provisioning="CUSTOMER_MANAGED", bundle=bundle("legacy"))
    environment = seed.environment("dev", template="legacy", inputs={"Network": "10.9.0.0/16"})
    assert environment["deploymentStatus"] == "SUCCEEDED"
    assert environment["provisioning"] == "CUSTOMER_MANAGED"
    seed.service_template(
        "shop", pipeline=True, compatible_with=["legacy:1"], bundle=bundle("shop")
    )

    seed.service(
        "shop",
        template="shop",
        pipeline=True,
        instances={"web": "dev"},
        inputs={"image": "shop/web:1"},
        pipeline_inputs={"dockerfile": "D"},
    )

    assert shop.environment_outputs() == {"Network": "10.9.0.0/16"}
    assert shop.instance_outputs()["Url"] == "shop/web:1 at 10.9.0.0/16 port 80"


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        pytest.param({}, "Network", id="missing"),
        pytest.param({"Network": 10}, "Network", id="no text"),
    ],
)
def test_a_customer_managed_environment_has_to_name_its_outputs(
    seed: Seed,
    bundle: Bundle,
    refused: Refused,
    environment_spec: EnvironmentSpec,
    inputs: dict[str, Any],
    words: str,
) -> None:
    seed.environment_template("legacy", provisioning="CUSTOMER_MANAGED", bundle=bundle("legacy"))

    message = refused(
        "create_environment",
        name="dev",
        templateName="legacy",
        templateMajorVersion="1",
        protonServiceRoleArn=ROLE,
        spec=environment_spec(**inputs),
    )

    assert words in message


@pytest.mark.rule("9-3")
def test_a_customer_managed_environment_has_nothing_rendered_or_provisioned(
    proton: Client, seed: Seed, bundle: Bundle
) -> None:
    seed.environment_template("legacy", provisioning="CUSTOMER_MANAGED", bundle=bundle("legacy"))

    environment = seed.environment("dev", template="legacy", inputs={"Network": "n"})

    listed = proton.list_environment_provisioned_resources(environmentName="dev")
    assert listed["provisionedResources"] == []
    with pytest.raises(LookupError, match="Nothing was rendered"):
        moto_proton.rendered(environment["arn"])
