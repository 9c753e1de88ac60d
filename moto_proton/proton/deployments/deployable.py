"""What environments, service instances, service pipelines and components have in common.

Each of them is deployed, deleted and (all but a first deployment) cancelled by the same status
machine; they differ in what a successful deployment changes, and in the collection that a deleted
one is removed from. Rules: section 3.1 of docs/behaviour.md.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic

from moto_proton.proton.account.faults import FaultKind
from moto_proton.proton.account.progression import Progress, Progression
from moto_proton.proton.deployments.provisionable import Provisionable, State
from moto_proton.proton.deployments.provisioning import InfrastructureFailure
from moto_proton.proton.deployments.records import (
    DeploymentRecord,
    Deployments,
    DeploymentTarget,
    StateView,
)
from moto_proton.proton.deployments.status import BUSY, DEPLOYMENT, DeploymentStatus
from moto_proton.recorded_messages import CANCELLED_BY_USER


@dataclass(slots=True)
class DeploymentUnderWay(Generic[State]):
    """A deployment in progress, and the ``target`` state that the resource gets when it succeeds.

    ``outputs`` are those from notifications so far, None before the first.
    """

    target: State
    cancellable: bool
    outputs: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Before:
    """What a resource goes back to if the workflow that held it is abandoned."""

    status: DeploymentStatus
    message: str | None


@dataclass(eq=False, kw_only=True)
class Deployable(Provisionable[State]):
    """A resource with a deployment status.

    ``deployed`` is the state that was last deployed with success, None before the first: it decides
    the template version and the spec that calls show. ``deployment`` is the one in progress,
    ``attempted`` the target of the last one, whether it succeeded or not. ``record`` is the record
    of the last deployment or deletion, ``outputs`` are those of the last successful one.
    """

    transition_name: ClassVar[str]

    deployments: Deployments
    deployment_status: DeploymentStatus = DeploymentStatus.SUCCEEDED
    deployment_status_message: str | None = None
    last_deployment_attempted_at: datetime | None = None
    last_deployment_succeeded_at: datetime | None = None
    last_attempted_deployment_id: str | None = None
    last_succeeded_deployment_id: str | None = None
    deployment: DeploymentUnderWay[State] | None = None
    attempted: State | None = None
    failed_with_cleanup: bool = False
    outputs: dict[str, str] = field(default_factory=dict)
    self_managed: bool = False
    record: DeploymentRecord | None = None
    settled_at: datetime = field(init=False)
    _progress: Progress | None = field(default=None, init=False)
    _deletion_fault: FaultKind = field(default=FaultKind.DELETION, init=False)
    _under_way: bool = field(default=False, init=False)
    _before: _Before | None = field(default=None, init=False)
    _deployed_view: StateView | None = field(default=None, init=False)
    _failure: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.settled_at = self.created_at

    @abstractmethod
    def _vanish(self) -> None:
        """Remove this resource from its collection, after its deletion."""

    @abstractmethod
    def _deployment_target(self) -> DeploymentTarget:
        """The target in deployment records of this resource."""

    @abstractmethod
    def _state_view(self, state: State) -> StateView:
        """A state of this resource in the form of deployment records."""

    def _called_off(self) -> None:
        """Undo what an update call had changed before its deployment, which has failed or was
        cancelled.
        """

    def _states_changed(self) -> None:
        """Update the indexes of what runs on what; called whenever that may have changed."""

    def _taken_over(self, state: State) -> None:
        """Update other resources after each successful deployment of this one."""

    @property
    def busy(self) -> bool:
        """Whether the status is a busy one.

        It ends by itself, waits for its turn in a workflow, or waits for a notification.
        """
        return self.deployment_status in BUSY

    @property
    def moving(self) -> bool:
        """Whether the status ends by itself, so that the progression has to watch it."""
        return self._progress is not None

    @property
    def leaving(self) -> bool:
        """Whether it is being deleted or its deletion failed: a repeated create is refused then."""
        return self.deployment_status in (
            DeploymentStatus.DELETE_IN_PROGRESS,
            DeploymentStatus.DELETE_FAILED,
        )

    @property
    def awaits_notification(self) -> bool:
        """Whether the busy status ends with a notification (self-managed provisioning)."""
        return self.self_managed and self.deployment_status is not DeploymentStatus.CANCELLING

    @property
    def never_succeeded(self) -> bool:
        """Whether no deployment has ever succeeded."""
        return self.deployed is None

    @property
    def waits_its_turn(self) -> bool:
        """Whether the busy status is shown already, though its step of the workflow comes later."""
        return self.busy and not self._under_way

    @property
    def states_in_use(self) -> tuple[State, ...]:
        """The states that are deployed or being deployed: what they use must not be deleted."""
        if self.deployment_status is DeploymentStatus.DELETE_COMPLETE:
            return ()
        target = self.deployment.target if self.deployment is not None else None
        return tuple(state for state in (self.deployed, target) if state is not None)

    # --- starting -------------------------------------------------------------------------------

    def deploy(self, target: State, at: datetime, *, cancellable: bool = False) -> None:
        """Start a deployment: the status is IN_PROGRESS until it ends after :meth:`run`.

        ``cancellable`` marks a deployment of the resource's own update operation: only those can
        be cancelled (service model, texts of the Cancel operations).

        Rules 3.1-2, 3.1-10 and 3.1-18.
        """
        self.deployment = DeploymentUnderWay(target, cancellable)
        self.attempted = target
        self._before = None
        self._open_record(DeploymentStatus.IN_PROGRESS, at, self._state_view(target))
        self._set(DeploymentStatus.IN_PROGRESS, None, at)
        self.last_deployment_attempted_at = at

    def delete(self, at: datetime, *, cleanup: bool = False) -> None:
        """Start the deletion: DELETE_IN_PROGRESS. The times of the last deployment stay.

        ``cleanup`` marks the deletion of what a failed creation had created.

        Rules 3.1-11 and 3.1-14.
        """
        self.deployment = None
        self._before = None
        self._deletion_fault = FaultKind.CLEANUP if cleanup else FaultKind.DELETION
        self._open_record(DeploymentStatus.DELETE_IN_PROGRESS, at, None)
        self._set(DeploymentStatus.DELETE_IN_PROGRESS, None, at)

    def cancel(self, at: datetime) -> None:
        """Start the cancellation of the deployment in progress (Rule 3.1-5)."""
        self._set(DeploymentStatus.CANCELLING, self.deployment_status_message, at)

    def run(self, progression: Progression, at: datetime) -> None:
        """Let the busy status run from ``at`` on, until it ends.

        A self-managed deployment or deletion ends with a notification; a cancellation ends by
        itself.

        Rules 6.6-37, 9-8 and 9-16.
        """
        self._under_way = True
        if self.awaits_notification:
            # The rendered files are for the pull request, so they have to exist from the start.
            failure = self._render()
            self._failure = failure if self.deployment is not None else None
            if self._failure is None:
                return
        self._progress = Progress(self.transition_name, at)
        progression.watch(self)

    def hold(self, status: DeploymentStatus, at: datetime) -> None:
        """Show a busy status before its workflow step starts; :meth:`release` undoes this."""
        self._before = _Before(self.deployment_status, self.deployment_status_message)
        self._set(status, None, at)

    def release(self, at: datetime) -> None:
        """Restore the status from before :meth:`hold`, which had changed nothing else."""
        if self._before is not None:
            self._set(self._before.status, self._before.message, at)
            self._before = None

    def shown(self) -> None:
        """Count a call that shows this resource."""
        if self._progress is not None:
            self._progress.shown()

    # --- ending ---------------------------------------------------------------------------------

    def advance(self, progression: Progression) -> bool:
        """End the busy status if its time has come."""
        if self._progress is None:
            return False
        at = progression.ended(self._progress)
        if at is None:
            return False
        if self.deployment_status is DeploymentStatus.DELETE_IN_PROGRESS:
            fault = progression.fault(self._deletion_fault, self.resource)
            self.end_deletion(at, failure=fault.message if fault else self._tear_down())
        elif self.deployment_status is DeploymentStatus.CANCELLING:
            fault = progression.fault(FaultKind.DEPLOYMENT, self.resource)
            self._end_cancellation(at, failure=fault.message if fault else None)
        else:
            fault = progression.fault(FaultKind.DEPLOYMENT, self.resource)
            failure = fault.message if fault else self._failure or self._provision()
            if failure is None:
                self.succeed(at)
            else:
                self.fail(failure, at, cleanup=fault is not None and fault.cleanup)
        return True

    def _render(self) -> str | None:
        """Render the infrastructure files of the deployment in progress. Returns the message of a
        failure.
        """
        state = self.deployment.target if self.deployment is not None else self.deployed
        state = state or self.attempted
        assert state is not None
        try:
            self._make_files(state)
        except InfrastructureFailure as failure:
            return str(failure)
        return None

    def _provision(self) -> str | None:
        """Render and provision the deployment in progress. Returns the message of a failure."""
        assert self.deployment is not None
        try:
            outputs = self._make_stack(self.deployment.target)
        except InfrastructureFailure as failure:
            return str(failure)
        if outputs is not None:
            self.deployment.outputs = dict(outputs)
        return None

    def succeed(self, at: datetime) -> None:
        """End the deployment with success: its target is now what is deployed.

        lastDeploymentSucceededAt takes the time the deployment was attempted, not the time it
        ended: so in every recorded response.

        Rules 3.1-3 and 3.1-19.
        """
        assert self.deployment is not None
        assert self.record is not None
        state = self.deployment.target
        self.deployed = state
        self._deployed_view = self.record.target_state
        self.last_deployment_succeeded_at = self.last_deployment_attempted_at
        self.last_succeeded_deployment_id = self.record.id
        self.record.last_succeeded_deployment_id = self.record.id
        if self.deployment.outputs is not None:
            self.outputs = self.deployment.outputs
        self.record.outputs = dict(self.outputs)
        self.deployment = None
        self._set(DeploymentStatus.SUCCEEDED, None, at)
        self._taken_over(state)

    def succeed_with(self, outputs: Mapping[str, str], at: datetime) -> None:
        """End the deployment with success and with these outputs."""
        assert self.deployment is not None
        self.deployment.outputs = dict(outputs)
        self.succeed(at)

    def fail(self, message: str, at: datetime, *, cleanup: bool = False) -> None:
        """End the deployment with a failure: version, spec and time of success stay as they were.

        Rules 3.1-4, 6.6-33 and 12-35.
        """
        of_update = self.deployment is not None and self.deployment.cancellable
        self.deployment = None
        self.failed_with_cleanup = cleanup
        self._set(DeploymentStatus.FAILED, message, at)
        if of_update:
            self._called_off()

    def end_deletion(self, at: datetime, *, failure: str | None = None) -> None:
        """End the deletion: the resource is gone, or DELETE_FAILED with the message of the failure.

        Rules 3.1-12, 3.1-13 and 3.1-15.
        """
        if failure is not None:
            self._set(DeploymentStatus.DELETE_FAILED, failure, at)
            return
        self._set(DeploymentStatus.DELETE_COMPLETE, None, at)
        self._vanish()

    def _end_cancellation(self, at: datetime, *, failure: str | None) -> None:
        # Rules 3.1-6 to 3.1-8.
        self.deployment = None
        if failure is None:
            self._set(DeploymentStatus.CANCELLED, CANCELLED_BY_USER(), at)
        else:
            self._set(DeploymentStatus.FAILED, failure, at)
        self._called_off()

    def notify(
        self,
        status: str | None,
        message: str | None,
        outputs: Mapping[str, str] | None,
        at: datetime,
    ) -> None:
        """Handle a notification of self-managed provisioning
        (NotifyResourceDeploymentStatusChange).

        SUCCEEDED and FAILED end the deployment or deletion, any other is handled by :meth:`note`.

        Rules 6.13-3 to 6.13-6, 6.13-8 and 6.13-9.
        """
        ends = status in ("SUCCEEDED", "FAILED")
        self.note(None if ends else message, outputs)
        if not ends or self.deployment_status is DeploymentStatus.CANCELLING:
            return
        failure = (message or "The deployment failed.") if status == "FAILED" else None
        if self.deployment_status is DeploymentStatus.DELETE_IN_PROGRESS:
            self.end_deletion(at, failure=failure)
        elif failure is not None:
            self.fail(failure, at)
        else:
            self.succeed(at)

    def note(self, message: str | None, outputs: Mapping[str, str] | None) -> None:
        """Store the content of a notification that does not end the deployment.

        Outputs that are given replace the stored ones, and count once the deployment has succeeded.

        Rules 6.13-5 and 6.13-15.
        """
        if outputs is not None and self.deployment is not None:
            self.deployment.outputs = dict(outputs)
        if message is not None and self.deployment_status is not DeploymentStatus.CANCELLING:
            self.deployment_status_message = message
            if self.record is not None:
                self.record.deployment_status_message = message

    def _open_record(
        self, status: DeploymentStatus, at: datetime, target_state: StateView | None
    ) -> None:
        # Rule 3.1-24.
        self.record = self.deployments.start(
            self._deployment_target(),
            self,
            at,
            status=status,
            initial_state=self._deployed_view,
            target_state=target_state,
        )
        if target_state is not None:
            self.last_attempted_deployment_id = self.record.id
        self.record.last_attempted_deployment_id = self.last_attempted_deployment_id
        self.record.last_succeeded_deployment_id = self.last_succeeded_deployment_id

    def _set(self, status: DeploymentStatus, message: str | None, at: datetime) -> None:
        # Rule 3.1-23.
        self.deployment_status = DEPLOYMENT.step(self.deployment_status, status)
        self.deployment_status_message = message
        self.settled_at = at
        self._progress = None
        self._failure = None
        self._under_way = False
        if self.record is not None:
            self.record.follow(status, message, at)
        self._states_changed()
