"""The benchmarks run from beginning to end; their numbers are not checked, as they need a quiet
machine.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

CALLS = (
    "update_service, known texts",
    "update_service, fresh texts",
    "update_service, fresh JSON",
    "get_service",
    "list_service_instances",
)
BASES = ("ecs.update_service", "ssm.put_parameter", "boto3.client", "Stubber")
BARS = {
    ("calls", "update_service, known texts", "ecs.update_service"): 1.0,
    ("calls", "update_service, fresh texts", "boto3.client"): 1.0,
    ("start-up", "with mock_proton()", "with mock_aws()"): 1.05,
    **{
        ("other services", call, "without moto_proton"): 1.05
        for call in ("s3.put_object", "sqs.get_queue_url", "ssm.put_parameter", "ecs.list_clusters")
    },
}
START_UP = ("with mock_proton()", "import moto, moto_proton", "and the backend", "pytest --version")
GROWTH = (
    "create_component",
    "create_service",
    "delete_service",
    "get_environment",
    "get_service",
    "list_service_instances, one service",
    "list_services",
    "list_tags_for_resource",
    "update_service",
    "update_service_instance",
)


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """What a quick run prints, and the JSON that it writes."""
    path = tmp_path_factory.mktemp("benchmarks") / "results.json"
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--json", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3000,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.proof
def test_every_call_is_compared_with_every_other_service(
    quick_run: tuple[str, dict[str, Any]],
) -> None:
    rows = _rows(quick_run, "calls")

    assert [(row["name"], row["against"]) for row in rows] == [
        (call, base) for call in CALLS for base in BASES
    ]


@pytest.mark.proof
def test_start_up_is_measured(quick_run: tuple[str, dict[str, Any]]) -> None:
    assert tuple(row["name"] for row in _rows(quick_run, "start-up")) == START_UP


@pytest.mark.proof
def test_growth_is_measured_for_calls_of_every_kind(
    quick_run: tuple[str, dict[str, Any]],
) -> None:
    rows = _rows(quick_run, "growth")

    assert {row["name"] for row in rows} >= set(GROWTH)
    assert {row["bar"] for row in rows if row["name"] in GROWTH} == {1.3}


@pytest.mark.proof
def test_the_promised_bars_are_in_the_table(quick_run: tuple[str, dict[str, Any]]) -> None:
    _, report = quick_run
    bars = {
        (row["section"], row["name"], row["against"]): row["bar"]
        for row in report["rows"]
        if row["bar"] is not None and row["section"] != "growth"
    }

    assert bars == BARS


@pytest.mark.proof
def test_every_row_is_printed_and_has_numbers(quick_run: tuple[str, dict[str, Any]]) -> None:
    printed, report = quick_run
    lines = printed.splitlines()

    assert report["quick"] is True
    for row in report["rows"]:
        assert any(line.startswith(row["name"]) and row["against"] in line for line in lines), row
        assert row["seconds"] > 0
        assert row["base_seconds"] > 0
        assert 0 < row["ratio_low"] <= row["ratio"] <= row["ratio_high"]
        assert row["met"] is (None if row["bar"] is None else row["ratio"] <= row["bar"])


def test_a_row_says_whether_it_keeps_its_bar() -> None:
    measure = _measure()

    row = measure.compared("calls", "ours", "theirs", [1.0, 2.0, 3.0], [2.0, 2.0, 2.0], bar=1.0)

    assert (row.seconds, row.base_seconds, row.ratio) == (2.0, 2.0, 1.0)
    assert (row.low, row.high) == (0.75, 1.25)
    assert row.met is True


def test_rounds_take_turns_so_that_none_always_comes_after_another() -> None:
    measure = _measure()
    order: list[str] = []
    candidates = {name: measure.Candidate(lambda name=name: order.append(name)) for name in "abc"}

    times = measure.interleaved(candidates, rounds=6, warm_up=False)

    rounds = ["".join(order[start : start + 3]) for start in range(0, 18, 3)]
    assert rounds == ["abc", "cba", "bca", "acb", "cab", "bac"]
    assert {name: len(series) for name, series in times.items()} == {"a": 6, "b": 6, "c": 6}


def test_only_the_call_itself_is_timed() -> None:
    measure = _measure()
    order: list[str] = []
    candidate = measure.Candidate(
        act=lambda: order.append("act"),
        before=lambda: order.append("before"),
        after=lambda: order.append("after"),
    )

    candidate.timed(2)

    assert order == ["before", "act", "after"] * 2


def _rows(quick_run: tuple[str, dict[str, Any]], section: str) -> list[dict[str, Any]]:
    _, report = quick_run
    return [row for row in report["rows"] if row["section"] == section]


def _measure() -> ModuleType:
    # By its file: the folder of the benchmarks is not on the path of the tests.
    name = "benchmarks_measure"
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
