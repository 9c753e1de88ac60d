"""docs/architecture.md is the map of the code: its tables are the contracts, its ways exist."""

from __future__ import annotations

import inspect
import re
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

import moto_proton

PACKAGE: Final = Path(moto_proton.__file__).parent
ROOT: Final = Path(__file__).parents[2]
MAP: Final = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MOST_HOPS: Final = 8
TABLES: Final = {
    "package": ("The rooms of the package", PACKAGE),
    "proton": ("The rooms of `proton/`", PACKAGE / "proton"),
}
WAYS: Final = (
    "The longest way of a spec, from its handler to the store",
    "The way of a bundle, from S3 to outputs",
)


def section(title: str) -> str:
    return MAP.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def rooms_drawn(title: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", section(title), re.MULTILINE)


def lines_of_contract(contract: str) -> list[set[str]]:
    """The rooms of each line, lowest first."""
    config = ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    lines = config[f"importlinter:contract:{contract}"]["layers"].split("\n")
    return [set(re.findall(r"\w+", line)) for line in reversed(lines) if line.strip()]


@pytest.mark.parametrize("contract", TABLES)
def test_the_table_of_rooms_has_the_order_of_the_contract(contract: str) -> None:
    drawn = [
        room.removesuffix("/").removesuffix(".py") for room in rooms_drawn(TABLES[contract][0])
    ]

    for line in lines_of_contract(contract):
        assert set(drawn[: len(line)]) == line
        drawn = drawn[len(line) :]
    assert drawn == []


@pytest.mark.parametrize("contract", TABLES)
def test_the_table_of_rooms_has_every_folder_and_module(contract: str) -> None:
    title, folder = TABLES[contract]
    there = {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}
    there |= {path.name for path in folder.glob("*.py") if path.name != "__init__.py"}

    assert set(rooms_drawn(title)) == there


@pytest.mark.parametrize("way", WAYS)
def test_a_way_has_few_hops_and_all_of_them_exist(way: str) -> None:
    hops = re.findall(r"^\d+\. `([\w.]+)`:", section(way), re.MULTILINE)

    assert 0 < len(hops) <= MOST_HOPS
    for hop in hops:
        assert inspect.isroutine(named(hop)), hop


def test_the_way_of_a_spec_is_one_of_calls() -> None:
    hops = [named(hop) for hop in re.findall(r"^\d+\. `([\w.]+)`:", section(WAYS[0]), re.MULTILINE)]
    # An edit is planned and applied by the same function: the one after the other.
    update, plan, apply = hops[1:4]
    calls = [(hops[0], update), (update, plan), (update, apply), (apply, hops[4])]

    for caller, called in calls:
        assert f"{called.__name__}(" in inspect.getsource(caller)


def named(path: str) -> Any:
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            found = getattr(found, name)
        return found
    raise LookupError(path)
