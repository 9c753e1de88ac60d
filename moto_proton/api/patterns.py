"""Turns the model's regular expressions, written for Java, into Python's with the same meaning.

``constraints`` knows which member a pattern belongs to, and words the refusal. Source: the service
model's patterns; that they are searched for (not matched in full) is Smithy's rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

# Java's dot stops at all of these; Python's at the first only.
_ANY_BUT_LINE_ENDS: Final = "[^\\n\\r\\u0085\\u2028\\u2029]"
# Choice: the very end. Python's own `$` would accept one trailing newline.
_VERY_END: Final = r"\Z"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    r"""The pattern for ``search``: ``\w`` and ``\d`` are ASCII, ``$`` is the very end."""
    return re.compile("".join(_translated(pattern)), re.ASCII)


def _translated(pattern: str) -> Iterator[str]:
    position, in_class = 0, False
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            yield pattern[position : position + 2]
            position += 2
            continue
        if in_class:
            in_class = character != "]"
            yield character
        elif character == "$":
            yield _VERY_END
        elif character == ".":
            yield _ANY_BUT_LINE_ENDS
        else:
            in_class = character == "["
            yield character
        position += 1
