"""The same bad input to this program and to others that read pictures and arrays: python benchmarks/bad_input.py.

Every input is made here, every program is a process of its own with 3 GiB of memory and 20 seconds, and the table says
how each ended, how long that took, and how much memory if that is more than the table's own. Programs that are not
installed are left out.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hazards import bombs, decoders  # noqa: E402 - found by the path above

SECONDS = 20
PYTHON = [sys.executable, "-c"]
PROGRAMS = {
    "xo-cnn": [sys.executable, "-m", "xo_cnn", "grid", "{}", "-o", "out.pgm"],
    "Pillow": [
        *PYTHON,
        "import sys; from PIL import Image; Image.open(sys.argv[1]).convert('L').save('out.pgm')",
        "{}",
    ],
    "ImageMagick": ["convert", "{}", "out.pgm"],
    "vips": ["vips", "copy", "{}", "out.png"],
    "numpy.load": [
        *PYTHON,
        "import sys, numpy; a = numpy.load(sys.argv[1]); [a[n] for n in getattr(a, 'files', [])]",
        "{}",
    ],
}
PICTURES, ARRAYS = ("xo-cnn", "Pillow", "ImageMagick", "vips"), ("xo-cnn", "numpy.load")


def inputs() -> dict[str, tuple[str, tuple[str, ...], bytes | Callable[[Path], object]]]:
    """What is fed, by what it is: a file's name, who reads its kind, and its bytes or what makes it."""
    made = {name: data for hazard in [*bombs(), *decoders()] for name, data in hazard.files.items()}
    stream = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(stream, "PNG")
    whole = io.BytesIO()
    Image.effect_noise((300, 300), 60).save(whole, "PNG")
    return {
        "EPS named .png": ("forge.png", PICTURES, made["forge.png"]),
        "PNG of 0.1 MB, 900 megapixels": ("bomb.png", PICTURES, stream.getvalue()),
        "PGM of 19 bytes, claims 3.6 gigapixels": ("claims.pgm", PICTURES, made["claims.pgm"]),
        "PNG cut in the middle": ("cut.png", PICTURES, whole.getvalue()[: len(whole.getvalue()) // 2]),
        "FIFO without a writer": ("pipe.png", PICTURES, os.mkfifo),
        "/dev/zero as .png": ("zero.png", PICTURES, lambda path: path.symlink_to("/dev/zero")),
        "npz of 0.1 MB, unfolds to 100 MB": ("deflate.npz", ARRAYS, made["deflate.npz"]),
        "npz of 0.4 MB, unfolds to 400 MB": ("many.npz", ARRAYS, made["many.npz"]),
        "npy of 128 bytes, claims 64 TB": ("claims.npy", ARRAYS, made["claims.npy"]),
    }


def ended(command: list[str], folder: Path) -> str:
    """How a program ended in a folder."""
    for name in ("out.pgm", "out.png", "ran"):
        (folder / name).unlink(missing_ok=True)
    with tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)),
        )
        alarm = threading.Timer(SECONDS, child.kill)
        alarm.start()
        _, status, usage = os.wait4(child.pid, 0)
        alarm.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        errors.seek(0)
        complaint = errors.read().decode("utf-8", "replace").strip()
    if (folder / "ran").exists():
        return "**ran Ghostscript**"
    own = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 10  # a fork begins with it
    took = f"{seconds:.1f} s" + (f", {usage.ru_maxrss >> 10} MB" if usage.ru_maxrss > 1.2 * own else "")
    if child.returncode == -9:
        return f"no end ({took})"
    if "Traceback" in complaint:
        return f"{complaint.splitlines()[-1].partition(':')[0].split('.')[-1]} ({took})"
    if child.returncode:
        return f"refused, {len(complaint.splitlines())} line(s) ({took})"
    return f"{'a warning, and ' if complaint else ''}read ({took})"


def main() -> None:
    """Print the table."""
    print(f"| input | {' | '.join(PROGRAMS)} |\n|---|{'---|' * len(PROGRAMS)}")
    for what, (name, readers, data) in inputs().items():
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            (folder / "gs").write_text("#!/bin/sh\ntouch ran\n")
            (folder / "gs").chmod(0o755)
            file = folder / name
            file.write_bytes(data) if isinstance(data, bytes) else data(file)
            cells = []
            for program, command in PROGRAMS.items():
                there = program in readers and shutil.which(command[0])
                cells.append(ended([part.format(name) for part in command], folder) if there else "–")
            print(f"| {what} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
