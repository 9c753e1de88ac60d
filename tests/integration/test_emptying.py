"""A server that is asked to empty Proton: what it answers is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses
from moto import settings

from moto_proton import bridge
from moto_proton.emptying import ROUTE, empty_proton


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    monkeypatch.setattr(settings, "TEST_SERVER_MODE", True)
    with responses.RequestsMock() as answers:
        yield answers


@pytest.mark.parametrize("status", [200, 404])
def test_a_server_without_proton_has_nothing_to_empty(
    server: responses.RequestsMock, status: int
) -> None:
    server.post(bridge.server_endpoint() + ROUTE, status=status)

    empty_proton()


@pytest.mark.parametrize("status", [403, 500])
def test_a_server_that_refuses_is_reported(server: responses.RequestsMock, status: int) -> None:
    server.post(bridge.server_endpoint() + ROUTE, status=status, body="not today")

    with pytest.raises(RuntimeError, match=rf"did not empty Proton \(HTTP {status}\): not today"):
        empty_proton()
