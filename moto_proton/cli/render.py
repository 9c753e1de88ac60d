"""``moto-proton render``: a template bundle with the values of a spec."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from moto_proton.cli.files import fail, read_text

if TYPE_CHECKING:
    from moto_proton.bundle import BundleError, EnvironmentBundle, InputSchema, ServiceBundle
    from moto_proton.render import DeployedEnvironment, Rendered
    from moto_proton.spec import InstanceSpec, ServiceSpec, Value

Outputs = Mapping[str, str]

# Service model: the pattern and the lengths of ResourceName.
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{0,99}")


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--spec", required=True, metavar="FILE", help='The spec; "-" is standard input.')
@click.option("--name", help="Name of the environment or service.  [default: my-NAME-OF-BUNDLE]")
@click.option("--instance", help="Render this service instance only.")
@click.option("--pipeline", is_flag=True, help="Render the pipeline only.")
@click.option(
    "--environment-outputs",
    metavar="FILE",
    help="Outputs of the environment: YAML or JSON, values by name.",
)
@click.option(
    "--component-outputs",
    metavar="FILE",
    help="Outputs of a component attached to each instance, likewise.",
)
@click.option(
    "--instance-outputs",
    metavar="FILE",
    help="Outputs of each service instance, for the pipeline, likewise.",
)
@click.option(
    "--account-id", default="123456789012", show_default=True, help="Account of the environment."
)
@click.option(
    "-o",
    "--output-directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files here and not to standard output.",
)
def render(
    bundle: Path,
    spec: str,
    name: str | None,
    instance: str | None,
    pipeline: bool,
    environment_outputs: str | None,
    component_outputs: str | None,
    instance_outputs: str | None,
    account_id: str,
    output_directory: Path | None,
) -> None:
    """Render the template bundle BUNDLE with the values of a spec.

    BUNDLE is the directory with schema/ in it, or a bundle packed as tar.gz. Of an environment
    bundle the environment is rendered, of a service bundle every instance of the spec and the
    pipeline. The spec is checked against the schema, whose defaults are filled in.
    What is doubtful in the bundle, but registers, is a note on standard error.

    \b
    Exit status: 0  everything was rendered
                 2  the bundle, the spec or a file of outputs is invalid or
                    cannot be read, or a template cannot be rendered
    """
    from moto_proton import workplace
    from moto_proton.render import RenderError
    from moto_proton.spec import CurrentValueError, SpecError

    # The bundle may be somebody else's, who wants it looked at.
    click.get_current_context().with_resource(workplace.everything_in_child())
    if instance is not None and pipeline:
        fail("only one of --instance and --pipeline can be given")
    if name is not None and not _NAME.fullmatch(name):
        fail(f"{name!r} is no name that Proton would take")
    read = _read_bundle(bundle)
    for doubt in read.doubts:
        click.echo(f"note: {bundle}: {doubt}", err=True)
    text = read_text(spec, "<stdin>" if spec == "-" else spec)
    world = _World(
        name=name or f"my-{bundle.resolve().name.partition('.')[0]}",
        account_id=account_id,
        environment=_outputs(environment_outputs) or {},
        component=_outputs(component_outputs),
        instance=_outputs(instance_outputs) or {},
    )
    try:
        files = dict(_files(world, read, text, instance, pipeline))
    except SpecError as error:
        place = "" if error.line is None else f":{error.line}:{error.column}"
        fail(f"{spec}{place}: {error.explanation}")
    except CurrentValueError as error:
        fail(f"{spec}: {error}")
    except _BadInputsError as error:
        fail("\n".join(f"{spec}: {problem}" for problem in error.problems))
    except RenderError as error:
        fail(error.explain())
    _put(files, output_directory)


@dataclass(frozen=True, slots=True)
class _World:
    """The assumed surroundings of the bundle: names, and outputs of other resources."""

    name: str
    account_id: str
    environment: Outputs
    component: Outputs | None
    instance: Outputs

    def deployed_environment(self, name: str) -> DeployedEnvironment:
        from moto_proton.render import DeployedEnvironment

        return DeployedEnvironment(name, self.account_id, self.environment)


def _files(
    world: _World,
    bundle: EnvironmentBundle | ServiceBundle,
    text: str,
    only_instance: str | None,
    only_pipeline: bool,
) -> Iterator[tuple[str, str]]:
    """The rendered files by path.

    Raises SpecError, CurrentValueError, _BadInputsError, RenderError.
    """
    from moto_proton.bundle import ServiceBundle
    from moto_proton.spec import parse_service_spec, resolve_service_spec

    if not isinstance(bundle, ServiceBundle):
        if only_instance is not None or only_pipeline:
            fail("--instance and --pipeline are for service bundles, and this is an environment's")
        yield from _environment_files(world, bundle, text)
        return
    spec = resolve_service_spec(parse_service_spec(text), None)
    if only_instance is not None and spec.instance(only_instance) is None:
        fail(f"the spec has no service instance {only_instance}")
    if only_pipeline and bundle.pipeline is None:
        fail("the bundle has no pipeline")
    if not only_pipeline:
        for entry in spec.instances:
            if only_instance in (None, entry.name):
                rendered = _instance(world, bundle, entry)
                yield from _below(f"service_instances/{entry.name}", rendered)
    if bundle.pipeline is not None and only_instance is None:
        yield from _below("pipeline", _pipeline(world, bundle, spec))


def _environment_files(
    world: _World, bundle: EnvironmentBundle, text: str
) -> Iterator[tuple[str, str]]:
    from moto_proton.render import EnvironmentParameters, render_environment
    from moto_proton.spec import parse_environment_spec, resolve_environment_spec

    spec = resolve_environment_spec(parse_environment_spec(text), None)
    inputs = _checked(bundle.schema.environment_inputs, spec.inputs)
    if bundle.infrastructure is None:
        fail("the bundle is of a customer managed environment and has nothing to render")
    parameters = EnvironmentParameters(world.name, inputs)
    yield from _below("environment", render_environment(bundle.infrastructure, parameters))


def _instance(world: _World, bundle: ServiceBundle, entry: InstanceSpec) -> Rendered:
    from moto_proton.render import (
        AttachedComponent,
        ServiceInstanceParameters,
        ServiceParameters,
        render_service_instance,
    )

    component = world.component
    parameters = ServiceInstanceParameters(
        name=entry.name,
        service=ServiceParameters(world.name),
        environment=world.deployed_environment(entry.environment),
        inputs=_instance_inputs(bundle, entry),
        component=None if component is None else AttachedComponent("my-component", component),
    )
    return render_service_instance(bundle.instance, parameters)


def _pipeline(world: _World, bundle: ServiceBundle, spec: ServiceSpec) -> Rendered:
    from moto_proton.render import (
        PipelineInstance,
        ServiceParameters,
        ServicePipelineParameters,
        render_service_pipeline,
    )

    assert bundle.pipeline is not None
    parameters = ServicePipelineParameters(
        service=ServiceParameters(
            world.name,
            repository_id="my-organization/my-repository",
            repository_connection_arn=(
                "arn:aws:codestar-connections:us-east-1:"
                f"{world.account_id}:connection/my-connection"
            ),
            branch_name="main",
        ),
        inputs=_checked(bundle.schema.pipeline_inputs, spec.pipeline, "pipeline: "),
        instances=tuple(
            PipelineInstance(
                entry.name,
                world.deployed_environment(entry.environment),
                _instance_inputs(bundle, entry),
                world.instance,
            )
            for entry in spec.instances
        ),
    )
    return render_service_pipeline(bundle.pipeline, parameters)


def _instance_inputs(bundle: ServiceBundle, entry: InstanceSpec) -> Mapping[str, Any]:
    whose = f"service instance {entry.name}: "
    return _checked(bundle.schema.service_inputs, entry.inputs, whose)


class _BadInputsError(Exception):
    """Inputs that break their schema; each of ``problems`` is a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _checked(
    schema: InputSchema | None, inputs: Mapping[str, Value], whose: str = ""
) -> Mapping[str, Any]:
    """The inputs with defaults; raises _BadInputsError."""
    from moto_proton.bundle import InputError

    if schema is None:
        return inputs
    try:
        return schema.check(inputs)
    except InputError as error:
        problems = [f"{whose}{each.input}: {each.message}" for each in error.problems]
        raise _BadInputsError(problems) from error


