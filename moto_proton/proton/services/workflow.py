"""The workflows that create, edit and delete a service, step by step.

Each workflow runs the instances and the pipeline in the order of the rules (sections 5.5 and 6.8 of
docs/behaviour.md) and moves the service's own status. A step waits for the resources it started; a
change of the service's status also waits for ``proton::service`` in moto's state manager.

Which of the service's failure statuses goes with which failure: section 5.6 of docs/behaviour.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from moto_proton.proton.account.faults import FaultKind
from moto_proton.proton.account.progression import Progress, Progression
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.pipeline import ServicePipeline
from moto_proton.proton.services.runner import ServiceRunner, ServiceState
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.status import ServiceStatus
from moto_proton.recorded_messages import PIPELINE_CANCELED
from moto_proton.spec import ServiceSpec

_SERVICE: Final = "proton::service"


class ServiceWorkflow(ABC):
    """A workflow in progress. ``previous_spec`` is the spec to which a failed edit goes back."""

    def __init__(self, service: Service, at: datetime) -> None:
        self.service = service
        self.previous_spec: ServiceSpec | None = None
        self._at = at
        self._progress = Progress(_SERVICE, at)
        self._waiting_for: Sequence[ServiceRunner] = ()
        self._then: Callable[[Progression], bool] = self._begin

    @property
    def resource(self) -> str:
        """The resource part of the service's ARN."""
        return self.service.resource

    @property
    def moving(self) -> bool:
        """Whether this is still the service's workflow."""
        return self.service.workflow is self

    def start(self, progression: Progression) -> None:
        """Make this the service's workflow and take the first step."""
        self.service.workflow = self
        self.service.status_message = None
        progression.watch(self)
        self._begin(progression)

    def shown(self) -> None:
        """Count a call that shows the service, and with it the resources that the workflow waits
        for.
        """
        self._progress.shown()
        for runner in self._waiting_for:
            runner.shown()

    def adds(self, name: str) -> bool:
        """Whether it made the instance of that name and may still remove it again."""
        return False

    def advance(self, progression: Progression) -> bool:
        """Take the next step, if the resources that this one waits for are done."""
        if any(runner.busy for runner in self._waiting_for):
            return False
        ends = [runner.settled_at for runner in self._waiting_for]
        self._at = max([self._at, *ends])
        return self._then(progression)

    @abstractmethod
    def _begin(self, progression: Progression) -> bool:
        """Take the first step."""

    def _wait(self, runners: Iterable[ServiceRunner], then: Callable[[Progression], bool]) -> bool:
        # Rule 5.10-95.
        self._waiting_for = list(runners)
        self._then = then
        return True

    def _run(self, progression: Progression, runners: Iterable[ServiceRunner]) -> None:
        for runner in runners:
            runner.run(progression, self._at)

    def _move(
        self, progression: Progression, status: ServiceStatus, message: str | None = None
    ) -> bool:
        """Change the service's status if its time has come (Rules 3.2-20 and 3.2-21)."""
        own = progression.ended(self._progress)
        if own is None:
            return False
        self._at = max(self._at, own)
        self._progress = Progress(_SERVICE, self._at)
        self.service.move_to(status)
        self.service.status_message = message
        # Recorded for creations; the end of an edit changes it, too.
        self.service.last_modified_at = self._at
        return True

    def _finish(
        self, progression: Progression, status: ServiceStatus, message: str | None = None
    ) -> bool:
        # Rule 5.7-7.
        moved = self._move(progression, status, message)
        if moved:
            self.service.workflow = None
        return moved


