"""``setup.py``: what a package index shows, made from the README and the one address."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import moto_proton

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "https://example.org/somebody/moto_proton"
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_of_moto_proton", ROOT / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_an_address_links_to_files_are_their_names(setup: ModuleType) -> None:
    page = setup.long_description("See [how to use it](docs/usage.md#faults).\n", "", "1.2")

    assert page.startswith("See how to use it (`docs/usage.md#faults`).\n")
    assert "source distribution" in page


def test_with_an_address_links_lead_to_the_files_of_this_version(setup: ModuleType) -> None:
    page = setup.long_description("See [how to use it](docs/usage.md#faults).\n", ADDRESS, "1.2")

    assert page == f"See [how to use it]({ADDRESS}/blob/v1.2/docs/usage.md#faults).\n"


@pytest.mark.parametrize("address", ["", ADDRESS], ids=["without address", "with address"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[moto](https://github.com/getmoto/moto)", id="absolute link"),
        pytest.param("[above](#statuses)", id="link on the page"),
        pytest.param("`handlers[name](call)`", id="code"),
        pytest.param("```python\nhandlers[name](call)\n```", id="block of code"),
    ],
)
def test_what_leads_to_no_file_stays(setup: ModuleType, text: str, address: str) -> None:
    assert setup.long_description(text, address, "1.2").startswith(text)


@pytest.mark.parametrize("address", ["", ADDRESS], ids=["without address", "with address"])
def test_no_link_of_the_page_depends_on_where_it_is_shown(setup: ModuleType, address: str) -> None:
    page = setup.long_description(README, address, "1.2")

    assert [link for link in LINK.findall(page) if not link.startswith("https://")] == []


def test_every_link_made_of_the_address_names_a_file_of_the_repository(setup: ModuleType) -> None:
    page = setup.long_description(README, ADDRESS, "1.2")
    urls = setup.project_urls(ADDRESS, "1.2").values()

    prefix = f"{ADDRESS}/blob/v1.2/"
    paths = [link.removeprefix(prefix) for link in [*LINK.findall(page), *urls] if prefix in link]
    assert {"docs/usage.md", "CHANGELOG.md"} <= set(paths)
    assert [path for path in paths if not (ROOT / path.partition("#")[0]).is_file()] == []


def test_without_an_address_there_are_no_project_urls(setup: ModuleType) -> None:
    assert setup.project_urls("", "1.2") == {}


def test_the_version_is_that_of_the_package(setup: ModuleType) -> None:
    assert setup.version() == moto_proton.__version__
