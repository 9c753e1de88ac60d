"""Shows the rows: as a table, as Markdown with the ratios alone, as JSON with the versions used.

``measure`` decides what is in a row.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.measure import Row

_HEADINGS: Final = ("what", "against", "ours", "theirs", "ratio", "middle half", "bar", "")
_PACKAGES: Final = ("moto_proton", "moto", "botocore", "PyYAML")


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns, a heading for each section."""
    lines = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    return "\n".join(_sectioned(rows, [_justified(line, widths) for line in lines]))


def _sectioned(rows: Sequence[Row], lines: Sequence[str]) -> Iterator[str]:
    yield lines[0]
    section = None
    for row, line in zip(rows, lines[1:], strict=True):
        if row.section != section:
            section = row.section
            yield f"--- {section} ".ljust(len(lines[0]), "-")
        yield line


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        row.against,
        _time(row.seconds),
        _time(row.base_seconds),
        f"{row.ratio:.2f}",
        f"{row.low:.2f}-{row.high:.2f}",
        "" if row.bar is None else f"<= {row.bar:.2f}",
        {None: "", True: "met", False: "MISSED"}[row.met],
    )


def _justified(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    padded = [
        cell.ljust(width) if column < 2 or column == len(widths) - 1 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def _time(seconds: float) -> str:
    return f"{seconds * 1_000:.2f} ms"


def markdown(rows: Sequence[Row]) -> str:
    """The ratios alone, as the README shows them."""
    lines = ["| what | against | ratio | middle half | bar |", "| --- | --- | ---: | ---: | --- |"]
    for row in rows:
        cells = _cells(row)
        lines.append(f"| {' | '.join((*cells[:2], *cells[4:6]))} | {' '.join(cells[6:])} |")
    return "\n".join(line.replace("|  |", "| |") for line in lines)


def write_json(path: Path, rows: Sequence[Row], *, quick: bool) -> None:
    """Write rows and versions; nothing that names the machine or a path on it."""
    report = {
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "quick": quick,
        "rows": [row.as_json() for row in rows],
    }
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
