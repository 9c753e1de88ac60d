"""The document of the conformance suite is current, and its check would notice if not.

Whether the variants pass is what ``tests/conformance`` says: here they are derived, and not sent.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from moto_proton import api
from scripts.conformance import check, derive, failures

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "conformance.md"

pytestmark = pytest.mark.skipif(
    len(api.operation_names()) < 87, reason="the document is made of a newer service model"
)


def test_the_document_is_current_and_the_check_notices_if_not() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    variants = document.partition(" operations, ")[2].partition(" variants")[0]
    more = document.replace(f"{variants} variants", f"{int(variants) + 1} variants", 1)
    other = document.replace("| GetService |", "| GetShop |", 1)
    assert len({document, more, other}) == 3

    results = derive()

    stale = "docs/conformance.md is stale; run python -m scripts.conformance"
    assert check(document, results) == []
    assert check(other, results) == [stale]
    fewer, said = check(more, results)
    assert fewer.startswith(f"there are {variants} variants, fewer than the ")
    assert said == stale
    assert any("fewer than the" in each for each in check(document, results[:-1]))
    results[0].passed.clear()
    results[0].failures.append("boundary, name: refused")
    assert failures(results) == ["AcceptEnvironmentAccountConnection: boundary, name: refused"]


def test_the_document_says_that_all_variants_pass() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line.count("|") == 13
    ]
    numbers = [row for row in rows if row[7].isdigit()]

    assert {row[0] for row in numbers} == {*api.operation_names(), "all"}
    assert all(row[7] == row[11] for row in numbers)
