"""The start state of the case table of update_service, and the ways to look at what came of it.

A test names the rows of the table that it covers: by ``@pytest.mark.row(27)``, or by the id of a
parameter, ``row-54-change-one-input``, which gets that marker here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.moto_api import state_manager

from moto_proton.seed import Seed, service_spec

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.mock import MockProton

MODELS = (
    "component",
    "environment",
    "environment_template_version",
    "service",
    "service_instance",
    "service_pipeline",
    "service_template_version",
)
INPUTS = {"port": 80, "image": "repo/app:1"}
PIPELINE = {"dockerfile": "Dockerfile"}


def pytest_itemcollected(item: pytest.Item) -> None:
    for number in re.findall(r"\brow-(\d+)", item.name):
        item.add_marker(pytest.mark.row(int(number)))


# --- clients, made once: making one takes longer than most tests --------------------------------


@pytest.fixture(scope="session")
def session_client() -> ProtonClient:
    return _client()


@pytest.fixture(scope="session")
def raw(session_client: ProtonClient) -> Any:
    """A client that sends whatever it is given, as botocore's own checks are switched off."""
    return _client(config=Config(parameter_validation=False, retries={"total_max_attempts": 1}))


def _client(**options: Any) -> ProtonClient:
    session = boto3.session.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name="us-east-1"
    )
    client: ProtonClient = session.client("proton", **options)
    return client


# --- worlds -------------------------------------------------------------------------------------


@pytest.fixture
def empty(session_client: ProtonClient, proton_mock: MockProton) -> ProtonClient:
    """A client on an account with nothing in it."""
    return session_client


@pytest.fixture
def seed(empty: ProtonClient) -> Seed:
    return Seed(empty)


@pytest.fixture
def make_svc(seed: Seed) -> Callable[..., dict[str, Any]]:
    """Makes the service of the start state, or one that differs in what is given."""

    def make(*names: str, **members: Any) -> dict[str, Any]:
        start = {
            "instances": dict.fromkeys(names or ("a", "b"), "env"),
            "pipeline": True,
            "inputs": INPUTS,
            "pipeline_inputs": PIPELINE,
            "description": "The shop",
            "tags": [{"key": "team", "value": "shop"}],
        }
        return seed.service("svc", **{**start, **members})

    return make


@pytest.fixture
def proton(empty: ProtonClient, make_svc: Callable[..., dict[str, Any]]) -> ProtonClient:
    """A client on the start state of the case table."""
    make_svc()
    return empty


@pytest.fixture
def spec() -> Callable[..., str]:
    """Writes specs in the form of the start state: ``spec("a", "b")`` is the spec it has.

    Every name is an instance in ``env`` with the same inputs; ``placed`` ones are elsewhere.
    """

    def write(*names: str, pipeline: Mapping[str, Any] | None = PIPELINE, **placed: str) -> str:
        return service_spec(
            {**dict.fromkeys(names, "env"), **placed}, inputs=INPUTS, pipeline=pipeline
        )

    return write


# --- the state manager --------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _moto_decides_again() -> Iterator[None]:
    yield
    for model in MODELS:
        state_manager.unset_transition(f"proton::{model}")


@pytest.fixture
def hold() -> Callable[..., None]:
    """Keeps these kinds of resources in the busy status they are in, or get into."""

    def set_transition(*models: str) -> None:
        for model in models:
            state_manager.set_transition(
                f"proton::{model}", {"progression": "manual", "times": 1_000_000}
            )

    return set_transition


@pytest.fixture
def let_go() -> Callable[..., None]:
    """Lets these kinds of resources move on at once, as they do by default; all, if none named."""

    def unset_transition(*models: str) -> None:
        for model in models or MODELS:
            state_manager.unset_transition(f"proton::{model}")

    return unset_transition


@pytest.fixture
def step() -> Callable[..., None]:
    """Makes each status of these kinds of resources last until one call has shown it."""

    def set_transition(*models: str) -> None:
        for model in models:
            state_manager.set_transition(f"proton::{model}", {"progression": "manual", "times": 1})

    return set_transition


