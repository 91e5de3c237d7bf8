"""What mutation does not find: bombs, decoders, FIFOs, signals and odd environments."""

from __future__ import annotations

import io
import os
import signal
import socket
import struct
import subprocess
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
from hazard import ROOT, Hazard, Outcome
from PIL import Image

SENT = {"SIGINT": 2, "SIGTERM": 15, "SIGHUP": 1}


def bombs() -> list[Hazard]:
    """Small inputs that unfold: archives, headers, text among numbers, nesting, keys."""
    zeros = npy((10_000, 10_000), "|b1") + bytes(100_000_000)
    small = npy((2000, 2000), "|b1") + bytes(4_000_000)
    inputs: dict[str, bytes] = {
        "deflate.npz": npz(zipfile.ZIP_DEFLATED, zeros),
        "many.npz": npz(zipfile.ZIP_DEFLATED, *[small] * 100),
        "bzip2.npz": npz(zipfile.ZIP_BZIP2, zeros),
        "lzma.npz": npz(zipfile.ZIP_LZMA, small),
        "header.npz": npz(zipfile.ZIP_DEFLATED, b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + bytes(100_000_000)),
        "claims.npy": npy((4_000_000, 4_000_000), "<f4"),
        "booleans.npy": npy((True, True), "|b1") + b"\1",
        "text.json": b'{"values": [["' + b"A" * 50_000 + b'"' + b",1" * 25_000 + b"]]}",
        "lists.json": b"[" + b"[]," * 300_000 + b"[]]",
        "deep.json": b'{"values": ' + b"[" * 450_000 + b"]" * 450_000 + b"}",
        "digits.json": b"[[" + b"9" * 900_000 + b"]]",
        "cut.json": b"[" + b"[1,1]," * 150_000,
        "words.txt": b"1\n" * 400_000 + b"one\n",
        "line.txt": b"1 " * (20 << 20),
        "wide.txt": b"1 " * 400_000 + b"\n1\n",
        "blank.txt": b" \n" * 450_000,
    }
    networks: dict[str, bytes] = {
        "dots.toml": b"a." * 20_000 + b"a = 1",
        "quoted.toml": b'x = {"' + b'a"."' * 20_000 + b'a" = 1}',
        "tables.toml": b"".join(b"[%x.b.c]\n" % number for number in range(80_000)),
        "keys.toml": b"".join(b"%x = 1\n" % number for number in range(100_000)),
        "deep.toml": b"grid = " + b"[" * 900_000,
        "number.toml": b"grid = 0x" + b"f" * 900_000,
        "weights.toml": article().replace(b"0.2", b"1.7e308"),
        "long.toml": article() + b"#" * (5 << 20),
    }
    found = [Hazard("bomb", name, ["pool", name], {name: data}) for name, data in inputs.items()]
    found += [Hazard("bomb", name, ["classify", "x.png", "-n", f"./{name}"], {name: d}) for name, d in networks.items()]
    column = b"0.1234567\n" * 90_000
    found.append(Hazard("bomb", "column.txt", ["pool", "-w1", "-s1", "a.txt"], {"a.txt": column}, statuses=(0,)))
    picture = {"claims.pgm": b"P5 60000 60000 255\n"}
    return [*found, Hazard("bomb", "claims.pgm", ["grid", "claims.pgm"], picture)]


