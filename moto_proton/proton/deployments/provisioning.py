"""Carries a plan out: its files are rendered, its stack is deployed or deleted.

Rules: section 9 of docs/behaviour.md. Only CloudFormation is provisioned by Proton itself; what is
self-managed or built by CodeBuild gets its files and reports back. Stacks are made by the
provisioner, which the settings choose.
"""

from __future__ import annotations

import hashlib
import logging
import string
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from moto_proton.bundle import ProvisioningMethod
from moto_proton.proton.deployments.plan import Plan
from moto_proton.provision.provisioner import (
    Provisioned,
    Provisioner,
    ProvisioningError,
    StackPlace,
)

if TYPE_CHECKING:
    from moto_proton.render import Rendered

_log: Final = logging.getLogger(__name__)
_LETTERS: Final = string.ascii_uppercase
# Service model: the longest deploymentStatusMessage.
_LONGEST_MESSAGE: Final = 5000
# Service model: the longest key and valueString. It is not known what Proton did with a longer
# output; that it fails the deployment is a choice.
LONGEST_OUTPUT: Final = 1024


class InfrastructureFailure(Exception):  # the outcome of a deployment, not a defect
    """The files could not be rendered, or the stack not deployed or deleted."""

    def __init__(self, reason: Exception | str) -> None:
        super().__init__(str(reason)[:_LONGEST_MESSAGE])


def render(plan: Plan) -> Rendered:
    """The files of a plan with its values; raises :class:`InfrastructureFailure` (Rule 8.5-19)."""
    from moto_proton import render

    try:
        match plan.parameters:
            case render.EnvironmentParameters():
                return render.render_environment(plan.infrastructure, plan.parameters)
            case render.ServiceInstanceParameters():
                return render.render_service_instance(plan.infrastructure, plan.parameters)
            case render.ServicePipelineParameters():
                return render.render_service_pipeline(plan.infrastructure, plan.parameters)
            case render.ComponentParameters():
                return render.render_component(plan.infrastructure, plan.parameters)
    except render.RenderError as error:
        raise InfrastructureFailure(error) from error


class Provisioning:
    """Provisions for an account and region; ``provisioner_of`` returns the provisioner in force."""

    def __init__(self, provisioner_of: Callable[[], Provisioner]) -> None:
        self._provisioner_of = provisioner_of

    def deploy(self, plan: Plan, rendered: Rendered) -> Provisioned | None:
        """Create or update the stack of a plan; None if it is not Proton that provisions it.

        Raises :class:`InfrastructureFailure`.

        Rules 9-4 and 9-9.
        """
        if rendered.method is not ProvisioningMethod.CLOUDFORMATION:
            return None
        with _failing_what_was_asked():
            provisioned = self._provisioner_of().deploy(plan.place, rendered.template, plan.tags)
            _check_outputs(provisioned.outputs)
        return provisioned

    def delete(self, place: StackPlace) -> None:
        """Delete a stack. Raises :class:`InfrastructureFailure`."""
        with _failing_what_was_asked():
            self._provisioner_of().delete(place)


@contextmanager
def _failing_what_was_asked() -> Iterator[None]:
    """Turn every exception of a provisioner into a failed deployment or deletion.

    A user's own provisioner may raise anything, and it mostly runs during a later call than the one
    that started the deployment. If the exception were passed on, every later call would raise it
    again.
    """
    try:
        yield
    except ProvisioningError as error:
        raise InfrastructureFailure(error) from error
    except Exception as error:
        _log.exception("The provisioner failed")
        raise InfrastructureFailure(f"The provisioner failed: {error!r}") from error


def _check_outputs(outputs: Mapping[str, str]) -> None:
    for name, value in outputs.items():
        for what, text in ((f"The name of output {name!r:.60}", name), (f"Output {name}", value)):
            if not isinstance(text, str):
                raise ProvisioningError(f"{what} is no text but {text!r:.60}")
            if not 0 < len(text) <= LONGEST_OUTPUT:
                raise ProvisioningError(
                    f"{what} has {len(text)} characters, but it may have 1 to {LONGEST_OUTPUT}"
                )


@lru_cache(maxsize=1024)
def stack_name_and_id(arn: str, created_at: datetime, label: str) -> tuple[str, str]:
    """The name and the id of the stack of a resource; the label is what people know it by."""
    identity = f"{arn} {created_at}"
    digest = hashlib.sha256(identity.encode()).digest()
    suffix = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:15])
    name = f"AWSProton-{label}-cloudformation--{suffix}"
    return name, str(uuid.uuid5(uuid.NAMESPACE_URL, identity))
