"""A mistake that users make, and the sentence that they get: a row of the tables beside this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Mistake:
    """``sentence`` is part of the message, of the words that help; ``error`` its exception."""

    name: str
    make: Callable[..., Any]
    sentence: str
    error: type[Exception] = ValueError


def each(*rows: Mistake) -> pytest.MarkDecorator:
    """A test for every row."""
    return pytest.mark.parametrize("mistake", [pytest.param(row, id=row.name) for row in rows])


def check(mistake: Mistake, *given: Any) -> None:
    """The mistake is refused with its sentence."""
    with pytest.raises(mistake.error) as raised:
        mistake.make(*given)

    assert mistake.sentence in str(raised.value)
