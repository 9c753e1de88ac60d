"""Rows 104 to 108: refusals that do not depend on the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.core import set_initial_no_auth_action_count

from moto_proton import faults
from tests.support.refusals import nothing_changes

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

SVC = "arn:aws:proton:us-east-1:123456789012:service/svc"


# --- row 104: access -----------------------------------------------------------------------------


@pytest.fixture
def user_who_may(proton: ProtonClient) -> Callable[..., ProtonClient]:
    """Makes a user with one policy statement; answers with the user's client."""

    def make(**statement: Any) -> ProtonClient:
        iam = boto3.client("iam", region_name="us-east-1")
        iam.create_user(UserName="dev")
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
        iam.put_user_policy(UserName="dev", PolicyName="proton", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName="dev")["AccessKey"]
        client: ProtonClient = boto3.client(
            "proton",
            region_name="us-east-1",
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
        return client

    return make


@pytest.mark.row(104)
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param({"Action": "proton:GetService", "Resource": "*"}, id="other-action"),
        pytest.param(
            {"Action": "proton:UpdateService", "Resource": f"{SVC}-2"}, id="other-resource"
        ),
    ],
)
def test_a_caller_who_may_not_is_denied(
    user_who_may: Callable[..., ProtonClient],
    statement: dict[str, str],
) -> None:
    user = user_who_may(**statement)

    @set_initial_no_auth_action_count(0)
    def call() -> None:
        user.update_service(name="svc", description="new")

    with (
        nothing_changes(),
        pytest.raises(ClientError, match=f"AccessDenied.*proton:UpdateService.*{SVC}") as caught,
    ):
        call()

    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.row(104)
def test_a_caller_who_may_is_served(user_who_may: Callable[..., ProtonClient]) -> None:
    user = user_who_may(Action="proton:UpdateService", Resource=SVC)

    @set_initial_no_auth_action_count(0)
    def call() -> Any:
        return user.update_service(name="svc", description="new")

    assert call()["service"]["description"] == "new"


@pytest.mark.row(104)
@pytest.mark.usefixtures("proton")
def test_a_denial_can_be_injected(refused: Callable[..., None]) -> None:
    # moto's IAM knows no proton:ServiceTemplate condition, so a test that needs one injects it.
    faults.raise_error(
        "UpdateService", "AccessDeniedException", message="no proton:ServiceTemplate"
    )

    refused(
        "update_service",
        "AccessDeniedException",
        "proton:ServiceTemplate",
        name="svc",
        description="new",
    )


# --- rows 105 and 106: injected errors -----------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status"),
    [
        pytest.param("ThrottlingException", 400, id="row-105-too-many-requests"),
        pytest.param("InternalServerException", 500, id="row-106-internal-fault"),
    ],
)
def test_an_error_of_the_service_itself_changes_nothing(
    proton: ProtonClient,
    raw: ProtonClient,
    code: str,
    status: int,
) -> None:
    faults.raise_error("UpdateService", code, message="not now")

    with nothing_changes(), pytest.raises(ClientError, match="not now") as caught:
        raw.update_service(name="svc", description="new")

    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.row(105, 106)
@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerException"])
def test_botocore_tries_again(
    proton: ProtonClient, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    patient = boto3.client(
        "proton", region_name="us-east-1", config=Config(retries={"max_attempts": 3})
    )
    faults.raise_error("UpdateService", code, times=2)

    answer = patient.update_service(name="svc", description="new")

    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert answer["service"]["description"] == "new"


# --- row 107: the template's key -----------------------------------------------------------------


@pytest.fixture
def disabled_key(empty: ProtonClient, seed: Seed, make_svc: Callable[..., dict[str, Any]]) -> str:
    """The ARN of the key of the template of ``svc``, disabled once the service is there."""
    kms = boto3.client("kms", region_name="us-east-1")
    key = kms.create_key()["KeyMetadata"]
    arn: str = key["Arn"]
    seed.service_template(pipeline=True, encryptionKey=arn)
    make_svc()
    kms.disable_key(KeyId=key["KeyId"])
    return arn


@pytest.mark.row(107)
@pytest.mark.parametrize("names", ["abc", "a", "ab"])
def test_a_disabled_key_of_the_template_refuses_an_edit(
    disabled_key: str, refused: Callable[..., None], spec: Callable[..., str], names: str
) -> None:
    refused(
        "update_service",
        "ValidationException",
        disabled_key,
        "Disabled",
        name="svc",
        spec=spec(*names),
    )


# --- row 108: a version that is gone -------------------------------------------------------------


@pytest.mark.row(108)
def test_the_version_for_new_instances_must_be_there(
    proton: ProtonClient,
    seed: Seed,
    statuses: Callable[[], dict[str, str]],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    # ``x`` never got to any version, so new instances still start on the major of the creation.
    faults.fail_deployment("service/svc/service-instance/x")
    proton.create_service_instance(serviceName="svc", name="x", spec=spec("x"))
    assert statuses()["x"] == "FAILED"
    seed.service_template(pipeline=True, versions=["1.0", "2.0"])
    second: Any = {"deploymentType": "MAJOR_VERSION", "templateMajorVersion": "2"}
    for name in ("a", "b"):
        proton.update_service_instance(serviceName="svc", name=name, **second)
    proton.update_service_pipeline(serviceName="svc", spec=spec("a", "b"), **second)
    template = "service-template-with-pipeline"
    proton.delete_service_template_version(
        templateName=template, majorVersion="1", minorVersion="0"
    )

    refused(
        "update_service",
        "ResourceNotFoundException",
        "The requested service template version does not exist: "
        f"arn:aws:proton:us-east-1:123456789012:service-template/{template}:1",
        name="svc",
        spec=spec("a", "b", "x", "c"),
    )
