"""Feed every command mutated input for as long as you like: python benchmarks/fuzz.py --cases 100000 --seed 7.

The process may have 3 GiB of memory and each case twenty seconds; the first case that breaks a promise stops the run
and is printed, and the same seed finds it again.
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
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fuzzing import cases, check, clear  # noqa: E402 - found by the path above


def main() -> None:
    """Run so many cases from a seed and count them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    picture = (ROOT / "sample_images" / "x.png").read_bytes()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("x.png").write_bytes(picture)
        for number, case in enumerate(itertools.islice(cases(given.seed), given.cases), start=1):
            check(case)
            clear()
            if number % 1000 == 0:
                print(f"{number} cases, {time.monotonic() - start:.0f} s", flush=True)
        os.chdir(ROOT)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{given.cases} cases passed; at most {peak} MiB of memory in use")


if __name__ == "__main__":
    main()
