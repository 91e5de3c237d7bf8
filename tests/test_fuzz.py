"""A short, seeded run of what benchmarks/fuzz.py does for hours."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from conftest import ROOT
from fuzzing import cases, check, clear
from hazard import Hazard
from hazard import check as check_hazard
from hazards import KINDS

SHORT = {
    "bomb": [
        "deflate.npz",
        "bzip2.npz",
        "booleans.npy",
        "text.json",
        "deep.json",
        "dots.toml",
        "column.txt",
        "line.txt",
    ],
    "decoder": ["forge.png", "noise.tif"],
    "fifo": ["folder", "endless list", "unwritten feature", "unwritten image"],
    "folder": ["2200"],
    "signal": ["SIGTERM", "SIGHUP"],
    "fork": ["never", "SIGTERM"],
    "unbuffered": ["whole", "full"],
    "environment": ["COLUMNS 0", "COLUMNS 9999", "few files"],
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_mutated_input_never_ends_in_a_traceback(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Images, features, streams, networks, paths and command lines: a status, a line, no half-written file."""
    monkeypatch.chdir(tmp_path)
    Path("x.png").write_bytes((ROOT / "sample_images" / "x.png").read_bytes())
    for case in itertools.islice(cases(seed), 250):
        check(case)
        clear()


@pytest.mark.parametrize(
    "hazard",
    [hazard for kind, make in KINDS.items() for hazard in make() if hazard.name in SHORT[kind]],
    ids=lambda hazard: f"{hazard.kind}-{hazard.name}",
)
def test_a_hazard_ends_as_promised(hazard: Hazard, tmp_path: Path) -> None:
    """A status, one line, memory within bounds, nothing half-written: bombs, decoders, FIFOs, signals, terminals."""
    check_hazard(hazard, tmp_path)
