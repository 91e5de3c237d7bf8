"""Fit: find the ink of a picture, crop it, thin it to lines and stretch it to a square grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from xo_cnn.errors import ImageError
from xo_cnn.grid import Array
from xo_cnn.images.bits import Bits, bits_of
from xo_cnn.images.levels import evened, grain, otsu, shrink

Side = Literal["white", "black"]
Ink = Literal["auto", "white", "black"]

from xo_cnn.images.levels import LOOK
LEAN = 0.5  # letters whose rows and columns correlate more than this are set upright
SURE = 0.6  # what looks less like paper than this is a letter
DOUBT = 0.75  # what looks more like paper than this is hardly a letter
MOST = 126  # cells a side that strokes are thinned for
NEITHER = 0.5  # a picture whose best reading is neither letter for more than this share looks like no letter
FINE = 3  # lines are thinned on this many pixels per cell of the grid


@dataclass(frozen=True)
class Fitted:
    """A grid and where it came from: `grid` is 1 on ink, `ink` the side of the picture that was ink, `box` the crop."""

    grid: Array
    ink: Side
    box: tuple[int, int, int, int] | None
    letter: Array | None = None
    reading: str = "as it is"
    neither: float = 0.0
    runner_up: Fitted | None = None


def fit(levels: Array, side: int, ink: Ink = "auto", threshold: int | None = None) -> Fitted:
    """Find the ink of a picture, crop it, thin its strokes and stretch it to a grid with a border of one cell.

    `levels` are grey levels from 0 (black) to 255 (white), shaped (rows, columns). The grid is `side` cells
    a side, 1 on ink and -1 elsewhere. Enlarging a picture, a margin or swapping black and white change nothing.
    Raises ImageError where there is no ink: a picture of one flat level.

    >>> import numpy
    >>> strokes = numpy.eye(20, dtype=numpy.uint8)
    >>> print(fit(255 * (strokes | strokes[::-1]), side=7).grid)
    [[-1 -1 -1 -1 -1 -1 -1]
     [-1  1 -1 -1 -1  1 -1]
     [-1 -1  1 -1  1 -1 -1]
     [-1 -1 -1  1 -1 -1 -1]
     [-1 -1  1 -1  1 -1 -1]
     [-1  1 -1 -1 -1  1 -1]
     [-1 -1 -1 -1 -1 -1 -1]]
    """
    if side < 3:
        raise ImageError(f"a fit needs 3x3 cells or more, {side}x{side} leaves none inside the border")
    if threshold is not None:
        levels = np.where(levels >= threshold, np.uint8(255), np.uint8(0))
        where = f" at the threshold {threshold}"
    else:
        where = ""
    if levels.min() == levels.max():
        raise ImageError(f"no ink to fit: the whole picture is one flat level{where}")
    rows, columns = grain(levels), grain(levels.T)
    if (len(rows) - 1) * (len(columns) - 1) < levels.size:
        levels = levels[np.ix_((rows[:-1] + rows[1:]) // 2, (columns[:-1] + columns[1:]) // 2)]
    look, (tall, wide) = shrink(levels)
    found, name = _find(look, ink)
    top, left, bottom, right = _box(found)
    if tall * wide > 1:
        # what is small in a large picture is looked at again, closer
        crop = found[top:bottom, left:right]
        top, left = top * tall, left * wide
        bottom, right = min(bottom * tall, len(rows) - 1), min(right * wide, len(columns) - 1)
        found = _closer(levels[top:bottom, left:right], crop, (tall, wide), name)
        y, x, y2, x2 = _box(found)
        cells = _stretch(found[y:y2, x:x2], side - 2)
    else:
        cells = _stretch(found[top:bottom, left:right], side - 2)
    grid = np.full((side, side), -1, dtype=np.int8)
    grid[1:-1, 1:-1][cells] = 1
    return Fitted(grid, name, (int(rows[top]), int(columns[left]), int(rows[bottom]), int(columns[right])))


def _box(ink: Array) -> tuple[int, int, int, int]:
    """The smallest box round the ink: top, left, bottom, right."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _find(look: Array, ink: Ink) -> tuple[Array, Side]:
    """The pixels of the letter, and which side of the threshold they are on."""
    bits = bits_of(*look.shape)
    white = bits.pack(look >= otsu(look))
    black = bits.all & ~white
    if not white or not black:
        raise ImageError("no ink to fit: seen as a whole the picture is one flat level")
    inks: dict[Side, int] = {"black": black, "white": white}
    if (white & bits.rim).bit_count() < (black & bits.rim).bit_count():
        inks = {"white": white, "black": black}
    if ink != "auto":
        inks = {ink: inks[ink]}
    found = []
    for side, pixels in inks.items():
        letter, paper = _letter(bits, pixels)
        if paper < SURE:
            return letter, side
        found.append((paper, letter, side))
    if min(paper for paper, _, _ in found) > DOUBT and not _is_drawing(look):
        # nothing here looks much like a letter: the light may be uneven
        for side in inks:
            evened = evened(look, side)
            bright = bits.pack(evened >= otsu(evened))
            pixels = bright if side == "white" else bits.all & ~bright
            if pixels and pixels != bits.all:
                letter, paper = _letter(bits, pixels)
                found.append((paper + 0.1, letter, side))
    _, letter, side = min(found, key=lambda each: each[0])
    return letter, side


