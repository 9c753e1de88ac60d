"""Runs work on texts that may be hostile, either in this process or in a child process.

Templates, patterns, schemas and transforms can be written so that they take hours or all memory. In
a test they are the caller's own, and run in the test's process, with limits on sizes. In the
server, and in ``moto-proton render``, they run in a child process with limits on time and memory
that no text can get around (:mod:`moto_proton.workplace.children`). A test can have the child
process, too, with ``config={"proton": {"child_process": True}}``.

Internal. Only this module decides between the two; all other packages call :func:`run`.
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


# Names of packages to install, where the module has another name.
_PACKAGES: Final = {"hcl2": "python-hcl2", "jinja2": "Jinja2", "yaml": "PyYAML"}

_everything_in_child = False
_in_child: ContextVar[bool] = ContextVar("moto_proton_in_child", default=False)
_note: Note | None = None


def run(function: Callable[..., Answer], *args: Any) -> Answer:
    """Run a function here or in a child process; returns or raises what it does.

    It has to be a function of a module of moto_proton that depends only on its arguments; they and
    the result must be picklable. Raises :class:`OutOfBoundsError` if it exceeds the limits of a
    child process, or needs a package that is not installed.
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
    """Note which file and line is being processed, for the message if the process is ended there.

    ``line_of_code`` maps lines of the code that Jinja generated to lines of the template.
    """
    if _note is not None:
        _note(file, line, line_of_code)


@contextmanager
def everything_in_child() -> Iterator[None]:
    """While the block runs, all work of this process, in any thread, runs in child processes."""
    global _everything_in_child
    before, _everything_in_child = _everything_in_child, True
    try:
        yield
    finally:
        _everything_in_child = before


def choose(*, child: bool) -> None:
    """Run work in a child process, or in this one, for the rest of the request."""
    _in_child.set(child)


@contextmanager
def one_request() -> Iterator[None]:
    """What :func:`choose` sets inside the block ends with the block."""
    token = _in_child.set(_in_child.get())
    try:
        yield
    finally:
        _in_child.reset(token)


def take_notes(note: Note) -> None:
    """Set the function that :func:`note_place` calls; used by the child process."""
    global _note
    _note = note
