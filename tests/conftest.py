"""What all tests share: pytest within pytest, a network that refuses, answers that are watched."""

from __future__ import annotations

import functools
import json
import socket
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

import moto_proton

pytest_plugins = ["pytester"]

# Beside a botocore without Proton, tests make clients outside of a mock, too. What works there
# without this call is tested in without_botocore_proton.
moto_proton.install_model()

_misfits: list[str] = []
"""What was wrong with the answers that this process's mocks have given since the test began."""


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
