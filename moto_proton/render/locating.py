"""Turns an exception in a template into a :class:`RenderError` with line and, if known, column.

Jinja knows the line of a statement, not the column. The column is that of the name or filter that
failed, searched for in the tags that touch the line; without one it is where the tag begins.
"""

from __future__ import annotations

import inspect
import re
from types import TracebackType
from typing import Final

from jinja2 import Template, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError

from moto_proton.bundle.jinja_tokens import explained
from moto_proton.render.errors import RenderError
from moto_proton.render.filters import FilterError
from moto_proton.render.limits import Budget, LimitExceededError

_TAG: Final = re.compile(r"(\{[{%])([-+]?)(.*?)(?:[-+]?[}%]\}|\Z)", re.DOTALL)
# The names that Jinja's parser quotes in its messages; the last one is where it failed.
_QUOTED: Final = re.compile(r"'([^']+)'")
_LONGEST_MESSAGE: Final = 1000
# Errors whose text is enough; for others the message also names their class.
_SPEAKING: Final = (FilterError, LimitExceededError, TemplateRuntimeError, SecurityError)


def syntax_error(file: str, source: str, error: Exception) -> RenderError:
    """The error of a template that cannot be compiled."""
    if not isinstance(error, TemplateSyntaxError):
        return RenderError(file, _message(error), source=source)
    names = _QUOTED.findall(error.message or "")
    line, column = _place(source, error.lineno, names[-1] if names else None)
    message = explained(source, error)
    return RenderError(file, message, line=line, column=column, source=source)


def runtime_error(
    file: str, source: str, template: Template, error: Exception, spent: Budget
) -> RenderError:
    """The error of a template that failed while it was rendered."""
    message = _message(error)
    line = _line_of(template, error.__traceback__)
    if line is None:
        return RenderError(file, message, source=source)
    name = spent.failed_filter
    if isinstance(error, (UndefinedError, SecurityError)):
        name = spent.undefined_name or name
    line, column = _place(source, line, name)
    return RenderError(file, message, line=line, column=column, source=source)


def undefined_error(
    file: str, source: str, template: Template, message: str, name: str | None
) -> RenderError:
    """The error for an undefined name that the running template has just used."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(frame.f_lineno)
            line, column = _place(source, line, name)
            return RenderError(file, message, line=line, column=column, source=source)
        frame = frame.f_back
    return RenderError(file, message, source=source)


def _line_of(template: Template, trace: TracebackType | None) -> int | None:
    """The line of the template that its innermost frame in the traceback was running."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


def _message(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "the template is nested, or calls itself, too deeply"
    if isinstance(error, MemoryError):
        return "the template is too big"
    if isinstance(error, SyntaxError):
        return f"the template cannot be compiled: {error.msg}"
    text = str(error)[:_LONGEST_MESSAGE]
    if isinstance(error, ValueError) and "integer string conversion" in text:
        return "an integer has too many digits"
    return text if isinstance(error, _SPEAKING) else f"{type(error).__name__}: {text}"


def _place(source: str, line: int, name: str | None) -> tuple[int, int | None]:
    """Line and column (from 1) of a name in the tags on a line; or of the only tag."""
    ends = [match.end() for match in re.finditer("\n", source)]
    start = 0 if line < 2 else ends[min(line - 2, len(ends) - 1)] if ends else 0
    end = ends[line - 1] if line - 1 < len(ends) else len(source)
    first = tags = 0
    word = None if name is None else re.compile(_as_word(name))
    for tag in _TAG.finditer(source):
        if tag.end() <= start:
            continue
        if tag.start() >= end:
            break
        found = None if word is None else word.search(source, tag.start(3), tag.end())
        if found is not None:
            return _line_and_column(source, found.start())
        if tags == 0:
            first = max(tag.start(), start)
            first += len(source[first:end]) - len(source[first:end].lstrip())
        tags += 1
    # With more than one tag on the line it could be any of them.
    return _line_and_column(source, first) if tags == 1 else (line, None)


def _as_word(name: str) -> str:
    left = r"(?<!\w)" if name[:1].isidentifier() else ""
    right = r"(?!\w)" if name[-1:].isidentifier() or name[-1:].isdigit() else ""
    return f"{left}{re.escape(name)}{right}"


def _line_and_column(source: str, position: int) -> tuple[int, int]:
    begin = source.rfind("\n", 0, position) + 1
    return source.count("\n", 0, position) + 1, position - begin + 1
