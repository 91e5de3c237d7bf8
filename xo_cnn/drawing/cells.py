"""Cells: what kind of grid a map is, and how it is shrunken where it has too many cells to draw."""

from __future__ import annotations

import numpy as np

from xo_cnn.errors import ShapeError
from xo_cnn.grid import Array, Map

# The side of a grid each of whose cells can be drawn, moved or clicked in reasonable time.
MOST_SIDE = 100


def refuse_too_large(grid: Map, what: str) -> None:
    """Raise ShapeError for a grid of too many cells for `what`, which draws each of them."""
    if max(grid.shape) > MOST_SIDE:
        raise ShapeError(
            f"{what} draws every cell, and the network's grid of {grid.shape[0]}x{grid.shape[1]} has more than "
            f"{MOST_SIDE} a side; save the walk as .svg, which shrinks it, or as .txt or .json"
        )


def is_black_and_white(one: Map) -> bool:
    """Tell a ±1 grid, an image's or a feature's, from a filtered map."""
    return one.divisor == 1 and bool((np.abs(one.sums) == 1).all())


def is_whole(values: Array) -> bool:
    """Tell numbers that need no decimals."""
    return bool((np.abs(values) < 1000).all() and (values == np.rint(values)).all())


def shrink(one: Map, step: int) -> Array:
    """The mean of every `step` by `step` cells of a map; (rows, columns) become their `step`-th part, rounded up.

    >>> shrink(Map("", np.array([[1, 0, 1], [1, 0, 1]])), 2).tolist()
    [[0.5, 1.0]]
    """
    if step == 1:
        return np.asarray(one.values)
    rows, columns = one.shape
    down = np.add.reduceat(one.sums, np.arange(0, rows, step), axis=0, dtype=np.float32)
    both = np.add.reduceat(down, np.arange(0, columns, step), axis=1)
    tall = np.minimum(step, rows - np.arange(0, rows, step))
    wide = np.minimum(step, columns - np.arange(0, columns, step))
    mean: Array = both / np.outer(tall, wide) / one.divisor
    return mean
