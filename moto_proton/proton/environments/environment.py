"""An environment as it is stored.

The operations on it are in ``environments``; ``provisioning_rules`` decides which members go
together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from moto_proton.bundle import EnvironmentBundle, Infrastructure
from moto_proton.proton.account.listing import Orders
from moto_proton.proton.account.references import References
from moto_proton.proton.account.requests import Request
from moto_proton.proton.connections.connection import (
    EnvironmentAccountConnection,
    connection_resource,
)
from moto_proton.proton.connections.connections import EnvironmentAccountConnections
from moto_proton.proton.deployments.records import DeploymentTarget, StateView
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments import provisioning_rules
from moto_proton.proton.environments.parameters import environment_parameters
from moto_proton.proton.exceptions import ConflictError
from moto_proton.proton.repositories.links import RepositoryBranch
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.templated import Templated, versioned_view
from moto_proton.spec import EnvironmentSpec

if TYPE_CHECKING:
    from moto_proton import render


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """What an environment gets from a deployment."""

    spec: EnvironmentSpec
    version: Version
    bundle: EnvironmentBundle | None


@dataclass(eq=False, kw_only=True)
class Environment(Templated[EnvironmentState]):
    """An environment. ``occupants`` are the resource parts of the resources that run in it."""

    transition_name: ClassVar[str] = "proton::environment"

    references: References
    connections: EnvironmentAccountConnections
    orders: Orders[Environment]
    leave: Callable[[Environment], None]
    name: str
    template_name: str
    created_by: Request
    description: str | None = None
    provisioning: str | None = None
    proton_service_role_arn: str | None = None
    codebuild_role_arn: str | None = None
    component_role_arn: str | None = None
    environment_account_connection_id: str | None = None
    environment_account_id: str | None = None
    provisioning_repository: RepositoryBranch | None = None
    tags: dict[str, str] = field(default_factory=dict)
    modified: bool = False
    _access_before: dict[str, str | None] = field(default_factory=dict, init=False)

    @property
    def resource(self) -> str:
        """The resource part of the ARN (Rule 2-7)."""
        return f"environment/{self.name}"

    @property
    def template_arn(self) -> str:
        """The ARN of its template."""
        return self.scope.arn(f"environment-template/{self.template_name}")

    @property
    def environment_account_connection(self) -> EnvironmentAccountConnection | None:
        """The connection that it is provisioned through; None if it has none or it was deleted."""
        connection_id = self.environment_account_connection_id
        return self.connections.find_anyones(connection_id) if connection_id is not None else None

    @property
    def awaits_notification(self) -> bool:
        """False for a customer managed environment: Proton does not provision it, so there is
        nothing to report.
        """
        return self.provisioning is None and super().awaits_notification

    @property
    def stack_label(self) -> str:
        """Its name."""
        return self.name[:41]

    @property
    def related_arns(self) -> dict[str, str]:
        """Its template's and its own."""
        return {"template": self.template_arn, "environment": self.arn}

    @property
    def provisioned_in(self) -> str:
        """The account of its connection, or its own."""
        return self.environment_account_id or self.scope.account_id

    def infrastructure_of(self, state: EnvironmentState) -> Infrastructure | None:
        """That of the bundle; a customer managed environment has none."""
        return state.bundle.infrastructure if state.bundle is not None else None

    def parameters(
        self, state: EnvironmentState, infrastructure: Infrastructure
    ) -> render.EnvironmentParameters:
        """The values for its files."""
        return environment_parameters(self, state, infrastructure)

    def check_takes_in(self) -> None:
        """Refuse a deployment into this environment if the environment is not usable.

        It must have been deployed with success once, must not be in deletion, and must have its
        connection if it is in another account.

        Rules 3.3-11, 3.3-20 and 5.2-10.
        """
        if self.deployment_status in (
            DeploymentStatus.DELETE_IN_PROGRESS,
            DeploymentStatus.DELETE_FAILED,
        ):
            raise ConflictError(
                f"The environment {self.name} is being deleted: its status is "
                f"{self.deployment_status.value}"
            )
        if self.never_succeeded:
            raise ConflictError(
                f"The environment {self.name} is not deployed: its status is "
                f"{self.deployment_status.value}"
            )
        provisioning_rules.check_still_connected(self)

    def remember_access(self) -> None:
        """Keep the old roles and connection, in case the update fails or is cancelled."""
        members = (*provisioning_rules.ROLES, "environment_account_connection_id")
        self._access_before = {member: getattr(self, member) for member in members}

    def _called_off(self) -> None:
        """Go back to the roles and the connection before the update (Rule 6.6-43)."""
        for member, value in self._access_before.items():
            setattr(self, member, value)
        self.note_uses()

    def _vanish(self) -> None:
        self.leave(self)

    def _states_changed(self) -> None:
        self.note_uses()
        self.orders.changed(self)

    def note_uses(self) -> None:
        """Say which template versions, repository and connection it uses now."""
        template = f"environment-template/{self.template_name}"
        uses = {f"{template}:{state.version}" for state in self.states_in_use}
        if self.provisioning_repository is not None:
            uses.add(self.provisioning_repository.repository)
        if self.environment_account_connection_id is not None:
            uses.add(connection_resource(self.environment_account_connection_id))
        self.references.note(self.resource, uses)

    def _deployment_target(self) -> DeploymentTarget:
        return DeploymentTarget("ENVIRONMENT", self.arn, self.created_at, self.name)

    def _state_view(self, state: EnvironmentState) -> StateView:
        return {"environment": versioned_view(state, self.template_name)}
