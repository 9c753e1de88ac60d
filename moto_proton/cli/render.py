"""``moto-proton render``: a template bundle with the values of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from moto_proton.cli.diff import spec_problem
from moto_proton.cli.ending import Problem, Status, as_json, fail, note, notes
from moto_proton.cli.files import file_problem, in_file, read_text, write_text
from moto_proton.cli.per_name import NAME
from moto_proton.cli.pieces import BadInputsError, Piece, pieces_of
from moto_proton.cli.surroundings import ACCOUNT, Given, note_what_is_made_up

if TYPE_CHECKING:
    from moto_proton.bundle import BundleError, EnvironmentBundle, ServiceBundle
    from moto_proton.render import RenderError


@click.command(short_help="Render a template bundle with the values of a spec.")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--spec", required=True, metavar="FILE", help='The spec; "-" is standard input.')
@click.option("--name", help="Name of the environment or service.  [default: my-NAME-OF-BUNDLE]")
@click.option("--instance", help="Render this service instance only.")
@click.option("--pipeline", is_flag=True, help="Render the pipeline only.")
@click.option(
    "--environment-outputs",
    multiple=True,
    metavar="[ENVIRONMENT=]FILE",
    help="Outputs of an environment.",
)
@click.option(
    "--component-outputs",
    multiple=True,
    metavar="[INSTANCE=]FILE",
    help="Outputs of the component attached to an instance.",
)
@click.option(
    "--component",
    multiple=True,
    metavar="[INSTANCE=]NAME",
    help="Name of the component attached to an instance.",
)
@click.option(
    "--instance-outputs",
    multiple=True,
    metavar="[INSTANCE=]FILE",
    help="Outputs of a service instance, for the pipeline.",
)
@click.option(
    "--account-id",
    multiple=True,
    metavar="[ENVIRONMENT=]ID",
    help=f"Account of an environment, or of all.  [default: {ACCOUNT}]",
)
@click.option(
    "--repository-id", metavar="OWNER/NAME", help="Repository of the service, for the pipeline."
)
@click.option(
    "--repository-connection-arn", metavar="ARN", help="Connection of that repository, likewise."
)
@click.option("--branch-name", help="Branch of that repository, likewise.  [default: main]")
@click.option(
    "-o",
    "--output-directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files here and not to standard output.",
)
@click.option(
    "--json", "wants_json", is_flag=True, help="Print the files, or the errors, as a JSON object."
)
def render(
    bundle: Path,
    spec: str,
    name: str | None,
    instance: str | None,
    pipeline: bool,
    output_directory: Path | None,
    wants_json: bool,
    **given: Any,
) -> None:
    """Render the template bundle BUNDLE with the values of a spec.

    BUNDLE is the directory with schema/ in it, or a bundle packed as tar.gz. Of an environment
    bundle the environment is rendered, of a service bundle every instance of the spec and the
    pipeline. The spec is checked against the schema, whose defaults are filled in.
    What is doubtful in the bundle, but registers, is a note on standard error; so is what was given
    and is not used, and what was made up because it was not given.

    \b
    Outputs are files of YAML or JSON, "-" for standard input. They hold values
    by name, or what is printed by
      aws proton list-environment-outputs
      aws proton list-service-instance-outputs
      aws proton list-component-outputs
      aws cloudformation describe-stacks
    FILE alone is for the one environment or instance that is rendered. Where
    there are more, each has its own:
      --environment-outputs dev=FILE --environment-outputs prod=FILE

    \b
    Exit status: 0  everything was rendered
                 2  the bundle or the spec is invalid, or a template cannot be
                    rendered
                 3  a file cannot be read or written, or holds no outputs
                 4  wrong arguments, or they don't fit the bundle or the spec

    \b
    The JSON object has these members:
      schema_version  "1.0"; 1.x may have more members
      status          "done", "refused", "unreadable" or "usage"
      files           the rendered texts by their paths; not if there are errors
      errors          only if there are some: list of {message, file, line,
                      column}, of which message alone is always there
      notes           list of texts
    """
    from moto_proton import workplace
    from moto_proton.spec import CurrentValueError, SpecError

    # The bundle may be somebody else's, who wants it looked at.
    click.get_current_context().with_resource(workplace.everything_in_child())
    options = Given(**given)
    if instance is not None and pipeline:
        fail(Status.USAGE, "only one of --instance and --pipeline can be given")
    if name is not None and not NAME.fullmatch(name):
        fail(Status.USAGE, f"{name!r} is no name that Proton would take")
    if [spec, *options.files()].count("-") > 1:
        fail(Status.USAGE, "only one file can be standard input")
    read = _read_bundle(bundle)
    for doubt in read.doubts:
        note(f"{bundle}: {doubt}")
    spec_name = "<stdin>" if spec == "-" else spec
    text = read_text(spec, spec_name)
    name = name or f"my-{bundle.resolve().name.partition('.')[0]}"
    try:
        pieces = pieces_of(read, text, name, options, instance, pipeline)
    except SpecError as error:
        fail(Status.REFUSED, spec_problem(spec_name, error))
    except CurrentValueError as error:
        fail(Status.REFUSED, in_file(spec_name, str(error)))
    except BadInputsError as error:
        fail(Status.REFUSED, *(in_file(spec_name, problem) for problem in error.problems))
    files = _rendered(pieces)
    note_what_is_made_up(files)
    if output_directory is not None:
        for path, content in files.items():
            write_text(output_directory / path, content)
    if wants_json:
        click.echo(as_json(Status.DONE, {"files": files, "notes": notes()}))
    else:
        _show(files, output_directory)


def _rendered(pieces: list[Piece]) -> dict[str, str]:
    """All files by path; ends the command with what is wrong in any of them."""
    from moto_proton.render import RenderError

    files: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for piece in pieces:
        try:
            files.update(piece.files())
        except RenderError as error:
            # Of two instances the same thing is wrong for the same reason.
            for each in _every(piece, error):
                problems.setdefault(each.explain(), _render_problem(each))
    if problems:
        fail(Status.REFUSED, *problems.values())
    return files


def _every(piece: Piece, first: RenderError) -> Sequence[RenderError]:
    """All undefined names of a template, if one is what ended its rendering."""
    from moto_proton.render import RenderError, undefined_names

    if not first.message.endswith("is undefined"):
        return [first]
    try:
        return undefined_names(piece.infrastructure, piece.parameters) or [first]
    except RenderError:
        return [first]


def _render_problem(error: RenderError) -> Problem:
    return Problem(error.explain(), error.message, error.file, error.line, error.column)


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
        _fail_with(path, data, error)
    except OSError as error:
        fail(Status.UNREADABLE, file_problem(str(path), error))


def _fail_with(path: Path, data: bytes, error: BundleError) -> NoReturn:
    """End the command with the error, and the line that it is in with a caret line below."""
    from moto_proton.bundle import read_archive
    from moto_proton.render.errors import excerpt

    shown = None
    if error.file is not None and error.line is not None:
        content = read_archive(data).get(error.file, b"")
        shown = excerpt(content.decode(errors="replace"), error.line, None)
    text = f"{path}: {error}" + ("" if shown is None else f"\n{shown}")
    fail(Status.REFUSED, Problem(text, str(error), error.file, error.line))


def _show(files: Mapping[str, str], directory: Path | None) -> None:
    """Print the files, each below its name if there are several; or where they were written."""
    for path, text in files.items():
        if directory is not None:
            click.echo(str(directory / path))
            continue
        if len(files) > 1:
            click.secho(f"# {path}", fg="cyan")
        click.echo(text, nl=not text.endswith("\n"))
