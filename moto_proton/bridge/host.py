"""What the backend reads from moto: configuration, transitions, regions, keys, accounts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

from moto_proton import endpoints
from moto_proton.bridge.mocking import moto_config

DEFAULT_ACCOUNT_ID: Final = "123456789012"
"""The account of every caller that does not choose another one."""


def touch_backend() -> None:
    """Have moto create a Proton backend if there is none: moto resets only backends that exist."""
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

    Without them ``BackendDict`` would ask boto3, which is slow and does not know Proton once
    botocore has dropped it.
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


def server_config() -> dict[str, Any]:
    """What moto's control route shows of the configuration."""
    from moto.moto_api._internal.models import moto_api_backend

    return dict(moto_api_backend.get_config())


def set_server_config(config: dict[str, Any]) -> None:
    """Set what moto's control route takes of a configuration."""
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.set_config(config)


def kms_key_state(arn: str, account_id: str, region: str) -> str | None:
    """The state of a key in moto's KMS (``Enabled``, ``Disabled``, ``PendingDeletion`` …).

    ``account_id`` and ``region`` are used if the key is not given as an ARN. None if moto does not
    know the key; asking creates nothing in KMS.
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
        # moto: between 5.1 and 5.2 the aliases of a key moved from the backend to the key. moto's
        # own look-up is not used, as it creates keys for the names that AWS reserves.
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
