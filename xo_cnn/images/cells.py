"""Levels of light become the cells of a grid, and cells become levels again."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import Array
from xo_cnn.images.fit import otsu

Threshold = Literal["auto"] | int


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


def spread(levels: NDArray[np.uint8], *, black: bool = False) -> NDArray[np.float32]:
    """Spread levels over [-1, 1]: 0 becomes -1 and 255 becomes 1 (with `black`, the other way round).

    >>> spread(np.array([[0, 51, 255]], dtype=np.uint8)).tolist()
    [[-1.0, -0.6000000238418579, 1.0]]
    """
    # A table of the 256 levels: exact at both ends, and faster than arithmetic on each pixel.
    table = (np.arange(256, dtype=np.float32) * 2 - 255) / np.float32(-255 if black else 255)
    return np.asarray(table[levels])


def to_levels(cells: Array) -> NDArray[np.uint8]:
    """Turn cells in [-1, 1] into levels of light from 0 to 255; the inverse of `spread`."""
    levels: NDArray[np.uint8] = np.rint((np.asarray(cells, dtype=np.float32) + 1) * np.float32(127.5)).astype(np.uint8)
    return levels


def is_two_valued(cells: Array) -> bool:
    """Whether every cell is 1 or -1."""
    return bool(np.isin(cells, (-1, 1)).all())
