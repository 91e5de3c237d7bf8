"""Lines: strokes of any thickness thinned to lines, and lines stretched to the cells of a grid."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from xo_cnn.grid import Array
from xo_cnn.images.bits import bits_of, box_of
from xo_cnn.images.levels import LOOK

LEAN = 0.5  # letters whose rows and columns correlate more than this are set upright
MOST = 126  # cells a side that strokes are thinned for
FINE = 3  # lines are thinned on this many pixels per cell of the grid


def spreads(pixels: Array) -> tuple[int, float, float, float]:
    """How many pixels, and how they spread: the variances of their rows and columns, and the covariance."""
    height, width = pixels.shape
    in_row, in_column = pixels.sum(axis=1), pixels.sum(axis=0)
    rows, columns = np.arange(height), np.arange(width)
    total = int(in_row.sum())
    # whole numbers until the last division: the same on every machine
    down, across = int(rows @ in_row), int(columns @ in_column)
    tall = total * int(rows * rows @ in_row) - down * down
    wide = total * int(columns * columns @ in_column) - across * across
    both = total * int(rows @ (pixels @ columns)) - down * across
    # a pixel is a square, not a point: a twelfth
    return total, tall / total**2 + 1 / 12, wide / total**2 + 1 / 12, both / total**2


def solidity(total: int, tall: float, wide: float, both: float) -> float:
    """The share that pixels fill of an ellipse which spreads as they do: 1 for a disc, less for a ring or a cross."""
    return total / (4 * math.pi * math.sqrt(max(tall * wide - both * both, 1e-9)))


def fine_ink(ink: Array, side: int) -> Array:
    """A letter stretched to at least FINE pixels per cell of side x side cells, set upright if it leans far."""
    ink = upright(ink)
    fine = side * max(FINE if side < LOOK else 1, math.ceil(max(ink.shape) / side / 1.6))
    # where there are fewer pixels than before, a stroke of one pixel is spread thinly over two
    least = 110 if max(ink.shape) <= fine else 75
    picture = Image.fromarray(ink.view(np.uint8) * np.uint8(255))
    return np.asarray(picture.resize((fine, fine), Image.Resampling.BILINEAR)) >= least


def cells_of(lines: Array, side: int) -> Array:
    """Lines as side x side cells: stretched to all four edges, and thinned again where they meet."""
    rows, columns = np.nonzero(lines)
    cells = np.zeros((side, side), dtype=bool)
    cells[_spread(rows, side), _spread(columns, side)] = True
    bits = bits_of(side, side)
    return bits.unpack(bits.thin(bits.pack(cells)))


def stretch(ink: Array, side: int) -> Array:
    """Thin the strokes of a letter to lines and stretch them to side x side cells."""
    if ink.shape == (side, side):
        bits = bits_of(side, side)
        return bits.unpack(bits.thin(bits.pack(ink)))
    if side > MOST:
        # more cells than the look at the picture had pixels: the lines are enlarged
        places = np.arange(side) * MOST // side
        return stretch(ink, MOST)[np.ix_(places, places)]
    fine = fine_ink(ink, side)
    bits = bits_of(*fine.shape)
    return cells_of(bits.unpack(bits.thin(bits.pack(fine))), side)


def upright(ink: Array) -> Array:
    """Shear a letter that leans far to one side until it stands upright: a slender O keeps its counter that way."""
    _, tall, wide, both = spreads(ink)
    if both * both < LEAN * LEAN * tall * wide:
        return ink
    lean = both / tall
    height, width = ink.shape
    extra = math.ceil(abs(lean) * height)
    picture = Image.fromarray(ink.astype(np.uint8) * 255)
    sheared = picture.transform(
        (width + extra, height),
        Image.Transform.AFFINE,
        (1, lean, -extra if lean > 0 else 0, 0, 1, 0),
        Image.Resampling.BILINEAR,
    )
    straight = np.asarray(sheared) >= 110
    top, left, bottom, right = box_of(straight)
    return straight[top:bottom, left:right]


def _spread(places: Array, side: int) -> Array:
    """Move places along an axis so that the first comes to cell 0 and the last to cell side - 1."""
    first, extent = places.min(), int(np.ptp(places))
    if extent == 0:
        return np.full_like(places, side // 2)
    return np.asarray(((places - first) * (2 * side - 2) + extent) // (2 * extent))
