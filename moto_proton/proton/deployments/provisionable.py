"""The base class of resources with infrastructure: how a state is rendered and provisioned.

``provisioning`` makes the stacks, and ``deployable`` decides when.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from moto_proton.bundle import Infrastructure, InputError, ProvisioningMethod
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.deployments.plan import Plan
from moto_proton.proton.deployments.provisioning import (
    InfrastructureFailure,
    Provisioning,
    render,
    stack_name_and_id,
)
from moto_proton.provision.provisioner import ProvisionedResource, StackPlace

if TYPE_CHECKING:
    from moto_proton.proton.deployments.plan import Parameters
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
    def parameters(self, state: State, infrastructure: Infrastructure) -> Parameters:
        """The values of a state for its files; raises InputError."""

    @property
    def provisioned_tags(self) -> dict[str, str]:
        """The tags of the provisioned infrastructure: the managed ones without ``aws:``.

        Rules 10.2-9 and 10.2-10.
        """
        related = {f"proton:{kind}": arn for kind, arn in self.related_arns.items()}
        return {"proton:account": self.scope.account_id, **related}

    @property
    def stack(self) -> StackPlace:
        """Its stack, the same for its life; a resource made anew has another.

        The name is the label, and fifteen capital letters.

        Rules 9-23 to 9-25.
        """
        name, stack_id = stack_name_and_id(self.arn, self.created_at, self.stack_label)
        return StackPlace(
            name=name,
            id=stack_id,
            partition=self.scope.partition,
            region=self.scope.region,
            account_id=self.provisioned_in,
        )

    def plan(self, state: State) -> Plan | None:
        """What a state is provisioned with; None if it has no infrastructure that is known.

        Raises InputError for inputs that the schema does not admit.
        """
        infrastructure = self.infrastructure_of(state)
        if infrastructure is None:
            return None
        parameters = self.parameters(state, infrastructure)
        return Plan(infrastructure, parameters, self.stack, self.provisioned_tags)

    def method_of(self, state: State) -> ProvisioningMethod | None:
        """The method by which a state is provisioned; None if no bundle says so."""
        infrastructure = self.infrastructure_of(state)
        return infrastructure.method if infrastructure is not None else None

    def _make_files(self, state: State) -> Plan | None:
        """Plan a state and render its files; raises :class:`InfrastructureFailure`."""
        try:
            plan = self.plan(state)
        except InputError as error:
            # Calls refuse bad inputs; these are of a spec that says nothing of its instance.
            raise InfrastructureFailure(f"The inputs are not valid: {error}") from error
        self.rendered = render(plan) if plan is not None else None
        return plan

    def _make_stack(self, state: State) -> Mapping[str, str] | None:
        """Render and provision a state. Returns its outputs, or None if Proton does not know them.

        Raises :class:`InfrastructureFailure`.
        """
        plan = self._make_files(state)
        if plan is None or self.rendered is None:
            return None
        if self.rendered.method is ProvisioningMethod.CLOUDFORMATION:
            # Even if it fails: what could not be rolled back has to be deleted with the resource.
            self._has_stack = True
        provisioned = self.provisioned_by.deploy(plan, self.rendered)
        if provisioned is None:
            return None
        self.provisioned = provisioned.resources
        return provisioned.outputs

    def _tear_down(self) -> str | None:
        """Delete what was provisioned. Returns the message of the failure, if there was one."""
        if not self._has_stack:
            return None
        try:
            self.provisioned_by.delete(self.stack)
        except InfrastructureFailure as failure:
            return str(failure)
        self.provisioned = ()
        self._has_stack = False
        return None
