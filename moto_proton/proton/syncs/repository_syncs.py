"""The syncs of repositories: which configs follow a repository, and how its last sync ended.

Rules: section 11.2 of docs/behaviour.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from moto_proton.proton.account.account import Account
from moto_proton.proton.exceptions import ResourceNotFoundError
from moto_proton.proton.repositories.links import Repositories
from moto_proton.proton.repositories.revisions import directory_shown, path_parts
from moto_proton.proton.services.services import Services
from moto_proton.proton.syncs.attempts import SyncEvent, failure_event
from moto_proton.proton.syncs.service_syncs import ServiceSyncs
from moto_proton.proton.syncs.template_syncs import TemplateSyncs
from moto_proton.recorded_messages import CLONE_STARTED, CONFIG_UPDATED, STARTING_SYNC


class SyncType(str, Enum):
    """The values of ``syncType`` (service model)."""

    TEMPLATE_SYNC = "TEMPLATE_SYNC"
    SERVICE_SYNC = "SERVICE_SYNC"


class RepositorySyncStatus(str, Enum):
    """The values of a repository sync attempt's ``status`` that a mock can show.

    Rule 3.6-1.
    """

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class FollowedBranch:
    """A branch of a repository, whether that is linked or not."""

    repository_provider: str
    repository_name: str
    branch: str


@dataclass(frozen=True, slots=True)
class RepositorySyncAttempt:
    """The sync of a push to a branch. What it led to is in the attempts of each resource."""

    started_at: datetime
    status: RepositorySyncStatus
    events: tuple[SyncEvent, ...]


@dataclass(frozen=True, slots=True)
class SyncDefinition:
    """Something that follows a branch: ``parent`` is the ARN of the repository, ``target`` the
    follower.
    """

    branch: str
    directory: str
    parent: str
    target: str


class RepositorySyncs:
    """The last sync of each branch and type. It does not belong to a link and stays when that is
    deleted.

    Rule 11.2-4.
    """

    def __init__(
        self,
        account: Account,
        repositories: Repositories,
        services: Services,
        template_syncs: TemplateSyncs,
        service_syncs: ServiceSyncs,
    ) -> None:
        self._account = account
        self._repositories = repositories
        self._services = services
        self._template_syncs = template_syncs
        self._service_syncs = service_syncs
        self._latest: dict[tuple[FollowedBranch, SyncType], RepositorySyncAttempt] = {}

    def latest(self, branch: FollowedBranch, sync_type: SyncType) -> RepositorySyncAttempt:
        """The last attempt; :class:`ResourceNotFoundError` before the first.

        Rule 11.2-3.
        """
        attempt = self._latest.get((branch, sync_type))
        if attempt is None:
            raise ResourceNotFoundError(
                f"The branch {branch.branch} of the {branch.repository_provider} repository "
                f"{branch.repository_name} was never synced for {sync_type.value}"
            )
        return attempt

    def start(self, branch: FollowedBranch, sync_type: SyncType, sha: str) -> None:
        """Record that the syncs of a commit have started (Rule 11.2-2)."""
        now = self._account.now
        self._latest[branch, sync_type] = RepositorySyncAttempt(
            now,
            RepositorySyncStatus.SUCCEEDED,
            (
                SyncEvent("CLONE_STARTED", CLONE_STARTED(), now),
                SyncEvent("CONFIG_UPDATED", CONFIG_UPDATED(), now),
                SyncEvent("STARTING_SYNC", STARTING_SYNC(sha=sha), now, sha),
            ),
        )

    def fail(self, branch: FollowedBranch, sync_type: SyncType, message: str) -> None:
        """Record a failure of the current attempt, or one before any attempt began (choice)."""
        attempt = self._latest.get((branch, sync_type))
        now = self._account.now
        failed = failure_event(message, now)
        if attempt is None or attempt.started_at != now:
            attempt = RepositorySyncAttempt(
                now,
                RepositorySyncStatus.FAILED,
                (SyncEvent("CLONE_STARTED", CLONE_STARTED(), now),),
            )
        self._latest[branch, sync_type] = RepositorySyncAttempt(
            attempt.started_at, RepositorySyncStatus.FAILED, (*attempt.events, failed)
        )

    def definitions(self, provider: str, name: str, sync_type: SyncType) -> list[SyncDefinition]:
        """The followers of a repository, newest first; one that is not linked has none.

        Rules 11.2-5 to 11.2-7.
        """
        repository = self._repositories.find(provider, name)
        if repository is None:
            return []
        if sync_type is SyncType.TEMPLATE_SYNC:
            return [
                SyncDefinition(
                    config.branch,
                    directory_shown(config.subdirectory),
                    repository.arn,
                    self._template_syncs.template_of(config).arn,
                )
                for config in self._template_syncs.of_repository(provider, name)
            ]
        return [
            SyncDefinition(
                config.branch,
                directory_shown("/".join(path_parts(config.file_path)[:-1])),
                repository.arn,
                self._services.get(config.service_name).arn,
            )
            for config in self._service_syncs.of_repository(provider, name)
        ]
