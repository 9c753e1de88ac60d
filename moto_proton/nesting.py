"""Limits how deep a text may be nested, before a parser reaches a limit of its own.

The limits of parsers (Python's recursion limit, a constant in libyaml) differ from release to
release, and so would the error messages. JSON is checked here, before it is parsed; for YAML see
``with_events`` in :mod:`moto_proton.yamltext.events`.

Internal: no part of the public API.
"""

from __future__ import annotations

import re
from typing import Final

MAX_DEPTH: Final = 100
"""Levels of lists and mappings. A choice: no input of Proton needs a tenth of them."""

_STRING_OR_BRACKET: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{\]}]', re.DOTALL)


class TooDeep(ValueError):
    """A text is nested deeper than ``MAX_DEPTH`` levels; ``line`` is where, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"nested deeper than {MAX_DEPTH} levels")
        self.line = line


def check_json(text: str) -> None:
    """Raise TooDeep for JSON that is nested too deeply; does not check that it is JSON."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        mark = text[found.start()]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise TooDeep(text.count("\n", 0, found.start()) + 1)
        elif mark in "]}":
            depth -= 1
