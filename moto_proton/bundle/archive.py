"""A bundle as a gzipped tar, read from hostile bytes and written from a directory.

:mod:`~moto_proton.bundle.reading` interprets the files. Nothing is ever written to disk. Rules:
sections 8.1 and 8.4 of docs/behaviour.md. Limits that are not in these sections are choices, and so
is what is refused in an archive.
"""

from __future__ import annotations

import os
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from moto_proton.bundle.errors import BundleError

# Rules 8.4-1 and 8.4-6.
MAX_BUNDLE_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 32 * 1024 * 1024
MAX_MEMBERS: Final = 10_000
# Programs that compress in parallel write gzip members of about 64 KB.
MAX_GZIP_MEMBERS: Final = 600
MAX_NAME_BYTES: Final = 4096
MAX_LEVELS: Final = 64
# The size of one extended header. Those from tar programs have a few hundred bytes.
MAX_HEADER_BYTES: Final = 64 * 1024

SCHEMA_FILE: Final = "schema/schema.yaml"

_BLOCK: Final = tarfile.BLOCKSIZE
_END: Final = bytes(_BLOCK)
_GZIP_WINDOW: Final = zlib.MAX_WBITS | 16
_GZIP: Final = b"\x1f\x8b"
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f]")
_DRIVE = re.compile("[A-Za-z]:")
_PAX_RECORD = re.compile(rb"(?P<length>[1-9][0-9]{0,5}) (?P<key>[^=]+)=")
_REFUSED_TYPES: Final[Mapping[bytes, str]] = {
    tarfile.LNKTYPE: "a hard link",
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a named pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}


def pack(directory: str | os.PathLike[str]) -> bytes:
    """A directory as a bundle: the same bytes for the same files, whenever and wherever packed.

    Anything but files and directories is left out, and so are macOS's metadata files; links to
    directories are not followed. Raises NotADirectoryError.
    """
    root = Path(directory)
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is not a directory")
    files: dict[str, bytes] = {}
    for place, _, names in os.walk(root):
        for name in names:
            path = Path(place, name)
            inside = path.relative_to(root).as_posix()
            if path.is_file() and not _is_litter(inside):
                files[inside] = path.read_bytes()
    return pack_files(files)


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Files as a bundle, given by their path below the bundle's root; :func:`pack` packs a
    directory.
    """
    blocks: list[bytes] = []
    for name in sorted(files):
        member = tarfile.TarInfo(name)
        member.size = len(files[name])
        member.mode = 0o644
        blocks += (
            member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"),
            files[name],
            bytes(-member.size % _BLOCK),
        )
    blocks.append(_END * 2)
    # Not gzip.compress: its header differs between releases of Python.
    compressor = zlib.compressobj(9, zlib.DEFLATED, _GZIP_WINDOW)
    return compressor.compress(b"".join(blocks)) + compressor.flush()


def read_archive(data: bytes) -> Mapping[str, bytes]:
    """The files below the bundle's root, by their path from there.

    The root is where the shallowest ``schema/schema.yaml`` is; files outside of it are ignored.
    Raises BundleError.

    Rules 8.1-1 and 8.1-7.
    """
    files: dict[str, bytes] = {}
    for name, content in _members(_decompressed(data)):
        if name in files:
            raise BundleError("the archive holds this name twice", file=name)
        files[name] = content
    # Sorted with the slash as the lowest character, what is below a name comes right after it.
    in_order = sorted(files, key=lambda name: name.replace("/", "\0"))
    for name, following in pairwise(in_order):
        if following.startswith(f"{name}/"):
            raise BundleError("the archive holds this name as file and directory", file=name)
    root = _root(files)
    return MappingProxyType(
        {
            name.removeprefix(root): content
            for name, content in files.items()
            if name.startswith(root)
        }
    )


def _decompressed(data: bytes) -> bytes:
    if len(data) > MAX_BUNDLE_BYTES:
        raise BundleError(
            f"The bundle has {len(data):,} bytes, more than the {MAX_BUNDLE_BYTES:,} (5 MB) allowed"
        )
    unpacked: list[bytes] = []
    left = MAX_UNPACKED_BYTES
    for _ in range(MAX_GZIP_MEMBERS):
        decompressor = zlib.decompressobj(_GZIP_WINDOW)
        try:
            member = decompressor.decompress(data, left + 1)
        except zlib.error as error:
            raise BundleError(f"The bundle is not a gzipped tar archive: {error}") from None
        left -= len(member)
        if left < 0:
            raise BundleError(f"The bundle unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
        if not decompressor.eof:
            raise BundleError("The bundle is not a gzipped tar archive: it ends too early")
        unpacked.append(member)
        data = decompressor.unused_data
        if not data.startswith(_GZIP):
            if data.strip(b"\0"):
                break
            return b"".join(unpacked)
    raise BundleError("The bundle is not a gzipped tar archive: more follows after its end")


def _members(tar: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file's checked path and content.

    Not read by tarfile: it takes damage after the first member for the end of the archive, and
    follows chains of extended headers without limit.
    """
    offset = 0
    long_name: bytes | None = None
    size_said: int | None = None
    for _ in range(MAX_MEMBERS):
        block = tar[offset : offset + _BLOCK]
        if block == _END:
            if tar[offset:].strip(b"\0"):
                raise BundleError("The bundle's archive goes on after its end")
            return
        member = _header(block)
        offset += _BLOCK
        is_extension = member.type in (
            tarfile.XHDTYPE,
            tarfile.SOLARIS_XHDTYPE,
            tarfile.XGLTYPE,
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
        )
        size = member.size if is_extension or size_said is None else size_said
        if not 0 <= size <= len(tar) - offset:
            raise BundleError("The bundle's archive is damaged: it ends within a member")
        content = tar[offset : offset + size]
        offset += size + -size % _BLOCK
        if is_extension:
            if size > MAX_HEADER_BYTES:
                raise BundleError(f"A header in the archive has more than {MAX_HEADER_BYTES} bytes")
            if member.type == tarfile.GNUTYPE_LONGNAME:
                long_name = content.rstrip(b"\0")
            elif member.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
                records = _pax_records(content)
                long_name = records.get(b"path", long_name)
                if b"size" in records:
                    size_said = _said_size(records[b"size"])
            continue
        name = _checked_name(member.name if long_name is None else _decoded(long_name))
        long_name = size_said = None
        if member.type == tarfile.DIRTYPE or _is_litter(name):
            continue
        if member.type not in tarfile.REGULAR_TYPES or member.type in _REFUSED_TYPES:
            what = _REFUSED_TYPES.get(member.type, "neither a file nor a directory")
            raise BundleError(f"{what} has no place in a bundle", file=name)
        if not name:
            raise BundleError("The bundle's archive holds a file without a name")
        yield name, content
    raise BundleError(f"The bundle's archive has more than {MAX_MEMBERS:,} members")


