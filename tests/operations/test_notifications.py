"""NotifyResourceDeploymentStatusChange: how self-managed provisioning reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
PREFIX = "arn:aws:proton:us-east-1:123456789012:"
CALL = "notify_resource_deployment_status_change"
DEV = f"{PREFIX}environment/dev"
WEB = f"{PREFIX}service/shop/service-instance/web"
SPEC = "proton: ServiceSpec\ninstances: [{name: web, environment: dev}]\n"


@pytest.fixture
def notify(proton: Client) -> Callable[..., None]:
    def notify(arn: str, status: str | None = None, **members: Any) -> None:
        request = {"resourceArn": arn, **({"status": status} if status else {}), **members}
        answer = proton.notify_resource_deployment_status_change(**request)
        assert set(answer) == {"ResponseMetadata"}

    return notify


Notify: TypeAlias = Callable[..., None]


@pytest.fixture
def dev(seed: Seed) -> dict[str, Any]:
    """A self-managed environment that waits."""
    return seed.environment("dev", template="environment-template", self_managed=True)


def environment(client: Client) -> dict[str, Any]:
    return dict(client.get_environment(name="dev")["environment"])


def instance(client: Client) -> dict[str, Any]:
    answer = client.get_service_instance(serviceName="shop", name="web")
    return dict(answer["serviceInstance"])


@pytest.mark.rule("6.13-3", "3.1-3")
def test_a_success_ends_the_deployment(proton: Client, notify: Notify, dev: dict[str, Any]) -> None:
    notify(
        DEV,
        "SUCCEEDED",
        outputs=[{"key": "vpc", "valueString": "vpc-1"}],
        deploymentId=dev["lastAttemptedDeploymentId"],
    )

    got = environment(proton)
    assert got["deploymentStatus"] == "SUCCEEDED"
    assert (got["templateMajorVersion"], got["templateMinorVersion"]) == ("1", "0")
    assert got["lastDeploymentSucceededAt"] == dev["lastDeploymentAttemptedAt"]
    assert got["lastSucceededDeploymentId"] == dev["lastAttemptedDeploymentId"]
    listed = proton.list_environment_outputs(environmentName="dev")["outputs"]
    assert listed == [{"key": "vpc", "valueString": "vpc-1"}]


@pytest.mark.rule("6.13-4", "3.1-4")
def test_a_failure_ends_it_with_a_message(
    proton: Client, notify: Notify, dev: dict[str, Any]
) -> None:
    notify(DEV, "FAILED", statusMessage="plan failed")

    got = environment(proton)
    assert got["deploymentStatus"] == "FAILED"
    assert got["deploymentStatusMessage"] == "plan failed"
    assert "templateMajorVersion" not in got


@pytest.mark.rule("6.13-5")
@pytest.mark.usefixtures("dev")
@pytest.mark.parametrize("status", ["IN_PROGRESS", None])
def test_a_report_of_progress_leaves_only_its_message(
    proton: Client, notify: Notify, status: str | None
) -> None:
    notify(DEV, status, statusMessage="planning", outputs=[{"key": "vpc", "valueString": "vpc-1"}])

    got = environment(proton)
    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == ("IN_PROGRESS", "planning")
    record = proton.get_deployment(id=got["lastAttemptedDeploymentId"])["deployment"]
    assert record["deploymentStatusMessage"] == "planning"
    assert "completedAt" not in record
    assert proton.list_environment_outputs(environmentName="dev")["outputs"] == []
    notify(DEV, "SUCCEEDED")
    assert len(proton.list_environment_outputs(environmentName="dev")["outputs"]) == 1


@pytest.mark.rule("6.13-8")
@pytest.mark.usefixtures("dev")
def test_a_deletion_ends_with_a_notification(
    proton: Client, notify: Notify, refused: Refused
) -> None:
    notify(DEV, "SUCCEEDED")
    proton.delete_environment(name="dev")
    notify(DEV, "FAILED", statusMessage="state is locked")
    got = environment(proton)
    assert got["deploymentStatus"] == "DELETE_FAILED"
    assert got["deploymentStatusMessage"] == "state is locked"
    proton.delete_environment(name="dev")

    notify(DEV, "SUCCEEDED")

    refused(RNF, "environment dev", "get_environment", name="dev")


@pytest.mark.usefixtures("dev")
def test_a_deletion_is_reported_under_the_id_of_its_record(
    proton: Client, notify: Notify, refused: Refused
) -> None:
    notify(DEV, "SUCCEEDED")
    proton.delete_environment(name="dev")
    deletion, first = proton.list_deployments(environmentName="dev")["deployments"]
    assert (deletion["deploymentStatus"], "completedAt" in deletion) == (
        "DELETE_IN_PROGRESS",
        False,
    )
    request = {"resourceArn": DEV, "status": "SUCCEEDED"}
    refused(CE, first["id"], CALL, **request, deploymentId=first["id"])

    notify(DEV, "SUCCEEDED", deploymentId=deletion["id"])

    (got, _) = proton.list_deployments(environmentName="dev")["deployments"]
    assert (got["id"], got["deploymentStatus"]) == (deletion["id"], "DELETE_COMPLETE")


@pytest.mark.rule("6.13-14")
@pytest.mark.usefixtures("dev")
def test_fifty_outputs_of_full_length_are_taken(proton: Client, notify: Notify) -> None:
    outputs = [{"key": f"{n:02}" + "k" * 1022, "valueString": "v" * 1024} for n in range(50)]

    notify(DEV, "SUCCEEDED", outputs=outputs[::-1])

    assert proton.list_environment_outputs(environmentName="dev")["outputs"] == outputs


@pytest.mark.rule("6.13-9")
@pytest.mark.usefixtures("dev")
def test_a_cancellation_ends_as_it_would(
    proton: Client, notify: Notify, hold: Hold, let_go: Hold
) -> None:
    notify(DEV, "SUCCEEDED")
    proton.update_environment(name="dev", deploymentType="CURRENT_VERSION")
    hold("environment")
    proton.cancel_environment_deployment(environmentName="dev")

    notify(DEV, "SUCCEEDED")

    assert environment(proton)["deploymentStatus"] == "CANCELLING"
    let_go("environment")
    assert environment(proton)["deploymentStatus"] == "CANCELLED"


@pytest.mark.rule("6.13-2")
@pytest.mark.usefixtures("dev")
def test_instances_components_and_pipelines_report_too(
    proton: Client, seed: Seed, notify: Notify
) -> None:
    notify(DEV, "SUCCEEDED")
    branch = {**seed.repository(), "branch": "main"}
    proton.update_account_settings(pipelineProvisioningRepository=branch)
    seed.service_template("web", pipeline=True)
    proton.create_service(
        name="shop",
        templateName="web",
        templateMajorVersion="1",
        spec=SPEC,
        repositoryConnectionArn="arn:aws:codestar-connections:us-east-1:123456789012:connection/a",
        repositoryId="shop/app",
        branchName="main",
    )
    assert instance(proton)["deploymentStatus"] == "IN_PROGRESS"
    notify(WEB, "SUCCEEDED")
    assert instance(proton)["deploymentStatus"] == "SUCCEEDED"
    service = proton.get_service(name="shop")["service"]
    assert service["status"] == "CREATE_IN_PROGRESS"
    notify(service["pipeline"]["arn"], "SUCCEEDED")
    service = proton.get_service(name="shop")["service"]
    assert (service["status"], service["pipeline"]["deploymentStatus"]) == ("ACTIVE", "SUCCEEDED")
    manifest = (
        "infrastructure:\n  templates:\n    - file: '*'\n      rendering_engine: hcl\n"
        "      template_language: terraform\n"
    )
    arn = seed.component("cache", attach_to=("shop", "web"), manifest=manifest)["arn"]

    notify(arn, "FAILED", statusMessage="no provider")

    component = proton.get_component(name="cache")["component"]
    assert component["deploymentStatus"] == "FAILED"
    assert component["deploymentStatusMessage"] == "no provider"


@pytest.mark.usefixtures("dev")
def test_a_failed_instance_fails_its_service(proton: Client, seed: Seed, notify: Notify) -> None:
    notify(DEV, "SUCCEEDED")
    seed.service("shop", instances={"web": "dev"})

    notify(WEB, "FAILED", statusMessage="no image")

    assert instance(proton)["deploymentStatusMessage"] == "no image"
    assert proton.get_service(name="shop")["service"]["status"] == "CREATE_FAILED"


@pytest.mark.rule("6.13-11", "6.13-13", "6.13-14")
@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(
            CE,
            "12345678-1234-1234-1234-123456789012",
            {"deploymentId": "12345678-1234-1234-1234-123456789012"},
            id="another deployment",
        ),
        pytest.param(VE, "'deploymentId'", {"deploymentId": "1"}, id="bad id"),
        pytest.param(VE, "'status'", {"status": "CANCELLED"}, id="status"),
        pytest.param(VE, "statusMessage", {"statusMessage": "x" * 5001}, id="long message"),
        pytest.param(
            VE,
            "'outputs'",
            {"outputs": [{"key": f"k{n}", "valueString": "v"} for n in range(51)]},
            id="fifty-one outputs",
        ),
        pytest.param(
            VE, "vpc", {"outputs": [{"key": "vpc", "valueString": "1"}] * 2}, id="output twice"
        ),
        pytest.param(VE, "key and a valueString", {"outputs": [{"key": "vpc"}]}, id="no value"),
        pytest.param(
            VE, "outputs", {"outputs": [{"key": "k" * 1025, "valueString": "v"}]}, id="long key"
        ),
        pytest.param(RNF, "environment/nil", {"resourceArn": f"{PREFIX}environment/nil"}, id="env"),
        pytest.param(RNF, "service-instance/web", {"resourceArn": WEB}, id="instance"),
        pytest.param(RNF, "component/nil", {"resourceArn": f"{PREFIX}component/nil"}, id="comp"),
        pytest.param(
            RNF, "pipeline/1", {"resourceArn": f"{PREFIX}service/shop/pipeline/1"}, id="pipeline"
        ),
        pytest.param(VE, "service/shop", {"resourceArn": f"{PREFIX}service/shop"}, id="service"),
        pytest.param(
            VE,
            "repository",
            {"resourceArn": f"{PREFIX}repository/github:shop/infrastructure"},
            id="repository",
        ),
        pytest.param(
            VE,
            "eu-west-1",
            {"resourceArn": DEV.replace("us-east-1", "eu-west-1")},
            id="another region",
        ),
        pytest.param(VE, "'resourceArn'", {"resourceArn": "environment/dev"}, id="no ARN"),
    ],
)
@pytest.mark.usefixtures("dev")
def test_a_notification_is_refused(
    refused: Refused, code: str, words: str, members: dict[str, Any]
) -> None:
    refused(code, words, CALL, **{"resourceArn": DEV, "status": "SUCCEEDED", **members})


@pytest.mark.rule("6.13-10")
@pytest.mark.usefixtures("dev")
def test_nothing_that_is_at_rest_takes_a_notification(
    proton: Client, notify: Notify, refused: Refused
) -> None:
    notify(DEV, "SUCCEEDED")

    refused(CE, "SUCCEEDED", CALL, resourceArn=DEV, status="FAILED")


@pytest.mark.rule("6.13-12")
def test_what_proton_provisions_itself_takes_no_notification(
    seed: Seed, refused: Refused, hold: Hold
) -> None:
    hold("environment")
    arn = seed.environment("dev")["arn"]

    refused(VE, "environment/dev", CALL, resourceArn=arn, status="SUCCEEDED")


def test_a_pipeline_is_not_notified_before_its_turn(
    proton: Client, seed: Seed, refused: Refused, notify: Notify
) -> None:
    repository = seed.repository()
    proton.update_account_settings(pipelineProvisioningRepository={**repository, "branch": "main"})
    seed.environment("dev", template="environment-template", self_managed=True)
    notify(DEV, "SUCCEEDED")
    seed.service_template("web", pipeline=True)
    proton.create_service(
        name="shop",
        templateName="web",
        templateMajorVersion="1",
        spec=SPEC,
        repositoryConnectionArn=f"{PREFIX}connection/shop".replace(":proton:", ":codestar:"),
        repositoryId="shop/app",
        branchName="main",
    )
    pipeline = proton.get_service(name="shop")["service"]["pipeline"]["arn"]

    refused(CE, pipeline, CALL, resourceArn=pipeline, status="SUCCEEDED")
    notify(WEB, "SUCCEEDED")
    notify(pipeline, "SUCCEEDED")

    assert proton.get_service(name="shop")["service"]["status"] == "ACTIVE"


def test_a_customer_managed_environment_waits_for_nobody(proton: Client, seed: Seed) -> None:
    seed.environment_template("given", provisioning="CUSTOMER_MANAGED")
    seed.environment(
        "given",
        template="given",
        protonServiceRoleArn="arn:aws:iam::123456789012:role/proton",
    )

    proton.delete_environment(name="given")

    with pytest.raises(proton.exceptions.ResourceNotFoundException):
        proton.get_environment(name="given")


def test_what_waits_for_the_rest_of_its_service_says_so(
    proton: Client, seed: Seed, notify: Notify, dev: dict[str, Any], refused: Refused
) -> None:
    notify(DEV, "SUCCEEDED")
    repository = {"provider": "GITHUB", "name": "shop/infrastructure", "branch": "main"}
    proton.update_account_settings(pipelineProvisioningRepository=repository)
    seed.service_template("web", pipeline=True)
    service = seed.service("shop", template="web", instances={"web": "dev"}, pipeline=True)

    message = refused(
        CE, "has not begun", CALL, resourceArn=service["pipeline"]["arn"], status="SUCCEEDED"
    )

    assert "others of its service come first" in message
