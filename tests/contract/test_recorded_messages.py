"""What Proton said word for word stands in one table, which is what docs/behaviour.md records."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from moto_proton import recorded_messages
from moto_proton.recorded_messages import Recorded

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "behaviour"
TABLE = {
    name: value for name, value in vars(recorded_messages).items() if isinstance(value, Recorded)
}


def as_pattern(text: str) -> re.Pattern[str]:
    """Matches the cases of a recorded text."""
    parts = re.split(r"\{\w+\}", text)
    return re.compile("(.+)".join(map(re.escape, parts)))


def rules() -> dict[str, str]:
    """The rules of the page of messages, with all that they say."""
    page = (PAGES / "13-messages.md").read_text("utf-8")
    return dict(re.findall(r"^\| (13-\d+) \| (.*) \|$", page, re.MULTILINE))


@pytest.mark.parametrize("name", TABLE)
def test_a_text_and_its_source_are_those_of_its_rule(name: str) -> None:
    recorded = TABLE[name]
    if recorded.rule in rules():
        told = rules()[recorded.rule]
    else:
        told = (PAGES / "06-operations.md").read_text("utf-8")
        told = " ".join(told[told.index(f"**{recorded.rule}**") :].split())

    assert as_pattern(recorded.text).search(told.replace("<", "{").replace(">", "}"))
    assert recorded.source in told


def test_every_recorded_text_that_is_ours_to_say_is_in_the_table() -> None:
    # 13-11: the model's own text of deprecation, which no answer carries.
    said = {number for number, told in rules().items() if "deprecation" not in told}

    assert {recorded.rule for recorded in TABLE.values()} >= said


@pytest.mark.parametrize("name", TABLE)
def test_the_words_stand_nowhere_else(name: str) -> None:
    longest = max(re.split(r"\{\w+\}", TABLE[name].text), key=len).strip()
    package = ROOT / "moto_proton"
    own = package / "recorded_messages.py"

    places = [
        path
        for path in package.rglob("*.py")
        if path != own and longest in path.read_text("utf-8").replace('"\n', "")
    ]

    assert places == []
