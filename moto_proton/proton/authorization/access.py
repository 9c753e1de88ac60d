"""The access that a call needs, for IAM enforcement: resources, and values of condition keys.

Rules: section 10.4 of docs/behaviour.md. Calls without a resource of their own need access to
``*``. All calls on a template's versions need access to the template, which is the resource type of
their actions. The deployment that calls for outputs may name is an optional resource type and is
not required (choice).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from moto_proton.proton.authorization.policies import Access
from moto_proton.proton.connections.connection import EnvironmentAccountConnection
from moto_proton.proton.exceptions import ProtonError
from moto_proton.proton.store import ProtonStore

Members: TypeAlias = Mapping[str, Any]
"""The members of a checked request, by their names in snake case."""

# Rule 10.4-1.
_BY_NOUN: Final[tuple[tuple[str, Callable[[Members], str]], ...]] = (
    # The longer nouns first: an operation belongs to the first noun that its name contains.
    ("EnvironmentTemplateVersion", lambda m: f"environment-template/{m['template_name']}"),
    ("EnvironmentTemplate", lambda m: f"environment-template/{m['name']}"),
    ("ServiceTemplateVersion", lambda m: f"service-template/{m['template_name']}"),
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
    # A pipeline is not a resource type of its own: actions on it use the service.
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
_ALSO_ON_THE_SERVICE: Final = frozenset(
    {"ListServiceInstanceOutputs", "ListServiceInstanceProvisionedResources"}
)
"""The two actions with two required resource types."""

# Rule 10.4-2.
_ENVIRONMENT_TEMPLATE_KEY: Final = frozenset(
    {"CancelEnvironmentDeployment", "CreateEnvironment", "DeleteEnvironment", "UpdateEnvironment"}
)
# Rule 10.4-3.
_SERVICE_TEMPLATE_KEY: Final = frozenset(
    {
        "CancelServiceInstanceDeployment",
        "CancelServicePipelineDeployment",
        "CreateService",
        "CreateServiceInstance",
        "DeleteService",
        "UpdateService",
        "UpdateServiceInstance",
        "UpdateServicePipeline",
    }
)


def accesses(store: ProtonStore, operation: str, members: Members) -> tuple[Access, ...]:
    """All accesses of a call; the caller needs every one of them."""
    of_request = _request_context(store, operation, members)
    return tuple(
        Access(f"proton:{operation}", arn, {**of_request, **_resource_context(store, arn)})
        for arn in resource_arns(store, operation, members)
    )


def resource_arns(store: ProtonStore, operation: str, members: Members) -> tuple[str, ...]:
    """The ARNs to which a call needs access, or only ``*`` (Rule 10.4-6)."""
    if "Sync" in operation:
        return ("*",)  # no resource-level permissions, as for all sync operations
    if operation == "ListComponents":
        return _of_filters(store, members)
    if "resource_arn" in members:
        return (str(members["resource_arn"]),)
    if "EnvironmentAccountConnection" in operation and "id" in members:
        # The only resource that may be another account's: its ARN is that of its owner.
        connection = _connection(store, members["id"])
        if connection is not None:
            return (connection.arn,)
    for noun, resource in _BY_NOUN:
        if noun in operation:
            try:
                arn = store.scope.arn(resource(members))
            except KeyError:
                return ("*",)  # a list, which names no resource
            if operation in _ALSO_ON_THE_SERVICE:
                return (arn, store.scope.arn(f"service/{members['service_name']}"))
            return (arn,)
    return ("*",)


def _instance(members: Members, name: str) -> str:
    return f"service/{members['service_name']}/service-instance/{members[name]}"


def _of_filters(store: ProtonStore, members: Members) -> tuple[str, ...]:
    """The resources by which a list of components is filtered: all its resource types are
    optional.
    """
    named = []
    if "environment_name" in members:
        named.append(f"environment/{members['environment_name']}")
    if "service_name" in members and "service_instance_name" in members:
        named.append(_instance(members, "service_instance_name"))
    elif "service_name" in members:
        named.append(f"service/{members['service_name']}")
    return tuple(map(store.scope.arn, named)) or ("*",)


def _connection(store: ProtonStore, connection_id: str) -> EnvironmentAccountConnection | None:
    """A connection of the account, as one of its two sides; those of others stay unknown, even
    their owner.
    """
    try:
        return store.environment_account_connections.get(connection_id)
    except ProtonError:
        return None


# Condition keys


def _request_context(
    store: ProtonStore, operation: str, members: Members
) -> dict[str, tuple[str, ...]]:
    # Rule 10.4-4.
    context: dict[str, tuple[str, ...]] = {
        "aws:RequestedRegion": (store.scope.region,),
        # Proton was only called by HTTPS; a request to our own server by HTTP counts as such
        # (choice).
        "aws:SecureTransport": ("true",),
    }
    tags = members.get("tags") or ()
    for tag in tags:
        context[f"aws:RequestTag/{tag['key']}"] = (tag["value"],)
    keys = [tag["key"] for tag in tags] or members.get("tag_keys")
    if keys:
        context["aws:TagKeys"] = tuple(keys)
    if operation in _ENVIRONMENT_TEMPLATE_KEY:
        _put(context, "proton:EnvironmentTemplate", _environment_template(store, members))
    if operation in _SERVICE_TEMPLATE_KEY:
        _put(context, "proton:ServiceTemplate", _service_template(store, members))
    return context


def _put(context: dict[str, tuple[str, ...]], key: str, value: str | None) -> None:
    if value is not None:
        context[key] = (value,)


def _environment_template(store: ProtonStore, members: Members) -> str | None:
    if "template_name" in members:
        return store.scope.arn(f"environment-template/{members['template_name']}")
    environment = store.environments.find(members.get("name") or members["environment_name"])
    return environment.template_arn if environment is not None else None


def _service_template(store: ProtonStore, members: Members) -> str | None:
    if "template_name" in members:
        return store.scope.arn(f"service-template/{members['template_name']}")
    service = store.services.find(members.get("service_name") or members["name"])
    return service.template_arn if service is not None else None


def _resource_context(store: ProtonStore, arn: str) -> dict[str, tuple[str, ...]]:
    context = _resource_tags(store, arn)
    if arn != "*":
        context["aws:ResourceAccount"] = (arn.split(":")[4],)
    return context


def _resource_tags(store: ProtonStore, arn: str) -> dict[str, tuple[str, ...]]:
    """``aws:ResourceTag`` of an existing resource; managed tags count like customer tags."""
    kind, _, name = arn.split(":", 5)[-1].partition("/")
    if kind == "environment-account-connection":
        connection = _connection(store, name)
        tags = connection.tags if connection is not None else {}
    else:
        try:
            managed, customer = store.tagging.list(arn)
        except ProtonError:
            return {}
        tags = {**managed, **customer}
    return {f"aws:ResourceTag/{key}": (value,) for key, value in tags.items()}
