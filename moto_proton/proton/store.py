"""The state of one account in one region: all collections, connected with each other.

The store gives each collection what it needs of the others and from outside: the time, the
settings, the faults, the state manager and KMS. The backend passes those in, so nothing here
imports moto.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Final

from moto_proton.proton.account.faults import FaultBook
from moto_proton.proton.account.progression import Progression
from moto_proton.proton.account.requests import ClientTokens
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.across.account_settings import AccountSettings
from moto_proton.proton.across.tagging import Tagging
from moto_proton.proton.components.components import Components
from moto_proton.proton.connections import ConnectionDirectory, EnvironmentAccountConnections
from moto_proton.proton.deployments.provisioning import Provisioning
from moto_proton.proton.deployments.records import Deployments
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.exceptions import ServiceQuotaExceededError, ValidationError
from moto_proton.proton.repositories.checkouts import ConnectedRepositories
from moto_proton.proton.repositories.links import Repositories
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.services.pipelines import ServicePipelines
from moto_proton.proton.services.services import Services
from moto_proton.proton.syncs.blockers import SyncBlockers
from moto_proton.proton.syncs.pushes import Pushes
from moto_proton.proton.syncs.repository_syncs import RepositorySyncs
from moto_proton.proton.syncs.service_syncs import ServiceSyncs
from moto_proton.proton.syncs.template_syncs import TemplateSyncs
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.provision.provisioner import Provisioner
from moto_proton.settings import ProvisionerName, Settings

request_lock: Final = threading.RLock()
"""Held while a request is handled, so that all changes of a request become visible at once."""


class ProtonStore:
    """One account in one region.

    ``settings_of`` answers with the settings in force, ``transition_of`` with the state manager's
    configuration of a model name, ``key_state_of`` with the state of a KMS key by its ARN, or None
    for a key that nobody knows, ``read_object`` with the content of an S3 object by bucket and key,
    or raises BundleError, ``provisioner_of`` with the provisioner that the settings name.
    ``connections`` and ``connected_repositories`` are what the
    stores of all accounts share.

    Rule 2-24.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        faults: FaultBook,
        settings_of: Callable[[], Settings],
        transition_of: Callable[[str], Mapping[str, Any]],
        key_state_of: Callable[[str], str | None],
        read_object: Callable[[str, str], bytes],
        provisioner_of: Callable[[ProvisionerName | Provisioner], Provisioner],
        connections: ConnectionDirectory,
        connected_repositories: ConnectedRepositories,
    ) -> None:
        self.scope = scope
        self._settings_of = settings_of
        self.settings = Settings()
        self._key_state_of = key_state_of
        self.read_object = read_object
        self._now = datetime.now(timezone.utc)
        self.progression = Progression(transition_of, faults, lambda: self._now)
        self.tokens = ClientTokens()
        self.deployments = Deployments(self)
        self.provisioning = Provisioning(lambda: provisioner_of(self.settings.provisioner))
        self.account_settings = AccountSettings(self)
        self.repositories = Repositories(self)
        self.environment_templates = EnvironmentTemplates(self)
        self.service_templates = ServiceTemplates(self)
        self.environment_account_connections = EnvironmentAccountConnections(self, connections)
        self.environments = Environments(self)
        self.services = Services(self)
        self.service_instances = ServiceInstances(self)
        self.service_pipelines = ServicePipelines(self)
        self.components = Components(self)
        self.repository_syncs = RepositorySyncs(self)
        self.template_syncs = TemplateSyncs(self)
        self.service_syncs = ServiceSyncs(self)
        self.sync_blockers = SyncBlockers(self)
        self.pushes = Pushes(self, connected_repositories)
        self.tagging = Tagging(self)

    @property
    def now(self) -> datetime:
        """The time of the request, UTC-aware: one request happens at one moment."""
        return self._now

    def begin_request(self) -> None:
        """Set the time, end the statuses whose time has come, and sync what was pushed.

        The settings are read here too, so that a wrong one is reported with the first request and
        not when it is first needed. Raises ``ValueError`` for one.
        """
        self._now = datetime.now(timezone.utc)
        self.settings = self._settings_of()
        self.progression.settle()
        self.pushes.take()

    def end_request(self) -> None:
        """End what the request started, if its transition is immediate.

        This comes after the answer was written, which shows the busy status, and not with the next
        request, as the transition may have been changed by then.
        """
        self.progression.settle()

    def show(self, *items: Any) -> bool:
        """Count a call that shows these resources; True if this ended the status of any of them."""
        for item in items:
            item.shown()
        return self.progression.settle()

    def check_quota(self, name: str, count: int) -> None:
        """Refuse a call that would make ``count`` of something, if that exceeds the quota (Rule
        1.4-7).

        Rule 10.1-11.
        """
        limit = self.settings.quotas[name]
        if count > limit:
            what = name.replace("_", " ")
            raise ServiceQuotaExceededError(
                f"The quota for {what} in account {self.scope.account_id} is {limit}; the request "
                f"would make it {count}"
            )

    def check_key(self, arn: str | None) -> None:
        """Refuse to work with a KMS key that can't be used.

        A key that the mock does not know counts as usable (choice: its state can't be known).

        Rule 1.4-11.
        """
        state = self._key_state_of(arn) if arn is not None else None
        if state not in (None, "Enabled"):
            raise ValidationError(f"The encryption key {arn} can't be used: its state is {state}")
