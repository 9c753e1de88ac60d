"""Pushes: finds new commits in connected repositories and syncs them.

The git provider notifies Proton of a push; the mock checks, at the start of every request, whether
a synced branch of a connected repository has a new head. ``template_push`` and ``service_push``
decide what follows from a new head; ``moto_proton.git`` connects the repositories.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from moto_proton.proton.account.progression import Progression
from moto_proton.proton.repositories.checkouts import (
    ConnectedRepositories,
    Glance,
    UnreadableRepositoryError,
)
from moto_proton.proton.syncs.repository_syncs import FollowedBranch, RepositorySyncs, SyncType
from moto_proton.proton.syncs.service_push import ServicePush
from moto_proton.proton.syncs.service_syncs import ServiceSyncConfig, ServiceSyncs
from moto_proton.proton.syncs.template_push import TemplatePush
from moto_proton.proton.syncs.template_syncs import TemplateSyncConfig, TemplateSyncs

_log: Final = logging.getLogger(__name__)

_Repository: TypeAlias = tuple[str, str]
Config = TypeVar("Config", TemplateSyncConfig, ServiceSyncConfig)
_Glances: TypeAlias = dict[_Repository, Glance]


@dataclass(frozen=True, slots=True)
class _AllTaken:
    """The state in which everything was synced; while it is unchanged, there is nothing to do.

    ``changes`` are the counters of connections and configs; ``heads`` are the heads that were read.
    """

    changes: tuple[int, ...]
    heads: Mapping[_Repository, Mapping[str, str | None]]


class Pushes:
    """Syncs the pushes to the repositories that an account and region follows.

    ``template_push`` and ``service_push`` make what takes in the heads of one moment.
    """

    def __init__(
        self,
        progression: Progression,
        connected: ConnectedRepositories,
        *,
        template_syncs: TemplateSyncs,
        service_syncs: ServiceSyncs,
        repository_syncs: RepositorySyncs,
        template_push: Callable[[], TemplatePush],
        service_push: Callable[[], ServicePush],
    ) -> None:
        self._progression = progression
        self._connected = connected
        self._template_syncs = template_syncs
        self._service_syncs = service_syncs
        self._repository_syncs = repository_syncs
        self._template_push = template_push
        self._service_push = service_push
        self._all_taken: _AllTaken | None = None
        self._failures: dict[tuple[SyncType, str], tuple[FollowedBranch, str]] = {}

    def take(self) -> None:
        """Sync what is new, and end what it starts if the transition is immediate.

        Does nothing while no repository is connected, and reads each repository once while there is
        nothing new in it.
        """
        if not self._connected:
            return
        glances: _Glances = {}
        if self._is_all_taken(glances):
            return
        self._all_taken = None
        changes = self._changes()
        templates_done = self._sync_templates(glances)
        if self._sync_services(glances) and templates_done:
            heads = {repository: glance.seen for repository, glance in glances.items()}
            self._all_taken = _AllTaken(changes, heads)
        self._progression.settle()

    def _changes(self) -> tuple[int, ...]:
        return self._connected.changes, self._template_syncs.changes, self._service_syncs.changes

    def _is_all_taken(self, glances: _Glances) -> bool:
        """Whether nothing is new; the repositories that were read for that are then in
        ``glances``.
        """
        taken = self._all_taken
        if taken is None or taken.changes != self._changes():
            return False
        for repository, heads in taken.heads.items():
            glance = self._glance(repository, glances)
            try:
                if glance is None or glance.heads(heads) != heads:
                    return False
            except UnreadableRepositoryError:
                return False
        return True

    def _glance(self, repository: _Repository, glances: _Glances) -> Glance | None:
        checkout = self._connected.find(*repository)
        if checkout is None:
            return None
        return glances.setdefault(repository, Glance(checkout.path))

    def _sync_templates(self, glances: _Glances) -> bool:
        """Sync templates. Returns whether there is nothing left to do."""
        push, syncs = self._template_push(), self._template_syncs
        done = True
        # Environments first: a service template may name one of the same commit (Rule 6.5-6).
        for config in sorted(syncs, key=lambda config: config.template_type):
            done &= self._sync(config, SyncType.TEMPLATE_SYNC, push.take, glances)
            done &= not syncs.sync_of(config).waiting
        return done

    def _sync_services(self, glances: _Glances) -> bool:
        """Sync services. Returns whether there is nothing left to do."""
        push, syncs = self._service_push(), self._service_syncs
        done = True
        for config in list(syncs):
            done &= self._sync(config, SyncType.SERVICE_SYNC, push.take, glances)
            done &= not syncs.sync_of(config).waiting
        return done

    def _sync(
        self,
        config: Config,
        sync_type: SyncType,
        take: Callable[[Config, Glance], None],
        glances: _Glances,
    ) -> bool:
        """Sync one config, and record its failure. Returns False for a failure that may be
        temporary.
        """
        glance = self._glance((config.repository_provider, config.repository_name), glances)
        if glance is None:
            return True
        try:
            take(config, glance)
        except UnreadableRepositoryError as error:
            self._note_failure(config, sync_type, str(error))
        except Exception as error:
            # A file in somebody's repository must not make every request of the account fail.
            _log.exception("The sync of %s failed", config.name)
            message = f"moto_proton failed to take in the push, which is its own mistake: {error!r}"
            self._note_failure(config, sync_type, message)
        else:
            self._failures.pop((sync_type, config.name), None)
            return True
        return False

    def _note_failure(
        self, config: TemplateSyncConfig | ServiceSyncConfig, sync_type: SyncType, message: str
    ) -> None:
        """Fail the sync of the repository, once for as long as the failure stays the same."""
        branch = FollowedBranch(config.repository_provider, config.repository_name, config.branch)
        if self._failures.get((sync_type, config.name)) != (branch, message):
            self._failures[sync_type, config.name] = (branch, message)
            self._repository_syncs.fail(branch, sync_type, message)
