"""The child process: reads work from standard input and answers, until the input is closed.

The kernel enforces its limits, where the platform can, so they hold in loops of C code, too. Its
standard error is a file in which it notes the line it works on; the parent reads it after the child
has ended.
"""

from __future__ import annotations

import faulthandler
import json
import os
import pickle
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from moto_proton.workplace import run_here, take_notes, wire


def serve(most_seconds: int, most_bytes: int) -> None:
    """Work until the input ends; limits: seconds for each piece of work, bytes for the process."""
    work, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that what a library prints does not get among the answers
    # The parent gets an interrupt as well, and closes the pipe when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(most_bytes)
    take_notes(_note)
    while True:
        try:
            data = wire.receive(work)
        except EOFError:
            return
        os.ftruncate(2, 0)
        _limit_time(most_seconds)
        wire.send(answers, _answer(data))


def _answer(data: bytes) -> bytes:
    try:
        function, args = pickle.loads(data)
        return wire.packed(("answer", run_here(function, *args)))
    except MemoryError:
        return wire.packed(("memory", None))
    except Exception as error:
        error.__traceback__ = error.__cause__ = error.__context__ = None
        try:
            return wire.packed(("error", error))
        except Exception:
            return wire.packed(("error", RuntimeError(repr(error))))


def _limit_memory(most_bytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def _limit_time(most_seconds: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        # Note the place, then end the process, as the signal would have done.
        faulthandler.register(signal.SIGXCPU, chain=True, all_threads=False)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        # The limit is in whole seconds and counts from the start of the process.
        end = int(time.process_time()) + most_seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (end, hard))


def _note(file: str, line: int | None, line_of_code: Mapping[int, int] | None) -> None:
    text = json.dumps([file, line, line_of_code])
    os.ftruncate(2, 0)
    os.lseek(2, 0, os.SEEK_SET)
    os.write(2, text.encode() + b"\n")
