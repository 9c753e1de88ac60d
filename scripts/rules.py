"""The rules of docs/behaviour.md, held to the code that decides them and the tests that name them.

::

    python -m scripts.rules          # writes docs/rules.md and the counts in docs/trust.md, and
                                     # prints what is wrong
    python -m scripts.rules --check  # writes nothing; exit status 1 if anything is wrong or stale

Wrong is a citation that leads nowhere, a rule that is neither cited in the code nor noted as "not
built", "not ours" or "decided by" another, a rule that is cited in too many places to find where it
is decided, a rule without a mark or with a source that nobody can look up, and code that calls
something inferred in place of naming the rule that has that mark.

Code cites a rule as ``Rule 7.5-3``, several as ``Rules 7.5-3, 7.5-4 and 7.6-1``, a row of them as
``Rules 5.10-32 to 5.10-47``. A test names one the same way, or by ``@pytest.mark.rule("7.5-3")``;
rows of the case table also by ``@pytest.mark.row(41)`` or the id of a parameter, ``row-41-...``.
What is about more than a few rules names the section: ``section 7.5 of docs/behaviour.md``.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from scripts.blocks import with_block
from scripts.rule_document import MARKS, ROOT, Document, Rule, read_document

REPORT: Final = ROOT / "docs" / "rules.md"
COUNTED: Final = ROOT / "docs" / "trust.md"
RULES: Final = "rules"
"""The block of that page that counts the rules."""
NOTES: Final = {
    "as ": "repeat another rule or are a case of it",
    "not built: ": "are not built",
    "not ours: ": "leave nothing to decide",
}
"""How a rule that the code does not cite is noted, and how that is said when they are counted."""
PRODUCTION: Final = ("moto_proton",)
TESTS: Final = ("tests",)
OTHERS: Final = ("scripts", "benchmarks")
EXAMPLES: Final = "moto_proton/examples"
"""Part of the package, and decides nothing."""
INVENTED: Final = "tests/docs/test_rules.py"
"""Cites the rules of a document that it makes up itself."""
MOST_PLACES: Final = 5
"""A rule that is cited in more places is decided in none of them."""
CASE_TABLE: Final = "5.10"

_NUMBER: Final = r"\d+(?:\.\d+)*-\d+"
_JOINT: Final = r"(?:,\s+(?:#\s*)?and|,|\s+(?:#\s*)?and|\s+(?:#\s*)?to)\s+(?:#\s*)?"
_CITATION: Final = re.compile(rf"\bRules?\s+(?:#\s*)?({_NUMBER}(?:{_JOINT}{_NUMBER})*)")
_SECTIONS: Final = re.compile(
    r"\b[Ss]ections?((?:\s+(?:#\s*)?\d[\d.]*,?(?:\s+(?:#\s*)?and)?)+)\s+(?:#\s*)?of\s+(?:#\s*)?docs/beh"
)
_MARK: Final = re.compile(r"\binferred\b", re.IGNORECASE)
_MARKED: Final = re.compile(r"\.(?:rule|row)\b|\brow-\d")
"""In the text of every file in which a marker, or the id of a parameter, names a rule."""
_RANGE: Final = re.compile(rf"({_NUMBER})(?:\s+(?:#\s*)?to\s+(?:#\s*)?({_NUMBER}))?")


@dataclass
class Citations:
    """Who cites what: places by rule, in the order of the files."""

    decided: dict[str, list[str]] = field(default_factory=dict)
    """By production code: ``spec/diff.py (diff_specs)``, without the package's name."""
    tested: dict[str, list[str]] = field(default_factory=dict)
    """By tests: ``update_service/test_state.py::test_busy``, without ``tests/``."""
    nowhere: list[str] = field(default_factory=list)
    """What is wrong with citations themselves, as sentences."""


