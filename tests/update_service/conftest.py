"""The start state of the case table of update_service, and functions that read the outcome.

A test names the rows of the table that it covers: by ``@pytest.mark.row(27)``, or by the id of a
parameter, ``row-54-change-one-input``, which gets that marker here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from moto.moto_api import state_manager

from moto_proton.seed import Seed, service_spec
from tests.support import refusals
from tests.support.clients import client_of
from tests.support.worlds import KeptSeed

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
    client: ProtonClient = client_of()
    return client


@pytest.fixture(scope="session")
def raw() -> Any:
    """A client that sends whatever it is given, as botocore's own checks are switched off."""
    return client_of(checked=False)


# --- worlds -------------------------------------------------------------------------------------


@pytest.fixture
def empty(session_client: ProtonClient, proton_mock: MockProton) -> ProtonClient:
    """A client on an account with nothing in it."""
    return session_client


@pytest.fixture
def seed(empty: ProtonClient) -> Seed:
    return KeptSeed(empty)


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
def refused(raw: Any, proton_mock: MockProton) -> Callable[..., str]:
    """Asserts that a call is refused with this code, names the culprit, and changes nothing.

    ``culprits`` are what the message has to name. The request goes out unchecked by botocore.
    """
    return functools.partial(refusals.refused, raw)