def _is_drawing(look: Array) -> bool:
    """Whether there is no uneven light to even out: the picture is small, or nearly all of it has one of two levels."""
    common = np.sort(np.bincount(look.ravel()))[-2:].sum()
    return bool(min(look.shape) < LOOK // 4 or common * 10 >= look.size * 7)


def _paperlike(pixels: Array, pieces: int) -> float:
    """How much a side looks like paper, not ink.

    Paper fills its own box and the rim of it, hangs together as a blob, or is cut into pieces by strokes that reach
    the rim; a letter's strokes do none of that.
    """
    top, left, bottom, right = _box(pixels)
    box = pixels[top:bottom, left:right]
    height, width = box.shape
    on_rim = sum(np.count_nonzero(line) for line in (box[0], box[-1], box[:, 0], box[:, -1]))
    total, *spread = _spreads(box)
    blob = max(0.0, _solidity(total, *spread) - 0.85) * 5
    cut = 0.2 * min(3, max(0, pieces - 1))
    return float(total / (height * width) + 0.5 * on_rim / (2 * height + 2 * width) + blob + cut)


def _spreads(pixels: Array) -> tuple[float, float, float, float]:
    """How many pixels, and how they spread: the variances of their rows and of their columns, and the covariance."""
    counts = pixels.astype(np.float64)
    rows, columns = np.arange(pixels.shape[0], dtype=np.float64), np.arange(pixels.shape[1], dtype=np.float64)
    in_row, in_column = counts.sum(axis=1), counts.sum(axis=0)
    total = float(in_row.sum())
    rows -= rows @ in_row / total
    columns -= columns @ in_column / total
    # a pixel is a square, not a point: a twelfth
    return (
        total,
        float(rows * rows @ in_row) / total + 1 / 12,
        float(columns * columns @ in_column) / total + 1 / 12,
        float(rows @ counts @ columns) / total,
    )


def _solidity(total: float, tall: float, wide: float, both: float) -> float:
    """The share that pixels fill of an ellipse which spreads as they do: 1 for a disc, less for a ring or a cross."""
    return total / (4 * math.pi * math.sqrt(max(tall * wide - both * both, 1e-9)))


def _letter(bits: Bits, ink: int) -> tuple[Array, float]:
    """What of the ink is the letter, without strips along the edges and specks; and how much it looks like paper."""
    kept, joined = _pieces_of_letter(bits, ink), False
    if any((sum(kept) & edge).bit_count() * 5 >= length * 4 for edge, length in bits.edges):
        # a strip may be joined to the letter: take the lines along the edges away that are nearly all ink
        strips = _strips(bits.unpack(sum(kept)))
        if strips is not None:
            rest = sum(kept) & ~bits.pack(strips)
            if rest & bits.middle:
                kept, joined = _pieces_of_letter(bits, rest), True
    pixels = bits.unpack(sum(kept))
    pieces = len(kept)
    if pieces > 1:
        top, left, bottom, right = _box(pixels)
        inside = bits.within(top + 1, left + 1, bottom - 1, right - 1)
        pieces = sum(1 for piece in kept if piece & ~inside)
    return pixels, _paperlike(pixels, pieces) + 0.3 * joined


def _pieces_of_letter(bits: Bits, ink: int) -> list[int]:
    """The pieces of the ink but for those that keep to the edges, and specks beside the largest."""
    pieces = bits.pieces(ink)
    kept = [piece for piece in pieces if piece & bits.middle or not piece & bits.margin]
    if sum(piece.bit_count() for piece in kept) * 50 < bits.height * bits.width:
        kept = pieces
    largest = max(piece.bit_count() for piece in kept)
    return [piece for piece in kept if piece.bit_count() * 20 >= largest]


def _strips(pixels: Array) -> Array | None:
    """The lines from an edge inwards that are nearly all ink, where the rest does not reach both ends of that edge."""
    height, width = pixels.shape
    strips = np.zeros_like(pixels)
    across, along = pixels.mean(axis=1) >= 0.8, pixels.mean(axis=0) >= 0.8
    top, bottom = _run(across), _run(across[::-1])
    left, right = _run(along), _run(along[::-1])
    if top + bottom >= height or left + right >= width or (top and bottom and left and right):
        return None
    rest = pixels[top : height - bottom, left : width - right]
    if not rest.any():
        return None
    y, x, y2, x2 = _box(rest)
    spans_height, spans_width = top + y == 0 and top + y2 == height, left + x == 0 and left + x2 == width
    if (top + bottom > 0 and spans_width) or (left + right > 0 and spans_height):
        return None
    strips[:top], strips[height - bottom :] = True, True
    strips[:, :left], strips[:, width - right :] = True, True
    return strips


def _run(lines: Array) -> int:
    """How many lines from the first on are true."""
    return len(lines) if lines.all() else int(lines.argmin())


def _closer(levels: Array, found: Array, blocks: tuple[int, int], ink: str) -> Array:
    """The same letter in more pixels: `levels` is the crop and `found` its letter, a pixel for each of the blocks."""
    (tall, wide), (look, (fine_tall, fine_wide)) = blocks, shrink(levels)
    if (fine_tall, fine_wide) == (tall, wide) or look.min() == look.max():
        return found
    level = otsu(look)
    bright = look >= level if ink == "white" else look < level
    near = np.pad(found, 1)
    near = near[:-2] | near[1:-1] | near[2:]
    near = near[:, :-2] | near[:, 1:-1] | near[:, 2:]
    rows = np.minimum(np.arange(look.shape[0]) * fine_tall // tall, found.shape[0] - 1)
    columns = np.minimum(np.arange(look.shape[1]) * fine_wide // wide, found.shape[1] - 1)
    pixels = bright & near[np.ix_(rows, columns)]
    return pixels if pixels.any() else found


def _stretch(ink: Array, side: int) -> Array:
    """Thin the strokes of a letter to lines and stretch them to side x side cells."""
    if ink.shape == (side, side):
        bits = bits_of(side, side)
        return bits.unpack(bits.thin(bits.pack(ink)))
    if side > MOST:
        # more cells than the look at the picture had pixels: the lines are enlarged
        places = np.arange(side) * MOST // side
        return _stretch(ink, MOST)[np.ix_(places, places)]
    ink = _upright(ink)
    fine = side * max(FINE if side < LOOK else 1, math.ceil(max(ink.shape) / side / 1.6))
    picture = Image.fromarray(ink.astype(np.uint8) * 255)
    bits = bits_of(fine, fine)
    # where there are fewer pixels than before, a stroke of one pixel is spread thinly over two
    least = 110 if max(ink.shape) <= fine else 75
    ink = np.asarray(picture.resize((fine, fine), Image.Resampling.BILINEAR)) >= least
    lines = bits.unpack(bits.thin(bits.pack(ink)))
    rows, columns = np.nonzero(lines)
    cells = np.zeros((side, side), dtype=bool)
    cells[_spread(rows, side), _spread(columns, side)] = True
    bits = bits_of(side, side)
    return bits.unpack(bits.thin(bits.pack(cells)))


def _upright(ink: Array) -> Array:
    """Shear a letter that leans far to one side until it stands upright: a slender O keeps its counter that way."""
    _, tall, wide, both = _spreads(ink)
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
    upright = np.asarray(sheared) >= 110
    top, left, bottom, right = _box(upright)
    return upright[top:bottom, left:right]


def _spread(places: Array, side: int) -> Array:
    """Move places along an axis so that the first comes to cell 0 and the last to cell side - 1."""
    first, extent = places.min(), int(np.ptp(places))
    if extent == 0:
        return np.full_like(places, side // 2)
    return np.asarray(((places - first) * (2 * side - 2) + extent) // (2 * extent))