# --- what can be seen ---------------------------------------------------------------------------


@pytest.fixture
def update(empty: ProtonClient) -> Callable[..., dict[str, Any]]:
    """Calls update_service for ``svc``; answers with the service of the response."""

    def call(**members: Any) -> dict[str, Any]:
        return dict(empty.update_service(name="svc", **members)["service"])

    return call


@pytest.fixture
def get(empty: ProtonClient) -> Callable[[], dict[str, Any]]:
    """What get_service says of ``svc``."""

    def call() -> dict[str, Any]:
        return dict(empty.get_service(name="svc")["service"])

    return call


@pytest.fixture
def statuses(empty: ProtonClient) -> Callable[[], dict[str, str]]:
    """The deployment statuses of the instances of ``svc``, by name."""

    def call() -> dict[str, str]:
        listed = empty.list_service_instances(serviceName="svc")["serviceInstances"]
        return {instance["name"]: instance["deploymentStatus"] for instance in listed}

    return call


@pytest.fixture
def instance(empty: ProtonClient) -> Callable[[str], dict[str, Any]]:
    """What get_service_instance says of an instance of ``svc``."""

    def call(name: str) -> dict[str, Any]:
        described = empty.get_service_instance(serviceName="svc", name=name)
        return dict(described["serviceInstance"])

    return call


@pytest.fixture
def everything(empty: ProtonClient) -> Callable[[], dict[str, Any]]:
    """All that the get and list operations say, of every resource, with its tags."""
    return lambda: _everything(empty)


@pytest.fixture
def refused(raw: Any, everything: Callable[[], dict[str, Any]]) -> Callable[..., None]:
    """Asserts that a call is refused with this code, names the culprit, and changes nothing.

    ``culprits`` are what the message has to name. The request goes out unchecked by botocore.
    """

    def check(operation: str, code: str, *culprits: str, **request: Any) -> None:
        before = everything()
        with pytest.raises(ClientError) as caught:
            getattr(raw, operation)(**request)
        assert everything() == before
        response: Any = caught.value.response
        assert response["Error"]["Code"] == code
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
        message = response["Error"]["Message"]
        assert [culprit for culprit in culprits if culprit not in message] == [], message

    return check


def _everything(client: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def ask(operation: str, **request: Any) -> Any:
        answer = getattr(client, operation)(**request)
        del answer["ResponseMetadata"]
        seen[f"{operation} {request}"] = answer
        arns = _arns(answer)
        for arn in arns:
            if "/pipeline/" not in arn and f"list_tags_for_resource {arn}" not in seen:
                tags = client.list_tags_for_resource(resourceArn=arn)["tags"]
                seen[f"list_tags_for_resource {arn}"] = tags
        return answer

    ask("get_account_settings")
    ask("list_repositories")
    for kind in ("environment", "service"):
        for template in ask(f"list_{kind}_templates")["templates"]:
            name = template["name"]
            ask(f"get_{kind}_template", name=name)
            for major in ask(f"list_{kind}_template_versions", templateName=name)[
                "templateVersions"
            ]:
                key = {"templateName": name, "majorVersion": major["majorVersion"]}
                minors = ask(f"list_{kind}_template_versions", **key)["templateVersions"]
                for minor in minors:
                    ask(f"get_{kind}_template_version", **key, minorVersion=minor["minorVersion"])
    for environment in ask("list_environments")["environments"]:
        ask("get_environment", name=environment["name"])
    for service in ask("list_services")["services"]:
        ask("get_service", name=service["name"])
    for instance in ask("list_service_instances")["serviceInstances"]:
        ask("get_service_instance", serviceName=instance["serviceName"], name=instance["name"])
    for component in ask("list_components")["components"]:
        ask("get_component", name=component["name"])
    return seen


def _arns(answer: Any) -> Iterator[str]:
    if isinstance(answer, dict):
        if "arn" in answer:
            yield answer["arn"]
        for member in answer.values():
            yield from _arns(member)
    elif isinstance(answer, list):
        for item in answer:
            yield from _arns(item)
