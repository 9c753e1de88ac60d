"""The infrastructure of a bundle as a value: a manifest and the files that it names.

Rules: section 8.2 of docs/behaviour.md. ``manifest`` reads the manifest, ``reading`` the archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from moto_proton.bundle.errors import Doubt

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class ProvisioningMethod(Enum):
    """Who provisions; this follows from the manifest's rendering engine.

    CloudFormation: the service itself. Terraform: the customer (self-managed). CodeBuild: a build.

    Rules 8.2-7 and 9-1 to 9-3.
    """

    CLOUDFORMATION = "CloudFormation"
    TERRAFORM = "Terraform"
    CODEBUILD = "CodeBuild"


class InputType(Enum):
    """The form in which a CodeBuild job gets its parameters."""

    JSON = "JSON"
    HCL = "HCL"


@dataclass(frozen=True, slots=True)
class CloudFormationManifest:
    """A manifest of one CloudFormation file with Jinja in it."""

    file: str


@dataclass(frozen=True, slots=True)
class TerraformManifest:
    """A manifest of Terraform files: one by name, or ``*`` for all that end in ``.tf``."""

    file: str


@dataclass(frozen=True, slots=True)
class CodeBuildManifest:
    """A manifest of commands; they, the variables and ``project_properties`` may hold Jinja."""

    provision: tuple[str, ...]
    deprovision: tuple[str, ...]
    input_type: InputType = InputType.JSON
    image: str | None = None
    runtimes: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    variables: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    project_properties: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


Manifest: TypeAlias = CloudFormationManifest | TerraformManifest | CodeBuildManifest

_METHODS: Final = {
    CloudFormationManifest: ProvisioningMethod.CLOUDFORMATION,
    TerraformManifest: ProvisioningMethod.TERRAFORM,
    CodeBuildManifest: ProvisioningMethod.CODEBUILD,
}


class _Referable:
    """Allows weak references in spite of slots; ``weakref_slot`` came with Python 3.11."""

    __slots__ = ("__weakref__",)


@dataclass(frozen=True, slots=True, eq=False)
class Infrastructure(_Referable):
    """A manifest and its files: one way to provision something.

    ``directory`` is its place in the bundle, for messages (``infrastructure``,
    ``instance_infrastructure``, ``pipeline_infrastructure``; ``component`` for a component's).
    ``files`` are the infrastructure files that the manifest names, by name in that directory; none
    for CodeBuild. ``doubts`` are what is odd in the manifest. Equal only to itself, so that it can
    be the key of what is cached for it.
    """

    directory: str
    manifest: Manifest
    files: Mapping[str, str]
    doubts: tuple[Doubt, ...] = ()

    @property
    def method(self) -> ProvisioningMethod:
        """Who provisions it."""
        return _METHODS[type(self.manifest)]
