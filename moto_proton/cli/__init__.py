"""The command line: ``moto-proton diff``, ``render``, ``server`` and ``examples``.

It turns results and errors into lines, JSON and exit statuses. The modules that do the work are
imported only by the command that needs them: only ``server`` loads moto.

Internal: no part of the public API.
"""

from __future__ import annotations

import click

from moto_proton import __version__
from moto_proton.cli.diff import diff
from moto_proton.cli.examples import examples
from moto_proton.cli.program import Program
from moto_proton.cli.render import render
from moto_proton.cli.server import server


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moto-proton")
def main() -> None:
    """Mock AWS Proton: see what an edited spec would do, render a template bundle, run a server.

    \b
    Exit status: 0    done; diff: no instance comes or goes
                 1    diff: instances are added or deleted
                 2    refused: Proton would not take the edit, spec or bundle,
                      or a template cannot be rendered
                 3    a file or something else that is needed is missing,
                      cannot be read or cannot be written
                 4    the arguments are wrong, or don't fit what was read
                 70   a defect of moto-proton
                 130  interrupted
    """


for command in (diff, render, server, examples):
    main.add_command(command)
