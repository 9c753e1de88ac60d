"""The resource that a call asks access to, for IAM enforcement.

Source: Service Authorization Reference, actions of AWS Proton. Calls without a resource of their
own ask for ``*``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from moto_proton.proton.models.store import ProtonStore

Members: TypeAlias = Mapping[str, Any]

_BY_NOUN: Final[tuple[tuple[str, Callable[[Members], str]], ...]] = (
    # The longer nouns first: an operation is known by the first that its name has in it.
    (
        "EnvironmentTemplateVersion",
        lambda m: "environment-template/" + _version(m),
    ),
    ("EnvironmentTemplate", lambda m: f"environment-template/{m['name']}"),
    ("ServiceTemplateVersion", lambda m: "service-template/" + _version(m)),
    ("ServiceTemplate", lambda m: f"service-template/{m['name']}"),
    ("EnvironmentDeployment", lambda m: f"environment/{m['environment_name']}"),
    ("ServiceInstanceDeployment", lambda m: _instance(m, "service_instance_name")),
    ("ServiceInstanceOutputs", lambda m: _instance(m, "service_instance_name")),
    ("ServiceInstanceProvisioned", lambda m: _instance(m, "service_instance_name")),
    ("EnvironmentOutputs", lambda m: f"environment/{m['environment_name']}"),
    ("EnvironmentProvisioned", lambda m: f"environment/{m['environment_name']}"),
    ("ComponentDeployment", lambda m: f"component/{m['component_name']}"),
    ("ComponentOutputs", lambda m: f"component/{m['component_name']}"),
    ("ComponentProvisioned", lambda m: f"component/{m['component_name']}"),
    ("ServiceInstance", lambda m: _instance(m, "name")),
    # A pipeline is no resource type of its own: actions on it use the service.
    ("ServicePipeline", lambda m: f"service/{m['service_name']}"),
    (
        "EnvironmentAccountConnection",
        lambda m: f"environment-account-connection/{m['id']}",
    ),
    ("Environment", lambda m: f"environment/{m['name']}"),
    ("Service", lambda m: f"service/{m['name']}"),
    ("Component", lambda m: f"component/{m['name']}"),
    ("Repository", lambda m: f"repository/{m['provider'].lower()}:{m['name']}"),
    ("Deployment", lambda m: f"deployment/{m['id']}"),
)


def resource_arn(store: ProtonStore, operation: str, members: Members) -> str:
    """The ARN that a call asks access to, or ``*``.

    ``members`` are those of the checked request, by their names in snake case.
    """
    if "Sync" in operation:
        return "*"  # without resource level, as all operations of syncs (SAR)
    if "resource_arn" in members:
        return str(members["resource_arn"])
    if "EnvironmentAccountConnection" in operation and "id" in members:
        # The only resource that may be another account's: its ARN is that of its owner.
        connection = store.environment_account_connections.find_anyones(members["id"])
        if connection is not None:
            return connection.arn
    for noun, resource in _BY_NOUN:
        if noun in operation:
            try:
                return store.scope.arn(resource(members))
            except KeyError:
                return "*"  # a list, which names no resource
    return "*"


def _version(members: Members) -> str:
    name = members["template_name"]
    if "minor_version" not in members:
        return str(name)
    return f"{name}:{members['major_version']}.{members['minor_version']}"


def _instance(members: Members, name: str) -> str:
    return f"service/{members['service_name']}/service-instance/{members[name]}"
