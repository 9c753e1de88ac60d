"""Reads and writes the files of commands."""

from __future__ import annotations

import sys
from pathlib import Path

from moto_proton.cli.ending import Problem, Status, fail


def read_text(source: str, name: str) -> str:
    """The text of a file; ``-`` is standard input, and ``name`` what messages call it."""
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode()
        with open(source, "rb") as file:
            return file.read().decode()
    except OSError as error:
        fail(Status.UNREADABLE, file_problem(name, error))
    except UnicodeDecodeError as error:
        fail(Status.UNREADABLE, in_file(name, f"not UTF-8 at byte {error.start + 1}"))
    except ValueError:  # a null character in the name
        fail(Status.UNREADABLE, in_file(repr(name), "not the name of a file"))


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folders that it is in."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, and the folders that it is in."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        fail(Status.UNREADABLE, file_problem(str(path), error))


def file_problem(name: str, error: OSError) -> Problem:
    """What the system says of a file."""
    return in_file(name, error.strerror or str(error))


def in_file(name: str, message: str) -> Problem:
    """Something about a file as a whole."""
    return Problem(f"{name}: {message}", message, name)
