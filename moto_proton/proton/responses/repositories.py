"""Handlers of the repository operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result


def create_repository(call: Call) -> Result:
    """CreateRepository."""
    return {"repository": call.store.repositories.create(call.request)}


def get_repository(call: Call) -> Result:
    """GetRepository."""
    repository = call.store.repositories.get(call.request["provider"], call.request["name"])
    return {"repository": repository}


def list_repositories(call: Call) -> Result:
    """ListRepositories."""
    return call.page("repositories", call.store.repositories.page)


def delete_repository(call: Call) -> Result:
    """DeleteRepository."""
    repository = call.store.repositories.delete(call.request["provider"], call.request["name"])
    return {"repository": repository}
