"""Who uses what: one index that answers "is it in use?" and passes on "it is gone".

Things and users are known by the resource part of their ARN (``environment/dev``,
``service-template/web:1.0``, ``repository/github:shop/web``). What has no ARN, a sync
configuration, is named as a refusal would name it. Users say themselves what they use, each time
that changes, so that nothing has to be searched for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


class References:
    """The references of an account and region."""

    def __init__(self) -> None:
        self._users: dict[str, dict[str, set[str]]] = {}
        self._uses: dict[str, frozenset[str]] = {}
        self._listeners: dict[str, list[Callable[[str], object]]] = {}

    def note(self, user: str, things: Iterable[str]) -> None:
        """Remember what ``user`` uses now, in place of before; nothing, if it ended."""
        before, now = self._uses.get(user, frozenset()), frozenset(things)
        if now == before:
            return
        for thing in before - now:
            users = self._users[_kind(thing)]
            users[thing].discard(user)
            if not users[thing]:
                del users[thing]
        for thing in now - before:
            self._users.setdefault(_kind(thing), {}).setdefault(thing, set()).add(user)
        if now:
            self._uses[user] = now
        else:
            del self._uses[user]

    def users_of(self, thing: str) -> set[str]:
        """Who uses a thing."""
        return set(self._users.get(_kind(thing), {}).get(thing, ()))

    def used(self, kind: str) -> Iterator[str]:
        """The things of a kind that anybody uses: ``service-template:`` for versions of those."""
        return iter(self._users.get(kind, {}))

    def when_gone(self, kind: str, tell: Callable[[str], object]) -> None:
        """Have ``tell`` called with the name of each thing of a kind that is gone."""
        self._listeners.setdefault(kind, []).append(tell)

    def gone(self, thing: str) -> None:
        """A thing is no more: it uses nothing, and whoever keeps something for it is told."""
        self.note(thing, ())
        kind, _, name = thing.partition("/")
        for tell in self._listeners.get(kind, ()):
            tell(name)


def _kind(thing: str) -> str:
    """The kind of a thing; what has a number is of another kind than what it is a version of."""
    kind, _, name = thing.partition("/")
    return f"{kind}:" if ":" in name else kind
