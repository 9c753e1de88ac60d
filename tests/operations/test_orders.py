"""Orders of items: whatever happens to the items, an order shows them as they are."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from moto_proton.proton.account.listing import EVERYTHING, Orders, PageKey, Place


@dataclass(eq=False)
class Card:
    """Something with a group and a number, that comes and goes."""

    name: str
    group: str
    number: int
    there: bool = True


def place_of(card: Card) -> Place | None:
    return (card.group, (card.number, card.name)) if card.there else None


cards = st.builds(Card, st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 3))
spans = st.tuples(*[st.none() | st.tuples(st.integers(0, 3))] * 2)


def expected(present: list[Card], groups: list[str]) -> list[PageKey]:
    return sorted((card.number, card.name) for card in present if card.group in groups)


@given(data=st.data(), start=st.lists(cards, max_size=6, unique_by=lambda card: card.name))
def test_an_order_is_what_sorting_would_give(data: st.DataObject, start: list[Card]) -> None:
    orders: Orders[Card] = Orders()
    present = list(start)
    for _ in range(data.draw(st.integers(1, 8))):
        change = data.draw(cards)
        # A namesake takes the place of what was there, as a resource made anew does.
        for gone in [card for card in present if card.name == change.name]:
            if data.draw(st.booleans()):
                gone.group, gone.number = change.group, change.number
            else:
                gone.there = False
                present.remove(gone)
            orders.changed(gone)
        if all(card.name != change.name for card in present):
            present.append(change)
            orders.changed(change)
        if data.draw(st.booleans()):
            continue
        groups = data.draw(st.lists(st.sampled_from("xyz"), max_size=2, unique=True))
        descending = data.draw(st.booleans())
        order = orders.order("number", lambda: present, place_of)

        walked = list(order.walk(groups, descending=descending))

        keys = expected(present, groups)
        assert [key for key, _ in walked] == (keys[::-1] if descending else keys)
        assert all(card in present for _, card in walked)
        assert order.count(groups) == len(keys)


@given(
    present=st.lists(cards, max_size=6, unique_by=lambda card: card.name),
    span=spans,
    after=st.none() | st.tuples(st.integers(-1, 4), st.sampled_from("abc")),
    descending=st.booleans(),
)
def test_a_stretch_of_an_order_ends_where_it_is_told(
    present: list[Card],
    span: tuple[PageKey | None, PageKey | None],
    after: PageKey | None,
    descending: bool,
) -> None:
    order = Orders[Card]().order("number", lambda: present, place_of)
    least, greatest = span
    within = [
        key
        for key in expected(present, ["x", "y"])
        if (least is None or key >= least) and (greatest is None or key <= greatest)
    ]
    if after is None:
        left = within
    else:
        left = [key for key in within if (key < after if descending else key > after)]

    walked = [key for key, _ in order.walk(["x", "y"], span, after=after, descending=descending)]

    assert walked == (left[::-1] if descending else left)
    assert order.count(["x", "y"], span) == len(within)
    assert order.count(["x", "y"], EVERYTHING) == len(present)


def test_an_order_that_nobody_asks_for_any_more_is_given_up() -> None:
    orders: Orders[Card] = Orders()
    present = [Card("a", "x", 1), Card("b", "x", 2)]
    first = orders.order("number", lambda: present, place_of)

    for _ in range(3):
        orders.changed(Card("c", "x", 3, there=False))

    assert orders.order("number", lambda: present, place_of) is not first
