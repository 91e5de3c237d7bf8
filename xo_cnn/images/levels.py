"""Levels of light: thresholds, shrinking, uneven light taken away, and colours seen along one axis."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xo_cnn.grid import Array

Threshold = Literal["auto"] | int

LOOK = 64  # pixels per side: larger pictures are shrunk to it before ink is looked for
STRIP = 1 << 22  # bytes of a picture that are shrunk at a time


def otsu(levels: Array) -> int:
    """The level that best parts dark from bright (Otsu 1979): pixels at or above it are white; 128 for one flat level.

    >>> import numpy
    >>> otsu(numpy.array([[10, 20, 20], [200, 210, 220]], dtype=numpy.uint8))
    110
    """
    flat = levels.ravel()
    counts = np.zeros(256, dtype=np.intp)
    for start in range(0, flat.size, 1 << 16):  # bincount makes eight bytes of each; a block stays in the cache
        counts += np.bincount(flat[start : start + (1 << 16)], minlength=256)
    (present,) = counts.nonzero()
    if len(present) == 1:
        return 128
    # after each level that is present, but for the last: how far apart are the means of dark and bright
    many = counts[present].astype(np.float64)
    dark, moment = many.cumsum(), (many * present).cumsum()
    total, all_moment = dark[-1], moment[-1]
    dark, moment = dark[:-1], moment[:-1]
    best = ((all_moment * dark - total * moment) ** 2 / (dark * (total - dark))).argmax()
    # any threshold up to the next level parts the same pixels: the middle is as far from dark as from bright
    return int(present[best] + present[best + 1] - 1) // 2 + 1


def binarize(levels: NDArray[np.uint8], threshold: Threshold = "auto", *, black: bool = False) -> NDArray[np.int8]:
    """Turn levels into ±1 cells: 1 at or above the threshold (with `black`, below it), -1 elsewhere.

    >>> binarize(np.array([[0, 99, 100, 255]], dtype=np.uint8), 100).tolist()
    [[-1, -1, 1, 1]]
    """
    white = levels >= (otsu(levels) if threshold == "auto" else threshold)
    cells = white.view(np.int8)  # a fresh array of 0 and 1, turned in place into -1 and 1
    np.multiply(cells, -2 if black else 2, out=cells)
    np.add(cells, 1 if black else -1, out=cells)
    return cells


def grain(levels: Array) -> Array:
    """Where the rows of a picture begin, and its end: an enlarged picture has one row for many equal ones.

    >>> import numpy
    >>> grain(numpy.repeat(numpy.eye(3), 4, axis=0)).tolist()
    [0, 4, 8, 12]
    """
    height = levels.shape[0]
    for lines in (levels[:, :: max(1, levels.shape[1] // 8)], levels):  # a few columns mostly say it
        changes = np.flatnonzero((lines[1:] != lines[:-1]).any(axis=1)) + 1
        step = np.gcd.reduce(np.diff(changes)) if len(changes) > 1 else 1
        if step == 1:
            return np.arange(height + 1)
    starts = np.arange(changes[0] % step, height, step)
    return np.unique(np.concatenate([[0], starts, [height]]))


def blocks_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of the blocks that shrink a picture to at most LOOK pixels per side."""
    return -(-shape[0] // LOOK), -(-shape[1] // LOOK)


def shrink(levels: Array) -> Array:
    """Shrink levels or colours to at most LOOK pixels per side, by the means of whole blocks of pixels."""
    tall, wide = blocks_of(levels.shape)
    if tall * wide == 1:
        return levels
    # Whole rows of blocks at a time: Pillow's copy of a large picture would take more memory than the picture.
    step = tall * max(1, STRIP // (tall * levels[0].size))
    strips = (levels[top : top + step] for top in range(0, len(levels), step))
    return np.concatenate([np.asarray(Image.fromarray(strip).reduce((wide, tall))) for strip in strips])


def evened(look: Array, dark: bool) -> Array:
    """Take uneven light away: what is left is how far dark (or bright) ink differs from the paper around it.

    The paper is a grey-scale closing, the brightest of each neighbourhood and then the darkest of those
    (Serra 1982); dark ink takes a share of its light away.
    """
    levels = look if dark else 255 - look
    reach = max(1, max(look.shape) // 8)
    paper = 255 - _brightest(255 - _brightest(levels, reach), reach)
    if not dark:
        return np.asarray(paper - levels)  # a closing darkens nothing
    return np.asarray(levels.astype(np.int32) * 255 // np.maximum(paper, 1), dtype=np.uint8)


def _brightest(levels: Array, reach: int) -> Array:
    """The highest level among all pixels up to `reach` rows and columns away."""
    window = 2 * reach + 1
    for _ in range(2):
        rows = np.arange(-reach, levels.shape[1] + reach)
        levels = levels.T[rows.clip(0, levels.shape[1] - 1)]  # beyond an edge lies what is at the edge
        width = 1
        while width < window:  # windows twice as wide each time, the last two overlapping
            step = min(width, window - width)
            levels = np.maximum(levels[:-step], levels[step:])
            width += step
    return levels


def colour_axis(colours: Array) -> Array | None:
    """The axis along which colours vary most, in whole 64ths of red, green and blue; brighter is more.

    The first principal component (Pearson 1901), found by power iteration on the exact covariance. None where all
    colours are the same.

    >>> import numpy
    >>> numpy.asarray(colour_axis(numpy.array([[[200, 0, 0], [0, 200, 0]]], dtype=numpy.uint8))).tolist()
    [-45, 45, 0]
    """
    each = colours.reshape(-1, 3).astype(np.float64)  # whole numbers all the same: products and sums are exact
    sums = each.sum(axis=0)
    spread = len(each) * (each.T @ each) - np.outer(sums, sums)
    if not spread.any():
        return None
    axis = spread[spread.diagonal().argmax()]
    for _ in range(30):
        axis = spread @ axis
        axis = axis / np.abs(axis).max()
    axis = axis / np.sqrt((axis * axis).sum()) * (1 if axis @ (299, 587, 114) >= 0 else -1)
    return np.asarray(np.rint(64 * axis), dtype=np.int32)


def along(colours: Array, axis: Array) -> Array:
    """Colours as levels of light: how far along an axis they are, from the first (0) to the last (255)."""
    places = colours.astype(np.int32) @ axis
    places -= places.min()
    return np.asarray(places * 255 // max(1, places.max()), dtype=np.uint8)
