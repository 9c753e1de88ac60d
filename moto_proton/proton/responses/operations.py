"""The table of all operations, each with the handler of its name.

Every operation in it works in full; any other gets the JSON protocol's answer to an unknown
operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Final

from moto_proton.proton.responses import (
    account_settings,
    components,
    deployments,
    environment_account_connections,
    environments,
    repositories,
    service_instances,
    service_pipelines,
    services,
    syncs,
    tags,
)
from moto_proton.proton.responses.call import Handler
from moto_proton.proton.responses.outputs import OUTPUT_OPERATIONS
from moto_proton.proton.responses.templates import template_operations

_ROOMS: Final = (
    account_settings,
    components,
    deployments,
    environment_account_connections,
    environments,
    repositories,
    service_instances,
    service_pipelines,
    services,
    syncs,
    tags,
)


def _handlers_of(room: ModuleType) -> dict[str, Handler]:
    """The handlers that a module defines, by operation: its public functions, with names in camel
    case.
    """
    return {
        "".join(word.capitalize() for word in name.split("_")): handler
        for name, handler in vars(room).items()
        if callable(handler)
        and not name.startswith("_")
        and getattr(handler, "__module__", None) == room.__name__
    }


OPERATIONS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        **{name: handler for room in _ROOMS for name, handler in _handlers_of(room).items()},
        **OUTPUT_OPERATIONS,
        **template_operations(
            "EnvironmentTemplate", "environment_template", lambda store: store.environment_templates
        ),
        **template_operations(
            "ServiceTemplate", "service_template", lambda store: store.service_templates
        ),
    }
)
"""Operation name, as in the service model, to its handler."""
