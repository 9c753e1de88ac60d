"""Faults over HTTP: how a test injects into a Proton that runs in a server.

In moto's server mode the mock is another process, so ``faults`` sends each fault to
``/moto-api/proton/faults``, beside moto's own control routes; DELETE clears all faults. The route
is not part of Proton's API.

Internal: no part of the public API.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from moto_proton.nesting import check_json
from moto_proton.proton.account.faults import (
    Fault,
    FaultKind,
    InjectedError,
    book,
    checked,
    injected_error,
)

ROUTE: Final = "/moto-api/proton/faults"

_HEADERS: Final = {"Content-Type": "application/json"}

Answer = tuple[int, dict[str, str], str]


def as_json(fault: Fault | InjectedError) -> str:
    """A fault as the route takes it."""
    if isinstance(fault, Fault):
        return json.dumps(asdict(fault))
    return json.dumps(
        {
            "operation": fault.operation,
            "code": fault.error.code,
            "message": fault.error.message,
            "remaining": fault.remaining,
        }
    )


def from_json(text: str | bytes) -> Fault | InjectedError:
    """The fault that :func:`as_json` wrote; raises ``ValueError`` for anything else."""
    try:
        text = text if isinstance(text, str) else text.decode()
        check_json(text)
        members = json.loads(text)
        if "operation" in members:
            operation, code, message, times = (
                members.pop(name) for name in ("operation", "code", "message", "remaining")
            )
            if members:
                raise ValueError(f"unknown: {', '.join(members)}")
        else:
            fault = Fault(**{**members, "kind": FaultKind(members["kind"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a fault: {error}") from error
    if "kind" in members:
        return checked(fault)
    return checked(injected_error(operation, code, message, times))


def handle(request: Any, full_url: str = "", headers: Any = None) -> Answer:
    """Answer a request of the route, in the form that moto calls its handlers."""
    if request.method == "DELETE":
        book.clear()
    elif request.method == "POST":
        kind = str(request.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
        if kind not in ("", "application/json"):
            # What a web page can send to another site without asking it first.
            return (
                415,
                {},
                json.dumps({"error": f"send a fault as application/json, not as {kind}"}),
            )
        try:
            fault = from_json(request.get_data())
            if not kind:
                raise ValueError("not a fault: send it with the Content-Type application/json")
        except ValueError as error:
            return 400, {}, json.dumps({"error": str(error)})
        book.add(fault)
    else:
        return 405, {"Allow": "DELETE, POST"}, json.dumps({"error": "POST a fault, or DELETE all"})
    return 200, {}, json.dumps({"status": "ok"})


def send(endpoint: str, fault: Fault | InjectedError | None) -> None:
    """Send a fault to the server at this URL, or have it clear all for None."""
    import requests

    if fault is None:
        answer = requests.delete(endpoint + ROUTE, timeout=30)
    else:
        answer = requests.post(endpoint + ROUTE, data=as_json(fault), headers=_HEADERS, timeout=30)
    if answer.status_code == 400:
        raise ValueError(answer.json()["error"])
    if answer.status_code != 200:
        raise RuntimeError(
            f"{endpoint} takes no faults (HTTP {answer.status_code}): is it moto-proton server?"
        )
