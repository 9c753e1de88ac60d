"""Taking, comparing and putting back the state of any objects."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar

import pytest
from sortedcontainers import SortedDict

from moto_proton.proton import snapshots
from moto_proton.proton.account.listing import Collection, Orders
from moto_proton.proton.snapshots import CannotSnapshotError


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Value:
    names: list[str]


@dataclass(eq=False)
class Thing:
    name: str
    created_at: datetime
    owner: Any = None
    tags: dict[str, str] = field(default_factory=dict)
    others: list[Any] = field(default_factory=list)


class Part:
    NOT_STATE: ClassVar = frozenset({"of_the_request"})

    def __init__(self) -> None:
        self.thing = Thing("one", datetime(2026, 1, 1, tzinfo=timezone.utc), owner=self)
        self.of_the_request = 1


@pytest.fixture
def part() -> Part:
    return Part()


@pytest.fixture
def again(part: Part) -> Callable[[], Part]:
    """Puts what ``part`` holds into a new one."""

    def copied() -> Part:
        new = Part()
        snapshots.restore(snapshots.take({"part": part}), lambda _: new)
        return new

    return copied


def test_what_is_put_back_is_a_copy(part: Part, again: Callable[[], Part]) -> None:
    part.thing.tags["team"] = "shop"

    copied = again()
    copied.thing.tags["team"] = "other"

    assert copied.thing.name == "one"
    assert part.thing.tags == {"team": "shop"}


def test_a_snapshot_can_be_put_back_any_number_of_times(part: Part) -> None:
    taken = snapshots.take({"part": part})

    for _ in range(2):
        part.thing.tags["team"] = "shop"
        snapshots.restore(taken, lambda _: part)
        assert part.thing.tags == {}


def test_a_reference_to_a_part_becomes_one_to_the_part_of_that_key(
    again: Callable[[], Part],
) -> None:
    copied = again()

    assert copied.thing.owner is copied


def test_two_references_to_a_thing_stay_two_references_to_a_thing(
    part: Part, again: Callable[[], Part]
) -> None:
    part.thing.others = [part.thing, part.thing]

    copied = again()

    assert copied.thing.others == [copied.thing, copied.thing]
    assert copied.thing is not part.thing


def test_what_a_part_says_is_no_state_is_neither_taken_nor_put_back(part: Part) -> None:
    taken = snapshots.take({"part": part})
    part.of_the_request = 2

    assert snapshots.take({"part": part}) == taken
    snapshots.restore(taken, lambda _: part)
    assert part.of_the_request == 2


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Colour.RED, id="enum"),
        pytest.param(datetime(2026, 1, 1, tzinfo=timezone.utc), id="time"),
        pytest.param(Value(["a"]), id="frozen value"),
        pytest.param(Thing, id="class"),
        pytest.param(snapshots.take, id="function of a module"),
        pytest.param(threading.Lock(), id="lock"),
    ],
)
def test_what_never_changes_is_shared(part: Part, again: Callable[[], Part], value: object) -> None:
    part.thing.owner = value

    assert again().thing.owner is value


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda thing: thing.tags.update(a="b"), id="added"),
        pytest.param(lambda thing: setattr(thing, "name", "two"), id="another text"),
        pytest.param(lambda thing: setattr(thing, "owner", None), id="a part let go"),
        pytest.param(lambda thing: setattr(thing, "owner", Colour.RED), id="another value"),
        pytest.param(
            lambda thing: setattr(thing, "created_at", datetime.now(timezone.utc)), id="time"
        ),
        pytest.param(lambda thing: thing.others.append(1), id="list"),
    ],
)
def test_a_change_is_seen(part: Part, change: Callable[[Thing], Any]) -> None:
    before = snapshots.take({"part": part})

    change(part.thing)

    assert snapshots.take({"part": part}) != before


def test_equal_texts_and_times_in_place_of_the_same_ones_are_no_change(part: Part) -> None:
    part.thing.tags = {"key": "a text"}
    before = snapshots.take({"part": part})

    part.thing.tags = {"".join("key"): " ".join(["a", "text"])}
    part.thing.created_at = datetime(2026, 1, 1, tzinfo=timezone.utc)

    assert snapshots.take({"part": part}) == before


def test_a_snapshot_of_what_was_put_back_is_equal(part: Part, again: Callable[[], Part]) -> None:
    part.thing.tags["owner"] = "a"
    part.thing.others = [SortedDict(b=1, a=2), MappingProxyType({"a": [1]})]

    assert snapshots.take({"part": again()}) == snapshots.take({"part": part})


def test_a_function_that_remembers_a_thing_remembers_its_copy(
    part: Part, again: Callable[[], Part]
) -> None:
    thing = part.thing
    part.thing.others = [lambda more=thing.tags: (thing, more)]

    copied = again()
    found, tags = copied.thing.others[0]()

    assert found is copied.thing
    assert tags is copied.thing.tags


def test_collections_find_the_copies(part: Part, again: Callable[[], Part]) -> None:
    collection: Collection[Thing] = Collection()
    collection.add(part.thing)
    part.thing.owner = collection

    copied = again()

    assert copied.thing.owner.get("one") is copied.thing
    assert list(copied.thing.owner) == [copied.thing]


def test_orders_are_made_anew_from_the_copies(part: Part, again: Callable[[], Part]) -> None:
    orders: Orders[Thing] = Orders()
    part.thing.owner = orders
    before = snapshots.take({"part": part})

    orders.order("all", lambda: [part.thing], lambda thing: ("all", (thing.name,)))
    assert snapshots.take({"part": part}) == before
    copied = again().thing
    order = copied.owner.order("all", lambda: [copied], lambda thing: ("all", (thing.name,)))

    assert [item for _, item in order.walk(["all"])] == [copied]


def test_what_can_not_be_copied_is_refused_by_name(part: Part) -> None:
    part.thing.owner = (number for number in range(3))

    with pytest.raises(CannotSnapshotError, match="generator"):
        snapshots.take({"part": part})
