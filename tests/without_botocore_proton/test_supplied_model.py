"""A user's code finds Proton's model under a mock, or on request, whether or not botocore
has it.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from boto3.exceptions import ResourceNotExistsError
from botocore.config import Config
from botocore.docs.service import ServiceDocumenter
from botocore.exceptions import (
    ClientError,
    DataNotFoundError,
    InvalidRegionError,
    UnknownServiceError,
    WaiterError,
)
from botocore.loaders import Loader
from moto import mock_aws

import moto_proton
from moto_proton import endpoints, mock_proton
from moto_proton.seed import Seed

needs_none = pytest.mark.skipif(
    (Path(Loader.BUILTIN_DATA_PATH) / "proton").is_dir(), reason="botocore has Proton"
)
"""On tests of what only a botocore without Proton shows."""

SERVICE = "proton"
KINDS = ("service-2", "waiters-2", "paginators-1", "examples-1", "endpoint-rule-set-1")
TESTING = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_proton():
        yield boto3.client(SERVICE, region_name="us-east-1")


# --- Under a mock ---


@needs_none
def test_this_botocore_has_no_proton(session: Any) -> None:
    assert SERVICE not in session.get_available_services()
    with pytest.raises(UnknownServiceError):
        session.client(SERVICE)


@pytest.mark.parametrize("mock", [mock_proton, mock_aws])
def test_a_client_works_under_either_mock(mock: Callable[[], Any]) -> None:
    with mock():
        assert boto3.client(SERVICE, region_name="us-east-1").list_services()["services"] == []


def test_a_decorated_test_has_a_client() -> None:
    @mock_proton
    def test() -> Any:
        return boto3.client(SERVICE, region_name="us-east-1").list_services()["services"]

    assert test() == []


def test_a_session_from_before_the_mock_knows_proton_too(session: Any) -> None:
    with mock_proton():
        assert SERVICE in session.get_available_services()
        assert session.client(SERVICE).list_services()["services"] == []


def test_regions_are_listed(session: Any) -> None:
    with mock_proton():
        assert session.get_available_regions(SERVICE) == sorted(endpoints.REGIONS)
        assert session.get_available_regions(SERVICE, partition_name="aws-cn") == []
        assert "eu-north-1" in session.get_available_regions("s3")


def test_the_services_are_listed_in_order(session: Any) -> None:
    with mock_proton():
        services = session.get_available_services()
        assert services == sorted(set(services))
        assert session.get_available_resources() == [each for each in services if each in RESOURCES]


RESOURCES = set(boto3.Session().get_available_resources())


def test_a_client_tells_what_it_is(client: Any) -> None:
    assert client.meta.service_model.service_name == SERVICE
    assert client.meta.service_model.api_version == "2020-07-20"
    assert client.meta.region_name == "us-east-1"
    assert len(client.meta.method_to_api_mapping) == 87
    assert client.meta.partition == "aws"


@pytest.mark.parametrize(
    ("options", "host"),
    [
        ({}, "proton.{}.amazonaws.com"),
        ({"use_fips_endpoint": True}, "proton-fips.{}.amazonaws.com"),
        ({"use_dualstack_endpoint": True}, "proton.{}.api.aws"),
        (
            {"use_fips_endpoint": True, "use_dualstack_endpoint": True},
            "proton-fips.{}.api.aws",
        ),
    ],
)
def test_a_request_goes_to_the_host_that_proton_had(options: dict[str, bool], host: str) -> None:
    with mock_proton():
        for region in sorted(endpoints.REGIONS):
            client = boto3.client(SERVICE, region_name=region, config=Config(**options))
            assert client.meta.endpoint_url == f"https://{host.format(region)}"
            assert client.list_services()["services"] == []


def test_a_region_that_is_no_name_is_refused() -> None:
    with mock_proton(), pytest.raises(InvalidRegionError):
        boto3.client(SERVICE, region_name="not a region")


def test_an_edited_spec_adds_and_deletes_instances(client: Any) -> None:
    seed = Seed(client)
    seed.service("shop", instances={"dev": "test", "prod": "live"})

    client.update_service(name="shop", spec=seed.service_spec({"prod": "live", "canary": "live"}))

    client.get_waiter("service_updated").wait(name="shop")
    pages = client.get_paginator("list_service_instances").paginate(serviceName="shop")
    assert sorted(each["name"] for each in pages.search("serviceInstances[]")) == ["canary", "prod"]


def test_all_waiters_and_paginators_are_there(client: Any) -> None:
    assert client.waiter_names == [
        "component_deleted",
        "component_deployed",
        "environment_deployed",
        "environment_template_version_registered",
        "service_created",
        "service_deleted",
        "service_instance_deployed",
        "service_pipeline_deployed",
        "service_template_version_registered",
        "service_updated",
    ]
    assert all(client.get_waiter(name) is not None for name in client.waiter_names)
    paginated = [name for name in client.meta.method_to_api_mapping if client.can_paginate(name)]
    assert len(paginated) == 21
    assert all(client.get_paginator(name) is not None for name in paginated)


def test_a_waiter_says_what_failed(client: Any) -> None:
    moto_proton.faults.fail_deployment("service/shop/service-instance/dev")
    Seed(client).service("shop", instances={"dev": "test"}, may_fail=True)
    with pytest.raises(WaiterError, match="CREATE_FAILED"):
        client.get_waiter("service_created").wait(name="shop")


def test_exceptions_are_classes_of_the_client(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException) as raised:
        client.get_service(name="nowhere")
    assert isinstance(raised.value, ClientError)
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"
    Seed(client).service("shop", instances={"dev": "test"})
    with pytest.raises(client.exceptions.ConflictException):
        client.delete_environment(name="test")


def test_botocore_checks_parameters(client: Any) -> None:
    from botocore.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError, match="name"):
        client.get_service()


def test_help_is_written_without_prose(client: Any) -> None:
    # botocore writes it when it is first used as a text; this is how help() does.
    assert "client.update_service(" in client.update_service.__doc__.expandtabs()


def test_a_client_from_one_mock_works_in_the_next() -> None:
    with mock_proton():
        client = boto3.client(SERVICE, region_name="us-east-1")
        client.create_environment_template(name="web")
    with mock_proton():
        assert client.list_environment_templates()["templates"] == []


def test_a_client_from_one_mock_may_be_asked_between_two() -> None:
    with mock_proton():
        client = boto3.client(SERVICE, region_name="us-east-1")
        client.list_services()
    assert client.can_paginate("list_services")
    assert "service_updated" in client.waiter_names

    with mock_proton():
        assert client.get_paginator("list_services").paginate().build_full_result() == {
            "services": []
        }
        assert client.get_waiter("service_updated").name == "ServiceUpdated"


def test_what_proton_never_had_is_missing_as_for_any_service(session: Any) -> None:
    with mock_proton():
        loader = session._session.get_component("data_loader")
        with pytest.raises(ResourceNotExistsError):
            session.resource(SERVICE)
        with pytest.raises(DataNotFoundError):
            loader.list_api_versions(SERVICE, "resources-1")
        with pytest.raises(DataNotFoundError):
            loader.load_service_model(SERVICE, "invented-1")


def test_the_documentation_of_a_client_can_be_made(session: Any, tmp_path: Path) -> None:
    with mock_proton():
        loader = session._session.get_component("data_loader")
        assert loader.load_service_model(SERVICE, "examples-1")["examples"] == {}
        documented = ServiceDocumenter(SERVICE, session._session, str(tmp_path)).document_service()
        assert b"update_service" in documented


def test_a_session_that_changes_its_model_changes_no_other() -> None:
    def take_away(service_data: dict[str, Any], **kwargs: Any) -> None:
        del service_data["operations"]["ListServices"]

    with mock_proton():
        changed, other = (boto3.Session(region_name="us-east-1") for _ in range(2))
        changed._session.register("service-data-loaded.proton", take_away)
        changed._session.get_service_data(SERVICE)
        assert not hasattr(changed.client(SERVICE), "list_services")
        assert hasattr(other.client(SERVICE), "list_services")


def test_threads_make_clients_at_once() -> None:
    start = threading.Barrier(8)

    def listed(number: int) -> Any:
        start.wait()
        client = boto3.Session(region_name="us-east-1").client(SERVICE)
        client.create_environment_template(name=f"web-{number}")
        return client.get_waiter("service_created")

    with mock_proton(), ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(listed, range(8)))) == 8
        client = boto3.client(SERVICE, region_name="us-east-1")
        assert len(client.list_environment_templates()["templates"]) == 8


# --- After it ---


@needs_none
def test_nothing_survives_the_mock(session: Any) -> None:
    with mock_proton():
        client = session.client(SERVICE)
        client.get_waiter("service_created")
        client.get_paginator("list_services")
        assert session.get_available_regions(SERVICE) != []

    assert SERVICE not in session.get_available_services()
    assert session.get_available_regions(SERVICE) == []
    for each in (session, boto3.Session(region_name="us-east-1", **TESTING)):
        with pytest.raises(UnknownServiceError):
            each.client(SERVICE)
    loader = session._session.get_component("data_loader")
    assert [key for key in loader._cache if SERVICE in key] == []


@needs_none
def test_the_model_stays_until_the_last_of_nested_mocks_ends(session: Any) -> None:
    with mock_aws():
        with mock_proton():
            pass
        assert session.client(SERVICE).list_services()["services"] == []
    with pytest.raises(UnknownServiceError):
        session.client(SERVICE)


@needs_none
def test_the_message_about_an_unknown_service_is_botocore_s(session: Any) -> None:
    with mock_proton(), pytest.raises(UnknownServiceError, match="'protons'"):
        session.client("protons")
    with pytest.raises(UnknownServiceError, match="'proton'"):
        session.client(SERVICE)


# --- On request ---


def test_a_client_made_before_the_mock_is_served_once_the_model_is_installed(session: Any) -> None:
    moto_proton.install_model()
    client = session.client(SERVICE)
    assert session.get_available_regions(SERVICE) == sorted(endpoints.REGIONS)
    with mock_proton():
        assert client.list_services()["services"] == []


def test_installing_again_does_nothing(session: Any) -> None:
    moto_proton.install_model()
    method = Loader.load_service_model
    moto_proton.install_model()
    assert Loader.load_service_model is method


@needs_none
def test_an_installed_model_outlives_the_mock_and_can_be_removed(session: Any) -> None:
    moto_proton.install_model()
    with mock_proton():
        pass
    assert SERVICE in session.get_available_services()
    moto_proton.uninstall_model()
    with pytest.raises(UnknownServiceError):
        session.client(SERVICE)


@pytest.mark.parametrize("kind", KINDS)
def test_the_folder_is_one_that_botocore_takes(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(moto_proton.MODEL_PATH))
    session = boto3.Session(region_name="us-east-1", **TESTING)
    loader = session._session.get_component("data_loader")
    _, path = loader.load_data_with_path(f"proton/2020-07-20/{kind}")
    assert Path(path).is_relative_to(moto_proton.MODEL_PATH)
    assert session.client(SERVICE).waiter_names[0] == "component_deleted"


@needs_none
def test_a_model_that_the_user_brings_is_preferred(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "proton" / "2020-07-20"
    folder.mkdir(parents=True)
    model = json.loads((moto_proton.MODEL_PATH / "proton/2020-07-20/service-2.json").read_text())
    del model["operations"]["ListServices"]
    (folder / "service-2.json").write_text(json.dumps(model))
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    with mock_proton():
        client = boto3.Session(region_name="us-east-1").client(SERVICE)
        assert not hasattr(client, "list_services")
        # What the user does not bring comes from our copy.
        assert client.get_waiter("service_created") is not None


# --- In a process of its own ---


def run(code: str, *, status: int = 0, environment: dict[str, str] | None = None) -> str:
    completed = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
        timeout=1200,
        check=False,
    )
    assert completed.returncode == status, completed.stderr
    return completed.stdout


@pytest.mark.parametrize("imports", list(itertools.permutations(["boto3", "moto", "moto_proton"])))
def test_the_order_of_imports_does_not_matter(imports: tuple[str, ...]) -> None:
    # The session is made at the end: one from before both imports is moto's to patch.
    printed = run(
        f"import {', '.join(imports)}\n"
        "with moto.mock_aws():\n"
        "    client = boto3.client('proton', region_name='us-east-1')\n"
        "    print(client.list_services()['services'])",
    )
    assert printed == "[]\n"


def test_importing_costs_no_botocore() -> None:
    code = "import sys, moto_proton; moto_proton.MODEL_PATH; print('botocore' in sys.modules)"
    assert run(code) == "False\n"


@contextmanager
def running_server() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", "import moto_proton.cli as c; c.main(['server', '-p0'])"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.kill()
        process.communicate(timeout=300)


def test_the_server_answers_a_client_that_has_the_model() -> None:
    moto_proton.install_model()
    with running_server() as url:
        client = boto3.client(SERVICE, region_name="us-east-1", endpoint_url=url, **TESTING)
        client.create_environment_template(name="web")
        with pytest.raises(client.exceptions.ValidationException):
            client.create_environment_template(name="web", description="another")
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.get_service(name="nowhere")
        assert requests.get(f"{url}/moto-api/data.json", timeout=300).status_code == 200
        # Signed for a partition and a region in which Proton never was.
        other = boto3.client(SERVICE, region_name="cn-north-1", endpoint_url=url, **TESTING)
        with pytest.raises(ClientError, match="cn-north-1"):
            other.list_services()


def test_a_mock_that_uses_a_server_has_clients() -> None:
    code = (
        "import boto3, moto_proton\n"
        "with moto_proton.mock_proton():\n"
        "    client = boto3.client('proton', region_name='us-east-1')\n"
        "    client.create_environment_template(name='web')\n"
        "    print(client.list_environment_templates()['templates'][0]['name'])"
    )
    with running_server() as url:
        environment = {"TEST_SERVER_MODE": "true", "TEST_SERVER_MODE_ENDPOINT": url}
        assert run(code, environment=environment) == "web\n"


def test_the_command_line_tells_a_diff(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(Seed.service_spec({"dev": "test"}))
    new.write_text(Seed.service_spec({"dev": "test", "prod": "live"}))
    code = f"import moto_proton.cli as c; c.main(['diff', {str(old)!r}, {str(new)!r}])"
    assert "update_service adds 1" in run(code, status=1)
