"""Runs what prints numbers of its own, the fuzzer and tests/proof, and collects their lines."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


def measure(seconds: int) -> list[str]:
    """What the fuzzer tried in ``seconds`` for each kind of input, and what the proofs measured.

    Ends the program with what was printed if either fails: numbers of a failure are none.
    """
    return [*_fuzzed(seconds), *_proven()]


def _fuzzed(seconds: int) -> Iterator[str]:
    printed = _run("-m", "scripts.fuzz", "--seconds", str(seconds))
    for line in printed.splitlines():
        yield f"fuzzer, {line}"


def _proven() -> Iterator[str]:
    printed = _run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/proof")
    section = re.search(r"^=+ proof: measured =+\n(.*?)^network: ", printed, re.M | re.S)
    if section is None:
        raise SystemExit(f"tests/proof has measured nothing:\n{printed[-2000:]}")
    # Seconds are those of the machine.
    for line in section[1].splitlines():
        yield re.sub(r" in \d+\.\d+ s", "", line)


def _run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    return done.stdout
