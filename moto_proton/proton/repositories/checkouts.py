"""Reads local git repositories that are used in place of linked ones.

Only commits are read, with dulwich, which is loaded when the first repository is connected. Tests
connect one through ``moto_proton.git``; ``syncs.pushes`` decides what follows from a push.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from moto_proton.forking import ForkSafeLock
from moto_proton.proton.repositories.object_sizes import irregular, size_to_read
from moto_proton.proton.repositories.revisions import path_parts

if TYPE_CHECKING:
    from dulwich.objects import ShaFile
    from dulwich.repo import Repo


# Bytes of one file or other object; a spec may have 50 KB, a template of a bundle 200.
MOST_BYTES: Final = 5 * 1024 * 1024
# Bytes and number of the files of a directory that is taken for a bundle.
MOST_BYTES_TOGETHER: Final = 32 * 1024 * 1024
MOST_FILES: Final = 10_000
# What is opened besides objects, and has to be a file.
_FILES: Final = ("HEAD", "commondir", "config", "packed-refs", "shallow", "objects/info/alternates")


class UnreadableRepositoryError(Exception):
    """A connected repository that can't be read (any more)."""


class Checkout:
    """A local repository, bare or with a working tree, of which only commits are read.

    It is opened anew for every read, because other programs may change or remove it.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def head(self, branch: str) -> str | None:
        """The head commit of a branch, or None when there is no such branch."""
        return self.heads([branch])[branch]

    def heads(self, branches: Iterable[str]) -> dict[str, str | None]:
        """The head commits of branches, read at once; None for a branch that is not there."""
        with self._open() as repository:
            return {branch: _head(repository, branch) for branch in branches}

    def object_id(self, commit: str, path: str) -> str | None:
        """The id of a file or directory, which changes with its content; None if it is missing."""
        with self._open() as repository:
            found = _find(repository, commit, path)
            return None if found is None else str(found.id.decode())

    def read(self, commit: str, path: str) -> bytes | None:
        """The content of a file; None if it is missing or no file."""
        from dulwich.objects import Blob

        with self._open() as repository:
            found = _find(repository, commit, path)
            return bytes(found.data) if isinstance(found, Blob) else None

    def directories(self, commit: str, path: str) -> list[str]:
        """The names of the directories in a directory; none when it is missing."""
        from dulwich.objects import Tree

        with self._open() as repository:
            found = _find(repository, commit, path)
            if not isinstance(found, Tree):
                return []
            return [
                entry.path.decode("utf-8", "replace")
                for entry in found.iteritems()
                if entry.mode is not None and stat.S_ISDIR(entry.mode)
            ]

    def named(self, commit: str, path: str, name: str) -> list[str]:
        """The paths of the directories of a name: the one at ``path`` itself, and those below it.

        The nearest come first, and in one directory those that git sorts first. A directory that
        stands in several places with the same content is searched in the first one only, so that
        a few trees that hold one another many times are no endless search.
        """
        from dulwich.objects import Tree

        with self._open() as repository:
            top = _find(repository, commit, path)
            if not isinstance(top, Tree):
                return []
            parts = path_parts(path)
            found = ["/".join(parts)] if parts and parts[-1] == name else []
            level = [("/".join(parts), top)]
            seen = {top.id}
            while level:
                below = []
                for directory, tree in level:
                    for entry in tree.iteritems():
                        if entry.mode is None or not stat.S_ISDIR(entry.mode):
                            continue
                        step = entry.path.decode("utf-8", "replace")
                        there = f"{directory}/{step}" if directory else step
                        if step == name:
                            found.append(there)
                        child = _object(repository, entry.sha) if entry.sha not in seen else None
                        seen.add(entry.sha)
                        if isinstance(child, Tree):
                            below.append((there, child))
                level = below
            return found

    def files(self, commit: str, path: str) -> dict[str, bytes]:
        """The files in a directory and below, by their paths in it; none when it is missing.

        Symbolic links and submodules are left out.
        """
        from dulwich.objects import Blob, Tree

        with self._open() as repository:
            found = _find(repository, commit, path)
            if not isinstance(found, Tree):
                return {}
            files: dict[str, bytes] = {}
            together = 0
            for name, sha in _files_below(repository, found):
                content = _object(repository, sha)
                if isinstance(content, Blob):
                    files[name.decode("utf-8", "replace")] = bytes(content.data)
                    together += len(content.data)
                if together > MOST_BYTES_TOGETHER or len(files) > MOST_FILES:
                    raise UnreadableRepositoryError(
                        f"the directory {path!r} of {self.path} has more than {MOST_FILES:,} files "
                        f"or {MOST_BYTES_TOGETHER:,} bytes"
                    )
            return files

    @contextmanager
    def _open(self) -> Iterator[Repo]:
        from dulwich.repo import Repo

        try:
            for place in (self.path, os.path.join(self.path, ".git")):
                _check_regular(self.path, (os.path.join(place, file) for file in _FILES))
            with Repo(self.path) as repository:
                yield repository
        except UnreadableRepositoryError:
            raise
        except Exception as error:
            # dulwich has no common base class for damage: it raises errors of its own, KeyError,
            # zlib.error, even TypeError (seen with 1.2).
            raise UnreadableRepositoryError(
                f"The git repository {self.path} can't be read: {error!r}"
            ) from error


class Glance(Checkout):
    """A repository at one moment, such as during a request: each branch's head is read once."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.seen: dict[str, str | None] = {}
        """The heads that were read."""

    def head(self, branch: str) -> str | None:
        """The head commit of a branch, or None when there is no such branch."""
        if branch not in self.seen:
            self.seen.update(self.heads([branch]))
        return self.seen[branch]


