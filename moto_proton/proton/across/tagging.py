"""TagResource, UntagResource, ListTagsForResource: which resources have tags, and which.

Rules: section 10.2 of docs/behaviour.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, Union

from moto_proton.proton.account.scope import VERSIONED_TEMPLATE, Scope
from moto_proton.proton.account.tags import merge_tags, read_tags, without_tags
from moto_proton.proton.across.by_arn import Resources
from moto_proton.proton.components.component import Component
from moto_proton.proton.connections.connection import EnvironmentAccountConnection
from moto_proton.proton.connections.connections import EnvironmentAccountConnections
from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.exceptions import ResourceNotFoundError, ValidationError
from moto_proton.proton.repositories.links import LinkedRepository, Repositories
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.pipeline import ServicePipeline
from moto_proton.proton.services.service import Service
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.proton.templates.template import Template
from moto_proton.proton.templates.version import TemplateVersion

Taggable: TypeAlias = Union[
    Template,
    TemplateVersion,
    Environment,
    Service,
    ServiceInstance,
    Component,
    LinkedRepository,
    EnvironmentAccountConnection,
    "MajorVersion",
]


class MajorVersion:
    """A major version of a template: no operation returns one, but its ARN can be tagged.

    Rules 2-3 and 2-6.
    """

    def __init__(self, template: Template, major: int) -> None:
        self.template = template
        self.major = major

    @property
    def tags(self) -> dict[str, str]:
        """The customer tags."""
        return self.template.major_version_tags.get(self.major, {})

    @tags.setter
    def tags(self, tags: dict[str, str]) -> None:
        self.template.major_version_tags[self.major] = tags


class Tagging:
    """The tags of every taggable resource of an account and region (Rule 10.2-6)."""

    def __init__(
        self,
        scope: Scope,
        resources: Resources,
        environment_templates: EnvironmentTemplates,
        service_templates: ServiceTemplates,
        repositories: Repositories,
        connections: EnvironmentAccountConnections,
    ) -> None:
        self._scope = scope
        self._resources = resources
        self._environment_templates = environment_templates
        self._service_templates = service_templates
        self._repositories = repositories
        self._connections = connections

    def tag(self, arn: str, tags: Iterable[Mapping[str, str]]) -> None:
        """Add tags, or overwrite those with the same keys (Rules 6.14-1 and 12-40)."""
        added = read_tags(tags)
        resource = self._find(arn)
        self._put(resource, merge_tags(resource.tags, added))

    def untag(self, arn: str, keys: list[str]) -> None:
        """Remove tags."""
        resource = self._find(arn)
        self._put(resource, without_tags(resource.tags, keys))

    def list(self, arn: str) -> tuple[dict[str, str], dict[str, str]]:
        """The managed tags and the customer tags, each by key (Rule 10.2-7)."""
        resource = self._find(arn)
        return managed_tags(self._scope.account_id, resource), dict(resource.tags)

    def _put(self, resource: Taggable, tags: dict[str, str]) -> None:
        # Rule 6.0.2-5.
        resource.tags = tags
        # A tag call counts as a modification for repeated creates by name.
        if not isinstance(resource, TemplateVersion | MajorVersion | EnvironmentAccountConnection):
            resource.modified = True

    def _find(self, arn: str) -> Taggable:
        # Rule 6.14-1.
        resource = self._scope.resource_of(arn)
        if resource is None:
            raise ValidationError(
                f"{arn} is no ARN of AWS Proton in account {self._scope.account_id} and "
                f"region {self._scope.region}"
            )
        found = self._find_template(resource) or self._find_other(resource)
        if found is None:
            raise ResourceNotFoundError(f"The resource {arn} does not exist")
        return found

    def _find_template(self, resource: str) -> Taggable | None:
        versioned = VERSIONED_TEMPLATE.match(resource)
        path = versioned["template"] if versioned else resource
        kind, _, name = path.partition("/")
        template: Template | None = None
        if kind == "environment-template":
            template = self._environment_templates.find(name)
        elif kind == "service-template":
            template = self._service_templates.find(name)
        if template is None or versioned is None:
            return template
        major = int(versioned["major"])
        if versioned["minor"] is not None:
            return template.find(Version(major, int(versioned["minor"])))
        return MajorVersion(template, major) if template.of_major(major) else None

    def _find_other(self, resource: str) -> Taggable | None:
        # Rules 2-15, 6.7-26 and 10.2-6.
        match resource.split("/"):
            case ["environment-account-connection", connection_id]:
                return self._connections.find_owned(connection_id)
            case ["repository", *key]:
                return self._repositories.find_by_key("/".join(key))
            case ["service", _, "pipeline" as kind, *_] | ["deployment" as kind, *_]:
                raise ValidationError(f"A {kind} can't be tagged: {resource}")
        found = self._resources.find(resource)
        return None if isinstance(found, ServicePipeline) else found


def managed_tags(account_id: str, resource: Taggable) -> dict[str, str]:
    """The tags that Proton itself keeps on a resource; a connection has none.

    Rules 6.7-22, 10.2-8 and 10.2-11 to 10.2-18.
    """
    if isinstance(resource, EnvironmentAccountConnection):
        return {}
    tags = {"aws:proton:account": account_id}
    related: dict[str, str] = {}
    if isinstance(resource, Template):
        related["template"] = resource.arn
    elif isinstance(resource, TemplateVersion | MajorVersion):
        related["template"] = resource.template.arn
    elif isinstance(resource, Deployable):
        related.update(resource.related_arns)
    elif isinstance(resource, Service):
        related["template"] = resource.template_arn
        related["service"] = resource.arn
    return tags | {f"aws:proton:{name}": arn for name, arn in related.items()}
