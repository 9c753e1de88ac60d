"""The configuration of a mock that is a server: moto's own control route, with ``proton`` in it.

In moto's server mode the backend that reads the settings is another process, so ``mock_proton``
sends it those of its ``config``. POST takes ``{"proton": {...}}``, with None for no settings,
beside the keys that moto's route takes; GET shows what is in force.

Internal: no part of the public API.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from typing import Any, Final

from moto_proton import bridge, settings
from moto_proton.nesting import check_json

ROUTE: Final = "/moto-api/config"

Answer = tuple[int, dict[str, str], str]


def handle(request: Any, full_url: str = "", headers: Any = None) -> Answer:
    """Answer a request of the route, in the form that moto calls its handlers."""
    if request.method == "POST":
        try:
            text = request.get_data().decode()
            check_json(text)
            config = json.loads(text)
            if not isinstance(config, dict):
                raise ValueError(f"a configuration is a mapping, not {type(config).__name__}")
            settings.check_top(config, bridge.moto_config_keys())
            settings.check(config.get("proton"))
        except ValueError as error:
            return 400, {}, json.dumps({"error": str(error)})
        if "proton" in config:
            bridge.moto_config()["proton"] = config.pop("proton") or {}
        bridge.set_server_config(config)
    shown = {**bridge.server_config(), "proton": dict(bridge.user_config())}
    return 201, {"Content-Type": "application/json"}, json.dumps(shown)


class ServerConfig(MutableMapping[str, Any]):
    """The part ``proton`` of the configuration of the server that moto's server mode uses."""

    def __getitem__(self, key: str) -> Any:
        import requests

        shown = _read(requests.get(bridge.server_endpoint() + ROUTE, timeout=30))
        return shown[key]

    def __setitem__(self, key: str, value: Any) -> None:
        import requests

        try:
            text = json.dumps({key: value})
        except TypeError as error:
            raise ValueError(
                "config['proton'] can't be sent to a server: a provisioner of your own works in "
                "the process of the mock alone"
            ) from error
        headers = {"Content-Type": "application/json"}
        url = bridge.server_endpoint() + ROUTE
        _read(requests.post(url, data=text, headers=headers, timeout=30))

    def __delitem__(self, key: str) -> None:
        self[key] = None

    def __iter__(self) -> Iterator[str]:
        return iter(("proton",))

    def __len__(self) -> int:
        return 1


def _read(answer: Any) -> dict[str, Any]:
    if answer.status_code == 400:
        raise ValueError(answer.json()["error"])
    shown: dict[str, Any] = answer.json() if answer.status_code == 201 else {}
    if "proton" not in shown:
        raise RuntimeError(
            f"{bridge.server_endpoint()} takes no settings of Proton (HTTP {answer.status_code}): "
            "is it moto-proton server?"
        )
    return shown


server_config: Final = ServerConfig()
"""The one server that the environment names."""
