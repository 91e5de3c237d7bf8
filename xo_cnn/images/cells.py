"""Levels of light become the ±1 cells of a grid."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xo_cnn.images.levels import otsu

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
