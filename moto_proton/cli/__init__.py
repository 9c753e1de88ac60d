"""The command line: ``moto-proton diff``, ``render``, ``server`` and ``examples``.

It turns results and errors into lines and exit statuses. The modules that do the work are imported
only by the command that needs them: only ``server`` loads moto.

Internal: no part of the public API.
"""

from __future__ import annotations

import click

from moto_proton import __version__
from moto_proton.cli.diff import diff
from moto_proton.cli.examples import examples
from moto_proton.cli.render import render
from moto_proton.cli.server import server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moto-proton")
def main() -> None:
    """Mock AWS Proton: see what an edited spec would do, render a template bundle, run a server."""


for command in (diff, render, server, examples):
    main.add_command(command)
