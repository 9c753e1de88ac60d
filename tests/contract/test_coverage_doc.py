"""The document of what is offered and tested is current, and its check would notice if not."""

from __future__ import annotations

from pathlib import Path

import pytest

from moto_proton import api
from scripts.coverage import Note, check, choose, files_to_run, main, moved

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "coverage.md"

pytestmark = pytest.mark.skipif(
    len(api.operation_names()) < 87, reason="the document is made of a newer service model"
)


def test_the_document_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--check"])

    assert (status, capsys.readouterr().err) == (0, "")


def test_the_command_fails_and_says_why_when_the_document_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "coverage.md"
    stale.write_text(
        DOCUMENT.read_text(encoding="utf-8").replace("87 operations", "86 operations", 1),
        encoding="utf-8",
    )
    monkeypatch.setattr("scripts.coverage.DOCUMENT", stale)

    status = main(["--check"])

    assert status == 1
    assert "does not say what the model and the code say" in capsys.readouterr().err


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

    assert words in "\n".join(check(document.replace(old, new, 1)))


def test_only_the_file_of_a_renamed_test_is_run_to_renew_the_document() -> None:
    access, here = "tests/operations/test_access.py", "tests/contract/test_coverage_doc.py"
    kept = f"{access}::test_who_may_do_something_else_is_denied"
    renamed = f"{access}::test_by_its_old_name"
    strayed = f"{access}::test_the_check_notices_an_answer_without_a_test"

    found = moved({("GetService", test): test for test in (kept, renamed, strayed)})

    assert list(found.values()) == [kept, renamed, strayed.replace(access, here)]
    assert files_to_run(found) == [access]


def test_the_check_notices_an_answer_without_a_test() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines(keepends=True)
    row = next(number for number, line in enumerate(lines) if "| GetService | succ" in line)
    lines[row] = "| GetService | success | nothing |\n"

    assert check("".join(lines)) == ["no test in the document exercises GetService: success"]


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
    note = Note(
        operation="GetService",
        answer=answer,
        injected=False,
        test=f"tests/operations/{test}",
        weight=1,
        direct=True,
        asserts=asserts,
        refuses=refuses,
    )

    assert list(choose([note]).values()) == ([note.test] if chosen else [])
