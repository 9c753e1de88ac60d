"""Starts and stops moto's own mock, and puts back what moto would leave behind.

``moto_proton.mock`` decides in which order overlapping uses of it start and stop.
"""

from __future__ import annotations

import contextlib
import functools
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from moto_proton import endpoints
from moto_proton.bridge.compatibility import check_moto
from moto_proton.bridge.interception import passes_through, to_standard_host

if TYPE_CHECKING:
    from moto.core.models import MockAWS


def start_moto(*, reset: bool) -> MockAWS:
    """Start a ``mock_aws``, in the mode that the environment asks for.

    Proton has been registered before. If the start fails, nothing stays patched.
    """
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
        # moto: if its reset fails, it does not restore `requests`.
        if not mock_is_active() and not botocore_stubber.enabled:
            with contextlib.suppress(Exception):
                responses_mock.stop(allow_assert=False)
        raise
    finally:
        _tidy(mock)


def empty_moto(mock: MockAWS) -> None:
    """Empty the backends of all services while the mock goes on."""
    from moto.core.base_backend import BackendDict
    from moto.core.models import botocore_stubber

    if botocore_stubber.enabled:
        # moto: MockAWS.reset() also forgets the patterns by which calls made with `requests` are
        # answered, so that these would go to AWS from then on.
        BackendDict.reset()
    else:
        mock.reset()


def _release(mock: MockAWS) -> None:
    """Stop moto from restoring configuration and credentials, since ``mock`` does that itself.

    moto loses the old values where mocks overlap, and fails on a variable that a test has deleted.
    """
    _stop_patch(mock, "_user_config_mock")
    if hasattr(mock, "_orig_creds"):
        mock._orig_creds = {}


def _tidy(mock: MockAWS) -> None:
    _stop_patch(mock, "_user_config_mock")
    # moto: keeps its change if another mock's configuration is in force by now.
    _stop_patch(mock, "_default_session_mock")
    # moto: after a reset that failed over HTTP, it believes that the reset is still running and
    # never starts another one.
    if getattr(mock, "_RESET_IN_PROGRESS", False):
        type(mock)._RESET_IN_PROGRESS = False  # type: ignore[attr-defined]


def _stop_patch(mock: MockAWS, name: str) -> None:
    patch = getattr(mock, name, None)
    if patch is not None:
        patch.stop()  # has no effect on a patch that is not active


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


def moto_config_keys() -> frozenset[str]:
    """The keys that moto's configuration has by itself, and those that mocks have added."""
    return frozenset(moto_config())


def fakes_credentials() -> bool:
    """Whether moto's configuration lets a mock put credentials of its own into the environment."""
    from moto.core.config import mock_credentials

    return mock_credentials()


# --- Calls made with `requests` ---


@contextlib.contextmanager
def intercepted_requests() -> Iterator[None]:
    """Let the mock answer calls made with ``requests`` by their target, whatever their host.

    For AWS's own hosts this is not needed: moto knows them from its index of URLs.
    """
    from moto.core.models import botocore_stubber, responses_mock

    if not botocore_stubber.enabled:  # server or proxy mode: nothing is answered in this process
        yield
        return

    def answer(request: Any) -> Any:
        return botocore_stubber.process_request(to_standard_host(request))

    matcher = _target_matcher()(method="POST", url=_ANY_URL, callback=answer)
    responses_mock.add(matcher)
    try:
        yield
    finally:
        responses_mock.remove(matcher)


@functools.cache
def _target_matcher() -> Any:
    """The class of ``responses`` mocks that recognise a Proton request by its target."""
    from moto.core.custom_responses_mock import CallbackResponse

    class TargetMatcher(CallbackResponse):
        """A response for every POST that says in its header that it is Proton's."""

        def matches(self, request: Any) -> tuple[bool, str]:
            target = request.headers.get("X-Amz-Target", "")
            if isinstance(target, bytes):
                target = target.decode("utf-8", "replace")
            if not target.startswith(f"{endpoints.TARGET_PREFIX}."):
                return False, "X-Amz-Target is not Proton's"
            if endpoints.is_proton_url(request.url) or passes_through(request.url):
                return False, "moto's own patterns decide"
            return True, ""

    return TargetMatcher


_ANY_URL: Final = re.compile("https?://")
