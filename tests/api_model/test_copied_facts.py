"""The package's copy of the API's facts: it says what botocore says, and has no prose."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader

from moto_proton import api

ROOT = Path(__file__).parents[2]
FILES = sorted(api.MODEL_PATH.rglob("*.json"))
OURS = {
    "A custom endpoint takes no FIPS.",
    "A custom endpoint takes no dual-stack.",
    "No region is given.",
    "This partition has no endpoints that are FIPS and dual-stack.",
    "This partition has no endpoints that are FIPS.",
    "This partition has no endpoints that are dual-stack.",
}


@pytest.mark.skipif(
    not (Path(Loader.BUILTIN_DATA_PATH) / "proton").is_dir(), reason="botocore has no Proton"
)
@pytest.mark.costly
def test_the_copy_says_what_the_installed_botocore_says() -> None:
    command = [sys.executable, "-m", "scripts.api_facts", "--check"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_the_check_notices_whatever_differs() -> None:
    code = (
        "import scripts.api_facts as f\n"
        "f.facts = f.copied\n"
        "f.regions_known = lambda: {'aws': ['us-east-1']}\n"
        "changed = f.copied('service-2')\n"
        "changed['shapes']['Arn']['max'] = 7\n"
        "changed['operations']['New'] = {}\n"
        "f.copied = lambda kind, real=f.copied: changed if kind == 'service-2' else real(kind)\n"
        "print(*f.differences(), sep='\\n')"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    operations, shapes, regions = finished.stdout.splitlines()
    assert operations == "service-2 / operations / New: only moto_proton has it"
    assert shapes == "service-2 / shapes / Arn / max: botocore has 200, moto_proton 7"
    assert regions.startswith("regions / aws: botocore has ['us-east-1'], moto_proton [")


def test_the_copy_is_laid_out_as_botocore_looks_for_it() -> None:
    assert [str(path.relative_to(api.MODEL_PATH).as_posix()) for path in FILES] == [
        "proton/2020-07-20/endpoint-rule-set-1.json",
        "proton/2020-07-20/examples-1.json",
        "proton/2020-07-20/paginators-1.json",
        "proton/2020-07-20/service-2.json",
        "proton/2020-07-20/waiters-2.json",
    ]
    assert sum(path.stat().st_size for path in FILES) < 120_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_copy_holds_no_prose(path: Path) -> None:
    spoken = {text for text in texts(json.loads(path.read_text())) if re.search(r"\s", text)}
    assert spoken <= {"AWS Proton", *OURS}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
