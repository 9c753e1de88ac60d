"""``moto-proton diff``: what it prints and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moto_proton import __version__
from moto_proton.cli import main

OLD = """\
proton: ServiceSpec
pipeline: {dockerfile: Dockerfile}
instances:
- {name: dev, environment: dev-env, spec: {port: 80}}
- {name: prod, environment: prod-env, spec: {port: 443}}
"""
ROLLED_OUT = """\
proton: ServiceSpec
pipeline: {dockerfile: "${Proton::CURRENT_VAL}"}
instances:
- {name: canary, environment: prod-env, spec: {ratio: .inf, tags: [é]}}
- {name: prod, environment: prod-env, spec: {port: 443}}
"""
REFUSED = """\
proton: ServiceSpec
pipeline: {dockerfile: Dockerfile, extra: 1}
instances:
- {name: dev, environment: dev-env, spec: {port: "80", host: "${Proton::CURRENT_VAL}"}}
- {name: prod, environment: prod-env}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"old": OLD, "rolled-out": ROLLED_OUT, "refused": REFUSED}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["diff", *arguments], input=stdin)


def test_the_same_spec_changes_nothing() -> None:
    result = run("old.yaml", "-", stdin=f"# another text\n{OLD}")

    assert result.exit_code == 0
    assert result.stdout == (
        "kept  dev   environment dev-env\n"
        "kept  prod  environment prod-env\n"
        "\n"
        "update_service adds 0, deletes 0 and keeps 2.\n"
    )


def test_instances_that_come_and_go_are_changes() -> None:
    result = run("old.yaml", "rolled-out.yaml")

    assert result.exit_code == 1
    assert result.stdout == (
        "added    canary  environment prod-env\n"
        "deleted  dev     environment dev-env\n"
        "kept     prod    environment prod-env\n"
        "\n"
        "update_service adds 1, deletes 1 and keeps 1.\n"
    )


def test_refused_edits_are_listed_with_both_values() -> None:
    result = run("old.yaml", "refused.yaml")

    assert result.exit_code == 2
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        "refused  pipeline.extra             (not set) -> 1",
        "refused  instances[dev].spec.host   ${Proton::CURRENT_VAL} has no current value to keep",
        'refused  instances[dev].spec.port   80 -> "80"',
        "refused  instances[prod].spec.port  443 -> (not set)",
        "",
        "update_service refuses this spec for 4 edits; nothing would change.",
    ]


def test_one_refused_edit_is_one() -> None:
    result = run("old.yaml", "-", stdin=OLD.replace("443", "444"))

    assert result.stdout.endswith("for 1 edit; nothing would change.\n")


def test_json_of_changes() -> None:
    result = run("--json", "old.yaml", "rolled-out.yaml")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "schema_version": "1.0",
        "status": "changes",
        "allowed": True,
        "changes": True,
        "added": [
            {
                "name": "canary",
                "environment": "prod-env",
                "inputs": {"ratio": ".inf", "tags": ["é"]},
            }
        ],
        "deleted": [{"name": "dev", "environment": "dev-env", "inputs": {"port": 80}}],
        "kept": [{"name": "prod", "environment": "prod-env", "inputs": {"port": 443}}],
        "edited": [],
        "refused": [],
    }


def test_json_of_refused_edits() -> None:
    result = run("--json", "old.yaml", "refused.yaml")

    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert (document["allowed"], document["changes"]) == (False, False)
    assert [instance["name"] for instance in document["edited"]] == ["dev", "prod"]
    assert document["refused"] == [
        {
            "path": "pipeline.extra",
            "reason": "added",
            "message": "pipeline.extra: added with 1",
            "new": 1,
        },
        {
            "path": "instances[dev].spec.host",
            "reason": "no current value",
            "message": "instances[dev].spec.host: "
            "${Proton::CURRENT_VAL} has no current value to keep",
            "new": "${Proton::CURRENT_VAL}",
        },
        {
            "path": "instances[dev].spec.port",
            "reason": "changed",
            "message": 'instances[dev].spec.port: changed from 80 to "80"',
            "old": 80,
            "new": "80",
        },
        {
            "path": "instances[prod].spec.port",
            "reason": "removed",
            "message": "instances[prod].spec.port: removed, was 443",
            "old": 443,
        },
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "proton: ServiceSpec\ninstances:\n- name: a\n",
            "bad.yaml:3:3: instances[0].environment: required",
        ),
        ("a: [1\nb: 2\n", "bad.yaml:2:2: this is not YAML: "),
        ("", "bad.yaml:1:1: the document is empty"),
        ("#" * 51_201, "bad.yaml: 51201 characters, a spec has at most 51200"),
    ],
    ids=["grammar", "syntax", "empty", "too long"],
)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_a_bad_spec_is_one_line_with_its_place(
    folder: Path, text: str, line: str, options: list[str]
) -> None:
    (folder / "bad.yaml").write_text(text)

    result = run(*options, "old.yaml", "bad.yaml")

    assert result.exit_code == 2
    assert result.stderr.startswith(line)
    assert result.stderr.count("\n") == 1
    if not options:
        assert result.stdout == ""
        return
    document = json.loads(result.stdout)
    assert (document["schema_version"], document["status"]) == ("1.0", "refused")
    (error,) = document["errors"]
    place = [str(error[part]) for part in ("file", "line", "column") if part in error]
    assert f"{':'.join(place)}: {error['message']}\n" == result.stderr


def test_standard_input_has_a_name_in_errors() -> None:
    result = run("-", "old.yaml", stdin="proton: EnvironmentSpec\n")

    assert (result.exit_code, result.stderr) == (
        2,
        '<stdin>:1:9: proton: must be ServiceSpec, not "EnvironmentSpec"\n',
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["missing.yaml", "old.yaml"], "missing.yaml: No such file or directory\n"),
        (["old.yaml", "."], ".: Is a directory\n"),
        (["old.yaml", "latin.yaml"], "latin.yaml: not UTF-8 at byte 3\n"),
        (["old.yaml", "a\0b"], "'a\\x00b': not the name of a file\n"),
    ],
    ids=["missing", "directory", "other encoding", "null character"],
)
def test_what_cannot_be_read_is_one_line(folder: Path, arguments: list[str], line: str) -> None:
    (folder / "latin.yaml").write_bytes(b"a:\xe9")

    result = run(*arguments)

    assert (result.exit_code, result.stdout, result.stderr) == (3, "", line)


def test_standard_input_can_be_read_once() -> None:
    result = run("-", "-")

    assert (result.exit_code, result.stdout, result.stderr) == (
        4,
        "",
        "only one of OLD and NEW can be standard input\n",
    )


def test_help_and_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == (
        f"moto-proton, version {__version__}\n"
    )
    assert "2  the edit is refused" in CliRunner().invoke(main, ["diff", "-h"]).output


def test_diff_loads_neither_moto_nor_boto3() -> None:
    program = """
import sys
from moto_proton.cli import main
assert "yaml" not in sys.modules
try:
    main(["diff", "old.yaml", "rolled-out.yaml"])
except SystemExit as end:
    print(end.code, sorted({"moto", "boto3", "botocore"} & set(sys.modules)))
"""

    process = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert process.stdout.splitlines()[-1] == "1 []"


def test_two_specs_without_instances_have_nothing_to_tell(folder: Path) -> None:
    (folder / "empty.yaml").write_text("proton: ServiceSpec\ninstances: []\n", encoding="utf-8")

    result = run("empty.yaml", "empty.yaml")

    assert (result.exit_code, result.stdout) == (
        0,
        "update_service adds 0, deletes 0 and keeps 0.\n",
    )
