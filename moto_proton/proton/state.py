"""Snapshots of the whole state of Proton, in every account and region: take, restore, compare.

How a snapshot is made is in ``snapshots``; this module says which objects belong to the state.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from moto_proton import workplace
from moto_proton.proton import snapshots
from moto_proton.proton.account.faults import book
from moto_proton.proton.account.locks import request_locks
from moto_proton.proton.account.progression import Progress
from moto_proton.proton.backend import ProtonBackend, connections, proton_backends
from moto_proton.proton.connections.directory import ConnectionDirectory
from moto_proton.proton.repositories.checkouts import connected
from moto_proton.proton.snapshots import CannotSnapshotError, Snapshot
from moto_proton.proton.store import ProtonStore

_Place: TypeAlias = tuple[str, str]
"""Account and region."""

_ACCOUNT: Final = "account"
_CONNECTIONS: Final = "connections"
_SEEN: Final[snapshots.Parts] = {_CONNECTIONS: connections, "git repositories": connected}
_FAULTS: Final[snapshots.Parts] = {"faults": book}
_SHARED: Final[snapshots.Parts] = {**_SEEN, **_FAULTS}
"""The objects that the stores of all accounts and regions share."""


def snapshot() -> Snapshot:
    """The state of Proton in every account and region, with faults and git connections.

    Without the settings, which belong to the mock, and without the state of other services. Raises
    :class:`CannotSnapshotError` while a deployment is running, for instance in a provisioner.
    """
    with request_locks.all():
        return snapshots.take({**_SHARED, **_parts(_stores())})


def restore(taken: Snapshot) -> None:
    """Replace the current state of Proton by that of a snapshot.

    Raises :class:`CannotSnapshotError` while a deployment is running.
    """
    with request_locks.all():
        for place, backend in list(_backends()):
            if _holds_anything(backend) and place not in taken.keys:
                backend.store = backend.new_store(connections)
        snapshots.restore(taken, _part)


def fingerprint() -> Snapshot:
    """The state that callers could see with their next request: all but the pending faults.

    Two are equal if nothing that callers can see has changed in between. Raises
    :class:`CannotSnapshotError` while a deployment is running.
    """
    with request_locks.all(), workplace.one_request():
        stores = _stores()
        for store in stores.values():
            store.begin_request()
        return snapshots.take(
            {**_SEEN, **_parts(stores)}, around=_FAULTS, reducers={Progress: _without_counting}
        )


def _without_counting(progress: Progress) -> tuple[Any, ...]:
    """A progress without its count of reads, which every call that reads the status increases."""
    return Progress, (progress.model_name, progress.since)


def _stores() -> dict[_Place, ProtonStore]:
    """The stores that hold anything."""
    return {place: backend.store for place, backend in _backends() if _holds_anything(backend)}


def _backends() -> Iterator[tuple[_Place, ProtonBackend]]:
    for account_id, backends in proton_backends.items():
        for region, backend in backends.items():
            yield (account_id, region), backend


def _holds_anything(backend: ProtonBackend) -> bool:
    """Whether there is anything in its store, or ever was."""
    store: ProtonStore = backend.store
    if store.account.progression.settling:
        raise CannotSnapshotError("a deployment is being carried out")
    if store.reached and not store.held_anything:
        none = ConnectionDirectory()
        new = backend.new_store(none)
        new.reached = True
        place = "", ""
        now = snapshots.take(_parts({place: store}), _SHARED)
        at_first = snapshots.take(_parts({place: new}), {**_SHARED, _CONNECTIONS: none})
        store.held_anything = now != at_first
        store.reached = store.held_anything  # so this is not checked again before the next request
    return store.held_anything


def _parts(stores: Mapping[_Place, ProtonStore]) -> snapshots.Parts:
    parts: dict[Hashable, Any] = {}
    for place, store in stores.items():
        parts[place] = store
        parts[_ACCOUNT, place] = store.account
    return parts


def _backend(place: _Place) -> ProtonBackend:
    account_id, region = place
    backend: ProtonBackend = proton_backends[account_id][region]
    return backend


def _part(key: Any) -> Any:
    if key in _SHARED:
        return _SHARED[key]
    if key[0] == _ACCOUNT:
        return _backend(key[1]).store.account
    return _backend(key).store
