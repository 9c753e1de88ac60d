"""Collections of named resources that are listed in pages, newest first or in another order.

The order of every list without a documented one: by creation, newest first, then by name. Every
filter and every sort order of a list has an :class:`Order`, so that the cost of a page depends only
on its size.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from sortedcontainers import SortedDict

from moto_proton.proton.snapshots import WorkedOut

PageKey: TypeAlias = tuple[str | int, ...]
Span: TypeAlias = tuple[PageKey | None, PageKey | None]
"""The least and the greatest key of a part of a list, both included; None where it is open."""
EVERYTHING: Final[Span] = (None, None)


class Named(Protocol):
    """What a collection needs of its members."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def created_at(self) -> datetime:
        """When it was created; decides its place in lists."""


Item = TypeVar("Item")
Member = TypeVar("Member", bound=Named)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The requested part of a list: at most ``limit`` items that come ``after`` a key."""

    after: PageKey | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a list; ``last`` is the key of its last item, or None where the list ends."""

    items: list[Item]
    last: PageKey | None = None


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since the epoch: exact, sortable and fit for a page key."""
    return round(moment.timestamp() * 1_000_000)


def newest_first(created_at: datetime, name: str) -> PageKey:
    """The key of a list's usual order."""
    return (-microseconds(created_at), name)


def page_of(
    items: Iterator[tuple[PageKey, Item]], limit: int, keep: Callable[[Item], bool] | None = None
) -> Page[Item]:
    """The first ``limit`` items that ``keep`` accepts; reads one more to know whether the list goes
    on.
    """
    found: list[Item] = []
    last: PageKey | None = None
    for key, item in items:
        if keep is not None and not keep(item):
            continue
        if len(found) == limit:
            return Page(found, last)
        found.append(item)
        last = key
    return Page(found)


class Collection(Generic[Member]):
    """Resources by name, in the order of the lists: newest first, then by name.

    ``key`` answers with what is unique in the collection, where that is more than the name.

    Rule 6.0.4-8.
    """

    def __init__(self, key: Callable[[Member], str] = lambda member: member.name) -> None:
        self._key = key
        self._by_name: dict[str, Member] = {}
        self._by_age: SortedDict[PageKey, Member] = SortedDict()

    def __len__(self) -> int:
        return len(self._by_name)

    def __iter__(self) -> Iterator[Member]:
        return iter(self._by_age.values())

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Member | None:
        """The member of that name (or key), or None."""
        return self._by_name.get(name)

    def add(self, member: Member) -> None:
        """Add a member whose name is not in use."""
        self._by_name[self._key(member)] = member
        self._by_age[self._age(member)] = member

    def discard(self, member: Member) -> None:
        """Remove a member; does nothing if it is not in the collection."""
        if self._by_name.pop(self._key(member), None) is not None:
            del self._by_age[self._age(member)]

    def page(
        self, request: PageRequest, keep: Callable[[Member], bool] | None = None
    ) -> Page[Member]:
        """A page of the members that ``keep`` accepts (all, when it is None)."""
        start = tuple(request.after) if request.after is not None else None
        keys = self._by_age.irange(minimum=start, inclusive=(False, True))
        return page_of(((key, self._by_age[key]) for key in keys), request.limit, keep)

    def _age(self, member: Member) -> PageKey:
        return newest_first(member.created_at, self._key(member))


class CollectionByName(Collection[Member]):
    """A collection that can also be walked in the order of the names."""

    def __init__(self) -> None:
        super().__init__()
        self._by_name: SortedDict[str, Member] = SortedDict()

    def by_name(self, start: str | None, *, descending: bool) -> Iterator[Member]:
        """The members in the order of their names, from ``start`` on if it is given."""
        bounds = {"maximum" if descending else "minimum": start}
        return (self._by_name[name] for name in self._by_name.irange(**bounds, reverse=descending))


Place: TypeAlias = tuple[Hashable, PageKey]
"""The place of an item in an order: its group, and its unique key in the group."""


