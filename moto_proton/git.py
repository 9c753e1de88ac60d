"""Local git repositories in place of linked ones: a commit to them acts as a push does in Proton.

::

    from moto_proton import git

    git.connect("shop/infrastructure", path_of_the_local_repository)

From then on each Proton request first looks whether a synced branch has a new head commit, and
syncs it before it is answered. Connections belong to the mock and end with it. What a push leads to
is decided in ``proton.syncs.pushes``, and how a repository is read in
``proton.repositories.checkouts``.
"""

from __future__ import annotations

import os

from moto_proton import api
from moto_proton.proton.repositories.checkouts import Checkout, connected

__all__ = ["clear", "connect", "disconnect"]


def connect(
    repository_name: str, path: str | os.PathLike[str], *, provider: str = "GITHUB"
) -> None:
    """Let a local git repository stand for the linked repository of that name.

    It holds for every account and region of the mock; the link itself may be created later. A
    repository connected before under the same name is replaced. Raises ``ValueError`` for a path
    that is no git repository or a provider that Proton does not know, ``RuntimeError`` when no mock
    is active, in moto's server mode, or without dulwich (``pip install "moto_proton[git]"``).
    """
    _check(repository_name, provider)
    try:
        from dulwich.errors import NotGitRepository
        from dulwich.repo import Repo
    except ModuleNotFoundError as error:
        raise RuntimeError(
            'reading git repositories takes dulwich: pip install "moto_proton[git]"'
        ) from error
    from moto_proton import bridge

    if not bridge.mock_is_active():
        raise RuntimeError("no mock is active to connect to; start mock_proton first")
    if bridge.is_server_mode():
        raise RuntimeError(
            "a repository can't be connected in moto's server mode: the mock is another process"
        )
    where = os.path.abspath(path)
    try:
        Repo(where).close()
    except (NotGitRepository, OSError) as error:
        raise ValueError(f"{where} is no git repository") from error
    # When a mock ends, moto resets the backends that exist; resetting ours clears the connections.
    bridge.touch_backend()
    connected.add(provider, repository_name, Checkout(where))


def disconnect(repository_name: str, *, provider: str = "GITHUB") -> None:
    """Remove the connection of a repository; what was synced from it stays.

    Raises ``ValueError`` when it is not connected.
    """
    _check(repository_name, provider)
    if not connected.remove(provider, repository_name):
        raise ValueError(f"the {provider} repository {repository_name!r} is not connected")


def clear() -> None:
    """Remove all connections."""
    connected.clear()


def _check(repository_name: str, provider: str) -> None:
    """Raise ``ValueError`` for a name that no repository can have: it would never sync."""
    try:
        api.read_request("GetRepository", {"name": repository_name, "provider": provider})
    except api.InvalidRequest as error:
        raise ValueError(str(error)) from error
