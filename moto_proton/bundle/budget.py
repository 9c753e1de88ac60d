"""Limits the work of checks against a schema, so that a hostile schema or spec can't make them
endless.

The numbers are choices: an ordinary check takes some ten steps for each input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Steps: keywords that are evaluated, each with the items that it goes through.
MAX_STEPS: Final = 100_000
# Seconds for all regular expressions together.
PATTERN_SECONDS: Final = 0.5
# Defaults added: a list of many objects with many defaults could become huge.
MAX_DEFAULTS: Final = 50_000


class TooMuchError(Exception):
    """A check that would exceed the budget."""


@dataclass(slots=True)
class Budget:
    """The remaining budget of one check, or of several that share it."""

    steps: int = MAX_STEPS
    pattern_seconds: float = PATTERN_SECONDS
    defaults: int = MAX_DEFAULTS

    def take_steps(self, number: int) -> None:
        """Use up this many steps. Raises TooMuchError."""
        self.steps -= number
        if self.steps < 0:
            raise TooMuchError

    def take_default(self) -> None:
        """Count one added default. Raises TooMuchError."""
        self.defaults -= 1
        if self.defaults < 0:
            raise TooMuchError
