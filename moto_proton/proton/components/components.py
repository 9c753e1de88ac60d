"""Components: created, attached, updated, detached, deleted.

Rules: section 6.11 of docs/behaviour.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from moto_proton.bundle.errors import warn_of
from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import (
    Collection,
    Orders,
    Page,
    PageKey,
    PageRequest,
    Place,
    newest_first,
    page_of,
)
from moto_proton.proton.account.refusals import reading_spec
from moto_proton.proton.account.requests import Request, answer_equal_create
from moto_proton.proton.account.tags import read_tags
from moto_proton.proton.components.attachment import AttachmentChange, Attachments
from moto_proton.proton.components.component import Component, ComponentState
from moto_proton.proton.components.manifest import component_infrastructure
from moto_proton.proton.deployments.blocking import check_cancellable, check_idle
from moto_proton.proton.deployments.provisioning import Provisioning
from moto_proton.proton.deployments.records import Deployments
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.environments.provisioning_rules import check_still_connected
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.services.services import Services
from moto_proton.proton.templates.inputs import check_instance_inputs
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.spec import ServiceSpec, parse_service_spec, resolve_service_spec

_CREATE: Final = "CreateComponent"
_UPDATE: Final = "UpdateComponent"


class Components:
    """The components of an account and region."""

    def __init__(
        self,
        account: Account,
        deployments: Deployments,
        provisioning: Provisioning,
        templates: ServiceTemplates,
        environments: Environments,
        services: Services,
        instances: ServiceInstances,
    ) -> None:
        self._account = account
        self._deployments = deployments
        self._provisioning = provisioning
        self._services = services
        self._attachments = Attachments(templates, environments, instances)
        self._components: Collection[Component] = Collection()
        self._orders: Orders[Component] = Orders()

    def __iter__(self) -> Iterator[Component]:
        return iter(self._components)

    def find(self, name: str) -> Component | None:
        """The component of that name, or None."""
        return self._components.get(name)

    def get(self, name: str) -> Component:
        """The component of that name; :class:`ResourceNotFoundError` when there is none."""
        component = self._components.get(name)
        if component is None:
            raise ResourceNotFoundError(f"The component {name} does not exist")
        return component

    def page(self, page: PageRequest, request: Request) -> Page[Component]:
        """A page of the components that fit the names of the request; unknown names fit none.

        Rule 6.11-18.
        """
        if "service_instance_name" in request and "service_name" not in request:
            raise ValidationError("serviceInstanceName needs serviceName")
        wanted = {
            member: request[member]
            for member in ("environment_name", "service_name", "service_instance_name")
            if member in request
        }
        if not wanted:
            return self._components.page(page)

        def fits(component: Component) -> bool:
            return all(getattr(component, member) == name for member, name in wanted.items())

        return page_of(self._narrowed(page, request), page.limit, fits)

    def _narrowed(self, page: PageRequest, request: Request) -> Iterator[tuple[PageKey, Component]]:
        """The components of the service, or else of the environment, that a request names, newest
        first.
        """
        if "service_name" not in request:
            order = self._orders.order("environment", lambda: self._components, self._place)
            return order.walk([request["environment_name"]], after=page.after)
        service = self._services.find(request["service_name"])
        instances = service.instances.values() if service is not None else ()
        names = (instance.component.name for instance in instances if instance.component)
        attached = (self._components.get(name) for name in names)
        keyed = ((_key(c), c) for c in attached if c is not None)
        found = sorted(keyed, key=lambda pair: pair[0])
        return (pair for pair in found if page.after is None or pair[0] > page.after)

    def _place(self, component: Component) -> Place | None:
        if self._components.get(component.name) is not component:
            return None
        return component.environment_name, _key(component)

    def _remove(self, component: Component) -> None:
        """Remove a component whose deletion is complete."""
        self._components.discard(component)
        self._orders.changed(component)
        self._account.references.gone(component.resource)

    def create(self, request: Request) -> Component:
        """Create a component in an environment, attached to a service instance or not.

        Rules 6.11-7, 6.11-9, 6.11-15 to 6.11-17 and 10.1-6.
        """
        tags = read_tags(request.get("tags"))
        name = request["name"]
        replayed = self._account.tokens.replay(_CREATE, request, self._account.now)
        if isinstance(replayed, Component):
            return replayed
        existing = self._components.get(name)
        if existing is not None:
            return answer_equal_create(existing, request, leaving=existing.leaving)
        instance, environment = self._attachments.of_new(request)
        _check_environment(environment)
        infrastructure = component_infrastructure(
            request["manifest"], request["template_file"], environment
        )
        spec = _service_spec(request, instance, None)
        self._account.check_quota("components", len(self._components) + 1)
        warn_of(infrastructure.doubts, f"the component {name}")
        now = self._account.now
        component = Component(
            scope=self._account.scope,
            deployments=self._deployments,
            provisioned_by=self._provisioning,
            leave=self._remove,
            name=name,
            environment=environment,
            created_at=now,
            created_by=request,
            last_modified_at=now,
            manifest=request["manifest"],
            description=request.get("description"),
            last_client_request_token=request.get("client_token"),
            self_managed=environment.self_managed,
            tags=tags,
        )
        self._components.add(component)
        self._orders.changed(component)
        self._account.references.note(component.resource, [environment.resource])
        if instance is not None:
            component.attach(instance)
        component.deploy(ComponentState(request["template_file"], spec, infrastructure), now)
        component.run(self._account.progression, now)
        self._account.tokens.remember(_CREATE, request, now, component, lambda: self.find(name))
        return component

    def update(self, request: Request) -> Component:
        """Change the description, or deploy again with other files, spec or attachment.

        Rules 6.11-20 and 6.11-21.
        """
        component = self.get(request["name"])
        if self._account.tokens.replay(_UPDATE, request, self._account.now) is component:
            return component
        self._check_idle(component)
        change = self._attachments.change(component, request)
        if request["deployment_type"] == "NONE":
            for member in ("template_file", "service_spec", "service_name"):
                if member in request:
                    raise ValidationError(
                        "Only the description can be given with the deploymentType NONE"
                    )
            target = None
        else:
            target = self._update_target(component, change, request)
        now = self._account.now
        if "description" in request:
            component.description = request["description"]
        component.last_client_request_token = request.get("client_token")
        component.last_modified_at = now
        component.modified = True
        if target is not None:
            component.remember_attachment()
            if change.detach:
                component.detach()
            elif change.attach is not None:
                component.attach(change.attach)
            component.deploy(target, now, cancellable=True)
            component.run(self._account.progression, now)
        self._account.tokens.remember(
            _UPDATE, request, now, component, lambda: self.find(component.name)
        )
        return component

    def delete(self, name: str) -> Component:
        """Start the deletion of a detached component.

        Rules 3.3-10, 6.0.3-3, 6.11-3 and 6.11-30.
        """
        component = self.get(name)
        if component.service_instance is not None:
            raise ConflictError(
                f"The component {name} is attached to the service instance "
                f"{component.service_instance_name} of the service {component.service_name}"
            )
        check_idle(component, f"component {name}")
        component.delete(self._account.now)
        component.last_modified_at = self._account.now
        component.run(self._account.progression, self._account.now)
        return component

    def cancel(self, name: str) -> Component:
        """Cancel the deployment of an update that is in progress (Rule 6.11-31)."""
        component = self.get(name)
        check_cancellable(component, f"component {name}")
        component.cancel(self._account.now)
        component.run(self._account.progression, self._account.now)
        return component

    # --- rules ----------------------------------------------------------------------------------

    def _check_idle(self, component: Component) -> None:
        # Rules 3.3-8 and 6.11-28.
        check_idle(component, f"component {component.name}")
        instance = component.service_instance
        if instance is not None and instance.busy:
            raise ConflictError(
                f"The service instance {instance.name} that the component {component.name} is "
                f"attached to is busy: its status is {instance.deployment_status.value}"
            )

    def _update_target(
        self, component: Component, change: AttachmentChange, request: Request
    ) -> ComponentState:
        if component.deployment_status is DeploymentStatus.DELETE_FAILED:
            # A failed deletion can only be repeated (Rule 3.3-18).
            raise ConflictError(f"The deletion of the component {component.name} failed")
        check_still_connected(component.environment)
        current = component.deployed or component.attempted
        assert current is not None
        instance = change.instance_after(component)
        # A newly attached component starts from the spec of its instance, not from an old one.
        base = current.service_spec if change.attach is None else None
        spec = _service_spec(request, instance, base)
        if "template_file" not in request:
            return ComponentState(current.template_file, spec, current.infrastructure)
        text = request["template_file"]
        infrastructure = component_infrastructure(component.manifest, text, component.environment)
        return ComponentState(text, spec, infrastructure)


def _key(component: Component) -> PageKey:
    return newest_first(component.created_at, component.name)


def _check_environment(environment: Environment) -> None:
    # Rules 6.6-13, 6.11-13, 6.11-35 and 9-7.
    environment.check_takes_in()
    # Proton: in another account it is the connection that must have the role (service model).
    connection = environment.environment_account_connection
    owner, what = (connection, "its connection") if connection else (environment, "it")
    if owner.component_role_arn is None and not environment.self_managed:
        raise ValidationError(
            f"The environment {environment.name} takes no components: {what} has no "
            "componentRoleArn"
        )


def _service_spec(
    request: Request, instance: ServiceInstance | None, current: ServiceSpec | None
) -> ServiceSpec | None:
    """The spec of a component after a call; None when it is not attached.

    Without one, an attached component takes the spec of its instance.

    Rules 4.4-6, 6.11-10 and 6.11-11.
    """
    if instance is None:
        if "service_spec" in request:
            raise ValidationError("serviceSpec can be given only for an attached component")
        return None
    if "service_spec" not in request:
        if current is not None:
            return current
        return instance.deployed.spec if instance.deployed is not None else None
    with reading_spec():
        spec = resolve_service_spec(parse_service_spec(request["service_spec"]), current)
    entry = spec.instance(instance.name)
    if entry is None:
        # As in UpdateServiceInstance (Rule 6.11-33): there would be nothing to take inputs from.
        raise ValidationError(
            f"The serviceSpec has no entry for the service instance {instance.name}"
        )
    if instance.deployed is not None:
        check_instance_inputs(instance.deployed.bundle, entry)
    return spec