def main() -> int:
    """Write or check the report, and print what is wrong."""
    parser = argparse.ArgumentParser(description="The rules of docs/behaviour.md.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    document = read_document()
    citations = read_citations(document.rules)
    wrong = problems(document, citations)
    trust = COUNTED.read_text(encoding="utf-8")
    pages = {
        REPORT: report(document, citations),
        COUNTED: with_block(trust, RULES, summary(document, citations)),
    }
    for path, text in pages.items():
        if not options.check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            wrong.append(f"docs/{path.name} is stale: run make rules")
    print(*wrong, sep="\n", file=sys.stderr)
    print(f"{len(document.rules)} rules, {len(wrong)} problems")
    return 1 if wrong else 0


def read_citations(rules: Mapping[str, Rule], root: Path = ROOT) -> Citations:
    """Every citation below ``root``, by reading the files; nothing is imported or run."""
    found = Citations()
    for folder in (*PRODUCTION, *TESTS, *OTHERS):
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            places = _Places(path.relative_to(root).as_posix(), text)
            if places.path == INVENTED:
                continue
            decides = folder in PRODUCTION and not places.path.startswith(EXAMPLES)
            found.nowhere += _lost_sections(text, rules, places.path)
            if decides:
                found.nowhere += _marks_of_its_own(text, places.path)
            for line, number in _cited(text, rules, places, found.nowhere):
                if decides:
                    _add(found.decided, number, places.in_code(line))
                elif folder in TESTS:
                    _add(found.tested, number, places.in_tests(line))
            if folder in TESTS and _MARKED.search(text):
                for line, number in _marked(places, rules, found.nowhere):
                    _add(found.tested, number, places.in_tests(line))
    return found


def problems(document: Document, citations: Citations) -> list[str]:
    """What is wrong, as sentences; nothing when all is well."""
    wrong = [*document.problems, *citations.nowhere]
    for rule in document.rules.values():
        places = citations.decided.get(rule.number, [])
        if places and rule.note:
            wrong.append(f"{rule.number} is cited in {places[0]} and noted as {rule.note!r}")
        elif not places and not rule.note:
            wrong.append(f"{rule.number} is neither cited in the code nor noted as not built")
        elif len(places) > MOST_PLACES:
            wrong.append(f"{rule.number} is cited in {len(places)} places: {', '.join(places)}")
        for other in rule.decided_by:
            if other not in document.rules:
                wrong.append(f"{rule.number} is said to be decided by {other}, which is no rule")
            elif not citations.decided.get(other):
                wrong.append(f"{rule.number} is said to be decided by {other}, which no code cites")
    return wrong


def report(document: Document, citations: Citations) -> str:
    """docs/rules.md."""
    rules = document.rules.values()
    tests_of = _tests_with_cases(document, citations)
    tested = sum(1 for rule in rules if tests_of[rule.number])
    decided = sum(1 for rule in rules if rule.number in citations.decided)
    lines = [
        "# Where each rule is decided",
        "",
        "Each rule of [behaviour.md](behaviour.md), what it rests on, the code that decides it and",
        "the tests that name it. `make rules` writes this page, and a test compares it.",
        "",
        f"{len(rules)} rules: {decided} cited in the code, {tested} named by a test.",
    ]
    section = ""
    for rule in rules:
        if rule.section != section:
            section = rule.section
            lines += ["", f"## {section} {document.titles[section]}", ""]
            lines += ["| rule | mark | decided in | tests |", "| --- | --- | --- | --- |"]
        places = citations.decided.get(rule.number) or [rule.note]
        tests = tests_of[rule.number]
        cells = (rule.number, ", ".join(rule.marks), "; ".join(places), "; ".join(tests))
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


def _tests_with_cases(document: Document, citations: Citations) -> dict[str, list[str]]:
    """The tests of each rule, those of the cases that it decides included."""
    tests = {number: list(citations.tested.get(number, [])) for number in document.rules}
    for case in document.rules.values():
        for number in case.decided_by:
            for place in citations.tested.get(case.number, []):
                if place not in tests.get(number, [place]):
                    tests[number].append(place)
    return tests


def summary(document: Document, citations: Citations) -> str:
    """What the rules rest on, and what became of them: the lines of docs/trust.md."""
    rules = document.rules.values()
    by_mark = counts(rules)
    lines = [
        "| mark | rules that rest on it alone | on it and on others |",
        "| --- | ---: | ---: |",
    ]
    lines += [f"| {mark} | {by_mark[mark][0]} | {by_mark[mark][1]} |" for mark in MARKS]
    noted = {kind: sum(rule.note.startswith(kind) for rule in rules) for kind in NOTES}
    decided = sum(rule.number in citations.decided for rule in rules)
    parts = [f"{decided} are decided where the code cites them"]
    parts += [f"{noted[kind]} {said}" for kind, said in NOTES.items()]
    return "\n".join([*lines, "", f"Of {len(rules):,} rules {', '.join(parts)}."]) + "\n"


class _Places:
    """Which function or class a line of a file is in; the file is parsed when that is asked."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._text = text

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python's parser sees it."""
        return ast.parse(self._text)

    @cached_property
    def _spans(self) -> list[tuple[int, int, str]]:
        """First line, last line and name of every function and class."""
        return list(self._named_in(self.tree, ()))

    def _named_in(self, node: ast.AST, outer: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                continue  # most of a file, and nothing in it has a name of its own
            inner = outer
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = (*outer, child.name)
                first = min([child.lineno, *(each.lineno for each in child.decorator_list)])
                yield first, child.end_lineno or first, ".".join(inner)
            yield from self._named_in(child, inner)

    def name_at(self, line: int) -> str:
        """The innermost function or class; empty for the module itself."""
        around = [span for span in self._spans if span[0] <= line <= span[1]]
        return max(around)[2] if around else ""

    def in_code(self, line: int) -> str:
        """The place as production code is named: without the package, the name in brackets."""
        name = self.name_at(line)
        path = self.path.partition("/")[2]
        return f"{path} ({name})" if name else path

    def in_tests(self, line: int) -> str:
        """The place as pytest names it, without ``tests/``."""
        name = self.name_at(line)
        path = self.path.removeprefix("tests/")
        return f"{path}::{name.replace('.', '::')}" if name else path


def _cited(
    text: str, rules: Mapping[str, Rule], places: _Places, nowhere: list[str]
) -> Iterator[tuple[int, str]]:
    """Line and number of every rule that a text cites."""
    for citation in _CITATION.finditer(text):
        line = text.count("\n", 0, citation.start()) + 1
        for first, last in _RANGE.findall(citation[1]):
            numbers = list(_between(first, last or first, rules))
            if not numbers:
                nowhere.append(f"{places.path}:{line} cites {first}, which is no rule")
            for number in numbers:
                yield line, number


def _lost_sections(text: str, rules: Mapping[str, Rule], path: str) -> Iterator[str]:
    """Sections that a text names and the document does not have, as sentences."""
    for named in _SECTIONS.finditer(text):
        known = {rule.section for rule in rules.values()}
        for number in re.findall(r"\d+(?:\.\d+)*", named[1]):
            if not any(f"{section}.".startswith(f"{number}.") for section in known):
                line = text.count("\n", 0, named.start()) + 1
                yield f"{path}:{line} names section {number}, which is not there"


def _marks_of_its_own(text: str, path: str) -> Iterator[str]:
    """Where code says what a rule rests on, which the document has to say, as sentences."""
    for said in _MARK.finditer(text):
        line = text.count("\n", 0, said.start()) + 1
        yield f"{path}:{line} says {said[0]!r}: cite the rule instead, which has that mark"


def _between(first: str, last: str, rules: Mapping[str, Rule]) -> Iterator[str]:
    """The rules of a range; nothing if either end is no rule of the section."""
    section, _, low = first.rpartition("-")
    other, _, high = last.rpartition("-")
    if {first, last} <= rules.keys() and section == other:
        for number in range(int(low), int(high) + 1):
            if f"{section}-{number}" in rules:
                yield f"{section}-{number}"


def _marked(
    places: _Places, rules: Mapping[str, Rule], nowhere: list[str]
) -> Iterator[tuple[int, str]]:
    """Line and number of every rule that a marker or the id of a parameter names."""
    for node in ast.walk(places.tree):
        for number in _numbers_of(node):
            line = getattr(node, "lineno", 1)
            if number in rules:
                yield line, number
            else:
                nowhere.append(f"{places.path}:{line} names {number}, which is no rule")


def _numbers_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        # Most calls are to something else, and writing a node as text takes long.
        marker = ast.unparse(node.func) if node.func.attr in ("rule", "row") else ""
        values = [each.value for each in node.args if isinstance(each, ast.Constant)]
        if marker == "pytest.mark.rule":
            yield from (str(value) for value in values)
        if marker == "pytest.mark.row":
            yield from (f"{CASE_TABLE}-{value!r}" for value in values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        for row in re.findall(r"^row-(\d+)", node.value):
            yield f"{CASE_TABLE}-{row}"


def _add(places: dict[str, list[str]], number: str, place: str) -> None:
    known = places.setdefault(number, [])
    if place not in known:
        known.append(place)


def counts(rules: Iterable[Rule]) -> dict[str, tuple[int, int]]:
    """For each mark, how many rules rest on it alone and how many on it and another."""
    table: dict[str, tuple[int, int]] = {}
    for rule in rules:
        for mark in rule.marks:
            alone, shared = table.get(mark, (0, 0))
            single = len(rule.marks) == 1
            table[mark] = (alone + single, shared + (not single))
    return table


if __name__ == "__main__":
    sys.exit(main())
