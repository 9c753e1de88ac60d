"""How work and answers travel between a process and its child: as pickles, on pipes.

An answer was computed from an untrusted text, so reading it may call only classes of this package
and a few of Python's own.
"""

from __future__ import annotations

import io
import pickle
from types import MappingProxyType
from typing import IO, Any, Final

_SAFE_BUILTINS: Final = frozenset(
    {
        ("builtins", "ArithmeticError"),
        ("builtins", "KeyError"),
        ("builtins", "LookupError"),
        ("builtins", "OverflowError"),
        ("builtins", "RecursionError"),
        ("builtins", "RuntimeError"),
        ("builtins", "TypeError"),
        ("builtins", "ValueError"),
        ("builtins", "ZeroDivisionError"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("collections", "OrderedDict"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
    }
)


def _mapping(value: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(value)


def _error(kind: type[Exception], args: tuple[Any, ...], state: dict[str, Any]) -> Exception:
    """Rebuild an exception without a call of its constructor."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, MappingProxyType):
            return _mapping, (dict(value),)
        if isinstance(value, Exception):
            return _error, (type(value), value.args, value.__dict__)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _SAFE_BUILTINS:
            return super().find_class(module, name)
        if module == __name__ and name in ("_mapping", "_error"):
            return globals()[name]
        if module.startswith("moto_proton."):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in an answer")


def packed(value: Any) -> bytes:
    """A value as bytes; raises what :mod:`pickle` does for a value it can't pickle."""
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def unpacked(data: bytes) -> Any:
    """The value of an answer."""
    return _Unpickler(io.BytesIO(data)).load()


def send(stream: IO[bytes], data: bytes) -> None:
    """Write the length of the bytes, then the bytes."""
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read what :func:`send` wrote; raises EOFError if the other side is gone."""
    head = stream.read(8)
    data = stream.read(int.from_bytes(head, "big")) if len(head) == 8 else b""
    if len(head) < 8 or len(data) < int.from_bytes(head, "big"):
        raise EOFError
    return data
