"""The program as a whole: every command ends here, with an exit status and words for it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from moto_proton.cli.ending import CommandFailedError, Problem, Status, as_json


class Program(click.Group):
    """A group whose commands end with our exit statuses, where click has 2 and 1 for most."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command and exit; without ``standalone_mode`` return, or raise what is wrong."""
        arguments = list(sys.argv[1:] if args is None else args)
        run = partial(super().main, arguments, prog_name, complete_var, False, **extra)
        return sys.exit(_status_of(run, arguments)) if standalone_mode else run()

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Colours go to terminals, but not if NO_COLOR is set to anything (no-color.org)."""
        if os.environ.get("NO_COLOR"):
            extra["color"] = False
        return super().make_context(*args, **extra)


def _status_of(run: Callable[[], Any], arguments: Sequence[str]) -> int:
    """Run a command; its exit status, once what went wrong has been said."""
    try:
        status = run()
        return int(status) if isinstance(status, int) else 0
    except CommandFailedError as error:
        _say_failed(error)
        end, problems, notes = error.status, error.problems, error.notes
    except click.UsageError as error:
        error.show()
        end, problems, notes = Status.USAGE, [Problem(error.format_message())], ()
    except click.Abort:
        click.echo("interrupted", err=True)
        end, problems, notes = Status.INTERRUPTED, [Problem("interrupted")], ()
    except Exception as error:
        # A traceback's own exit status is 1, which is diff's for changes.
        traceback.print_exc()
        end, problems, notes = Status.DEFECT, [Problem(repr(error))], ()
    if "--json" in arguments:
        errors = [problem.as_json() for problem in problems]
        click.echo(as_json(end, {"errors": errors, "notes": list(notes)}))
    return int(end)


def _say_failed(error: CommandFailedError) -> None:
    color = False if os.environ.get("NO_COLOR") else None
    for problem in error.problems:
        click.secho(problem.text, err=True, fg="red", color=color)
