"""Finds deployable resources by ARN: environments, instances, pipelines and components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.exceptions import ResourceNotFoundError, ValidationError

if TYPE_CHECKING:
    from moto_proton.proton.store import ProtonStore


def find_deployable(store: ProtonStore, arn: str) -> Deployable[Any]:
    """The resource of that ARN.

    Raises :class:`ValidationError` for the ARN of another kind of thing, or of another account or
    region; :class:`ResourceNotFoundError` when there is no such resource.

    Rules 6.13-2 and 6.13-13.
    """
    resource = store.scope.resource_of(arn)
    found: Deployable[Any] | None
    match resource.split("/") if resource is not None else []:
        case ["environment", name]:
            found = store.environments.find(name)
        case ["service", service, "service-instance", name]:
            found = store.service_instances.find(service, name)
        case ["service", service_name, "pipeline", *_]:
            owner = store.services.find(service_name)
            found = owner.pipeline if owner is not None else None
            if found is not None and found.resource != resource:
                found = None
        case ["component", name]:
            found = store.components.find(name)
        case _:
            raise ValidationError(f"{arn} is no resource that is deployed")
    if found is None:
        raise ResourceNotFoundError(f"The resource {arn} does not exist")
    return found
