"""A short, seeded run of what benchmarks/fuzz.py does for hours."""

from __future__ import annotations

import io
import itertools
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from fuzzing import cases, check, clear

PROGRAM = [sys.executable, "-m", "xo_cnn"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_mutated_input_never_ends_in_a_traceback(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Images, features, streams, networks, paths and command lines: a status, a line, no half-written file."""
    monkeypatch.chdir(tmp_path)
    Path("x.png").write_bytes((ROOT / "sample_images" / "x.png").read_bytes())
    for case in itertools.islice(cases(seed), 250):
        check(case)
        clear()


def bounded(args: list[str], stdin: bytes, mebibytes: int = 1536) -> subprocess.CompletedProcess[bytes]:
    """Run a command that may have no more than so much memory of its own."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))

    return subprocess.run(
        [*PROGRAM, *args], input=stdin, capture_output=True, preexec_fn=limit, check=False, timeout=60, cwd=ROOT
    )


def bomb() -> bytes:
    """An npz of a few hundred kilobytes that unpacks to terabytes, by what its directory claims."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", b"\0" * (64 << 20))
    data = bytearray(stream.getvalue())
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = b"\xff\xff\xff\xfe"
    return bytes(data)


PIXELS = b"P5 60000 60000 255\n"
HEADER = (
    b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (4000000, 4000000), }".ljust(127)
    + b"\n"
)


@pytest.mark.parametrize(
    ("args", "stdin"),
    [
        (["grid"], PIXELS),
        (["pool"], HEADER),
        (["pool"], bomb()),
        (["pool"], b"[" * 1_000_000),
        (["pool"], b'{"values": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        (["pool"], b"1 " * (40 << 20)),
    ],
    ids=["picture", "npy", "npz", "json", "values", "line"],
)
def test_bombs_are_refused_within_a_bounded_memory(args: list[str], stdin: bytes) -> None:
    """A header that claims too much, a zip bomb, a line without end, deep nesting: one line, quickly, in 1.5 GiB."""
    ended = bounded(args, stdin)
    assert ended.returncode == 1
    assert ended.stderr.count(b"\n") == 1
    assert b"more memory than there is" not in ended.stderr