def _below(directory: str, rendered: Rendered) -> Iterator[tuple[str, str]]:
    for name, text in rendered.files.items():
        yield f"{directory}/{name}", text


def _read_bundle(path: Path) -> EnvironmentBundle | ServiceBundle:
    from moto_proton.bundle import (
        BundleError,
        pack,
        read_archive,
        read_environment_bundle,
        read_service_bundle,
    )

    try:
        data = pack(path) if path.is_dir() else path.read_bytes()
        directories = {name.partition("/")[0] for name in read_archive(data)}
        if "instance_infrastructure" in directories:
            return read_service_bundle(data, has_pipeline="pipeline_infrastructure" in directories)
        return read_environment_bundle(data, customer_managed="infrastructure" not in directories)
    except BundleError as error:
        fail(f"{path}: {error}{_excerpt(data, error)}")
    except OSError as error:
        fail(f"{path}: {error.strerror or error}")


def _excerpt(data: bytes, error: BundleError) -> str:
    """The line of an error with a caret line, below the error itself; empty if there is none."""
    from moto_proton.bundle import read_archive
    from moto_proton.render.errors import excerpt

    if error.file is None or error.line is None:
        return ""
    content = read_archive(data).get(error.file, b"")
    shown = excerpt(content.decode(errors="replace"), error.line, None)
    return "" if shown is None else f"\n{shown}"


def _outputs(file: str | None) -> Outputs | None:
    """Outputs by name from a file of YAML, and so of JSON; None without a file."""
    if file is None:
        return None
    import yaml

    from moto_proton.yamltext.events import check_depth

    text = read_text(file, file)
    try:
        check_depth(text)
        outputs = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        fail(f"{file}: not YAML: {error}")
    if not isinstance(outputs, dict) or not all(
        isinstance(name, str) and isinstance(value, str | int | float)
        for name, value in outputs.items()
    ):
        fail(f"{file}: outputs are values by name, text or numbers")
    # As in JSON, for true and false.
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in outputs.items()
    }


def _put(files: Mapping[str, str], directory: Path | None) -> None:
    """Write the files, or print them; if there are several, a line with its name precedes each."""
    if directory is None:
        for name, text in files.items():
            if len(files) > 1:
                click.echo(f"# {name}")
            click.echo(text, nl=not text.endswith("\n"))
        return
    for name, text in files.items():
        path = directory / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            fail(f"{path}: {error.strerror or error}")
        click.echo(str(path))
