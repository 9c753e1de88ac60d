"""Which service instance a component may be attached to, and how an update changes that.

Rules: section 6.11 of docs/behaviour.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from moto_proton.proton.account.requests import Request
from moto_proton.proton.components.component import Component
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.exceptions import ConflictError, ValidationError
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.templates.service_templates import ServiceTemplates

_DIRECTLY_DEFINED: Final = "DIRECTLY_DEFINED"


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """The change of the attachment by an update; by default none."""

    attach: ServiceInstance | None = None
    detach: bool = False

    def instance_after(self, component: Component) -> ServiceInstance | None:
        """The instance that the component is attached to after the change."""
        if self.detach:
            return None
        return self.attach or component.service_instance


class Attachments:
    """Reads the attachments that requests ask for, and refuses those that are not allowed."""

    def __init__(
        self,
        templates: ServiceTemplates,
        environments: Environments,
        instances: ServiceInstances,
    ) -> None:
        self._templates = templates
        self._environments = environments
        self._instances = instances

    def of_new(self, request: Request) -> tuple[ServiceInstance | None, Environment]:
        """The instance that a new component is attached to, None for none; its environment."""
        instance = self._instance(request.get("service_name"), request.get("service_instance_name"))
        if instance is not None:
            self._check_attachable(instance)
        return instance, self._environment(request.get("environment_name"), instance)

    def change(self, component: Component, request: Request) -> AttachmentChange:
        """The change of a component's attachment that an update asks for.

        Rules 6.11-4, 6.11-22 to 6.11-27 and 6.11-29.
        """
        service, name = request.get("service_name"), request.get("service_instance_name")
        if service is None and name is None:
            return AttachmentChange()
        if service == "" and name == "":
            return AttachmentChange(detach=True)
        if not service or not name:
            raise ValidationError(
                "serviceName and serviceInstanceName go together: both names, or both empty"
            )
        instance = self._instances.get(service, name)
        if instance is component.service_instance:
            return AttachmentChange()
        if component.service_instance is not None:
            raise ValidationError(
                f"The component {component.name} is attached to the service instance "
                f"{component.service_instance_name} and has to be detached first"
            )
        self._check_attachable(instance)
        self._environment(component.environment_name, instance)
        return AttachmentChange(attach=instance)

    def _instance(
        self, service_name: str | None, instance_name: str | None
    ) -> ServiceInstance | None:
        # Rule 6.11-9.
        if (service_name is None) != (instance_name is None):
            raise ValidationError("serviceName and serviceInstanceName go together")
        if service_name is None or instance_name is None:
            return None
        return self._instances.get(service_name, instance_name)

    def _environment(self, name: str | None, instance: ServiceInstance | None) -> Environment:
        # Rule 6.11-9.
        if instance is not None:
            if name is not None and name != instance.environment_name:
                raise ValidationError(
                    f"The service instance {instance.name} runs in the environment "
                    f"{instance.environment_name}, not in {name}"
                )
            return instance.environment
        if name is None:
            raise ValidationError(
                "A component needs environmentName, or serviceName with serviceInstanceName"
            )
        return self._environments.get(name)

    def _check_attachable(self, instance: ServiceInstance) -> None:
        """Refuse an attachment that the instance's state or its template version does not allow.

        Rules 5.10-102, 6.11-12, 7.6-4 and 7.6-5.
        """
        instance.service.check_parts_free()
        if instance.busy or instance.deployment_status is DeploymentStatus.DELETE_FAILED:
            raise ConflictError(
                f"The service instance {instance.name} is busy: its status is "
                f"{instance.deployment_status.value}"
            )
        instance.check_not_being_added()
        if instance.component is not None:
            raise ConflictError(
                f"The component {instance.component.name} is attached to the service instance "
                f"{instance.name} already"
            )
        if instance.deployed is None:
            raise ValidationError(
                f"The service instance {instance.name} has no template version: it was never "
                "deployed with success"
            )
        template = self._templates.find(instance.template_name)
        version = template.find(instance.deployed.version) if template else None
        sources = version.supported_component_sources if version is not None else None
        if _DIRECTLY_DEFINED not in (sources or ()):
            raise ValidationError(
                f"The template version of the service instance {instance.name} supports no "
                "directly defined components"
            )
