"""The operations on environment account connections, of both of their accounts.

``environments.provisioning_rules`` decides how an environment uses a connection. Rules: sections
3.5 and 6.7 of docs/behaviour.md.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import Page, PageRequest
from moto_proton.proton.account.requests import Request
from moto_proton.proton.account.tags import read_tags
from moto_proton.proton.connections.connection import (
    CONNECTION,
    ConnectionStatus,
    EnvironmentAccountConnection,
)
from moto_proton.proton.connections.directory import ConnectionDirectory
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError

_CREATE: Final = "CreateEnvironmentAccountConnection"
_ROLES: Final = ("role_arn", "component_role_arn", "codebuild_role_arn")


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
