"""Lets moto answer the requests of every botocore client, however early the client was made.

moto adds a handler to botocore's list when it is imported, and a botocore session takes that list
over when it is made. We import moto only when a mock starts, so a client that an application has
made before would send its requests to AWS while the mock is active. So we add a stand-in for moto's
handler as soon as botocore is imported; it becomes moto's handler when moto is imported. Source:
botocore's ``session.py`` and ``hooks.py``, 1.31.30 to 1.44.8; moto's ``core/models.py``, 5.1.0 to
5.2.5.
"""

from __future__ import annotations

import functools
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from moto_proton import endpoints

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

_EVERY_REQUEST: Final = "before-send"
_REQUESTS_OF_PROTON: Final = "before-send.proton"
_NOBODYS_URL: Final = "https://answered.invalid/"
_LOCK: Final = threading.RLock()


class StandIn:
    """Takes the place of moto's handler while moto is not imported; it answers no request."""

    def __call__(self, event_name: str, request: AWSPreparedRequest, **kwargs: Any) -> None:
        """Leave the request to the network."""


def intercept_clients() -> None:
    """Let moto, and us, answer the requests of every client that is made from now on.

    Repeats do nothing. Called once botocore's handlers have been imported.
    """
    from botocore.handlers import BUILTIN_HANDLERS

    handlers: list[Any] = BUILTIN_HANDLERS
    with _LOCK:
        if any(_is_ours(handler) for _, handler, *_ in handlers):
            return
        models = sys.modules.get("moto.core.models")
        handler_of_all = getattr(models, "botocore_stubber", None)
        if handler_of_all is None:
            handler_of_all = StandIn()
            handlers.append((_EVERY_REQUEST, handler_of_all))
        handlers.append((_REQUESTS_OF_PROTON, answer_custom_endpoint))
        # Not there if it is botocore's session module that is importing the handlers.
        session_class = getattr(sys.modules.get("botocore.session"), "Session", None)
        if session_class is not None:
            _cover_clients_of_older_sessions(session_class, handler_of_all)


def replace_stand_in() -> None:
    """Turn the stand-in into moto's handler, the very object that moto switches on and off.

    So clients made before moto was imported and clients made later have the same one handler, and
    no request is answered twice. Called once ``moto.core.models`` has been imported.
    """
    models: Any = sys.modules["moto.core.models"]
    original = getattr(models, "botocore_stubber", None)
    with _LOCK:
        handlers: list[Any] = getattr(sys.modules.get("botocore.handlers"), "BUILTIN_HANDLERS", [])
        stand_in: Any = next((each for _, each, *_ in handlers if _stands_in(each)), None)
        if stand_in is None or original is None:
            return
        vars(stand_in).update(vars(original))
        stand_in.__class__ = type(original)
        models.botocore_stubber = stand_in
        # moto's first handler is never switched on now, so it does no harm in a session that
        # another thread has made in the meantime. Only the last entry may be deleted: such a thread
        # may be walking through the list.
        if handlers[-1][1] is original:
            del handlers[-1]


def _is_ours(handler: object) -> bool:
    # By name: a test may have imported us anew.
    name = (getattr(handler, "__module__", None), getattr(handler, "__name__", None))
    return name == (__name__, answer_custom_endpoint.__name__)


def _stands_in(handler: object) -> bool:
    kind = type(handler)
    return (kind.__module__, kind.__name__) == (__name__, StandIn.__name__)


def _cover_clients_of_older_sessions(session_class: Any, handler_of_all: Any) -> None:
    """Add the handlers to clients that are made from now on in sessions that lack them.

    Those are the sessions made before we were imported, boto3's default session among them.
    """
    create_client = session_class.create_client

    @functools.wraps(create_client)
    def covered(self: Any, *args: Any, **kwargs: Any) -> Any:
        client = create_client(self, *args, **kwargs)
        for event, handler in (
            (_EVERY_REQUEST, handler_of_all),
            (_REQUESTS_OF_PROTON, answer_custom_endpoint),
        ):
            # Removed first: a client of a newer session has it already.
            client.meta.events.unregister(event, handler)
            client.meta.events.register(event, handler)
        return client

    session_class.create_client = covered


# --- Proton at other hosts than its own ---


def answer_custom_endpoint(
    event_name: str, request: AWSPreparedRequest, **kwargs: Any
) -> AWSResponse | None:
    """Answer a Proton client's request to a host that moto does not know as Proton's."""
    stubber = _active_stubber()
    if stubber is None or endpoints.is_proton_url(request.url) or passes_through(request.url):
        return None
    answer: AWSResponse | None = stubber(event_name, to_standard_host(request), **kwargs)
    if answer is not None:
        answer.url = request.url
        # moto's own handler for all services is called afterwards. It takes a request to an S3 host
        # for one to S3, which fails in some releases of moto (5.2.0).
        request.url = _NOBODYS_URL
    return answer


def _active_stubber() -> Any | None:
    """moto's handler, if it is answering requests in this process now."""
    models = sys.modules.get("moto.core.models")
    stubber: Any = getattr(models, "botocore_stubber", None)
    if stubber is None or not stubber.enabled:
        return None
    # Asked for by name: a test may have imported us anew, after botocore was given this handler.
    from moto_proton.bridge.registration import register

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
