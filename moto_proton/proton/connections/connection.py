"""An environment account connection as it is stored, and its statuses.

It belongs to the environment account, and the management account that it is addressed to sees it in
the same region. Rules: section 3.5 of docs/behaviour.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Final

from moto_proton.proton.account.scope import Scope
from moto_proton.proton.account.status_machine import StatusMachine


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
