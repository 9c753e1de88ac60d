"""Mistakes in what ``moto-proton render`` is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from moto_proton.cli import main
from tests.mistakes.rows import Mistake, check, each

SHOP = Path(__file__).parents[1] / "bundles" / "data" / "shop"
NETWORK = SHOP.parent / "network"
SPEC = """\
proton: ServiceSpec
pipeline: {dockerfile: Dockerfile}
instances:
  - {name: web, environment: dev, spec: {image: "shop/web:1"}}
  - {name: api, environment: prod, spec: {image: "shop/api:2"}}
"""
FILES = {
    "spec.yaml": SPEC,
    "network.yaml": "proton: EnvironmentSpec\nspec: {cidr: 10.0.0.0/16, subnets: [10.0.0.0/24]}\n",
    "good.yaml": "Network: n\n",
    "null.yaml": "Network: null\n",
    "empty.yaml": "Network: ''\n",
    "nested.yaml": "Network: {value: n}\n",
    "broken.yaml": "Network: [n\n",
    "text.txt": "OUTPUTS Network n\n",
    "page.json": '{"outputs": [], "nextToken": "t"}',
    "stacks.json": '{"Stacks": [{"Outputs": []}, {"Outputs": []}]}',
    "twice.json": '[{"key": "A", "valueString": "1"}, {"key": "A", "valueString": "2"}]',
    "list.json": '[{"Name": "Network", "Value": "n"}]',
}


class Refused(Exception):
    """What the command said on standard error."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def row(name: str, arguments: str, sentence: str, *, bundle: Path = SHOP) -> Mistake:
    def make() -> None:
        spec = "spec.yaml" if bundle == SHOP else "network.yaml"
        given = ["render", str(bundle), *arguments.split()]
        given += [] if "--spec" in given else ["--spec", spec]
        result = CliRunner().invoke(main, given)
        assert (result.exit_code in (3, 4), result.stdout) == (True, ""), result.stderr
        raise Refused(result.stderr)

    return Mistake(name, make, sentence, Refused)


def outputs(name: str, file: str, sentence: str) -> Mistake:
    return row(name, f"--instance web --environment-outputs dev={file}", sentence)


@each(
    row(
        "one file for two environments",
        "--environment-outputs good.yaml",
        "--environment-outputs good.yaml would serve 2 environments, dev and prod; say which is "
        "whose: --environment-outputs dev=... --environment-outputs prod=...",
    ),
    row(
        "one file for two instances",
        "--instance-outputs good.yaml",
        "would serve 2 service instances, web and api",
    ),
    row("one component for two", "--component cache", "would serve 2 service instances"),
    row(
        "misspelt environment",
        "--environment-outputs prd=good.yaml",
        "the spec has no environment prd; did you mean 'prod'?",
    ),
    row(
        "environment of another spec",
        "--environment-outputs staging=good.yaml",
        "the spec has no environment staging; it has dev, prod",
    ),
    row("misspelt instance", "--instance wbe", "no service instance wbe; did you mean 'web'?"),
    row(
        "two files for one environment",
        "--environment-outputs dev=good.yaml --environment-outputs dev=list.json",
        "--environment-outputs: given twice for environment dev",
    ),
    row(
        "two files for nobody",
        "--environment-outputs good.yaml --environment-outputs good.yaml",
        "--environment-outputs: given twice without a name",
    ),
    row("account that is none", "--account-id dev=12", "an account id is twelve digits"),
    row("two from standard input", "--spec - --component-outputs web=-", "only one file can be"),
    row(
        "outputs for an environment",
        "--environment-outputs good.yaml",
        "--environment-outputs is for service bundles",
        bundle=NETWORK,
    ),
    row(
        "repository of an environment",
        "--repository-id acme/shop",
        "--repository-id is for service bundles",
        bundle=NETWORK,
    ),
    outputs("no such file", "none.yaml", "none.yaml: No such file"),
    outputs("null as output", "null.yaml", "null.yaml: outputs are values by name, text or"),
    outputs("nested output", "nested.yaml", "and Network is not"),
    outputs("empty output", "empty.yaml", "empty.yaml: the output Network is empty"),
    outputs("no YAML", "broken.yaml", "broken.yaml: not YAML: "),
    outputs("--output text", "text.txt", "or what list-environment-outputs,"),
    outputs("first page", "page.json", "this is not the last page"),
    outputs("two stacks", "stacks.json", "outputs of 2 stacks; describe one, with --stack-name"),
    outputs("one output twice", "twice.json", "twice.json: the output A stands there twice"),
    outputs("another list", "list.json", "outputs in a list have key and valueString, or"),
)
def test_it_is_said(mistake: Mistake) -> None:
    check(mistake)
