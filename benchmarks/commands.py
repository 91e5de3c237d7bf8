"""Whole commands against their peers, each a process of its own: python benchmarks/commands.py [--images 4000].

Every row is the median of several runs taken in turn with its peer's, after one run of each to warm up. Peers that are
not installed are left out, and the table says so. What is measured is described in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

PYTHON = sys.executable
XO = f"{PYTHON} -m xo_cnn"
ROOT = Path(__file__).parent.parent

PILLOW = "from PIL import Image; Image.open('photo.png').save('pillow.png')"
DECODE = (
    "import glob\nfrom PIL import Image\nfor p in sorted(glob.glob('many/*.png')):\n with Image.open(p) as i: i.load()"
)
KERNEL = "from PIL import Image, ImageFilter as F; i = Image.open('photo.png').point(lambda v: 255 * (v > 127)); "
KERNEL += "i.filter(F.Kernel((3, 3), (1, -1, -1, -1, 1, -1, -1, -1, 1), 9, 127)).save('kernel.pgm')"
OPENCV = """
import cv2, glob, numpy as np
_, white = cv2.threshold(cv2.imread('photo.png', 0), 0, 255, cv2.THRESH_OTSU)
grid = white.astype(np.float32) / 127.5 - 1
"""
OPENCV_ONE = OPENCV + "m = cv2.filter2D(grid, -1, np.loadtxt('f16/00.txt', dtype=np.float32) / 9)[1:-1, 1:-1]\n"
OPENCV_ONE += "cv2.imwrite('opencv.pgm', ((m + 1) * 127.5).round().astype(np.uint8))"
OPENCV_ALL = (
    OPENCV
    + """
maps = {}
for path in sorted(glob.glob('f16/*.txt')):
    m = cv2.filter2D(grid, -1, np.loadtxt(path, dtype=np.float32) / 9)[1:-1, 1:-1]
    maps[path[4:-4]] = cv2.dilate(m, np.ones((2, 2)), anchor=(0, 0))[::2, ::2]
