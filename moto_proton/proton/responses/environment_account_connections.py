"""Handlers of the environment account connection operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result, member_or_nothing


def create_environment_account_connection(call: Call) -> Result:
    """CreateEnvironmentAccountConnection."""
    connections = call.store.environment_account_connections
    return {"environment_account_connection": connections.create(call.request)}


def get_environment_account_connection(call: Call) -> Result:
    """GetEnvironmentAccountConnection."""
    connections = call.store.environment_account_connections
    return {"environment_account_connection": connections.get(call.request["id"])}


def list_environment_account_connections(call: Call) -> Result:
    """ListEnvironmentAccountConnections."""
    connections = call.store.environment_account_connections
    return call.page(
        "environment_account_connections",
        lambda page: connections.page(
            page,
            call.request["requested_by"],
            call.request.get("environment_name"),
            call.request.get("statuses", ()),
        ),
    )


def update_environment_account_connection(call: Call) -> Result:
    """UpdateEnvironmentAccountConnection."""
    connections = call.store.environment_account_connections
    return {"environment_account_connection": connections.update(call.request)}


def accept_environment_account_connection(call: Call) -> Result:
    """AcceptEnvironmentAccountConnection."""
    connections = call.store.environment_account_connections
    return {"environment_account_connection": connections.accept(call.request["id"])}


def reject_environment_account_connection(call: Call) -> Result:
    """RejectEnvironmentAccountConnection."""
    connections = call.store.environment_account_connections
    return {"environment_account_connection": connections.reject(call.request["id"])}


def delete_environment_account_connection(call: Call) -> Result:
    """DeleteEnvironmentAccountConnection."""
    deleted = call.store.environment_account_connections.delete(call.request["id"])
    return member_or_nothing("environment_account_connection", deleted)
