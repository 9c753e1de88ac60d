"""The error for work that exceeded its limits. Internal."""

from __future__ import annotations


class OutOfBoundsError(Exception):
    """Work that exceeded a limit and was ended.

    ``reason`` says which limit; ``file`` and ``line`` where in the text it was, None if unknown.
    """

    def __init__(self, reason: str, file: str | None = None, line: int | None = None) -> None:
        self.reason = reason
        self.file = file
        self.line = line
        place = file if line is None else f"{file}, line {line}"
        super().__init__(reason if file is None else f"{place}: {reason}")
