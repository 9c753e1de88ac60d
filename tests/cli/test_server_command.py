"""``moto-proton server``: what it hands to the server, and what it says when it cannot."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import moto_proton.server
from moto_proton.bridge import MotoIncompatibleError
from moto_proton.cli import main
from moto_proton.server import ServerDependencyError


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The addresses that a server was asked for; none is started."""
    calls: list[tuple[str, int]] = []
    monkeypatch.setattr(moto_proton.server, "serve", lambda host, port: calls.append((host, port)))
    monkeypatch.delenv("MOTO_PORT", raising=False)
    return calls


@pytest.mark.parametrize(
    ("arguments", "environment", "address"),
    [
        pytest.param([], {}, ("127.0.0.1", 5000), id="defaults"),
        pytest.param(["-H", "0.0.0.0", "-p", "0"], {}, ("0.0.0.0", 0), id="short options"),
        pytest.param(["--host", "::1", "--port", "81"], {}, ("::1", 81), id="long options"),
        pytest.param([], {"MOTO_PORT": "82"}, ("127.0.0.1", 82), id="environment"),
        pytest.param(["-p", "83"], {"MOTO_PORT": "82"}, ("127.0.0.1", 83), id="option wins"),
    ],
)
def test_the_address_is_as_asked(
    served: list[tuple[str, int]],
    arguments: list[str],
    environment: dict[str, str],
    address: tuple[str, int],
) -> None:
    result = CliRunner().invoke(main, ["server", *arguments], env=environment)

    assert (result.exit_code, served) == (0, [address])


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_cannot_be_is_refused(served: list[tuple[str, int]], port: str) -> None:
    result = CliRunner().invoke(main, ["server", "--port", port])

    assert (result.exit_code, served) == (4, [])
    assert "--port" in result.stderr


@pytest.mark.parametrize(
    "error",
    [ServerDependencyError("flask"), MotoIncompatibleError("the module moto.gone")],
    ids=["package missing", "moto moved"],
)
def test_what_stands_in_the_way_is_one_line(
    error: ImportError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(host: str, port: int) -> None:
        raise error

    monkeypatch.setattr(moto_proton.server, "serve", serve)

    result = CliRunner().invoke(main, ["server"])

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == f"{error}\n"
