"""Keeps the state of Proton's stores as bytes: to put it back, and to tell whether it changed.

The stores, their collections and the directory of connections stay the objects that they are, since
closures hold on to them; all that is in them is written out and read in. This room knows how the
library keeps its state, no other room of the suite does.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Sequence
from types import FunctionType, MappingProxyType
from typing import Any, Final

from moto_proton.proton import backend as backends
from moto_proton.proton.account.faults import FaultBook
from moto_proton.proton.account.listing import Orders
from moto_proton.proton.repositories.checkouts import ConnectedRepositories
from moto_proton.proton.store import ProtonStore
from moto_proton.settings import Settings

_MODELS: Final = "moto_proton.proton."
# The time of the last request and the settings that it read are no state of the account.
_OF_THE_REQUEST: Final = frozenset({"_now", "settings"})

_kept: Final[list[object]] = []
_numbers: Final[dict[int, int]] = {}


def _keep(thing: object) -> tuple[Any, tuple[int]]:
    """How to write out something that stays as it is: by a number of its own."""
    number = _numbers.get(id(thing))
    if number is None:
        number = _numbers[id(thing)] = len(_kept)
        _kept.append(thing)
    return _kept_thing, (number,)


def _kept_thing(number: int) -> object:
    return _kept[number]


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, shells: frozenset[int], *, orders: bool) -> None:
        super().__init__(file, protocol=5)
        self._shells = shells
        self._orders = orders

    def reducer_override(self, thing: Any) -> Any:
        if id(thing) in self._shells:
            return _keep(thing)
        if isinstance(thing, FunctionType):
            hidden = "<" in thing.__qualname__
            return _keep(thing) if hidden else NotImplemented
        if isinstance(thing, (FaultBook, ConnectedRepositories, Settings, MappingProxyType)):
            return _keep(thing)
        # Values that are never changed, only replaced.
        parameters = getattr(thing, "__dataclass_params__", None)
        if parameters is not None and parameters.frozen and not isinstance(thing, type):
            return _keep(thing)
        # An order of a list is made when somebody first asks for it.
        if isinstance(thing, Orders) and not self._orders:
            return str, ("orders",)
        return NotImplemented


class Freezer:
    """The state of some accounts in one region, and of what they share."""

    def __init__(self, accounts: Sequence[str], region: str) -> None:
        self._stores: list[ProtonStore] = [
            backends.proton_backends[account][region].store for account in accounts
        ]
        shells: list[Any] = [*self._stores, backends._connections]
        for store in self._stores:
            shells += [
                part
                for part in vars(store).values()
                if type(part).__module__.startswith(_MODELS) and hasattr(part, "__dict__")
            ]
        self._shells = shells
        self._ids = frozenset(map(id, shells))

    def state(self) -> bytes:
        """The state, for :meth:`restore`."""
        return self._written([vars(shell) for shell in self._shells], orders=True)

    def restore(self, state: bytes) -> None:
        """Put a state back, as often as wanted."""
        for shell, content in zip(self._shells, pickle.loads(state), strict=True):
            vars(shell).clear()
            vars(shell).update(content)

    def digest(self) -> bytes:
        """What is equal as long as nothing was changed, down to what no caller can see."""
        contents = [
            {name: part for name, part in vars(shell).items() if name not in _OF_THE_REQUEST}
            for shell in self._shells
        ]
        return hashlib.blake2b(self._written(contents, orders=False)).digest()

    def _written(self, contents: list[dict[str, Any]], *, orders: bool) -> bytes:
        file = io.BytesIO()
        _Pickler(file, self._ids, orders=orders).dump(contents)
        return file.getvalue()
