"""The Proton backend in the form that moto expects: one per account and region.

Everything Proton does is in the modules beside this one, which know no moto; here they meet moto's
backend look-up, reset, state manager and KMS.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Any, Final

from moto.core.base_backend import BackendDict, BaseBackend

from moto_proton import bridge, settings
from moto_proton.faults import book
from moto_proton.git import connected
from moto_proton.proton.models.environment_account_connections import ConnectionDirectory
from moto_proton.proton.models.scope import Scope
from moto_proton.proton.models.store import ProtonStore

bridge.check_moto()

_connections: Final = ConnectionDirectory()


class ProtonBackend(BaseBackend):
    """One account in one region. moto makes it, and resets it by calling ``__init__`` again."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.store = ProtonStore(
            Scope(self.partition, region_name, account_id),
            faults=book,
            settings_of=lambda: settings.check(bridge.user_config()),
            transition_of=bridge.get_transition,
            key_state_of=lambda arn: bridge.kms_key_state(arn, account_id, region_name),
            connections=_connections,
            connected_repositories=connected,
        )

    @cached_property
    def urls(self) -> dict[str, Any]:
        """The handlers by URL; moto asks with every request, and would build them each time."""
        return super().urls

    def reset(self) -> None:
        """Forget everything: a test's faults and git repositories end with its mock, too."""
        super().reset()
        book.clear()
        connected.clear()


proton_backends: Final = BackendDict(
    ProtonBackend,
    "proton",
    use_boto3_regions=False,
    additional_regions=bridge.additional_regions(),
)

request_lock: Final = threading.RLock()
"""Held while a request is handled: what one request does to any account is done as a whole."""
