"""Mutated input by the thousand: what every command must survive, whatever it is fed.

A case is a command line, bytes for its standard input, and files; all of it follows from a seed. What must hold is
said in `check`: a status of 0, 1 or 2, no exception but the exit, one line of complaint, and no file left half written.
"""

from __future__ import annotations

import io
import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from xo_cnn import cli
from xo_cnn.formats import EXTENSIONS
from xo_cnn.formats.maps import write_maps
from xo_cnn.grid import Map

ROOT = Path(__file__).parent.parent
SECONDS = 20  # a case that takes longer hangs
NUMBERS = [b"nan", b"-inf", b"1e999", b"-0", b"0x1", b"1_0", b"999999999999999999999", b"\xff", b"", b".", b"1e-400"]
READERS = {
    "image": [["grid"], ["grid", "--fit", "9"], ["grid", "--grey"], ["classify"], ["show"]],
    "walk": [["explain", "-n", "article"], ["explain", "-n", "article", "-o", "out.html"], ["compare", "x.png", "-"]],
    "maps": [["pool"], ["pool", "-w", "3"], ["vote", "-n", "article"], ["show"], ["grid"], ["convolve", "-F", "diag"]],
    "feature": [["convolve", "x.png", "-F", "mutant"], ["show", "mutant"]],
    "network": [["classify", "x.png", "-n", "mutant"], ["vote", "-n", "mutant"], ["convolve", "x.png", "-n", "mutant"]],
    "paths": [["classify", "--files-from", "-"], ["classify", "-0", "--files-from", "-", "-f", "json"]],
}
PICTURES = [("PNG", "L"), ("PNG", "RGBA"), ("PNG", "1"), ("GIF", "P"), ("JPEG", "RGB"), ("BMP", "L"), ("TIFF", "L")]
PICTURES += [("PPM", "L"), ("WEBP", "RGB"), ("ICO", "RGBA"), ("TGA", "L")]
WORDS = ["grid", "convolve", "pool", "vote", "classify", "compare", "show", "features", "draw", "-", "--", "-o", "-f"]
WORDS += ["x.png", "mutant", "--fit", "9", "0", "-1", "--feature", "diag", "json", "npz", "out.png", "--scale", "nine"]
WORDS += ["--network", "article", "--threshold", "auto", "--ink", "black", "--grey", "--format", "text", "X", "\x1b[2J"]


@dataclass(frozen=True)
class Case:
    """One command line with what it reads, and the kind of its input."""

    kind: str
    args: list[str]
    stdin: bytes
    mutant: bytes


def corpus() -> dict[str, list[bytes]]:
    """Whole and sound inputs of every kind, to be broken."""
    cells = np.where(np.random.default_rng(0).random((12, 10)) < 0.5, 0, 255).astype(np.uint8)
    pictures = []
    for form, mode in PICTURES:
        stream = io.BytesIO()
        Image.fromarray(cells).convert(mode).save(stream, form)
        pictures.append(stream.getvalue())
    streams = []
    maps = [Map("diag", (cells[:7, :7] // 255).astype(np.int8), 9), Map("anti", cells[:7, :7].astype(np.float32) / 255)]
    for form in EXTENSIONS:
        stream = io.BytesIO()
        write_maps(maps, form, stream)
        streams.append(stream.getvalue())
    return {
        "image": pictures + streams[:1],
        "walk": pictures + streams[:1],
        "maps": streams,
        "feature": [(ROOT / "features" / "diag.txt").read_bytes(), *streams],
        "network": [(ROOT / "features" / "article.toml").read_bytes()],
        "paths": [b"x.png\nmutant\n", b"x.png\0mutant\0", b"x.png\n" * 40],
    }


def mutated(dice: random.Random, data: bytes) -> bytes:
    """Cut off, flip, repeat, insert, exchange: one to four times."""
    body = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(body) + 1)
        length = dice.choice([1, 2, 4, 16, 64])
        choice = dice.randrange(6)
        if choice == 0:
            del body[at:]
        elif choice == 1:
            del body[at : at + length]
        elif choice == 2:
            body[at:at] = body[at : at + length] * dice.choice([1, 2, 50])
        elif choice == 3:
            body[at : at + length] = dice.randbytes(length)
        elif choice == 4:
            body[at : at + dice.choice([0, 1, 3])] = dice.choice(NUMBERS)
        elif body:
            body[at % len(body)] ^= 1 << dice.randrange(8)
    return bytes(body)


def cases(seed: int) -> Iterator[Case]:
    """Endless cases, the same for the same seed."""
    dice = random.Random(seed)
    sound = corpus()
    while True:
        if dice.random() < 0.2:
            words = dice.choices(WORDS, k=dice.randint(1, 6))
            yield Case("words", words, dice.choice(sound["maps"]), dice.choice(sound["image"]))
            continue
        kind = dice.choice(list(READERS))
        broken = mutated(dice, dice.choice(sound[kind]))
        args = list(dice.choice(READERS[kind]))
        if kind not in ("paths", "network") and dice.random() < 0.3:
            args += ["-o", dice.choice(["out.txt", "out.png", "out.npz", "out/", "out.svg", "out-{name}.png"])]
        stdin = dice.choice(sound["maps"]) if kind in ("feature", "network") else broken
        yield Case(kind, args, stdin, broken)


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TimeoutError(f"still at work after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check(case: Case) -> int:
    """Run a case in the present folder, which holds x.png, and hold it to what is promised; returns its status."""
    Path("mutant").write_bytes(case.mutant)
    for name in ("diag.txt", "cross.txt", "anti.txt"):
        Path(name).write_bytes((ROOT / "features" / name).read_bytes())
    output, errors = io.BytesIO(), io.StringIO()
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BytesIO(case.stdin)),
        io.TextIOWrapper(output, write_through=True),
        errors,
    )
    try:
        with _alarm():
            cli.main(case.args)
    except SystemExit as ended:
        status = ended.code
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
    told = errors.getvalue()
    assert status in (0, 1, 2), (case, status)
    assert "Traceback" not in told, (case, told)
    assert bool(status) <= bool(told), (case, "failed without a word")
    assert "\x1b" not in told, (case, told)
    left = [path for path in Path().rglob("*") if path.name.endswith(".part")]
    assert not left, (case, left)
    assert isinstance(status, int)
    return status


def clear() -> None:
    """Take away what a case has written."""
    for path in sorted(Path().rglob("*"), reverse=True):
        if path.name != "x.png":
            path.rmdir() if path.is_dir() and not path.is_symlink() else os.unlink(path)
