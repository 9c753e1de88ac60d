"""``moto-proton examples``: writes the examples of the package into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from moto_proton.cli.ending import Status, fail
from moto_proton.cli.files import in_file, write_bytes

EXAMPLES: Final = Path(__file__).parents[1] / "examples"


@click.command(short_help="Write a test, its code and two template bundles into a folder.")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def examples(directory: Path) -> None:
    """Write examples into DIRECTORY: a test, the code that it tests, and two template bundles.

    A file that is there already is never overwritten.

    \b
    Exit status: 0  the examples were written
                 3  a file was in the way, or can't be written
                 4  wrong arguments
    """
    paths = sorted(_packaged())
    for path in paths:
        if (directory / path).exists():
            fail(Status.UNREADABLE, in_file(str(directory / path), "there already"))
    for path in paths:
        target = directory / path
        write_bytes(target, (EXAMPLES / path).read_bytes())
        click.echo(str(target))


def _packaged() -> list[Path]:
    """The files of the examples, by their paths in them; an installer adds compiled ones."""
    found = [path for path in EXAMPLES.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return [path.relative_to(EXAMPLES) for path in found]
