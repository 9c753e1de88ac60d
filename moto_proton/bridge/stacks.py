"""The provisioner ``cloudformation``: real stacks in moto's CloudFormation.

Stacks are listed under Proton's own id, and their resources exist in the services of the same mock.
A deployment is a ``stack_deployment``. moto's CloudFormation is imported only for the first
deployment, since that takes seconds.

Choice where Proton's sources are silent: a stack whose creation failed is rolled back and deleted,
because Proton would have to do so before it could create it again. Its events still say why it
failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from moto_proton.bridge import stack_resources
from moto_proton.bridge.stack_deployment import StackDeployment
from moto_proton.bridge.stack_lifecycle import delete_all, record_event, take_out
from moto_proton.bridge.stack_types import backend_of
from moto_proton.forking import ForkSafeLock
from moto_proton.provision.provisioner import (
    Provisioned,
    ProvisionedResource,
    ProvisioningError,
    StackPlace,
)

# Proton's limit for the identifier of a provisioned resource (service model).
_LONGEST_IDENTIFIER: Final = 200
# Environments of several accounts may be provisioned into one, and moto has no locks of its own.
_ONE_AT_A_TIME: Final = ForkSafeLock()


class StackProvisioner:
    """Creates, updates and deletes stacks in moto's CloudFormation. See ``Provisioner``.

    What moto can't make is worked out as the default provisioner does, with a
    :class:`ProvisioningWarning`; if ``strict``, it fails the deployment.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict

    def deploy(self, place: StackPlace, template: str, tags: Mapping[str, str]) -> Provisioned:
        """Create the stack, or update it if it is there. See ``Provisioner``.

        Raises :class:`ProvisioningError`; then a new stack has been deleted, and an old one is as
        it was.
        """
        with _ONE_AT_A_TIME, _in_words():
            deployment = StackDeployment(place, template, tags, strict=self._strict)
            outputs = deployment.run()
        # Proton: an output must not be empty, nor an identifier too long (service model): leave
        # those out.
        shown = {name: value for name, value in outputs.items() if value}
        resource = ProvisionedResource(place.name, place.arn[:_LONGEST_IDENTIFIER])
        return Provisioned(shown, (resource, *deployment.stand_ins.listed()))

    def delete(self, place: StackPlace) -> None:
        """Delete the stack with all its resources; nothing to do if it is not there.

        Raises :class:`ProvisioningError` if a resource can't be deleted; the stack stays then, with
        what is left of it.
        """
        with _ONE_AT_A_TIME, _in_words():
            stack_resources.load_moto()
            backend = backend_of("cloudformation", place)
            stack = backend.stacks.get(place.arn)
            if stack is None:
                return
            record_event(stack, "DELETE_IN_PROGRESS", "User Initiated")
            if failures := delete_all(stack, place):
                names = ", ".join(failures)
                text = f"The following resource(s) failed to delete: [{names}]. "
                text += " ".join(failures.values())
                record_event(stack, "DELETE_FAILED", text)
                raise ProvisioningError(text)
            take_out(backend, stack)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn every exception into a :class:`ProvisioningError`."""
    try:
        yield
    except ProvisioningError:
        raise
    except Exception as error:
        raise ProvisioningError(stack_resources.reason(error)) from error
