"""The one module that knows moto's internals: registers Proton, and asks moto for the backend.

moto has no interface for plugins, so everything here leans on names that are private to it. What is
leant on stands in ``_RELIED_ON`` and is checked before use, so that a moto release that moved it is
reported in a sentence and not as an odd failure elsewhere. moto is imported inside of functions,
since this module is loaded while moto itself is being imported. Which hosts are Proton's is known
to ``endpoints``; starting and stopping in the right order belongs to ``mock``. Source of the rules:
moto's code, 5.1.0 to 5.2.5.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.metadata
import inspect
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from moto_proton import endpoints
from moto_proton.import_hook import when_imported

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from moto.core.models import MockAWS

SUPPORTED_MOTO: Final = "moto 5.1.0 and later (tested up to 5.2.5)"
DEFAULT_ACCOUNT_ID: Final = "123456789012"
"""The account that moto puts every caller in who names no other."""

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
_LOCK: Final = threading.RLock()

_RELIED_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "moto": ("mock_aws",),
    "moto.backends": ("get_backend",),
    "moto.core.base_backend": ("BackendDict.reset", "BaseBackend.reset", "BaseBackend.urls"),
    "moto.core.config": (
        "default_user_config",
        "passthrough_service",
        "passthrough_url",
        "service_whitelisted",
        "mock_credentials",
    ),
    "moto.core.models": (
        "MockAWS._nested_count",
        "MockAWS.start",
        "MockAWS.stop",
        "MockAWS.reset",
        "ServerModeMockAWS",
        "ProxyModeMockAWS",
        "botocore_stubber.enabled",
        "botocore_stubber.process_request",
        "responses_mock.add",
        "responses_mock.remove",
    ),
    "moto.core.custom_responses_mock": ("CallbackResponse.matches",),
    "moto.core.responses": ("BaseResponse.dispatch",),
    "moto.moto_api": ("state_manager.get_transition", "state_manager.register_default_transition"),
    "moto.settings": ("TEST_SERVER_MODE", "test_server_mode_endpoint", "allow_unknown_region"),
}


class MotoIncompatibleError(ImportError):
    """The installed moto does not have something that this package relies on.

    ``missing`` says what, ``installed`` which version of moto was found.
    """

    def __init__(self, missing: str) -> None:
        self.missing = missing
        self.installed = installed_moto()
        super().__init__(
            f"moto_proton works with {SUPPORTED_MOTO}, but moto {self.installed} is installed, "
            f"and it is without {missing}. Install another moto, or a newer moto_proton.",
            name="moto",
        )


def installed_moto() -> str:
    """The version of the installed moto, or ``unknown``."""
    # Not moto.__version__: moto sets that last, and we may be asked while it is being imported.
    try:
        return importlib.metadata.version("moto")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


# --- Registration ---


def register() -> None:
    """Make moto serve Proton; repeats do nothing, and any thread may call it.

    Ours wins if a moto release brings a Proton of its own: whoever imports this package has asked
    for it. Raises :class:`MotoIncompatibleError`.
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
            when_imported("moto.moto_api._internal.urls", _add_control_route)
            _join_active_mock()
    intercept_clients()


def register_when_possible() -> None:
    """:func:`register`, but silent about an incompatible moto.

    For the moment when moto is imported: a project that has us installed and never uses Proton
    shall not lose moto. The first use of Proton raises what was passed over here.
    """
    with contextlib.suppress(MotoIncompatibleError):
        register()


def check_moto() -> None:
    """Compare moto with all that we rely on, once.

    Raises :class:`MotoIncompatibleError` that names what moved.
    """
    global _checked
    if _checked:
        return
    for module_name, names in _RELIED_ON.items():
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name is None or not module_name.startswith(error.name):
                raise
            raise MotoIncompatibleError(f"the module {module_name}") from error
        for name in names:
            value: Any = module
            for part in name.split("."):
                try:
                    value = inspect.getattr_static(value, part)
                except AttributeError:
                    raise MotoIncompatibleError(f"{module_name}.{name}") from None
    from moto.core.base_backend import BackendDict

    if "additional_regions" not in inspect.signature(BackendDict).parameters:
        raise MotoIncompatibleError("BackendDict's parameter additional_regions")
    _checked = True


_checked = False


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
    """What moto imports as ``moto.proton``; loads the backend when moto asks for it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "The Proton backend, brought by moto_proton.")
        self.__spec__ = ModuleSpec(name, None, origin="moto_proton.proton.models")

    def __getattr__(self, name: str) -> Any:
        if name != "proton_backends":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        check_moto()
        self.proton_backends = importlib.import_module("moto_proton.proton.models").proton_backends
        return self.proton_backends


def _join_active_mock() -> None:
    """Have a mock that has been started already serve calls made with ``requests``, too."""
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
    """Let moto's server know an unsigned Proton request by its target."""
    from moto.moto_server import werkzeug_app

    routes = getattr(werkzeug_app, "UNSIGNED_REQUESTS", None)
    if isinstance(routes, dict):
        routes.setdefault(endpoints.TARGET_PREFIX, ("proton", "us-east-1"))


