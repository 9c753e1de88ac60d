"""The base class of resources with infrastructure: how a state is rendered and provisioned.

``provisioning`` makes the stacks, and ``deployable`` decides when.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from moto_proton.bundle import Infrastructure, ProvisioningMethod
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.deployments.provisioning import InfrastructureFailure, Provisioning
from moto_proton.provision.provisioner import ProvisionedResource

if TYPE_CHECKING:
    from moto_proton.render import Rendered

State = TypeVar("State")


@dataclass(eq=False, kw_only=True)
class Provisionable(ABC, Generic[State]):
    """A resource with infrastructure.

    ``deployed`` is the state that was last deployed with success, None before the first.
    ``rendered`` holds the files that were rendered last, ``provisioned`` the infrastructure that
    exists because of them; a state without a bundle has neither.
    """

    scope: Scope
    provisioned_by: Provisioning
    created_at: datetime
    deployed: State | None = None
    rendered: Rendered | None = None
    provisioned: tuple[ProvisionedResource, ...] = ()
    _has_stack: bool = field(default=False, init=False)

    @property
    @abstractmethod
    def resource(self) -> str:
        """The resource part of the ARN."""

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.scope.arn(self.resource)

    @property
    @abstractmethod
    def stack_label(self) -> str:
        """Its part of the stack name, unique in the account; at most 41 characters."""

    @property
    @abstractmethod
    def related_arns(self) -> dict[str, str]:
        """Its own ARN and those of the resources that it belongs to, by kind as in the managed
        tags.
        """

    @property
    def provisioned_in(self) -> str:
        """The id of the account that its infrastructure is in."""
        return self.scope.account_id

    @abstractmethod
    def infrastructure_of(self, state: State) -> Infrastructure | None:
        """The infrastructure of a state; None without a bundle, or if nothing is provisioned for
        it.
        """

    @abstractmethod
    def render(self, state: State, infrastructure: Infrastructure) -> Rendered:
        """The infrastructure files of a state with its values; raises RenderError."""

    def method_of(self, state: State) -> ProvisioningMethod | None:
        """The method by which a state is provisioned; None if no bundle says so."""
        infrastructure = self.infrastructure_of(state)
        return infrastructure.method if infrastructure is not None else None

    def _make_files(self, state: State) -> None:
        """Render a state; raises :class:`InfrastructureFailure`."""
        self.rendered = self.provisioned_by.render(self, state)

    def _make_stack(self, state: State) -> Mapping[str, str] | None:
        """Render and provision a state. Returns its outputs, or None if Proton does not know them.

        Raises :class:`InfrastructureFailure`.
        """
        self._make_files(state)
        if self.rendered is None:
            return None
        if self.rendered.method is ProvisioningMethod.CLOUDFORMATION:
            # Even if it fails: what could not be rolled back has to be deleted with the resource.
            self._has_stack = True
        provisioned = self.provisioned_by.deploy(self, self.rendered)
        if provisioned is None:
            return None
        self.provisioned = provisioned.resources
        return provisioned.outputs

    def _tear_down(self) -> str | None:
        """Delete what was provisioned. Returns the message of the failure, if there was one."""
        if not self._has_stack:
            return None
        try:
            self.provisioned_by.delete(self)
        except InfrastructureFailure as failure:
            return str(failure)
        self.provisioned = ()
        self._has_stack = False
        return None
