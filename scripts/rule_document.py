"""docs/behaviour.md and its pages, read: numbers, marks, sources and notes of every rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
INDEX: Final = ROOT / "docs" / "behaviour.md"
MARKS: Final = ("doc", "recorded", "model", "inferred", "contradictory")

_NUMBER: Final = r"\d+(?:\.\d+)*-\d+"
_HEADING: Final = re.compile(r"#+ (\d+(?:\.\d+)*) (.+)")
_ROW: Final = re.compile(rf"\| ({_NUMBER}) \| (.*) \|$")
_ITEM: Final = re.compile(rf"- \*\*({_NUMBER})\*\* (.*)")
_DECIDED_BY: Final = re.compile(rf"\*Decided by ({_NUMBER}(?:, {_NUMBER})*)\.\*")
_REASON: Final = re.compile(r"\*(Not built|Not ours): ([^*]+?)\.?\*")
_GONE: Final = re.compile(r"Numbers that are gone: ([^.]*(?:\.\d[^.]*)*)\.", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """One numbered rule."""

    number: str
    text: str

    @property
    def section(self) -> str:
        """``7.5`` of ``7.5-3``."""
        return self.number.rpartition("-")[0]

    @property
    def marks(self) -> tuple[str, ...]:
        """What it rests on, in the order of :data:`MARKS`."""
        found = {mark for mark, _ in _marks(self.text)}
        return tuple(mark for mark in MARKS if mark in found)

    @property
    def sources(self) -> list[str]:
        """The codes of what it cites as documented or recorded."""
        return [source for _, source in _marks(self.text) if source]

    @property
    def decided_by(self) -> list[str]:
        """The rules that it repeats or is a case of."""
        found = _DECIDED_BY.search(self.text)
        return found[1].split(", ") if found else []

    @property
    def note(self) -> str:
        """Why no code decides it, as the report says it; empty when some has to."""
        if self.decided_by:
            return f"as {', '.join(self.decided_by)}"
        found = _REASON.search(self.text)
        return f"{found[1].lower()}: {found[2]}" if found else ""


@dataclass
class Document:
    """All rules in the order of the pages."""

    rules: dict[str, Rule] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    """Of the sections."""
    problems: list[str] = field(default_factory=list)
    """What is wrong with the document itself, as sentences."""


def read_document(index: Path = INDEX) -> Document:
    """The document, with what is wrong in it: it is read as far as it can be."""
    document = Document()
    for page in sorted(index.with_suffix("").glob("*.md")):
        section = ""
        for kind, number, text in _entries(page.read_text(encoding="utf-8")):
            if kind == "heading":
                section = number
                document.titles[section] = text
                continue
            if number in document.rules:
                document.problems.append(f"{number} is there twice")
            if number.rpartition("-")[0] != section:
                document.problems.append(f"{number} is in section {section} ({page.name})")
            document.rules[number] = Rule(number, text)
    text = index.read_text(encoding="utf-8")
    _check_numbers(document, text)
    _check_marks(document, text)
    return document


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Kind ("heading" or "rule"), number and text of what is numbered, in order."""
    pending: tuple[str, str] | None = None
    fenced = False
    for line in text.splitlines():
        if pending is not None:
            if line.startswith("  "):
                pending = (pending[0], f"{pending[1]} {line.strip()}")
                continue
            yield "rule", *pending
            pending = None
        if line.startswith("```"):
            fenced = not fenced
        if fenced:
            continue
        if heading := _HEADING.match(line):
            yield "heading", heading[1], heading[2]
        elif row := _ROW.match(line):
            yield "rule", row[1], row[2]
        elif item := _ITEM.match(line):
            pending = (item[1], item[2])
    if pending is not None:
        yield "rule", *pending


def _check_numbers(document: Document, index: str) -> None:
    """No number of a section is missing unless it is said to be gone; none of those is there."""
    found = _GONE.search(index)
    gone = set(re.findall(_NUMBER, found[1])) if found else set()
    highest: dict[str, int] = {}
    for number in [*document.rules, *gone]:
        section, _, count = number.rpartition("-")
        highest[section] = max(highest.get(section, 0), int(count))
    for section, last in highest.items():
        for count in range(1, last + 1):
            number = f"{section}-{count}"
            if number in document.rules and number in gone:
                document.problems.append(f"{number} is said to be gone, and there")
            if number not in document.rules and number not in gone:
                document.problems.append(f"{number} is missing, and not said to be gone")


def _check_marks(document: Document, index: str) -> None:
    """Every rule has a mark, and every source is in the table of sources."""
    table = index.partition("| code | source |")[2]
    codes = {
        code
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for code in row.split(", ")
    }
    for rule in document.rules.values():
        if not rule.marks:
            document.problems.append(f"{rule.number} has no mark")
        for source in rule.sources:
            if re.sub(r"(?<=ISS-)\d+$", "n", source) not in codes:
                document.problems.append(f"{rule.number} cites {source}, which is no source")


def _marks(text: str) -> Iterator[tuple[str, str]]:
    """Marks with their sources, one of these a time; the source is empty where there is none."""
    for bracket in re.findall(r"\[([^\[\]]*)\]", re.sub(r"`[^`]*`", "", text)):
        mark = ""
        for part in re.split(r"[;,] ", bracket):
            found = re.search(rf"\b({'|'.join(MARKS)})\b(?: (\S+))?", part)
            sourced = found is not None and found[1] in ("doc", "recorded")
            if found:
                mark = found[1]
                yield mark, (found[2] or "?") if sourced else ""
            elif mark in ("doc", "recorded"):
                yield mark, part.split()[0] if part.split() else "?"