def _add_control_route() -> None:
    """Let moto's server take faults, beside its own control routes."""
    from moto.moto_api._internal import urls

    from moto_proton import fault_route

    routes: Any = getattr(urls, "url_paths", None)
    if isinstance(routes, dict):
        routes["{0}" + fault_route.ROUTE] = fault_route.handle


# --- Interception ---


def intercept_clients() -> None:
    """Have botocore offer us each request of every Proton client of a session made from now on.

    A session that is made before moto is imported never hears of moto's own handler, so all of its
    requests are ours to answer. In a session made later moto answers those to AWS's own hosts, and
    every handler of botocore's is asked: answering them too would carry out each request twice.
    """
    from botocore.handlers import BUILTIN_HANDLERS

    handlers: list[Any] = BUILTIN_HANDLERS
    alone, beside_moto = (_EVENT, _intercept), (_EVENT, _intercept_custom_endpoint)
    with _LOCK:
        wanted = beside_moto if "moto.backend_index" in sys.modules else alone
        handlers[:] = [entry for entry in handlers if entry not in (alone, beside_moto)]
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
    if stubber is None or endpoints.is_proton_url(request.url) or _passes_through(request.url):
        return None
    answer: AWSResponse | None = stubber(event_name, _to_standard_host(request), **kwargs)
    if answer is not None:
        answer.url = request.url
    return answer


def _active_stubber() -> Any | None:
    """moto's stubber, if it is answering requests in this process now."""
    models = sys.modules.get("moto.core.models")
    stubber: Any = getattr(models, "botocore_stubber", None)
    if stubber is None or not stubber.enabled:
        return None
    register()
    return stubber


def _passes_through(url: str) -> bool:
    from moto.core.config import passthrough_service, passthrough_url

    return passthrough_url(url.split("?", 1)[0]) or passthrough_service("proton")


def _to_standard_host(request: Any) -> AWSPreparedRequest:
    """The same request at the host that moto knows, in the region it was signed for."""
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


@contextlib.contextmanager
def intercepted_requests() -> Iterator[None]:
    """Let calls made with ``requests`` reach the mock by their target, whatever their host.

    AWS's own hosts need no help, moto knows them from the index of URLs.
    """
    from moto.core.models import botocore_stubber, responses_mock

    if not botocore_stubber.enabled:  # server or proxy mode: nothing is answered in this process
        yield
        return

    def answer(request: Any) -> Any:
        return botocore_stubber.process_request(_to_standard_host(request))

    matcher = _target_matcher()(method="POST", url=_ANY_URL, callback=answer)
    responses_mock.add(matcher)
    try:
        yield
    finally:
        responses_mock.remove(matcher)


@functools.cache
def _target_matcher() -> Any:
    """The class of responses that know a Proton request by its target."""
    from moto.core.custom_responses_mock import CallbackResponse

    class TargetMatcher(CallbackResponse):
        """A response for every POST that says in its header that it is Proton's."""

        def matches(self, request: Any) -> tuple[bool, str]:
            target = request.headers.get("X-Amz-Target", "")
            if isinstance(target, bytes):
                target = target.decode("utf-8", "replace")
            if not target.startswith(f"{endpoints.TARGET_PREFIX}."):
                return False, "X-Amz-Target is not Proton's"
            if endpoints.is_proton_url(request.url) or _passes_through(request.url):
                return False, "moto's own patterns decide"
            return True, ""

    return TargetMatcher


_ANY_URL: Final = re.compile("https?://")


# --- moto's mock ---


def start_moto(*, reset: bool) -> MockAWS:
    """Start a ``mock_aws``, in the mode that the environment asks for.

    If that fails, nothing stays patched.
    """
    register()
    check_moto()
    from moto import mock_aws

    mock = mock_aws()
    try:
        mock.start(reset=reset)
    except BaseException:
        # moto: in server mode these two are not set yet when the reset fails, and its stop() needs
        # them.
        for name in ("_client_patcher", "_resource_patcher"):
            vars(mock).setdefault(name, None)
        with contextlib.suppress(Exception):
            mock.stop(remove_data=False)
        _tidy(mock)
        raise
    _release(mock)
    return mock


def stop_moto(mock: MockAWS, *, remove_data: bool) -> None:
    """Stop what :func:`start_moto` started; nothing stays patched even if moto fails on its way."""
    from moto.core.models import botocore_stubber, responses_mock

    try:
        mock.stop(remove_data=remove_data)
    except BaseException:
        # moto: a failing reset keeps it from giving `requests` back.
        if not mock_is_active() and not botocore_stubber.enabled:
            with contextlib.suppress(Exception):
                responses_mock.stop(allow_assert=False)
        raise
    finally:
        _tidy(mock)


