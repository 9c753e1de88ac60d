"""A text with Jinja in it, compiled once and rendered as often as wanted.

Rule 8.5-15. ``sandbox`` limits what templates may do.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Template
from jinja2.exceptions import UndefinedError

from moto_proton import workplace
from moto_proton.render.errors import RenderError
from moto_proton.render.filters import aligned, too_long
from moto_proton.render.limits import LONGEST_OUTPUT, Budget, LimitExceededError, spending
from moto_proton.render.locating import runtime_error, syntax_error, undefined_error
from moto_proton.render.namespace import plain
from moto_proton.render.sandbox import Sandbox
from moto_proton.render.undefined import Told

# The scalar types of plain data besides text.
_KEPT: Final = (dict, list, tuple, int, float, type(None))


@cache
def _sandbox() -> Sandbox:
    return Sandbox()


@cache
def _surveying_sandbox() -> Sandbox:
    return Sandbox(Told)


def survey(file: str, source: str, namespace: dict[str, Any]) -> list[RenderError]:
    """All undefined names of a template, where a rendering stops at the first.

    Rendering continues with each one empty, so names that are only used for that reason may be
    listed too. An error of another kind after an undefined name is its consequence, and left out.
    """
    found: dict[str, RenderError] = {}
    spent = Budget(namespace)
    with spending(spent):
        template = _surveying_sandbox().from_string(source)

    def tell(message: str) -> None:
        error = undefined_error(file, source, template, message, spent.undefined_name)
        found.setdefault(str(error), error)

    spent.tell = tell
    try:
        with spending(spent):
            for _ in template.root_render_func(template.new_context(namespace)):
                pass
    except Exception as error:
        if not found or isinstance(error, UndefinedError):
            last = runtime_error(file, source, template, error, spent)
            found.setdefault(str(last), last)
    return list(found.values())


class CompiledTemplate:
    """A template that is ready to be rendered. ``file`` is its path, for messages."""

    def __init__(self, file: str, source: str) -> None:
        """Compile a source; raises RenderError."""
        self._file = file
        self._source = source
        try:
            with spending(Budget({})):
                self._template: Template = _sandbox().from_string(source)
        except Exception as error:
            raise syntax_error(file, source, error) from None

    def render(self, namespace: dict[str, Any], shared: Budget | None = None) -> str:
        """The text with the values of a namespace in it; raises RenderError.

        ``shared`` is the budget that several templates have in common.
        """
        return self._text(self._pieces(Budget(namespace, shared), shared))

    def evaluate(self, namespace: dict[str, Any], shared: Budget | None = None) -> Any:
        """As :meth:`render`, but a source that is a single expression gives its value, not text."""
        spent = Budget(namespace, shared)
        pieces = self._pieces(spent, shared)
        if len(pieces) == 1 and spent.printed == 1 and isinstance(spent.value, _KEPT):
            return plain(spent.value)
        return self._text(pieces)

    def _text(self, pieces: list[str]) -> str:
        try:
            return aligned("".join(pieces), LONGEST_OUTPUT)
        except ValueError as error:
            raise RenderError(self._file, str(error)) from None

    def _pieces(self, spent: Budget, shared: Budget | None) -> list[str]:
        pieces: list[str] = []
        length = 0
        template = self._template
        lines = {code: line for line, code in template.debug_info}
        workplace.note_place(self._file, None, lines)
        try:
            with spending(spent):
                for piece in template.root_render_func(template.new_context(spent.namespace)):
                    pieces.append(piece)
                    length += len(piece)
                    if length > LONGEST_OUTPUT:
                        raise LimitExceededError(too_long(LONGEST_OUTPUT))
        # Any exception that a template causes is the template's error. An interrupt is not.
        except Exception as error:
            raise runtime_error(self._file, self._source, template, error, spent) from None
        if shared is not None:
            shared.left = spent.left
        return pieces
