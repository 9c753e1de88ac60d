"""Child processes that work on untrusted texts; one that exceeds its limits is ended.

A child takes some 0.2 s to start and about a millisecond for each call, so it is reused. No library
is used because the maintained ones first send SIGTERM, which a loop of C code does not react to,
and then wait for seconds.

Platforms: on Linux both limits hold. macOS has no limit on the memory of a process, and Windows
neither of the two: there only the wall clock ends a child.
"""

from __future__ import annotations

import atexit
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from moto_proton.workplace import wire
from moto_proton.workplace.bounds import OutOfBoundsError

# Processor time of one piece of work. The longest legitimate one is parsing ten Terraform files of
# a bundle, at about four seconds.
MOST_SECONDS: Final = 10
# Memory of the whole child, of which its code takes some 100 MB.
MOST_BYTES: Final = 768 * 1024 * 1024
# Wall clock: for a child that gets too little processor time on a busy machine.
_MOST_SECONDS_OF_CLOCK: Final = 60
# How many requests can have work done at the same time; fewer children are kept for reuse.
MOST_CHILDREN: Final = 8
MOST_IDLE: Final = 2

_LINE_OF_TEMPLATE: Final = re.compile(r'File "<template>", line (\d+)')


class _Child:
    """One child process; used by one thread at a time."""

    def __init__(self, most_seconds: int, most_bytes: int) -> None:
        self._most_seconds, self._most_bytes = most_seconds, most_bytes
        self._notes = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        # Not with -m, which would look for modules in the current directory first.
        code = f"import sys; sys.path[:] = {sys.path!r}; from moto_proton.workplace import child"
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"{code}; child.serve({most_seconds}, {most_bytes})"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._notes,
        )
        self.is_alive = True
        self._place: tuple[str | None, int | None] = (None, None)

    def run(self, work: bytes) -> Any:
        """Returns or raises what the work does; :class:`OutOfBoundsError` if it had to be ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        clock = threading.Timer(_MOST_SECONDS_OF_CLOCK, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            wire.send(self._process.stdin, work)
            kind, answer = wire.unpacked(wire.receive(self._process.stdout))
        except (EOFError, OSError, pickle.UnpicklingError):
            self.close()
            raise self._reason(was_slow=clock.finished.is_set()) from None
        except BaseException:
            # After an interrupt the old answer may still arrive: the next request must not get it.
            self.close()
            raise
        finally:
            clock.cancel()
        if kind == "memory":
            self.close()
            raise OutOfBoundsError(
                f"this needs more than {self._most_bytes // 1024**2} MB of memory", *self._place
            )
        if kind == "error":
            raise answer
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self.is_alive:
            self.is_alive = False
            self._process.kill()
            self._process.wait()
            self._place = self._noted_place()
            self._notes.close()
            for stream in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if stream is not None:
                        stream.close()

    def _reason(self, *, was_slow: bool) -> OutOfBoundsError:
        code = self._process.returncode
        if code == -getattr(signal, "SIGXCPU", 0):
            reason = f"this took more than {self._most_seconds} seconds of processor time"
        elif was_slow:
            reason = f"this took more than {_MOST_SECONDS_OF_CLOCK} seconds"
        else:
            reason = f"this ended the process that worked on it (exit code {code})"
        return OutOfBoundsError(reason, *self._place)

    def _noted_place(self) -> tuple[str | None, int | None]:
        """The file and line that the child noted last."""
        self._notes.seek(0)
        first, _, rest = self._notes.read(1_000_000).decode(errors="replace").partition("\n")
        try:
            file, line, line_of_code = json.loads(first)
        except ValueError:
            return None, None
        found = _LINE_OF_TEMPLATE.search(rest)
        if found is not None and line_of_code:
            before = [int(code) for code in line_of_code if int(code) <= int(found[1])]
            line = line_of_code[str(max(before))] if before else line
        return file, line


class Children:
    """The child processes of this process, each started when it is needed."""

    def __init__(self, most_seconds: int = MOST_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._limits = most_seconds, most_bytes
        self._forget()
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            # After a fork, the new process must not use the children of the old one.
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._all: set[_Child] = set()
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._free = threading.Semaphore(MOST_CHILDREN)

    def run(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Run a function in a child process; see :func:`moto_proton.workplace.run`."""
        work = wire.packed((function, args))
        with self._free:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            child = child or self._new()
            try:
                return child.run(work)
            finally:
                self._keep(child)

    def _new(self) -> _Child:
        child = _Child(*self._limits)
        with self._lock:
            self._all.add(child)
        return child

    def _keep(self, child: _Child) -> None:
        with self._lock:
            keep = child.is_alive and len(self._idle) < MOST_IDLE
            if keep:
                self._idle.append(child)
            else:
                self._all.discard(child)
        if not keep:
            child.close()

    def close(self) -> None:
        """End all children, whatever they are doing."""
        with self._lock:
            every, self._all, self._idle = self._all, set(), []
        for child in every:
            child.close()


children: Final = Children()
