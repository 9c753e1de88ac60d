"""Renders an infrastructure with parameters to the files that provision it.

The results of the last few parameters are cached for as long as the infrastructure object lives,
and compiled templates are cached by their text. Jinja is imported when the first template is
rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from moto_proton import workplace
from moto_proton.bundle.infrastructure import (
    CloudFormationManifest,
    CodeBuildManifest,
    Infrastructure,
    InputType,
    ProvisioningMethod,
)
from moto_proton.bundle.manifest import MANIFEST
from moto_proton.forking import ForkSafeLock
from moto_proton.remembering import Memory, remembering
from moto_proton.render import codebuild, terraform
from moto_proton.render.errors import RenderError
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
# Size of the cache of one infrastructure, in characters of the files and of their parameters.
_REMEMBERED: Final = 300_000
# Size of the cache of compiled templates, in characters of their sources.
_COMPILED: Final = 2_000_000

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The rendered files of a deployment, by name in the infrastructure's directory.

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


def undefined_names(
    infrastructure: Infrastructure, parameters: Parameters
) -> tuple[RenderError, ...]:
    """Every undefined name of a CloudFormation template, each as an error with its place.

    Rendering itself stops at the first one. Empty for the other methods. The template must be one
    that compiles.
    """
    manifest = infrastructure.manifest
    if not isinstance(manifest, CloudFormationManifest):
        return ()
    file = f"{infrastructure.directory}/{manifest.file}"
    source = infrastructure.files[manifest.file]
    return tuple(_run(_surveyed, file, source, namespace_of(parameters)))


_memories: WeakKeyDictionary[Infrastructure, Memory[Rendered]] = WeakKeyDictionary()
_lock: Final = ForkSafeLock()


def _render(infrastructure: Infrastructure, parameters: Parameters, kind: str) -> Rendered:
    namespace = namespace_of(parameters)
    with _lock:
        memory = _memories.setdefault(infrastructure, Memory(_REMEMBERED))
    manifest = infrastructure.manifest
    if not isinstance(manifest, (CloudFormationManifest, CodeBuildManifest)):
        # These files contain the deployment's id, so no two are the same.
        return Rendered(
            ProvisioningMethod.TERRAFORM,
            MappingProxyType(
                {
                    **infrastructure.files,
                    **terraform.generated_files(kind, namespace, parameters.deployment),
                }
            ),
        )
    # The key is a text because == takes 1, 1.0 and True for the same and ignores the order of keys.
    key = repr((kind, namespace))
    found = memory.get(key)
    if found is not None:
        return found
    if isinstance(manifest, CloudFormationManifest):
        rendered = _render_cloudformation(infrastructure, manifest, namespace)
    else:
        rendered = _render_codebuild(infrastructure, manifest, namespace)
    memory.keep(key, rendered, len(key) + sum(map(len, rendered.files.values())))
    return rendered


def _render_cloudformation(
    infrastructure: Infrastructure, manifest: CloudFormationManifest, namespace: dict[str, Any]
) -> Rendered:
    file = f"{infrastructure.directory}/{manifest.file}"
    text = _run(_template, file, infrastructure.files[manifest.file], namespace)
    return Rendered(ProvisioningMethod.CLOUDFORMATION, MappingProxyType({manifest.file: text}))


def _render_codebuild(
    infrastructure: Infrastructure, manifest: CodeBuildManifest, namespace: dict[str, Any]
) -> Rendered:
    file = f"{infrastructure.directory}/{MANIFEST}"
    properties, provision, deprovision, variables = _run(_built, file, manifest, namespace)
    as_hcl = manifest.input_type is InputType.HCL
    return Rendered(
        ProvisioningMethod.CODEBUILD,
        MappingProxyType(codebuild.input_file(namespace, as_hcl=as_hcl)),
        properties,
        provision,
        deprovision,
        variables,
    )


def _run(function: Callable[..., _Answer], file: str, *args: Any) -> _Answer:
    try:
        return workplace.run(function, file, *args)
    except workplace.OutOfBoundsError as error:
        raise RenderError(file, error.reason, line=error.line) from None


def _template(file: str, source: str, namespace: dict[str, Any]) -> str:
    return _compiled(file, source).render(namespace)


def _surveyed(file: str, source: str, namespace: dict[str, Any]) -> list[RenderError]:
    from moto_proton.render.template import survey

    return survey(file, source, namespace)


def _built(
    file: str, manifest: CodeBuildManifest, namespace: dict[str, Any]
) -> tuple[Mapping[str, Any], tuple[str, ...], tuple[str, ...], Mapping[str, Any]]:
    from moto_proton.render.limits import Budget

    shared = Budget(namespace)  # one budget, as a manifest may hold any number of templates

    def text(file: str, source: str) -> str:
        return _compiled(file, source).render(namespace, shared)

    def value(file: str, source: str) -> Any:
        return _compiled(file, source).evaluate(namespace, shared)

    return (
        codebuild.rendered_properties(
            manifest.project_properties, "project_properties", file, value
        ),
        codebuild.rendered_commands(manifest.provision, "provision", file, text),
        codebuild.rendered_commands(manifest.deprovision, "deprovision", file, text),
        codebuild.rendered_properties(manifest.variables, "env.variables", file, value),
    )


@remembering(lambda file, source: len(source), _COMPILED)
def _compiled(file: str, source: str) -> CompiledTemplate:
    from moto_proton.render.template import CompiledTemplate

    return CompiledTemplate(file, source)
