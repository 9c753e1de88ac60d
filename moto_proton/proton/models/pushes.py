"""Pushes: new commits in connected repositories, found and taken in.

Proton hears of a push from the provider; the mock looks, at the start of every request, whether a
synced branch of a connected repository has a new head. What a new head means for templates and for
services is ``template_push``'s and ``service_push``'s; why there is a repository to look at is
``moto_proton.git``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto_proton.git import ConnectedRepositories, UnreadableRepositoryError
from moto_proton.proton.models.repository_syncs import Branch, SyncType
from moto_proton.proton.models.service_push import ServicePush
from moto_proton.proton.models.service_syncs import ServiceSyncConfig
from moto_proton.proton.models.template_push import TemplatePush
from moto_proton.proton.models.template_syncs import TemplateSyncConfig

if TYPE_CHECKING:
    from moto_proton.proton.models.store import ProtonStore


class Pushes:
    """Takes the pushes to the repositories that an account and region follows."""

    def __init__(self, store: ProtonStore, connected: ConnectedRepositories) -> None:
        self._store = store
        self._connected = connected
        self._unreadable: dict[tuple[Branch, SyncType], str] = {}

    def take(self) -> None:
        """Sync what is new, and let it come to its end if that is at once.

        Costs nothing while no repository is connected.
        """
        if not self._connected:
            return
        self._sync_templates()
        self._sync_services()
        self._store.progression.settle()

    def _sync_templates(self) -> None:
        push = TemplatePush(self._store)
        # Environments first: a service template may name one that comes in the same commit.
        configs = sorted(self._store.template_syncs, key=lambda config: config.template_type)
        for config in configs:
            checkout = self._connected.find(config.repository_provider, config.repository_name)
            if checkout is None:
                continue
            try:
                push.take(config, checkout)
            except UnreadableRepositoryError as error:
                self._note_unreadable(config, SyncType.TEMPLATE_SYNC, error)
            else:
                self._unreadable.pop((_branch(config), SyncType.TEMPLATE_SYNC), None)

    def _sync_services(self) -> None:
        push = ServicePush(self._store)
        for config in list(self._store.service_syncs):
            checkout = self._connected.find(config.repository_provider, config.repository_name)
            if checkout is None:
                continue
            try:
                push.take(config, checkout)
            except UnreadableRepositoryError as error:
                self._note_unreadable(config, SyncType.SERVICE_SYNC, error)
            else:
                self._unreadable.pop((_branch(config), SyncType.SERVICE_SYNC), None)

    def _note_unreadable(
        self,
        config: TemplateSyncConfig | ServiceSyncConfig,
        sync_type: SyncType,
        error: UnreadableRepositoryError,
    ) -> None:
        branch = _branch(config)
        if self._unreadable.get((branch, sync_type)) != str(error):
            self._unreadable[branch, sync_type] = str(error)
            self._store.repository_syncs.fail(branch, sync_type, str(error))


def _branch(config: TemplateSyncConfig | ServiceSyncConfig) -> Branch:
    return Branch(config.repository_provider, config.repository_name, config.branch)
