"""Deployment records: one for each deployment and each deletion, kept even after their target is
deleted.

Rules: section 6.12 of docs/behaviour.md. The user guide has no page on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from moto_proton.proton.account.listing import Collection, Page, PageKey, PageRequest, microseconds
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.deployments.status import BUSY, DeploymentStatus
from moto_proton.proton.exceptions import ResourceNotFoundError, ValidationError
from moto_proton.proton.snapshots import WorkedOut

StateView: TypeAlias = Mapping[str, Mapping[str, Any]]
"""A state as responses show it: one member, named after the kind of the target."""

_MOST: Final = 10**20 - 1
# Texts of states that are looked for among those of new deployments.
_MOST_TEXTS: Final = 256
_RESOURCES: Final = {
    "environment_name": "environment/{environment_name}",
    "service_name": "service/{service_name}",
    "service_instance_name": "service/{service_name}/service-instance/{service_instance_name}",
    "component_name": "component/{component_name}",
}
"""The members that narrow a list, and the resource part of the ARN that each of them leads to."""


@dataclass(frozen=True, slots=True)
class DeploymentTarget:
    """The target of a deployment: its kind, and the names that identify it."""

    resource_type: str
    arn: str
    created_at: datetime
    environment_name: str | None
    service_name: str | None = None
    service_instance_name: str | None = None
    component_name: str | None = None


class Showable(Protocol):
    """A target that counts how often it is shown."""

    def shown(self) -> None:
        """Count a call that shows it."""


@dataclass(eq=False, kw_only=True)
class DeploymentRecord:
    """A deployment or deletion; its status follows that of its target.

    ``number`` counts the records of the account and region, ``place`` is the sort key in lists;
    ``running_on`` is the target itself, None once the deployment has ended.

    Rules 6.12-2 to 6.12-6 and 6.12-8.
    """

    scope: Scope
    id: str
    number: int
    target: DeploymentTarget
    running_on: Showable | None
    created_at: datetime
    last_modified_at: datetime
    deployment_status: DeploymentStatus
    deployment_status_message: str | None = None
    completed_at: datetime | None = None
    initial_state: StateView | None = None
    target_state: StateView | None = None
    last_attempted_deployment_id: str | None = None
    last_succeeded_deployment_id: str | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    place: PageKey = field(init=False)

    def __post_init__(self) -> None:
        self.place = (-microseconds(self.created_at), f"{_MOST - self.number:020d}")

    @property
    def name(self) -> str:
        """Its id, as its name in lists."""
        return self.id

    @property
    def arn(self) -> str:
        """The ARN (Rule 2-14)."""
        return self.scope.arn(f"deployment/{self.id}")

    @property
    def target_arn(self) -> str:
        """The ARN of the target."""
        return self.target.arn

    @property
    def target_resource_type(self) -> str:
        """The kind of the target."""
        return self.target.resource_type

    @property
    def target_resource_created_at(self) -> datetime:
        """When the target was created."""
        return self.target.created_at

    @property
    def environment_name(self) -> str | None:
        """The environment of the target; the pipeline of a service without instances has none."""
        return self.target.environment_name

    @property
    def service_name(self) -> str | None:
        """The service of the target, if it has one."""
        return self.target.service_name

    @property
    def service_instance_name(self) -> str | None:
        """The service instance of the target, if it has one."""
        return self.target.service_instance_name

    @property
    def component_name(self) -> str | None:
        """The component that is the target, if it is one."""
        return self.target.component_name

    @property
    def busy(self) -> bool:
        """Whether it has not ended yet."""
        return self.completed_at is None

    def shown(self) -> None:
        """Count a call that shows the record, and with it what is being deployed."""
        if self.running_on is not None:
            self.running_on.shown()

    def follow(self, status: DeploymentStatus, message: str | None, at: datetime) -> None:
        """Copy the status of the target, until the deployment has ended."""
        if not self.busy:
            return
        self.deployment_status = status
        self.deployment_status_message = message
        self.last_modified_at = at
        if status not in BUSY:
            self.completed_at = at
            self.running_on = None


class _NewestFirst(Collection[DeploymentRecord]):
    """Records by id; of those that started at one moment, the later one first."""

    def _age(self, member: DeploymentRecord) -> PageKey:
        return member.place


class Deployments:
    """The deployment records of an account and region.

    The records of each name that a list can be filtered by are kept sorted as well, so that the
    cost of a page does not depend on the number of records. ``exists`` says whether there is a
    resource with that resource part of an ARN.

    Rules 6.12-1 and 6.12-13.
    """

    def __init__(self, scope: Scope, exists: Callable[[str], bool]) -> None:
        self._scope = scope
        self._exists = exists
        self._started = 0
        self._all = _NewestFirst()
        self._texts: WorkedOut[str, str] = WorkedOut()
        self._by_name: dict[tuple[str, str], _NewestFirst] = {}

    def start(
        self,
        target: DeploymentTarget,
        running_on: Showable,
        at: datetime,
        *,
        status: DeploymentStatus,
        initial_state: StateView | None,
        target_state: StateView | None,
    ) -> DeploymentRecord:
        """Open the record of a deployment or deletion that starts now."""
        self._started += 1
        record = DeploymentRecord(
            scope=self._scope,
            id=str(uuid.uuid4()),
            number=self._started,
            target=target,
            running_on=running_on,
            created_at=at,
            last_modified_at=at,
            deployment_status=status,
            initial_state=initial_state,
            target_state=self._shared(target_state),
        )
        self._all.add(record)
        for key in _index_keys(target):
            if key not in self._by_name:
                self._by_name[key] = _NewestFirst()
            self._by_name[key].add(record)
        return record

    def _shared(self, state: StateView | None) -> StateView | None:
        """The same state, with texts that are equal to earlier ones in their place.

        Every deployment of an instance shows the spec of the whole service, which came anew with
        each call.
        """
        if state is None:
            return None
        shared: dict[str, dict[str, Any]] = {}
        for kind, members in state.items():
            shared[kind] = {
                name: self._texts.setdefault(value, value) if isinstance(value, str) else value
                for name, value in members.items()
            }
        while len(self._texts) > _MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        return shared

    def find(self, deployment_id: str) -> DeploymentRecord | None:
        """The record of that id, or None."""
        return self._all.get(deployment_id)

    def get(self, deployment_id: str, names: Mapping[str, str]) -> DeploymentRecord:
        """The record of that id, if its target has these names (by member, in snake case).

        Raises :class:`ResourceNotFoundError` when it is not there or has other names,
        :class:`ValidationError` for an instance without its service.

        Rule 6.12-10.
        """
        _check_names(names)
        record = self._all.get(deployment_id)
        if record is None:
            raise ResourceNotFoundError(f"The deployment {deployment_id} does not exist")
        for member, name in names.items():
            if getattr(record, member) != name:
                raise ResourceNotFoundError(
                    f"The deployment {deployment_id} does not exist for {name}"
                )
        return record

    def page(self, request: PageRequest, names: Mapping[str, str]) -> Page[DeploymentRecord]:
        """A page of the records whose targets have these names, newest first.

        Raises :class:`ResourceNotFoundError` for a name that neither a resource nor a record has.

        Rule 6.12-11.
        """
        _check_names(names)
        self._check_known(names)
        key = _most_specific(names)
        if key is None:
            return self._all.page(request)
        records = self._by_name.get(key)
        if records is None:
            return Page([])
        keep: Callable[[DeploymentRecord], bool] = lambda record: all(  # noqa: E731
            getattr(record, member) == name for member, name in names.items()
        )
        return records.page(request, keep)

    def delete(self, deployment_id: str) -> DeploymentRecord:
        """Delete the record of a deployment that has ended.

        For one in progress it raises :class:`ValidationError`, as the operation has no
        ConflictException.

        Rules 6.0.3-3 and 6.12-12.
        """
        record = self.get(deployment_id, {})
        if record.busy:
            raise ValidationError(
                f"The deployment {deployment_id} is under way: its status is "
                f"{record.deployment_status.value}"
            )
        self._all.discard(record)
        for key in _index_keys(record.target):
            records = self._by_name[key]
            records.discard(record)
            if not records:
                del self._by_name[key]
        return record

    def _check_known(self, names: Mapping[str, str]) -> None:
        service = names.get("service_name", "")
        for member, name in names.items():
            key = (member, f"{service}/{name}" if member == "service_instance_name" else name)
            if not self._exists(_RESOURCES[member].format(**names)) and key not in self._by_name:
                what = member.removesuffix("_name").replace("_", " ")
                raise ResourceNotFoundError(f"The {what} {name} does not exist")


def names_given(request: Mapping[str, Any]) -> dict[str, str]:
    """The members of a request that select the deployments of a target."""
    return {member: request[member] for member in _RESOURCES if member in request}


def _check_names(names: Mapping[str, str]) -> None:
    if "service_instance_name" in names and "service_name" not in names:
        raise ValidationError("serviceInstanceName needs serviceName")


def _index_keys(target: DeploymentTarget) -> list[tuple[str, str]]:
    keys = []
    if target.environment_name is not None:
        keys.append(("environment_name", target.environment_name))
    if target.service_name is not None:
        keys.append(("service_name", target.service_name))
        if target.service_instance_name is not None:
            instance = f"{target.service_name}/{target.service_instance_name}"
            keys.append(("service_instance_name", instance))
    if target.component_name is not None:
        keys.append(("component_name", target.component_name))
    return keys


def _most_specific(names: Mapping[str, str]) -> tuple[str, str] | None:
    if "component_name" in names:
        return "component_name", names["component_name"]
    if "service_instance_name" in names:
        return (
            "service_instance_name",
            f"{names['service_name']}/{names['service_instance_name']}",
        )
    for member in ("service_name", "environment_name"):
        if member in names:
            return member, names[member]
    return None
