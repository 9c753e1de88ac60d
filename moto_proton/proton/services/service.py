"""A service, its instances and its pipeline as they are stored.

The operations on them are in ``services``, ``editing``, ``instances`` and ``pipelines``;
``workflow`` decides how their statuses proceed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sortedcontainers import SortedDict

from moto_proton.bundle import Infrastructure, ServiceBundle
from moto_proton.proton.account.listing import Orders
from moto_proton.proton.account.references import References
from moto_proton.proton.account.requests import Request
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.deployments.deployable import check_idle
from moto_proton.proton.deployments.records import DeploymentTarget, StateView
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.exceptions import ConflictError
from moto_proton.proton.services.parameters import instance_parameters, pipeline_parameters
from moto_proton.proton.services.status import BUSY, CREATING, SERVICE, ServiceStatus
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.templated import Templated, versioned_view
from moto_proton.spec import InstanceSpec, ServiceSpec, with_instance, with_pipeline

if TYPE_CHECKING:
    from moto_proton import render
    from moto_proton.proton.services.workflow import ServiceWorkflow


class AttachedComponent(Protocol):
    """What an instance knows of the component that is attached to it."""

    name: str
    deployment_status: DeploymentStatus
    last_succeeded_deployment_id: str | None
    outputs: dict[str, str]

    @property
    def busy(self) -> bool:
        """Whether it is being deployed, deleted or cancelled."""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What an instance or a pipeline gets from a deployment: a whole service spec and a version."""

    spec: ServiceSpec
    version: Version
    bundle: ServiceBundle | None


@dataclass(eq=False, kw_only=True)
class ServiceRunner(Templated[ServiceState]):
    """The base class of instances and pipelines."""

    service: Service

    def _states_changed(self) -> None:
        self.service.references.note(self.resource, self._uses())

    def _uses(self) -> set[str]:
        """The template versions that it runs on and is being deployed on (Rule 7.5-10)."""
        template = f"service-template/{self.template_name}"
        return {f"{template}:{state.version}" for state in self.states_in_use}

    @property
    def related_arns(self) -> dict[str, str]:
        """Those of the service template and the service."""
        return {"template": self.service.template_arn, "service": self.service.arn}

    @property
    def template_name(self) -> str:
        """The name of the service template."""
        return self.service.template_name


