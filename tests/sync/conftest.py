"""What the tests of syncs share: a client, repositories to commit to, templates and specs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config
from dulwich.index import commit_tree
from dulwich.objects import Blob, Commit, Tree
from dulwich.repo import Repo

import moto_proton.proton.responses  # noqa: F401  # moto is there before the client is made
from moto_proton import git
from moto_proton.mock import MockProton
from moto_proton.seed import Seed
from tests.support.worlds import KeptSeed

Client: TypeAlias = Any
REPOSITORY = "shop/infrastructure"
SCHEMA = "schema:\n  format:\n    openapi: '3.0.0'\n"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let these tests register template versions without a bundle: what syncs do needs none."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.proton(config={"require_bundles": False}))


@pytest.fixture(scope="session")
def client() -> Client:
    """A client in us-east-1 that does not retry."""
    session = boto3.session.Session(aws_access_key_id="key", aws_secret_access_key="secret")
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"})
    return session.client("proton", region_name="us-east-1", config=config)


@pytest.fixture
def proton(client: Client, proton_mock: MockProton) -> Client:
    """That client, on an account with nothing in it."""
    return client


@pytest.fixture
def seed(proton: Client) -> Seed:
    """Makes worlds."""
    return KeptSeed(proton)


class Repository:
    """A bare repository; every commit to it is a push."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[str, dict[str, bytes]] = {}
        path.mkdir()
        Repo.init_bare(str(path)).close()

    def commit(self, files: Mapping[str, str | None], branch: str = "main") -> str:
        """Write files (or remove those that are None), and make that the head of a branch."""
        kept = self._files.setdefault(branch, {})
        for name, content in files.items():
            if content is None:
                del kept[name]
            else:
                kept[name] = content.encode()
        with Repo(str(self.path)) as repository:
            store = repository.object_store
            blobs = []
            for name, data in kept.items():
                blob = Blob.from_string(data)
                store.add_object(blob)
                blobs.append((name.encode(), blob.id, 0o100644))
            commit: Any = Commit()
            commit.tree = commit_tree(store, blobs)
            ref: Any = f"refs/heads/{branch}".encode()
            parents = [repository.refs[ref]] if ref in repository.refs else []
            commit.parents = parents
            commit.author = commit.committer = b"Shop <shop@example.com>"
            commit.commit_time = commit.author_time = 1_700_000_000
            commit.commit_timezone = commit.author_timezone = 0
            commit.message = b"Change the shop"
            store.add_object(commit)
            repository.refs[ref] = commit.id
            sha: str = commit.id.decode()
            return sha

    def commit_nested(self, files: Mapping[str, str | None], *, levels: int, width: int) -> None:
        """The files below directories that hold the same directory ``width`` times each."""
        sha = self.commit(files)
        with Repo(str(self.path)) as repository:
            store = repository.object_store
            commit_id: Any = sha.encode()
            commit: Any = repository.get_object(commit_id)
            tree_id = commit.tree
            for _ in range(levels):
                tree = Tree()
                for number in range(width):
                    tree.add(f"d{number}".encode(), 0o040000, tree_id)
                store.add_object(tree)
                tree_id = tree.id
            commit.tree = tree_id
            store.add_object(commit)
            ref: Any = b"refs/heads/main"
            repository.refs[ref] = commit.id


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository without a commit, connected to nothing."""
    return Repository(tmp_path / "infrastructure.git")


@pytest.fixture
def linked(repository: Repository, seed: Seed) -> Repository:
    """That repository, standing for a linked one."""
    seed.repository(REPOSITORY)
    git.connect(REPOSITORY, repository.path)
    return repository


@pytest.fixture
def follow(proton: Client) -> Callable[..., None]:
    """Makes a template follow the repository."""

    def of(name: str, kind: str = "ENVIRONMENT", **members: Any) -> None:
        getattr(proton, f"create_{kind.lower()}_template")(name=name)
        request = {"repositoryName": REPOSITORY, "repositoryProvider": "GITHUB", "branch": "main"}
        proton.create_template_sync_config(
            templateName=name, templateType=kind, **{**request, **members}
        )

    return of


@pytest.fixture
def follow_ops_file(proton: Client) -> Callable[..., None]:
    """Makes a service follow an ops file in the repository."""

    def of(service: str, path: str = "ops.yaml") -> None:
        proton.create_service_sync_config(
            serviceName=service,
            repositoryName=REPOSITORY,
            repositoryProvider="GITHUB",
            branch="main",
            filePath=path,
        )

    return of


@pytest.fixture
def versions(proton: Client) -> Callable[..., dict[str, str]]:
    """The versions of a template with their statuses."""

    def of(name: str, kind: str = "environment") -> dict[str, str]:
        list_versions = getattr(proton, f"list_{kind}_template_versions")
        found = {}
        for major in list_versions(templateName=name)["templateVersions"]:
            key = {"templateName": name, "majorVersion": major["majorVersion"]}
            for version in list_versions(**key)["templateVersions"]:
                number = f"{version['majorVersion']}.{version['minorVersion']}"
                found[number] = version["status"]
        return dict(sorted(found.items()))

    return of


@pytest.fixture
def hold() -> Iterator[Callable[[str], None]]:
    """Keeps what the state manager knows by a name where it is, to the end of the test."""
    from moto.moto_api import state_manager

    held: list[str] = []

    def of(model: str) -> None:
        name = f"proton::{model}"
        state_manager.set_transition(name, {"progression": "manual", "times": 10**9})
        held.append(name)

    yield of
    for name in held:
        state_manager.unset_transition(name)
