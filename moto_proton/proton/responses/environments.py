"""Handlers of the environment operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result, member_or_nothing


def create_environment(call: Call) -> Result:
    """CreateEnvironment."""
    return {"environment": call.store.environments.create(call.request)}


def get_environment(call: Call) -> Result:
    """GetEnvironment."""
    name = call.request["name"]
    return {"environment": call.show(lambda: call.store.environments.get(name))}


def list_environments(call: Call) -> Result:
    """ListEnvironments."""
    templates = call.request.get("environment_templates")
    return call.show_page(
        "environments", lambda page: call.store.environments.page(page, templates)
    )


def update_environment(call: Call) -> Result:
    """UpdateEnvironment."""
    return {"environment": call.store.environments.update(call.request)}


def delete_environment(call: Call) -> Result:
    """DeleteEnvironment."""
    deleted = call.store.environments.delete(call.request["name"])
    return member_or_nothing("environment", deleted)


def cancel_environment_deployment(call: Call) -> Result:
    """CancelEnvironmentDeployment."""
    return {"environment": call.store.environments.cancel(call.request["environment_name"])}
