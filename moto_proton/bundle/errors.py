"""The errors of invalid bundles and the doubts about odd ones, which say what is wrong and where.

The caller shows errors, as the ``statusMessage`` of a failed registration or as the message of a
refused component. What is only doubtful registers (Rule 15-3), and the caller warns of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from moto_proton.recorded_messages import SCHEMA_NOT_VALID


class BundleWarning(UserWarning):
    """Something doubtful in a template bundle or in a component, which Proton took all the same.

    The call that registers or creates warns before it does anything: where warnings are errors, it
    leaves nothing behind.
    """


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something doubtful in a file of a bundle; ``line`` counts from 1."""

    detail: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.detail}"


def warn_of(doubts: Iterable[Doubt], whose: str) -> None:
    """Warn of each doubt, with who has it; the first one is raised where warnings are errors."""
    for doubt in doubts:
        warnings.warn(f"{whose}: {doubt}", BundleWarning, stacklevel=2)


class BundleError(Exception):
    """A bundle, or a part of one, that Proton would not register.

    ``file`` is the path below the bundle's root, None where it is about the bundle as a whole;
    ``line`` counts from 1 and is None if no line can be named.
    """

    def __init__(self, detail: str, *, file: str | None = None, line: int | None = None) -> None:
        self.detail = detail
        self.file = file
        self.line = line
        super().__init__(detail)

    def __str__(self) -> str:
        if self.file is None:
            return self.detail
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.detail}"


class SchemaError(BundleError):
    """A ``schema.yaml`` that Proton would not register; ``kind`` is Environment or Service.

    The form of the text is recorded for a missing property of a service template, and carried over
    to everything else.

    Rule 7.2-3.
    """

    def __init__(
        self, kind: str, detail: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        self.kind = kind
        super().__init__(detail, file=file, line=line)

    def __str__(self) -> str:
        return SCHEMA_NOT_VALID(kind=self.kind, detail=super().__str__())