class ConnectedRepositories:
    """The local repositories, by provider and name of the linked ones that they replace.
    Thread-safe.

    ``changes`` counts how often one was connected or removed.
    """

    NOT_STATE: Final = frozenset({"changes"})
    """Not restored from a snapshot: stores compare it with what they saw, so it only ever grows."""

    def __init__(self) -> None:
        self._lock = ForkSafeLock()
        self._checkouts: dict[tuple[str, str], Checkout] = {}
        self.changes = 0

    def __bool__(self) -> bool:
        return bool(self._checkouts)

    def find(self, provider: str, name: str) -> Checkout | None:
        """The local repository in place of that linked one, or None."""
        return self._checkouts.get((provider, name))

    def add(self, provider: str, name: str, checkout: Checkout) -> None:
        """Connect a repository, in place of the one connected before."""
        with self._lock:
            self._checkouts[provider, name] = checkout
            self.changes += 1

    def remove(self, provider: str, name: str) -> bool:
        """Remove a connection. Returns whether there was one."""
        with self._lock:
            self.changes += 1
            return self._checkouts.pop((provider, name), None) is not None

    def clear(self) -> None:
        """Remove all connections."""
        with self._lock:
            self._checkouts.clear()
            self.changes += 1


connected: Final = ConnectedRepositories()
"""The connections of this process, read by every account and region of the mock."""


def _bytes(name: str) -> bytes:
    """A branch or path as git stores it; a JSON text that is not valid UTF-8 matches nothing."""
    return name.encode("utf-8", "surrogatepass")


def _head(repository: Repo, branch: str) -> str | None:
    from dulwich.errors import RefFormatError

    # Names of refs and ids of objects have types of their own in newer releases of dulwich.
    name: Any = b"refs/heads/" + _bytes(branch)
    places = {repository.controldir(), repository.commondir()}
    _check_regular(repository.path, (os.path.join(place, os.fsdecode(name)) for place in places))
    try:
        return str(repository.refs[name].decode())
    except (KeyError, RefFormatError):
        return None


def _find(repository: Repo, commit: str, path: str) -> ShaFile | None:
    """The file or directory at a path of a commit, or None; "" is the top directory."""
    from dulwich.errors import NotTreeError
    from dulwich.objects import Commit, SubmoduleEncountered, Tree

    sha: Any = commit.encode()
    found = _object(repository, sha)
    if not isinstance(found, Commit):
        raise UnreadableRepositoryError(f"{commit} in {repository.path} is no commit")
    tree = _object(repository, found.tree)
    parts = path_parts(path)
    if not parts:
        return tree
    assert isinstance(tree, Tree)
    try:
        _, sha_there = tree.lookup_path(partial(_object, repository), _bytes("/".join(parts)))
    except (KeyError, NotTreeError, SubmoduleEncountered):
        return None
    return _object(repository, sha_there)


def _object(repository: Repo, sha: Any) -> ShaFile:
    """An object, once it is known to be of a size that anybody could want read."""
    size = size_to_read(repository.object_store, sha)
    if size > MOST_BYTES:
        raise UnreadableRepositoryError(
            f"the object {sha.decode()} of {repository.path} has {size:,} bytes, more than the "
            f"{MOST_BYTES:,} that are read"
        )
    found: ShaFile = repository.get_object(sha)
    return found


def _files_below(repository: Repo, tree: Any) -> Iterator[tuple[bytes, Any]]:
    """The regular files of a tree and those within it: path and id, as git sorts them."""
    from dulwich.objects import Tree

    waiting = [(b"", tree)]
    walked = 0
    while waiting:
        directory, tree = waiting.pop()
        walked += 1
        if walked > MOST_FILES:
            raise UnreadableRepositoryError(
                f"a directory of {repository.path} has more than {MOST_FILES:,} others in it"
            )
        for entry in tree.iteritems():
            path = directory + entry.path
            if stat.S_ISREG(entry.mode):
                yield path, entry.sha
            elif stat.S_ISDIR(entry.mode):
                child = _object(repository, entry.sha)
                if isinstance(child, Tree):
                    waiting.append((path + b"/", child))


def _check_regular(repository: str, paths: Iterable[str]) -> None:
    path = irregular(paths)
    if path is not None:
        raise UnreadableRepositoryError(f"The git repository {repository} holds {path}, no file")
