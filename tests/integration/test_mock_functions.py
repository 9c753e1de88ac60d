"""``mock_proton`` over functions of every kind, in ``with``, and started by hand."""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from typing import Any, cast
from unittest.mock import _patch, patch

import boto3
import pytest
import requests
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.core.models import botocore_stubber

import moto_proton
from moto_proton import bridge, mock_proton
from moto_proton.bridge import mock_is_active

pytestmark = pytest.mark.usefixtures("no_network")

Names = Callable[..., list[str]]
Create = Callable[[str], None]
FORMS: dict[str, moto_proton.MockProton] = {
    "bare": cast("moto_proton.MockProton", mock_proton),
    "called": mock_proton(),
    "configured": mock_proton(config={"core": {"mock_credentials": True}}),
}


def everything_patched() -> Mapping[str, object]:
    """What a mock touches in this process."""
    return {
        "environment": {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"},
        "configuration": dict(default_user_config),
        "session": boto3.DEFAULT_SESSION,
        "requests": requests.adapters.HTTPAdapter.send,
        "botocore": botocore_stubber.enabled,
        "client": boto3.client,
        "active": mock_is_active(),
        "patches": list(vars(_patch)["_active_patches"]),
    }


@pytest.fixture(autouse=True)
def _all_comes_back() -> Generator[None]:
    before = everything_patched()
    yield
    assert everything_patched() == before


# --- with, start and stop ---


def test_a_with_block(names: Names, create: Create) -> None:
    with mock_proton() as mock:
        assert isinstance(mock, moto_proton.MockProton)
        create("web")
        assert names() == ["web"]
    with mock_proton():
        assert names() == []


def test_an_async_with_block(names: Names, create: Create) -> None:
    async def run() -> list[str]:
        async with mock_proton() as mock:
            assert isinstance(mock, moto_proton.MockProton)
            create("web")
            await asyncio.sleep(0)
            return names()

    assert asyncio.run(run()) == ["web"]


def test_start_and_stop(names: Names, create: Create) -> None:
    mock = mock_proton()
    mock.start()
    create("web")
    assert names() == ["web"]
    mock.stop()
    assert not mock_is_active()


def test_stop_without_start_is_refused_and_harms_nothing(names: Names) -> None:
    mock = mock_proton()
    with pytest.raises(RuntimeError, match=r"Called stop\(\) before start\(\)\."):
        mock.stop()
    with mock:
        assert names() == []


def test_reset_empties_the_mock(names: Names, create: Create) -> None:
    with mock_proton() as mock:
        create("web")
        mock.reset()
        assert names() == []
        # Calls made with `requests` are still the mock's.
        url = "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
        assert "123456789012" in requests.get(url, timeout=60).text


def test_data_may_be_kept_from_one_use_to_the_next(names: Names, create: Create) -> None:
    mock = mock_proton()
    mock.start()
    create("web")
    mock.stop(remove_data=False)
    mock.start(reset=False)
    assert names() == ["web"]
    mock.stop()
    with mock:
        assert names() == []


# --- Functions ---


@pytest.mark.parametrize("decorate", FORMS.values(), ids=FORMS)
def test_a_function(decorate: moto_proton.MockProton, names: Names, create: Create) -> None:
    @decorate
    def work(name: str, *, times: int = 1) -> list[str]:
        """Do it."""
        create(name)
        return names() * times

    assert work("web", times=2) == ["web", "web"]
    assert work("api") == ["api"]  # each call starts empty
    assert work.__name__ == "work"
    assert work.__doc__ == "Do it."
    assert list(inspect.signature(work).parameters) == ["name", "times"]


@pytest.mark.parametrize("decorate", FORMS.values(), ids=FORMS)
def test_a_coroutine_function(
    decorate: moto_proton.MockProton, names: Names, create: Create
) -> None:
    @decorate
    async def work(name: str) -> list[str]:
        await asyncio.sleep(0)
        create(name)
        await asyncio.sleep(0)
        return names()

    assert inspect.iscoroutinefunction(work)
    pending = work("web")
    assert not mock_is_active()
    assert asyncio.run(pending) == ["web"]


@pytest.mark.parametrize("decorate", FORMS.values(), ids=FORMS)
def test_a_generator_function(
    decorate: moto_proton.MockProton, names: Names, create: Create
) -> None:
    @decorate
    def fixture(name: str) -> Generator[str, list[str], int]:
        create(name)
        sent = yield "ready"
        assert sent == ["web"]
        assert names() == ["web"]
        return 7

    assert inspect.isgeneratorfunction(fixture)
    generator = fixture("web")
    assert not mock_is_active()
    assert next(generator) == "ready"
    with pytest.raises(StopIteration) as stopped:
        generator.send(names())  # the mock is active while the body is suspended
    assert stopped.value.value == 7
    assert not mock_is_active()


@mock_proton
def throwing() -> Generator[str, None, None]:
    try:
        yield "first"
    except KeyError as error:
        yield f"caught {error.args[0]}"


def test_a_generator_can_be_thrown_into_and_closed() -> None:
    generator = throwing()
    next(generator)
    assert generator.throw(KeyError("it")) == "caught it"
    assert mock_is_active()
    generator.close()
    assert not mock_is_active()

    generator = throwing()
    next(generator)
    with pytest.raises(ZeroDivisionError):
        generator.throw(ZeroDivisionError())
    assert not mock_is_active()


def test_an_async_generator_function(names: Names, create: Create) -> None:
    @mock_proton
    async def fixture(name: str) -> AsyncGenerator[str, list[str]]:
        create(name)
        sent = yield "ready"
        assert sent == ["web"]
        try:
            yield "again"
        except KeyError as error:
            yield f"caught {error.args[0]}"

    async def use() -> None:
        generator = fixture("web")
        assert not mock_is_active()
        assert await generator.__anext__() == "ready"
        assert await generator.asend(names()) == "again"
        assert await generator.athrow(KeyError("it")) == "caught it"
        assert mock_is_active()
        with pytest.raises(StopAsyncIteration):
            await generator.__anext__()
        assert not mock_is_active()

    assert inspect.isasyncgenfunction(fixture)
    asyncio.run(use())


def test_an_async_generator_can_be_closed_and_fail() -> None:
    cleaned: list[str] = []

    @mock_proton
    async def fixture() -> AsyncGenerator[str, None]:
        try:
            yield "ready"
        finally:
            await asyncio.sleep(0)
            cleaned.append("active" if mock_is_active() else "too late")

    async def use() -> None:
        generator = fixture()
        await generator.__anext__()
        await generator.aclose()
        assert not mock_is_active()

        generator = fixture()
        await generator.__anext__()
        with pytest.raises(ZeroDivisionError):
            await generator.athrow(ZeroDivisionError())
        assert not mock_is_active()

        assert [value async for value in fixture()] == ["ready"]

    asyncio.run(use())
    assert cleaned == ["active"] * 3


def test_tasks_that_overlap_share_the_mock_and_all_comes_back(names: Names, create: Create) -> None:
    @mock_proton
    async def work(name: str, turns: int) -> list[str]:
        for _ in range(turns):
            await asyncio.sleep(0)
        create(name)
        return names()

    async def run() -> list[list[str]]:
        return list(await asyncio.gather(work("a", 1), work("b", 4), work("c", 2)))

    assert asyncio.run(run()) == [["a"], ["a", "b", "c"], ["a", "c"]]


def test_a_recursive_function_keeps_its_data(names: Names, create: Create) -> None:
    @mock_proton
    def work(depth: int) -> list[str]:
        create(f"level-{depth}")
        return work(depth - 1) if depth else names()

    assert work(2) == ["level-0", "level-1", "level-2"]


def test_a_partial_and_a_static_method(names: Names) -> None:
    assert mock_proton(functools.partial(names, region="us-west-2"))() == []

    class Tools:
        @mock_proton
        @staticmethod
        def listed() -> list[str]:
            return names()

        @mock_proton
        @classmethod
        def listed_too(cls) -> list[str]:
            return names()

    assert Tools.listed() == Tools().listed_too() == []


def test_patches_of_arguments_still_arrive() -> None:
    @mock_proton
    @patch("os.getcwd")
    def inner_first(getcwd: Any) -> Any:
        return getcwd

    @patch("os.getcwd")
    @mock_proton
    def outer_first(getcwd: Any) -> Any:
        return getcwd

    assert inner_first()._mock_name == outer_first()._mock_name == "getcwd"


@pytest.mark.parametrize("nonsense", [42, "name", object()])
def test_only_functions_and_classes_can_be_decorated(nonsense: Any) -> None:
    with pytest.raises(TypeError, match="decorates functions and classes"):
        mock_proton(nonsense)


def test_a_finished_fixture_is_refused_with_advice() -> None:
    @pytest.fixture
    def fixture() -> None:
        """Never run."""

    with pytest.raises(TypeError, match=r"below @pytest\.fixture"):
        mock_proton(fixture)


# --- Configuration ---


def test_the_configuration_holds_inside_only() -> None:
    quotas = {"quotas": {"service_instances_per_service": 50}}
    with mock_proton(config={"proton": quotas, "iam": {"load_aws_managed_policies": False}}):
        assert bridge.user_config() == quotas
        with mock_proton(config={"proton": {}}):
            assert bridge.user_config() == {}
        assert bridge.user_config() == quotas
    assert bridge.user_config() == {}


def test_a_wrong_configuration_is_refused_before_anything_is_patched() -> None:
    with pytest.raises(ValueError, match="quotas"):
        mock_proton(config={"proton": {"quotaz": {}}})
    with pytest.raises(ValueError, match="mapping"):
        mock_proton(config=["proton"])  # type: ignore[call-overload]


def test_a_mapping_changed_later_does_not_change_the_mock() -> None:
    config: dict[str, object] = {"proton": {}}
    mock = mock_proton(config=config)
    config["proton"] = {"quotas": {"services": 1}}
    with mock:
        assert bridge.user_config() == {}


# --- Credentials and the environment ---


def test_credentials_are_those_of_moto_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "")
    with mock_proton():
        assert os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY"
        assert os.environ["AWS_SECRET_ACCESS_KEY"] == "FOOBARSECRET"
    assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == ""


