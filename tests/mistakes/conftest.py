"""A client of the mock, for mistakes that need one."""

from __future__ import annotations

from typing import Any

import pytest

from moto_proton.mock import MockProton
from moto_proton.seed import Seed


@pytest.fixture
def proton(proton_mock: MockProton, proton_client: Any) -> Any:
    return proton_client


@pytest.fixture
def seed(proton: Any) -> Seed:
    return Seed(proton)
