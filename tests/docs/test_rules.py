"""Every rule of docs/behaviour.md is decided somewhere, and every citation leads to one."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.blocks import block
from scripts.rule_document import read_document
from scripts.rules import (
    COUNTED,
    REPORT,
    RULES,
    counts,
    problems,
    read_citations,
    report,
    summary,
)


def test_every_rule_is_decided_and_cited_rightly_and_the_report_and_counts_are_current() -> None:
    # One test, since reading every file of the repository takes seconds.
    document = read_document()

    citations = read_citations(document.rules)

    wrong = problems(document, citations)
    assert not wrong, "see docs/behaviour.md, Numbers:\n" + "\n".join(wrong)
    assert REPORT.read_text(encoding="utf-8") == report(document, citations), STALE
    trust = COUNTED.read_text(encoding="utf-8")
    assert block(trust, RULES) == summary(document, citations), STALE


STALE = "docs/rules.md or docs/trust.md is stale: run make rules"

INDEX = """\
Numbers that are gone: {gone}.

| code | source |
| --- | --- |
| EditService, CreateEnv | two pages |
| ISS-n | an issue |
"""

PAGE = """\
# 1 Wishes

- **1-1** A wish comes true
  within a day [doc EditService; class inferred].

## 1.2 Stars

| rule | star | mark |
| --- | --- | --- |
| 1.2-1 | falling | [recorded ISS-7] |
| 1.2-2 | rising | [model] *Not built: none does.* |
| 1.2-3 | fixed | [contradictory] *Decided by 1-1.* |
"""

CODE = '''\
"""Stars; see section 1.2 of docs/behaviour.md."""


class Sky:
    def fall(self) -> None:
        # Rules 1-1 and
        # 1.2-1.
        self.night = True
'''

TESTS = '''\
import pytest


@pytest.mark.rule("1-1")
def test_wish() -> None:
    """Also Rule 1.2-1."""


@pytest.mark.parametrize("case", [pytest.param(1, marks=pytest.mark.rule("1.2-2"))])
def test_case(case: int) -> None: ...
'''


class House:
    """A repository with a document, a module and a test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("docs/behaviour.md", INDEX.format(gone="none"))
        self.write("docs/behaviour/1.md", PAGE)
        self.write("moto_proton/sky.py", CODE)
        self.write("tests/test_sky.py", TESTS)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def problems(self) -> list[str]:
        document = read_document(self.root / "docs" / "behaviour.md")
        return problems(document, read_citations(document.rules, self.root))

    def report(self) -> str:
        document = read_document(self.root / "docs" / "behaviour.md")
        return report(document, read_citations(document.rules, self.root))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_house_in_order_has_no_problems(house: House) -> None:
    assert house.problems() == []


def test_a_report_names_who_decides_and_who_tests(house: House) -> None:
    lines = house.report().splitlines()

    assert "| 1-1 | doc, inferred | sky.py (Sky.fall) | test_sky.py::test_wish |" in lines
    assert "| 1.2-1 | recorded | sky.py (Sky.fall) | test_sky.py::test_wish |" in lines
    assert "| 1.2-2 | model | not built: none does | test_sky.py::test_case |" in lines
    assert "| 1.2-3 | contradictory | as 1-1 | |" in lines


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        pytest.param(
            "moto_proton/sky.py", "1.2-1", "1.2-9", "cites 1.2-9, which is no rule", id="nowhere"
        ),
        pytest.param(
            "moto_proton/sky.py",
            "section 1.2",
            "sections 1.2 and 3",
            "names section 3, which is not there",
            id="no-such-section",
        ),
        pytest.param(
            "tests/test_sky.py",
            'rule("1-1")',
            'rule("1-2")',
            "names 1-2, which is no rule",
            id="marker-nowhere",
        ),
        pytest.param(
            "docs/behaviour/1.md",
            " *Not built: none does.*",
            "",
            "1.2-2 is neither cited in the code nor noted",
            id="not-decided",
        ),
        pytest.param(
            "moto_proton/sky.py",
            "1.2-1.",
            "1.2-2.",
            "1.2-2 is cited in sky.py (Sky.fall) and noted as",
            id="decided-after-all",
        ),
        pytest.param(
            "docs/behaviour/1.md",
            "*Decided by 1-1.*",
            "*Decided by 1.2-2.*",
            "decided by 1.2-2, which no code cites",
            id="by-what-is-not-decided",
        ),
        pytest.param("docs/behaviour/1.md", " [model]", "", "1.2-2 has no mark", id="no-mark"),
        pytest.param(
            "docs/behaviour/1.md",
            "[doc EditService;",
            "[doc Gossip;",
            "1-1 cites Gossip, which is no source",
            id="no-source",
        ),
        pytest.param(
            "moto_proton/sky.py",
            "# 1.2-1.",
            "# 1.2-1 (inferred).",
            "says 'inferred': cite the rule instead",
            id="mark-in-the-code",
        ),
        pytest.param(
            "docs/behaviour/1.md", "| 1.2-3 |", "| 1.2-2 |", "1.2-2 is there twice", id="twice"
        ),
        pytest.param(
            "docs/behaviour/1.md",
            "| 1.2-2 |",
            "| 1.3-1 |",
            "1.3-1 is in section 1.2",
            id="wrong-section",
        ),
        pytest.param(
            "docs/behaviour/1.md",
            "| 1.2-2 | rising | [model] *Not built: none does.* |\n",
            "",
            "1.2-2 is missing, and not said to be gone",
            id="gone",
        ),
        pytest.param(
            "docs/behaviour.md",
            "gone: none",
            "gone: 1.2-2",
            "said to be gone, and there",
            id="back",
        ),
    ],
)
def test_what_is_wrong_is_said(house: House, file: str, old: str, new: str, problem: str) -> None:
    house.change(file, old, new)

    assert any(problem in each for each in house.problems())


def test_a_range_cites_what_is_between_its_ends(house: House) -> None:
    house.change("moto_proton/sky.py", "# 1.2-1.", "# 1.2-1 to 1.2-2.")
    house.change("docs/behaviour/1.md", " *Not built: none does.*", "")

    assert house.problems() == []


def test_a_rule_in_many_places_is_decided_in_none(house: House) -> None:
    for number in range(5):
        house.write(f"moto_proton/sky{number}.py", "# Rule 1-1\n")

    assert any("1-1 is cited in 6 places" in each for each in house.problems())


def test_examples_decide_nothing(house: House) -> None:
    (house.root / "moto_proton/examples").mkdir()
    (house.root / "moto_proton/sky.py").rename(house.root / "moto_proton/examples/sky.py")

    assert any("1-1 is neither cited in the code" in each for each in house.problems())


def test_marks_are_counted_alone_and_together(house: House) -> None:
    document = read_document(house.root / "docs" / "behaviour.md")

    assert counts(document.rules.values()) == {
        "doc": (0, 1),
        "inferred": (0, 1),
        "recorded": (1, 0),
        "model": (1, 0),
        "contradictory": (1, 0),
    }