def test_credentials_may_be_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    with mock_proton(config={"core": {"mock_credentials": False}}):
        assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"


def test_a_test_may_delete_the_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    with mock_proton():
        del os.environ["AWS_ACCESS_KEY_ID"]
        del os.environ["AWS_SECRET_ACCESS_KEY"]
    assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"


# --- Errors ---


@mock_proton
def failing() -> None:
    raise ZeroDivisionError


@mock_proton
async def failing_later() -> None:
    await asyncio.sleep(0)
    raise ZeroDivisionError


@mock_proton
def failing_generator() -> Generator[None]:
    yield
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "work",
    [failing, lambda: asyncio.run(failing_later()), lambda: list(failing_generator())],
    ids=["function", "coroutine", "generator"],
)
def test_an_exception_leaves_nothing_patched(work: Callable[[], object]) -> None:
    with pytest.raises(ZeroDivisionError):
        work()


def test_a_reset_that_fails_at_the_start_leaves_nothing_patched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(BackendDict, "reset", fail)
        with pytest.raises(ZeroDivisionError):
            mock_proton().start()


def test_a_reset_that_fails_at_the_end_leaves_nothing_patched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    mock = mock_proton()
    mock.start()
    with monkeypatch.context() as patched:
        patched.setattr(BackendDict, "reset", fail)
        with pytest.raises(ZeroDivisionError):
            mock.stop()


# --- Faults ---


def test_faults_end_with_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto_proton import faults

    cleared: list[str] = []
    monkeypatch.setattr(faults, "clear", lambda: cleared.append("cleared"))
    with mock_proton():
        with mock_proton():
            cleared.clear()
        assert cleared == []
    assert "cleared" in cleared