def decoders() -> list[Hazard]:
    """Pictures that run programs, and decoders that talk: nothing runs, and nothing gets into the verdicts."""
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 32 32\n%%EndComments\n(O\\tforged.png\\n) print flush\n"

    def ghostscript(folder: Path) -> None:
        for name in ("gs", "gswin64c", "gswin32c"):
            (folder / name).write_text("#!/bin/sh\ntouch ran\nprintf 'O\\tforged\\n'\n")
            (folder / name).chmod(0o755)

    def nothing_ran(folder: Path, outcome: Outcome) -> None:
        assert not (folder / "ran").exists()
        assert b"forged" not in outcome.output
        assert outcome.output == b"X\tx.png\n"

    found = [
        Hazard(
            "decoder",
            name,
            ["classify", name, "x.png"],
            {name: (b"\xc5\xd0\xd3\xc6" + struct.pack("<7I", 32, len(program), *[0] * 5) if dos else b"") + program},
            ghostscript,
            environment={"PATH": os.pathsep.join([".", os.environ.get("PATH", "")])},
            holds=nothing_ran,
        )
        for name, dos in (("forge.eps", False), ("forge.png", False), ("forge.jpg", True), ("forge.txt", False))
    ]

    def verdicts_only(folder: Path, outcome: Outcome) -> None:
        lines = (folder / "v.txt").read_text().splitlines()
        assert all(line.split("\t")[0] in ("X", "O") for line in lines), lines

    args = ["classify", "noise.tif", "x.png", "-o", "v.txt"]
    files = {"noise.tif": noisy_tiff()}
    return [*found, Hazard("decoder", "noise.tif", args, files, statuses=(0, 1), closed=(2,), holds=verdicts_only)]


def fifos() -> list[Hazard]:
    """FIFOs, sockets and devices: passed over with a line in folders, refused at the limit where they never end."""

    def folder_of_odd_files(folder: Path) -> None:
        (folder / "odd").mkdir()
        os.mkfifo(folder / "odd" / "pipe.png")
        (folder / "odd" / "x.png").write_bytes((folder / "x.png").read_bytes())
        here = os.getcwd()
        os.chdir(folder / "odd")  # a socket's path must be short
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("socket.png")
        os.chdir(here)

    def the_picture_alone(folder: Path, outcome: Outcome) -> None:
        assert outcome.output.splitlines() in ([b"X"], [b"X\todd/x.png"])
        for name in (b"pipe.png", b"socket.png"):
            assert name in outcome.errors

    endless = {
        "grid": ["grid", "/dev/zero"],
        "maps": ["pool", "/dev/zero"],
        "feature": ["convolve", "x.png", "-F", "/dev/zero"],
        "network": ["classify", "x.png", "-n", "/dev/zero"],
        "list": ["classify", "--files-from", "/dev/zero"],
        "image": ["classify", "/dev/zero"],
    }
    found = [Hazard("fifo", f"endless {name}", args) for name, args in endless.items()]
    for name, args in endless.items():
        unwritten = [arg.replace("/dev/zero", "pipe") for arg in args]
        found.append(Hazard("fifo", f"unwritten {name}", unwritten, {}, lambda folder: os.mkfifo(folder / "pipe")))
    args = ["classify", "-r", "odd"]
    return [*found, Hazard("fifo", "folder", args, {}, folder_of_odd_files, (0, 1), holds=the_picture_alone)]


def signals() -> list[Hazard]:
    """A command that is ended in the middle leaves what was there, and no half of a file."""

    def old_is_kept(folder: Path, outcome: Outcome) -> None:
        assert (folder / "out.txt").read_bytes() == b"old"

    args = ["classify", "x.png", "pipe", "-o", "out.txt"]
    return [
        Hazard(
            "signal",
            sent.name,
            args,
            {"out.txt": b"old"},
            lambda folder: os.mkfifo(folder / "pipe"),
            (128 + sent,),
            sent=sent,
            holds=old_is_kept,
        )
        for sent in map(signal.Signals, SENT.values())
    ]


def deep_folders() -> list[Hazard]:
    """Folders in folders, more than Python calls functions and more than the system has names for."""

    def dig(depth: int, folder: Path) -> None:
        here = os.getcwd()
        os.chdir(folder)
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(here)
        (folder / "d" / "x.png").write_bytes((folder / "x.png").read_bytes())

    def found(folder: Path, outcome: Outcome) -> None:
        subprocess.run(["rm", "-r", folder / "d"], check=True)  # Python's own way to do it has the limit, too
        assert outcome.output == b"X\td/x.png\n"

    args = ["classify", "-r", "d"]
    return [
        Hazard("folder", str(depth), args, {}, partial(dig, depth), (status,), holds=found)
        for depth, status in ((1200, 0), (2200, 1))
    ]


