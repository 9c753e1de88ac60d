"""``moto-proton examples``: what it writes works where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moto_proton.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_examples_pass_as_tests_where_they_were_written(pytester: pytest.Pytester) -> None:
    result = run("examples", "mine")

    assert result.exit_code == 0
    assert str(Path("mine", "test_rollout.py")) in result.stdout.splitlines()
    pytester.runpytest_subprocess("mine", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_bundle_of_the_examples_renders_with_their_spec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("examples", ".")

    result = run(
        "render", "bundles/orders/v1", "--spec", "orders.yaml", "--environment-outputs",
        "outputs.yaml",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    assert "MessageRetentionPeriod: 1209600" in result.stdout


def test_a_file_that_is_there_is_kept_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    """Somebody's own work may have the name of an example."""
    own = tmp_path / "test_rollout.py"
    own.write_text("mine", encoding="utf-8")

    result = run("examples", str(tmp_path))

    assert (result.exit_code, result.stderr) == (3, f"{own}: there already\n")
    assert own.read_text("utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [own]


def test_compiled_files_are_no_examples(tmp_path: Path) -> None:
    """An installer compiles the modules among the examples, beside them."""
    run("examples", str(tmp_path))

    assert not [path for path in tmp_path.rglob("*") if "pycache" in path.name]
    assert not list(tmp_path.rglob("*.pyc"))
