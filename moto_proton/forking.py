"""Locks that a forked process does not inherit locked. Internal.

A fork has a copy of every lock but only one of the threads: what another thread holds at that
moment nobody would ever release there. So a fork gets its locks anew.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Final
from weakref import WeakSet


class ForkSafeLock:
    """A reentrant lock to be used with ``with``; in a forked process it is free."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        # A fork that was made within the block leaves it with another lock than it came with.
        with suppress(RuntimeError):
            self._lock.release()

    def renew(self) -> None:
        """Be free, whoever held it."""
        self._lock = threading.RLock()


_locks: Final[WeakSet[ForkSafeLock]] = WeakSet()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
