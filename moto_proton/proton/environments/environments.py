"""Environments: created, updated, cancelled and deleted.

Rules: section 6.6 of docs/behaviour.md. ``provisioning_rules`` decides which members go together.
"""

from __future__ import annotations

from collections.abc import Iterator

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import (
    Collection,
    Orders,
    Page,
    PageRequest,
    Place,
    newest_first,
    page_of,
)
from moto_proton.proton.account.refusals import reading_spec, some_of
from moto_proton.proton.account.requests import Request, answer_repeated_create
from moto_proton.proton.account.tags import merge_tags, read_tags
from moto_proton.proton.connections.connection import EnvironmentAccountConnection
from moto_proton.proton.connections.connections import EnvironmentAccountConnections
from moto_proton.proton.deployments.blocking import check_cancellable, check_idle
from moto_proton.proton.deployments.provisioning import LONGEST_OUTPUT, Provisioning
from moto_proton.proton.deployments.records import Deployments
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments import provisioning_rules
from moto_proton.proton.environments.environment import Environment, EnvironmentState
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.repositories.links import Repositories
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.inputs import check_environment_inputs
from moto_proton.proton.templates.numbers import (
    DeploymentType,
    refuse_with_none,
    version_for_create,
    version_for_update,
)
from moto_proton.spec import EnvironmentSpec, parse_environment_spec, resolve_environment_spec


