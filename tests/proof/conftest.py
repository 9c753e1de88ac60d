"""What the proofs share: threads with a watchdog, Protons in and out of this process, numbers.

A test hands its numbers to ``measured``; they are printed at the end of the run, under xdist too.
"""

from __future__ import annotations

import faulthandler
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias

import boto3
import pytest
import requests
from botocore.config import Config
from moto.server import ThreadedMotoServer

from moto_proton import mock_proton

Client: TypeAlias = Any
Outcome: TypeAlias = Any

PATIENCE = 1200
"""Seconds after which threads that have not ended count as deadlocked: ten times what any takes."""

IN_PROCESS = "in this process"
PLACES = (IN_PROCESS, "a server in a thread", "a server in a process")
SERVE = "from moto_proton.server import serve; serve('127.0.0.1', 0)"


# --- Numbers ---


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Notes a line of numbers for the end of the run."""
    return lambda line: record_property("measured", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the numbers."""
    lines = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "measured" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("proof: measured")
        for line in sorted(map(str, lines)):
            terminalreporter.write_line(line)


# --- Threads ---


class Together:
    """Runs actions at the same moment, each in a thread; ``seconds`` the last run took."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, actions: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
        """What each action answered, in their order; an exception is an answer, too."""
        start = threading.Barrier(len(actions))
        outcomes: list[Outcome] = [None] * len(actions)

        def run(index: int, action: Callable[[], Outcome]) -> None:
            start.wait()
            try:
                outcomes[index] = action()
            except Exception as error:
                outcomes[index] = error

        threads = [
            threading.Thread(target=run, args=(index, action), daemon=True)
            for index, action in enumerate(actions)
        ]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, begun + PATIENCE - time.monotonic()))
        self.seconds = time.monotonic() - begun
        stuck = sum(thread.is_alive() for thread in threads)
        if stuck:
            faulthandler.dump_traceback(all_threads=True)
            pytest.fail(f"{stuck} of {len(threads)} threads are stuck after {PATIENCE} seconds")
        return outcomes


@pytest.fixture
def together() -> Iterator[Together]:
    """Runs actions at the same moment, while Python switches threads as often as it can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield Together()
    sys.setswitchinterval(interval)


# --- Protons ---


class Place:
    """A Proton: makes clients of it, and tells its state manager what to do."""

    def __init__(self, name: str, url: str | None) -> None:
        self.name = name
        self.url = url
        self._session = boto3.session.Session(
            aws_access_key_id="key", aws_secret_access_key="secret"
        )

    def client(self, service: str = "proton", region: str = "us-east-1") -> Client:
        """A client that calls once."""
        return self._session.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            config=Config(
                retries={"total_max_attempts": 1, "mode": "standard"}, max_pool_connections=32
            ),
        )

    def set_transition(self, model: str, transition: dict[str, Any] | None) -> None:
        """Say how the statuses of a model proceed; None for the default."""
        from moto.moto_api import state_manager

        name = f"proton::{model}"
        if self.url is not None:
            action = "set" if transition else "unset"
            answer = requests.post(
                f"{self.url}/moto-api/state-manager/{action}-transition",
                json={"model_name": name, **({"transition": transition} if transition else {})},
                timeout=300,
            )
            assert answer.status_code in (200, 201), answer.text
        elif transition:
            state_manager.set_transition(name, transition)
        else:
            state_manager.unset_transition(name)

    def reset(self) -> None:
        """Empty a server."""
        if self.url is not None:
            requests.post(f"{self.url}/moto-api/reset", timeout=300)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """A Proton in this process, in a server's thread, and in a process of its own."""
    with ExitStack() as stack:
        if request.param == IN_PROCESS:
            stack.enter_context(mock_proton())
            found = Place(request.param, None)
        elif request.param == PLACES[1]:
            found = Place(request.param, stack.enter_context(_threaded_server()))
        else:
            found = Place(request.param, request.getfixturevalue("server_process"))
        stack.callback(found.reset)
        yield found


@contextmanager
def _threaded_server() -> Iterator[str]:
    """moto's own server in a thread of this process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server_process() -> Iterator[str]:
    """The URL of ``moto-proton server`` in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "MOTO_PORT": "", "AWS_EC2_METADATA_DISABLED": "true"},
    )
    try:
        assert process.stdout is not None
        match = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert match is not None
        yield match[0]
    finally:
        process.terminate()
        process.wait(timeout=300)
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture(scope="session")
def run_alone() -> Callable[..., str]:
    """Runs a script in a new interpreter; answers what it printed, or fails with its traceback."""

    def run(script: str, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script, *arguments],
            capture_output=True,
            text=True,
            timeout=3000,
            check=False,
            env={
                **os.environ,
                "AWS_ACCESS_KEY_ID": "",
                "AWS_SECRET_ACCESS_KEY": "",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_EC2_METADATA_DISABLED": "true",
                **environment,
            },
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
