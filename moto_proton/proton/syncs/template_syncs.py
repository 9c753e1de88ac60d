"""Template sync configs: which template follows which branch of a linked repository.

Rules: section 11.1 of docs/behaviour.md. ``template_push`` decides what follows from a push to the
branch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import Collection, Orders, Place, newest_first
from moto_proton.proton.account.requests import Request, same_parameters
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.repositories.links import Repositories, repository_resource
from moto_proton.proton.syncs.attempts import NOTHING_SYNCED, ResourceSync
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.proton.templates.template import Template


@dataclass(eq=False, kw_only=True)
class TemplateSyncConfig:
    """A template that follows a branch; ``subdirectory`` is where its bundle is searched."""

    template_type: str
    template_name: str
    repository_provider: str
    repository_name: str
    branch: str
    subdirectory: str | None
    created_at: datetime
    created_by: Request
    modified: bool = False

    @property
    def name(self) -> str:
        """The unique key: one config for each template and type."""
        return _key(self.template_type, self.template_name)


@dataclass(eq=False)
class MajorVersionSync(ResourceSync):
    """The sync of one major version; ``version`` is the one that it made last."""

    version: Version | None = None


@dataclass(eq=False)
class TemplateSync:
    """What was synced to a template.

    ``seen`` is the place and commit of the last sync; ``waiting`` says that something could not be
    synced yet; ``without_bundle`` is the failed sync of a commit without a bundle for it.
    """

    seen: tuple[str | None, ...] | None = None
    waiting: bool = False
    without_bundle: ResourceSync | None = None
    majors: dict[int, MajorVersionSync] = field(default_factory=dict)


class TemplateSyncs:
    """The template sync configs of an account and region, and what was synced by them."""

    def __init__(
        self,
        account: Account,
        repositories: Repositories,
        environment_templates: EnvironmentTemplates,
        service_templates: ServiceTemplates,
    ) -> None:
        self._account = account
        self._repositories = repositories
        self._environment_templates = environment_templates
        self._service_templates = service_templates
        for kind in ("environment", "service"):
            account.references.when_gone(f"{kind}-template", partial(self._forget, kind.upper()))
        self._configs: Collection[TemplateSyncConfig] = Collection()
        self._orders: Orders[TemplateSyncConfig] = Orders()
        self.changes = 0
        """Counts how often a config was created, changed or deleted."""
        # Kept when its config is deleted: a template that was synced before needs a new commit to
        # sync again.
        self._syncs: dict[str, TemplateSync] = {}

    def __iter__(self) -> Iterator[TemplateSyncConfig]:
        return iter(self._configs)

    def of_repository(self, provider: str, name: str) -> Iterator[TemplateSyncConfig]:
        """The configs that follow a repository, the newest first."""
        order = self._orders.order("repository", lambda: self._configs, self._place)
        return (config for _, config in order.walk([(provider, name)]))

    def _place(self, config: TemplateSyncConfig) -> Place | None:
        if self._configs.get(config.name) is not config:
            return None
        repository = (config.repository_provider, config.repository_name)
        return repository, newest_first(config.created_at, config.name)

    def _note_change(self, config: TemplateSyncConfig) -> None:
        there = self._configs.get(config.name) is config
        template = f"{config.template_type.lower()}-template/{config.template_name}"
        repository = repository_resource(config.repository_provider, config.repository_name)
        self._account.references.note(
            f"the sync config of {template}", [template, repository] if there else []
        )
        self._orders.changed(config)
        self.changes += 1

    def find(self, template_type: str, template_name: str) -> TemplateSyncConfig | None:
        """The config of a template, or None."""
        return self._configs.get(_key(template_type, template_name))

    def get(self, template_type: str, template_name: str) -> TemplateSyncConfig:
        """The config of a template; :class:`ResourceNotFoundError` when there is none.

        Rule 11.1-8.
        """
        config = self.find(template_type, template_name)
        if config is None:
            raise ResourceNotFoundError(
                f"The {template_type.lower()} template {template_name} has no sync config"
            )
        return config

    def create(self, request: Request) -> TemplateSyncConfig:
        """Let a template follow a branch; the same request again returns the existing config.

        Rules 11.1-2, 11.1-4 and 11.1-6.
        """
        template_type, template_name = request["template_type"], request["template_name"]
        existing = self.find(template_type, template_name)
        if existing is not None:
            if existing.modified or not same_parameters(existing.created_by, request):
                raise ConflictError(
                    f"The {template_type.lower()} template {template_name} has a sync config "
                    "already"
                )
            return existing
        # The operation has no ResourceNotFoundException in its list.
        if self._find_template(template_type, template_name) is None:
            raise ValidationError(
                f"The {template_type.lower()} template {template_name} does not exist"
            )
        self._repositories.check_linked(request)
        config = TemplateSyncConfig(
            template_type=template_type,
            template_name=template_name,
            repository_provider=request["repository_provider"],
            repository_name=request["repository_name"],
            branch=request["branch"],
            subdirectory=request.get("subdirectory"),
            created_at=self._account.now,
            created_by=request,
        )
        self._configs.add(config)
        self._syncs.setdefault(config.name, TemplateSync())
        self._note_change(config)
        return config

    def update(self, request: Request) -> TemplateSyncConfig:
        """Follow another branch; a subdirectory that is not given is dropped.

        Rule 11.1-9.
        """
        config = self.get(request["template_type"], request["template_name"])
        self._repositories.get(request["repository_provider"], request["repository_name"])
        config.repository_provider = request["repository_provider"]
        config.repository_name = request["repository_name"]
        config.branch = request["branch"]
        config.subdirectory = request.get("subdirectory")
        config.modified = True
        self._note_change(config)
        return config

    def delete(self, template_type: str, template_name: str) -> TemplateSyncConfig:
        """Remove the config, and nothing else (Rules 6.0.3-3 and 11.1-11)."""
        config = self.get(template_type, template_name)
        self._configs.discard(config)
        self._note_change(config)
        return config

    def status(self, template_type: str, template_name: str, major: str) -> ResourceSync:
        """The sync of a major version; empty before the first one.

        Where a commit had no bundle of the template at all, a version that was never synced says
        so.

        Rules 11.1-18 and 15-2.
        """
        sync = self.sync_of(self.get(template_type, template_name))
        return sync.majors.get(int(major)) or sync.without_bundle or NOTHING_SYNCED

    def sync_of(self, config: TemplateSyncConfig) -> TemplateSync:
        """What was synced to the template of a config."""
        return self._syncs[config.name]

    def template_of(self, config: TemplateSyncConfig) -> Template:
        """The template of a config, which can't be deleted before its config."""
        template = self._find_template(config.template_type, config.template_name)
        assert template is not None
        return template

    def _forget(self, template_type: str, template_name: str) -> None:
        """Remove what was synced to a deleted template."""
        sync = self._syncs.get(_key(template_type, template_name))
        if sync is not None:
            sync.majors.clear()

    def _find_template(self, template_type: str, name: str) -> Template | None:
        if template_type == "ENVIRONMENT":
            return self._environment_templates.find(name)
        return self._service_templates.find(name)


def _key(template_type: str, template_name: str) -> str:
    return f"{template_type}/{template_name}"
