"""Infrastructure and parameters to the files that provision it, by the manifest's method.

What has been made is remembered with the infrastructure for as long as that lives: compiled
templates, and what the last few parameters gave. Jinja is imported by the first template.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from moto_proton.bundle.infrastructure import (
    CloudFormationManifest,
    CodeBuildManifest,
    Infrastructure,
    InputType,
    ProvisioningMethod,
)
from moto_proton.bundle.manifest import MANIFEST
from moto_proton.remembering import Memory
from moto_proton.render import codebuild, terraform
from moto_proton.render.namespace import namespace_of
from moto_proton.render.parameters import (
    ComponentParameters,
    EnvironmentParameters,
    Parameters,
    ServiceInstanceParameters,
    ServicePipelineParameters,
)

if TYPE_CHECKING:
    from moto_proton.render.template import CompiledTemplate

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
# Characters of what is remembered of one infrastructure: files, and the values in them.
_REMEMBERED: Final = 300_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a deployment is provisioned with: files by name, in the infrastructure's directory.

    CloudFormation: the manifest's one file. Terraform: the ``.tf`` files and the generated ones.
    CodeBuild: the input file; the other members are the manifest's, rendered: the commands that its
    job runs to ``provision`` and to ``deprovision``, its ``variables`` and ``project_properties``.
    """

    method: ProvisioningMethod
    files: Mapping[str, str]
    project_properties: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    provision: tuple[str, ...] = ()
    deprovision: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def template(self) -> str:
        """The text of the CloudFormation template; LookupError for the other methods."""
        if self.method is not ProvisioningMethod.CLOUDFORMATION:
            raise LookupError(f"{self.method.value} provisioning has no CloudFormation template")
        (text,) = self.files.values()
        return text


def render_environment(
    infrastructure: Infrastructure, parameters: EnvironmentParameters
) -> Rendered:
    """The files of an environment; raises RenderError."""
    return _render(infrastructure, parameters, "environment")


def render_service_instance(
    infrastructure: Infrastructure, parameters: ServiceInstanceParameters
) -> Rendered:
    """The files of a service instance; raises RenderError."""
    return _render(infrastructure, parameters, "service_instance")


def render_service_pipeline(
    infrastructure: Infrastructure, parameters: ServicePipelineParameters
) -> Rendered:
    """The files of a service's pipeline; raises RenderError."""
    return _render(infrastructure, parameters, "pipeline")


def render_component(infrastructure: Infrastructure, parameters: ComponentParameters) -> Rendered:
    """The files of a component; raises RenderError."""
    return _render(infrastructure, parameters, "component")


class _Memory:
    """What is remembered of one infrastructure."""

    __slots__ = ("rendered", "templates")

    def __init__(self) -> None:
        self.templates: dict[str, CompiledTemplate] = {}
        self.rendered: Memory[Rendered] = Memory(_REMEMBERED)


_memories: WeakKeyDictionary[Infrastructure, _Memory] = WeakKeyDictionary()
_lock: Final = threading.Lock()


def _render(infrastructure: Infrastructure, parameters: Parameters, kind: str) -> Rendered:
    namespace = namespace_of(parameters)
    with _lock:
        memory = _memories.setdefault(infrastructure, _Memory())
    manifest = infrastructure.manifest
    if not isinstance(manifest, (CloudFormationManifest, CodeBuildManifest)):
        # The deployment's id is in these files: no two are the same.
        return Rendered(
            ProvisioningMethod.TERRAFORM,
            MappingProxyType(
                {
                    **infrastructure.files,
                    **terraform.generated_files(kind, namespace, parameters.deployment),
                }
            ),
        )
    # Text tells apart what == does not: 1, 1.0 and True; and the order of keys, which may show.
    key = repr((kind, namespace))
    found = memory.rendered.get(key)
    if found is not None:
        return found
    if isinstance(manifest, CloudFormationManifest):
        rendered = _render_cloudformation(infrastructure, manifest, memory, namespace)
    else:
        rendered = _render_codebuild(infrastructure, manifest, memory, namespace)
    memory.rendered.keep(key, rendered, len(key) + sum(map(len, rendered.files.values())))
    return rendered


def _render_cloudformation(
    infrastructure: Infrastructure,
    manifest: CloudFormationManifest,
    memory: _Memory,
    namespace: dict[str, Any],
) -> Rendered:
    file = f"{infrastructure.directory}/{manifest.file}"
    template = _compiled(memory, file, infrastructure.files[manifest.file])
    files = MappingProxyType({manifest.file: template.render(namespace)})
    return Rendered(ProvisioningMethod.CLOUDFORMATION, files)


def _render_codebuild(
    infrastructure: Infrastructure,
    manifest: CodeBuildManifest,
    memory: _Memory,
    namespace: dict[str, Any],
) -> Rendered:
    place = f"{infrastructure.directory}/{MANIFEST}"

    def text(file: str, source: str) -> str:
        return _compiled(memory, file, source).render(namespace)

    def value(file: str, source: str) -> Any:
        return _compiled(memory, file, source).evaluate(namespace)

    as_hcl = manifest.input_type is InputType.HCL
    return Rendered(
        ProvisioningMethod.CODEBUILD,
        MappingProxyType(codebuild.input_file(namespace, as_hcl=as_hcl)),
        codebuild.rendered_properties(
            manifest.project_properties, "project_properties", place, value
        ),
        codebuild.rendered_commands(manifest.provision, "provision", place, text),
        codebuild.rendered_commands(manifest.deprovision, "deprovision", place, text),
        codebuild.rendered_properties(manifest.variables, "env.variables", place, value),
    )


def _compiled(memory: _Memory, file: str, source: str) -> CompiledTemplate:
    key = f"{file}\0{source}"
    found = memory.templates.get(key)
    if found is None:
        from moto_proton.render.template import CompiledTemplate

        found = memory.templates[key] = CompiledTemplate(file, source)
    return found
