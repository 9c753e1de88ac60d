"""``moto-proton examples``: what it writes works where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moto_proton.cli import main

EXAMPLES = Path(__file__).parents[2] / "moto_proton" / "examples"


def files_in(folder: Path) -> dict[Path, bytes]:
    """The files below a folder by their paths in it, without compiled ones and caches."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_files_that_are_written_are_those_of_the_package_and_are_named(tmp_path: Path) -> None:
    result = run("examples", str(tmp_path / "mine"))

    assert result.exit_code == 0
    written = files_in(tmp_path / "mine")
    assert Path("test_rollout.py") in written
    assert written == files_in(EXAMPLES)
    assert {str(tmp_path / "mine" / name) for name in written} <= {*result.stdout.splitlines()}


@pytest.mark.proof
def test_the_examples_pass_as_tests_where_they_were_written(pytester: pytest.Pytester) -> None:
    """So they do in the test of the README, which shows what one of them prints."""
    run("examples", "mine")

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
