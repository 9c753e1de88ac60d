"""The names that each kind of file sees: parameters as dictionaries, lists and scalars.

Rules: section 8.5 of docs/behaviour.md; names that it does not list for a kind of file are
undefined here. Each call makes new dictionaries and lists, so that no template can change the
caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto_proton.render.parameters import (
    ComponentParameters,
    DeployedEnvironment,
    EnvironmentParameters,
    Parameters,
    ServiceInstanceParameters,
    ServiceParameters,
    ServicePipelineParameters,
)


class Lookup(dict[str, Any]):
    """A dictionary with additional entries (``aside``) that are found by name but not listed.

    They are names that may be used without a value (the component of an instance that has none),
    and older names of entries that are now elsewhere.
    """

    __slots__ = ("aside",)

    def __init__(self, entries: Mapping[str, Any], aside: Mapping[str, Any]) -> None:
        super().__init__(entries)
        self.aside = aside

    def __missing__(self, key: object) -> Any:
        return self.aside[key]  # type: ignore[index]


def plain(value: Any) -> Any:
    """A copy of a spec's value in new dictionaries and lists; scalars stay as they are."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value


def namespace_of(parameters: Parameters) -> dict[str, Any]:
    """The top-level names of a file of this kind and what they stand for (Rule 8.5-16)."""
    if isinstance(parameters, EnvironmentParameters):
        return _of_environment(parameters)
    if isinstance(parameters, ServiceInstanceParameters):
        return _of_service_instance(parameters)
    if isinstance(parameters, ServicePipelineParameters):
        return _of_service_pipeline(parameters)
    return _of_component(parameters)


def _of_environment(parameters: EnvironmentParameters) -> dict[str, Any]:
    # Rules 8.5-1 and 8.5-3.
    return {"environment": {"name": parameters.name, "inputs": plain(parameters.inputs)}}


def _of_service_instance(parameters: ServiceInstanceParameters) -> dict[str, Any]:
    # Rules 8.5-1, 8.5-2, 8.5-4 to 8.5-8 and 8.5-13.
    environment = _deployed(parameters.environment)
    components: dict[str, Any]
    if parameters.component is None:
        # Never an error (Rule 8.5-17).
        components = Lookup({}, {"default": Lookup({}, {"outputs": {}})})
    else:
        attached = parameters.component
        components = {"default": {"name": attached.name, "outputs": dict(attached.outputs)}}
    instance = {
        "name": parameters.name,
        "inputs": plain(parameters.inputs),
        "components": components,
    }
    return {
        "environment": environment,
        "service": _service(parameters.service),
        # The older spelling, service_instance.environment.outputs.
        "service_instance": Lookup(instance, {"environment": environment}),
    }


def _of_service_pipeline(parameters: ServicePipelineParameters) -> dict[str, Any]:
    # Rules 8.5-5, 8.5-6, 8.5-9 and 8.5-10.
    return {
        "pipeline": {"inputs": plain(parameters.inputs)},
        "service": _service(parameters.service),
        "service_instances": [
            {
                "name": instance.name,
                "inputs": plain(instance.inputs),
                "outputs": dict(instance.outputs),
                "environment": _deployed(instance.environment),
            }
            for instance in parameters.instances
        ],
    }


def _of_component(parameters: ComponentParameters) -> dict[str, Any]:
    # Rules 8.5-1, 8.5-2, 8.5-4, 8.5-5, 8.5-7 and 8.5-11.
    names: dict[str, Any] = {
        "component": {"name": parameters.name},
        "environment": _deployed(parameters.environment),
    }
    if parameters.attached_to is not None:
        instance = parameters.attached_to
        names["service"] = {"name": instance.service_name}
        names["service_instance"] = {"name": instance.name, "inputs": plain(instance.inputs)}
    return names


def _deployed(environment: DeployedEnvironment) -> dict[str, Any]:
    return {
        "account_id": environment.account_id,
        "name": environment.name,
        "outputs": dict(environment.outputs),
    }


def _service(service: ServiceParameters) -> dict[str, Any]:
    # Rule 8.5-14.
    return {
        "name": service.name,
        "repository_connection_arn": service.repository_connection_arn,
        "repository_id": service.repository_id,
        "branch_name": service.branch_name,
    }
