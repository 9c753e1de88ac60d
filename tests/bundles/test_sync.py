"""Template sync: versions registered from the directories of a git repository."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from dulwich import porcelain

from moto_proton import BundleWarning, git
from moto_proton.seed import Seed

Client: TypeAlias = Any
Bundle: TypeAlias = Callable[..., Path]

REPOSITORY = "shop/infrastructure"


class Checkout:
    """A directory under git; ``push`` makes a directory in it equal to another one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        porcelain.init(str(path)).close()

    def push(self, directory: str, source: Path) -> None:
        target = self.path / directory
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(source, target)
        files = [str(path) for path in target.rglob("*") if path.is_file()]
        porcelain.add(str(self.path), paths=files)
        porcelain.commit(str(self.path), message=b"Change", author=b"S <s@s>", committer=b"S <s@s>")


@pytest.fixture
def checkout(tmp_path: Path, proton: Client, seed: Seed) -> Checkout:
    """A checkout that stands for a linked repository, and the template ``network`` follows it."""
    checkout = Checkout(tmp_path / "checkout")
    seed.repository(REPOSITORY)
    git.connect(REPOSITORY, checkout.path)
    proton.create_environment_template(name="network")
    proton.create_template_sync_config(
        templateName="network",
        templateType="ENVIRONMENT",
        repositoryName=REPOSITORY,
        repositoryProvider="GITHUB",
        branch="master",
    )
    return checkout


def version(proton: Client, minor: str = "0") -> dict[str, Any]:
    got = proton.get_environment_template_version(
        templateName="network", majorVersion="1", minorVersion=minor
    )
    return dict(got["environmentTemplateVersion"])


def test_a_pushed_directory_is_registered_as_it_is(
    proton: Client, checkout: Checkout, bundle: Bundle
) -> None:
    checkout.push("network/v1", bundle("network"))

    registered = version(proton)
    assert registered["status"] == "DRAFT"
    schema = bundle("network") / "schema" / "schema.yaml"
    assert registered["schema"] == schema.read_text(encoding="utf-8")


def test_an_environment_comes_of_a_synced_version(
    proton: Client, checkout: Checkout, bundle: Bundle, shop: Any
) -> None:
    checkout.push("network/v1", bundle("network"))
    proton.update_environment_template_version(
        templateName="network", majorVersion="1", minorVersion="0", status="PUBLISHED"
    )

    shop.network()

    assert shop.environment_outputs()["Network"] == "10.0.0.0/16 small 2"


def test_a_broken_directory_makes_a_version_that_failed(
    proton: Client, checkout: Checkout, bundle: Bundle
) -> None:
    checkout.push("network/v1", bundle("network", {"infrastructure/manifest.yaml": None}))

    failed = version(proton)
    assert failed["status"] == "REGISTRATION_FAILED"
    assert "infrastructure/manifest.yaml" in failed["statusMessage"]


def test_a_push_that_narrows_the_schema_makes_a_minor_version_that_failed(
    proton: Client, checkout: Checkout, bundle: Bundle
) -> None:
    checkout.push("network/v1", bundle("network"))
    assert version(proton)["status"] == "DRAFT"

    narrower = bundle("network", {"schema/schema.yaml": ("maximum: 3", "maximum: 2")})
    checkout.push("network/v1", narrower)

    failed = version(proton, "1")
    assert failed["status"] == "REGISTRATION_FAILED"
    assert "zones" in failed["statusMessage"]


def test_a_doubt_that_is_an_error_fails_the_sync_and_makes_no_version(
    proton: Client, checkout: Checkout, bundle: Bundle
) -> None:
    manifest = ("file: cloudformation.yaml", "file: ./cloudformation.yaml")
    odd = bundle("network", {"infrastructure/manifest.yaml": manifest})

    checkout.push("network/v1", odd)

    assert (
        proton.list_environment_template_versions(templateName="network")["templateVersions"] == []
    )
    attempt = proton.get_template_sync_status(
        templateName="network", templateType="ENVIRONMENT", templateVersion="1"
    )["latestSync"]
    assert attempt["status"] == "FAILED"
    assert "is taken for cloudformation.yaml" in attempt["events"][-1]["event"]


def test_a_doubt_is_told_with_the_call_that_takes_the_push_in(
    proton: Client, checkout: Checkout, bundle: Bundle
) -> None:
    manifest = ("file: cloudformation.yaml", "file: ./cloudformation.yaml")
    checkout.push("network/v1", bundle("network", {"infrastructure/manifest.yaml": manifest}))

    with pytest.warns(BundleWarning):
        assert version(proton)["status"] == "DRAFT"
