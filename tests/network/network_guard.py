"""A guard that refuses and records every connection to another machine.

It stands on Python's audit events, which every way to a socket raises, asyncio's and C's included,
and which nothing can take off again. ``tests/conftest.py`` installs it before the first test and
puts this folder on ``PYTHONPATH``, so that ``sitecustomize`` here does the same in every
interpreter that a test starts. Source: Python's audit events table.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any

LOG = "MOTO_PROTON_NETWORK_LOG"
"""The environment variable that names the file in which all interpreters write."""

_NAMES = {"", "localhost", "ip6-localhost", "localhost.localdomain", "::", "::1", "0.0.0.0"}
_FOLLOWED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
}
"""Where the address stands among an event's arguments."""


class NetworkRefusedError(AssertionError):
    """A test tried to reach something that is not this machine."""


def install() -> None:
    """Refuse the network in this interpreter, for as long as it lives; repeats do nothing."""
    if LOG not in os.environ or getattr(sys, "_moto_proton_network_guard", False):
        return
    sys._moto_proton_network_guard = True  # type: ignore[attr-defined]
    _write("interpreter", "", "")
    sys.addaudithook(_hear)


def read(path: str) -> Counter[str]:
    """How many lines of each kind the log has: interpreters, local connections, refusals."""
    return Counter(entry["kind"] for entry in _entries(path))


def refusals(path: str) -> list[Mapping[str, Any]]:
    """What was refused: event, address, and the test that was running."""
    return [entry for entry in _entries(path) if entry["kind"] == "refused"]


def is_local(address: object) -> bool:
    """Whether an address, as a socket takes it, is on this machine."""
    host = address[0] if isinstance(address, tuple) and address else address
    if host is None or (isinstance(address, str) and address.startswith(("/", "\0"))):
        return True
    if isinstance(host, bytes):
        host = host.decode("utf-8", "replace")
    return isinstance(host, str) and (host.lower() in _NAMES or host.startswith("127."))


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    position = _FOLLOWED.get(event)
    if position is None:
        return
    address = arguments[position]
    if event == "socket.sendmsg" and address is None:
        return
    if is_local(address):
        if event == "socket.connect":
            _write("local", event, "")
        return
    _write("refused", event, repr(address))
    raise NetworkRefusedError(f"a test tried to reach the network: {event} {address!r}")


def _write(kind: str, event: str, address: str) -> None:
    entry = {
        "kind": kind,
        "event": event,
        "address": address,
        "test": os.environ.get("PYTEST_CURRENT_TEST", ""),
    }
    # One write of one line: other interpreters append to the same file.
    file = os.open(os.environ.get(LOG, os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, json.dumps(entry).encode() + b"\n")
    finally:
        os.close(file)


def _entries(path: str) -> list[dict[str, Any]]:
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
