"""How Jinja reads a template here: up to so many tokens and brackets, past references in comments.

A megabyte of tokens takes Jinja's parser ten seconds. CloudFormation's dynamic references
(``{{resolve:ssm:/shop/key}}``) look like Jinja, and are none: in a comment of YAML one says
nothing, anywhere else ``{% raw %}`` has to stand around it (Rule 15-7).

This module imports Jinja, so it is only imported to read a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from jinja2 import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token

# Tokens within tags, and one for each text between tags (choice: a second for the parser).
MOST_TOKENS: Final = 60_000
# Brackets within brackets. Jinja's parser makes thirteen calls for each, of Python's thousand:
# without a limit of ours it would depend on the caller how many there may be.
MOST_BRACKETS: Final = 40

_STEPS: Final = {
    **dict.fromkeys(("lparen", "lbracket", "lbrace"), 1),
    **dict.fromkeys(("rparen", "rbracket", "rbrace"), -1),
}


class TokenLimit(Extension):
    """Refuses a template that is too long, or nested too deeply, while its parser reads it."""

    def filter_stream(self, stream: Iterable[Token]) -> Iterator[Token]:
        """The tokens; raises TemplateSyntaxError at one too many."""
        depth = 0
        for number, token in enumerate(stream):
            if number == MOST_TOKENS:
                raise TemplateSyntaxError("the template has too many tags", token.lineno)
            depth += _STEPS.get(token.type, 0)
            if depth > MOST_BRACKETS:
                message = f"brackets are nested deeper than {MOST_BRACKETS} levels"
                raise TemplateSyntaxError(message, token.lineno)
            yield token


_REFERENCE: Final = re.compile(r"\{\{[-+]?\s*resolve:")
# What Jinja does not look into, or else a line with a reference, up to the end of the reference.
_COMMENTED: Final = re.compile(
    r"\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}"
    r"|\{#.*?#\}"
    r"|(?P<reference>\{\{[-+]?\s*resolve:[^\n]*?\}\})",
    re.DOTALL,
)


class CommentedReferences(Extension):
    """Keeps dynamic references in comments of YAML from being taken for Jinja."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template with those references as plain text; its lines stay where they are."""
        if _REFERENCE.search(source) is None:
            return source

        def spared(found: re.Match[str]) -> str:
            begin = source.rfind("\n", 0, found.start()) + 1
            if found["reference"] is None or not _in_comment(source[begin : found.start()]):
                return found[0]
            return f"{{% raw %}}{found[0]}{{% endraw %}}"

        return _COMMENTED.sub(spared, source)


def _in_comment(before: str) -> bool:
    """Whether a comment of YAML begins in what stands on a line before something."""
    for found in re.finditer(r"(?<!\S)#", before):
        quoted = before[: found.start()]
        if quoted.count("'") % 2 == quoted.count('"') % 2 == 0:
            return True
    return False


def explained(source: str, error: TemplateSyntaxError) -> str:
    """What is wrong with a template, and what to do where it is a dynamic reference."""
    message = error.message or "it is no template"
    lines = source.splitlines()
    if 0 < error.lineno <= len(lines) and _REFERENCE.search(lines[error.lineno - 1]):
        message += (
            ". Jinja takes the {{resolve:...}} of CloudFormation for an expression of its own: put "
            "{% raw %} before it and {% endraw %} behind it"
        )
    return message


EXTENSIONS: Final = (TokenLimit, CommentedReferences)
"""What every environment that reads templates has."""
