"""Make sample_images again: the text's three pictures, and letters that `xo-cnn draw` draws.

python -m tools.sample_images    makes sample_images/ again
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from xo_cnn import Map, draw, save
from xo_cnn.grid import to_cells
from xo_cnn.letters.samples import Label

ROOT = Path(__file__).parent.parent

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
    "o_pen_open": ("O", {"style": "pen", "gap": 0.15, "seed": 5, "ink": "white"}),
    "x_type_serifs": ("X", {"style": "type", "serifs": True, "thickness": 0.2, "seed": 6}),
    "o_type_slanted": ("O", {"style": "type", "slant": 20, "thickness": 0.25, "seed": 7}),
    "x_noisy": ("X", {"noise": 0.5, "seed": 8}),
    "o_noisy": ("O", {"noise": 0.5, "seed": 9, "ink": "white"}),
}


def main(folder: Path) -> None:
    """Write every picture into the folder."""
    article = json.loads((ROOT / "tests" / "article.json").read_text())
    for key, name in (("X", "x"), ("O", "o"), ("X_deformed", "x_deformed")):
        levels = np.where(np.array(article[key]) > 0, 255, 0).astype(np.uint8)
        Image.fromarray(levels).save(folder / f"{name}.png", optimize=True)
    for name, (label, how) in DRAWN.items():
        save(Map(name, to_cells(draw(label, size=120, **how))), folder / f"{name}.png")
    with Image.open(folder / "o_pen_deformed.png") as drawn:
        # ink on nothing: the levels become how opaque a violet is
        opaque = drawn.convert("L").point([255 - level for level in range(256)])
        violet = Image.new("RGB", opaque.size, (90, 30, 140))
        violet.putalpha(opaque)
        violet.save(folder / "o_transparent.png", optimize=True)


if __name__ == "__main__":
    main(ROOT / "sample_images")
