"""Finds deployable resources by ARN: environments, instances, pipelines and components."""

from __future__ import annotations

from typing import Any, TypeAlias

from moto_proton.proton.account.scope import Scope
from moto_proton.proton.components.component import Component
from moto_proton.proton.components.components import Components
from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.exceptions import ResourceNotFoundError, ValidationError
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.services.pipeline import ServicePipeline
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.services import Services

Deployed: TypeAlias = Environment | ServiceInstance | ServicePipeline | Component


class Resources:
    """Environments, services with their instances and pipelines, components."""

    def __init__(
        self,
        scope: Scope,
        environments: Environments,
        services: Services,
        instances: ServiceInstances,
        components: Components,
    ) -> None:
        self._scope = scope
        self._environments = environments
        self._services = services
        self._instances = instances
        self._components = components

    def find(self, resource: str) -> Deployed | Service | None:
        """What has that resource part in its ARN, or None."""
        match resource.split("/"):
            case ["environment", name]:
                return self._environments.find(name)
            case ["service", name]:
                return self._services.find(name)
            case ["service", service, "service-instance", name]:
                return self._instances.find(service, name)
            case ["service", name, "pipeline", *_]:
                service_found = self._services.find(name)
                pipeline = service_found.pipeline if service_found is not None else None
                if pipeline is not None and pipeline.resource == resource:
                    return pipeline
            case ["component", name]:
                return self._components.find(name)
        return None

    def deployable(self, arn: str) -> Deployable[Any]:
        """The environment, instance, pipeline or component of that ARN.

        Raises :class:`ValidationError` for the ARN of another kind of thing, or of another account
        or region; :class:`ResourceNotFoundError` when there is no such resource.

        Rules 6.13-2 and 6.13-13.
        """
        resource = self._scope.resource_of(arn)
        match resource.split("/") if resource is not None else []:
            case ["environment" | "component", _]:
                pass
            case ["service", _, "service-instance", _] | ["service", _, "pipeline", *_]:
                pass
            case _:
                raise ValidationError(f"{arn} is no resource that is deployed")
        found = self.find(resource) if resource is not None else None
        if not isinstance(found, Deployable):
            raise ResourceNotFoundError(f"The resource {arn} does not exist")
        return found