class CreateWorkflow(ServiceWorkflow):
    """Instances first, then the pipeline, whose templates read their outputs (Rule 6.8-10)."""

    def __init__(self, service: Service, at: datetime) -> None:
        super().__init__(service, at)
        self._failure = ""
        self._failed: Sequence[ServiceRunner] = ()

    def _begin(self, progression: Progression) -> bool:
        # Rule 3.2-2.
        instances = list(self.service.instances.values())
        self._run(progression, instances)
        return self._wait(instances, self._after_instances)

    def _after_instances(self, progression: Progression) -> bool:
        # Rules 5.6-12 and 5.6-13.
        failed = _with_status(self.service.instances.values(), DeploymentStatus.FAILED)
        pipeline = self.service.pipeline
        if failed:
            self._failure = "Service Instance(s): " + _names(failed) + " failed to deploy"
            if pipeline is not None:
                arns = ", ".join(instance.arn for instance in failed)
                pipeline.fail(PIPELINE_CANCELED(arns=arns), self._at)
            self._failed = failed
            return self._wait((), self._after_failure)
        if pipeline is None:
            return self._wait((), self._succeeded)
        self._run(progression, [pipeline])
        return self._wait([pipeline], self._after_pipeline)

    def _after_pipeline(self, progression: Progression) -> bool:
        pipeline = self.service.pipeline
        if pipeline is not None and pipeline.deployment_status is DeploymentStatus.FAILED:
            self._failure = pipeline.deployment_status_message or ""
            self._failed = [pipeline]
            return self._wait((), self._after_failure)
        return self._wait((), self._succeeded)

    def _succeeded(self, progression: Progression) -> bool:
        # Rule 3.2-3.
        return self._finish(progression, ServiceStatus.ACTIVE)

    def _after_failure(self, progression: Progression) -> bool:
        """Keep what was created, or delete it if a fault requests a cleanup.

        Rules 3.2-4 and 3.2-5.
        """
        runners = list(self.service.runners)
        cleanup = any(runner.failed_with_cleanup for runner in self._failed) or any(
            progression.fault_waits(FaultKind.CLEANUP, runner.resource) for runner in runners
        )
        if not cleanup:
            return self._finish(progression, ServiceStatus.CREATE_FAILED, self._failure)
        if not self._move(
            progression, ServiceStatus.CREATE_FAILED_CLEANUP_IN_PROGRESS, self._failure
        ):
            return False
        for runner in runners:
            runner.delete(self._at, cleanup=True)
        self._run(progression, runners)
        return self._wait(runners, self._after_cleanup)

    def _after_cleanup(self, progression: Progression) -> bool:
        # Rule 3.2-5.
        left = _with_status(self.service.runners, DeploymentStatus.DELETE_FAILED)
        status = (
            ServiceStatus.CREATE_FAILED_CLEANUP_FAILED
            if left
            else ServiceStatus.CREATE_FAILED_CLEANUP_COMPLETE
        )
        return self._finish(progression, status, self._failure)


