"""Files in a repository that break their own sync, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton.proton.syncs.service_push import ServicePush
from moto_proton.proton.syncs.template_push import TemplatePush
from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any

REPOSITORY = "shop/infrastructure"
BRANCH = {"repositoryName": REPOSITORY, "repositoryProvider": "GITHUB", "branch": "main"}
LONGEST = 1_100

BOMB = "\n".join(
    ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    + [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
)


def repository_sync(proton: Client, sync_type: str) -> dict[str, Any]:
    answer = proton.get_repository_sync_status(**BRANCH, syncType=sync_type)
    latest: dict[str, Any] = answer["latestSync"]
    return latest


@pytest.fixture
def shop(seed: Seed, linked: Any, follow_ops_file: Callable[..., None]) -> str:
    """A service with the instance dev that follows ops.yaml."""
    seed.service("shop")
    follow_ops_file("shop")
    return "shop"


@pytest.mark.parametrize(
    "text",
    [
        r'sync: {services: {shop: {dev: {branch: "\U0011FFFF", spec: a}}}}',
        r'sync: {services: {shop: {dev: {branch: "\U99999999", spec: a}}}}',
        r'sync: {services: {shop: {"\UFFFFFFFF": {branch: main, spec: a}}}}',
        "%YAML 1." + "9" * 5_000 + "\n---\nsync: x",
    ],
    ids=["beyond Unicode", "beyond C", "in a key", "a long version"],
)
def test_an_escape_that_names_no_character_fails_the_sync_of_the_ops_file(
    proton: Client, shop: str, linked: Any, text: str
) -> None:
    linked.commit({"ops.yaml": text})

    attempt = repository_sync(proton, "SERVICE_SYNC")

    assert attempt["status"] == "FAILED"
    assert "is not YAML" in attempt["events"][-1]["event"]
    assert proton.list_services()["services"][0]["name"] == "shop"


@pytest.mark.parametrize("escape", [r"\U0011FFFF", r"\U99999999"])
def test_an_escape_that_names_no_character_fails_the_sync_of_a_template(
    proton: Client, linked: Any, follow: Callable[..., None], escape: str
) -> None:
    follow("web", "SERVICE")
    text = f'compatible_environments: ["{escape}"]'

    linked.commit({"web/v1/.template-registration.yaml": text})

    attempt = template_sync(proton)
    assert attempt["status"] == "FAILED"
    assert "is not YAML" in attempt["events"][-1]["event"]


def template_sync(proton: Client) -> dict[str, Any]:
    answer = proton.get_template_sync_status(
        templateName="web", templateType="SERVICE", templateVersion="1"
    )
    latest: dict[str, Any] = answer["latestSync"]
    return latest


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param("compatible_environments: [*a11]", "is a list", id="an environment"),
        pytest.param("compatible_environments: *a11", "is a list", id="all environments"),
        pytest.param(
            "compatible_environments: ['network:1']\nsupported_component_sources: *a11",
            "not valid",
            id="the component sources",
        ),
        pytest.param("compatible_environments: [{a: *a11}]", "is a mapping", id="a mapping"),
        pytest.param(f"compatible_environments: [{'x' * 9_999}]", "name:major", id="a long name"),
    ],
)
def test_what_aliases_stand_for_is_not_written_out(
    proton: Client,
    seed: Seed,
    linked: Any,
    follow: Callable[..., None],
    lines: str,
    words: str,
) -> None:
    seed.environment_template("network")
    follow("web", "SERVICE")

    linked.commit({"web/v1/.template-registration.yaml": f"{BOMB}\n{lines}\n"})

    message = template_sync(proton)["events"][-1]["event"]
    assert words in message
    assert len(message) < LONGEST


@pytest.mark.parametrize(
    "entry",
    ["{branch: *a11, spec: s}", "{branch: main, spec: *a11}", "*a11", f"{{{'x' * 1_000}: y}}"],
    ids=["branch", "spec", "entry", "long"],
)
def test_what_aliases_stand_for_is_not_written_out_of_an_ops_file(
    proton: Client, shop: str, linked: Any, entry: str
) -> None:
    name = "x" * 1_000  # longer ones are no YAML

    linked.commit({"ops.yaml": f"{BOMB}\nsync: {{services: {{shop: {{{name}: {entry}}}}}}}\n"})

    message = repository_sync(proton, "SERVICE_SYNC")["events"][-1]["event"]
    assert message.startswith("sync.services.shop.xxx")
    assert len(message) < LONGEST


@pytest.mark.parametrize("push", [ServicePush, TemplatePush])
def test_a_mistake_of_the_mock_fails_one_sync_and_is_told(
    proton: Client,
    seed: Seed,
    linked: Any,
    follow: Callable[..., None],
    follow_ops_file: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    push: type,
) -> None:
    seed.service("shop")
    seed.service("store")
    follow_ops_file("shop", "shop.yaml")
    follow_ops_file("store", "store.yaml")
    follow("web")
    follow("net")
    take = push.take  # type: ignore[attr-defined]

    def broken(self: Any, config: Any, checkout: Any) -> None:
        if config.name in ("shop", "ENVIRONMENT/web"):
            raise ZeroDivisionError("by mistake")
        take(self, config, checkout)

    monkeypatch.setattr(push, "take", broken)
    entry = "{dev: {branch: main, spec: s}}"
    linked.commit(
        {
            **{f"{n}.yaml": f"sync: {{services: {{{n}: {entry}}}}}" for n in ("shop", "store")},
            "s": service_spec({"dev": "dev"}, inputs={"port": 5}),
            "web/v1/schema.yaml": "a",
            "net/v1/schema.yaml": "a",
        }
    )

    sync_type = "SERVICE_SYNC" if push is ServicePush else "TEMPLATE_SYNC"
    attempt = repository_sync(proton, sync_type)

    assert attempt["status"] == "FAILED"
    message = attempt["events"][-1]["event"]
    assert "ZeroDivisionError('by mistake')" in message
    assert "its own mistake" in message
    assert any(record.exc_info and record.levelno == logging.ERROR for record in caplog.records)
    synced = proton.get_service_instance(serviceName="store", name="dev")["serviceInstance"]
    assert "port: 5" in synced["spec"]
    assert proton.list_environment_template_versions(templateName="net")["templateVersions"]
    assert repository_sync(proton, sync_type) == attempt
    monkeypatch.undo()
    synced = proton.get_service_instance(serviceName="shop", name="dev")["serviceInstance"]
    assert "port: 5" in synced["spec"]
    assert proton.list_environment_template_versions(templateName="web")["templateVersions"]


def test_directories_that_hold_one_another_many_times_are_searched_once(
    linked: Any, follow: Callable[..., None], versions: Callable[..., dict[str, str]]
) -> None:
    follow("network")

    # Ten directories of ten in thirty levels: more paths than there are atoms.
    linked.commit_nested({"network/v1/schema.yaml": "a"}, levels=30, width=10)

    assert versions("network") == {"1.0": "DRAFT"}
