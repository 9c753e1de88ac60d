"""The interface behind which infrastructure is provisioned.

Proton hands a provisioner a rendered CloudFormation template and gets outputs and resources back.
It is not used for self-managed and CodeBuild provisioning, whose outputs come with notifications.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


class ProvisioningError(Exception):
    """The infrastructure can't be provisioned or deleted; the text is for the status message."""


class ProvisioningWarning(UserWarning):
    """Something of a stack was not made, but worked out: the provisioner ``cloudformation`` warns
    once in each deployment, with everything that moto can't make.

    As an error it fails the deployment with its text as the message, and nothing of a new stack is
    left.
    """


@dataclass(frozen=True, slots=True)
class StackPlace:
    """The place and the name of a stack.

    ``name`` is the stack name (``AWSProton-…``, at most 128 characters) and ``id`` a UUID; both are
    the same for the life of the resource that the stack belongs to.
    """

    name: str
    id: str
    partition: str
    region: str
    account_id: str

    @property
    def arn(self) -> str:
        """The ARN of the stack."""
        return (
            f"arn:{self.partition}:cloudformation:{self.region}:{self.account_id}:"
            f"stack/{self.name}/{self.id}"
        )


@dataclass(frozen=True, slots=True)
class ProvisionedResource:
    """A provisioned resource as the list operations show it."""

    name: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Provisioned:
    """The result of a deployment: ``outputs`` of the template, as text, and what was
    provisioned.
    """

    outputs: Mapping[str, str]
    resources: tuple[ProvisionedResource, ...] = field(default=())


@runtime_checkable
class Provisioner(Protocol):
    """Deploys and deletes stacks."""

    def deploy(self, place: StackPlace, template: str, tags: Mapping[str, str]) -> Provisioned:
        """Create the stack, or update it if it is there.

        ``template`` is the rendered CloudFormation template, YAML or JSON; ``tags`` are those that
        Proton puts on what it provisions (``proton:account`` …). Raises :class:`ProvisioningError`,
        and then the stack is as it was before.
        """

    def delete(self, place: StackPlace) -> None:
        """Delete the stack; nothing to do if it is not there. Raises :class:`ProvisioningError`."""