class UpdateWorkflow(ServiceWorkflow):
    """Additions, then deletions, then the pipeline; if an addition fails, all of them are removed
    again.

    Rules 5.6-6 and 5.6-8.
    """

    def __init__(
        self,
        service: Service,
        at: datetime,
        *,
        added: list[ServiceInstance],
        deleted: list[ServiceInstance],
        pipeline_target: ServiceState | None,
        previous_spec: ServiceSpec,
    ) -> None:
        super().__init__(service, at)
        self.previous_spec = previous_spec
        self._added = added
        self._deleted = deleted
        self._pipeline_target = pipeline_target
        self._failure: str | None = None

    def adds(self, name: str) -> bool:
        """Whether it made the instance of that name and may still remove it again."""
        return any(instance.name == name for instance in self._added)

    @property
    def _pipeline(self) -> ServicePipeline | None:
        # Rule 5.10-86.
        return self.service.pipeline

    def _begin(self, progression: Progression) -> bool:
        # Rule 3.2-6.
        self._run(progression, self._added)
        return self._wait(self._added, self._after_additions)

    def _after_additions(self, progression: Progression) -> bool:
        # Rules 5.5-8 and 5.5-9.
        failed = _with_status(self._added, DeploymentStatus.FAILED)
        if failed:
            self._failure = "Service instances failed to be created: " + _names(failed)
            return self._wait((), self._undo)
        going = [*self._deleted, *self.service.leftovers]
        for instance in going:
            instance.delete(self._at)
        self._run(progression, going)
        return self._wait(going, self._after_deletions)

    def _after_deletions(self, progression: Progression) -> bool:
        # Rules 5.5-10 and 5.5-14.
        left = self.service.leftovers
        if left:
            self._failure = "Service instances failed to be deleted: " + _names(left)
        pipeline = self._pipeline
        if pipeline is None or self._pipeline_target is None:
            return self._wait((), self._end)
        pipeline.deploy(self._pipeline_target, self._at)
        self._run(progression, [pipeline])
        return self._wait([pipeline], self._end)

    def _end(self, progression: Progression) -> bool:
        # Rules 3.2-8, 3.2-12, 3.2-13, 5.5-11, 5.6-2 to 5.6-5, 5.6-7, 5.6-9 to 5.6-11 and 5.10-91.
        pipeline = self._pipeline
        if pipeline is not None and pipeline.deployment_status is DeploymentStatus.FAILED:
            message = pipeline.deployment_status_message
            return self._finish(progression, ServiceStatus.UPDATE_FAILED, message)
        if self._failure is not None:
            return self._finish(
                progression, ServiceStatus.UPDATE_COMPLETE_CLEANUP_FAILED, self._failure
            )
        return self._finish(progression, ServiceStatus.ACTIVE)

    def _undo(self, progression: Progression) -> bool:
        """Undo the edit: spec, pipeline and the instances to delete are as before, additions are
        deleted.

        Rules 3.2-9, 5.6-1 to 5.6-5 and 5.6-7.
        """
        if not self._move(
            progression, ServiceStatus.UPDATE_FAILED_CLEANUP_IN_PROGRESS, self._failure
        ):
            return False
        if self.previous_spec is not None:
            self.service.current_spec = self.previous_spec
        for instance in self._deleted:
            instance.release(self._at)
        if self._pipeline is not None:
            self._pipeline.release(self._at)
        for instance in self._added:
            instance.delete(self._at, cleanup=True)
        self._run(progression, self._added)
        return self._wait(self._added, self._after_cleanup)

    def _after_cleanup(self, progression: Progression) -> bool:
        # Rules 3.2-10, 3.2-11, 5.6-2, 5.6-4 and 5.6-9.
        left = _with_status(self._added, DeploymentStatus.DELETE_FAILED)
        status = (
            ServiceStatus.UPDATE_FAILED_CLEANUP_FAILED
            if left
            else ServiceStatus.UPDATE_FAILED_CLEANUP_COMPLETE
        )
        return self._finish(progression, status, self._failure)


class DeleteWorkflow(ServiceWorkflow):
    """Deletes everything at once; the service is gone when the last part of it is (Rules 3.2-14 and
    3.2-17).
    """

    def __init__(
        self, service: Service, at: datetime, *, vanish: Callable[[Service], None]
    ) -> None:
        super().__init__(service, at)
        self._vanish = vanish

    def _begin(self, progression: Progression) -> bool:
        runners = list(self.service.runners)
        for runner in runners:
            runner.delete(self._at)
        self._run(progression, runners)
        return self._wait(runners, self._end)

    def _end(self, progression: Progression) -> bool:
        # Rules 3.2-15 and 3.2-16.
        left = list(self.service.runners)
        if left:
            return self._finish(
                progression,
                ServiceStatus.DELETE_FAILED,
                "Resources failed to be deleted: " + _names(left),
            )
        if progression.ended(self._progress) is None:
            return False
        self.service.workflow = None
        self._vanish(self.service)
        return True


def _with_status(runners: Iterable[ServiceRunner], status: DeploymentStatus) -> list[ServiceRunner]:
    return [runner for runner in runners if runner.deployment_status is status]


def _names(runners: Iterable[ServiceRunner]) -> str:
    return ", ".join(
        runner.name if isinstance(runner, ServiceInstance) else "the pipeline" for runner in runners
    )
