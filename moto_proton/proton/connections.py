"""Environment account connections: from the account of an environment to the one that manages it.

A connection belongs to the environment account, and the management account that it is addressed to
sees it in the same region. ``environments.provisioning_rules`` decides how an environment uses one.
Rules: sections 3.5 and 6.7 of docs/behaviour.md.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Final, TypeAlias

from moto_proton.forking import ForkSafeLock
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
from moto_proton.proton.account.requests import Request
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.account.status_machine import StatusMachine
from moto_proton.proton.account.tags import read_tags
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError

_CREATE: Final = "CreateEnvironmentAccountConnection"
_ROLES: Final = ("role_arn", "component_role_arn", "codebuild_role_arn")


class ConnectionStatus(str, Enum):
    """The values of ``status`` (service model)."""

    PENDING = "PENDING"
    CONNECTED = "CONNECTED"
    REJECTED = "REJECTED"


CONNECTION: Final = StatusMachine(
    start=ConnectionStatus.PENDING,
    follows={
        ConnectionStatus.PENDING: frozenset(
            {ConnectionStatus.CONNECTED, ConnectionStatus.REJECTED}
        ),
        ConnectionStatus.CONNECTED: frozenset({ConnectionStatus.REJECTED}),
        ConnectionStatus.REJECTED: frozenset(),
    },
    final=frozenset({ConnectionStatus.REJECTED}),
)
"""The statuses of connections."""


@dataclass(eq=False, kw_only=True)
class EnvironmentAccountConnection:
    """A connection; ``scope`` is that of the environment account, which owns it (Rule 6.7-23)."""

    scope: Scope
    id: str
    management_account_id: str
    environment_name: str
    requested_at: datetime
    last_modified_at: datetime
    status: ConnectionStatus = ConnectionStatus.PENDING
    role_arn: str | None = None
    component_role_arn: str | None = None
    codebuild_role_arn: str | None = None
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def environment_account_id(self) -> str:
        """The account that asked for the connection."""
        return self.scope.account_id

    @property
    def management_scope(self) -> Scope:
        """The management account, in the region of the connection."""
        return replace(self.scope, account_id=self.management_account_id)

    @property
    def resource(self) -> str:
        """The resource part of the ARN."""
        return connection_resource(self.id)

    @property
    def arn(self) -> str:
        """The ARN, with the environment account in it (Rule 2-13)."""
        return self.scope.arn(self.resource)

    @property
    def name(self) -> str:
        """The order of connections that were created at the same moment: by environment, then by
        id.
        """
        return f"{self.environment_name}/{self.id}"

    @property
    def created_at(self) -> datetime:
        """When it was requested; decides its place in lists."""
        return self.requested_at


def connection_resource(connection_id: str) -> str:
    """The resource part of the ARN of a connection."""
    return f"environment-account-connection/{connection_id}"


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


class EnvironmentAccountConnections:
    """The connections as one account and region sees them, from either side.

    A new store starts without connections of its own, so resetting an account removes them.
    """

    def __init__(self, account: Account, directory: ConnectionDirectory) -> None:
        self._account = account
        self._directory = directory
        directory.forget(account.scope)

    def find_anyones(self, connection_id: str) -> EnvironmentAccountConnection | None:
        """The connection of that id in this region, of any account, or None."""
        return self._directory.find(self._account.scope, connection_id)

    def find_owned(self, connection_id: str) -> EnvironmentAccountConnection | None:
        """The connection of that id if this is its environment account, or None."""
        connection = self.find_anyones(connection_id)
        if connection is None or connection.scope != self._account.scope:
            return None
        return connection

    def get(self, connection_id: str) -> EnvironmentAccountConnection:
        """The connection of that id, for either of its accounts.

        :class:`ResourceNotFoundError` for any other account. The guide's walk-through reads it from
        the management account too, the model's text names the environment account only.

        Rules 6.7-14 and 6.7-19.
        """
        connection = self._seen(connection_id)
        if connection is None:
            raise _not_found(connection_id)
        return connection

    def page(
        self, request: PageRequest, side: str, environment_name: str | None, statuses: Sequence[str]
    ) -> Page[EnvironmentAccountConnection]:
        """A page of the connections that this account has on that ``side`` (``requestedBy``).

        Of any status when ``statuses`` is empty.

        Rule 6.7-20.
        """
        scope = self._account.scope
        connections = (
            self._directory.owned_by(scope)
            if side == "ENVIRONMENT_ACCOUNT"
            else self._directory.addressed_to(scope)
        )
        return connections.page(request, environment_name, statuses)

    # --- the environment account's side ---------------------------------------------------------

    def create(self, request: Request) -> EnvironmentAccountConnection:
        """Request a connection from a management account, or answer a repeat of the call.

        Rules 3.5-1, 6.7-3, 6.7-4 and 10.1-7.
        """
        tags = read_tags(request.get("tags"))
        now = self._account.now
        repeated = self._account.tokens.replay(_CREATE, request, now)
        if isinstance(repeated, EnvironmentAccountConnection):
            return repeated
        self._check_new(request)
        connection = EnvironmentAccountConnection(
            scope=self._account.scope,
            id=str(uuid.uuid4()),
            management_account_id=request["management_account_id"],
            environment_name=request["environment_name"],
            requested_at=now,
            last_modified_at=now,
            tags=tags,
            role_arn=request.get("role_arn"),
            component_role_arn=request.get("component_role_arn"),
            codebuild_role_arn=request.get("codebuild_role_arn"),
        )
        self._directory.add(connection)
        self._account.tokens.remember(
            _CREATE, request, now, connection, lambda: self.find_anyones(connection.id)
        )
        return connection

    def _check_new(self, request: Request) -> None:
        # Rules 6.7-5 and 6.7-7 to 6.7-9.
        management, environment = request["management_account_id"], request["environment_name"]
        scope = self._account.scope
        # The output requires roleArn, the input does not: at least one of the two roles must be
        # given.
        if "role_arn" not in request and "codebuild_role_arn" not in request:
            raise ValidationError("A connection needs a roleArn or a codebuildRoleArn")
        if management == scope.account_id:
            raise ValidationError(
                f"The managementAccountId {management} is the account of the request itself"
            )
        owned = self._directory.owned_by(scope)
        for other in owned:
            if (
                other.status is not ConnectionStatus.REJECTED
                and other.management_account_id == management
                and other.environment_name == environment
            ):
                raise ConflictError(
                    f"The environment account connection {other.id} to the management account "
                    f"{management} for the environment {environment} is there already: its status "
                    f"is {other.status.value}"
                )
        self._account.check_quota("environment_account_connections", len(owned) + 1)

    def update(self, request: Request) -> EnvironmentAccountConnection:
        """Give a connection new roles; its status stays. None given: nothing happens.

        Rules 6.7-15, 6.7-16 and 6.7-24.
        """
        connection = self._owned(request["id"])
        roles = {role: request[role] for role in _ROLES if role in request}
        for role, arn in roles.items():
            setattr(connection, role, arn)
        if roles:
            connection.last_modified_at = self._account.now
        return connection

    def delete(self, connection_id: str) -> EnvironmentAccountConnection | None:
        """Delete a connection, even while an environment uses it.

        None when it is not there. The management account gets "not found", as the connection is not
        its own.

        Rules 3.5-5, 3.7-17, 6.0.3-1, 6.7-17 and 6.7-25.
        """
        if self._seen(connection_id) is None:
            return None
        connection = self._owned(connection_id)
        self._directory.discard(connection)
        return connection

    # --- the management account's side ----------------------------------------------------------

    def accept(self, connection_id: str) -> EnvironmentAccountConnection:
        """Accept a pending connection; a connected one stays as it is.

        Rules 3.5-2 and 6.7-10 to 6.7-12.
        """
        connection = self._addressed(connection_id)
        if connection.status is ConnectionStatus.REJECTED:
            raise ConflictError(
                f"The environment account connection {connection_id} was rejected and can't be "
                "accepted any more"
            )
        self._move(connection, ConnectionStatus.CONNECTED)
        return connection

    def reject(self, connection_id: str) -> EnvironmentAccountConnection:
        """Reject a connection that no environment uses; a rejected one stays so.

        Rules 3.3-13, 3.5-3, 3.5-4, 6.7-11 and 6.7-13.
        """
        connection = self._addressed(connection_id)
        if self._account.references.users_of(connection.resource):
            raise ConflictError(
                f"The environment account connection {connection_id} is connected to the "
                f"environment {connection.environment_name}"
            )
        self._move(connection, ConnectionStatus.REJECTED)
        return connection

    def _move(self, connection: EnvironmentAccountConnection, status: ConnectionStatus) -> None:
        if connection.status is not status:
            connection.status = CONNECTION.step(connection.status, status)
            connection.last_modified_at = self._account.now
            self._directory.changed(connection)

    # --- ownership --------------------------------------------------------------------------------

    def _seen(self, connection_id: str) -> EnvironmentAccountConnection | None:
        connection = self.find_anyones(connection_id)
        if connection is None or self._account.scope not in (
            connection.scope,
            connection.management_scope,
        ):
            return None
        return connection

    def _owned(self, connection_id: str) -> EnvironmentAccountConnection:
        connection = self.get(connection_id)
        if connection.scope != self._account.scope:
            raise _not_found(connection_id, "in this environment account")
        return connection

    def _addressed(self, connection_id: str) -> EnvironmentAccountConnection:
        connection = self.get(connection_id)
        if connection.management_scope != self._account.scope:
            raise _not_found(connection_id, "for this management account")
        return connection


def _not_found(connection_id: str, where: str = "for this account") -> ResourceNotFoundError:
    return ResourceNotFoundError(
        f"The environment account connection {connection_id} does not exist {where}"
    )
