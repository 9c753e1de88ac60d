"""Local git repositories that stand for linked ones."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from dulwich import porcelain

from moto_proton import git, mock_proton

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
    head = repository.refs.get_symrefs()[b"HEAD"].decode().removeprefix("refs/heads/")  # type: ignore[index]
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