@dataclass(eq=False, kw_only=True)
class ServiceInstance(ServiceRunner):
    """A service instance; ``component`` is the one attached to it, if any."""

    transition_name: ClassVar[str] = "proton::service_instance"

    name: str
    environment: Environment
    created_by: Request | None = None
    last_client_request_token: str | None = None
    component: AttachedComponent | None = None
    tags: dict[str, str] = field(default_factory=dict)
    modified: bool = False

    @property
    def resource(self) -> str:
        """The resource part of the ARN (Rule 2-9)."""
        return f"{self.service.resource}/service-instance/{self.name}"

    @property
    def stack_label(self) -> str:
        """The names of the service and of the instance."""
        return f"{self.service_name[:20]}-{self.name[:20]}"

    @property
    def related_arns(self) -> dict[str, str]:
        """Those of the template, the environment, the service, and its own."""
        environment = {"environment": self.environment.arn}
        return {**super().related_arns, **environment, "service-instance": self.arn}

    @property
    def provisioned_in(self) -> str:
        """The account of its environment."""
        return self.environment.provisioned_in

    def infrastructure_of(self, state: ServiceState) -> Infrastructure | None:
        """That of the bundle for instances."""
        return state.bundle.instance if state.bundle is not None else None

    def parameters(
        self, state: ServiceState, infrastructure: Infrastructure
    ) -> render.ServiceInstanceParameters:
        """The values for its files."""
        return instance_parameters(self, state, infrastructure)

    @property
    def service_name(self) -> str:
        """The name of the service."""
        return self.service.name

    @property
    def environment_name(self) -> str:
        """The name of the environment (Rule 6.9-15)."""
        return self.environment.name

    @property
    def entry(self) -> InstanceSpec | None:
        """The instance's own entry in the spec of its latest deployment, finished or not."""
        state = self.attempted or self.deployed
        return state.spec.instance(self.name) if state else None

    def check_idle(self) -> None:
        """Refuse a call that needs an instance which, like its component, is not busy.

        Rules 3.3-7 and 6.9-12.
        """
        check_idle(self, f"service instance {self.name}")
        if self.component is not None and self.component.busy:
            raise ConflictError(
                f"The component {self.component.name} attached to the service instance "
                f"{self.name} is busy: its status is {self.component.deployment_status.value}"
            )
        self.check_not_being_added()

    def check_not_being_added(self) -> None:
        """Refuse a call on an instance that a running edit may still remove again (Rule 3.3-19)."""
        workflow = self.service.workflow
        if workflow is not None and workflow.adds(self.name):
            raise ConflictError(
                f"The service instance {self.name} belongs to an edit of the service "
                f"{self.service.name} that is not over: its status is {self.service.status.value}"
            )

    def join(self) -> None:
        """Add this instance to its service and its environment."""
        self.service.instances[self.name] = self
        self.service.instance_orders.changed(self)

    def _uses(self) -> set[str]:
        return {*super()._uses(), self.environment.resource}

    def _states_changed(self) -> None:
        super()._states_changed()
        self.service.instance_orders.changed(self)

    def _deployment_target(self) -> DeploymentTarget:
        return DeploymentTarget(
            "SERVICE_INSTANCE",
            self.arn,
            self.created_at,
            self.environment_name,
            service_name=self.service_name,
            service_instance_name=self.name,
        )

    def _state_view(self, state: ServiceState) -> StateView:
        # Rule 6.12-7.
        pipeline, component = self.service.pipeline, self.component
        component_id = component.last_succeeded_deployment_id if component is not None else None
        pipeline_id = pipeline.last_succeeded_deployment_id if pipeline is not None else None
        return {
            "service_instance": {
                **versioned_view(state, self.template_name),
                "last_successful_component_deployment_ids": [component_id] if component_id else [],
                "last_successful_environment_deployment_id": (
                    self.environment.last_succeeded_deployment_id
                ),
                "last_successful_service_pipeline_deployment_id": pipeline_id,
            }
        }

    def _vanish(self) -> None:
        self.service.instances.pop(self.name, None)
        self.service.references.note(self.resource, ())
        self.service.instance_orders.changed(self)

    def _taken_over(self, state: ServiceState) -> None:
        entry = state.spec.instance(self.name)
        if entry is not None:
            self.service.merge_instance(entry)


@dataclass(eq=False, kw_only=True)
class ServicePipeline(ServiceRunner):
    """The pipeline of a service; ``id`` is fixed for its life."""

    transition_name: ClassVar[str] = "proton::service_pipeline"

    id: str

    @property
    def resource(self) -> str:
        """The resource part of the ARN.

        Recorded with and without an id; newer examples have one.

        Rule 2-10.
        """
        return f"{self.service.resource}/pipeline/{self.id}"

    @property
    def stack_label(self) -> str:
        """The name of the service."""
        return self.service.name[:41]

    def infrastructure_of(self, state: ServiceState) -> Infrastructure | None:
        """That of the bundle for the pipeline."""
        return state.bundle.pipeline if state.bundle is not None else None

    def parameters(
        self, state: ServiceState, infrastructure: Infrastructure
    ) -> render.ServicePipelineParameters:
        """The values for its files."""
        return pipeline_parameters(self, state, infrastructure)

    def _deployment_target(self) -> DeploymentTarget:
        # Rule 6.12-9.
        return DeploymentTarget(
            "SERVICE_PIPELINE",
            self.arn,
            self.created_at,
            # A pipeline runs in no environment, but the member is required: it shows that of the
            # first instance, if there is one.
            next((entry.environment for entry in self.service.current_spec.instances), None),
            service_name=self.service.name,
        )

    def _state_view(self, state: ServiceState) -> StateView:
        return {"service_pipeline": versioned_view(state, self.template_name)}

    def _vanish(self) -> None:
        self.service.pipeline = None

    def _taken_over(self, state: ServiceState) -> None:
        self.service.merge_pipeline(state.spec)


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
