"""Mocks within mocks: our own and moto's, in every order, ended in every order of our own."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from moto import mock_aws
from moto.core.config import default_user_config

from moto_proton import bridge, mock_proton
from moto_proton.bridge import mock_is_active

pytestmark = pytest.mark.usefixtures("no_network")

Names = Callable[..., list[str]]
Create = Callable[[str], None]
MOCKS: dict[str, Any] = {"ours": mock_proton, "moto's": mock_aws}


@pytest.mark.parametrize(
    "order", list(itertools.product(MOCKS, repeat=3)), ids=lambda order: ", ".join(order)
)
def test_nested_mocks_share_their_data(
    order: tuple[str, ...], names: Names, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    configuration = dict(default_user_config)
    with ExitStack() as stack:
        for depth, which in enumerate(order):
            stack.enter_context(MOCKS[which]())
            create(f"level-{depth}")
        assert names() == ["level-0", "level-1", "level-2"]
        assert mock_is_active()
    assert not mock_is_active()
    assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"
    assert default_user_config == configuration


@pytest.mark.parametrize("outer", MOCKS)
def test_decorators_nest(outer: str, names: Names, create: Create) -> None:
    inner = "ours" if outer == "moto's" else "moto's"

    def undecorated() -> list[str]:
        create("web")
        return names()

    work = MOCKS[outer](MOCKS[inner](undecorated))

    assert work() == ["web"]
    assert work() == ["web"]
    assert not mock_is_active()


def test_one_mock_can_be_started_twice(names: Names, create: Create) -> None:
    mock = mock_proton()
    with mock:
        create("web")
        with mock:
            assert names() == ["web"]
        assert names() == ["web"]
        assert os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY"
    assert not mock_is_active()


def test_what_a_test_sets_between_two_mocks_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_proton():
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "role")
        with mock_proton():
            assert os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY"
        assert os.environ["AWS_ACCESS_KEY_ID"] == "role"


ORDERS = list(itertools.permutations(range(3)))


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_mocks_may_end_in_any_order(
    order: tuple[int, ...], names: Names, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    configuration = dict(default_user_config)
    configs: list[dict[str, Any]] = [
        {"proton": {"quotas": {"services": 1}}},
        {"proton": {"quotas": {"services": 2}}, "iot": {"use_valid_cert": True}},
        {"iot": {"use_valid_cert": False}, "core": {"mock_credentials": False}},
    ]
    mocks = [mock_proton(config=config) for config in configs]
    for mock in mocks:
        mock.start()
    create("web")

    for index in order[:-1]:
        mocks[index].stop()
        assert names() == ["web"]
    mocks[order[-1]].stop()

    assert not mock_is_active()
    assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"
    assert "AWS_SECRET_ACCESS_KEY" not in os.environ
    assert default_user_config == configuration


def test_the_configuration_of_a_mock_that_is_left_stays_in_force() -> None:
    first = mock_proton(config={"proton": {"quotas": {"services": 1}}})
    second = mock_proton(config={"proton": {"quotas": {"services": 2}}})
    first.start()
    second.start()
    first.stop()
    assert bridge.user_config() == {"quotas": {"services": 2}}
    second.stop()
    assert bridge.user_config() == {}


def test_threads_may_start_and_stop_together(names: Names) -> None:
    start = threading.Barrier(8)
    failures: list[BaseException] = []

    @mock_proton
    def work() -> None:
        assert mock_is_active()

    def run() -> None:
        start.wait()
        try:
            for _ in range(20):
                work()
        except BaseException as error:
            failures.append(error)

    before = dict(os.environ)
    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert not mock_is_active()
    assert dict(os.environ) == before
