"""A bundle and a spec as what is rendered of them: an environment, or instances and a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto_proton.cli.ending import Status, fail
from moto_proton.cli.surroundings import Given, Surroundings

if TYPE_CHECKING:
    from moto_proton.bundle import EnvironmentBundle, Infrastructure, InputSchema, ServiceBundle
    from moto_proton.render import Rendered
    from moto_proton.spec import InstanceSpec, ServiceSpec, Value


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to render: with what, and the directory of its files."""

    directory: str
    infrastructure: Infrastructure
    parameters: Any
    render: Callable[[Infrastructure, Any], Rendered]

    def files(self) -> Iterator[tuple[str, str]]:
        """The rendered files by path; raises RenderError."""
        for name, text in self.render(self.infrastructure, self.parameters).files.items():
            yield f"{self.directory}/{name}", text


class BadInputsError(Exception):
    """Inputs that break their schema; each of ``problems`` is a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def pieces_of(
    bundle: EnvironmentBundle | ServiceBundle,
    text: str,
    name: str,
    given: Given,
    only_instance: str | None,
    only_pipeline: bool,
) -> list[Piece]:
    """All that is to be rendered. Raises SpecError, CurrentValueError, BadInputsError."""
    from moto_proton.bundle import ServiceBundle

    if not isinstance(bundle, ServiceBundle):
        if only_instance is not None or only_pipeline:
            what = "--instance and --pipeline are for service bundles, and this is an environment's"
            fail(Status.USAGE, what)
        given.refuse_for_environment()
        return [_environment(bundle, text, name)]
    return _of_service(bundle, text, name, given, only_instance, only_pipeline)


def _environment(bundle: EnvironmentBundle, text: str, name: str) -> Piece:
    from moto_proton.render import EnvironmentParameters, render_environment
    from moto_proton.spec import parse_environment_spec, resolve_environment_spec

    spec = resolve_environment_spec(parse_environment_spec(text), None)
    (inputs,) = _checked([(bundle.schema.environment_inputs, spec.inputs, "")])
    if bundle.infrastructure is None:
        what = "the bundle is of a customer managed environment and has nothing to render"
        fail(Status.USAGE, what)
    parameters = EnvironmentParameters(name, inputs)
    return Piece("environment", bundle.infrastructure, parameters, render_environment)


def _of_service(
    bundle: ServiceBundle,
    text: str,
    name: str,
    given: Given,
    only_instance: str | None,
    only_pipeline: bool,
) -> list[Piece]:
    from moto_proton.spec import parse_service_spec, resolve_service_spec
    from moto_proton.spelling import hint

    spec = resolve_service_spec(parse_service_spec(text), None)
    if only_instance is not None and spec.instance(only_instance) is None:
        meant = hint(only_instance, [entry.name for entry in spec.instances])
        fail(Status.USAGE, f"the spec has no service instance {only_instance}{meant}")
    if only_pipeline and bundle.pipeline is None:
        fail(Status.USAGE, "the bundle has no pipeline")
    entries = [entry for entry in spec.instances if only_instance in (None, entry.name)]
    if only_pipeline:
        entries = []
    pipeline = bundle.pipeline if only_instance is None else None
    inputs = _service_inputs(bundle, spec, entries, has_pipeline=pipeline is not None)
    names = [entry.name for entry in entries]
    world = given.surroundings(name, spec, names, pipeline=pipeline is not None)
    found = [_instance(world, bundle, entry, inputs[entry.name]) for entry in entries]
    if pipeline is not None:
        found.append(_pipeline(world, pipeline, spec, inputs))
    return found


def _service_inputs(
    bundle: ServiceBundle, spec: ServiceSpec, entries: Sequence[InstanceSpec], *, has_pipeline: bool
) -> dict[str | None, Mapping[str, Any]]:
    """The inputs of each instance by its name, those of the pipeline by None."""
    whose = {
        entry.name: (
            bundle.schema.service_inputs,
            entry.inputs,
            f"service instance {entry.name}: ",
        )
        for entry in (spec.instances if has_pipeline else entries)
    }
    keys: list[str | None] = [*whose]
    every = [*whose.values()]
    if has_pipeline:
        keys.append(None)
        every.append((bundle.schema.pipeline_inputs, spec.pipeline, "pipeline: "))
    return dict(zip(keys, _checked(every), strict=True))


def _instance(
    world: Surroundings, bundle: ServiceBundle, entry: InstanceSpec, inputs: Mapping[str, Any]
) -> Piece:
    from moto_proton.render import (
        ServiceInstanceParameters,
        ServiceParameters,
        render_service_instance,
    )

    parameters = ServiceInstanceParameters(
        name=entry.name,
        service=ServiceParameters(world.name),
        environment=world.environment(entry.environment),
        inputs=inputs,
        component=world.component(entry.name),
    )
    directory = f"service_instances/{entry.name}"
    return Piece(directory, bundle.instance, parameters, render_service_instance)


def _pipeline(
    world: Surroundings,
    infrastructure: Infrastructure,
    spec: ServiceSpec,
    inputs: Mapping[str | None, Mapping[str, Any]],
) -> Piece:
    from moto_proton.render import (
        PipelineInstance,
        ServicePipelineParameters,
        render_service_pipeline,
    )

    parameters = ServicePipelineParameters(
        service=world.service_with_repository(),
        inputs=inputs[None],
        instances=tuple(
            PipelineInstance(
                entry.name,
                world.environment(entry.environment),
                inputs[entry.name],
                world.instance_outputs.get(entry.name, {}),
            )
            for entry in spec.instances
        ),
    )
    return Piece("pipeline", infrastructure, parameters, render_service_pipeline)


def _checked(
    every: Sequence[tuple[InputSchema | None, Mapping[str, Value], str]],
) -> list[Mapping[str, Any]]:
    """Inputs with defaults, of each schema, inputs and owner; raises BadInputsError for all."""
    from moto_proton.bundle import InputError

    found: list[Mapping[str, Any]] = []
    problems: list[str] = []
    for schema, inputs, whose in every:
        try:
            found.append(inputs if schema is None else schema.check(inputs))
        except InputError as error:
            problems += [f"{whose}{each.input}: {each.message}" for each in error.problems]
    if problems:
        raise BadInputsError(problems)
    return found
