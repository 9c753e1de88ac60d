"""A text with Jinja in it, compiled once and rendered as often as wanted.

Rule 8.5-15. What templates may do is ``sandbox``'s.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Template

from moto_proton.render.filters import aligned
from moto_proton.render.limits import LONGEST_OUTPUT, Budget, LimitExceededError, spending
from moto_proton.render.locating import runtime_error, syntax_error
from moto_proton.render.namespace import plain
from moto_proton.render.sandbox import Sandbox

# What a structure of plain data can hold besides text.
_KEPT: Final = (dict, list, tuple, int, float, type(None))


@cache
def _sandbox() -> Sandbox:
    return Sandbox()


class CompiledTemplate:
    """A template that is ready to be rendered. ``file`` is where it stood, for messages."""

    def __init__(self, file: str, source: str) -> None:
        """Compile a source; raises RenderError."""
        self._file = file
        self._source = source
        try:
            with spending(Budget({})):
                self._template: Template = _sandbox().from_string(source)
        except Exception as error:
            raise syntax_error(file, source, error) from None

    def render(self, namespace: dict[str, Any]) -> str:
        """The text with the values of a namespace in it; raises RenderError."""
        return aligned("".join(self._pieces(Budget(namespace))))

    def evaluate(self, namespace: dict[str, Any]) -> Any:
        """As :meth:`render`; but of a source that is one expression, its value as it is."""
        spent = Budget(namespace)
        pieces = self._pieces(spent)
        if len(pieces) == 1 and spent.printed == 1 and isinstance(spent.value, _KEPT):
            return plain(spent.value)
        return aligned("".join(pieces))

    def _pieces(self, spent: Budget) -> list[str]:
        pieces: list[str] = []
        length = 0
        template = self._template
        try:
            with spending(spent):
                for piece in template.root_render_func(template.new_context(spent.namespace)):
                    pieces.append(piece)
                    length += len(piece)
                    if length > LONGEST_OUTPUT:
                        raise LimitExceededError(
                            f"the rendered file is longer than {LONGEST_OUTPUT:,} characters"
                        )
        # Whatever a template makes Python raise is the template's error. An interrupt is not.
        except Exception as error:
            raise runtime_error(self._file, self._source, template, error, spent) from None
        return pieces
