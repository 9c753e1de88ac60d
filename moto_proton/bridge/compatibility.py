"""The names in moto that this package uses, and a clear error if one of them is missing."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
from collections.abc import Mapping
from typing import Any, Final

SUPPORTED_MOTO: Final = "moto 5.1.0 and later (tested up to 5.2.5)"

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
        "RESPONSES_METHODS",
        "botocore_stubber.enabled",
        "botocore_stubber.process_request",
        "responses_mock.add",
        "responses_mock.remove",
    ),
    "moto.core.custom_responses_mock": ("CallbackResponse.matches",),
    "moto.core.responses": (
        "BaseResponse.dispatch",
        "BaseResponse._dispatch",
        "BaseResponse.get_access_key",
        "BaseResponse.get_current_account",
        "BaseResponse._authenticate_and_authorize_action",
        "BaseResponse.region_from_useragent_regex",
        "BaseResponse.default_region",
    ),
    "moto.iam.access_control": (
        "IAMPolicy.__init__",
        "IAMRequest._raise_invalid_access_key",
        "IAMRequest._raise_signature_does_not_match",
        "IAMRequestBase.check_action_permitted",
        "IAMRequestBase.check_signature",
    ),
    "moto.iam.models": ("mark_account_as_visited",),
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
    # Not moto.__version__: moto sets it last, and this may run while moto is being imported.
    try:
        return importlib.metadata.version("moto")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def check_moto() -> None:
    """Check once that moto has all the names that we use.

    Raises :class:`MotoIncompatibleError` that names what is missing.
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

    for parameter in ("additional_regions", "use_boto3_regions"):
        if parameter not in inspect.signature(BackendDict).parameters:
            raise MotoIncompatibleError(f"BackendDict's parameter {parameter}")
    _checked = True


_checked = False


_checked = False
