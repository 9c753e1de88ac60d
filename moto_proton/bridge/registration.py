"""Makes Proton known to moto: the URL index, the backend, the server's routes.

moto is imported inside of functions, since this module is loaded while moto itself is being
imported.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

from moto_proton import endpoints
from moto_proton.bridge.compatibility import MotoIncompatibleError, check_moto
from moto_proton.forking import ForkSafeLock
from moto_proton.import_hook import when_imported

IMMEDIATE: Final[Mapping[str, Any]] = {"progression": "immediate"}
TRANSITION_MODELS: Final = (
    "proton::component",
    "proton::environment",
    "proton::environment_template_version",
    "proton::service",
    "proton::service_instance",
    "proton::service_pipeline",
    "proton::service_template_version",
)
"""The models whose statuses moto's state manager moves; at once, unless a user says otherwise."""

_ENTRY: Final = ("proton", re.compile(endpoints.URL_BASE))
_LOCK: Final = ForkSafeLock()


@dataclass(frozen=True, slots=True)
class HandedDown:
    """What moto shall serve. It is made above the bridge, so it is passed down to it.

    ``backends`` answers with the backends by account and region, ``control_routes`` with handlers
    in moto's form by the path of their route; both are called when moto asks for them.
    """

    backends: Callable[[], Any]
    control_routes: Callable[[], Mapping[str, Callable[..., Any]]]


_handed_down: HandedDown | None = None


def hand_down(served: HandedDown) -> None:
    """Tell the bridge what moto shall serve, before anything is registered."""
    global _handed_down
    _handed_down = served


def _served() -> HandedDown:
    assert _handed_down is not None, "moto_proton hands it down as moto is imported"
    return _handed_down


def register() -> None:
    """Make moto serve Proton; repeats do nothing, and any thread may call it.

    If a moto release has a Proton of its own, ours replaces it. Raises
    :class:`MotoIncompatibleError`.
    """
    # Imported before the lock is taken: the thread that is importing moto may be waiting for the
    # lock.
    index = importlib.import_module("moto.backend_index")
    moto = sys.modules["moto"]
    with _LOCK:
        patterns: Any = getattr(index, "backend_url_patterns", None)
        if not _is_url_index(patterns):
            raise MotoIncompatibleError(
                "moto.backend_index.backend_url_patterns as a list of pairs"
            )
        installed = isinstance(sys.modules.get("moto.proton"), _BackendModule)
        if installed and patterns[0] is _ENTRY:
            return
        if patterns[0] is not _ENTRY:
            # Changed in place, because moto's modules share this list. Inserted first, so that
            # Proton's requests are not compared with the patterns of two hundred other services.
            patterns[:] = [_ENTRY, *(entry for entry in patterns if entry[0] != "proton")]
        if not installed:
            module = _BackendModule("moto.proton")
            sys.modules["moto.proton"] = module
            moto.proton = module  # type: ignore[attr-defined]
            when_imported("moto.moto_api", _register_transitions)
            when_imported("moto.moto_server.werkzeug_app", _route_unsigned_requests)
            when_imported("moto.moto_api._internal.urls", _add_control_routes)
            _join_active_mock()


def register_when_possible() -> None:
    """:func:`register`, but silent about an incompatible moto.

    This runs when moto is imported: a project that has moto_proton installed and never uses Proton
    must still be able to use moto. The first use of Proton raises the error instead.
    """
    with contextlib.suppress(MotoIncompatibleError):
        register()


def _is_url_index(patterns: object) -> bool:
    return (
        isinstance(patterns, list)
        and bool(patterns)
        and isinstance(patterns[-1], tuple)
        and len(patterns[-1]) == 2
        and isinstance(patterns[-1][0], str)
        and isinstance(patterns[-1][1], re.Pattern)
    )


class _BackendModule(ModuleType):
    """The module that moto imports as ``moto.proton``; it loads the backend at its first use."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "The Proton backend, brought by moto_proton.")
        self.__spec__ = ModuleSpec(name, None, origin="moto_proton.proton.backend")

    def __getattr__(self, name: str) -> Any:
        if name != "proton_backends":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        check_moto()
        self.proton_backends = _served().backends()
        return self.proton_backends


def _join_active_mock() -> None:
    """Let a mock that is already active answer calls made with ``requests``, too."""
    models: Any = sys.modules.get("moto.core.models")
    stubber = getattr(models, "botocore_stubber", None)
    if stubber is None or not stubber.enabled:
        return
    from moto.core.custom_responses_mock import CallbackResponse

    # moto: a separate name for calls made with `requests` came with 5.2.4.
    answer = getattr(stubber, "process_prepared_request", stubber.process_request)
    for method in models.RESPONSES_METHODS:
        response = CallbackResponse(method=method, url=_ENTRY[1], callback=answer)
        models.responses_mock.add(response)


def _register_transitions() -> None:
    from moto.moto_api import state_manager

    for model_name in TRANSITION_MODELS:
        state_manager.register_default_transition(model_name, dict(IMMEDIATE))


def _route_unsigned_requests() -> None:
    """Let moto's server recognise an unsigned Proton request by its target."""
    from moto.moto_server import werkzeug_app

    routes = getattr(werkzeug_app, "UNSIGNED_REQUESTS", None)
    if isinstance(routes, dict):
        routes.setdefault(endpoints.TARGET_PREFIX, ("proton", "us-east-1"))


def _add_control_routes() -> None:
    """Let moto's server answer our control routes beside its own."""
    from moto.moto_api._internal import urls

    routes: Any = getattr(urls, "url_paths", None)
    if isinstance(routes, dict):
        for route, handler in _served().control_routes().items():
            routes["{0}" + route] = handler
