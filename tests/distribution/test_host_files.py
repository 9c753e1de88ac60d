"""The files for a repository host and for commits leave the work to the project's own tools."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def test_ci_runs_what_everybody_can_run() -> None:
    """No action of others has to be trusted, and the run may read the repository and no more."""
    workflow = read(".github/workflows/ci.yml")

    steps = workflow["jobs"]["run"]["steps"]
    assert [step for step in steps if "uses" in step] == []
    assert steps[-1]["run"] == ".ci/run"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert workflow["permissions"] == {"contents": "read"}


def test_hooks_run_the_tools_that_are_installed_for_the_project() -> None:
    """So a commit works offline, and a hook says what CI says."""
    repositories = read(".pre-commit-config.yaml")["repos"]

    assert [each["repo"] for each in repositories] == ["local"]
    for hook in repositories[0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith((".venv/bin/", "make "))


def test_installing_the_hooks_installs_all_of_them() -> None:
    """Without its type in this list, a hook is there and never runs."""
    config = read(".pre-commit-config.yaml")

    stages = {
        stage
        for hook in config["repos"][0]["hooks"]
        for stage in hook.get("stages", config["default_stages"])
    }
    assert stages == set(config["default_install_hook_types"])
