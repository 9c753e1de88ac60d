"""The built sdist and wheel: their contents and their metadata."""

from __future__ import annotations

import email
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

import moto_proton

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]
TOP = f"moto_proton-{moto_proton.__version__}"
EXTRAS = {"cloudformation", "git", "pytest", "server"}


def sources() -> list[Path]:
    """The files that the repository tracks; in an unpacked sdist, those that its list names."""
    if (ROOT / ".git").exists():
        listed = run("git", "ls-files", "-z", cwd=ROOT).split("\0")
    else:
        listed = (ROOT / "moto_proton.egg-info" / "SOURCES.txt").read_text("utf-8").splitlines()
    paths = [Path(path) for path in listed if path and "egg-info" not in path]
    return [path for path in paths if (ROOT / path).is_file()]


def run(*command: str, cwd: Path) -> str:
    """The output of a command that has to succeed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Built(NamedTuple):
    """The unpacked sdist, and the unpacked wheel that was made of it."""

    sdist: Path
    wheel: Path
    metadata: Message


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built as ``make build`` does, of a copy and without asking an index for setuptools."""
    folder = tmp_path_factory.mktemp("build")
    for path in sources():
        (folder / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / "source" / path)
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"))
    run(*build, cwd=folder / "source")
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    (wheel,) = (folder / "dist").glob("*.whl")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "wheel")
    text = (folder / "wheel" / f"{TOP}.dist-info" / "METADATA").read_text("utf-8")
    return Built(folder / TOP, folder / "wheel", email.message_from_string(text))


def test_the_sdist_has_every_file_of_the_repository(built: Built) -> None:
    assert [path for path in sources() if not (built.sdist / path).is_file()] == []


def test_the_tests_run_from_the_unpacked_sdist(built: Built) -> None:
    """They find the files that they read; those that read most of them are enough to tell."""
    tests = ("tests/docs/test_links.py", "tests/contract", "tests/cli", "moto_proton/examples")

    run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, cwd=built.sdist)


def test_the_wheel_has_the_package_and_nothing_else(built: Built) -> None:
    assert sorted(path.name for path in built.wheel.iterdir()) == [
        "moto_proton",
        f"{TOP}.dist-info",
    ]


def test_the_wheel_has_every_file_of_the_package(built: Built) -> None:
    package = [path for path in sources() if path.parts[0] == "moto_proton"]

    assert [path for path in package if not (built.wheel / path).is_file()] == []


def test_the_metadata_say_who_what_and_for_which_python(built: Built) -> None:
    metadata = built.metadata

    assert metadata["Name"].replace("-", "_") == "moto_proton"
    assert metadata["Version"] == moto_proton.__version__
    assert metadata["Author"] == "The moto_proton developers"
    assert metadata["License"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert set(metadata.get_all("Provides-Extra", [])) >= EXTRAS


def test_no_link_of_the_package_page_leads_nowhere(built: Built) -> None:
    """Those to files are names, or absolute once the project has an address."""
    page = str(built.metadata.get_payload())

    links = re.findall(r"\[[^\]]+\]\(([^)\s]+)\)", page)
    assert links
    assert [link for link in links if not link.startswith("https://")] == []


def test_every_file_that_the_package_page_names_is_in_the_sdist(built: Built) -> None:
    page = str(built.metadata.get_payload())

    named = re.findall(r"\(`([^`\s]+/?[^`\s]*\.\w+)`\)", page)
    assert [path for path in named if not (built.sdist / path).is_file()] == []


def test_the_command_and_the_plugin_of_the_wheel_lead_to_functions_and_modules(
    built: Built,
) -> None:
    """Imported from the wheel, with nothing of the repository on the path."""
    code = (
        "import importlib, importlib.metadata, sys; sys.path.insert(0, sys.argv[1]);"
        "found = [each for each in importlib.metadata.distribution('moto_proton').entry_points];"
        "[each.load() for each in found];"
        "print(*sorted(each.name for each in found), sys.modules['moto_proton'].__file__)"
    )
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(built.wheel)],
        cwd=built.wheel.parent, env=environment, capture_output=True, text=True,
    )  # fmt: skip

    expected = built.wheel / "moto_proton" / "__init__.py"
    assert done.stdout == f"moto-proton moto_proton {expected}\n", done.stderr
