"""Service sync blockers: what was changed by hand is not overwritten by a sync.

Rules: section 11.4 of docs/behaviour.md. Texts of reasons and contexts, and that every change makes
a blocker of its own, are choices.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from moto_proton.proton.account.account import Account
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError
from moto_proton.proton.services.by_hand import ChangedByHand, HandChange
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.services.services import Services
from moto_proton.proton.syncs.service_syncs import ServiceSyncs

_REASONS: Final = {
    HandChange.CREATED: "The service instance {} was created by hand",
    HandChange.UPDATED: "The service instance {} was updated by hand",
    HandChange.DELETED: "Service instances were deleted by hand: {}",
}


class BlockerStatus(str, Enum):
    """The values of a blocker's ``status`` (service model) (Rule 3.6-1)."""

    ACTIVE = "ACTIVE"
    RESOLVED = "RESOLVED"


@dataclass(frozen=True, slots=True)
class BlockerContext:
    """A fact about the cause of a blocker."""

    key: str
    value: str


@dataclass(eq=False, kw_only=True)
class SyncBlocker:
    """Stops the sync of an instance, or of a whole service if it names no instance.

    Rules 11.4-3 and 11.4-8.
    """

    id: str
    service_name: str
    service_instance_name: str | None
    created_at: datetime
    created_reason: str
    contexts: tuple[BlockerContext, ...]
    type: str = "AUTOMATED"
    status: BlockerStatus = BlockerStatus.ACTIVE
    resolved_at: datetime | None = None
    resolved_reason: str | None = None

    @property
    def active(self) -> bool:
        """Whether it still stops the sync."""
        return self.status is BlockerStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class BlockerSummary:
    """The active blockers of a service, or of an instance of it; the most recent first."""

    service_name: str
    service_instance_name: str | None
    latest_blockers: list[SyncBlocker]


class SyncBlockers:
    """The blockers of an account and region; those of a service are deleted with it."""

    def __init__(
        self,
        account: Account,
        services: Services,
        instances: ServiceInstances,
        syncs: ServiceSyncs,
    ) -> None:
        self._account = account
        self._services = services
        self._instances = instances
        self._syncs = syncs
        account.references.when_gone("service", self._forget)
        self._by_id: dict[str, SyncBlocker] = {}
        self._by_service: dict[str, list[SyncBlocker]] = {}

    def take(self, changed: ChangedByHand) -> None:
        """Block a synced instance that a caller created or updated.

        A service from which a caller deleted instances stops as a whole.

        Rules 11.4-1 and 11.4-2.
        """
        names = changed.instance_names
        reason = _REASONS[changed.change].format(", ".join(names))
        instance = None if changed.change is HandChange.DELETED else names[0]
        self._block(changed.service_name, instance, reason, names)

    def blocks(self, service_name: str, instance_name: str | None = None) -> bool:
        """Whether the sync of an instance is stopped, or without a name that of the service."""
        return any(
            blocker.active and blocker.service_instance_name in (None, instance_name)
            for blocker in self._by_service.get(service_name, ())
        )

    def summary(self, service_name: str, instance_name: str | None) -> BlockerSummary:
        """The active blockers of a service by itself, or those of one instance by itself.

        Raises :class:`ResourceNotFoundError` for a service that does not exist, and for an instance
        that neither exists nor has a blocker.

        Rules 11.4-4, 11.4-5 and 11.4-9.
        """
        self._services.get(service_name)
        blockers = [
            blocker
            for blocker in reversed(self._by_service.get(service_name, []))
            if blocker.service_instance_name == instance_name
        ]
        if instance_name is not None and not blockers:
            self._instances.get(service_name, instance_name)
        active = [blocker for blocker in blockers if blocker.active]
        return BlockerSummary(service_name, instance_name, active)

    def resolve(self, blocker_id: str, reason: str) -> SyncBlocker:
        """Resolve a blocker; :class:`ConflictError` when it is resolved already.

        Rules 3.6-3, 11.4-6 and 11.4-7.
        """
        blocker = self._by_id.get(blocker_id)
        if blocker is None:
            raise ResourceNotFoundError(f"The service sync blocker {blocker_id} does not exist")
        if not blocker.active:
            raise ConflictError(f"The service sync blocker {blocker_id} is resolved already")
        blocker.status = BlockerStatus.RESOLVED
        blocker.resolved_at = self._account.now
        blocker.resolved_reason = reason
        return blocker

    def _forget(self, service_name: str) -> None:
        """Remove the blockers of a deleted service."""
        for blocker in self._by_service.pop(service_name, ()):
            del self._by_id[blocker.id]

    def _block(
        self, service_name: str, instance_name: str | None, reason: str, names: Iterable[str]
    ) -> None:
        # Rule 2-23.
        if self._syncs.find(service_name) is None:
            return
        blocker = SyncBlocker(
            id=str(uuid.uuid4()),
            service_name=service_name,
            service_instance_name=instance_name,
            created_at=self._account.now,
            created_reason=reason,
            contexts=tuple(BlockerContext("serviceInstanceName", name) for name in names),
        )
        self._by_id[blocker.id] = blocker
        self._by_service.setdefault(service_name, []).append(blocker)
