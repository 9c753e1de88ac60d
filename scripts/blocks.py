"""Parts of a document that a script writes: what stands between two comments of a name."""

from __future__ import annotations


def block(text: str, name: str) -> str:
    """The lines between ``<!-- name -->`` and ``<!-- end of name -->``."""
    return text.split(f"<!-- {name} -->\n")[1].split(f"<!-- end of {name} -->")[0]


def with_block(text: str, name: str, lines: str) -> str:
    """The text with other lines there."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, rest = text.split(begin)
    return f"{before}{begin}{lines}{end}{rest.split(end)[1]}"