np.savez('opencv.npz', **maps)
"""
)


def script(text: str) -> list[str]:
    """A Python program as a command."""
    return [PYTHON, "-c", text]


def shell(line: str) -> list[str]:
    """A line of shell as a command."""
    return ["bash", "-o", "pipefail", "-c", line]


def seconds(command: list[str]) -> tuple[float, float]:
    """Wall and processor time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_turn(commands: dict[str, list[str]], runs: int) -> dict[str, tuple[float, float]]:
    """Medians of wall and processor time, the commands taking turns so that a noisy minute hits all of them."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            run = seconds(command)
            if number:
                taken[name].append(run)
    return {
        name: (statistics.median(wall for wall, _ in times), statistics.median(cpu for _, cpu in times))
        for name, times in taken.items()
    }


def peak(command: list[str]) -> float:
    """Most memory that a command held at once, in MB."""
    program = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, stderr=-3); "
    program += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    ended = subprocess.run([PYTHON, "-c", program, *command], capture_output=True, text=True, check=True)
    return int(ended.stdout) * 1024 / 1e6


def table(title: str, times: dict[str, tuple[float, float]], ours: str = "xo-cnn") -> None:
    """Print a table, everything as a ratio to our own time."""
    print(f"\n**{title}**\n\n| | ms | processor ms | × ours |\n|---|---:|---:|---:|")
    for name, (wall, cpu) in times.items():
        print(f"| {name} | {wall * 1e3:.0f} | {cpu * 1e3:.0f} | {wall / times[ours][0]:.2f} |", flush=True)


def prepare(images: int) -> None:
    """A photograph of 8 megapixels, sixteen features, and many small images."""
    dice = np.random.default_rng(1)
    smooth = Image.fromarray((dice.random((306, 408)) * 255).astype(np.uint8)).resize(
        (3264, 2448), Image.Resampling.BICUBIC
    )
    noisy = np.clip(np.asarray(smooth) + dice.normal(0, 6, (2448, 3264)), 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save("photo.png")
    Path("f16").mkdir()
    for number in range(16):
        np.savetxt(f"f16/{number:02}.txt", dice.choice([-1, 1], (3, 3)), fmt="%g")
    for label in "XO":
        options = ["--count", str(images // 2), "--size", "64", "--rotate", "20", "--shift", "0.1", "--seed", "1"]
        subprocess.run([*XO.split(), "draw", label, *options, "--output", f"many-{label}/"], check=True)
    Path("many").mkdir()
    for label in "XO":
        for path in Path(f"many-{label}").iterdir():
            path.rename(f"many/{label}-{path.name}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        prepare(given.images)
        measure(given.runs, given.images)
        os.chdir(ROOT)


def measure(runs: int, images: int) -> None:
    """Start-up, one large image, pipes, many small images, memory."""
    opencv = find_spec("cv2") is not None
    if not opencv:
        print("OpenCV is not installed; its rows are left out.")
    Image.open("many/" + sorted(os.listdir("many"))[0]).resize((32, 32)).save("small.png")

    imports = {"import numpy, PIL.Image": script("import numpy, PIL.Image")}
    xo = {"xo-cnn": shell(f"exec {XO} classify small.png")}
    table("Start-up: classify one image of 32×32", in_turn(imports | xo, 3 * runs))
    times = in_turn({"xo-cnn": shell(f"exec {XO} --help"), "import click": script("import click")}, 2 * runs)
    table("Start-up: --help", times)

    peers = {"Pillow: open and save": script(PILLOW)}
    xo = {"xo-cnn": shell(f"exec {XO} convolve photo.png -F f16/00.txt -o ours.png")}
    table("One feature, 8 megapixels, PNG to PNG", in_turn(xo | peers, runs))

    peers = {"Pillow: its own 3×3 filter": script(KERNEL)}
    if opencv:
        peers["Python with OpenCV"] = script(OPENCV_ONE)
    if (
        shutil.which("convert")
        and b"ImageMagick" in subprocess.run(["convert", "-version"], capture_output=True, check=False).stdout
    ):
        peers["ImageMagick"] = shell("convert photo.png -morphology Convolve '3x3: 1,-1,-1,-1,1,-1,-1,-1,1' magick.pgm")
    if shutil.which("vips"):
        Path("mask.mat").write_text("3 3 9 127\n1 -1 -1\n-1 1 -1\n-1 -1 1\n")
        peers["vips"] = shell("vips conv photo.png vips.pgm mask.mat --precision integer")
    if shutil.which("gmic"):
        peers["G'MIC"] = shell("gmic photo.png '(1,-1,-1;-1,1,-1;-1,-1,1)' convolve[0] [1] keep[0] o gmic.pgm")
    xo = {"xo-cnn": shell(f"exec {XO} convolve photo.png -F f16/00.txt -o ours.pgm")}
    table("One feature, 8 megapixels, PNG to PGM", in_turn(xo | peers, runs))

    if opencv:
        xo = {"xo-cnn": shell(f"exec {XO} convolve photo.png --features f16 --pool 2/2 -o ours.npz")}
        table("Sixteen features and pooling, to npz", in_turn(xo | {"Python with OpenCV": script(OPENCV_ALL)}, runs))
        ours, theirs = np.load("ours.npz"), np.load("opencv.npz")
        same = all(np.allclose(ours[name], theirs[name], atol=1e-6) for name in ours)
        print(f"\nBoth archives hold the same maps: {same}")

    subprocess.run(
        shell(f"{XO} grid photo.png -o grid.npy && {XO} convolve grid.npy -F f16/00.txt --pool 2/2 -o two.npz"),
        check=True,
    )
    pipes = {
        "xo-cnn": shell(f"{XO} show two.npz -f npz | {XO} pool -f npz >pooled.npz"),
        "the same pipe as text": shell(f"{XO} show two.npz -f text | {XO} pool -f npz >pooled.npz"),
    }
    table("A map of two million cells through a pipe, as npz", in_turn(pipes, runs))

    print(f"\n**{images} PNGs of 64×64** (images per second; the time of an empty run is taken off)\n")
    Path("list").write_text("".join(f"many/{name}\n" for name in sorted(os.listdir("many"))))
    jobs = {f"xo-cnn --jobs {count}": shell(f"exec {XO} classify --files-from list --jobs {count}") for count in (1, 2)}
    work = {"Pillow opens and decodes": script(DECODE)} | jobs
    idle = {"Pillow opens and decodes": script("import glob\nfrom PIL import Image")}
    idle |= {name: shell(f"exec {XO} classify many/{os.listdir('many')[0]}") for name in jobs}
    busy, empty = in_turn(work, runs), in_turn(idle, runs)
    rates = {name: images / (busy[name][0] - empty[name][0]) for name in work}
    print("| | images/s | of Pillow's rate |\n|---|---:|---:|")
    for name, rate in rates.items():
        print(f"| {name} | {rate:.0f} | {rate / rates['Pillow opens and decodes']:.2f} |")

    print("\n**Most memory held at once**\n\n| | MB |\n|---|---:|")
    rows = {
        "import numpy, PIL.Image": script("import numpy, PIL.Image"),
        "Pillow decodes the photograph": script("from PIL import Image; Image.open('photo.png').load()"),
        "convolve photo.png, one feature, to PNG": shell(f"exec {XO} convolve photo.png -F f16/00.txt -o ours.png"),
        "sixteen features pooled to npz (output 128 MB)": shell(
            f"exec {XO} convolve photo.png --features f16 --pool 2/2 -o ours.npz"
        ),
        "pool, maps from npz": shell(f"exec {XO} pool ours.npz -o smaller.npz"),
        f"classify {images} images, one job": shell(f"exec {XO} classify --files-from list --jobs 1"),
        f"classify {images // 10} of them": shell(
            f"head -n {images // 10} list | {XO} classify --files-from - --jobs 1"
        ),
    }
    for name, command in rows.items():
        print(f"| {name} | {peak(command):.0f} |", flush=True)


if __name__ == "__main__":
    main()
