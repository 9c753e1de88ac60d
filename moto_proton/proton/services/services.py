"""Services: created, described, edited and deleted.

Rules: section 6.8 of docs/behaviour.md. Single instances and pipelines have modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import CollectionByName, Orders, Page, PageRequest
from moto_proton.proton.account.refusals import reading_spec
from moto_proton.proton.account.requests import Request, answer_repeated_create
from moto_proton.proton.account.tags import merge_tags, read_tags
from moto_proton.proton.account_settings import AccountSettings
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.services.by_hand import TellChangedByHand
from moto_proton.proton.services.editing import ServiceEdits
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.parts import ServiceParts
from moto_proton.proton.services.placement import environment_for
from moto_proton.proton.services.runner import ServiceState
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.status import ServiceStatus
from moto_proton.proton.services.workflow import CreateWorkflow, DeleteWorkflow
from moto_proton.proton.templates.inputs import check_instance_inputs, check_pipeline_inputs
from moto_proton.proton.templates.numbers import Version, version_for_create
from moto_proton.proton.templates.service_templates import ServiceTemplate, ServiceTemplates
from moto_proton.spec import ServiceSpec, parse_service_spec, resolve_service_spec

_REPOSITORY_MEMBERS = {
    "repository_connection_arn": "repositoryConnectionArn",
    "repository_id": "repositoryId",
    "branch_name": "branchName",
}


class Services:
    """The services of an account and region."""

    def __init__(
        self,
        account: Account,
        parts: ServiceParts,
        templates: ServiceTemplates,
        environments: Environments,
        settings: AccountSettings,
        tell: TellChangedByHand,
    ) -> None:
        self._account = account
        self._parts = parts
        self._templates = templates
        self._environments = environments
        self._settings = settings
        self._edits = ServiceEdits(account, parts, templates, environments, tell)
        self.instance_orders: Orders[ServiceInstance] = Orders()
        self._services: CollectionByName[Service] = CollectionByName()

    def __iter__(self) -> Iterator[Service]:
        return iter(self._services)

    def find(self, name: str) -> Service | None:
        """The service of that name, or None."""
        return self._services.get(name)

    def get(self, name: str) -> Service:
        """The service of that name; :class:`ResourceNotFoundError` when there is none.

        Rule 5.2-1.
        """
        service = self._services.get(name)
        if service is None:
            raise ResourceNotFoundError(f"The service {name} does not exist")
        return service

    def by_name(self, start: str | None, *, descending: bool) -> Iterator[Service]:
        """The services in the order of their names, from ``start`` on if it is given."""
        return self._services.by_name(start, descending=descending)

    def template_versions_in_use(self) -> Iterator[tuple[str, Version]]:
        """The template name and number of each version that an instance or a pipeline runs on."""
        for resource in self._account.references.used("service-template:"):
            name, _, number = resource.partition("/")[2].partition(":")
            yield name, Version(*map(int, number.split(".")))

    def page(self, request: PageRequest) -> Page[Service]:
        """A page of the services."""
        return self._services.page(request)

    def create(self, request: Request) -> Service:
        """Create a service with its instances and its pipeline, or answer a repeated create.

        Rules 5.7-6, 6.8-1, 6.8-5, 6.8-7 to 6.8-9, 6.8-11, 6.8-12, 10.1-4 and 10.2-19.
        """
        tags = read_tags(request.get("tags"))
        existing = self._services.get(request["name"])
        if existing is not None:
            return answer_repeated_create(existing, request, leaving=existing.leaving)
        template = self._templates.get(request["template_name"])
        with reading_spec():
            spec = resolve_service_spec(parse_service_spec(request["spec"]), None)
        self._check_pipeline_members(request, template, spec)
        version = version_for_create(
            template, request["template_major_version"], request.get("template_minor_version")
        )
        bundle = version.service_bundle
        pipeline_infrastructure = bundle.pipeline if bundle is not None else None
        if template.has_pipeline:
            self._settings.check_can_provision(pipeline_infrastructure)
        for entry in spec.instances:
            check_instance_inputs(bundle, entry)
        check_pipeline_inputs(bundle, spec)
        self._account.check_key(template.encryption_key)
        environments = {
            entry.name: environment_for(self._environments, entry, version)
            for entry in spec.instances
        }
        # As for environments.
        merged = merge_tags(version.tags or template.tags, tags)
        self._account.check_quota("service_instances_per_service", len(spec.instances))
        self._account.check_quota("services", len(self._services) + 1)

        now = self._account.now
        service = Service(
            scope=self._account.scope,
            references=self._account.references,
            instance_orders=self.instance_orders,
            name=request["name"],
            template_name=template.name,
            created_with=version.version,
            created_at=now,
            last_modified_at=now,
            created_by=request,
            current_spec=spec,
            description=request.get("description") or None,
            tags=merged,
            repository_connection_arn=request.get("repository_connection_arn"),
            repository_id=request.get("repository_id"),
            branch_name=request.get("branch_name"),
        )
        state = ServiceState(spec, version.version, bundle)
        for entry in spec.instances:
            environment = environments[entry.name]
            instance = self._parts.instance(service, entry.name, environment, dict(merged))
            instance.deploy(state, now)
        if template.has_pipeline:
            service.pipeline = self._parts.pipeline(
                service, self_managed=self._settings.self_manages(pipeline_infrastructure)
            )
            service.pipeline.deploy(state, now)
        self._services.add(service)
        CreateWorkflow(service, now).start(self._account.progression)
        return service

    def update(
        self, name: str, *, description: str | None = None, spec: str | None = None
    ) -> Service:
        """Change the description, add and delete instances by an edited spec, or both.

        With neither, nothing changes. A refused spec leaves the description alone.

        Rules 3.2-7, 5.1-1, 5.1-2, 5.2-13, 5.5-1, 5.10-8, 5.10-16, 5.10-21, 5.10-28 and 5.10-29.
        """
        service = self.get(name)
        service.check_not_in_progress()
        edit = self._edits.plan(service, spec) if spec is not None else None
        if description is not None:
            service.description = description or None
            service.last_modified_at = self._account.now
            service.modified = True
        if edit is not None:
            service.modified = True
            self._edits.apply(service, edit)
        return service

    def delete(self, name: str) -> Service | None:
        """Start the deletion of a service with its instances and its pipeline.

        None when it is not there; a repeat while it is being deleted changes nothing.

        Rules 3.2-14, 3.3-9, 6.0.3-2 and 6.8-15.
        """
        service = self._services.get(name)
        if service is None:
            return None
        if service.status is ServiceStatus.DELETE_IN_PROGRESS:
            return service
        service.check_not_in_progress()
        for runner in service.runners:
            if runner.busy:
                raise ConflictError(
                    f"{runner.arn} is busy: its status is {runner.deployment_status.value}"
                )
        for instance in service.instances.values():
            if instance.component is not None:
                raise ConflictError(
                    f"The service {name} can't be deleted: the component "
                    f"{instance.component.name} is attached to its service instance "
                    f"{instance.name}"
                )
        now = self._account.now
        service.move_to(ServiceStatus.DELETE_IN_PROGRESS)
        service.last_modified_at = now
        DeleteWorkflow(service, now, vanish=self._remove).start(self._account.progression)
        return service

    def _remove(self, service: Service) -> None:
        # Rule 6.8-16.
        self._services.discard(service)
        self._account.references.gone(service.resource)

    def _check_pipeline_members(
        self, request: Request, template: ServiceTemplate, spec: ServiceSpec
    ) -> None:
        """Refuse repository members and pipeline inputs that do not fit the template.

        Rules 4.1-4, 6.8-2 and 6.8-3.
        """
        if not template.has_pipeline:
            for member, wire_name in _REPOSITORY_MEMBERS.items():
                if member in request:
                    raise ValidationError(
                        f"{wire_name} can't be given: the service template {template.name} has no "
                        "pipeline"
                    )
            if spec.pipeline:
                raise ValidationError(
                    "The spec can't have pipeline inputs: the service template "
                    f"{template.name} has no pipeline"
                )
            return
        for member, wire_name in _REPOSITORY_MEMBERS.items():
            if member not in request:
                raise ValidationError(
                    f"{wire_name} is needed: the service template {template.name} has a pipeline"
                )
