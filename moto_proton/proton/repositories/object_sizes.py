"""How large an object of a git repository is, without reading it; and what is a file at all.

dulwich reads an object as a whole before it says how large it is, and opens whatever stands where a
file should. Source: git's documentation, "gitformat-pack" (headers of entries and of deltas).
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

_TYPE_OF_OFFSET_DELTA: Final = 6
_TYPE_OF_REFERENCE_DELTA: Final = 7
_LONGEST_CHAIN: Final = 10_000
# Bytes of a file in which any header is complete.
_HEAD: Final = 4096


class _Entry(NamedTuple):
    """An entry of a pack: its size, and what it is a change of, by place or by id."""

    size: int
    base_offset: int | None = None
    base_id: bytes | None = None


def size_to_read(store: Any, sha: bytes) -> int:
    """How many bytes have to be held at once for an object: the largest that it is made from.

    ``store`` is dulwich's object store of a repository on disk, ``sha`` the id in hexadecimal.
    Raises KeyError for an object that is not there, ValueError or OSError for what is damaged.
    """
    loose = os.path.join(_text(store.path), _text(sha[:2]), _text(sha[2:]))
    if os.path.lexists(loose):
        return _loose_size(loose)
    for pack in store.packs:
        try:
            offset = pack.index.object_offset(bytes.fromhex(_text(sha)))
        except KeyError:
            continue
        return _packed_size(store, f"{_text(pack._basename)}.pack", offset)
    for other in store.alternates:
        try:
            return size_to_read(other, sha)
        except KeyError:
            continue
    raise KeyError(sha)


def irregular(paths: Iterable[str]) -> str | None:
    """The first of these that is there and neither a file nor a directory: a pipe, a device."""
    for path in paths:
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):  # ValueError: a name that no file can have
            continue
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return path
    return None


def _text(value: str | bytes) -> str:
    return os.fsdecode(value)


def _head_of(path: str, offset: int = 0) -> bytes:
    if irregular([path]) is not None:
        raise ValueError(f"{path} is no file")
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(_HEAD)


def _loose_size(path: str) -> int:
    header, _, _ = zlib.decompressobj().decompress(_head_of(path), 64).partition(b"\0")
    return int(header.split(b" ")[1])


def _packed_size(store: Any, path: str, offset: int) -> int:
    largest = 0
    for _ in range(_LONGEST_CHAIN):
        entry = _entry(_head_of(path, offset), offset)
        largest = max(largest, entry.size)
        if entry.base_id is not None:
            return max(largest, size_to_read(store, entry.base_id.hex().encode()))
        if entry.base_offset is None:
            return largest
        offset = entry.base_offset
    raise ValueError("a chain of changes is too long")


def _entry(head: bytes, offset: int) -> _Entry:
    kind, size, place = (head[0] >> 4) & 7, head[0] & 15, 1
    shift = 4
    while head[place - 1] & 0x80:
        size |= (head[place] & 0x7F) << shift
        shift += 7
        place += 1
    if kind == _TYPE_OF_OFFSET_DELTA:
        back = head[place] & 0x7F
        while head[place] & 0x80:
            place += 1
            back = ((back + 1) << 7) | (head[place] & 0x7F)
        return _Entry(max(size, _result(head[place + 1 :])), base_offset=offset - back)
    if kind == _TYPE_OF_REFERENCE_DELTA:
        base = head[place : place + 20]
        return _Entry(max(size, _result(head[place + 20 :])), base_id=base)
    return _Entry(size)


def _result(compressed: bytes) -> int:
    """How large the result of a change is: the second of the two numbers that it begins with."""
    delta = zlib.decompressobj().decompress(compressed, 32)
    place = number = 0
    for _ in range(2):
        number = shift = 0
        while True:
            number |= (delta[place] & 0x7F) << shift
            shift += 7
            place += 1
            if not delta[place - 1] & 0x80:
                break
    return number
