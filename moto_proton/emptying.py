"""Empties Proton and nothing else: moto resets all services at once, or none.

If the mock is a server, it does so at ``/moto-api/proton/reset`` beside moto's own control routes.

Internal: no part of the public API.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

ROUTE: Final = "/moto-api/proton/reset"

Answer = tuple[int, dict[str, str], str]


def empty_proton() -> None:
    """Empty Proton in all accounts and regions of the active mock, its faults and git repositories.

    moto's other services keep what they have. A server without moto_proton has nothing to empty.
    Raises ``RuntimeError`` when a server does not do it: a test would find what others left.
    """
    from moto_proton import bridge

    if bridge.is_server_mode():
        import requests

        endpoint = bridge.server_endpoint()
        answer = requests.post(endpoint + ROUTE, timeout=30)
        if answer.status_code not in (200, 404):  # 404: it knows no such route, and no Proton
            raise RuntimeError(
                f"{endpoint} did not empty Proton (HTTP {answer.status_code}): {answer.text}"
            )
    else:
        _empty()


def handle(request: Any, full_url: str = "", headers: Any = None) -> Answer:
    """Answer a request of the route, in the form that moto calls its handlers."""
    if request.method != "POST":
        return 405, {"Allow": "POST"}, json.dumps({"error": "POST, to empty Proton"})
    _empty()
    return 200, {}, json.dumps({"status": "ok"})


def _empty() -> None:
    backend = sys.modules.get("moto_proton.proton.backend")
    if backend is None:
        return  # no Proton backend exists yet
    from moto_proton.proton.account.locks import request_locks

    with request_locks.all():
        for account in list(backend.proton_backends.values()):
            account.reset()  # clears faults and connected repositories, too
