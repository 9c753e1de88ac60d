"""A directory of a repository at a commit, and how paths within a repository are read.

Source: service model, Revision.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Revision:
    """A directory of a repository at a commit; ``directory`` is ``/`` for the top."""

    repository_provider: str
    repository_name: str
    branch: str
    directory: str
    sha: str


def directory_shown(path: str | None) -> str:
    """A directory as revisions and sync definitions name it: ``/`` for the top one."""
    parts = path_parts(path or "")
    return "/".join(parts) or "/"


def path_parts(path: str) -> list[str]:
    """The parts of a path within a repository, which may start with ``/`` or ``./``."""
    return [part for part in path.split("/") if part not in ("", ".")]
