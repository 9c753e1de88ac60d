"""Archives: packed files are read back, and hostile archives are refused without harm."""

from __future__ import annotations

import contextlib
import gzip
import io
import random
import tarfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moto_proton.bundle import BundleError, pack, pack_files, read_archive
from moto_proton.bundle.archive import MAX_BUNDLE_BYTES, MAX_MEMBERS, MAX_UNPACKED_BYTES

SCHEMA = {"schema/schema.yaml": b"schema: {}\n"}


def _member(
    name: str, content: bytes = b"x", *, kind: bytes = tarfile.REGTYPE, link: str = ""
) -> bytes:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.linkname = link
    member.size = len(content)
    return member.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)


def _pax(records: bytes, *, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return _member("PaxHeaders", records, kind=kind)


def _record(key: bytes, value: bytes) -> bytes:
    length = len(key) + len(value) + 3
    while len(b"%d " % length) + len(key) + len(value) + 2 != length:
        length = len(b"%d " % length) + len(key) + len(value) + 2
    return b"%d %s=%s\n" % (length, key, value)


def _archive(*members: bytes, with_schema: bool = True, end: bytes = bytes(1024)) -> bytes:
    schema = _member("schema/schema.yaml", b"schema: {}\n") if with_schema else b""
    return gzip.compress(schema + b"".join(members) + end)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing at all": (lambda: b"", "ends too early"),
    "no gzip": (lambda: b"PK\x03\x04 a zip file", "not a gzipped tar"),
    "gzip of no tar": (lambda: gzip.compress(b"hello"), "the tar ends too early"),
    "gzip of a long text": (lambda: gzip.compress(b"hello " * 500), "the tar has a bad header"),
    "a truncated gzip": (lambda: _archive()[:-9], "it ends too early"),
    "a wrong checksum": (lambda: _archive()[:-8] + b"abcdefgh", "not a gzipped tar"),
    "bytes after the gzip": (lambda: _archive() + b"more", "more follows"),
    "two archives": (lambda: _archive() * 2, "goes on after its end"),
    "very many gzips": (lambda: gzip.compress(b"") * 250_000, "5 MB|more follows"),
    "two gzips that are a bomb together": (
        lambda: gzip.compress(bytes(MAX_UNPACKED_BYTES // 2 + 1)) * 2,
        "unpacks to more than",
    ),
    "a second gzip cut short": (lambda: _archive() + gzip.compress(b"")[:-3], "ends too early"),
    "bytes after the tar": (lambda: _archive(end=bytes(512) + b"x" * 512), "goes on after its end"),
    "no end of the tar": (lambda: _archive(end=b""), "the tar ends too early"),
    "a member cut short": (
        lambda: gzip.compress(_member("a", b"x" * 2000)[:1024]),
        "ends within a member",
    ),
    "a bad second header": (lambda: _archive(b"?" * 512), "bad header"),
    "a large bundle": (lambda: bytes(MAX_BUNDLE_BYTES + 1), "5 MB"),
    "a bomb": (lambda: gzip.compress(bytes(MAX_UNPACKED_BYTES + 1)), "unpacks to more than"),
    "too many members": (
        lambda: _archive(*(_member("d/", b"", kind=tarfile.DIRTYPE) for _ in range(MAX_MEMBERS))),
        "more than 10,000 members",
    ),
    "an absolute path": (lambda: _archive(_member("/etc/passwd")), "'/etc/passwd'.* is absolute"),
    "a drive": (lambda: _archive(_member("C:/boot.ini")), "is absolute"),
    "a path upwards": (lambda: _archive(_member("a/../../b")), "leads out of the bundle"),
    "a directory upwards": (
        lambda: _archive(_member("..", b"", kind=tarfile.DIRTYPE)),
        "leads out of the bundle",
    ),
    "a backslash": (lambda: _archive(_member("..\\evil")), "holds a backslash"),
    "a control character": (lambda: _archive(_member("a\x07b")), "control character"),
    "a NUL in a long name": (
        lambda: _archive(_pax(_record(b"path", b"a\0b")), _member("x")),
        "control character",
    ),
    "a long path upwards": (
        lambda: _archive(_pax(_record(b"path", b"../evil")), _member("x")),
        "leads out of the bundle",
    ),
    "a GNU name upwards": (
        lambda: _archive(_member("L", b"../evil\0", kind=tarfile.GNUTYPE_LONGNAME), _member("x")),
        "leads out of the bundle",
    ),
    "a very long name": (
        lambda: _archive(_pax(_record(b"path", b"a/" * 3000)), _member("x")),
        "is too long",
    ),
    "a very deep name": (
        lambda: _archive(_pax(_record(b"path", b"a/" * 64 + b"x")), _member("x")),
        "'a/a/.* has more than 64 levels",
    ),
    "a name that is not UTF-8": (
        lambda: _archive(_pax(_record(b"path", b"\xff")), _member("x")),
        "not UTF-8",
    ),
    "a symbolic link": (
        lambda: _archive(_member("a", b"", kind=tarfile.SYMTYPE, link="/etc/passwd")),
        "^a: a symbolic link has no place",
    ),
    "a hard link": (
        lambda: _archive(_member("a", b"", kind=tarfile.LNKTYPE, link="schema/schema.yaml")),
        "^a: a hard link has no place",
    ),
    "a device": (lambda: _archive(_member("a", b"", kind=tarfile.CHRTYPE)), "a device"),
    "a block device": (lambda: _archive(_member("a", b"", kind=tarfile.BLKTYPE)), "a device"),
    "a named pipe": (lambda: _archive(_member("a", b"", kind=tarfile.FIFOTYPE)), "a named pipe"),
    "a sparse file": (lambda: _archive(_member("a", kind=tarfile.GNUTYPE_SPARSE)), "a sparse file"),
    "a sparse file of pax": (
        lambda: _archive(_pax(_record(b"GNU.sparse.major", b"1")), _member("a")),
        "a sparse file",
    ),
    "an unknown type": (lambda: _archive(_member("a", kind=b"Z")), "neither a file nor"),
    "the same name twice": (lambda: _archive(_member("a"), _member("./a")), "^a: .*twice"),
    "a file as a directory": (
        lambda: _archive(_member("a/b"), _member("a")),
        "^a: .*file and directory",
    ),
    "a file as a directory, with neighbours": (
        lambda: _archive(_member("d/a-b"), _member("d/a"), _member("d/a/b/c"), _member("d/a.b")),
        "^d/a: .*file and directory",
    ),
    "a huge extended header": (lambda: _archive(_pax(bytes(70_000)), _member("a")), "65536 bytes"),
    "a huge global header": (
        lambda: _archive(_pax(bytes(70_000), kind=tarfile.XGLTYPE)),
        "65536 bytes",
    ),
    "a broken extended header": (
        lambda: _archive(_pax(b"999999 path=a\n"), _member("a")),
        "bad extended header",
    ),
    "a size that lies": (
        lambda: _archive(_pax(_record(b"size", b"999999999")), _member("a")),
        "ends within a member",
    ),
    "a size that is none": (
        lambda: _archive(_pax(_record(b"size", b"-1")), _member("a")),
        "bad extended header",
    ),
    "no schema": (lambda: _archive(_member("a"), with_schema=False), "schema.yaml: .*missing"),
    "two schemas": (
        lambda: _archive(
            _member("a/schema/schema.yaml"), _member("b/schema/schema.yaml"), with_schema=False
        ),
        "holds two of them, in 'a/' and 'b/'",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.costly
def test_a_hostile_archive_is_refused(case: str) -> None:
    make, message = HOSTILE[case]
    data = make()

    started = time.process_time()
    with pytest.raises(BundleError, match=message):
        read_archive(data)

    assert time.process_time() - started < 30


@pytest.mark.rule("8.1-7")
def test_a_wrapping_directory_and_its_neighbours_are_left_out() -> None:
    data = _archive(
        _member("shop/schema/schema.yaml", b"s"),
        _member("shop/infrastructure/lib/schema/schema.yaml", b"t"),
        _member("README.md"),
        _member("shopping/x"),
        with_schema=False,
    )

    assert read_archive(data) == {
        "schema/schema.yaml": b"s",
        "infrastructure/lib/schema/schema.yaml": b"t",
    }


def test_what_macos_strews_is_left_out() -> None:
    data = _archive(
        _member("schema/._schema.yaml"), _member(".DS_Store"), _member("__MACOSX/schema/x")
    )

    assert read_archive(data) == SCHEMA


@pytest.mark.rule("8.1-1")
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_archives_of_every_form_of_tar_are_read(form: int) -> None:
    name = f"{'deep/' * 25}déjà vu.txt"
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=form) as archive:
        directory = tarfile.TarInfo(".")
        directory.type = tarfile.DIRTYPE
        archive.addfile(directory)
        for path, content in {"./schema/schema.yaml": b"s", name: b"long"}.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            member.mtime = 1.5 if form == tarfile.PAX_FORMAT else 1
            archive.addfile(member, io.BytesIO(content))

    assert read_archive(stream.getvalue()) == {"schema/schema.yaml": b"s", name: b"long"}


def test_a_gzip_in_several_parts_is_one() -> None:
    tar = zlib.decompress(_archive(), wbits=31)

    data = b"".join(gzip.compress(part) for part in (tar[:700], b"", tar[700:]))

    assert read_archive(data + bytes(10)) == SCHEMA


def test_zeros_after_the_gzip_are_padding() -> None:
    assert read_archive(_archive() + bytes(100)) == SCHEMA


_names = st.lists(
    st.text("abc é-_.", min_size=1, max_size=40).filter(
        lambda part: part not in (".", "..") and not part.startswith("._")
    ),
    min_size=1,
    max_size=6,
).map(lambda parts: "/".join(["x", *parts]))


@given(st.dictionaries(_names, st.binary(max_size=2000), max_size=8))
@pytest.mark.costly
def test_what_was_packed_is_read(files: dict[str, bytes]) -> None:
    parents = {
        "/".join(parts[:depth])
        for parts in (name.split("/") for name in files)
        for depth in range(1, len(parts))
    }
    files = {name: content for name, content in files.items() if name not in parents} | SCHEMA

    assert read_archive(pack_files(files)) == files


def test_a_packed_directory_is_the_same_whenever_it_is_packed(tmp_path: Path) -> None:
    for order in (["b", "a"], ["a", "b"]):
        root = tmp_path / "".join(order)
        for name in order:
            (root / name).mkdir(parents=True)
            (root / name / "file").write_bytes(name.encode())
        (root / ".DS_Store").write_bytes(b"litter")
        (root / "gone").symlink_to(root / "nowhere")

    one, other = pack(tmp_path / "ab"), pack(str(tmp_path / "ba"))

    assert one == other
    assert zlib.decompress(one, wbits=31).count(b"file\0") == 2
    assert b"litter" not in zlib.decompress(one, wbits=31)


def test_only_a_directory_can_be_packed(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="nowhere is not a directory"):
        pack(tmp_path / "nowhere")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
@pytest.mark.costly
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(seed: int, outside: bool) -> None:
    chance = random.Random(seed)
    files = SCHEMA | {"infrastructure/" + "long/" * 30 + "name": b"x" * 700, "é": b"", "z": b"z"}
    data = bytearray(pack_files(files))
    if not outside:
        data = bytearray(zlib.decompress(bytes(data), wbits=31))
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(max(len(data), 1))
        match chance.randrange(3):
            case 0:
                data[start : start + 1] = chance.randbytes(1)
            case 1:
                del data[start : start + chance.choice((1, 512))]
            case _:
                data[start:start] = chance.randbytes(chance.choice((1, 8, 512)))

    with contextlib.suppress(BundleError):
        read = read_archive(bytes(data) if outside else gzip.compress(bytes(data)))
        assert all(".." not in name.split("/") and name[:1] != "/" for name in read)
