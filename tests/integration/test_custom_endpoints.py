"""A client that was given an endpoint of its own is intercepted by the target of its calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import HTTPClientError
from moto import mock_aws
from moto.core.exceptions import ServiceNotWhitelisted

from moto_proton import faults, mock_proton

pytestmark = pytest.mark.usefixtures("no_network")

NO_RETRIES = Config(retries={"total_max_attempts": 1})
ENDPOINTS = [
    "https://proton.internal.example",
    "http://localhost:4566",
    "http://localhost:4566/proton/prefix",
    "https://gateway.amazonaws.com",
    "https://PROTON.us-east-1.amazonaws.com",
    "https://proton.us-east-1.amazonaws.com/some/path",
    "https://s3.us-east-1.amazonaws.com",
]

Names = Callable[..., list[str]]
Create = Callable[[str], None]


@pytest.mark.parametrize("mock", [mock_aws, mock_proton])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_custom_endpoint_is_served(
    mock: Any, names: Names, create: Create, endpoint: str
) -> None:
    with mock():
        create("web")
        assert names(endpoint_url=endpoint) == ["web"]


@pytest.mark.parametrize("endpoint", [None, *ENDPOINTS])
@mock_proton
def test_each_call_is_carried_out_once(
    proton: Callable[..., Any], names: Names, endpoint: str | None
) -> None:
    faults.raise_error("CreateEnvironmentTemplate", "ConflictException", times=1)
    client = proton(endpoint_url=endpoint)
    with pytest.raises(client.exceptions.ConflictException):
        client.create_environment_template(name="web")

    # Had the call been carried out again, behind the answer, the template would be there.
    assert names() == []


@mock_proton
def test_the_endpoint_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, names: Names, create: Create
) -> None:
    create("web")
    monkeypatch.setenv("AWS_ENDPOINT_URL_PROTON", "https://proton.internal.example")
    assert names() == ["web"]


@mock_proton
def test_the_region_is_the_one_that_was_signed_for(
    proton: Callable[..., Any], names: Names
) -> None:
    endpoint = "https://proton.internal.example"
    proton("eu-west-1", endpoint_url=endpoint).create_environment_template(name="web")

    assert names("eu-west-1") == ["web"]
    assert names("us-east-1") == []


@mock_proton
def test_an_unsigned_call_is_in_the_first_region(names: Names, create: Create) -> None:
    create("web")
    config = Config(signature_version=UNSIGNED)
    assert names(endpoint_url="https://proton.internal.example", config=config) == ["web"]


@pytest.mark.parametrize(
    "passthrough", [{"services": ["proton"]}, {"urls": [r"https://proton\.internal\.example"]}]
)
@pytest.mark.parametrize("mock", [mock_aws, mock_proton])
def test_what_moto_is_to_pass_through_is_passed_through(
    proton: Callable[..., Any], mock: Any, passthrough: dict[str, list[str]]
) -> None:
    with mock(config={"core": {"passthrough": passthrough}}):
        client = proton(endpoint_url="https://proton.internal.example", config=NO_RETRIES)
        with pytest.raises(HTTPClientError, match="tried to reach the network"):
            client.list_environment_templates()


def test_a_standard_host_is_passed_through_too(proton: Callable[..., Any]) -> None:
    with mock_proton(config={"core": {"passthrough": {"services": ["proton"]}}}):
        client = proton(config=NO_RETRIES)
        with pytest.raises(HTTPClientError, match="tried to reach the network"):
            client.list_environment_templates()


@pytest.mark.parametrize("options", [{}, {"endpoint_url": "https://proton.internal.example"}])
def test_a_whitelist_of_services_holds_for_moto_alone(
    proton: Callable[..., Any], options: dict[str, str]
) -> None:
    whitelist: Any = {"core": {"service_whitelist": ["s3"]}}
    with mock_proton(config=whitelist):
        assert proton(**options).list_environment_templates()["templates"] == []
    with mock_aws(config=whitelist):
        client = proton(**options)
        with pytest.raises(ServiceNotWhitelisted):
            client.list_environment_templates()


def post(url: str, target: str = "AwsProton20200720.ListEnvironmentTemplates") -> requests.Response:
    return requests.post(url, data="{}", headers={"X-Amz-Target": target}, timeout=60)


@mock_proton
def test_requests_finds_the_mock_by_the_target(create: Create) -> None:
    create("web")
    templates = post("https://proton.internal.example/").json()["templates"]
    assert [template["name"] for template in templates] == ["web"]


@mock_proton
def test_requests_for_others_are_not_ours() -> None:
    with pytest.raises(AssertionError, match="tried to reach the network"):
        post("https://proton.internal.example/", target="Other.ListThings")
    with pytest.raises(AssertionError, match="tried to reach the network"):
        requests.get("https://proton.internal.example/", timeout=60)


def test_requests_are_passed_through_like_the_others() -> None:
    with (
        mock_proton(config={"core": {"passthrough": {"services": ["proton"]}}}),
        pytest.raises(AssertionError, match="tried to reach the network"),
    ):
        post("https://proton.internal.example/")


def test_after_the_mock_nothing_is_intercepted(proton: Callable[..., Any]) -> None:
    with mock_proton():
        client = proton(endpoint_url="https://proton.internal.example", config=NO_RETRIES)
    with pytest.raises(HTTPClientError, match="tried to reach the network"):
        client.list_environment_templates()
    with pytest.raises(AssertionError, match="tried to reach the network"):
        post("https://proton.internal.example/")
