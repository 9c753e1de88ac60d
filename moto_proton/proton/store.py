"""The state of one account in one region: all collections, connected with each other.

The store gives each collection what it needs of the others and from outside: the time, the
settings, the faults, the state manager and KMS. The backend passes those in, so nothing here
imports moto.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from moto_proton import workplace
from moto_proton.proton.account.account import Account
from moto_proton.proton.account.faults import FaultBook
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.account_settings import AccountSettings
from moto_proton.proton.across.by_arn import Resources
from moto_proton.proton.across.tagging import Tagging
from moto_proton.proton.components.components import Components
from moto_proton.proton.connections.connections import EnvironmentAccountConnections
from moto_proton.proton.connections.directory import ConnectionDirectory
from moto_proton.proton.deployments.provisioning import Provisioning
from moto_proton.proton.deployments.records import Deployments
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.repositories.checkouts import ConnectedRepositories
from moto_proton.proton.repositories.links import Repositories
from moto_proton.proton.services.by_hand import ChangedByHand
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.services.parts import ServiceParts
from moto_proton.proton.services.pipelines import ServicePipelines
from moto_proton.proton.services.services import Services
from moto_proton.proton.syncs.blockers import SyncBlockers
from moto_proton.proton.syncs.pushes import Pushes
from moto_proton.proton.syncs.repository_syncs import RepositorySyncs
from moto_proton.proton.syncs.service_push import ServiceCalls, ServicePush
from moto_proton.proton.syncs.service_syncs import ServiceSyncs
from moto_proton.proton.syncs.template_push import TemplatePush
from moto_proton.proton.syncs.template_syncs import TemplateSyncs
from moto_proton.proton.templates.bundles import BundleSources
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.provision.provisioner import Provisioner
from moto_proton.settings import Settings


class ProtonStore:
    """One account in one region.

    ``settings_of``, ``transition_of`` and ``key_state_of`` are the account's, see there.
    ``read_object`` answers with the content of an S3 object by bucket and key, or raises
    BundleError, ``provisioner_of`` with the provisioner that the settings name. ``connections`` and
    ``connected_repositories`` are what the stores of all accounts share.

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
        provisioner_of: Callable[[Settings], Provisioner],
        connections: ConnectionDirectory,
        connected_repositories: ConnectedRepositories,
    ) -> None:
        self._connections = connections
        self.reached = False
        """Whether there was a request since it was known to be empty."""
        self.held_anything = False
        """Whether it is known not to be empty, or not to have been; no caller can see it."""
        self.account = account = Account(
            scope,
            faults=faults,
            settings_of=settings_of,
            transition_of=transition_of,
            key_state_of=key_state_of,
        )
        self.deployments = Deployments(scope, self._exists)
        provisioning = Provisioning(lambda: provisioner_of(account.settings))
        self.repositories = Repositories(account)
        self.account_settings = AccountSettings(account.references, self.repositories)
        self._make_templates(BundleSources(account, read_object))
        self.environment_account_connections = EnvironmentAccountConnections(account, connections)
        self.environments = Environments(
            account,
            self.deployments,
            provisioning,
            self.environment_templates,
            self.repositories,
            self.environment_account_connections,
        )
        self._make_services(provisioning)
        self.components = Components(
            account,
            self.deployments,
            provisioning,
            self.service_templates,
            self.environments,
            self.services,
            self.service_instances,
        )
        self._make_syncs(connected_repositories)
        self.resources = Resources(
            scope, self.environments, self.services, self.service_instances, self.components
        )
        self.tagging = Tagging(
            scope,
            self.resources,
            self.environment_templates,
            self.service_templates,
            self.repositories,
            self.environment_account_connections,
        )

    def _exists(self, resource: str) -> bool:
        return self.resources.find(resource) is not None

    def _make_templates(self, bundles: BundleSources) -> None:
        def count() -> int:
            return len(self.environment_templates) + len(self.service_templates)

        self.bundles = bundles
        self.environment_templates = EnvironmentTemplates(self.account, bundles, count)
        self.service_templates = ServiceTemplates(
            self.account, bundles, count, self.environment_templates
        )

    def _make_services(self, provisioning: Provisioning) -> None:
        def tell(changed: ChangedByHand) -> None:
            self.sync_blockers.take(changed)

        account, templates, environments = self.account, self.service_templates, self.environments
        settings = self.account_settings
        parts = ServiceParts(account, self.deployments, provisioning)
        self.services = Services(account, parts, templates, environments, settings, tell)
        self.service_instances = ServiceInstances(
            account, self.services, parts, templates, environments, tell
        )
        self.service_pipelines = ServicePipelines(account, self.services, templates, settings)

    def _make_syncs(self, connected: ConnectedRepositories) -> None:
        account = self.account
        self.template_syncs = TemplateSyncs(
            account, self.repositories, self.environment_templates, self.service_templates
        )
        self.service_syncs = ServiceSyncs(
            account, self.repositories, self.services, self.service_instances
        )
        self.repository_syncs = RepositorySyncs(
            account, self.repositories, self.services, self.template_syncs, self.service_syncs
        )
        self.sync_blockers = SyncBlockers(
            account, self.services, self.service_instances, self.service_syncs
        )
        calls = ServiceCalls(self.service_instances, self.service_pipelines, self.sync_blockers)
        self.pushes = Pushes(
            account.progression,
            connected,
            template_syncs=self.template_syncs,
            service_syncs=self.service_syncs,
            repository_syncs=self.repository_syncs,
            template_push=lambda: TemplatePush(
                account,
                self.bundles,
                self.environment_templates,
                self.service_templates,
                self.template_syncs,
                self.repository_syncs,
            ),
            service_push=lambda: ServicePush(
                account, self.services, calls, self.service_syncs, self.repository_syncs
            ),
        )

    @property
    def scope(self) -> Scope:
        """Which account and region it is."""
        return self.account.scope

    def begin_request(self) -> None:
        """Set the time, end the statuses whose time has come, and sync what was pushed.

        Raises ``ValueError`` for a setting that is wrong.
        """
        self.reached = True
        self.account.begin_request()
        workplace.choose(child=self.account.settings.child_process)
        self.account.progression.settle()
        self.pushes.take()

    def shared_by(self, operation: str) -> AbstractContextManager[None]:
        """What to hold besides the lock while an operation is handled: others may see the same.

        Accounts have nothing in common but connections between them.
        """
        if "EnvironmentAccountConnection" in operation:
            return self._connections.lock
        return nullcontext()

    def end_request(self) -> None:
        """End what the request started, if its transition is immediate.

        This comes after the answer was written, which shows the busy status, and not with the next
        request, as the transition may have been changed by then.
        """
        self.account.progression.settle()

    def show(self, *items: Any) -> bool:
        """Count a call that shows these resources; True if this ended the status of any of them."""
        for item in items:
            item.shown()
        return self.account.progression.settle()
