"""A named collection of resources that lists newest first and hands out pages.

The order of every list without a documented one: by creation, newest first, then by name
(recorded list responses; that it holds for all lists is inferred).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

from sortedcontainers import SortedDict

PageKey: TypeAlias = tuple[str | int, ...]


class Named(Protocol):
    """What a collection asks of its members."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def created_at(self) -> datetime:
        """When it came to be; decides its place in lists."""


Item = TypeVar("Item")
Member = TypeVar("Member", bound=Named)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is asked for: what comes ``after`` a key, ``limit`` items at most."""

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


def page_of(
    items: Iterator[tuple[PageKey, Item]], limit: int, keep: Callable[[Item], bool] | None = None
) -> Page[Item]:
    """The first ``limit`` items worth keeping; reads one further, to know if more come."""
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
    """

    def __init__(self, key: Callable[[Member], str] = lambda member: member.name) -> None:
        self._key = key
        self._by_name: SortedDict[str, Member] = SortedDict()
        self._by_age: SortedDict[tuple[int, str], Member] = SortedDict()

    def __len__(self) -> int:
        return len(self._by_name)

    def __iter__(self) -> Iterator[Member]:
        return iter(self._by_age.values())

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Member | None:
        """The member of that name (or key), or None."""
        found: Member | None = self._by_name.get(name)
        return found

    def add(self, member: Member) -> None:
        """Put in a member whose name is not in use."""
        self._by_name[self._key(member)] = member
        self._by_age[self._age(member)] = member

    def discard(self, member: Member) -> None:
        """Take a member out; nothing happens when it is not in."""
        if self._by_name.pop(self._key(member), None) is not None:
            del self._by_age[self._age(member)]

    def by_name(self, start: str | None, *, descending: bool) -> Iterator[Member]:
        """The members in the order of their names, from ``start`` on if it is given."""
        bounds = {"maximum" if descending else "minimum": start}
        return (self._by_name[name] for name in self._by_name.irange(**bounds, reverse=descending))

    def page(
        self, request: PageRequest, keep: Callable[[Member], bool] | None = None
    ) -> Page[Member]:
        """A page of the members that ``keep`` accepts (all, when it is None)."""
        start = tuple(request.after) if request.after is not None else None
        keys = self._by_age.irange(minimum=start, inclusive=(False, True))
        return page_of(((key, self._by_age[key]) for key in keys), request.limit, keep)

    def _age(self, member: Member) -> tuple[int, str]:
        return (-microseconds(member.created_at), self._key(member))