def forks() -> list[Hazard]:
    """Forks that are slow, or never done: a signal meanwhile is not lost, and a finished run waits for none."""
    never = (
        "n = []; os.register_at_fork(before=lambda: n.append(1), after_in_child=lambda: len(n) < 2 or time.sleep(999))"
    )
    sent = "os.register_at_fork(after_in_parent=lambda: (time.sleep(0.2), os.kill(os.getpid(), {})))"
    hooks = {"never": (never, 0)} | {name: (sent.format(number), 128 + number) for name, number in SENT.items()}
    args = ["classify", "-q", "-j", "4", *["x.png"] * 9]
    path = {"PYTHONPATH": os.pathsep.join([".", str(ROOT)])}
    return [
        Hazard(
            "fork",
            name,
            args,
            {"sitecustomize.py": f"import os, time\n{hook}".encode()},
            statuses=(status,),
            environment=path,
        )
        for name, (hook, status) in hooks.items()
    ]


def unbuffered() -> list[Hazard]:
    """Standard output without Python's buffer, as images of Docker set it: whole, or an error."""

    def whole(folder: Path, outcome: Outcome) -> None:
        assert len(outcome.output) == 4_000_128

    draw, setting = ["draw", "X", "--size", "1000", "-f", "npy"], {"PYTHONUNBUFFERED": "1"}
    return [
        Hazard("unbuffered", "whole", draw, environment=setting, statuses=(0,), holds=whole),
        Hazard("unbuffered", "full", [*draw, "-o", "/dev/full"], environment=setting),
    ]


def environments() -> list[Hazard]:
    """Terminals without a width, numbers without end, few files, closed streams."""
    show, classify, any_end = ["show", "x.png"], ["classify", "x.png"], (0, 1, 2)
    return [
        *(
            Hazard("environment", f"COLUMNS {columns[:4]}", show, terminal=True, statuses=(0,), environment=setting)
            for columns in ("0", "-1", "nan", "", "9" * 5000)
            for setting in ({"COLUMNS": columns}, {"COLUMNS": "80", "LINES": columns})
        ),
        Hazard("environment", "completion", classify, statuses=(0,), environment={"_XO_CNN_COMPLETE": ""}),
        Hazard("environment", "seed", ["draw", "X", "--seed", "9" * 4000], statuses=any_end),
        Hazard("environment", "few files", classify, statuses=any_end, open_files=16),
        *(
            Hazard("environment", f"closed {number}", classify, statuses=any_end, closed=(number,))
            for number in range(3)
        ),
        Hazard(
            "environment", "no home", classify, statuses=(0,), environment={"HOME": "/nowhere", "TMPDIR": "/nowhere"}
        ),
        Hazard("environment", "C locale", classify, statuses=(0,), environment={"LC_ALL": "C", "PYTHONUTF8": "0"}),
    ]


KINDS = {
    "bomb": bombs,
    "decoder": decoders,
    "fifo": fifos,
    "folder": deep_folders,
    "signal": signals,
    "fork": forks,
    "unbuffered": unbuffered,
    "environment": environments,
}


def npy(shape: tuple[int, ...], descr: str) -> bytes:
    """An npy header that claims what it is told to."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}}}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def npz(method: int, *members: bytes) -> bytes:
    """A zip archive of these arrays."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=1) as archive:
        for number, data in enumerate(members):
            archive.writestr(f"a{number}.npy", data)
    return stream.getvalue()


def article() -> bytes:
    """The text's network."""
    return (ROOT / "features" / "article.toml").read_bytes()


def noisy_tiff() -> bytes:
    """A fax whose bits are wrong: libtiff complains of it, on standard error, by itself."""
    stream = io.BytesIO()
    cells = np.random.default_rng(4).random((64, 64)) < 0.5
    Image.fromarray(cells).save(stream, "TIFF", compression="group4")
    data = bytearray(stream.getvalue())
    at = len(data) // 3
    data[at : at + 40] = b"\xa5" * 40
    return bytes(data)
