"""The numbers behind docs/trust.md: counted from the tests, and measured by running some.

::

    python -m scripts.trust            # prints them, and writes the counted ones into docs/trust.md
    python -m scripts.trust --check    # says whether docs/trust.md has them; exit status 1 if not
    python -m scripts.trust --measure  # runs the fuzzer and tests/proof first; a quarter of an hour

What was measured last stays in docs/trust.md until it is measured again.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from moto_proton import api
from scripts.blocks import block, with_block
from scripts.measured import measure
from scripts.rule_document import read_document
from scripts.rules import RULES, read_citations, summary

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = ROOT / "docs" / "trust.md"
NUMBERS: Final = "numbers"
MEASURED: Final = "measured"


def main() -> int:
    """Print the numbers, and write or check the document."""
    parser = argparse.ArgumentParser(description="The numbers behind docs/trust.md.")
    parser.add_argument("--check", action="store_true", help="only say whether they are current")
    parser.add_argument("--measure", action="store_true", help="measure what can be measured")
    parser.add_argument(
        "--seconds", type=int, default=150, help="how long to fuzz with inputs of each kind"
    )
    options = parser.parse_args()
    before = text = DOCUMENT.read_text(encoding="utf-8")
    if options.measure:
        lines = "\n".join(measure(options.seconds))
        text = with_block(text, MEASURED, f"```text\n{lines}\n```\n")
    text = with_block(text, NUMBERS, numbers(block(text, MEASURED)))
    document = read_document()
    text = with_block(text, RULES, summary(document, read_citations(document.rules)))
    print(*(block(text, name) for name in (NUMBERS, RULES, MEASURED)), sep="\n", end="")
    if not options.check:
        DOCUMENT.write_text(text, encoding="utf-8")
    elif text != before:
        print("docs/trust.md has other numbers: run python -m scripts.trust", file=sys.stderr)
        return 1
    return 0


def numbers(measured: str) -> str:
    """The table, as Markdown; ``measured`` is the block of what was measured."""
    rows = [(what, count()) for what, count in COUNTS.items()]
    rows.append((FUZZED, _fuzzed(measured)))
    lines = ["| what | how much |", "| --- | ---: |"]
    return "\n".join([*lines, *(f"| {what} | {much} |" for what, much in rows)]) + "\n"


def _operations() -> str:
    return f"{len(api.operation_names())}"


def _tests() -> str:
    """The order of magnitude: the exact number changes with every test."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = re.search(r"^(\d+) tests? collected", listed, flags=re.MULTILINE)
    if found is None:
        raise SystemExit(f"pytest collected nothing:\n{listed[-2000:]}")
    return f"over {int(found[1]) // 500 * 500:,}"


def _properties() -> str:
    return f"{sum(1 for node in _test_definitions() if _is_property(node))}"


def _test_definitions() -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node


def _is_property(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether hypothesis runs it: a test of given examples, or a state machine."""
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base).endswith("RuleBasedStateMachine") for base in node.bases)
    decorators = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    return any(ast.unparse(each) in ("given", "hypothesis.given") for each in decorators)


def _variants() -> str:
    """Of the document, which the tests hold to what the suite derives."""
    text = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    found = re.search(r"(\d+) variants, .*\n(\d+) must be answered 200, (\d+) must be", text)
    if found is None:
        raise SystemExit("docs/conformance.md does not say how many variants there are")
    total, accepted, refused = (int(number) for number in found.groups())
    return f"{total:,} ({accepted:,} answered with 200, {refused:,} refused)"


def _corpus() -> str:
    files = (path for path in (ROOT / "tests" / "fuzz" / "corpus").rglob("*") if path.is_file())
    return f"{sum(1 for _ in files)}"


def _versions() -> str:
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    values = {
        ast.unparse(node.targets[0]): ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)
    }
    pythons, motos = values["PYTHONS"], values["MOTOS"]
    return f"Python {', '.join(pythons)}; moto {', '.join(motos)}"


def _fuzzed(measured: str) -> str:
    found = re.findall(r"^fuzzer, (\w+): (\d+) inputs", measured, flags=re.MULTILINE)
    tried = {kind: int(count) for kind, count in found}
    if not tried:
        raise SystemExit("docs/trust.md has nothing that was measured: run with --measure")
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in tried.items())
    return f"{sum(tried.values()):,} ({kinds})"


COUNTS: Final[dict[str, Callable[[], str]]] = {
    "operations": _operations,
    "tests": _tests,
    "requests derived from the service model, each with its exact outcome": _variants,
    "properties and state machines run by hypothesis": _properties,
    "files in the corpus of hostile input": _corpus,
    "versions that `nox` runs the tests on": _versions,
}
"""What is counted, in the order of the table."""
FUZZED: Final = "hostile inputs that the fuzzer tried last"


if __name__ == "__main__":
    sys.exit(main())
