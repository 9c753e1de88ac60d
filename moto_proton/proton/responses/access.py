"""The resource that a call asks access to, for IAM enforcement.

Source: Service Authorization Reference, actions of AWS Proton. Calls without a resource of their
own ask for ``*``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from moto_proton.proton.models.scope import Scope

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
)


def resource_arn(scope: Scope, operation: str, members: Members) -> str:
    """The ARN that a call asks access to, or ``*``.

    ``members`` are those of the checked request, by their names in snake case.
    """
    if "resource_arn" in members:
        return str(members["resource_arn"])
    for noun, resource in _BY_NOUN:
        if noun in operation:
            try:
                return scope.arn(resource(members))
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
