"""Which resource uses which: one index that answers "is it in use?" and announces deletions.

Used and using resources are identified by the resource part of their ARN (``environment/dev``,
``service-template/web:1.0``, ``repository/github:shop/web``). A sync configuration has no ARN and
is identified by its name in messages. Resources report what they use whenever that changes, so that
no search is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


class References:
    """The references of an account and region.

    Rule 7.5-10.
    """

    def __init__(self) -> None:
        self._users: dict[str, dict[str, set[str]]] = {}
        self._uses: dict[str, frozenset[str]] = {}
        self._listeners: dict[str, list[Callable[[str], object]]] = {}

    def note(self, user: str, things: Iterable[str]) -> None:
        """Record what ``user`` uses now, replacing what it used before; nothing if it was
        deleted.
        """
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
        """The users of a resource."""
        return set(self._users.get(_kind(thing), {}).get(thing, ()))

    def used(self, kind: str) -> Iterator[str]:
        """The resources of a kind that are in use: ``service-template:`` for versions of service
        templates.
        """
        return iter(self._users.get(kind, {}))

    def when_gone(self, kind: str, tell: Callable[[str], object]) -> None:
        """Call ``tell`` with the name of each resource of a kind that is deleted."""
        self._listeners.setdefault(kind, []).append(tell)

    def gone(self, thing: str) -> None:
        """Handle the deletion of a resource: it uses nothing any more, and the functions from
        :meth:`when_gone` are called.
        """
        self.note(thing, ())
        kind, _, name = thing.partition("/")
        for tell in self._listeners.get(kind, ()):
            tell(name)


def _kind(thing: str) -> str:
    """The kind of a resource; the version of a template is of another kind than the template."""
    kind, _, name = thing.partition("/")
    return f"{kind}:" if ":" in name else kind
