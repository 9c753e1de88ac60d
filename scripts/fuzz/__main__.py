"""``python -m scripts.fuzz --seconds N --seed S [--only KIND] [--findings DIR]``.

Prints for each kind how many inputs were tried, accepted and refused, the slowest, the memory, and
the findings; exits with 1 if there are any. Each is written to DIR as a file that fits the corpus.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scripts.fuzz.targets import KINDS, Corpus, Kind, target_of
from scripts.fuzz.watchdog import limit_memory, peak_megabytes, time_limit

_MEMORY = 1024**3
_EXTENSIONS: dict[Kind, str] = {
    "spec": "yaml",
    "bundle": "b64",
    "template": "yaml",
    "http": "http",
}


@dataclass
class Run:
    """The results for one kind of input. ``findings`` are the ends of tracebacks, by place in the
    code.
    """

    kind: Kind
    verdicts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_number: int = 0
    slowest_input: bytes = b""
    findings: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        count = sum(self.verdicts.values())
        return (
            f"{self.kind}: {count} inputs, {self.verdicts['accepted']} accepted, "
            f"{self.verdicts['refused']} refused, {self.verdicts['finding']} findings "
            f"({len(self.findings)} different), slowest {self.slowest:.2f} s "
            f"(number {self.slowest_number}), peak {peak_megabytes():.0f} MB"
        )

    @property
    def slowest_case(self) -> str:
        """The beginning of the input that took longest."""
        return f"{self.kind}, slowest case: {self.slowest_input[:300]!r}"


def fuzz(kind: Kind, seconds: float, seed: int, start: int, findings: Path | None) -> Run:
    """Try inputs of one kind for so many seconds."""
    run = Run(kind)
    target = target_of(kind)
    corpus = Corpus.of(kind, target)
    end = time.monotonic() + seconds
    number = start
    while time.monotonic() < end:
        data = corpus.input(seed, kind, number, target)
        # For code that Python's signal handler can't interrupt: prints the place and ends the
        # process.
        faulthandler.dump_traceback_later(120, exit=True)
        began = time.process_time()
        try:
            with time_limit():
                verdict: str = target(data)
        except Exception as error:
            verdict = "finding"
            _note(run, error, data, seed, number, findings)
        took = time.process_time() - began
        if took > run.slowest:
            run.slowest, run.slowest_number, run.slowest_input = took, number, data
        run.verdicts[verdict] += 1
        number += 1
    faulthandler.cancel_dump_traceback_later()
    return run


def _note(
    run: Run, error: Exception, data: bytes, seed: int, number: int, findings: Path | None
) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    # The place is the last one in our own code, since libraries raise the same errors from many
    # places.
    ours = [each for each in frames if "moto_proton" in each.filename] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno} {type(error).__name__}"
    if place in run.findings:
        return
    run.findings[place] = f"{error}"
    print(f"{run.kind} FINDING at {place}: {str(error)[:300]} (seed {seed}, number {number})")
    print(f"    {data[:300]!r}", flush=True)
    if findings is not None:
        findings.mkdir(parents=True, exist_ok=True)
        extension = "json" if data.startswith(b"{") else _EXTENSIONS[run.kind]
        name = f"{run.kind}-{ours[-1].name}-{type(error).__name__}-{number}.{extension}"
        (findings / name).write_bytes(data)


def main() -> int:
    """Run it; 1 if something was found."""
    parser = argparse.ArgumentParser(prog="python -m scripts.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KINDS, action="append")
    parser.add_argument("--start", type=int, default=0, help="number of the first input")
    parser.add_argument("--findings", type=Path, help="directory to write findings to")
    options = parser.parse_args()
    limit_memory(_MEMORY)
    warnings.simplefilter("error", ResourceWarning)
    found = False
    for kind in options.only or KINDS:
        run = fuzz(kind, options.seconds, options.seed, options.start, options.findings)
        print(run, run.slowest_case, sep="\n", flush=True)
        found = found or bool(run.findings)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
