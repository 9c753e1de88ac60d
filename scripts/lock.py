"""Renews the pins in ``requirements/``: what the project's own commands install, and the oldest.

::

    python -m scripts.lock  # as `make lock` does; asks the index for what is new

``pins.txt`` names every package that a command of the README installs, for each supported Python:
the newest of all that go together. ``oldest.txt`` has every lower bound of ``setup.cfg``, as the
oldest corner of ``.ci/run`` installs it. Both are constraints for pip; ``setup.cfg`` says what is
installed, and stays in ranges for users.
"""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PINS: Final = Path("requirements/pins.txt")
OLDEST: Final = Path("requirements/oldest.txt")
OLDEST_EXTRA: Final = "test"
"""What the oldest corner installs beside the package's own requirements."""

_BOUND: Final = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?>=(?P<version>[\d.]+)")


def lower_bounds() -> dict[str, str]:
    """The oldest release of each package that ``setup.cfg`` admits, by the package's name.

    Of the package's own requirements and of the tests'; one without a lower bound is missing.
    """
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return dict(_bounds(config))


def _bounds(config: configparser.ConfigParser) -> Iterator[tuple[str, str]]:
    for section, option in (
        ("options", "install_requires"),
        ("options.extras_require", OLDEST_EXTRA),
    ):
        for line in config[section][option].splitlines():
            if found := _BOUND.match(line):
                yield found["name"], found["version"]


def main() -> None:
    """Renew both files."""
    _compile(PINS, "--universal", "--all-extras")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        # A bound is a promise only if nothing else that is installed keeps it from being tried.
        for name, version in lower_bounds().items():
            print(f"{name}<={version}", file=constraints)
        constraints.flush()
        _compile(
            OLDEST,
            *("--resolution", "lowest-direct", "--extra", OLDEST_EXTRA),
            *("--constraints", constraints.name),
        )


def _compile(target: Path, *options: str) -> None:
    """Have uv resolve ``setup.cfg``; nothing of this machine or its index gets into the file."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--upgrade"]
    command += ["--python-version", "3.10", "--no-annotate", "--no-emit-index-url"]
    command += ["--custom-compile-command", "make lock", "--output-file", str(target)]
    subprocess.run([*command, *options, "setup.cfg"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
