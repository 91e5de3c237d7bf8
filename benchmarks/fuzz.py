"""Feed every command bad input for as long as you like: python benchmarks/fuzz.py --count 100000 --seed 7.

First each bomb, decoder, FIFO, signal and odd environment in a process of its own, then so many mutated inputs in this
one; a table says by kind how many were refused, and the most time and memory that one took. A case that breaks a
promise is printed, counted, and ends the run with status 1; the same seed finds it again.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import hazard  # noqa: E402 - found by the path above
from fuzzing import Case, cases, check, clear  # noqa: E402
from hazards import KINDS  # noqa: E402


@dataclass
class Row:
    """What the cases of one kind came to."""

    cases: int = 0
    refused: int = 0
    broken: int = 0
    seconds: float = 0
    mebibytes: float = 0

    def add(self, run: Callable[[], tuple[int, float, float]]) -> None:
        """Run one case, which gives its status, seconds and MiB."""
        self.cases += 1
        try:
            status, seconds, mebibytes = run()
        except Exception as error:
            self.broken += 1
            print(f"BROKEN: {type(error).__name__}: {_short(str(error))}", flush=True)
            return
        self.refused += status != 0
        self.seconds = max(self.seconds, seconds)
        self.mebibytes = max(self.mebibytes, mebibytes)


def main() -> None:
    """Run the hazards and so many mutated inputs from a seed, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="Number of mutated inputs.")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    rows: dict[str, Row] = defaultdict(Row)
    for kind, make in KINDS.items():
        for one in make():
            with tempfile.TemporaryDirectory() as folder:
                rows[kind].add(lambda one=one, folder=folder: _apart(one, Path(folder)))  # type: ignore[misc]
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    picture = (ROOT / "sample_images" / "x.png").read_bytes()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("x.png").write_bytes(picture)
        for number, case in enumerate(itertools.islice(cases(given.seed), given.count), start=1):
            rows[f"mutated {case.kind}"].add(lambda case=case: _here(case))  # type: ignore[misc]
            clear()
            if number % 10_000 == 0:
                print(f"{number} cases, {time.monotonic() - start:.0f} s", flush=True)
        os.chdir(ROOT)
    print(f"{'kind':16} {'cases':>7} {'refused':>8} {'broken':>7} {'most s':>7} {'most MiB':>9}")
    for kind, row in rows.items():
        print(f"{kind:16} {row.cases:7} {row.refused:8} {row.broken:7} {row.seconds:7.2f} {row.mebibytes:9.0f}")
    sys.exit(any(row.broken for row in rows.values()))


def _short(text: str) -> str:
    return text if len(text) < 1500 else f"{text[:500]} ... {text[-1000:]}"


def _apart(one: hazard.Hazard, folder: Path) -> tuple[int, float, float]:
    outcome = hazard.check(one, folder)
    return outcome.status, outcome.seconds, outcome.mebibytes


def _here(case: Case) -> tuple[int, float, float]:
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory starts again from here
    start = time.monotonic()
    status = check(case)
    seconds = time.monotonic() - start
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return status, seconds, int(peak.split()[1]) / 1024


if __name__ == "__main__":
    main()
