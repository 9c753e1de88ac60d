"""Every row of the case table is covered by a test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROWS = set(range(1, 109))

FOLDERS = ("update_service", "bundles")
"""Where the rows are; those of template bundles are with the bundles."""

COLLECT = """
import json, sys, pytest

class Rows:
    def pytest_collection_modifyitems(self, items):
        marks = [mark for item in items for mark in item.iter_markers("row")]
        self.found = sorted({row for mark in marks for row in mark.args})

rows = Rows()
status = pytest.main(
    [*sys.argv[1:], "--collect-only", "-qq", "-p", "no:cacheprovider", "-p", "no:xdist"],
    plugins=[rows],
)
print()
print(json.dumps({"status": int(status), "rows": rows.found}))
"""


def test_every_row_has_a_test() -> None:
    tests = Path(__file__).parents[1]

    completed = subprocess.run(
        [sys.executable, "-c", COLLECT, *(str(tests / folder) for folder in FOLDERS)],
        capture_output=True,
        text=True,
        timeout=1200,
    )
    collected = json.loads(completed.stdout.splitlines()[-1])

    assert collected["status"] == 0, completed.stdout
    assert set(collected["rows"]) == ROWS
