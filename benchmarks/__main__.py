"""Runs the benchmarks: ``python -m benchmarks`` in the folder above this one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

RESULTS: Final = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: rounds of each kind, and the services of the growth section."""

    call_rounds: int
    call_repeats: int
    mock_rounds: int
    mock_repeats: int
    process_rounds: int
    few: int
    many: int
    growth_rounds: int
    other_rounds: int
    other_repeats: int


FULL: Final = Size(
    call_rounds=60,
    call_repeats=10,
    mock_rounds=60,
    mock_repeats=10,
    process_rounds=15,
    few=10,
    many=1_000,
    growth_rounds=150,
    other_rounds=60,
    other_repeats=10,
)
QUICK: Final = Size(
    call_rounds=2,
    call_repeats=1,
    mock_rounds=2,
    mock_repeats=1,
    process_rounds=1,
    few=2,
    many=4,
    growth_rounds=2,
    other_rounds=2,
    other_repeats=1,
)


@click.command()
@click.option("--quick", is_flag=True, help="Run everything once or twice, to see that it runs.")
@click.option("--check", is_flag=True, help="End with exit status 1 if a bar is missed.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print ratios for the README.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=RESULTS,
    help="Where the results go; benchmarks/results.json if left out.",
)
def main(quick: bool, check: bool, as_markdown: bool, json_path: Path) -> None:
    """Measure moto_proton against moto and botocore, and print a table of ratios."""
    _no_credentials_from_outside()
    # After the environment is set, and not merely for --help.
    from benchmarks.calls import call_rows
    from benchmarks.growth import growth_rows
    from benchmarks.others import other_rows
    from benchmarks.report import markdown, table, write_json
    from benchmarks.startup import import_rows, mock_row, plugin_row

    size = QUICK if quick else FULL
    rows = [
        *call_rows(rounds=size.call_rounds, repeats=size.call_repeats),
        mock_row(rounds=size.mock_rounds, repeats=size.mock_repeats),
        *import_rows(rounds=size.process_rounds),
        plugin_row(rounds=size.process_rounds),
        *other_rows(rounds=size.other_rounds, repeats=size.other_repeats),
        *growth_rows(few=size.few, many=size.many, rounds=size.growth_rounds),
    ]
    click.echo(markdown(rows) if as_markdown else table(rows))
    write_json(json_path, rows, quick=quick)
    missed = [row for row in rows if row.met is False]
    click.echo(f"\n{sum(row.met is True for row in rows)} bars met, {len(missed)} missed")
    if check and missed:
        raise SystemExit(1)


def _no_credentials_from_outside() -> None:
    """Keep boto3 from looking for credentials and settings of the user who runs this."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        os.environ.pop(name, None)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ[name] = os.devnull


if __name__ == "__main__":
    main()
