"""A request reads each connected repository once, however many configs follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton import git
from moto_proton.proton.repositories.checkouts import Checkout
from moto_proton.proton.syncs.template_push import TemplatePush
from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Versions: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the repositories that were opened, one for each time."""
    paths: list[str] = []
    opened = Checkout._open

    def counted(self: Checkout) -> Any:
        paths.append(self.path)
        return opened(self)

    monkeypatch.setattr(Checkout, "_open", counted)
    return paths


@pytest.fixture
def takes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates whose syncs were looked at."""
    names: list[str] = []
    take = TemplatePush.take

    def counted(self: TemplatePush, config: Any, checkout: Checkout) -> None:
        names.append(config.template_name)
        take(self, config, checkout)

    monkeypatch.setattr(TemplatePush, "take", counted)
    return names


@pytest.fixture
def followed(
    linked: Any, seed: Seed, follow: Callable[..., None], follow_ops_file: Callable[..., None]
) -> Any:
    """A repository with two branches that three templates and a service follow."""
    linked.commit({"a": "a"}, branch="beta")
    linked.commit({"a": "a"})
    for number, branch in enumerate(["main", "beta", "main"]):
        follow(f"net-{number}", branch=branch)
    seed.service("shop")
    follow_ops_file("shop")
    return linked


def test_nothing_new_is_one_look_at_the_repository(
    proton: Client, followed: Any, openings: list[str], takes: list[str]
) -> None:
    proton.list_services()
    openings.clear()
    takes.clear()

    proton.list_services()

    assert openings == [str(followed.path)]
    assert takes == []


def test_a_new_commit_of_either_branch_is_seen(
    proton: Client, followed: Any, versions: Versions
) -> None:
    proton.list_services()

    followed.commit({"net-1/v1/a": "a"}, branch="beta")
    assert versions("net-1") == {"1.0": "DRAFT"}

    followed.commit({"net-0/v1/a": "a"})
    assert versions("net-0") == {"1.0": "DRAFT"}


def test_a_config_that_comes_or_moves_is_seen(
    proton: Client, followed: Any, follow: Callable[..., None], versions: Versions
) -> None:
    followed.commit({"later/v1/a": "a"}, branch="gamma")
    proton.list_services()
    follow("later")
    assert versions("later") == {}

    proton.update_template_sync_config(
        templateName="later",
        templateType="ENVIRONMENT",
        repositoryName="shop/infrastructure",
        repositoryProvider="GITHUB",
        branch="gamma",
    )

    assert versions("later") == {"1.0": "DRAFT"}


def test_another_repository_under_the_same_name_is_seen(
    proton: Client, followed: Any, versions: Versions, tmp_path: Any
) -> None:
    followed.commit({"net-0/v1/a": "a"})
    assert versions("net-0") == {"1.0": "DRAFT"}
    other = type(followed)(tmp_path / "other.git")
    other.commit({"net-0/v1/a": "b"})

    git.connect("shop/infrastructure", other.path)

    assert versions("net-0") == {"1.0": "DRAFT", "1.1": "DRAFT"}


def test_a_branch_that_only_the_ops_file_names_is_seen(proton: Client, followed: Any) -> None:
    followed.commit({"ops.yaml": "sync: {services: {shop: {dev: {branch: later, spec: s}}}}"})
    proton.list_services()
    proton.list_services()

    followed.commit({"s": service_spec({"dev": "dev"}, inputs={"port": 7})}, branch="later")

    text = proton.get_service_instance(serviceName="shop", name="dev")["serviceInstance"]["spec"]
    assert "port: 7" in text
