"""Make sample_images again: the text's three pictures, and letters that `xo-cnn draw` draws.

python -m tools.sample_images    makes sample_images/ again
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from xo_cnn import Map, draw, save
from xo_cnn.grid import Array, to_cells
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.samples import Label
from xo_cnn.letters.shapes import Glyph, Place, Shape, as_bytes, cover, straight, traced
from xo_cnn.letters.strokes import pen_o
from xo_cnn.letters.typefaces import type_o, type_x

ROOT = Path(__file__).parent.parent

SIZE = 120

# the name of each picture, its letter, and how it is drawn
DRAWN: dict[str, tuple[Label, dict[str, Any]]] = {
    "x_thin": ("X", {"thickness": 0.03}),
    "o_thin": ("O", {"thickness": 0.03}),
    "x_thick": ("X", {"thickness": 0.35}),
    "o_thick": ("O", {"thickness": 0.35}),
    "x_shifted": ("X", {"shrink": 0.5, "shift": 0.2, "seed": 1}),
    "o_shifted": ("O", {"shrink": 0.5, "shift": 0.2, "seed": 2}),
    "x_shrunken": ("X", {"shrink": 0.75, "ink": "white"}),
    "o_shrunken": ("O", {"shrink": 0.75, "ink": "white"}),
    "x_rotated": ("X", {"rotate": 40}),
    "x_rotated_white": ("X", {"rotate": 20, "thickness": 0.2, "ink": "white"}),
    "x_pen_deformed": ("X", {"style": "pen", "deform": 0.3, "seed": 3}),
    "o_pen_deformed": ("O", {"style": "pen", "deform": 0.3, "seed": 4}),
    "x_noisy": ("X", {"noise": 0.5, "seed": 8}),
    "o_noisy": ("O", {"noise": 0.5, "seed": 9, "ink": "white"}),
}


def placed(shape: Shape, pen: float, slant: float = 0.0) -> Array:
    """A letter's shape in the middle of a picture, leaning by `slant` degrees, as white ink."""
    half = 0.4 * SIZE / (1 + pen)
    place = Place((half, half), 0.0, math.tan(math.radians(slant)), straight)
    return as_bytes(cover(traced(Glyph(shape, pen), place, (0, SIZE), (0, SIZE), (SIZE / 2, SIZE / 2))))


# and those of shapes that the command does not draw
SHAPED: dict[str, Array] = {
    "o_pen_open": placed(pen_o(Dice(5, 1), 0.12, gap=0.15), 0.12),
    "x_type_serifs": 255 - placed(type_x(Dice(6, 0), 0.2, serifs=True), 0.2),
    "o_type_slanted": 255 - placed(type_o(Dice(7, 1), 0.25), 0.25, slant=20),
}


def main(folder: Path) -> None:
    """Write every picture into the folder."""
    article = json.loads((ROOT / "tests" / "article.json").read_text())
    for key, name in (("X", "x"), ("O", "o"), ("X_deformed", "x_deformed")):
        levels = np.where(np.array(article[key]) > 0, 255, 0).astype(np.uint8)
        Image.fromarray(levels).save(folder / f"{name}.png", optimize=True)
    drawn = {name: draw(label, size=SIZE, **how) for name, (label, how) in DRAWN.items()}
    for name, levels in {**drawn, **SHAPED}.items():
        save(Map(name, to_cells(levels)), folder / f"{name}.png")
    with Image.open(folder / "o_pen_deformed.png") as picture:
        # ink on nothing: the levels become how opaque a violet is
        opaque = picture.convert("L").point([255 - level for level in range(256)])
        violet = Image.new("RGB", opaque.size, (90, 30, 140))
        violet.putalpha(opaque)
        violet.save(folder / "o_transparent.png", optimize=True)


if __name__ == "__main__":
    main(ROOT / "sample_images")
