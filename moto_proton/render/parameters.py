"""The parameters that templates are rendered with: a class for each kind of infrastructure file.

:mod:`~moto_proton.render.namespace` says under which names a file sees them. Rules: section 8.5 of
docs/behaviour.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class Deployment:
    """The deployment that the generated files of self-managed provisioning describe.

    ``arn`` is the resource's. The template is None for a component; ``environment_arn`` is that of
    a service instance or component. ``tags`` are the ``proton_tags`` of provisioned resources.
    """

    id: str
    arn: str
    template_arn: str | None = None
    template_major_version: str | None = None
    template_minor_version: str | None = None
    environment_arn: str | None = None
    is_resource_deleted: bool = False
    tags: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class EnvironmentParameters:
    """The parameters of an environment's file. ``inputs`` have their defaults applied."""

    name: str
    inputs: Mapping[str, Any] = field(default_factory=_nothing)
    deployment: Deployment | None = None


@dataclass(frozen=True, slots=True)
class DeployedEnvironment:
    """An environment as the files of its services and components see it: outputs, but no inputs."""

    name: str
    account_id: str
    outputs: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class ServiceParameters:
    """A service as its files see it; one without a pipeline has an empty repository."""

    name: str
    repository_id: str = ""
    repository_connection_arn: str = ""
    branch_name: str = ""


@dataclass(frozen=True, slots=True)
class AttachedComponent:
    """The component that is attached to a service instance."""

    name: str
    outputs: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class ServiceInstanceParameters:
    """The parameters of a service instance's file."""

    name: str
    service: ServiceParameters
    environment: DeployedEnvironment
    inputs: Mapping[str, Any] = field(default_factory=_nothing)
    component: AttachedComponent | None = None
    deployment: Deployment | None = None


@dataclass(frozen=True, slots=True)
class PipelineInstance:
    """A service instance as the file of its service's pipeline sees it."""

    name: str
    environment: DeployedEnvironment
    inputs: Mapping[str, Any] = field(default_factory=_nothing)
    outputs: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class ServicePipelineParameters:
    """The parameters of a pipeline's file; ``instances`` are in the order of the spec."""

    service: ServiceParameters
    inputs: Mapping[str, Any] = field(default_factory=_nothing)
    instances: tuple[PipelineInstance, ...] = ()
    deployment: Deployment | None = None


@dataclass(frozen=True, slots=True)
class AttachedInstance:
    """The service instance that a component is attached to, as the component's file sees it."""

    service_name: str
    name: str
    inputs: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class ComponentParameters:
    """The parameters of a component's file; ``attached_to`` is None while it is detached."""

    name: str
    environment: DeployedEnvironment
    attached_to: AttachedInstance | None = None
    deployment: Deployment | None = None


Parameters = (
    EnvironmentParameters
    | ServiceInstanceParameters
    | ServicePipelineParameters
    | ComponentParameters
)
