"""Lines: strokes of any thickness thinned to lines, and lines stretched to the cells of a grid."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image

from xo_cnn.grid import Array
from xo_cnn.images.bits import Bits, bits_of, box_of
from xo_cnn.images.levels import LOOK

LEAN = 0.5  # letters whose rows and columns correlate more than this are set upright
MOST = 126  # cells a side that strokes are thinned for
FINE = 3  # lines are thinned on this many pixels per cell of the grid
LOOP = 0.2  # lines that enclose this share of their square are a round, whose loose ends are cut off
TAILED = 0.06  # the share that is enough for lines with one loose end


Spread = tuple[int, float, float, float]


def spreads(pixels: Array) -> Spread:
    """How many pixels, and how they spread: the variances of their rows and columns, and the covariance."""
    height, width = pixels.shape
    # products of whole numbers, exact in whatever order they are added: the same on every machine
    moments = (_powers(height).T @ (pixels.astype(np.float64) @ _powers(width))).tolist()
    (total, across, wide), (down, both, _), (tall, _, _) = moments
    # a pixel is a square, not a point: a twelfth
    return (
        int(total),
        (total * tall - down * down) / total**2 + 1 / 12,
        (total * wide - across * across) / total**2 + 1 / 12,
        (total * both - down * across) / total**2,
    )


@lru_cache(maxsize=256)
def _powers(length: int) -> Array:
    """Each place along an axis to the powers 0, 1 and 2, shaped (places, 3)."""
    return np.arange(length, dtype=np.float64)[:, None] ** np.arange(3)


def solidity(total: int, tall: float, wide: float, both: float) -> float:
    """The share that pixels fill of an ellipse which spreads as they do: 1 for a disc, less for a ring or a cross."""
    return total / (4 * math.pi * math.sqrt(max(tall * wide - both * both, 1e-9)))


def fine_lines(ink: Array, side: int, spread: Spread) -> tuple[Bits, int, int]:
    """A letter stretched to at least FINE pixels per cell of side x side cells, set upright if it leans far.

    The Bits of it, its ink and its lines.
    """
    ink = upright(ink, spread)
    fine = side * max(FINE if side < LOOK else 1, math.ceil(max(ink.shape) / side / 1.6))
    # where there are fewer pixels than before, a stroke of one pixel is spread thinly over two
    least = 110 if max(ink.shape) <= fine else 75
    picture = Image.frombuffer("L", ink.shape[::-1], (ink.view(np.uint8) * np.uint8(255)).tobytes(), "raw", "L", 0, 1)
    larger = picture.resize((fine, fine), Image.Resampling.BILINEAR)
    bits = bits_of(fine, fine)
    pixels = bits.pack(np.frombuffer(larger.tobytes(), dtype=np.uint8).reshape(fine, fine) >= least)
    return bits, pixels, bits.thin(pixels)


def without_tails(bits: Bits, lines: int) -> int:
    """Lines without their loose ends where they run round a large area: a script o without the stroke to its neighbour.

    >>> tailed = bits_of(5, 6).pack(np.array([[0, 1, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0],
    ...                                       [1, 0, 0, 1, 0, 0], [0, 1, 1, 0, 1, 1]]))
    >>> (tailed ^ without_tails(bits_of(5, 6), tailed)).bit_count()
    2
    """
    one = two = 0
    for near in (1, bits.row - 1, bits.row, bits.row + 1):
        for neighbours in (lines << near, lines >> near):
            two |= one & neighbours
            one |= neighbours
    ends = (lines & ~two).bit_count()
    if not ends or bits.euler(lines) > 0:
        return lines
    loop = max(bits.pieces(bits.all & ~lines & ~bits.outside(lines), corners=False), key=int.bit_count)
    if loop.bit_count() < (TAILED if ends == 1 else LOOP) * bits.height * bits.width:
        return lines
    beyond = (bits.all | bits.around) & ~lines & ~loop
    return lines & bits.grown(loop) & bits.grown(beyond)


def cells_of(bits: Bits, lines: int, side: int) -> int:
    """Lines as side x side cells: without tails, stretched to all four edges, and thinned again where they meet."""
    lines = without_tails(bits, lines)
    rows, columns = bits.unpack(lines).nonzero()
    top, left, bottom, right = bits.box(lines)
    cells = np.zeros((side, side), dtype=bool)
    cells[_cell_of(top, bottom - 1, side)[rows], _cell_of(left, right - 1, side)[columns]] = True
    square = bits_of(side, side)
    return square.thin(square.pack(cells))


def with_border(lines: Array) -> Array:
    """Lines as a grid, 1 on ink and -1 elsewhere, with a border of one cell."""
    grid = np.full((len(lines) + 2, len(lines) + 2), -1, dtype=np.int8)
    grid[1:-1, 1:-1][lines] = 1
    return grid


def stretch(ink: Array, side: int) -> Array:
    """Thin the strokes of a letter to lines and stretch them to side x side cells."""
    square = bits_of(side, side)
    if ink.shape == (side, side):
        return square.unpack(square.thin(square.pack(ink)))
    if side > MOST:
        # more cells than the look at the picture had pixels: the lines are enlarged
        places = np.arange(side) * MOST // side
        return stretch(ink, MOST)[np.ix_(places, places)]
    bits, _, lines = fine_lines(ink, side, spreads(ink))
    return square.unpack(cells_of(bits, lines, side))


def upright(ink: Array, spread: Spread) -> Array:
    """Shear a letter that leans far to one side until it stands upright: a slender O keeps its counter that way."""
    _, tall, wide, both = spread
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


@lru_cache(maxsize=1024)
def _cell_of(first: int, last: int, side: int) -> Array:
    """The cell of every place along an axis: the first place is in cell 0, the last in cell side - 1."""
    extent = last - first
    if extent == 0:
        return np.full(last + 1, side // 2)
    return ((np.arange(last + 1) - first) * (2 * side - 2) + extent) // (2 * extent)
