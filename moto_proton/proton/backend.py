"""The Proton backend in the form that moto expects: one per account and region.

What Proton does is in the packages beside this module, which do not use moto; here they are
connected with moto's backend look-up, reset, state manager, KMS, S3 and CloudFormation, and with
the handlers.
"""

from __future__ import annotations

import functools
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final

from moto.core.base_backend import BackendDict, BaseBackend

from moto_proton import bridge, settings
from moto_proton.bundle import BundleError
from moto_proton.bundle.archive import MAX_BUNDLE_BYTES
from moto_proton.proton.account.faults import book
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.connections.directory import ConnectionDirectory
from moto_proton.proton.repositories.checkouts import connected
from moto_proton.proton.responses import ProtonResponse
from moto_proton.proton.store import ProtonStore
from moto_proton.proton.urls import url_bases, url_paths
from moto_proton.provision.provisioner import Provisioner
from moto_proton.settings import ProvisionerName, Settings

bridge.check_moto()

connections: Final = ConnectionDirectory()
"""The environment account connections of this process: an account sees those of others."""


class ProtonBackend(BaseBackend):
    """One account in one region. moto makes it, and resets it by calling ``__init__`` again."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.store = self.new_store(connections)

    def new_store(self, connections: ConnectionDirectory) -> ProtonStore:
        """A store of this account and region with nothing in it, nor in its part of these."""
        region_name, account_id = self.region_name, self.account_id
        return ProtonStore(
            Scope(self.partition, region_name, account_id),
            faults=book,
            settings_of=lambda: settings.check(bridge.user_config()),
            transition_of=bridge.get_transition,
            key_state_of=lambda arn: bridge.kms_key_state(arn, account_id, region_name),
            read_object=functools.partial(_read_object, self.partition, region_name, account_id),
            provisioner_of=_provisioner,
            connections=connections,
            connected_repositories=connected,
        )

    @property
    def _url_module(self) -> SimpleNamespace:
        """The handlers; without this, moto would look for them in a module beside this one."""
        return SimpleNamespace(url_bases=url_bases, url_paths=url_paths(AccountResponse.dispatch))

    @cached_property
    def urls(self) -> dict[str, Any]:
        """The handlers by URL; cached, as moto uses them in every request and would build them each
        time.
        """
        return super().urls

    def reset(self) -> None:
        """Empty the backend; the faults and git repositories of a test end with its mock, too."""
        super().reset()
        book.clear()
        connected.clear()


def _read_object(partition: str, region: str, account_id: str, bucket: str, key: str) -> bytes:
    """The content of an object in that account and region; raises BundleError."""
    try:
        return bridge.s3_object(
            bucket,
            key,
            at_most=MAX_BUNDLE_BYTES,
            partition=partition,
            region=region,
            account_id=account_id,
        )
    except bridge.ObjectUnavailableError as error:
        raise BundleError(f"The template bundle can't be read: {error}") from error


@functools.cache
def _bundled_provisioner(name: ProvisionerName, strict: bool) -> Provisioner:
    """A provisioner that comes with the package; it has no state, so all accounts share it."""
    if name == "cloudformation":
        from moto_proton.bridge.stacks import StackProvisioner

        return StackProvisioner(strict=strict)
    from moto_proton.provision import ResolvingProvisioner

    return ResolvingProvisioner()


def _provisioner(in_force: Settings) -> Provisioner:
    choice = in_force.provisioner
    if isinstance(choice, str):
        return _bundled_provisioner(choice, in_force.require_resources)
    return choice


proton_backends: Final = BackendDict(
    ProtonBackend,
    "proton",
    use_boto3_regions=False,
    additional_regions=bridge.additional_regions(),
)


class AccountResponse(ProtonResponse):
    """Answers one request in its account and region."""

    def store_of(self, account_id: str, region: str) -> ProtonStore:
        """The store of that account and region."""
        store: ProtonStore = proton_backends[account_id][region].store
        return store
