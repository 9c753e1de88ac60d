"""A component as it is stored: attached to a service instance, or on its own in an environment.

The operations on it are in ``components``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from moto_proton.bundle import Infrastructure
from moto_proton.proton.account.requests import Request
from moto_proton.proton.components.parameters import component_parameters
from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.deployments.records import DeploymentTarget, StateView
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.spec import ServiceSpec

if TYPE_CHECKING:
    from moto_proton import render


@dataclass(frozen=True, slots=True)
class ComponentState:
    """What a component gets from a deployment."""

    template_file: str
    service_spec: ServiceSpec | None
    infrastructure: Infrastructure


@dataclass(eq=False, kw_only=True)
class Component(Deployable[ComponentState]):
    """A component; ``service_instance`` is the instance it is attached to, ``leave`` removes it
    from its collection.

    The attachment holds from the call on, not from the end of the deployment, so that it blocks the
    deletion of the instance meanwhile (Rule 6.11-34).

    Rules 6.11-1, 6.11-2 and 6.11-8.
    """

    transition_name: ClassVar[str] = "proton::component"

    leave: Callable[[Component], None]
    name: str
    environment: Environment
    created_by: Request
    manifest: str
    last_modified_at: datetime
    description: str | None = None
    service_instance: ServiceInstance | None = None
    last_client_request_token: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    modified: bool = False
    _attached_before: ServiceInstance | None = None

    @property
    def resource(self) -> str:
        """The resource part of the ARN (Rule 2-11)."""
        return f"component/{self.name}"

    @property
    def stack_label(self) -> str:
        """Its name."""
        return self.name[:41]

    @property
    def related_arns(self) -> dict[str, str]:
        """Those of its environment and, while attached, its service and instance; its own."""
        related = {"environment": self.environment.arn}
        if self.service_instance is not None:
            related["service"] = self.service_instance.service.arn
            related["service-instance"] = self.service_instance.arn
        return {**related, "component": self.arn}

    @property
    def provisioned_in(self) -> str:
        """The account of its environment."""
        return self.environment.provisioned_in

    def infrastructure_of(self, state: ComponentState) -> Infrastructure | None:
        """That of the call that gave it, unless the settings do not require bundles."""
        environment = self.environment.deployed
        bundled = environment is not None and environment.bundle is not None
        return state.infrastructure if bundled else None

    def parameters(
        self, state: ComponentState, infrastructure: Infrastructure
    ) -> render.ComponentParameters:
        """The values for its files."""
        return component_parameters(self, state, infrastructure)

    @property
    def environment_name(self) -> str:
        """The name of the environment."""
        return self.environment.name

    @property
    def service_name(self) -> str | None:
        """The service it is attached to, if any."""
        return self.service_instance.service_name if self.service_instance else None

    @property
    def service_instance_name(self) -> str | None:
        """The service instance it is attached to, if any."""
        return self.service_instance.name if self.service_instance else None

    @property
    def service_spec(self) -> str | None:
        """The spec with the inputs; only an attached component has one.

        Rules 4.3-11 and 6.11-2.
        """
        state = self.deployed or self.attempted
        if self.service_instance is None or state is None or state.service_spec is None:
            return None
        return state.service_spec.text

    def remember_attachment(self) -> None:
        """Keep the current attachment, in case the update fails or is cancelled."""
        self._attached_before = self.service_instance

    def attach(self, instance: ServiceInstance) -> None:
        """Attach to an instance that has no component."""
        self.service_instance = instance
        instance.component = self

    def detach(self) -> None:
        """Detach from the instance; the infrastructure stays (Rule 6.11-23)."""
        if self.service_instance is not None:
            self.service_instance.component = None
            self.service_instance = None

    def _deployment_target(self) -> DeploymentTarget:
        return DeploymentTarget(
            "COMPONENT",
            self.arn,
            self.created_at,
            self.environment_name,
            service_name=self.service_name,
            service_instance_name=self.service_instance_name,
            component_name=self.name,
        )

    def _state_view(self, state: ComponentState) -> StateView:
        return {
            "component": {
                "template_file": state.template_file,
                "service_spec": state.service_spec.text if state.service_spec else None,
                "service_name": self.service_name,
                "service_instance_name": self.service_instance_name,
            }
        }

    def _called_off(self) -> None:
        """Restore the attachment from before the update, unless the instance is gone or has another
        component.
        """
        before = self._attached_before
        if before is self.service_instance:
            return
        self.detach()
        if before is None or before.component is not None or before.leaving:
            return
        if before.service.instances.get(before.name) is before:
            self.attach(before)

    def _vanish(self) -> None:
        self.leave(self)
