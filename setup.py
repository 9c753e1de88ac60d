"""What ``setup.cfg`` can't say: the version, and the package page, made from the README.

The README's links lead to files beside it, which a package page has not got. Once ``setup.cfg``
has an address, they lead there, to the files of this version; else the page shows their names.
"""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path
from typing import Final

from setuptools import setup

HERE: Final = Path(__file__).parent

# Code is matched too, so that nothing in it is taken for a link.
_CODE_OR_LINK: Final = re.compile(
    r"```.*?```|`[^`\n]+`|\[(?P<text>[^\]]+)\]\((?!https?://|#)(?P<path>[^)\s]+)\)", re.DOTALL
)
_WHERE_THE_FILES_ARE: Final = (
    "\nThe files that this page names are in the source distribution: "
    "`pip download --no-deps --no-binary moto_proton moto_proton`.\n"
)


def version() -> str:
    """The version of the package, read without importing it."""
    source = (HERE / "moto_proton" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    assert found is not None
    return found[1]


def address() -> str:
    """The public address of the project without a slash at its end; empty if it has none."""
    config = ConfigParser()
    config.read(HERE / "setup.cfg", "utf-8")
    return config["project_page"]["address"].rstrip("/")


def long_description(readme: str, address: str, version: str) -> str:
    """The README as a package page can show it: no link leads to a file beside it."""

    def absolute(found: re.Match[str]) -> str:
        if found["path"] is None:
            return found[0]
        if not address:
            return f"{found['text']} (`{found['path']}`)"
        return f"[{found['text']}]({address}/blob/v{version}/{found['path']})"

    page = _CODE_OR_LINK.sub(absolute, readme)
    return page if address else page + _WHERE_THE_FILES_ARE


def project_urls(address: str, version: str) -> dict[str, str]:
    """The links beside the package page; none as long as there is no address."""
    if not address:
        return {}
    files = f"{address}/blob/v{version}"
    return {
        "Source": address,
        "Documentation": f"{files}/docs/usage.md",
        "Changelog": f"{files}/CHANGELOG.md",
        "Issues": f"{address}/issues",
    }


if __name__ == "__main__":
    setup(
        version=version(),
        long_description=long_description(
            (HERE / "README.md").read_text("utf-8"), address(), version()
        ),
        long_description_content_type="text/markdown",
        project_urls=project_urls(address(), version()),
    )
