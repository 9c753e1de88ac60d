"""``moto-proton diff``: what update_service would do to a service."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from moto_proton.cli.ending import Problem, Status, as_json, fail
from moto_proton.cli.files import in_file, read_text

if TYPE_CHECKING:
    from moto_proton.spec import InstanceSpec, RefusedEdit, ServiceSpec, ServiceSpecDiff, SpecError

# Service model: the maximum length of UpdateServiceInput$spec.
_MAX_SPEC_CHARACTERS = 51_200

_COLOURS = {"added": "green", "deleted": "red", "refused": "bright_red"}


@click.command(short_help="Print what update_service would do to a service.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--json", "wants_json", is_flag=True, help="Print the result, or the errors, as a JSON object."
)
@click.pass_context
def diff(context: click.Context, old: str, new: str, wants_json: bool) -> None:
    """Print what update_service would do to a service with spec OLD, given spec NEW.

    OLD and NEW are files; "-" is standard input. Instances are added, deleted or kept; every edit
    of an instance that stays or of the pipeline is refused, and then nothing happens at all.

    \b
    Exit status: 0  no instance comes or goes
                 1  instances are added or deleted
                 2  the edit is refused, or a spec is invalid
                 3  a spec cannot be read
                 4  wrong arguments

    \b
    The JSON object has these members:
      schema_version                "1.0"; 1.x may have more members
      status                        "done", "changes", "refused",
                                    "unreadable" or "usage"
      errors                        only of specs and arguments that are wrong,
                                    and then without the members below: list
                                    of {message, file, line, column}
      allowed, changes              true or false
      added, deleted, kept, edited  lists of {name, environment, inputs};
                                    edited are those that stay and are refused
      refused                       list of {path, reason, message, old, new};
                                    reason is "changed", "added", "removed" or
                                    "no current value"; old or new is left out
                                    where there is none
    Numbers that JSON does not have are strings: ".nan", ".inf", "-.inf".
    """
    from moto_proton.spec import diff_service_specs

    if old == new == "-":
        fail(Status.USAGE, "only one of OLD and NEW can be standard input")
    result = diff_service_specs(_service_spec(old), _service_spec(new))
    status = Status.DONE
    if not result.allowed:
        status = Status.REFUSED
    elif result.changes:
        status = Status.CHANGES
    click.echo(as_json(status, _as_json(result)) if wants_json else _as_table(result))
    context.exit(status)


def _service_spec(source: str) -> ServiceSpec:
    from moto_proton.spec import SpecError, parse_service_spec

    name = "<stdin>" if source == "-" else source
    text = read_text(source, name)
    if len(text) > _MAX_SPEC_CHARACTERS:
        message = f"{len(text)} characters, a spec has at most {_MAX_SPEC_CHARACTERS}"
        fail(Status.REFUSED, in_file(name, message))
    try:
        return parse_service_spec(text)
    except SpecError as error:
        fail(Status.REFUSED, spec_problem(name, error))


def spec_problem(name: str, error: SpecError) -> Problem:
    """What is wrong with a spec, and where."""
    place = "" if error.line is None else f":{error.line}:{error.column}"
    text = f"{name}{place}: {error.explanation}"
    return Problem(text, error.explanation, name, error.line, error.column)


def _as_table(result: ServiceSpecDiff) -> str:
    rows = [
        *_instance_rows("added", result.added),
        *_instance_rows("deleted", result.deleted),
        *_instance_rows("kept", result.kept),
        *(("refused", edit.path, _edit(edit)) for edit in result.refused),
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    lines = [
        f"{click.style(what, _COLOURS.get(what))}{' ' * (widths[0] - len(what))}"
        f"  {where:<{widths[1]}}  {rest}"
        for what, where, rest in rows
    ]
    return "\n".join([*lines, *([""] if lines else []), _summary(result)])


def _instance_rows(what: str, instances: Iterable[InstanceSpec]) -> Iterable[tuple[str, str, str]]:
    for instance in instances:
        yield what, instance.name, f"environment {instance.environment}"


def _edit(edit: RefusedEdit) -> str:
    from moto_proton.spec import MISSING
    from moto_proton.spec.values import shown

    if edit.reason == "no current value":
        return edit.explanation
    old, new = ("(not set)" if side is MISSING else shown(side) for side in (edit.old, edit.new))
    return f"{old} -> {new}"


def _summary(result: ServiceSpecDiff) -> str:
    if not result.allowed:
        edits = "1 edit" if len(result.refused) == 1 else f"{len(result.refused)} edits"
        return f"update_service refuses this spec for {edits}; nothing would change."
    return (
        f"update_service adds {len(result.added)}, deletes {len(result.deleted)} and keeps "
        f"{len(result.kept)}."
    )


def _as_json(result: ServiceSpecDiff) -> dict[str, Any]:
    return {
        "allowed": result.allowed,
        "changes": result.changes,
        "added": [_instance_as_json(instance) for instance in result.added],
        "deleted": [_instance_as_json(instance) for instance in result.deleted],
        "kept": [_instance_as_json(instance) for instance in result.kept],
        "edited": [_instance_as_json(instance) for instance in result.edited],
        "refused": [_edit_as_json(edit) for edit in result.refused],
    }


def _instance_as_json(instance: InstanceSpec) -> dict[str, Any]:
    return {
        "name": instance.name,
        "environment": instance.environment,
        "inputs": _value_as_json(instance.inputs),
    }


def _edit_as_json(edit: RefusedEdit) -> dict[str, Any]:
    from moto_proton.spec import MISSING

    sides = {"old": edit.old, "new": edit.new}
    return {
        "path": edit.path,
        "reason": edit.reason,
        "message": edit.message,
        **{side: _value_as_json(value) for side, value in sides.items() if value is not MISSING},
    }


def _value_as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _value_as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_value_as_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return value