class Order(Generic[Item]):
    """Items in sorted groups, kept up to date by :class:`Orders`."""

    def __init__(self, items: Iterable[Item], place_of: Callable[[Item], Place | None]) -> None:
        self._place_of = place_of
        self._places: dict[Item, Place] = {}
        self._groups: dict[Hashable, SortedDict[PageKey, Item]] = {}
        self.changed: set[Item] = set()
        sorted_at_once: dict[Hashable, dict[PageKey, Item]] = {}
        for item in items:
            place = place_of(item)
            if place is not None:
                self._places[item] = place
                sorted_at_once.setdefault(place[0], {})[place[1]] = item
        for group, members in sorted_at_once.items():
            self._groups[group] = SortedDict(members)

    def __len__(self) -> int:
        return len(self._places)

    def take_in_changes(self) -> None:
        """Move the items that have changed to their new places."""
        for item in self.changed:
            before, now = self._places.get(item), self._place_of(item)
            if before == now:
                continue
            if before is not None:
                self._take_out(item, before)
            if now is not None:
                self._places[item] = now
                self._groups.setdefault(now[0], SortedDict())[now[1]] = item
        self.changed.clear()

    def _take_out(self, item: Item, place: Place) -> None:
        del self._places[item]
        group, key = place
        members = self._groups.get(group)
        # A later item of the same name may already be in its place.
        if members is not None and members.get(key) is item:
            del members[key]
            if not members:
                del self._groups[group]

    def count(self, groups: Sequence[Hashable], span: Span = EVERYTHING) -> int:
        """How many items of these groups are within ``span``; reads none of them."""
        total = 0
        for group in groups:
            members = self._groups.get(group)
            if members is not None:
                least, greatest = span
                start = members.bisect_left(least) if least is not None else 0
                end = members.bisect_right(greatest) if greatest is not None else len(members)
                total += max(end - start, 0)
        return total

    def walk(
        self,
        groups: Sequence[Hashable],
        span: Span = EVERYTHING,
        *,
        after: PageKey | None = None,
        descending: bool = False,
    ) -> Iterator[tuple[PageKey, Item]]:
        """The items of these groups that are within ``span`` and come after a key, by their keys.

        Reads no item ahead of the one that it is asked for, or one of each group.
        """
        walks: list[Iterator[tuple[PageKey, Item]]] = [
            _walk(self._groups[group], span, after, descending)
            for group in groups
            if group in self._groups
        ]
        if len(walks) == 1:
            return walks[0]
        return heapq.merge(*walks, key=lambda pair: pair[0], reverse=descending)


def _walk(
    members: SortedDict[PageKey, Item], span: Span, after: PageKey | None, descending: bool
) -> Iterator[tuple[PageKey, Item]]:
    least, greatest = span
    includes = (True, True)
    if after is not None and descending and (greatest is None or after <= greatest):
        greatest, includes = after, (True, False)
    elif after is not None and not descending and (least is None or after >= least):
        least, includes = after, (False, True)
    for key in members.irange(least, greatest, includes, reverse=descending):
        yield key, members[key]


class Orders(Generic[Item]):
    """Items in all the orders in which they have been listed.

    An order is made at its first use. Code that changes an item calls :meth:`changed`, and an order
    is updated at its next use, so that orders that nobody lists cost next to nothing.
    """

    def __init__(self) -> None:
        self._orders: WorkedOut[Hashable, Order[Item]] = WorkedOut()

    def changed(self, item: Item) -> None:
        """Note that an item was added or removed, or that its place may have changed."""
        for name, order in list(self._orders.items()):
            order.changed.add(item)
            # Updating it would cost as much as making it anew, and would keep deleted items in
            # memory.
            if len(order.changed) > len(order):
                del self._orders[name]

    def order(
        self,
        name: Hashable,
        items: Callable[[], Iterable[Item]],
        place_of: Callable[[Item], Place | None],
    ) -> Order[Item]:
        """The order of that name.

        ``place_of`` returns None for an item that is gone. Each name must always come with the same
        ``place_of``, which may depend on nothing but the item itself.
        """
        order = self._orders.get(name)
        if order is None:
            order = self._orders[name] = Order(items(), place_of)
        order.take_in_changes()
        return order
