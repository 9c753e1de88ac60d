"""``moto-proton examples``: writes the examples of the package into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from moto_proton.cli.files import fail

EXAMPLES: Final = Path(__file__).parents[1] / "examples"


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def examples(directory: Path) -> None:
    """Write examples into DIRECTORY: a test, the code that it tests, and two template bundles.

    A file that is there already is never overwritten.

    \b
    Exit status: 0  the examples were written
                 2  a file was in the way, or can't be written
    """
    paths = sorted(_packaged())
    for path in paths:
        if (directory / path).exists():
            fail(f"{directory / path}: there already")
    for path in paths:
        target = directory / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((EXAMPLES / path).read_bytes())
        except OSError as error:
            fail(f"{target}: {error.strerror or error}")
        click.echo(str(target))


def _packaged() -> list[Path]:
    """The files of the examples, by their paths in them; an installer adds compiled ones."""
    found = [path for path in EXAMPLES.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return [path.relative_to(EXAMPLES) for path in found]
