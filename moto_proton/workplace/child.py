"""The child process: takes work from standard input, and answers until that is closed.

Its limits are the kernel's, where there are any, so they hold while Python is in a loop of C, too.
Standard error is a file in which it notes where it is, for its parent to read when it is gone.
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
    """Work until there is no more, within these limits: each piece's time, the process's memory."""
    work, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    # The parent hears of an interrupt itself, and closes the pipe when it goes.
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

        # Says where it was, then does what the signal does by itself: ends the process.
        faulthandler.register(signal.SIGXCPU, chain=True, all_threads=False)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        # In whole seconds, and of all that the process has taken.
        end = int(time.process_time()) + most_seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (end, hard))


def _note(file: str, line: int | None, line_of_code: Mapping[int, int] | None) -> None:
    text = json.dumps([file, line, line_of_code])
    os.ftruncate(2, 0)
    os.lseek(2, 0, os.SEEK_SET)
    os.write(2, text.encode() + b"\n")
