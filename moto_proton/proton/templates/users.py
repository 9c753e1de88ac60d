"""Which resources run on which template version, so that no search is needed to know if one is in
use.

Environments, instances and pipelines update it whenever the version that they run on changes, and
with it the orders of their lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from moto_proton.proton.account.listing import Orders
from moto_proton.proton.templates.numbers import Version


class TemplateUsers:
    """The users of the templates of one kind, by template name and version.

    ``orders`` are those of their list operation.

    Rule 7.5-10.
    """

    def __init__(self) -> None:
        self.orders: Orders[Any] = Orders()
        self._users: dict[tuple[str, Version], set[str]] = {}
        self._used: dict[str, frozenset[tuple[str, Version]]] = {}

    def of(self, template_name: str, version: Version) -> set[str]:
        """The resource parts of the resources that run on a version or are being deployed on it."""
        return set(self._users.get((template_name, version), ()))

    def versions(self) -> Iterator[tuple[str, Version]]:
        """The template name and number of each version that is used."""
        return iter(self._users)

    def note(self, resource: str, template_name: str, versions: Iterable[Version]) -> None:
        """Record which versions a resource uses now; none if it is gone."""
        before = self._used.get(resource, frozenset())
        now = frozenset((template_name, version) for version in versions)
        if now == before:
            return
        for key in before - now:
            self._users[key].discard(resource)
            if not self._users[key]:
                del self._users[key]
        for key in now - before:
            self._users.setdefault(key, set()).add(resource)
        if now:
            self._used[resource] = now
        else:
            self._used.pop(resource, None)
