"""The pipeline of a service as it is stored; the operations on it are in ``pipelines``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from moto_proton.bundle import Infrastructure
from moto_proton.proton.deployments.records import DeploymentTarget, StateView
from moto_proton.proton.services.parameters import pipeline_parameters
from moto_proton.proton.services.runner import ServiceRunner, ServiceState
from moto_proton.proton.templates.templated import versioned_view

if TYPE_CHECKING:
    from moto_proton import render


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
