"""Who waits for whom: a request holds the lock of its account and region while it is handled.

So all changes of a request become visible at once, and what takes long in one account and region,
such as a rendering, does not hold up the others. What looks at all of them holds all locks.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from moto_proton.forking import ForkSafeLock
from moto_proton.proton.account.scope import Scope

_LOCKS: Final = 127
"""So few that all can be held at once, so many that two places hardly ever share one."""


class RequestLocks:
    """The locks of all accounts and regions: always the same ones, so that nothing grows."""

    def __init__(self) -> None:
        self._locks = tuple(ForkSafeLock() for _ in range(_LOCKS))

    def of(self, scope: Scope) -> ForkSafeLock:
        """The lock of an account and region."""
        place = f"{scope.account_id}/{scope.region}"
        return self._locks[zlib.crc32(place.encode()) % _LOCKS]

    @contextmanager
    def all(self) -> Iterator[None]:
        """Hold all locks."""
        with ExitStack() as held:
            for lock in self._locks:
                held.enter_context(lock)
            yield


request_locks: Final = RequestLocks()
