"""The sync of one resource: its events, its attempts and their outcomes.

Source: service model, ResourceSyncAttempt and their status operations. The types and
texts of resource sync events are free text there, those used here are a choice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from moto_proton.proton.deployments.status import BUSY, DeploymentStatus
from moto_proton.proton.repositories.revisions import Revision
from moto_proton.proton.templates.status import TemplateVersionStatus

if TYPE_CHECKING:
    from moto_proton.proton.deployments.records import DeploymentRecord
    from moto_proton.proton.templates.version import TemplateVersion

_LONGEST_MESSAGE: Final = 1_000
"""The longest message in characters: messages quote the content of a repository, which may be of
any size.
"""


class ResourceSyncStatus(str, Enum):
    """The values of a resource sync attempt's ``status`` (service model).

    Rules 3.6-1 and 3.6-2.
    """

    INITIATED = "INITIATED"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class SyncEvent:
    """Something that happened in a sync; ``external_id`` is the commit it is about, if any."""

    type: str
    event: str
    time: datetime
    external_id: str | None = None


def failure_event(message: str, at: datetime) -> SyncEvent:
    """The event of a failed sync, with a long message cut off."""
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[:_LONGEST_MESSAGE]}..."
    return SyncEvent("SYNC_FAILED", message, at)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of what a sync started; ``message`` says why it failed."""

    status: ResourceSyncStatus
    message: str | None = None


SUCCEEDED = Outcome(ResourceSyncStatus.SUCCEEDED)


def outcome_of_registration(version: TemplateVersion) -> Outcome:
    """What the registration of a synced template version means for its sync."""
    if version.status is TemplateVersionStatus.REGISTRATION_IN_PROGRESS:
        return Outcome(ResourceSyncStatus.IN_PROGRESS)
    if version.status is TemplateVersionStatus.REGISTRATION_FAILED:
        return Outcome(ResourceSyncStatus.FAILED, version.status_message)
    return SUCCEEDED


def outcome_of_deployment(record: DeploymentRecord) -> Outcome:
    """What a deployment means for the sync that started it; a cancelled one failed (choice)."""
    if record.deployment_status in BUSY:
        return Outcome(ResourceSyncStatus.IN_PROGRESS)
    if record.deployment_status is DeploymentStatus.SUCCEEDED:
        return SUCCEEDED
    return Outcome(ResourceSyncStatus.FAILED, record.deployment_status_message)


@dataclass(eq=False, kw_only=True)
class ResourceSyncAttempt:
    """One attempt to bring a resource to a revision; its status is that of the deployment or
    registration it started.

    ``target`` is an ARN. The first attempt of all has no earlier revision: its ``initial_revision``
    is the target's own, as the service model requires one (choice).
    """

    target: str
    initial_revision: Revision
    target_revision: Revision
    started_at: datetime
    started: SyncEvent
    outcome_of: Callable[[], Outcome]

    @property
    def status(self) -> str:
        """Its status."""
        return self.outcome_of().status.value

    @property
    def succeeded(self) -> bool:
        """Whether it succeeded."""
        return self.outcome_of().status is ResourceSyncStatus.SUCCEEDED

    @property
    def events(self) -> list[SyncEvent]:
        """What it started, and why it failed if it did."""
        outcome = self.outcome_of()
        if outcome.status is not ResourceSyncStatus.FAILED:
            return [self.started]
        message = outcome.message or "The sync failed."
        return [self.started, failure_event(message, self.started_at)]


@dataclass(eq=False)
class ResourceSync:
    """The sync of one resource: the revision it should have, and the attempts to get there.

    ``content`` identifies the content that was last synced, None before the first time.
    """

    content: str | None = None
    desired_state: Revision | None = None
    latest_sync: ResourceSyncAttempt | None = None
    _earlier_success: ResourceSyncAttempt | None = None

    @property
    def latest_successful_sync(self) -> ResourceSyncAttempt | None:
        """The last attempt that succeeded."""
        latest = self.latest_sync
        return latest if latest is not None and latest.succeeded else self._earlier_success

    @property
    def latest_status(self) -> ResourceSyncStatus | None:
        """The status of the last attempt; None before the first."""
        return self.latest_sync.outcome_of().status if self.latest_sync is not None else None

    def tried(self, revision: Revision) -> bool:
        """Whether the latest attempt was to this very revision."""
        return self.latest_sync is not None and self.latest_sync.target_revision == revision

    def attempt(
        self,
        target: str,
        revision: Revision,
        at: datetime,
        outcome_of: Callable[[], Outcome],
    ) -> None:
        """Note an attempt that starts now."""
        success = self.latest_successful_sync
        self._earlier_success = success
        self.latest_sync = ResourceSyncAttempt(
            target=target,
            initial_revision=success.target_revision if success is not None else revision,
            target_revision=revision,
            started_at=at,
            started=SyncEvent(
                "SYNC_STARTED", f"Starting sync for commit {revision.sha}", at, revision.sha
            ),
            outcome_of=outcome_of,
        )

    def refuse(self, target: str, revision: Revision, at: datetime, message: str) -> None:
        """Note an attempt that failed at once."""
        failed = Outcome(ResourceSyncStatus.FAILED, message)
        self.attempt(target, revision, at, lambda: failed)


NOTHING_SYNCED = ResourceSync()
"""What a resource shows before its first sync: nothing."""
