"""moto's server with Proton in it, for callers in another language or another process.

moto's own application dispatches the requests, and ``cli`` is the command line. moto's ``main`` is
not used because it does not report which port it took. Source: moto's ``server.py``, 5.1.0 to
5.2.5.

Internal: no part of the public API.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from moto_proton import bridge, workplace
from moto_proton.server.admission import Admission, BoundedInput

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler


class ServerDependencyError(ImportError):
    """A package is missing that only the server needs; ``missing`` is its name."""

    def __init__(self, missing: str) -> None:
        self.missing = missing
        super().__init__(
            f"The server needs {missing}, which is not installed: "
            'pip install "moto_proton[server]"',
            name=missing,
        )


def serve(host: str = "127.0.0.1", port: int = 5000, *, allowed_hosts: Iterable[str] = ()) -> None:
    """Serve until SIGINT or SIGTERM, then return.

    Port 0 takes a free one. ``allowed_hosts`` are names by which clients may call the server,
    besides its address, the names of this machine for itself, and AWS's. Prints one line with the
    URL once connections are accepted. Raises :class:`ServerDependencyError`; if the address is
    not available, werkzeug says so on standard error and ends the program.
    """
    server = make_server(host, port, allowed_hosts)
    # moto: some services build URLs of this very server.
    os.environ.setdefault("MOTO_PORT", str(server.port))
    # Requests may come from anybody, so their texts are not trusted.
    with workplace.everything_in_child(), _stopped_by_signals():
        print(f"moto-proton server listening on {url_of(host, server.port)}", flush=True)
        # werkzeug returns from this at KeyboardInterrupt, having closed the socket.
        server.serve_forever()


def make_server(host: str, port: int, allowed_hosts: Iterable[str] = ()) -> BaseWSGIServer:
    """A threaded server that is listening; it answers once ``serve_forever`` is called."""
    for package in ("flask", "flask_cors", "werkzeug"):
        if importlib.util.find_spec(package) is None:
            raise ServerDependencyError(package)
    bridge.register()
    bridge.check_moto()
    from moto.moto_server import werkzeug_app
    from werkzeug import serving

    return serving.make_server(
        host,
        port,
        Admission(
            werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app),
            (host, *allowed_hosts),
        ),
        threaded=True,
        request_handler=_bounded(
            # moto has its own handler since 5.2.4.
            getattr(werkzeug_app, "MotoRequestHandler", serving.WSGIRequestHandler)
        ),
    )


def _bounded(handler: type[WSGIRequestHandler]) -> type[WSGIRequestHandler]:
    class Handler(handler):  # type: ignore[misc,valid-type]
        def make_environ(self) -> dict[str, Any]:
            bounded = self.rfile = BoundedInput(vars(self)["rfile"])
            environ: dict[str, Any] = super().make_environ()
            environ[BoundedInput.KEY] = bounded
            return environ

    return Handler


def url_of(host: str, port: int) -> str:
    """The URL of a server on this host, which may be an IPv6 address."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM end the server as SIGINT does; does nothing outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
