"""The state machine over all resources, in a process of its own.

It asks the handlers without the lock that requests hold: a server that another test has left in a
thread must not come between.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from moto_proton import api
from tests.properties.calls import ALL_CALLS


def test_what_must_hold_holds_after_every_call() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "tests.properties.all_resources"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=14_400,
    )

    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_every_operation_that_changes_something_is_called() -> None:
    changing = {each for each in api.operation_names() if not each.startswith(("Get", "List"))}

    assert {operation for operation, _ in ALL_CALLS} == {*map(api.snake_case, changing)}
