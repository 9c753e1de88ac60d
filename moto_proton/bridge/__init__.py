"""The only package that uses moto's internals: registration, the mock, S3, IAM, stacks.

moto has no interface for plugins, so everything here depends on its private names.
``compatibility`` lists these names and checks them before use, so that a moto release without one
of them is reported in one clear message and not as an odd failure elsewhere.
``moto_proton.endpoints`` knows which hosts belong to Proton. Source of the rules: moto's code,
5.1.0 to 5.2.5.

Internal: no part of the public API.
"""

from __future__ import annotations

from moto_proton.bridge.authorization import (
    CallerRefusedError,
    IncompleteSignatureError,
    NoPermissionError,
    PolicyDocuments,
    UnknownAccessKeyError,
    UnsignedRequestError,
    WrongSignatureError,
    iam_request,
)
from moto_proton.bridge.client_model import install_model, supply_model, uninstall_model
from moto_proton.bridge.compatibility import (
    SUPPORTED_MOTO,
    MotoIncompatibleError,
    check_moto,
    installed_moto,
)
from moto_proton.bridge.host import (
    DEFAULT_ACCOUNT_ID,
    additional_regions,
    allows_unknown_regions,
    get_transition,
    is_server_mode,
    kms_key_state,
    known_regions,
    record_visit,
    server_config,
    server_endpoint,
    set_server_config,
    touch_backend,
    user_config,
)
from moto_proton.bridge.interception import intercept_clients, replace_stand_in
from moto_proton.bridge.mocking import (
    empty_moto,
    fakes_credentials,
    intercepted_requests,
    mock_is_active,
    moto_config,
    moto_config_keys,
    start_moto,
    stop_moto,
)
from moto_proton.bridge.objects import ObjectUnavailableError, s3_object
from moto_proton.bridge.registration import (
    IMMEDIATE,
    TRANSITION_MODELS,
    HandedDown,
    hand_down,
    register,
    register_when_possible,
)

__all__ = [
    "DEFAULT_ACCOUNT_ID",
    "IMMEDIATE",
    "SUPPORTED_MOTO",
    "TRANSITION_MODELS",
    "CallerRefusedError",
    "HandedDown",
    "IncompleteSignatureError",
    "MotoIncompatibleError",
    "NoPermissionError",
    "ObjectUnavailableError",
    "PolicyDocuments",
    "UnknownAccessKeyError",
    "UnsignedRequestError",
    "WrongSignatureError",
    "additional_regions",
    "allows_unknown_regions",
    "check_moto",
    "empty_moto",
    "fakes_credentials",
    "get_transition",
    "hand_down",
    "iam_request",
    "install_model",
    "installed_moto",
    "intercept_clients",
    "intercepted_requests",
    "is_server_mode",
    "kms_key_state",
    "known_regions",
    "mock_is_active",
    "moto_config",
    "moto_config_keys",
    "record_visit",
    "register",
    "register_when_possible",
    "replace_stand_in",
    "s3_object",
    "server_config",
    "server_endpoint",
    "set_server_config",
    "start_moto",
    "stop_moto",
    "supply_model",
    "touch_backend",
    "uninstall_model",
    "user_config",
]
