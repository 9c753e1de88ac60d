"""Sizes are asked before contents are read, and nothing but files is opened."""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dulwich.objects import Blob, Commit, Tree
from dulwich.repo import Repo

from moto_proton.proton.repositories import checkouts
from moto_proton.proton.repositories.checkouts import Checkout, UnreadableRepositoryError
from moto_proton.proton.repositories.object_sizes import size_to_read


def committed(repository: Repo, tree: Tree) -> str:
    commit = Commit()
    commit.tree = tree.id
    commit.author = commit.committer = b"a <a@b>"
    commit.commit_time = commit.author_time = 0
    commit.commit_timezone = commit.author_timezone = 0
    commit.message = b"m"
    repository.object_store.add_objects([(tree, None), (commit, None)])
    name: Any = b"refs/heads/main"
    repository.refs[name] = commit.id
    return commit.id.decode()


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repo]:
    with Repo.init_bare(tmp_path) as made:
        yield made


@pytest.fixture
def huge(repository: Repo) -> str:
    """A commit with a blob that says it has 600 MB, of which there is not one."""
    sha = "ab" + "0" * 38
    place = Path(repository.path, "objects", "ab")
    place.mkdir()
    (place / sha[2:]).write_bytes(zlib.compress(b"blob 629145600\0"))
    tree = Tree()
    name: Any = sha.encode()
    tree.add(b"proton-ops.yaml", 0o100644, name)
    return committed(repository, tree)


def test_a_file_that_is_too_large_is_not_read(repository: Repo, huge: str) -> None:
    checkout = Checkout(repository.path)

    with pytest.raises(UnreadableRepositoryError, match=r"has 629,145,600 bytes, more than the"):
        checkout.read(huge, "proton-ops.yaml")
    with pytest.raises(UnreadableRepositoryError, match=r"has 629,145,600 bytes, more than the"):
        checkout.files(huge, "")


def test_sizes_are_known_of_loose_and_packed_objects(repository: Repo) -> None:
    text = random.Random(1).randbytes(40_000)
    blobs = [Blob.from_string(text + b"%d" % number) for number in range(4)]
    blobs.append(Blob.from_string(b""))
    store = repository.object_store
    store.add_object(blobs[0])
    assert size_to_read(store, blobs[0].id) == len(blobs[0].data)

    objects = [(blob, None) for blob in blobs[1:]]
    store.add_objects(objects)

    assert list(store.packs)
    for blob in blobs[1:]:
        assert size_to_read(store, blob.id) >= len(blob.data)
    assert size_to_read(store, blobs[-1].id) == 0
    with pytest.raises(KeyError):
        size_to_read(store, b"f" * 40)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("name", ["HEAD", "packed-refs", "refs/heads/main"])
def test_what_is_no_file_is_not_opened(repository: Repo, huge: str, name: str) -> None:
    """A pipe that nobody writes to would be waited for, for ever."""
    path = Path(repository.path, name)
    path.unlink(missing_ok=True)
    os.mkfifo(path)

    with pytest.raises(UnreadableRepositoryError, match="no file"):
        Checkout(repository.path).head("main")


def test_directories_without_end_are_not_walked(
    repository: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkouts, "MOST_FILES", 100)
    tree = Tree()
    for _ in range(12):
        repository.object_store.add_object(tree)
        above = Tree()
        above.add(b"a", 0o040000, tree.id)
        above.add(b"b", 0o040000, tree.id)
        tree = above

    with pytest.raises(UnreadableRepositoryError, match="more than 100"):
        Checkout(repository.path).files(committed(repository, tree), "")