def _release(mock: MockAWS) -> None:
    """Take configuration and credentials off moto's hands: ``mock`` lays and lifts them itself.

    moto's own way back is lost where mocks overlap, and fails on a variable that a test has
    deleted.
    """
    _stop_patch(mock, "_user_config_mock")
    if hasattr(mock, "_orig_creds"):
        mock._orig_creds = {}


def _tidy(mock: MockAWS) -> None:
    _stop_patch(mock, "_user_config_mock")
    # moto: left in place if the configuration of another mock is in force by now.
    _stop_patch(mock, "_default_session_mock")
    # moto: a reset that failed over HTTP says for ever that it is still running, so that none would
    # follow.
    if getattr(mock, "_RESET_IN_PROGRESS", False):
        type(mock)._RESET_IN_PROGRESS = False  # type: ignore[attr-defined]


def _stop_patch(mock: MockAWS, name: str) -> None:
    patch = getattr(mock, name, None)
    if patch is not None:
        patch.stop()  # does nothing to a patch that is not active


def mock_is_active() -> bool:
    """Whether any of moto's mocks is started in this process, ``mock_aws`` included."""
    models = sys.modules.get("moto.core.models")
    return models is not None and any(
        getattr(getattr(models, name, None), "_nested_count", 0) > 0
        for name in ("MockAWS", "ServerModeMockAWS", "ProxyModeMockAWS")
    )


def moto_config() -> dict[str, Any]:
    """moto's user configuration itself, not a copy."""
    from moto.core.config import default_user_config

    config: Any = default_user_config
    return config  # type: ignore[no-any-return]


def fakes_credentials() -> bool:
    """Whether moto's configuration lets a mock put credentials of its own into the environment."""
    from moto.core.config import mock_credentials

    return mock_credentials()


# --- What the backend asks moto ---


def touch_backend() -> None:
    """Have moto make a Proton backend, if there is none: only then will it reset ours."""
    from moto.backends import get_backend

    get_backend("proton")[DEFAULT_ACCOUNT_ID]["us-east-1"]  # type: ignore[call-overload]


def user_config() -> Mapping[str, Any]:
    """The ``proton`` part of moto's configuration, of ``mock_proton`` and ``mock_aws`` alike."""
    config: Mapping[str, Any] = moto_config().get("proton") or {}
    return config


def get_transition(model_name: str) -> dict[str, Any]:
    """How the statuses of a model proceed: ``progression`` and what goes with it."""
    from moto.moto_api import state_manager

    return dict(state_manager.get_transition(model_name))


def allows_unknown_regions() -> bool:
    """Whether ``MOTO_ALLOW_NONEXISTENT_REGION`` opens regions in which Proton never existed."""
    from moto.settings import allow_unknown_region

    return allow_unknown_region()


def known_regions() -> frozenset[str]:
    """Every region that Proton was in."""
    return endpoints.REGIONS


def additional_regions() -> list[str]:
    """The regions for ``BackendDict``, sorted.

    With them it need not ask boto3, which is slow and forgets Proton when botocore does.
    """
    return sorted(endpoints.REGIONS)


def is_server_mode() -> bool:
    """Whether ``TEST_SERVER_MODE`` makes moto's mocks use a server instead of this process."""
    from moto import settings

    return settings.TEST_SERVER_MODE


def server_endpoint() -> str:
    """The URL of the server that ``TEST_SERVER_MODE`` uses."""
    from moto.settings import test_server_mode_endpoint

    return test_server_mode_endpoint()


def kms_key_state(arn: str, account_id: str, region: str) -> str | None:
    """The state of a key in moto's KMS (``Enabled``, ``Disabled``, ``PendingDeletion`` …).

    ``account_id`` and ``region`` hold where the ARN names none. None if moto does not know the key;
    asking creates nothing in KMS.
    """
    models = sys.modules.get("moto.kms.models")
    parts = arn.split(":", 5)
    if models is None or len(parts) != 6 or parts[2] != "kms":
        return None
    # dict.get, as the [] of moto's two dictionaries creates what it does not find.
    of_account: Any = dict.get(models.kms_backends, parts[4] or account_id)
    backend: Any = None if of_account is None else dict.get(of_account, parts[3] or region)
    if backend is None:
        return None
    kind, _, name = parts[5].partition("/")
    for key_id, key in dict(backend.keys).items():
        # moto: the aliases of a key moved from the backend to the key between 5.1 and 5.2. moto's
        # own look-up creates keys for the names that AWS reserves, so it is not used.
        aliases = getattr(key, "aliases", None) or getattr(backend, "key_to_aliases", {}).get(
            key_id
        )
        if key_id == name if kind == "key" else parts[5] in (aliases or ()):
            return str(key.key_state)
    return None


def record_visit(account_id: str, access_key: str, region: str) -> None:
    """Tell moto's IAM that an access key was used for Proton, as every service of moto does."""
    from moto.iam.models import mark_account_as_visited

    mark_account_as_visited(
        account_id=account_id, access_key=access_key, service="proton", region=region
    )
