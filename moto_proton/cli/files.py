"""Reads the input files of commands, and ends a command with an error."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

REFUSED_OR_INVALID = 2
"""The exit status for what is refused, invalid or can't be read."""


def read_text(source: str, name: str) -> str:
    """The text of a file; ``-`` is standard input, and ``name`` what messages call it."""
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode()
        with open(source, "rb") as file:
            return file.read().decode()
    except OSError as error:
        fail(f"{name}: {error.strerror or error}")
    except UnicodeDecodeError as error:
        fail(f"{name}: not UTF-8 at byte {error.start + 1}")
    except ValueError:  # a null character in the name
        fail(f"{name!r}: not the name of a file")


def fail(line: str) -> NoReturn:
    """End the command with this line on standard error."""
    click.echo(line, err=True)
    sys.exit(REFUSED_OR_INVALID)
