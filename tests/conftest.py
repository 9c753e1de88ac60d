"""What all tests share: pytest within pytest, a network that refuses, answers that are watched.

No test reaches further than this machine, nor does an interpreter that a test starts: see
``network/network_guard.py``. ``--order=N`` runs the tests in a random order that N decides;
``--passes=2`` runs them all once more in the same process.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import random
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NoReturn

import pytest
from hypothesis import HealthCheck, settings

import moto_proton

pytest_plugins = ["pytester"]

# How fast a busy machine is says nothing of the code; benchmarks/ measures.
settings.register_profile(
    "moto_proton", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("moto_proton")

# Beside a botocore without Proton, tests make clients outside of a mock, too. What works there
# without this call is tested in without_botocore_proton.
moto_proton.install_model()


_owns_log: Final = "MOTO_PROTON_NETWORK_LOG" not in os.environ
"""Else a run around this one does: the controller of this worker, or a test that runs pytest."""


def _network_guard() -> ModuleType:
    """The guard, installed here and in every interpreter that is started from here."""
    folder = Path(__file__).with_name("network")
    spec = importlib.util.spec_from_file_location("network_guard", folder / "network_guard.py")
    assert spec is not None
    assert spec.loader is not None
    guard = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(guard)
    if _owns_log:
        file, os.environ[guard.LOG] = tempfile.mkstemp(prefix="moto-proton-network-")
        os.close(file)
        paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    guard.install()
    return guard


_guard: Final = _network_guard()

_TIMELESS: Final = 10**9
"""Calls that show a resource which is held; none ever makes so many."""

_misfits: list[str] = []
"""What was wrong with the answers that this process's mocks have given since the test began."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("moto_proton's own tests")
    group.addoption("--order", type=int, help="Run modules and their tests in a random order.")
    group.addoption("--passes", type=int, default=1, help="Run all tests so many times.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle modules, and tests in their modules: fixtures of a module are made once that way."""
    order, passes = config.getoption("--order"), config.getoption("--passes")
    found = list(items)
    items.clear()
    for number in range(passes):
        if order is None:
            items.extend(found)
            continue
        shuffler = random.Random(order + number)
        modules: dict[Path, list[pytest.Item]] = {}
        for item in found:
            modules.setdefault(item.path, []).append(item)
        for path in shuffler.sample(sorted(modules), len(modules)):
            items.extend(shuffler.sample(modules[path], len(modules[path])))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which anything was asked of the network, whoever has swallowed the refusal."""
    if _owns_log and _guard.refusals(os.environ[_guard.LOG]):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was asked of the network."""
    if not _owns_log:
        return
    log = os.environ[_guard.LOG]
    counts = _guard.read(log)
    terminalreporter.write_line(
        f"network: {counts['interpreter']} interpreters watched, {counts['local']} connections to "
        f"this machine, {counts['refused']} refused to others"
    )
    for refusal in _guard.refusals(log):
        terminalreporter.write_line("  {event} {address} in {test}".format(**refusal))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the log away."""
    if _owns_log:
        Path(os.environ[_guard.LOG]).unlink(missing_ok=True)


# --- Statuses that stay ---


@pytest.fixture
def hold() -> Iterator[Callable[..., None]]:
    """Keeps what the state manager knows by these names where it is, until ``let_go``."""
    from moto.moto_api import state_manager

    held: list[str] = []

    def of(*models: str) -> None:
        for model in models:
            name = f"proton::{model}"
            state_manager.set_transition(name, {"progression": "manual", "times": _TIMELESS})
            held.append(name)

    yield of
    for name in held:
        state_manager.unset_transition(name)


@pytest.fixture
def let_go() -> Callable[..., None]:
    """Ends what ``hold`` keeps: from the next call on everything moves at once."""
    from moto.moto_api import state_manager

    def of(*models: str) -> None:
        for model in models:
            state_manager.unset_transition(f"proton::{model}")

    return of


# --- Answers ---


def _watch_answers() -> None:
    """Hold every answer against the service model, from the moment that Proton is loaded."""
    base = sys.modules.get("moto_proton.proton.responses.base")
    if base is None or hasattr(base.ProtonResponse._answer, "__wrapped__"):
        return
    from moto_proton import api
    from moto_proton.proton.exceptions import ProtonError

    answer = base.ProtonResponse._answer

    @functools.wraps(answer)
    def watched(self: Any, request: Any) -> str:
        target = self.headers.get("X-Amz-Target", "")
        name = (target.decode() if isinstance(target, bytes) else str(target)).partition(".")[2]
        try:
            body: str = answer(self, request)
        except api.ProtocolError:
            raise
        except ProtonError as error:
            if error.code not in api.error_codes(name):
                _misfits.append(f"{name} answered {error.code}, which is not in its list: {error}")
            raise
        except BaseException as error:
            _misfits.append(f"{name} raised {error!r}")
            raise
        _misfits.extend(f"{name}: {each}" for each in api.check_response(name, json.loads(body)))
        return body

    base.ProtonResponse._answer = watched


@pytest.fixture(autouse=True)
def _every_answer_fits_the_model() -> Iterator[None]:
    """Fail the test whose answers lack a member, have one too many, or raise what they can't."""
    _watch_answers()
    _misfits.clear()
    yield
    _watch_answers()
    assert _misfits == []


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every attempt to open a connection fail loudly."""

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise AssertionError(f"a test tried to reach the network: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
