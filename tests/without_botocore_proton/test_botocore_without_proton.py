"""Runs this folder's tests, and some others, beside a botocore from which Proton was removed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.loaders import Loader

ROOT = Path(__file__).parents[2]
SELECTION = (
    "tests/without_botocore_proton",
    "tests/api_model/test_copied_facts.py",
    "tests/integration/test_server.py",
    "tests/operations/test_waiters.py",
)

pytestmark = pytest.mark.skipif(
    not (Path(Loader.BUILTIN_DATA_PATH) / "proton").is_dir(), reason="botocore has no Proton"
)


def test_what_users_touch_works_beside_a_botocore_without_proton(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "scripts.botocore_without_proton", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.stdout == f"{tmp_path / 'botocore'}\n", made.stderr

    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *SELECTION],
        cwd=ROOT,
        env={
            **{name: each for name, each in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, before)]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-5000:] + finished.stderr[-2000:]
    assert "botocore has Proton" not in finished.stdout
    assert re.search(r"\d{2,} passed", finished.stdout)
