"""What the conformance tests share: a world to send variants to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moto_proton.mock import MockProton
from tests.conformance.running import Runner
from tests.conformance.world import CONFIG, let_go


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """Runs variants in a world of its own, made once for a module."""
    with MockProton({"proton": CONFIG}):
        try:
            yield Runner()
        finally:
            let_go()
