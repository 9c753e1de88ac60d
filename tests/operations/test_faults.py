"""Faults that a test injects. What they do to statuses has tests of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from moto_proton import api, faults, mock_proton
from moto_proton.proton.responses import OPERATIONS
from moto_proton.seed import Seed

Client: TypeAlias = Any
Clients: TypeAlias = Callable[..., Client]
World: TypeAlias = Callable[[], dict[str, Any]]

MOCKS = pytest.mark.parametrize("mock", [mock_proton, mock_aws], ids=["mock_proton", "mock_aws"])


def call(client: Client, operation: str, **members: Any) -> dict[str, Any]:
    method = next(
        name for name, each in client.meta.method_to_api_mapping.items() if each == operation
    )
    return dict(getattr(client, method)(**members))


@pytest.mark.rule("1.4-3", "1.4-4", "1.4-5", "1.4-6", "1.4-7", "1.4-8", "1.4-9")
@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_exception_of_an_operation_can_be_raised(
    proton: Client,
    world: World,
    valid_request: Callable[[str], dict[str, Any]],
    operation: str,
) -> None:
    for code in sorted(api.error_codes(operation)):
        faults.raise_error(operation, code, message=f"{code} by hand")

        with pytest.raises(ClientError) as caught:
            call(proton, operation, **valid_request(operation))

        response = caught.value.response
        assert response["Error"] == {"Code": code, "Message": f"{code} by hand"}
        assert response["ResponseMetadata"]["HTTPStatusCode"] == (
            500 if code == "InternalServerException" else 400
        )
        assert isinstance(caught.value, getattr(proton.exceptions, code))
    assert world() == {"settings": {}}


def test_a_fault_counts_down(proton: Client) -> None:
    faults.raise_error("ListServices", "ThrottlingException", times=2)

    answers = []
    for _ in range(3):
        try:
            answers.append(proton.list_services()["services"])
        except proton.exceptions.ThrottlingException as error:
            answers.append(error.response["Error"]["Message"])

    assert answers == ["Rate exceeded", "Rate exceeded", []]


def test_faults_are_used_in_the_order_of_their_injection(proton: Client) -> None:
    faults.raise_error("ListServices", "ThrottlingException")
    faults.raise_error("ListServices", "AccessDeniedException")

    for code in ("ThrottlingException", "AccessDeniedException"):
        with pytest.raises(getattr(proton.exceptions, code)):
            proton.list_services()


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerException"])
def test_retry_code_can_be_tested(proton: Client, code: str) -> None:
    client: Any = boto3.client(
        "proton",
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 3, "mode": "standard"}),
    )
    import botocore.retries.standard

    faults.raise_error("ListServices", code, times=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.retries.standard.ExponentialBackoff, "delay_amount", lambda *_: 0.0)
        answer = client.list_services()

    assert answer["services"] == []
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


def test_an_error_of_one_operation_leaves_others_alone(proton: Client) -> None:
    faults.raise_error("GetService", "InternalServerException")

    assert proton.list_services()["services"] == []


def test_an_invalid_request_does_not_use_up_an_error(unchecked: Client) -> None:
    faults.raise_error("GetService", "ThrottlingException")

    with pytest.raises(unchecked.exceptions.ValidationException):
        unchecked.get_service()

    with pytest.raises(unchecked.exceptions.ThrottlingException):
        unchecked.get_service(name="shop")


def test_faults_can_be_cleared(proton: Client) -> None:
    faults.raise_error("ListServices", "ThrottlingException", times=9)
    faults.fail_deployment("environment/dev", times=9)

    faults.clear()

    assert proton.list_services()["services"] == []
    assert Seed(proton).environment("dev")["deploymentStatus"] == "SUCCEEDED"


@MOCKS
def test_faults_end_with_the_mock(clients: Clients, mock: Callable[[], Any]) -> None:
    with mock():
        clients().list_services()
        faults.raise_error("ListServices", "ThrottlingException", times=9)
        faults.fail_deployment("*", times=9)

    with mock():
        assert clients().list_services()["services"] == []
        assert Seed(clients()).environment("dev")["deploymentStatus"] == "SUCCEEDED"


@MOCKS
def test_faults_end_with_a_mock_that_saw_no_call(clients: Clients, mock: Callable[[], Any]) -> None:
    with mock():
        faults.raise_error("ListServices", "ThrottlingException", times=9)

    with mock():
        assert clients().list_services()["services"] == []


@pytest.mark.parametrize(
    ("pattern", "failed"),
    [
        ("service/shop/service-instance/dev", {"shop/dev"}),
        ("service/shop/*", {"shop/dev", "shop/prod"}),
        ("service/*/service-instance/dev", {"shop/dev", "books/dev"}),
        ("service/*/service-instance/[!d]*", {"shop/prod"}),
        ("*", {"shop/dev", "shop/prod", "books/dev"}),
        ("service/SHOP/*", set()),
        ("environment/*", set()),
    ],
)
def test_a_pattern_says_what_fails(proton: Client, pattern: str, failed: set[str]) -> None:
    seed = Seed(proton)
    for environment in ("dev", "prod"):
        seed.environment(environment)
    seed.service_template()
    faults.fail_deployment(pattern, times=9)

    seed.service("shop", instances={"dev": "dev", "prod": "prod"}, may_fail=True)
    seed.service("books", instances={"dev": "dev"}, may_fail=True)

    listed = proton.list_service_instances()["serviceInstances"]
    assert {
        f"{each['serviceName']}/{each['name']}"
        for each in listed
        if each["deploymentStatus"] == "FAILED"
    } == failed


def test_a_cleanup_can_fail(proton: Client) -> None:
    seed = Seed(proton)
    seed.environment("dev")
    faults.fail_deployment("service/shop/service-instance/dev", cleanup=True)
    faults.fail_cleanup("service/shop/service-instance/dev", message="stuck")

    service = seed.service("shop", may_fail=True)

    assert service["status"] == "CREATE_FAILED_CLEANUP_FAILED"
    (instance,) = proton.list_service_instances()["serviceInstances"]
    assert (instance["deploymentStatus"], instance["deploymentStatusMessage"]) == (
        "DELETE_FAILED",
        "stuck",
    )


@pytest.mark.parametrize("fail", ["fail_deployment", "fail_deletion", "fail_cleanup"])
@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        pytest.param("arn:aws:proton:us-east-1:123456789012:environment/dev", "ARN", id="ARN"),
        pytest.param("service/shop", "no service is deployed by itself", id="plain-service"),
        pytest.param(None, "a resource is a string", id="no-string"),
        pytest.param("repository/github:shop/app", "starts with one of", id="repository"),
        pytest.param("env/dev", "starts with one of", id="unknown kind"),
        pytest.param("environment", "starts with one of", id="kind alone"),
        pytest.param("", "starts with one of", id="nothing"),
        pytest.param("shop", "starts with one of", id="name alone"),
    ],
)
def test_a_pattern_that_fits_nothing_is_an_error_at_once(
    fail: str, pattern: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        getattr(faults, fail)(pattern)


@pytest.mark.parametrize("times", [0, -1, 1.5, "2", True, None])
def test_times_is_a_number_from_one(times: Any) -> None:
    with pytest.raises(ValueError, match="times must be"):
        faults.fail_deployment("environment/dev", times=times)
    with pytest.raises(ValueError, match="times must be"):
        faults.raise_error("ListServices", "ThrottlingException", times=times)


@pytest.mark.parametrize(
    ("operation", "code", "words"),
    [
        ("UpdateServices", "ThrottlingException", "did you mean 'UpdateService'"),
        ("update_service", "ThrottlingException", "no operation 'update_service'"),
        ("ListServices", "ConflictException", "never raises 'ConflictException'"),
        ("ListServices", "Throttling", "never raises 'Throttling'"),
    ],
)
def test_an_error_that_can_not_be_is_an_error_at_once(
    operation: str, code: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        faults.raise_error(operation, code)


@pytest.mark.parametrize(
    ("inject", "words"),
    [
        (lambda: faults.fail_cleanup("environment/dev"), "'environment/dev' is never cleaned up"),
        (lambda: faults.fail_cleanup("component/*"), "service/NAME/service-instance/NAME"),
        (lambda: faults.fail_cleanup("service-template/web:1.0"), "is never cleaned up"),
        (lambda: faults.fail_deployment("component/c", cleanup=True), "cleanup=True takes"),
        (lambda: faults.fail_deletion("service-template/web:1.0"), "raise_error"),
        (lambda: faults.fail_deletion("*-template/*"), "is deleted at once"),
    ],
    ids=[
        "cleanup of an environment",
        "cleanup of components",
        "cleanup of a version",
        "deployment of a component with cleanup",
        "deletion of a version",
        "deletion of versions",
    ],
)
def test_a_fault_that_nothing_can_use_is_an_error_at_once(
    proton: Client, inject: Callable[[], None], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        inject()


@pytest.mark.parametrize("pattern", ["*", "*/*", "service/*", "serv*/shop/*", "environment*/dev"])
def test_a_pattern_that_fits_a_part_of_a_service_or_more_is_taken(
    proton: Client, pattern: str
) -> None:
    faults.fail_deletion(pattern)
    if not pattern.startswith("environment"):
        faults.fail_cleanup(pattern)
        faults.fail_deployment(pattern, cleanup=True)


@pytest.mark.usefixtures("proton")
def test_a_pipeline_is_meant_without_its_id(seed: Seed) -> None:
    faults.fail_deployment("service/shop/pipeline", message="no build")

    service = seed.service("shop", pipeline=True)

    assert service["pipeline"]["deploymentStatusMessage"] == "no build"
