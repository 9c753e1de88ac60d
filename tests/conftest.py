"""What all tests share: pytest within pytest, a guard that refuses network access, checks of all
answers.

Neither a test nor an interpreter that it starts can connect to another machine: see
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

# Tests do not depend on the speed of the machine; benchmarks/ measures time.
settings.register_profile(
    "moto_proton", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# What `make quick` asks for: a few examples show what is broken outright.
settings.register_profile("quick", settings.get_profile("moto_proton"), max_examples=10)
settings.load_profile("moto_proton")

# Beside a botocore without Proton, tests make clients outside of a mock, too. What works there
# without this call is tested in without_botocore_proton.
moto_proton.install_model()


_owns_log: Final = "MOTO_PROTON_NETWORK_LOG" not in os.environ
"""If not, an outer run owns it: the controller of this worker, or a test that runs pytest."""


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
"""The number of calls after which a held status would end; no test makes so many."""

_misfits: list[str] = []
"""The errors in answers of this process's mocks since the test began."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("moto_proton's own tests")
    group.addoption("--order", type=int, help="Run modules and their tests in a random order.")
    group.addoption("--passes", type=int, default=1, help="Run all tests so many times.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle modules, and tests within modules, so that the fixtures of a module are made only
    once.
    """
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
    """Fail a run in which anything tried to reach the network, even if the error was caught."""
    if _owns_log and _guard.refusals(os.environ[_guard.LOG]):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report the attempts to reach the network."""
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
    """Delete the log."""
    if _owns_log:
        Path(os.environ[_guard.LOG]).unlink(missing_ok=True)


# --- Statuses that stay ---


@pytest.fixture
def hold() -> Iterator[Callable[..., None]]:
    """Keeps the statuses of these models of the state manager as they are, until ``let_go``."""
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
    """Ends what ``hold`` does: from the next call on transitions are immediate again."""
    from moto.moto_api import state_manager

    def of(*models: str) -> None:
        for model in models:
            state_manager.unset_transition(f"proton::{model}")

    return of


# --- Answers ---


def _watch_answers() -> None:
    """Check every answer against the service model, from the moment that Proton is loaded."""
    base = sys.modules.get("moto_proton.proton.responses.base")
    if base is None or hasattr(base.ProtonResponse._answer, "__wrapped__"):
        return
    from moto_proton import BundleWarning, api
    from moto_proton.proton.exceptions import ProtonError

    answer = base.ProtonResponse._answer

    @functools.wraps(answer)
    def watched(self: Any, request: Any) -> str:
        target = self.headers.get("X-Amz-Target", "")
        name = (target.decode() if isinstance(target, bytes) else str(target)).partition(".")[2]
        try:
            body: str = answer(self, request)
        except (api.ProtocolError, BundleWarning):
            # Our warnings are errors in these tests, as a user may have them.
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
    """Fail a test with an answer that lacks a member, has an unknown one, or is an error that the
    operation does not list.
    """
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
