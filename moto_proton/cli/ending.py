"""How a command ends: its exit status, and what it says of errors and notes.

People get lines on standard error. Who asked for ``--json`` gets those too, and one JSON object on
standard output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NoReturn

import click

SCHEMA_VERSION: Final = "1.0"
"""Of all that ``--json`` prints. A new minor version only adds members; a new major one may change
what is there."""

_NOTES: Final = f"{__name__}.notes"


class Status(IntEnum):
    """The exit statuses of all commands; docs/usage.md tells them to users."""

    DONE = 0
    CHANGES = 1
    """``diff`` only: instances are added or deleted."""
    REFUSED = 2
    """Everything was read, and Proton would not take it."""
    UNREADABLE = 3
    """Something that the command needs is missing, can't be read or can't be written."""
    USAGE = 4
    """The arguments are wrong, or don't fit what was read."""
    DEFECT = 70
    """A defect of moto-proton; what is 70 for others, too (EX_SOFTWARE)."""
    INTERRUPTED = 130
    """What shells say of a command that was interrupted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error: its text for people, and for scripts its message and place, where they are known.

    ``line`` and ``column`` count from 1.
    """

    text: str
    message: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The members that are known."""
        members = {
            "message": self.message or self.text,
            "file": self.file,
            "line": self.line,
            "column": self.column,
        }
        return {name: value for name, value in members.items() if value is not None}


class CommandFailedError(click.ClickException):
    """The end of a command that can't do what it was asked to."""

    def __init__(self, status: Status, problems: Sequence[Problem], notes: Sequence[str]) -> None:
        super().__init__("\n".join(problem.text for problem in problems))
        self.status = status
        self.problems = problems
        self.notes = notes


def fail(status: Status, *problems: Problem | str) -> NoReturn:
    """End the command: each problem is a line or more on standard error."""
    full = [Problem(each) if isinstance(each, str) else each for each in problems]
    raise CommandFailedError(status, full, notes())


def note(text: str) -> None:
    """Say what is no error, but should be known: a line on standard error."""
    notes().append(text)
    click.secho(f"note: {text}", err=True, fg="yellow")


def notes() -> list[str]:
    """What has been said so far by the command that runs."""
    said: list[str] = click.get_current_context().meta.setdefault(_NOTES, [])
    return said


def as_json(status: Status, members: Mapping[str, Any]) -> str:
    """The one JSON object that a command prints."""
    import json

    document = {"schema_version": SCHEMA_VERSION, "status": status.name.lower(), **members}
    return json.dumps(document, indent=2, ensure_ascii=False)
