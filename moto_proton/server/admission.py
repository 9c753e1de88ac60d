"""Decides which requests a server accepts, by their Host and Origin headers and their size.

Every web page that is open on this machine can reach a server that runs on it. A page can let its
own name resolve to this machine (then the Host header has that name), or send to a name of the
server (then the Origin header has the page's): both are refused. Bodies that are too large are
refused before they are read.

Internal: no part of the public API.
"""

from __future__ import annotations

import io
import ipaddress
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from moto_proton.endpoints import DNS_SUFFIXES, TARGET_PREFIX

HEALTH: Final = "/moto-api/proton/health"
"""Answers 200 as soon as the server takes requests, however busy it is."""

# Bytes of a body. The largest valid request of Proton, with each character escaped, has some
# 1.3 million; for other services it is S3's bundles and Lambda's packages that count (choice).
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_BYTES_FOR_PROTON: Final = 4 * 1024 * 1024
_CONTROL: Final = "/moto-api/"
_PIECE: Final = 64 * 1024
_MOST_THROWN_AWAY: Final = 16 * 1024 * 1024

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class RefusedRequestError(Exception):
    """A request that is refused; ``status`` is the HTTP status with its phrase."""

    def __init__(self, status: str, message: str) -> None:
        self.status = status
        super().__init__(message)


class BoundedInput:
    """The input of a connection. After :meth:`end`, a limited rest of it is read and discarded.

    Without that, a client that is still sending would not see why it was refused. werkzeug alone
    reads on for up to ten gigabytes, and waits for them.
    """

    KEY: Final = "moto_proton.input"

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def end(self) -> None:
        """From now on read further input only to discard it, up to a limit."""
        self._left = _MOST_THROWN_AWAY

    def read(self, size: int = -1) -> bytes:
        """As a file's; after :meth:`end` it reads up to a limit, then returns nothing."""
        if self._left is None:
            data: bytes = self._stream.read(size)
            return data
        data = self._stream.read1(min(_PIECE, self._left)) if self._left else b""
        self._left -= len(data)
        return data


class Admission:
    """A WSGI application that passes accepted requests on and answers the others itself."""

    def __init__(self, application: Application, allowed_hosts: Iterable[str] = ()) -> None:
        """``allowed_hosts`` are further names of the server, without a port."""
        self._application = application
        self._allowed = frozenset(map(str.lower, allowed_hosts))

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        try:
            return self._answer(environ, start_response)
        finally:
            if BoundedInput.KEY in environ:
                environ[BoundedInput.KEY].end()

    def _answer(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            self._check_names(environ)
            _bound_body(environ)
        except RefusedRequestError as error:
            return _answer(start_response, error.status, {"error": str(error)})
        if environ.get("PATH_INFO") == HEALTH and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return _answer(start_response, "200 OK", {"status": "ok"})
        return self._application(environ, start_response)

    def _check_names(self, environ: Environ) -> None:
        host = environ.get("HTTP_HOST", "")
        if not self._is_ours(f"//{host}"):
            raise RefusedRequestError(
                "403 Forbidden",
                f"{host!r} is no name of this server; start it with --allow-host if it should be",
            )
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and not self._is_ours(origin):
            raise RefusedRequestError(
                "403 Forbidden",
                f"pages of {origin!r} may not use this server; start it with --allow-host if they "
                "should",
            )

    def _is_ours(self, url: str) -> bool:
        """Whether the host of a URL is a name of this server, or one of AWS's."""
        try:
            name = (urlsplit(url).hostname or "").rstrip(".")
            if name in self._allowed or name == "localhost" or name.endswith(".localhost"):
                return True
            if any(name.endswith(f".{suffix}") for suffix in DNS_SUFFIXES):
                return True
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


def _bound_body(environ: Environ) -> None:
    """Refuse a body that is too large; read one whose size is not announced."""
    path = str(environ.get("PATH_INFO", ""))
    is_for_proton = path.startswith(_CONTROL) or str(
        environ.get("HTTP_X_AMZ_TARGET", "")
    ).startswith(TARGET_PREFIX)
    most = MOST_BYTES_FOR_PROTON if is_for_proton else MOST_BYTES
    length = environ.get("CONTENT_LENGTH") or "0"
    chunked = environ.get("HTTP_TRANSFER_ENCODING", "")
    if not (length.isascii() and length.isdigit()) or (chunked and environ.get("CONTENT_LENGTH")):
        raise RefusedRequestError("400 Bad Request", "the length of the body is not clear")
    if len(length) > 18 or int(length) > most:
        raise _too_large(most)
    if chunked:
        body = _read(environ["wsgi.input"], most)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        del environ["HTTP_TRANSFER_ENCODING"]


def _read(stream: Any, most: int) -> bytes:
    pieces: list[bytes] = []
    left = most
    while True:
        try:
            piece = stream.read(min(_PIECE, left + 1))
        except (OSError, ValueError) as error:
            raise RefusedRequestError(
                "400 Bad Request", f"the body can't be read: {error}"
            ) from None
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            raise _too_large(most)


def _too_large(most: int) -> RefusedRequestError:
    return RefusedRequestError("413 Content Too Large", f"the body is larger than {most:,} bytes")


def _answer(
    start_response: Callable[..., Any], status: str, content: Mapping[str, str]
) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    start_response(status, headers)
    return [body]
