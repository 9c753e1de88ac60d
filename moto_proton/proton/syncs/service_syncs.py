"""Service sync configs: which service follows which ops file in a linked repository.

Rules: section 11.3 of docs/behaviour.md. ``service_push`` decides what follows from a push.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import Collection, Orders, Place, newest_first
from moto_proton.proton.account.requests import Request, same_parameters
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.repositories.links import Repositories, repository_resource
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.services import Services
from moto_proton.proton.services.status import ServiceStatus
from moto_proton.proton.syncs.attempts import NOTHING_SYNCED, ResourceSync


@dataclass(eq=False, kw_only=True)
class ServiceSyncConfig:
    """A service that follows an ops file on a branch."""

    service_name: str
    repository_provider: str
    repository_name: str
    branch: str
    file_path: str
    created_at: datetime
    created_by: Request
    modified: bool = False

    @property
    def name(self) -> str:
        """The unique key: one config for each service."""
        return self.service_name


@dataclass(eq=False)
class ServiceSync:
    """What was synced to a service, by instance name.

    ``config`` and ``heads`` (commits by branch) are from the last sync; ``waiting`` says that
    something could not be synced yet. ``pipelines`` are the syncs of the pipeline by the spec file,
    its branch and path, that has the inputs; ``due`` and ``pipelines_due`` are the instances and
    pipelines that have still to be checked.
    """

    config: tuple[str, ...] | None = None
    heads: dict[str, str | None] = field(default_factory=dict)
    waiting: bool = False
    instances: dict[str, ResourceSync] = field(default_factory=dict)
    pipelines: dict[tuple[str, str], ResourceSync] = field(default_factory=dict)
    due: set[str] = field(default_factory=set)
    pipelines_due: set[tuple[str, str]] = field(default_factory=set)


class ServiceSyncs:
    """The service sync configs of an account and region, and what was synced by them."""

    def __init__(
        self,
        account: Account,
        repositories: Repositories,
        services: Services,
        instances: ServiceInstances,
    ) -> None:
        self._account = account
        self._repositories = repositories
        self._services = services
        self._instances = instances
        account.references.when_gone("service", self._forget)
        self._configs: Collection[ServiceSyncConfig] = Collection()
        self._orders: Orders[ServiceSyncConfig] = Orders()
        self.changes = 0
        """Counts how often a config was created, changed or deleted."""
        self._syncs: dict[str, ServiceSync] = {}

    def __iter__(self) -> Iterator[ServiceSyncConfig]:
        return iter(self._configs)

    def of_repository(self, provider: str, name: str) -> Iterator[ServiceSyncConfig]:
        """The configs that follow a repository, the newest first."""
        order = self._orders.order("repository", lambda: self._configs, self._place)
        return (config for _, config in order.walk([(provider, name)]))

    def _place(self, config: ServiceSyncConfig) -> Place | None:
        if self._configs.get(config.name) is not config:
            return None
        repository = (config.repository_provider, config.repository_name)
        return repository, newest_first(config.created_at, config.name)

    def _note_change(self, config: ServiceSyncConfig) -> None:
        there = self._configs.get(config.name) is config
        repository = repository_resource(config.repository_provider, config.repository_name)
        self._account.references.note(
            f"the sync config of service/{config.service_name}", [repository] if there else []
        )
        self._orders.changed(config)
        self.changes += 1

    def find(self, service_name: str) -> ServiceSyncConfig | None:
        """The config of a service, or None."""
        return self._configs.get(service_name)

    def get(self, service_name: str) -> ServiceSyncConfig:
        """The config of a service; :class:`ResourceNotFoundError` when there is none.

        Rule 11.3-5.
        """
        config = self.find(service_name)
        if config is None:
            raise ResourceNotFoundError(f"The service {service_name} has no sync config")
        return config

    def create(self, request: Request) -> ServiceSyncConfig:
        """Let a service follow an ops file; the same request again returns the existing config.

        The file is not read before a push. The service has to exist, though AWS's console creates
        both at once.

        Rules 11.3-1 and 11.3-3.
        """
        name = request["service_name"]
        existing = self.find(name)
        if existing is not None:
            if existing.modified or not same_parameters(existing.created_by, request):
                raise ConflictError(f"The service {name} has a sync config already")
            return existing
        # The operation has no ResourceNotFoundException in its list.
        service = self._services.find(name)
        if service is None:
            raise ValidationError(f"The service {name} does not exist")
        _check_stays(service)
        self._repositories.check_linked(request)
        config = ServiceSyncConfig(
            service_name=name,
            repository_provider=request["repository_provider"],
            repository_name=request["repository_name"],
            branch=request["branch"],
            file_path=request["file_path"],
            created_at=self._account.now,
            created_by=request,
        )
        self._configs.add(config)
        self._syncs.setdefault(config.service_name, ServiceSync())
        self._note_change(config)
        return config

    def update(self, request: Request) -> ServiceSyncConfig:
        """Follow another ops file."""
        config = self.get(request["service_name"])
        _check_stays(self._services.get(config.service_name))
        self._repositories.get(request["repository_provider"], request["repository_name"])
        config.repository_provider = request["repository_provider"]
        config.repository_name = request["repository_name"]
        config.branch = request["branch"]
        config.file_path = request["file_path"]
        config.modified = True
        self._note_change(config)
        return config

    def delete(self, service_name: str) -> ServiceSyncConfig:
        """Remove the config; the service and its instances stay (Rules 6.0.3-3 and 11.3-6)."""
        config = self.get(service_name)
        self._configs.discard(config)
        self._note_change(config)
        return config

    def status(self, service_name: str, instance_name: str) -> ResourceSync:
        """The sync of an instance; empty before the first one.

        Raises :class:`ResourceNotFoundError` without a config, and for an instance that neither
        exists nor was ever to be synced.

        Rule 11.3-8.
        """
        self._services.get(service_name)
        config = self.get(service_name)
        sync = self.sync_of(config).instances.get(instance_name)
        if sync is None:
            self._instances.get(service_name, instance_name)
            return NOTHING_SYNCED
        return sync

    def sync_of(self, config: ServiceSyncConfig) -> ServiceSync:
        """What was synced to the service of a config."""
        return self._syncs[config.service_name]

    def _forget(self, service_name: str) -> None:
        """Remove the config of a deleted service, and what was synced to it (Rule 6.8-16)."""
        config = self.find(service_name)
        if config is not None:
            self._configs.discard(config)
            self._note_change(config)
        self._syncs.pop(service_name, None)


def _check_stays(service: Service) -> None:
    """Refuse a config for a service that is being deleted: it would be deleted with it (Rule
    11.3-10).
    """
    if service.status is ServiceStatus.DELETE_IN_PROGRESS:
        raise ConflictError(
            f"The service {service.name} is being deleted: its status is {service.status.value}"
        )
