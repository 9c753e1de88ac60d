"""Local git repositories in place of linked ones."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from dulwich import porcelain

from moto_proton import git, mock_proton
from moto_proton.proton.repositories.checkouts import Checkout

Client: TypeAlias = Any
REPOSITORY = "shop/infrastructure"
BRANCH = {"repositoryName": REPOSITORY, "repositoryProvider": "GITHUB", "branch": "main"}


def test_a_repository_with_a_working_tree_syncs_what_is_committed(
    proton: Client,
    seed: Any,
    follow: Callable[..., None],
    versions: Callable[..., dict[str, str]],
    tmp_path: Path,
) -> None:
    schema = tmp_path / "network" / "v1" / "schema.yaml"
    schema.parent.mkdir(parents=True)
    schema.write_text("schema: {}\n")
    repository = porcelain.init(str(tmp_path))
    seed.repository(REPOSITORY)
    git.connect(REPOSITORY, tmp_path)
    symrefs: dict[Any, bytes] = dict(repository.refs.get_symrefs())
    head = symrefs[b"HEAD"].decode().removeprefix("refs/heads/")
    follow("network", branch=head)
    assert versions("network") == {}

    porcelain.add(repository, [str(schema)])
    porcelain.commit(repository, message=b"v1", author=b"A <a@b>", committer=b"A <a@b>")
    repository.close()

    assert versions("network") == {"1.0": "DRAFT"}


def test_a_connection_ends_with_the_mock(client: Client, repository: Any, proton_mock: Any) -> None:
    git.connect(REPOSITORY, repository.path)

    proton_mock.reset()

    with pytest.raises(ValueError, match="is not connected"):
        git.disconnect(REPOSITORY)


def test_a_connection_ends_with_a_mock_that_handled_no_request(repository: Any) -> None:
    with mock_proton():
        git.connect(REPOSITORY, repository.path)

    with mock_proton(), pytest.raises(ValueError, match="is not connected"):
        git.disconnect(REPOSITORY)


def test_what_is_disconnected_syncs_no_more(
    linked: Any, follow: Callable[..., None], versions: Callable[..., dict[str, str]]
) -> None:
    follow("network")

    git.disconnect(REPOSITORY)

    linked.commit({"network/v1/schema.yaml": "a"})
    assert versions("network") == {}


def test_repositories_of_two_providers_are_two(proton: Client, repository: Any) -> None:
    git.connect(REPOSITORY, repository.path, provider="BITBUCKET")

    with pytest.raises(ValueError, match="is not connected"):
        git.disconnect(REPOSITORY)
    git.disconnect(REPOSITORY, provider="BITBUCKET")


def test_a_connection_needs_a_mock(repository: Any) -> None:
    with pytest.raises(RuntimeError, match="no mock is active"):
        git.connect(REPOSITORY, repository.path)


def test_a_connection_needs_dulwich(
    proton_mock: Any, repository: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dulwich.errors", None)

    with pytest.raises(RuntimeError, match=r"moto_proton\[git\]"):
        git.connect(REPOSITORY, repository.path)


def test_a_connection_is_refused_in_server_mode(
    proton_mock: Any, repository: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moto_proton.bridge.is_server_mode", lambda: True)

    with pytest.raises(RuntimeError, match="server mode"):
        git.connect(REPOSITORY, repository.path)


@pytest.mark.parametrize("where", ["empty", "missing"])
def test_a_connection_needs_a_git_repository(proton_mock: Any, tmp_path: Path, where: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(ValueError, match="is no git repository"):
        git.connect(REPOSITORY, tmp_path / where)


@pytest.mark.parametrize(
    ("name", "provider"), [("shop", "GITHUB"), (REPOSITORY, "GITLAB")], ids=["name", "provider"]
)
def test_a_connection_needs_a_name_that_proton_takes(
    proton_mock: Any, repository: Any, name: str, provider: str
) -> None:
    with pytest.raises(ValueError, match=r"provider|name"):
        git.connect(name, repository.path, provider=provider)


def test_a_repository_that_vanished_fails_its_syncs(
    proton: Client, linked: Any, follow: Callable[..., None]
) -> None:
    linked.commit({"network/v1/schema.yaml": "a"})
    shutil.rmtree(linked.path)
    follow("network")

    attempt = proton.get_repository_sync_status(**BRANCH, syncType="TEMPLATE_SYNC")["latestSync"]

    assert attempt["status"] == "FAILED"
    (started, failed) = attempt["events"]
    assert (started["type"], failed["type"]) == ("CLONE_STARTED", "SYNC_FAILED")
    assert "can't be read" in failed["event"]


def test_a_branch_that_is_no_commit_fails_its_syncs(
    proton: Client, linked: Any, follow: Callable[..., None]
) -> None:
    linked.commit({"network/v1/schema.yaml": "a"})
    blob = Checkout(str(linked.path)).object_id(linked.commit({"a": "b"}), "network/v1/schema.yaml")
    (linked.path / "refs" / "heads" / "main").write_text(f"{blob}\n")
    follow("network")

    attempt = proton.get_repository_sync_status(**BRANCH, syncType="TEMPLATE_SYNC")["latestSync"]

    assert attempt["status"] == "FAILED"
    assert "is no commit" in attempt["events"][-1]["event"]


def test_objects_that_are_damaged_fail_their_syncs(
    proton: Client, linked: Any, follow: Callable[..., None], versions: Callable[..., Any]
) -> None:
    sha = linked.commit({"network/v1/schema.yaml": "a"})
    damaged = linked.path / "objects" / sha[:2] / sha[2:]
    damaged.chmod(0o600)
    content = damaged.read_bytes()
    damaged.write_bytes(b"x")
    follow("network")

    attempt = proton.get_repository_sync_status(**BRANCH, syncType="TEMPLATE_SYNC")["latestSync"]
    damaged.write_bytes(content)

    assert attempt["status"] == "FAILED"
    assert versions("network") == {"1.0": "DRAFT"}


@pytest.mark.parametrize(
    "branch",
    ["a..b", "../../HEAD", "a b", "/", "main.lock", "@{", "ä", "\ud800", "\x00", "a" * 200],
)
def test_a_branch_that_can_have_no_commit_never_syncs(
    proton: Client,
    linked: Any,
    follow: Callable[..., None],
    versions: Callable[..., Any],
    branch: str,
) -> None:
    linked.commit({"network/v1/schema.yaml": "a"})

    follow("network", branch=branch, subdirectory="\ud800/..")

    assert versions("network") == {}


def test_git_is_not_loaded_before_a_repository_is_connected(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it(proton_client):
            from moto_proton import git

            proton_client.list_services()
            git.clear()

            assert not any(name.partition(".")[0] == "dulwich" for name in sys.modules)
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
