"""The error that rendering raises: what went wrong, and in which line and column.

The place is found by :mod:`~moto_proton.render.locating`.
"""

from __future__ import annotations


class RenderError(Exception):
    """A template that cannot be rendered with the parameters it was given.

    ``file`` is the path in the bundle, ``line`` and ``column`` count from 1 and are None where they
    cannot be known. ``excerpt`` is the source line with a caret line below it, or None.
    """

    def __init__(
        self,
        file: str,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        source: str | None = None,
    ) -> None:
        self.file = file
        self.message = message
        self.line = line
        self.column = column
        self.excerpt = None if line is None or source is None else excerpt(source, line, column)
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {message}")

    def explain(self) -> str:
        """The message with the source line and a caret under the place, where they are known."""
        return str(self) if self.excerpt is None else f"{self}\n{self.excerpt}"


def excerpt(source: str, line: int, column: int | None) -> str | None:
    """A line of a source with a caret line below it; None if there is no such line."""
    lines = source.splitlines()
    if line > len(lines):
        return None
    text = lines[line - 1].expandtabs(1)
    indent = len(text) - len(text.lstrip())
    caret = indent if column is None else column - 1
    return f"    {text}\n    {' ' * caret}^"
