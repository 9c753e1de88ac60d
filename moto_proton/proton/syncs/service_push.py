"""Syncs a service with a push: creates and updates the instances of its ops file.

Rules: section 11.3 of docs/behaviour.md. Only the instances that the ops file names are touched.
The rules for each are those of CreateServiceInstance, UpdateServiceInstance and
UpdateServicePipeline, the calls that Proton's role for service sync is allowed to make. An instance
whose own entry did not change is not deployed again (Rule 11.3-11); paths are relative to the top
of the repository (Rule 11.3-12); what is busy or blocked is synced later (Rule 11.3-13).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto_proton import api
from moto_proton.proton.account.account import Account
from moto_proton.proton.account.refusals import reading_spec
from moto_proton.proton.exceptions import ProtonError, ValidationError
from moto_proton.proton.repositories.checkouts import Checkout
from moto_proton.proton.repositories.revisions import Revision, directory_shown, path_parts
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.instances import ServiceInstances
from moto_proton.proton.services.pipelines import ServicePipelines
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.services import Services
from moto_proton.proton.services.status import BUSY
from moto_proton.proton.syncs.attempts import (
    SUCCEEDED,
    Outcome,
    ResourceSync,
    ResourceSyncStatus,
    outcome_of_deployment,
)
from moto_proton.proton.syncs.blockers import SyncBlockers
from moto_proton.proton.syncs.ops_file import OpsFileEntry, OpsFileError, read_ops_file
from moto_proton.proton.syncs.repository_syncs import FollowedBranch, RepositorySyncs, SyncType
from moto_proton.proton.syncs.service_syncs import ServiceSync, ServiceSyncConfig, ServiceSyncs
from moto_proton.spec import (
    parse_service_spec,
    resolve_for_instance,
    resolve_for_pipeline,
    same_value,
)

if TYPE_CHECKING:
    from moto_proton.proton.deployments.records import DeploymentRecord


@dataclass(frozen=True, slots=True)
class ServiceCalls:
    """What a push does to the parts of a service, and what stops it."""

    instances: ServiceInstances
    pipelines: ServicePipelines
    blockers: SyncBlockers


class ServicePush:
    """Syncs services with the head commits of one moment; each branch is recorded once."""

    def __init__(
        self,
        account: Account,
        services: Services,
        calls: ServiceCalls,
        service_syncs: ServiceSyncs,
        repository_syncs: RepositorySyncs,
    ) -> None:
        self._services = services
        self._account = account
        self._calls = calls
        self._service_syncs = service_syncs
        self._repository_syncs = repository_syncs
        self._noted: set[FollowedBranch] = set()

    def take(self, config: ServiceSyncConfig, checkout: Checkout) -> None:
        """Sync the instances that the ops file names with the heads of their branches.

        Raises ``UnreadableRepositoryError``.
        """
        sync = self._service_syncs.sync_of(config)
        head = checkout.head(config.branch)
        if head is None:
            return
        heads = {config.branch: head, **{name: checkout.head(name) for name in sync.heads}}
        place = (
            config.repository_provider,
            config.repository_name,
            config.branch,
            config.file_path,
        )
        is_new = sync.config != place or sync.heads != heads
        if not is_new and not sync.waiting:
            return
        entries: list[OpsFileEntry] = []
        problem: str | None = None
        try:
            path = "/".join(path_parts(config.file_path))
            entries = read_ops_file(checkout.read(head, path), config)
        except OpsFileError as error:
            problem = str(error)
        heads = {config.branch: head}
        heads.update((entry.branch, checkout.head(entry.branch)) for entry in entries)
        before = sync.heads if sync.config == place else {}
        for name, sha in heads.items():
            if sha is not None and before.get(name) != sha:
                self._note(config, name, sha)
        # If the repository becomes unreadable meanwhile, the rest is synced later.
        sync.config, sync.heads, sync.waiting = place, heads, True
        if is_new:
            sync.due = {entry.instance for entry in entries}
            sync.pipelines_due = {(entry.branch, entry.path) for entry in entries}
        if problem is not None:
            self._fail(config, problem)
        service = self._services.get(config.service_name)
        step = _ServiceStep(self._account, self._calls, config, checkout, service, sync)
        for entry in entries:
            step.sync_instance(entry)
        for entry in entries:
            refusal = step.sync_pipeline(entry)
            if refusal is not None:
                self._fail(config, refusal)
        sync.waiting = step.waiting

    def _note(self, config: ServiceSyncConfig, name: str, sha: str) -> None:
        branch = FollowedBranch(config.repository_provider, config.repository_name, name)
        if branch not in self._noted:
            self._noted.add(branch)
            self._repository_syncs.start(branch, SyncType.SERVICE_SYNC, sha)

    def _fail(self, config: ServiceSyncConfig, message: str) -> None:
        # The API has no status for a service's sync as a whole: the failure is the repository's
        # (choice).
        branch = FollowedBranch(config.repository_provider, config.repository_name, config.branch)
        self._repository_syncs.fail(branch, SyncType.SERVICE_SYNC, message)


class _ServiceStep:
    """One service, its repository and what was synced to it: a push, instance by instance.

    Rules 10.4-9 and 11.3-7.
    """

    def __init__(
        self,
        account: Account,
        calls: ServiceCalls,
        config: ServiceSyncConfig,
        checkout: Checkout,
        service: Service,
        sync: ServiceSync,
    ) -> None:
        self._account = account
        self._calls = calls
        self._config = config
        self._checkout = checkout
        self._service = service
        self._sync = sync
        self.waiting = False
        """Whether anything has to be synced later."""

    def sync_instance(self, entry: OpsFileEntry) -> None:
        """Create or update one instance, unless it is up to date, blocked or busy.

        Each push repeats what failed, and corrects what differs from its file (Rule 11.3-14).
        """
        if entry.instance not in self._sync.due:
            return
        service = self._service
        sync = self._sync.instances.setdefault(entry.instance, ResourceSync())
        instance: ServiceInstance | None = service.instances.get(entry.instance)
        revision = self._revision(entry)
        file_id = self._file_id(entry)
        content = None if file_id is None else f"{entry.branch} {entry.path} {file_id}"
        if instance is not None and content is not None and content == sync.content:
            if sync.latest_status is ResourceSyncStatus.IN_PROGRESS:
                self.waiting = True
                return
            succeeded = sync.latest_status is ResourceSyncStatus.SUCCEEDED
            if succeeded and self._is_as_deployed(entry, instance):
                self._sync.due.discard(entry.instance)
                return
        sync.desired_state = revision
        blocked = self._calls.blockers.blocks(service.name, entry.instance)
        if blocked or self._is_busy(instance):
            self.waiting = True
            return
        target = f"{service.resource}/service-instance/{entry.instance}"
        arn = self._account.scope.arn(target)
        try:
            deployed = self._deploy(entry, instance, self._spec_text(entry, revision.sha))
        except ProtonError as error:
            sync.refuse(arn, revision, self._account.now, str(error))
            self._sync.due.discard(entry.instance)
            return
        self._sync.due.discard(entry.instance)
        sync.content = content
        record = deployed.record if deployed is not None else None
        sync.attempt(arn, revision, self._account.now, _outcome(record))

    def sync_pipeline(self, entry: OpsFileEntry) -> str | None:
        """Update the pipeline if the pipeline inputs of a changed spec differ. Returns why it could
        not.

        A spec without pipeline inputs does not concern the pipeline: a spec file may contain only
        what its instances need. The inputs of several files may differ, so a successful update is
        not repeated for a file that did not change.
        """
        pipeline = self._service.pipeline
        file_id = self._file_id(entry)
        place = (entry.branch, entry.path)
        if place not in self._sync.pipelines_due:
            return None
        sync = self._sync.pipelines.setdefault(place, ResourceSync())
        same = file_id == sync.content and sync.latest_status is not ResourceSyncStatus.FAILED
        if pipeline is None or file_id is None or same:
            self._sync.pipelines_due.discard(place)
            return None
        if (
            self._calls.blockers.blocks(self._service.name)
            or self._service.status in BUSY
            or pipeline.busy
        ):
            self.waiting = True
            return None
        revision, problem = self._revision(entry), None
        try:
            text = self._spec_text(entry, revision.sha)
            current = self._service.current_spec
            with reading_spec():
                inputs = resolve_for_pipeline(parse_service_spec(text), current).pipeline
            record = None
            if inputs and not same_value(inputs, current.pipeline):
                record = self._calls.pipelines.update(
                    _request(
                        "UpdateServicePipeline",
                        serviceName=self._service.name,
                        deploymentType="CURRENT_VERSION",
                        spec=text,
                    )
                ).record
        except ProtonError as error:
            sync.refuse(pipeline.arn, revision, self._account.now, str(error))
            problem = f"The pipeline of the service {self._service.name} can't be updated: {error}"
        else:
            sync.attempt(pipeline.arn, revision, self._account.now, _outcome(record))
        self._sync.pipelines_due.discard(place)
        sync.content = file_id
        return problem

    def _deploy(
        self, entry: OpsFileEntry, instance: ServiceInstance | None, text: str
    ) -> ServiceInstance | None:
        """The instance of which a deployment was started; None if its entry has not changed."""
        names = {"serviceName": self._service.name, "name": entry.instance}
        if instance is None:
            request = _request("CreateServiceInstance", **names, spec=text)
            return self._calls.instances.create(request, by_hand=False)
        request = _request(
            "UpdateServiceInstance", **names, deploymentType="CURRENT_VERSION", spec=text
        )
        if self._is_deployed(text, instance):
            return None
        return self._calls.instances.update(request, by_hand=False)

    def _is_as_deployed(self, entry: OpsFileEntry, instance: ServiceInstance) -> bool:
        try:
            return self._is_deployed(self._spec_text(entry, self._revision(entry).sha), instance)
        except ProtonError:
            return False

    def _is_deployed(self, text: str, instance: ServiceInstance) -> bool:
        """Whether an instance is deployed as its entry in a spec says."""
        deployed = instance.deployed
        with reading_spec():
            spec = resolve_for_instance(
                parse_service_spec(text), self._service.current_spec, instance.name
            )
        wanted = spec.instance(instance.name)
        if wanted is None or deployed is None:
            return False
        return wanted == deployed.spec.instance(instance.name)

    def _is_busy(self, instance: ServiceInstance | None) -> bool:
        if self._service.status in BUSY:
            return True
        if instance is None:
            return False
        component = instance.component
        return instance.busy or (component is not None and component.busy)

    def _revision(self, entry: OpsFileEntry) -> Revision:
        """The revision with the entry's spec; on a branch without commits, that of the ops file."""
        branch, sha = entry.branch, self._sync.heads[entry.branch]
        if sha is None:
            branch = self._config.branch
            sha = self._sync.heads[branch] or ""
        return Revision(
            self._config.repository_provider,
            self._config.repository_name,
            branch,
            directory_shown("/".join(path_parts(entry.path)[:-1])),
            sha,
        )

    def _file_id(self, entry: OpsFileEntry) -> str | None:
        sha = self._sync.heads[entry.branch]
        return None if sha is None else self._checkout.object_id(sha, entry.path)

    def _spec_text(self, entry: OpsFileEntry, sha: str) -> str:
        if self._sync.heads[entry.branch] is None:
            raise ValidationError(f"The repository has no branch {entry.branch}")
        content = self._checkout.read(sha, entry.path)
        if content is None:
            raise ValidationError(f"The branch {entry.branch} has no file {entry.path}")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise ValidationError(f"The file {entry.path} is not UTF-8") from error


def _outcome(record: DeploymentRecord | None) -> Callable[[], Outcome]:
    """The outcome of an attempt that started this deployment, or needed none."""
    return lambda: SUCCEEDED if record is None else outcome_of_deployment(record)


def _request(operation: str, **members: Any) -> dict[str, Any]:
    """A request as a caller would make it, checked against the service model."""
    try:
        return api.read_request(operation, members)
    except api.InvalidRequest as error:
        raise ValidationError(str(error)) from error
