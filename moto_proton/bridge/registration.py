"""Makes Proton known to moto and to botocore: the URL index, the backend, the clients' handlers.

moto is imported inside of functions, since this module is loaded while moto itself is being
imported.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from moto_proton import endpoints
from moto_proton.bridge.compatibility import MotoIncompatibleError, check_moto
from moto_proton.import_hook import when_imported

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

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
_EVENT: Final = "before-send.proton"
_NOBODYS_URL: Final = "https://answered.invalid/"
_LOCK: Final = threading.RLock()


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
            # In place, as moto's modules share this one list. First, so that Proton's requests need
            # not be compared with the patterns of two hundred other services.
            patterns[:] = [_ENTRY, *(entry for entry in patterns if entry[0] != "proton")]
        if not installed:
            module = _BackendModule("moto.proton")
            sys.modules["moto.proton"] = module
            moto.proton = module  # type: ignore[attr-defined]
            when_imported("moto.moto_api", _register_transitions)
            when_imported("moto.moto_server.werkzeug_app", _route_unsigned_requests)
            when_imported("moto.moto_api._internal.urls", _add_control_routes)
            _join_active_mock()
    intercept_clients()


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

    # moto: a name for calls of `requests` alone came with 5.2.4.
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


# --- Interception ---


def intercept_clients() -> None:
    """Let us answer the requests of Proton clients, in every botocore session made from now on.

    A session made before moto is imported does not have moto's own handler, so we answer all of its
    requests. In a session made later moto answers requests to AWS's own hosts. botocore calls every
    handler, so if we answered those too, each request would be carried out twice.
    """
    from botocore.handlers import BUILTIN_HANDLERS

    handlers: list[Any] = BUILTIN_HANDLERS
    alone, beside_moto = (_EVENT, _intercept), (_EVENT, _intercept_custom_endpoint)
    with _LOCK:
        wanted = beside_moto if "moto.backend_index" in sys.modules else alone
        # In place, one step at a time: another thread may be making a session of this list, and
        # must find moto's handler and one of ours whenever it looks.
        for index, entry in enumerate(handlers):
            if entry in (alone, beside_moto):
                handlers[index] = wanted
                return
        handlers.append(wanted)


def _intercept(event_name: str, request: AWSPreparedRequest, **kwargs: Any) -> AWSResponse | None:
    """Answer a Proton client's request while moto's mock is active, whatever host it goes to."""
    stubber = _active_stubber()
    if stubber is None or not endpoints.is_proton_url(request.url):
        return _intercept_custom_endpoint(event_name, request, **kwargs)
    answer: AWSResponse | None = stubber(event_name, request, **kwargs)
    return answer


def _intercept_custom_endpoint(
    event_name: str, request: AWSPreparedRequest, **kwargs: Any
) -> AWSResponse | None:
    """Answer a Proton client's request to a host that moto does not know as Proton's."""
    stubber = _active_stubber()
    if stubber is None or endpoints.is_proton_url(request.url) or passes_through(request.url):
        return None
    answer: AWSResponse | None = stubber(event_name, to_standard_host(request), **kwargs)
    if answer is not None:
        answer.url = request.url
        # moto's own handler is asked as well, later, being for all services. To it a request to a
        # host of S3's is one for S3, which some releases of moto (5.2.0) break on.
        request.url = _NOBODYS_URL
    return answer


def _active_stubber() -> Any | None:
    """moto's stubber, if it is answering requests in this process now."""
    models = sys.modules.get("moto.core.models")
    stubber: Any = getattr(models, "botocore_stubber", None)
    if stubber is None or not stubber.enabled:
        return None
    register()
    return stubber


def passes_through(url: str) -> bool:
    """Whether moto's configuration lets Proton's requests to this URL through to the network."""
    from moto.core.config import passthrough_service, passthrough_url

    return passthrough_url(url.split("?", 1)[0]) or passthrough_service("proton")


def to_standard_host(request: Any) -> AWSPreparedRequest:
    """The same request, but to Proton's standard host in the region that it was signed for."""
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.compat import HTTPHeaders

    headers = HTTPHeaders()
    for name, value in request.headers.items():
        if name.lower() != "host":
            headers[name] = value.decode("utf-8") if isinstance(value, bytes) else value
    region = endpoints.region_of_authorization(headers.get("Authorization", ""))
    return AWSPreparedRequest(
        method=request.method,
        url=endpoints.standard_url(region or "us-east-1"),
        headers=headers,
        # moto 5.1: a call made with `requests` arrives as werkzeug's request, with `data`.
        body=request.body if hasattr(request, "body") else request.data,
        stream_output=False,
    )
