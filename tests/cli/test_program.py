"""What all commands have in common: exit statuses, errors as JSON, help, colours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from moto_proton.cli import main

SPEC = "proton: ServiceSpec\ninstances:\n- {name: dev, environment: dev-env}\n"
USAGE_DOC = Path(__file__).parents[2] / "docs" / "usage.md"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "one.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(SPEC.replace("name: dev", "name: new"), encoding="utf-8")
    (tmp_path / "edited.yaml").write_text(SPEC.replace("dev-env", "prod-env"), encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("proton: ServiceSpec\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        pytest.param(["one.yaml", "one.yaml"], 0, "done", id="no change"),
        pytest.param(["one.yaml", "other.yaml"], 1, "changes", id="changes"),
        pytest.param(["one.yaml", "edited.yaml"], 2, "refused", id="refused edit"),
        pytest.param(["one.yaml", "bad.yaml"], 2, "refused", id="invalid spec"),
        pytest.param(["one.yaml", "none.yaml"], 3, "unreadable", id="no such file"),
        pytest.param(["one.yaml"], 4, "usage", id="missing argument"),
        pytest.param(["one.yaml", "one.yaml", "--nope"], 4, "usage", id="unknown option"),
        pytest.param(["-", "-"], 4, "usage", id="standard input twice"),
    ],
)
def test_every_end_has_its_exit_status_and_its_json(
    arguments: list[str], status: int, word: str
) -> None:
    plain = CliRunner().invoke(main, ["diff", *arguments])
    result = CliRunner().invoke(main, ["diff", "--json", *arguments])

    assert (plain.exit_code, result.exit_code) == (status, status)
    document = json.loads(result.stdout)
    assert (document["schema_version"], document["status"]) == ("1.0", word)
    if "errors" in document:
        assert document["errors"][0]["message"]
        assert result.stderr == plain.stderr != ""


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        pytest.param(KeyError("defect"), 70, "KeyError: 'defect'", id="defect"),
        pytest.param(KeyboardInterrupt(), 130, "interrupted", id="interrupted"),
    ],
)
def test_what_breaks_off_is_not_taken_for_changes(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, words: str
) -> None:
    """Python's and click's own exit status for both is 1."""

    def read(source: str) -> None:
        raise error

    monkeypatch.setattr(sys.modules["moto_proton.cli.diff"], "_service_spec", read)

    result = CliRunner().invoke(main, ["diff", "--json", "one.yaml", "other.yaml"])

    assert result.exit_code == status
    assert words in result.stderr
    assert json.loads(result.stdout)["errors"]


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "moto_proton", "diff", "one.yaml", "other.yaml"],
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "added" in done.stdout


@pytest.mark.parametrize("command", [None, *main.commands])
def test_help_is_not_cut_and_fits_a_terminal(command: str | None) -> None:
    arguments = ["--help"] if command is None else [command, "--help"]

    text = CliRunner().invoke(main, arguments, terminal_width=80).stdout

    _, *lines = text.splitlines()  # "ARGS..." of the first is click's
    assert [line for line in lines if line.endswith("...") or len(line) > 80] == []
    for name in main.commands if command is None else ():
        assert re.search(rf"^  {name} +[A-Z].*\.$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("terminal", "no_color", "is_coloured"),
    [(True, None, True), (True, "1", False), (True, "", True), (False, None, False)],
)
@pytest.mark.parametrize("arguments", [["one.yaml", "other.yaml"], ["one.yaml", "bad.yaml"]])
def test_colours_are_for_terminals_that_want_them(
    arguments: list[str], terminal: bool, no_color: str | None, is_coloured: bool
) -> None:
    result = CliRunner().invoke(
        main, ["diff", *arguments], color=terminal, env={"NO_COLOR": no_color}
    )

    assert ("\x1b[" in result.stdout + result.stderr) is is_coloured
    assert click.unstyle(result.stdout) == CliRunner().invoke(main, ["diff", *arguments]).stdout


def test_the_documentation_lists_every_exit_status() -> None:
    from moto_proton.cli.ending import Status

    table = re.findall(r"(?m)^\| (\d+) \|", USAGE_DOC.read_text(encoding="utf-8"))

    assert [int(status) for status in table] == [int(status) for status in Status]
