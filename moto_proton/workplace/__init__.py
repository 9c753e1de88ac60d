"""Where work on a text runs that somebody else may have written: here, or in a child process.

Templates, patterns, schemas and transforms can be made to take hours or all memory. In a test's own
process, where they are the caller's own, they run here, within plain caps on sizes. In the server,
and in ``moto-proton render``, they run in a child process with a deadline and a bound on memory
that hold whatever the text makes it do (:mod:`moto_proton.workplace.children`). A test gets the
child too with ``config={"proton": {"child_process": True}}``.

Internal. Which it is, is decided here alone; :func:`run` is what all rooms call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from moto_proton.workplace.bounds import OutOfBoundsError

__all__ = [
    "OutOfBoundsError",
    "choose",
    "everything_in_child",
    "note_place",
    "one_request",
    "run",
    "run_here",
    "take_notes",
]

Answer = TypeVar("Answer")
Note = Callable[["str", "int | None", "Mapping[int, int] | None"], None]


# The packages of modules that have another name.
_PACKAGES: Final = {"hcl2": "python-hcl2", "jinja2": "Jinja2", "yaml": "PyYAML"}

_everything_in_child = False
_in_child: ContextVar[bool] = ContextVar("moto_proton_in_child", default=False)
_note: Note | None = None


def run(function: Callable[..., Answer], *args: Any) -> Answer:
    """What the function answers or raises, wherever it is run.

    It is a function of a module of this package that depends on its arguments alone; they and the
    answer can be pickled. Raises :class:`OutOfBoundsError` for what takes too much in a child
    process, or takes a package that is not installed.
    """
    if not (_everything_in_child or _in_child.get()):
        return run_here(function, *args)
    from moto_proton.workplace.children import children

    answer: Answer = children.run(function, args)
    return answer


def run_here(function: Callable[..., Answer], *args: Any) -> Answer:
    """As :func:`run`, in this process."""
    try:
        return function(*args)
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        package = _PACKAGES.get(module, module.replace("_", "-"))
        raise OutOfBoundsError(
            f"this needs the package {package}, which is not installed: pip install {package}"
        ) from error


def note_place(
    file: str, line: int | None = None, line_of_code: Mapping[int, int] | None = None
) -> None:
    """Tell what is being worked on, in case it is ended there.

    ``line_of_code`` has the lines of a template by those of the code that Jinja made of it.
    """
    if _note is not None:
        _note(file, line, line_of_code)


@contextmanager
def everything_in_child() -> Iterator[None]:
    """Within it, all work of this process runs in child processes, whichever thread asks for it."""
    global _everything_in_child
    before, _everything_in_child = _everything_in_child, True
    try:
        yield
    finally:
        _everything_in_child = before


def choose(*, child: bool) -> None:
    """Let work run in a child process, or here, for the rest of the request."""
    _in_child.set(child)


@contextmanager
def one_request() -> Iterator[None]:
    """What is chosen within ends with the block."""
    token = _in_child.set(_in_child.get())
    try:
        yield
    finally:
        _in_child.reset(token)


def take_notes(note: Note) -> None:
    """Have :func:`note_place` call this: for the child process itself."""
    global _note
    _note = note
