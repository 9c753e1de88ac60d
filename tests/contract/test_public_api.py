"""``docs/public-api.md`` and the code name the same things: what is listed there, and no more.

A failure means that a public name was added, renamed or removed. If it is meant, change the page
and the changelog; if not, give the name an underscore.
"""

from __future__ import annotations

import ast
import configparser
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import click
import pytest

import moto_proton
from moto_proton import pytest_plugin, settings
from moto_proton.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "public-api.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| ---")
]
PYTHON = [row for row in ROWS if len(row) == 3 and row[0].startswith("`moto_proton")]
MODULES = list(dict.fromkeys(row[0].strip("`") for row in PYTHON))


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def listed(what: str) -> list[str]:
    """The names in the last column of the row or rows that begin with this."""
    found = [names(row[-1]) for row in ROWS if row[0] == what]
    assert found, f"docs/public-api.md has no row {what}"
    return sorted(name for each in found for name in each)


# --- Python ---


@pytest.mark.parametrize("module", MODULES)
def test_a_public_module_exports_what_the_page_lists(module: str) -> None:
    exported = importlib.import_module(module).__all__

    assert sorted(exported) == listed(f"`{module}`")


@pytest.mark.parametrize("module", MODULES)
def test_importing_everything_from_a_public_module_gives_what_it_exports(module: str) -> None:
    namespace: dict[str, object] = {}

    exec(f"from {module} import *", namespace)

    del namespace["__builtins__"]
    assert sorted(namespace) == sorted(importlib.import_module(module).__all__)


@pytest.mark.parametrize("module", MODULES)
def test_a_public_module_defines_nothing_public_that_it_does_not_export(module: str) -> None:
    """What is imported into a module is another's; what it makes itself is exported or private."""
    imported = importlib.import_module(module)

    leaks = {name for name in own_names(imported) if not name.startswith("_")}

    assert leaks - set(imported.__all__) == set()


def test_the_package_offers_completion_for_its_public_names_alone() -> None:
    assert dir(moto_proton) == sorted(moto_proton.__all__)


def own_names(module: ModuleType) -> set[str]:
    """The names that the statements of a module define or assign to."""
    found: set[str] = set()
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(each.id for each in node.targets if isinstance(each, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


@pytest.mark.parametrize(
    "module", [f"moto_proton.{found.name}" for found in pkgutil.iter_modules(moto_proton.__path__)]
)
def test_a_module_is_listed_or_calls_itself_internal(module: str) -> None:
    """Somebody who opens a file sees whether it makes promises."""
    documentation = inspect.getdoc(importlib.import_module(module)) or ""

    assert ("Internal" in documentation) == (module not in MODULES)


# --- What is not imported ---


def test_the_page_lists_the_fixtures() -> None:
    # Functions before pytest 8.4, and then objects of a class of pytest's own.
    found = [
        name
        for name, value in vars(pytest_plugin).items()
        if hasattr(value, "_pytestfixturefunction") or "Fixture" in type(value).__name__
    ]

    assert sorted(name for name in found if not name.startswith("_")) == listed("fixtures")


def test_the_page_lists_ini_options_and_markers() -> None:
    """As the plugin declares them to pytest."""
    ini_options: list[str] = []
    markers: list[str] = []
    parser = SimpleNamespace(addini=lambda name, *rest, **more: ini_options.append(name))
    config = SimpleNamespace(addinivalue_line=lambda name, line: markers.append(line))

    pytest_plugin.pytest_addoption(cast(pytest.Parser, parser))
    pytest_plugin.pytest_configure(cast(pytest.Config, config))

    assert sorted(ini_options) == listed("ini options")
    assert [line.partition("(")[0] for line in markers] == listed("marker")
    assert sorted(pytest_plugin._KEYWORDS) == listed("arguments of the marker")


def test_the_page_lists_the_commands() -> None:
    commands = {
        "`moto-proton`": main,
        **{f"`moto-proton {n}`": c for n, c in main.commands.items()},
    }

    assert {row[0] for row in ROWS if row[0].startswith("`moto-proton")} == set(commands)
    for name, command in commands.items():
        assert words(command) == listed(name)


def words(command: click.Command) -> list[str]:
    """The options of a command and the names of its arguments; of a group, help as well."""
    found: list[str] = []
    for parameter in command.params:
        option = isinstance(parameter, click.Option)
        found.extend(parameter.opts if option else [parameter.human_readable_name])
    if isinstance(command, click.Group):
        found.extend(command.context_settings["help_option_names"])
    return sorted(found)


def test_the_page_lists_the_settings() -> None:
    from moto_proton import bridge
    from moto_proton.settings.quotas import DEFAULT_QUOTAS

    assert sorted(settings.Settings.__slots__) == listed('keys of `config={"proton": ...}`')
    assert sorted(DEFAULT_QUOTAS) == listed("keys of `quotas`")
    assert sorted(settings.PROVISIONERS) == listed("names of `provisioner`")
    assert sorted(bridge.TRANSITION_MODELS) == listed("models of moto's state manager")


def test_the_page_lists_the_extras_for_users() -> None:
    """The others are for those who work on the package: CONTRIBUTING.md."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", "utf-8")

    extras = set(config["options.extras_require"]) - {"awscli", "lint", "nox", "test"}
    assert sorted(extras) == listed("extras of the package")


def test_the_page_lists_the_control_routes() -> None:
    routes = {
        route
        for path in (ROOT / "moto_proton").rglob("*.py")
        for route in re.findall(r'"(/moto-api/proton[^"]*)"', path.read_text("utf-8"))
    }

    assert routes == {row[0].strip("`") for row in ROWS if row[0].startswith("`/moto-api")}


def test_there_is_no_environment_variable_of_our_own() -> None:
    for path in (ROOT / "moto_proton").rglob("*.py"):
        assert not re.search(r"\bMOTO_PROTON_\w+", path.read_text("utf-8")), path
