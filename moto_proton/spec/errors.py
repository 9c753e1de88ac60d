"""The errors of invalid specs.

They are ``ValueError``s with details as attributes; the code that answers requests turns them into
Proton's errors. The first sentence of the message is Proton's, the rest is our own.
"""

from __future__ import annotations

from typing import Literal

from moto_proton.recorded_messages import SPEC_NOT_CORRECTLY_FORMATTED
from moto_proton.spec.values import PLACEHOLDER

SpecKind = Literal["Service", "Environment"]


class SpecError(ValueError):
    """A spec that cannot be read or that breaks the grammar.

    ``path`` names the value ("instances[1].environment"), "" the whole document. ``line`` and
    ``column`` count from 1, and are both None if no place can be named.
    """

    def __init__(
        self,
        kind: SpecKind,
        path: str,
        detail: str,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.kind: SpecKind = kind
        self.path = path
        self.detail = detail
        self.line = line
        self.column = column
        super().__init__(kind, path, detail, line, column)

    def __str__(self) -> str:
        place = f" (line {self.line}, column {self.column})" if self.line is not None else ""
        # Rules 4.1-13 and 4.2-3.
        return f"{SPEC_NOT_CORRECTLY_FORMATTED(kind=self.kind)} {self.explanation}{place}"

    @property
    def explanation(self) -> str:
        """The detail with its path, without the recorded sentence and without the place."""
        return f"{self.path}: {self.detail}" if self.path else self.detail


class CurrentValueError(ValueError):
    """``${Proton::CURRENT_VAL}`` is used where there is no current value.

    ``paths`` holds every such place, in the order of the spec.
    """

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths
        super().__init__(paths)

    def __str__(self) -> str:
        return f"{PLACEHOLDER} has no current value to keep at {', '.join(self.paths)}"
