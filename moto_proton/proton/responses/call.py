"""A call, as its handler sees it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from moto_proton.api import DEFAULT_PAGE_SIZE, InvalidToken, decode_token, encode_token
from moto_proton.proton.account.listing import Page, PageKey, PageRequest
from moto_proton.proton.account.requests import Request
from moto_proton.proton.exceptions import ValidationError
from moto_proton.proton.store import ProtonStore

KeyForm: TypeAlias = tuple[type, ...]
"""The types of the parts of a list's page keys."""
NEWEST_FIRST: Final[KeyForm] = (int, str)
"""The key types of ``listing.newest_first``, the order of most lists."""

Result: TypeAlias = Mapping[str, Any]
"""The result of a handler: the members of the output shape by their names in snake case."""


class Shown(Protocol):
    """A resource that counts how often it is shown."""

    def shown(self) -> None:
        """Count a call that shows it."""


ShownT = TypeVar("ShownT", bound=Shown)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Call:
    """A checked request, the account and region that it goes to, and the account that makes it."""

    operation: str
    request: Request
    store: ProtonStore
    caller: str

    def show(self, find: Callable[[], ShownT]) -> ShownT:
        """Find a resource, count that it is shown, and find it again if this ended a status.

        It may not exist the second time, if its deletion has ended with this call.
        """
        item = find()
        return find() if self.store.show(item) else item

    def show_page(
        self,
        member: str,
        page_of: Callable[[PageRequest], Page[ShownT]],
        form: KeyForm = NEWEST_FIRST,
    ) -> Result:
        """Like :meth:`page`, and count each item on the page as shown."""
        request = self._page_request(form)
        page = page_of(request)
        if self.store.show(*page.items):
            counted = set(map(id, page.items))
            page = page_of(request)
            for item in page.items:
                # Replaces what was deleted with this call; the statuses that its own count ends
                # show in the next call.
                if id(item) not in counted:
                    item.shown()
        return self._page_result(member, page)

    def page(
        self,
        member: str,
        page_of: Callable[[PageRequest], Page[Item]],
        form: KeyForm = NEWEST_FIRST,
    ) -> Result:
        """A page of a list under the name of its member, and the token of the next.

        ``form`` are the types of its keys: a valid token may have been made from a key of another
        form.
        """
        return self._page_result(member, page_of(self._page_request(form)))

    def _page_request(self, form: KeyForm) -> PageRequest:
        after: PageKey | None = None
        if "next_token" in self.request:
            try:
                after = decode_token(self._token_scope(), self.request["next_token"])  # type: ignore[assignment]
            except InvalidToken as error:
                raise ValidationError(str(error)) from error
            if tuple(map(type, after or ())) != form:
                raise ValidationError("not a page token of this list")
        return PageRequest(after, self.request.get("max_results", DEFAULT_PAGE_SIZE))

    def _page_result(self, member: str, page: Page[Any]) -> Result:
        token = None if page.last is None else encode_token(self._token_scope(), page.last)
        return {member: page.items, "next_token": token}

    def _token_scope(self) -> str:
        """The list that a token belongs to: with other filters it is refused (Rule 6.0.4-4)."""
        filters = {
            name: value
            for name, value in self.request.items()
            if name not in ("next_token", "max_results")
        }
        return f"{self.store.scope.arn(self.operation)} {json.dumps(filters, sort_keys=True)}"


Handler: TypeAlias = Callable[[Call], Result]
"""Handles the calls of one operation."""


def member_or_nothing(member: str, value: object | None) -> Result:
    """A result with one member, or an empty one if a repeated delete found nothing."""
    return {} if value is None else {member: value}
