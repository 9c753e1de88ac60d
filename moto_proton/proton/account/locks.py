"""Who waits for whom: a request holds the lock of its account and region while it is handled.

So all changes of a request become visible at once, and what takes long in one account and region,
such as a rendering, does not hold up the others. What looks at all of them holds all locks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from moto_proton.forking import ForkSafeLock
from moto_proton.proton.account.scope import Scope


class RequestLocks:
    """The locks by account and region. They outlive what is reset."""

    def __init__(self) -> None:
        self._locks: dict[tuple[str, str], ForkSafeLock] = {}

    def of(self, scope: Scope) -> ForkSafeLock:
        """The lock of an account and region."""
        # Texts as keys, as setdefault is one step then, whatever other threads do.
        return self._locks.setdefault((scope.account_id, scope.region), ForkSafeLock())

    @contextmanager
    def all(self) -> Iterator[None]:
        """Hold the locks of all that there was a request to."""
        with ExitStack() as held:
            for place in sorted(self._locks):
                held.enter_context(self._locks[place])
            yield


request_locks: Final = RequestLocks()
