"""Single service instances: created, listed, updated, cancelled.

Rules: section 6.9 of docs/behaviour.md. ``editing`` decides which instances an edited service spec
adds and deletes.
"""

from __future__ import annotations

from typing import Final

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.refusals import reading_spec
from moto_proton.proton.account.requests import Request, answer_equal_create
from moto_proton.proton.account.tags import merge_tags, read_tags
from moto_proton.proton.deployments.blocking import check_cancellable
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.environments.provisioning_rules import check_still_connected
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.services.by_hand import ChangedByHand, HandChange, TellChangedByHand
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.parts import ServiceParts
from moto_proton.proton.services.placement import (
    check_compatible,
    check_provisionable,
    environment_for,
)
from moto_proton.proton.services.runner import ServiceState
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.services import Services
from moto_proton.proton.services.status import ONLY_DELETABLE
from moto_proton.proton.templates.inputs import check_instance_inputs
from moto_proton.proton.templates.numbers import (
    DeploymentType,
    refuse_with_none,
    version_for_create,
    version_for_update,
)
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.proton.templates.version import TemplateVersion
from moto_proton.spec import (
    InstanceSpec,
    ServiceSpec,
    parse_service_spec,
    resolve_for_instance,
)

_CREATE: Final = "CreateServiceInstance"
_UPDATE: Final = "UpdateServiceInstance"


