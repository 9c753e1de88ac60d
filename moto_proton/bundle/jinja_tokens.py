"""Limits the length of Jinja templates in tokens: a megabyte of them takes Jinja's parser ten
seconds.

This module imports Jinja, so it is only imported to read a template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from jinja2 import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token

# Of what is within tags, and for each text between them one (choice: a second for the parser).
MOST_TOKENS: Final = 60_000


class TokenLimit(Extension):
    """Refuses a template that is too long while its parser reads it."""

    def filter_stream(self, stream: Iterable[Token]) -> Iterator[Token]:
        """The tokens; raises TemplateSyntaxError at one too many."""
        for number, token in enumerate(stream):
            if number == MOST_TOKENS:
                raise TemplateSyntaxError("the template has too many tags", token.lineno)
            yield token