class Environments:
    """The environments of an account and region."""

    def __init__(
        self,
        account: Account,
        deployments: Deployments,
        provisioning: Provisioning,
        templates: EnvironmentTemplates,
        repositories: Repositories,
        connections: EnvironmentAccountConnections,
    ) -> None:
        self._account = account
        self._deployments = deployments
        self._provisioning = provisioning
        self._templates = templates
        self._repositories = repositories
        self._connections = connections
        self._orders: Orders[Environment] = Orders()
        self._environments: Collection[Environment] = Collection()

    def __iter__(self) -> Iterator[Environment]:
        return iter(self._environments)

    def find(self, name: str) -> Environment | None:
        """The environment of that name, or None."""
        return self._environments.get(name)

    def get(self, name: str) -> Environment:
        """The environment of that name; :class:`ResourceNotFoundError` when there is none.

        Rule 6.6-19.
        """
        environment = self._environments.get(name)
        if environment is None:
            raise ResourceNotFoundError(f"The environment {name} does not exist")
        return environment

    def page(
        self, request: PageRequest, templates: list[dict[str, str]] | None = None
    ) -> Page[Environment]:
        """A page of the environments, of those on any of ``templates`` (name and major version).

        An unknown template matches nothing.

        Rule 6.6-20.
        """
        if not templates:
            return self._environments.page(request)
        wanted = {(entry["template_name"], entry["major_version"]) for entry in templates}
        order = self._orders.order("template", lambda: self._environments, self._place)
        return page_of(order.walk(list(wanted), after=request.after), request.limit)

    def _place(self, environment: Environment) -> Place | None:
        if self._environments.get(environment.name) is not environment:
            return None
        template = (environment.template_name, environment.template_major_version)
        return template, newest_first(environment.created_at, environment.name)

    def _remove(self, environment: Environment) -> None:
        """Remove an environment whose deletion is complete (Rule 6.6-36)."""
        self._environments.discard(environment)
        self._orders.changed(environment)
        self._account.references.gone(environment.resource)

    def create(self, request: Request) -> Environment:
        """Create an environment, or answer a repeated create with the existing one.

        Rules 6.6-1, 6.6-14 to 6.6-16, 6.6-18, 10.1-3 and 10.2-19.
        """
        name = request["name"]
        tags = read_tags(request.get("tags"))
        existing = self._environments.get(name)
        if existing is not None:
            return answer_repeated_create(existing, request, leaving=existing.leaving)
        template = self._templates.get(request["template_name"])
        with reading_spec():
            spec = resolve_environment_spec(parse_environment_spec(request["spec"]), None)
        check_customer_values(spec, template.provisioning)
        provisioning_rules.check_create(request, template.provisioning)
        version = version_for_create(
            template, request["template_major_version"], request.get("template_minor_version")
        )
        bundle = version.environment_bundle
        check_environment_inputs(bundle, spec)
        self._account.check_key(template.encryption_key)
        repository = provisioning_rules.repository_to_use(self._repositories, request)
        connection = provisioning_rules.connection_to_use(
            self._connections, self._account.scope, request
        )
        provisioning_rules.check_method(bundle, request, connection)
        # The parent's tags that reach the environment are those of the version, which has taken
        # over the template's, or the template's where the version has none.
        merged = merge_tags(version.tags or template.tags, tags)
        self._account.check_quota("environments", len(self._environments) + 1)
        environment = Environment(
            scope=self._account.scope,
            deployments=self._deployments,
            provisioned_by=self._provisioning,
            references=self._account.references,
            connections=self._connections,
            orders=self._orders,
            leave=self._remove,
            name=name,
            created_at=self._account.now,
            created_by=request,
            template_name=template.name,
            description=request.get("description"),
            provisioning=template.provisioning,
            proton_service_role_arn=request.get("proton_service_role_arn"),
            codebuild_role_arn=request.get("codebuild_role_arn"),
            component_role_arn=request.get("component_role_arn"),
            environment_account_connection_id=connection.id if connection else None,
            environment_account_id=connection.environment_account_id if connection else None,
            provisioning_repository=repository,
            self_managed=repository is not None,
            tags=merged,
        )
        self._environments.add(environment)
        self._deploy(
            environment, EnvironmentState(spec, version.version, bundle), cancellable=False
        )
        return environment

    def update(self, request: Request) -> Environment:
        """Update metadata, spec and template version, by ``deployment_type``.

        Rules 3.3-11, 6.6-22, 6.6-23, 6.6-27 and 6.6-32.
        """
        environment = self.get(request["name"])
        kind = DeploymentType(request["deployment_type"])
        check_idle(environment, f"environment {environment.name}")
        provisioning_rules.check_update(request, environment)
        connection = provisioning_rules.connection_to_use(
            self._connections, self._account.scope, request, environment
        )
        if connection is None and kind is not DeploymentType.NONE:
            provisioning_rules.check_still_connected(environment)
        target = self._update_target(environment, kind, request, connection)
        environment.remember_access()
        for member in ("description", *provisioning_rules.ROLES):
            if member in request:
                setattr(environment, member, request[member])
        if connection is not None:
            environment.environment_account_connection_id = connection.id
            environment.note_uses()
        environment.modified = True
        if target is not None:
            self._deploy(environment, target, cancellable=True)
        return environment

    def _update_target(
        self,
        environment: Environment,
        kind: DeploymentType,
        request: Request,
        connection: EnvironmentAccountConnection | None,
    ) -> EnvironmentState | None:
        # Rules 6.6-24 to 6.6-26.
        versions = (request.get("template_major_version"), request.get("template_minor_version"))
        if kind is DeploymentType.NONE:
            refuse_with_none(request, "spec", "template_major_version", "template_minor_version")
            return None
        if environment.deployment_status is DeploymentStatus.DELETE_FAILED:
            # Only another deletion helps (Rule 3.3-18).
            raise ConflictError(f"The deletion of the environment {environment.name} failed")
        # After a failed creation an update starts from what was attempted (Rule 6.6-44): the guide
        # mentions no environment that can't be updated any more.
        state = environment.deployed or environment.attempted
        assert state is not None
        template = self._templates.get(environment.template_name)
        spec = state.spec
        if "spec" in request:
            with reading_spec():
                spec = resolve_environment_spec(parse_environment_spec(request["spec"]), spec)
            check_customer_values(spec, environment.provisioning)
        version = version_for_update(template, kind, state.version, *versions)
        bundle = version.environment_bundle
        check_environment_inputs(bundle, spec)
        provisioning_rules.check_method(bundle, request, connection, environment)
        self._account.check_key(template.encryption_key)
        return EnvironmentState(spec, version.version, bundle)

    def delete(self, name: str) -> Environment | None:
        """Start the deletion of an environment that nothing runs in.

        None when it is not there; a repeat while it is being deleted changes nothing.

        Rules 3.3-12, 6.0.3-2, 6.6-35 and 12-30.
        """
        environment = self._environments.get(name)
        if environment is None:
            return None
        if environment.deployment_status is DeploymentStatus.DELETE_IN_PROGRESS:
            return environment
        check_idle(environment, f"environment {name}")
        occupants = self._account.references.users_of(environment.resource)
        if occupants:
            raise ConflictError(f"The environment {name} is in use by {some_of(occupants)}")
        environment.delete(self._account.now)
        environment.run(self._account.progression, self._account.now)
        return environment

    def cancel(self, name: str) -> Environment:
        """Cancel the deployment of an update that is in progress (Rule 6.6-38)."""
        environment = self.get(name)
        check_cancellable(environment, f"environment {name}")
        environment.cancel(self._account.now)
        environment.run(self._account.progression, self._account.now)
        return environment

    def _deploy(
        self, environment: Environment, target: EnvironmentState, *, cancellable: bool
    ) -> None:
        # Rules 6.6-17 and 9-8.
        now = self._account.now
        environment.deploy(target, now, cancellable=cancellable)
        if environment.provisioning is None:
            environment.run(self._account.progression, now)
            return
        # Nothing is provisioned for a customer managed environment, so its deployment succeeds at
        # once; its outputs are the values of its spec.
        values = {key: str(value) for key, value in target.spec.inputs.items() if value}
        environment.succeed_with(values, now)


def check_customer_values(spec: EnvironmentSpec, provisioning: str | None) -> None:
    """Refuse values in the spec of a customer managed environment that can't be outputs.

    They are the outputs of the customer's own infrastructure, so strings; an empty one is no output
    (Rule 4.2-5).

    Rule 4.2-4.
    """
    if provisioning is None:
        return
    for key, value in spec.inputs.items():
        if not isinstance(value, str):
            raise ValidationError(
                f"The input {key} of a customer managed environment must be a string"
            )
        if max(len(key), len(value)) > LONGEST_OUTPUT:
            raise ValidationError(
                f"The input {key:.60} of a customer managed environment is an output of it, whose "
                f"name and value may have at most {LONGEST_OUTPUT} characters"
            )
