"""Make sample_images again: the text's three pictures, and letters that `xo-cnn draw` draws.

python benchmarks/sample_images.py sample_images
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parent.parent

# the name of each picture, and what follows `xo-cnn draw` to make it
DRAWN = {
    "x_thin": "X --thickness 0.03 --size 120",
    "o_thin": "O --thickness 0.03 --size 120",
    "x_thick": "X --thickness 0.35 --size 120",
    "o_thick": "O --thickness 0.35 --size 120",
    "x_shifted": "X --shrink 0.5 --shift 0.2 --seed 1 --size 120",
    "o_shifted": "O --shrink 0.5 --shift 0.2 --seed 2 --size 120",
    "x_shrunken": "X --shrink 0.75 --ink white --size 120",
    "o_shrunken": "O --shrink 0.75 --ink white --size 120",
    "x_rotated": "X --rotate 40 --size 120",
    "x_rotated_white": "X --rotate 20 --thickness 0.2 --ink white --size 120",
    "x_pen_deformed": "X --style pen --deform 0.3 --seed 3 --size 120",
    "o_pen_deformed": "O --style pen --deform 0.3 --seed 4 --size 120",
    "o_pen_open": "O --style pen --gap 0.15 --seed 5 --ink white --size 120",
    "x_type_serifs": "X --style type --serifs --thickness 0.2 --seed 6 --size 120",
    "o_type_slanted": "O --style type --slant 20 --thickness 0.25 --seed 7 --size 120",
    "x_noisy": "X --noise 0.5 --seed 8 --size 120",
    "o_noisy": "O --noise 0.5 --seed 9 --ink white --size 120",
}


def main(folder: Path) -> None:
    """Write every picture into the folder."""
    article = json.loads((ROOT / "tests" / "article.json").read_text())
    for key, name in (("X", "x"), ("O", "o"), ("X_deformed", "x_deformed")):
        levels = np.where(np.array(article[key]) > 0, 255, 0).astype(np.uint8)
        Image.fromarray(levels).save(folder / f"{name}.png", optimize=True)
    for name, words in DRAWN.items():
        command = [sys.executable, "-m", "xo_cnn", "draw", *words.split(), "--output", str(folder / f"{name}.png")]
        subprocess.run(command, check=True, cwd=ROOT)
    with Image.open(folder / "o_pen_deformed.png") as drawn:
        # ink on nothing: the levels become how opaque a violet is
        opaque = drawn.convert("L").point([255 - level for level in range(256)])
        violet = Image.new("RGB", opaque.size, (90, 30, 140))
        violet.putalpha(opaque)
        violet.save(folder / "o_transparent.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
