"""``moto-proton server``: moto's server with Proton in it."""

from __future__ import annotations

import click

from moto_proton.cli.ending import Status, fail


@click.command(short_help="Run moto's server with Proton in it.")
@click.option("-H", "--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "-p",
    "--port",
    type=click.IntRange(0, 65535),
    default=5000,
    show_default=True,
    envvar="MOTO_PORT",
    show_envvar=True,
    help="Port to listen on; 0 takes a free one and prints it.",
)
@click.option(
    "--allow-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A name by which clients call the server, such as that of its container; may be repeated.",
)
def server(host: str, port: int, allowed_hosts: tuple[str, ...]) -> None:
    """Run moto's server with Proton in it, until it is interrupted.

    \b
    Exit status: 3  a package that the server needs is missing
                 4  wrong arguments
    """
    from moto_proton.bridge import MotoIncompatibleError
    from moto_proton.server import ServerDependencyError, serve

    try:
        if allowed_hosts:
            serve(host, port, allowed_hosts=allowed_hosts)
        else:
            serve(host, port)
    except (ServerDependencyError, MotoIncompatibleError) as error:
        fail(Status.UNREADABLE, str(error))
