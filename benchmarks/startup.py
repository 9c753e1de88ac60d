"""The fixed costs of moto_proton: entering and leaving the mock, imports, the plugin.

Imports and the plugin are timed in processes of their own. What is compared are totals with and
without ours, so a ratio of 1.0 means that moto_proton costs nothing.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

import boto3
from moto import mock_aws

from benchmarks.measure import Candidate, Row, compared, interleaved
from moto_proton import mock_proton

SECTION: Final = "start-up"
MOCK_BAR: Final = 1.05

_MOTO: Final = "import boto3, moto.core.models; from moto import mock_aws"
_IMPORTS: Final = {
    "import moto": _MOTO,
    "import moto, moto_proton": f"{_MOTO}; from moto_proton import mock_proton",
    "and moto.ecs": f"{_MOTO}; import moto.ecs.models, moto.ecs.responses",
    "and the backend": f"{_MOTO}; import moto_proton.proton.backend",
}
_TIMED: Final = """\
import time
start = time.process_time()
{}
print(time.process_time() - start)
"""


def mock_row(*, rounds: int, repeats: int) -> Row:
    """Entering and leaving ``mock_proton`` against ``mock_aws``, with the backend loaded."""
    with mock_proton():
        boto3.client("proton", region_name="us-east-1").list_services()
    times = interleaved(
        {
            "mock_proton": Candidate(lambda: _enter_and_leave(mock_proton)),
            "mock_aws": Candidate(lambda: _enter_and_leave(mock_aws)),
        },
        rounds=rounds,
        repeats=repeats,
    )
    return compared(
        SECTION,
        "with mock_proton()",
        "with mock_aws()",
        times["mock_proton"],
        times["mock_aws"],
        bar=MOCK_BAR,
    )


def _enter_and_leave(mock: Callable[[], AbstractContextManager[Any]]) -> None:
    with mock():
        pass


def import_rows(*, rounds: int) -> list[Row]:
    """The import of moto with ours against moto alone; our backend against one of moto's own."""
    series: dict[str, list[float]] = {name: [] for name in _IMPORTS}
    for _ in range(rounds):
        for name, statement in _IMPORTS.items():
            series[name].append(float(_python("-c", _TIMED.format(statement))))
    return [
        compared(
            SECTION,
            "import moto, moto_proton",
            "import moto",
            series["import moto, moto_proton"],
            series["import moto"],
        ),
        compared(
            SECTION,
            "and the backend",
            "and moto.ecs",
            series["and the backend"],
            series["and moto.ecs"],
        ),
    ]


def plugin_row(*, rounds: int) -> Row:
    """``pytest --version`` with the plugin loaded against the same without it."""
    with tempfile.TemporaryDirectory() as elsewhere:
        command = ("-m", "pytest", "--version")
        times = interleaved(
            {
                "with": Candidate(lambda: _python(*command, cwd=elsewhere), clock=_of_children),
                "without": Candidate(
                    lambda: _python(*command, "-p", "no:moto_proton", cwd=elsewhere),
                    clock=_of_children,
                ),
            },
            rounds=rounds,
        )
    return compared(
        SECTION,
        "pytest --version",
        "-p no:moto_proton",
        times["with"],
        times["without"],
    )


def _of_children() -> float:
    """The processor time, in seconds, of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _python(*arguments: str, cwd: str | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout
