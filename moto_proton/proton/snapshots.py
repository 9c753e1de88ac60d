"""Takes, compares and restores the state of some objects.

A snapshot is a copy in memory. It is made with pickle, which takes a fraction of the time of
``copy.deepcopy``. This module knows no resource: all that can be reached from the parts is state,
except for

- the attributes that a part lists in ``NOT_STATE``: those of a single request or of other systems;
- cached results, which are computed again when they are next needed (``WorkedOut``);
- values that never change (enums, times, bundles, specs), which all copies share.
"""

from __future__ import annotations

import io
import pickle
import sys
import threading
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any, Final, TypeAlias, TypeVar

from moto_proton.forking import ForkSafeLock
from moto_proton.proton.exceptions import ProtonError

Parts: TypeAlias = Mapping[Hashable, Any]
"""Objects that hold state, each under a key by which it is found again when restoring."""
Reducer: TypeAlias = Callable[[Any], tuple[Any, ...]]

_RESOURCES: Final = f"{__name__.rpartition('.')[0]}."
"""Packages whose objects are copied even if they are frozen, as they can refer to objects that are
not."""
_PLAIN: Final = frozenset({bool, bytes, dict, float, frozenset, int, list, set, tuple, type(None)})
_VALUES: Final = (
    Enum,
    ProtonError,
    datetime,
    timedelta,
    timezone,
    type,
    types.BuiltinFunctionType,
    types.CodeType,
    ForkSafeLock,
    type(threading.Lock()),
    type(threading.RLock()),
)


Key = TypeVar("Key")
Value = TypeVar("Value")


class WorkedOut(dict[Key, Value]):
    """A cache of results that can be computed again from the state: empty in every copy."""

    def __reduce__(self) -> tuple[type[WorkedOut[Key, Value]], tuple[()]]:
        return type(self), ()


class CannotSnapshotError(Exception):
    """Something can't be copied, or can't be restored."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Stands for a part, which may be another object when the state is restored."""

    key: Hashable


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of the parts with these keys. Two are equal if nothing changed in between."""

    keys: tuple[Hashable, ...]
    _pickled: bytes
    _shared: tuple[Any, ...]

    def __hash__(self) -> int:
        return hash(self._pickled)


def take(
    parts: Parts, around: Parts | None = None, reducers: Mapping[type, Reducer] | None = None
) -> Snapshot:
    """Copy the state of these parts, which may refer to those ``around``; changes nothing.

    ``reducers`` say by class how to copy its objects, in the terms of ``object.__reduce__``. Raises
    :class:`CannotSnapshotError` when the parts hold something that can't be copied.
    """
    file = io.BytesIO()
    pickler = _Pickler(file, {**parts, **(around or {})}, reducers or {})
    try:
        pickler.dump([_state_of(part) for part in parts.values()])
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        raise CannotSnapshotError(f"no copy can be made of what is held: {error}") from error
    return Snapshot(tuple(parts), file.getvalue(), tuple(pickler.shared))


def restore(snapshot: Snapshot, find: Callable[[Hashable], Any]) -> None:
    """Restore the state of the parts, which ``find`` looks up by the keys of the snapshot.

    Each part refers to copies from then on: callers must not keep objects that it held before.
    """
    shared = [find(value.key) if isinstance(value, _Part) else value for value in snapshot._shared]
    states = _Unpickler(io.BytesIO(snapshot._pickled), shared).load()
    for key, state in zip(snapshot.keys, states, strict=True):
        vars(find(key)).update(state)


def _state_of(part: Any) -> dict[str, Any]:
    left_out = getattr(part, "NOT_STATE", ())
    return {name: value for name, value in vars(part).items() if name not in left_out}


class _Unpickler(pickle.Unpickler):
    """Looks up the shared objects by their index in ``shared``."""

    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, pid: Any) -> Any:
        return self._shared[pid]


class _Pickler(pickle.Pickler):
    """Copies what can change; what can't is replaced by its index in ``shared``."""

    def __init__(self, file: io.BytesIO, parts: Parts, reducers: Mapping[type, Reducer]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._reducers = reducers
        self.shared: list[Any] = [_Part(key) for key in parts]
        self._places: dict[int | str, int] = {
            id(part): place for place, part in enumerate(parts.values())
        }

    def persistent_id(self, obj: Any) -> int | None:
        """The index in ``shared`` of an object that is not copied; None for one that is."""
        # pickle calls this for every object, so it takes most of the time. Equal texts may share an
        # index, as nobody can see whether they are the same object.
        kind = type(obj)
        if kind is str:
            key: int | str = obj
        elif kind in _PLAIN:
            return None
        else:
            key = id(obj)
        place = self._places.get(key)
        if place is None and (kind is str or _is_shared(obj)):
            place = self._places[key] = len(self.shared)
            self.shared.append(obj)
        return place

    def reducer_override(self, obj: Any) -> Any:
        """How to copy objects that pickle can't copy, or would copy differently."""
        reducer = self._reducers.get(type(obj))
        if reducer is not None:
            return reducer(obj)
        if isinstance(obj, types.FunctionType):
            return _copied_function(obj)
        if isinstance(obj, types.MappingProxyType):
            return _read_only, (obj.copy(),)
        return NotImplemented


_shared_classes: Final[dict[type, bool]] = {}


def _is_shared(obj: Any) -> bool:
    kind = type(obj)
    if kind is types.FunctionType:
        # A nested function may have captured variables, such as the resource that it looks for.
        return "<locals>" not in obj.__qualname__
    shared = _shared_classes.get(kind)
    if shared is None:
        parameters = getattr(kind, "__dataclass_params__", None)
        frozen = parameters is not None and parameters.frozen
        shared = isinstance(obj, _VALUES) or (frozen and not kind.__module__.startswith(_RESOURCES))
        _shared_classes[kind] = shared
    return shared


def _read_only(mapping: dict[Any, Any]) -> Mapping[Any, Any]:
    return types.MappingProxyType(mapping)


def _copied_function(function: types.FunctionType) -> tuple[Any, ...]:
    """The same function, with copies of the variables that it has captured."""
    closure = function.__closure__ or ()
    contents = tuple(cell.cell_contents for cell in closure)
    remembered = function.__defaults__, function.__kwdefaults__, contents
    made_of = function.__code__, function.__module__, len(closure)
    return _blank_function, made_of, remembered, None, None, _let_remember


def _blank_function(code: types.CodeType, module: str, cells: int) -> types.FunctionType:
    closure = tuple(types.CellType() for _ in range(cells))
    return types.FunctionType(code, vars(sys.modules[module]), code.co_name, None, closure)


def _let_remember(function: types.FunctionType, remembered: tuple[Any, Any, Any]) -> None:
    function.__defaults__, function.__kwdefaults__, contents = remembered
    for cell, content in zip(function.__closure__ or (), contents, strict=True):
        cell.cell_contents = content
