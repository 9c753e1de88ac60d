"""The document of what is offered and tested is current, and its check would notice if not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from moto_proton import api

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "coverage.md"

pytestmark = pytest.mark.skipif(
    len(api.operation_names()) < 87, reason="the document is made of a newer service model"
)


def checked() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.coverage", "--check"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def problems_of(document: str) -> list[str]:
    """What the check says of a document, asked in a process of its own."""
    code = (
        "import sys; from scripts.coverage import check; print(*check(sys.stdin.read()), sep='\\n')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input=document,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def test_the_document_is_current() -> None:
    run = checked()

    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("87 operations", "86 operations", "does not say", id="count"),
        pytest.param("| ListServices | success", "| ListShops | success", "ListServices", id="op"),
        pytest.param(
            "::test_who_may_do_something_else_is_denied", "::test_gone", "is gone", id="test"
        ),
        pytest.param("operations/test_access.py", "operations/test_gone.py", "is gone", id="file"),
        pytest.param(
            "operations/test_access.py::test_who_may_do_something_else_is_denied",
            "operations/test_protocol.py::test_no_operation_trips_over_nonsense",
            "proves nothing",
            id="nonsense",
        ),
    ],
)
def test_the_check_notices(old: str, new: str, words: str) -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert old in document

    assert words in "\n".join(problems_of(document.replace(old, new, 1)))


def renewed_by(record: dict[str, str]) -> dict[str, Any]:
    """What becomes of tests that are named in a record, and which files are run for it."""
    code = (
        "import json, sys; from scripts.coverage import files_to_run, moved; "
        "found = moved({('GetService', key): test for key, test in json.load(sys.stdin).items()}); "
        "print(json.dumps({'tests': list(found.values()), 'run': files_to_run(found)}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input=json.dumps(record),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_only_the_file_of_a_renamed_test_is_run_to_renew_the_document() -> None:
    access, here = "tests/operations/test_access.py", "tests/contract/test_coverage_doc.py"
    kept = f"{access}::test_who_may_do_something_else_is_denied"
    renamed = f"{access}::test_by_its_old_name"
    moved = f"{access}::test_the_check_notices_an_answer_without_a_test"

    found = renewed_by({"kept": kept, "renamed": renamed, "moved": moved})

    assert found["tests"] == [kept, renamed, moved.replace(access, here)]
    assert found["run"] == [access]


def test_the_check_notices_an_answer_without_a_test() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines(keepends=True)
    row = next(number for number, line in enumerate(lines) if "| GetService | succ" in line)
    lines[row] = "| GetService | success | nothing |\n"

    assert problems_of("".join(lines)) == ["no test in the document exercises GetService: success"]


@pytest.mark.parametrize(
    ("answer", "test", "asserts", "refuses", "chosen"),
    [
        ("success", "test_web.py::test_it", True, False, True),
        ("success", "test_web.py::test_it", False, True, False),
        ("ValidationException", "test_web.py::test_it", False, True, True),
        ("ValidationException", "test_web.py::test_it", False, False, False),
        ("success", "test_protocol.py::test_no_operation_trips_over_nonsense", True, True, False),
    ],
)
def test_only_tests_that_look_at_what_became_of_a_call_are_named(
    answer: str, test: str, asserts: bool, refuses: bool, chosen: bool
) -> None:
    code = (
        "import json, sys; from scripts.coverage import Note, choose; "
        "print(json.dumps(list(choose([Note(**json.load(sys.stdin))]).values())))"
    )
    note = {
        **{"operation": "GetService", "answer": answer, "injected": False, "weight": 1},
        **{"test": f"tests/operations/{test}", "direct": True},
        **{"asserts": asserts, "refuses": refuses},
    }
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input=json.dumps(note),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(run.stdout) == ([note["test"]] if chosen else [])
