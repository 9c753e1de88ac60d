"""The environment account connections of all accounts, in the orders that lists need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from moto_proton.forking import ForkSafeLock
from moto_proton.proton.account.listing import (
    Collection,
    Orders,
    Page,
    PageRequest,
    Place,
    newest_first,
    page_of,
)
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.connections.connection import (
    ConnectionStatus,
    EnvironmentAccountConnection,
)


class SeenConnections:
    """The connections that one account sees, as one of their two sides, newest first."""

    def __init__(self) -> None:
        self._all: Collection[EnvironmentAccountConnection] = Collection()
        self._orders: Orders[EnvironmentAccountConnection] = Orders()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[EnvironmentAccountConnection]:
        return iter(self._all)

    def add(self, connection: EnvironmentAccountConnection) -> None:
        """Add a new connection."""
        self._all.add(connection)
        self.changed(connection)

    def discard(self, connection: EnvironmentAccountConnection) -> None:
        """Take a connection out."""
        self._all.discard(connection)
        self.changed(connection)

    def changed(self, connection: EnvironmentAccountConnection) -> None:
        """Update the lists after a change of a connection's status."""
        self._orders.changed(connection)

    def page(
        self, request: PageRequest, environment_name: str | None, statuses: Sequence[str]
    ) -> Page[EnvironmentAccountConnection]:
        """A page of those for an environment, if one is named, that have any of the statuses."""
        if environment_name is None and not statuses:
            return self._all.page(request)
        named = environment_name is not None

        def place_of(connection: EnvironmentAccountConnection) -> Place | None:
            if self._all.get(connection.name) is not connection:
                return None
            group = (connection.environment_name if named else None, connection.status.value)
            return group, newest_first(connection.created_at, connection.name)

        order = self._orders.order(named, lambda: self._all, place_of)
        wanted = set(statuses) or {status.value for status in ConnectionStatus}
        groups = [(environment_name, status) for status in sorted(wanted)]
        return page_of(order.walk(groups, after=request.after), request.limit)


_Index: TypeAlias = dict[Scope, SeenConnections]


class ConnectionDirectory:
    """The connections of all accounts and regions, which all stores share.

    They are found by id, by the account that owns them, and by the management account. The time
    that this takes grows with the answer, not with the number of connections. Whoever reads and
    changes them in one go holds ``lock``.

    Rule 6.7-2.
    """

    def __init__(self) -> None:
        self.lock = ForkSafeLock()
        self._by_id: dict[str, EnvironmentAccountConnection] = {}
        self._owned: _Index = {}
        self._addressed: _Index = {}

    def find(self, scope: Scope, connection_id: str) -> EnvironmentAccountConnection | None:
        """The connection of that id in the region of ``scope``, of any account, or None."""
        connection = self._by_id.get(connection_id)
        if connection is None or connection.scope != replace(
            scope, account_id=connection.environment_account_id
        ):
            return None
        return connection

    def owned_by(self, scope: Scope) -> SeenConnections:
        """The connections of an environment account, to read."""
        return self._owned.get(scope) or SeenConnections()

    def addressed_to(self, scope: Scope) -> SeenConnections:
        """The connections that name a management account, to read."""
        return self._addressed.get(scope) or SeenConnections()

    def add(self, connection: EnvironmentAccountConnection) -> None:
        """Add a new connection, visible to both of its accounts."""
        self._by_id[connection.id] = connection
        self._owned.setdefault(connection.scope, SeenConnections()).add(connection)
        self._addressed.setdefault(connection.management_scope, SeenConnections()).add(connection)

    def changed(self, connection: EnvironmentAccountConnection) -> None:
        """Update the lists of both accounts after a change of a connection's status."""
        self._owned[connection.scope].changed(connection)
        self._addressed[connection.management_scope].changed(connection)

    def discard(self, connection: EnvironmentAccountConnection) -> None:
        """Take a connection out."""
        del self._by_id[connection.id]
        for index, scope in (
            (self._owned, connection.scope),
            (self._addressed, connection.management_scope),
        ):
            index[scope].discard(connection)
            if not index[scope]:
                del index[scope]

    def forget(self, scope: Scope) -> None:
        """Remove all connections of an environment account."""
        with self.lock:
            for connection in list(self.owned_by(scope)):
                self.discard(connection)
