"""UpdateService: what an edited spec means for a service, decided before anything changes.

Rules: sections 5.2 and 5.5 of docs/behaviour.md. The diff itself is made by ``moto_proton.spec``;
here are the rules that depend on the state of the service.
"""

from __future__ import annotations

from dataclasses import dataclass

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.refusals import reading_spec
from moto_proton.proton.deployments.blocking import check_idle
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.exceptions import ConflictError, ValidationError
from moto_proton.proton.services.by_hand import ChangedByHand, HandChange, TellChangedByHand
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.parts import ServiceParts
from moto_proton.proton.services.placement import environment_for
from moto_proton.proton.services.runner import ServiceState
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.status import ONLY_DELETABLE, ServiceStatus
from moto_proton.proton.services.workflow import UpdateWorkflow
from moto_proton.proton.templates.inputs import check_instance_inputs
from moto_proton.proton.templates.numbers import version_for_create
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.proton.templates.version import TemplateVersion
from moto_proton.spec import (
    InstanceSpec,
    ServiceSpec,
    ServiceSpecDiff,
    diff_service_specs,
    parse_service_spec,
    resolve_service_spec,
)


@dataclass(frozen=True, slots=True)
class Addition:
    """An instance that an edit adds, with its environment and the version it starts on."""

    entry: InstanceSpec
    environment: Environment
    version: TemplateVersion


@dataclass(frozen=True, slots=True)
class ServiceEdit:
    """An accepted edit: the spec without placeholders, and what happens to each instance."""

    spec: ServiceSpec
    added: tuple[Addition, ...]
    deleted: tuple[ServiceInstance, ...]


class ServiceEdits:
    """Plans and applies the edits of the services of an account and region.

    ``tell`` is told of the instances that an edit creates and deletes.
    """

    def __init__(
        self,
        account: Account,
        parts: ServiceParts,
        templates: ServiceTemplates,
        environments: Environments,
        tell: TellChangedByHand,
    ) -> None:
        self._account = account
        self._parts = parts
        self._templates = templates
        self._environments = environments
        self._tell = tell

    def plan(self, service: Service, text: str) -> ServiceEdit:
        """Decide what an edited spec does to a service, or refuse it; changes nothing.

        Rules 3.3-6, 5.2-2 to 5.2-9, 5.2-12 to 5.2-14, 5.3-5, 5.3-6, 5.3-9, 5.4-1 and 5.10-18.
        """
        if service.status in ONLY_DELETABLE:
            raise ConflictError(
                f"The service {service.name} can't be edited: its status is {service.status.value}"
            )
        if service.pipeline is not None and service.pipeline.busy:
            raise ConflictError(
                f"The pipeline of the service {service.name} is busy: its status is "
                f"{service.pipeline.deployment_status.value}"
            )
        current = service.spec_of_all_instances()
        with reading_spec():
            proposed = parse_service_spec(text)
            diff = diff_service_specs(current, proposed)
        if diff.refused:
            raise ValidationError(
                f"UpdateService adds and deletes service instances of {service.name} and can't "
                "change anything else: " + "; ".join(edit.message for edit in diff.refused)
            )
        spec = resolve_service_spec(proposed, current)
        leftovers = {leftover.name for leftover in service.leftovers}
        for entry in diff.added:
            if entry.name in leftovers:
                raise ConflictError(
                    f"The service instance {entry.name} still exists: its deletion failed"
                )
        added = self._additions(service, diff)
        deleted = tuple(service.instances[entry.name] for entry in diff.deleted)
        for instance in deleted:
            _check_deletable(instance)
        self._account.check_quota(
            "service_instances_per_service", len(spec.instances) + len(leftovers)
        )
        return ServiceEdit(spec, added, deleted)

    def apply(self, service: Service, edit: ServiceEdit) -> None:
        """Start an accepted edit: the statuses of the response, the new instances, the workflow.

        Rules 5.5-2 to 5.5-7, 5.8-1 and 5.10-48.
        """
        now = self._account.now
        previous_spec = service.current_spec
        service.move_to(ServiceStatus.UPDATE_IN_PROGRESS)
        service.current_spec = edit.spec
        service.last_modified_at = now
        pipeline_target = None
        if service.pipeline is not None:
            state = service.pipeline.deployed or service.pipeline.attempted
            if state is not None:
                pipeline_target = ServiceState(edit.spec, state.version, state.bundle)
            service.pipeline.hold(DeploymentStatus.IN_PROGRESS, now)
        for instance in edit.deleted:
            instance.hold(DeploymentStatus.DELETE_IN_PROGRESS, now)
        added = []
        for addition in edit.added:
            # The tags that the service has at this moment; later ones are not passed on to existing
            # instances.
            instance = self._parts.instance(
                service, addition.entry.name, addition.environment, dict(service.tags)
            )
            version = addition.version
            instance.deploy(ServiceState(edit.spec, version.version, version.service_bundle), now)
            added.append(instance)
            self._tell(ChangedByHand(HandChange.CREATED, service.name, (instance.name,)))
        if edit.deleted:
            names = tuple(instance.name for instance in edit.deleted)
            self._tell(ChangedByHand(HandChange.DELETED, service.name, names))
        UpdateWorkflow(
            service,
            now,
            added=added,
            deleted=list(edit.deleted),
            pipeline_target=pipeline_target,
            previous_spec=previous_spec,
        ).start(self._account.progression)

    def _additions(self, service: Service, diff: ServiceSpecDiff) -> tuple[Addition, ...]:
        # Rules 5.2-10 and 5.2-11.
        template = self._templates.find(service.template_name)
        if template is not None:
            self._account.check_key(template.encryption_key)
        if not diff.added:
            return ()
        template = self._templates.get(service.template_name)
        version = version_for_create(template, str(service.major_for_new_instances), None)
        for entry in diff.added:
            check_instance_inputs(version.service_bundle, entry)
        return tuple(
            Addition(entry, environment_for(self._environments, entry, version), version)
            for entry in diff.added
        )


def _check_deletable(instance: ServiceInstance) -> None:
    # Rules 3.3-7, 3.3-9, 5.2-8 and 5.10-19.
    if instance.component is not None:
        raise ConflictError(
            f"The service instance {instance.name} can't be deleted: the component "
            f"{instance.component.name} is attached to it"
        )
    check_idle(instance, f"service instance {instance.name}")
