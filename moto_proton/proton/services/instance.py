"""A service instance as it is stored; the operations on it are in ``instances``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from moto_proton.bundle import Infrastructure
from moto_proton.proton.account.requests import Request
from moto_proton.proton.deployments.blocking import check_idle
from moto_proton.proton.deployments.records import DeploymentTarget, StateView
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.exceptions import ConflictError
from moto_proton.proton.services.parameters import instance_parameters
from moto_proton.proton.services.runner import ServiceRunner, ServiceState
from moto_proton.proton.templates.templated import versioned_view
from moto_proton.spec import InstanceSpec

if TYPE_CHECKING:
    from moto_proton import render


class AttachedComponent(Protocol):
    """What an instance knows of the component that is attached to it."""

    name: str
    deployment_status: DeploymentStatus
    last_succeeded_deployment_id: str | None
    outputs: dict[str, str]

    @property
    def busy(self) -> bool:
        """Whether it is being deployed, deleted or cancelled."""


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
        """Add this instance to its service."""
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