class ServiceInstances:
    """The service instances of an account and region; each is stored with its service."""

    def __init__(
        self,
        account: Account,
        services: Services,
        parts: ServiceParts,
        templates: ServiceTemplates,
        environments: Environments,
        tell: TellChangedByHand,
    ) -> None:
        self._account = account
        self._services = services
        self._parts = parts
        self._templates = templates
        self._environments = environments
        self._tell = tell

    def get(self, service_name: str, name: str) -> ServiceInstance:
        """An instance; :class:`ResourceNotFoundError` when it or its service is missing.

        Rule 6.9-6.
        """
        service = self._services.get(service_name)
        instance: ServiceInstance | None = service.instances.get(name)
        if instance is None:
            raise ResourceNotFoundError(
                f"The service instance {name} of the service {service_name} does not exist"
            )
        return instance

    def find(self, service_name: str, name: str) -> ServiceInstance | None:
        """An instance, or None."""
        service = self._services.find(service_name)
        return service.instances.get(name) if service is not None else None

    def create(self, request: Request, *, by_hand: bool = True) -> ServiceInstance:
        """Add one instance to a service; the service and its pipeline stay as they are.

        The spec is a service spec with an entry of that name, other entries are ignored; the entry
        is added to the service spec once the instance is deployed. ``by_hand`` is False for a
        service sync, whose own changes must not block it.

        Rules 6.9-1 and 6.9-3 to 6.9-5.
        """
        tags = read_tags(request.get("tags"))
        service = self._services.get(request["service_name"])
        replayed = self._account.tokens.replay(_CREATE, request, self._account.now)
        if isinstance(replayed, ServiceInstance):
            return replayed
        name = request["name"]
        existing: ServiceInstance | None = service.instances.get(name)
        if existing is not None:
            return answer_equal_create(existing, request, leaving=existing.leaving)
        service.check_not_in_progress()
        if service.status in ONLY_DELETABLE:
            raise ConflictError(
                f"The service {service.name} takes no more instances: its status is "
                f"{service.status.value}"
            )
        with reading_spec():
            spec = resolve_for_instance(
                parse_service_spec(request["spec"]), service.current_spec, name
            )
        entry = _entry(spec, name)
        version = self._version_for_new(service, request)
        bundle = version.service_bundle
        check_instance_inputs(bundle, entry)
        template = self._templates.get(service.template_name)
        self._account.check_key(template.encryption_key)
        environment = environment_for(self._environments, entry, version)
        self._check_count(service)
        now = self._account.now
        instance = self._parts.instance(
            service, name, environment, merge_tags(service.tags, tags), created_by=request
        )
        instance.deploy(ServiceState(spec, version.version, bundle), now)
        instance.run(self._account.progression, now)
        self._account.tokens.remember(
            _CREATE, request, now, instance, lambda: self.find(service.name, name)
        )
        if by_hand:
            self._tell(ChangedByHand(HandChange.CREATED, service.name, (name,)))
        return instance

    def update(self, request: Request, *, by_hand: bool = True) -> ServiceInstance:
        """Deploy an instance again: with other inputs, on another version, or unchanged.

        ``by_hand`` is False for a service sync.

        Rules 3.2-18, 3.2-19, 6.9-7 and 6.9-12.
        """
        instance = self.get(request["service_name"], request["name"])
        replayed = self._account.tokens.replay(_UPDATE, request, self._account.now)
        if replayed is instance:
            return instance
        kind = DeploymentType(request["deployment_type"])
        instance.service.check_parts_free()
        instance.check_idle()
        target = self._update_target(instance, kind, request)
        instance.last_client_request_token = request.get("client_token")
        if target is not None:
            instance.modified = True
            instance.deploy(target, self._account.now, cancellable=True)
            instance.run(self._account.progression, self._account.now)
            if by_hand:
                names = (instance.name,)
                self._tell(ChangedByHand(HandChange.UPDATED, instance.service_name, names))
        self._account.tokens.remember(
            _UPDATE,
            request,
            self._account.now,
            instance,
            lambda: self.find(instance.service_name, instance.name),
        )
        return instance

    def cancel(self, service_name: str, name: str) -> ServiceInstance:
        """Cancel the deployment of an update that is in progress."""
        instance = self.get(service_name, name)
        instance.service.check_parts_free()
        check_cancellable(instance, f"service instance {name}")
        instance.cancel(self._account.now)
        instance.run(self._account.progression, self._account.now)
        return instance

    def _update_target(
        self, instance: ServiceInstance, kind: DeploymentType, request: Request
    ) -> ServiceState | None:
        # Rules 3.1-25, 6.9-8 to 6.9-11, 6.9-13 and 6.9-14.
        versions = (request.get("template_major_version"), request.get("template_minor_version"))
        if kind is DeploymentType.NONE:
            refuse_with_none(request, "spec", "template_major_version", "template_minor_version")
            return None
        if instance.deployment_status is DeploymentStatus.DELETE_FAILED:
            # A failed deletion can only be repeated (Rule 3.3-18).
            raise ConflictError(f"The deletion of the service instance {instance.name} failed")
        check_still_connected(instance.environment)
        deployed = instance.deployed
        if deployed is None:
            # The wording is from a user's report: such an instance "has no version".
            raise ValidationError(
                f"The service instance {instance.name} has no template version: it was never "
                "deployed with success"
            )
        service = instance.service
        spec = service.current_spec
        if "spec" in request:
            with reading_spec():
                spec = resolve_for_instance(
                    parse_service_spec(request["spec"]), spec, instance.name
                )
            entry = _entry(spec, instance.name)
            if entry.environment != instance.environment_name:
                raise ValidationError(
                    f"The service instance {instance.name} can't move from the environment "
                    f"{instance.environment_name} to {entry.environment}"
                )
        template = self._templates.get(service.template_name)
        version = version_for_update(template, kind, deployed.version, *versions)
        self._account.check_key(template.encryption_key)
        bundle = version.service_bundle
        if version.version != deployed.version:
            check_compatible(instance.environment, instance.name, version)
            check_provisionable(instance.environment, instance.name, bundle)
        check_instance_inputs(bundle, _entry(spec, instance.name))
        return ServiceState(spec, version.version, bundle)

    def _version_for_new(self, service: Service, request: Request) -> TemplateVersion:
        # Rule 6.0.5-2.
        major = request.get("template_major_version")
        minor = request.get("template_minor_version")
        if major is None:
            if minor is not None:
                raise ValidationError("templateMinorVersion needs templateMajorVersion")
            major = str(service.major_for_new_instances)
        template = self._templates.get(service.template_name)
        return version_for_create(template, major, minor)

    def _check_count(self, service: Service) -> None:
        # Rule 6.9-4. CreateServiceInstance has no ServiceQuotaExceededException in its list.
        limit = self._account.settings.quotas["service_instances_per_service"]
        if len(service.instances) + 1 > limit:
            raise ValidationError(
                f"The service {service.name} can't have more than {limit} service instances"
            )


def _entry(spec: ServiceSpec, name: str) -> InstanceSpec:
    entry = spec.instance(name)
    if entry is None:
        raise ValidationError(f"The spec has no entry for the service instance {name}")
    return entry