def _header(block: bytes) -> tarfile.TarInfo:
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except UnicodeDecodeError:
        raise BundleError("A file name in the bundle's archive is not UTF-8") from None
    except (tarfile.TarError, ValueError, OverflowError):
        detail = "ends too early" if len(block) < _BLOCK else "has a bad header"
        raise BundleError(f"The bundle is not a gzipped tar archive: the tar {detail}") from None


def _pax_records(content: bytes) -> Mapping[bytes, bytes]:
    records: dict[bytes, bytes] = {}
    position = 0
    while position < len(content):
        found = _PAX_RECORD.match(content, position)
        end = position + int(found["length"]) if found is not None else 0
        if found is None or end <= found.end() or content[end - 1 : end] != b"\n":
            raise BundleError("The bundle's archive is damaged: a bad extended header")
        if found["key"].startswith(b"GNU.sparse"):
            raise BundleError("a sparse file has no place in a bundle")
        records[found["key"]] = content[found.end() : end - 1]
        position = end
    return records


def _said_size(size: bytes) -> int:
    if not re.fullmatch(rb"[0-9]{1,12}", size):
        raise BundleError("The bundle's archive is damaged: a bad extended header")
    return int(size)


def _decoded(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        raise BundleError("A file name in the bundle's archive is not UTF-8") from None


def _checked_name(name: str) -> str:
    shown = repr(name[:100])
    if _CONTROL.search(name):
        raise BundleError(f"The file name {shown} in the archive holds a control character")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise BundleError(f"The file name {shown} in the archive is too long")
    if "\\" in name:
        raise BundleError(f"The file name {shown} in the archive holds a backslash")
    if name.startswith("/") or _DRIVE.match(name):
        raise BundleError(f"The file name {shown} in the archive is absolute")
    parts = name.split("/")
    if ".." in parts:
        raise BundleError(f"The file name {shown} in the archive leads out of the bundle")
    parts = [part for part in parts if part not in ("", ".")]
    if len(parts) > MAX_LEVELS:
        raise BundleError(
            f"The file name {shown} in the archive has more than {MAX_LEVELS} levels of directories"
        )
    return "/".join(parts)


def _is_litter(name: str) -> bool:
    """Whether it is a metadata file of macOS: file attributes or folder settings."""
    *directories, base = name.split("/")
    return base.startswith("._") or base == ".DS_Store" or "__MACOSX" in (base, *directories)


def _root(files: Mapping[str, bytes]) -> str:
    """The prefix of the bundle's files, "" or ending in a slash."""
    roots = sorted(
        (name.count("/"), name.removesuffix(SCHEMA_FILE))
        for name in files
        if name == SCHEMA_FILE or name.endswith(f"/{SCHEMA_FILE}")
    )
    if not roots:
        raise BundleError("the file is missing", file=SCHEMA_FILE)
    if len(roots) > 1 and roots[0][0] == roots[1][0]:
        raise BundleError(
            f"the archive holds two of them, in {roots[0][1]!r} and {roots[1][1]!r}",
            file=SCHEMA_FILE,
        )
    return roots[0][1]
