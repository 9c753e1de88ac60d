"""A service as it is stored; its parts are in ``instance`` and ``pipeline``.

The operations on it are in ``services`` and ``editing``; ``workflow`` decides how the statuses of
the service and its parts proceed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sortedcontainers import SortedDict

from moto_proton.proton.account.listing import Orders
from moto_proton.proton.account.references import References
from moto_proton.proton.account.requests import Request
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.exceptions import ConflictError
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.pipeline import ServicePipeline
from moto_proton.proton.services.runner import ServiceRunner
from moto_proton.proton.services.status import BUSY, CREATING, SERVICE, ServiceStatus
from moto_proton.proton.templates.numbers import Version
from moto_proton.spec import InstanceSpec, ServiceSpec, with_instance, with_pipeline

if TYPE_CHECKING:
    from moto_proton.proton.services.workflow import ServiceWorkflow


@dataclass(eq=False, kw_only=True)
class Service:
    """A service. ``created_with`` is the template version named at its creation."""

    scope: Scope
    references: References
    instance_orders: Orders[Any]
    name: str
    template_name: str
    created_with: Version
    created_at: datetime
    last_modified_at: datetime
    created_by: Request
    current_spec: ServiceSpec
    status: ServiceStatus = ServiceStatus.CREATE_IN_PROGRESS
    status_message: str | None = None
    description: str | None = None
    branch_name: str | None = None
    repository_connection_arn: str | None = None
    repository_id: str | None = None
    pipeline: ServicePipeline | None = None
    tags: dict[str, str] = field(default_factory=dict)
    modified: bool = False
    instances: SortedDict[str, ServiceInstance] = field(default_factory=SortedDict)
    workflow: ServiceWorkflow | None = None

    @property
    def resource(self) -> str:
        """The resource part of the ARN (Rule 2-8)."""
        return f"service/{self.name}"

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.scope.arn(self.resource)

    @property
    def template_arn(self) -> str:
        """The ARN of its template."""
        return self.scope.arn(f"service-template/{self.template_name}")

    @property
    def spec(self) -> str:
        """The text of the service spec (Rule 4.3-7)."""
        return self.current_spec.text

    def move_to(self, status: ServiceStatus) -> None:
        """Take a status that may follow the one it has."""
        self.status = SERVICE.step(self.status, status)

    @property
    def runners(self) -> Iterator[ServiceRunner]:
        """The instances, then the pipeline."""
        yield from self.instances.values()
        if self.pipeline is not None:
            yield self.pipeline

    @property
    def leftovers(self) -> list[ServiceInstance]:
        """The instances whose deletion failed: no longer in the spec, but counted in the quota.

        Rules 5.6-14 and 5.6-15.
        """
        return [
            instance
            for instance in self.instances.values()
            if instance.deployment_status is DeploymentStatus.DELETE_FAILED
        ]

    @property
    def major_for_new_instances(self) -> int:
        """The major version of instances that are added later.

        This is the one that the service was created with, or the one to which all its instances
        have been updated since. Instances whose deletion failed do not count.

        Rule 5.5-13.
        """
        leftovers = self.leftovers
        majors = [
            instance.deployed.version.major if instance.deployed else 0
            for instance in self.instances.values()
            if instance not in leftovers
        ]
        return max(self.created_with.major, min(majors, default=0))

    def shown(self) -> None:
        """Count a call that shows the service, and with it the resources that its workflow waits
        for.
        """
        if self.workflow is not None:
            self.workflow.shown()
        elif self.pipeline is not None:
            self.pipeline.shown()

    @property
    def leaving(self) -> bool:
        """Whether it is being deleted or its deletion failed: a repeated create is refused then."""
        return self.status in (ServiceStatus.DELETE_IN_PROGRESS, ServiceStatus.DELETE_FAILED)

    def check_not_in_progress(self) -> None:
        """Refuse a call on a service while a workflow is in progress.

        Rules 3.3-2 to 3.3-4 and 5.2-2.
        """
        if self.status in BUSY:
            raise ConflictError(
                f"The service {self.name} is busy: its status is {self.status.value}"
            )

    def check_parts_free(self) -> None:
        """Refuse a call on a single instance or the pipeline while the service is being created or
        deleted.

        Rule 3.3-1.
        """
        if self.status in CREATING or self.status is ServiceStatus.DELETE_IN_PROGRESS:
            self.check_not_in_progress()

    def merge_instance(self, entry: InstanceSpec) -> None:
        """Copy the entry of an instance that was deployed into the service spec.

        Rule 4.3-13.
        """
        self.current_spec = with_instance(self.current_spec, entry)
        workflow = self.workflow
        if workflow is None or workflow.previous_spec is None or workflow.adds(entry.name):
            return
        workflow.previous_spec = with_instance(workflow.previous_spec, entry)

    def merge_pipeline(self, spec: ServiceSpec) -> None:
        """Copy the pipeline inputs of a deployed spec into the service spec (Rule 4.3-13)."""
        self.current_spec = with_pipeline(self.current_spec, spec.pipeline)

    def spec_of_all_instances(self) -> ServiceSpec:
        """The service spec with the entries of instances that are not in it yet.

        An instance that its own create call is still deploying, or has failed to deploy, exists
        but is not part of the spec.
        """
        spec = self.current_spec
        for instance in self.instances.values():
            if (
                instance.deployment_status is not DeploymentStatus.DELETE_FAILED
                and spec.instance(instance.name) is None
                and instance.entry is not None
            ):
                spec = with_instance(spec, instance.entry)
        return spec
