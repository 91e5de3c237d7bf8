"""How a map looks: the number and the colour of each cell, and a map of too many cells shrunk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from xo_cnn.drawing.palette import RGB, colour
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Array, Map, is_plus_minus_one
from xo_cnn.words import plain, short, signed

# The side of a grid each of whose cells can be drawn, moved or clicked in reasonable time.
MOST_SIDE = 100


def refuse_too_large(grid: Map, what: str) -> None:
    """Raise ShapeError for a grid of too many cells for `what`, which draws each of them."""
    if max(grid.shape) > MOST_SIDE:
        raise ShapeError(
            f"{what} draws every cell, and the network's grid of {grid.shape[0]}x{grid.shape[1]} has more than "
            f"{MOST_SIDE} a side; save the walk as .svg, which shrinks it, or as .txt or .json"
        )


def is_black_and_white(grid: Map) -> bool:
    """Tell a ±1 grid, an image's or a feature's, from a filtered map."""
    return grid.cells == 1 and is_plus_minus_one(grid.sums)


@dataclass(frozen=True)
class Look:
    """How the cells of one map are drawn: `writings` of its numbers, the longest first, and the `palette`."""

    writings: tuple[Callable[[float], str], ...]
    palette: str

    @classmethod
    def of(cls, grid: Map, palette: str = "", places: int = 2) -> Look:
        """The look of a map: whole numbers as they are, others with their sign; ±1 in black and white."""
        values = grid.values
        whole = (
            grid.cells == 1
            and places == 2
            and bool((np.abs(values) < 1000).all() and (values == np.rint(values)).all())
        )
        full = partial(signed, places=places)
        writings = (plain,) if whole else (full, short) if places == 2 else (full,)
        return cls(writings, palette or ("grey" if is_black_and_white(grid) else "diverging"))

    @property
    def whole(self) -> bool:
        """Whether the numbers are whole."""
        return self.writings == (plain,)

    def background(self, value: float) -> RGB:
        """The colour of a cell."""
        return colour(value, self.palette)


def shrink(grid: Map, step: int) -> Array:
    """The mean of every `step` by `step` cells of a map; (rows, columns) become their `step`-th part, rounded up.

    >>> shrink(Map("", np.array([[1, 0, 1], [1, 0, 1]])), 2).tolist()
    [[0.5, 1.0]]
    """
    if step == 1:
        return np.asarray(grid.values)
    rows, columns = grid.shape
    down = np.add.reduceat(grid.sums, np.arange(0, rows, step), axis=0, dtype=np.float32)
    both = np.add.reduceat(down, np.arange(0, columns, step), axis=1)
    tall = np.minimum(step, rows - np.arange(0, rows, step))
    wide = np.minimum(step, columns - np.arange(0, columns, step))
    mean: Array = both / np.outer(tall, wide) / grid.cells
    return mean


def any_in(marks: Array, step: int) -> Array:
    """Which of every `step` by `step` cells hold a mark, in the shape that `shrink` gives.

    >>> any_in(np.array([[False, True, False]]), 2).tolist()
    [[True, False]]
    """
    rows, columns = marks.shape
    down = np.logical_or.reduceat(marks, np.arange(0, rows, step), axis=0)
    both: Array = np.logical_or.reduceat(down, np.arange(0, columns, step), axis=1)
    return both


def frame(shape: tuple[int, int], boxes: tuple[tuple[int, int, int, int], ...], step: int = 1) -> Array:
    """The cells on the edges of boxes (top, left, rows, columns), true, in a map of which `step` cells become one.

    >>> frame((3, 4), ((0, 0, 3, 3),)).astype(int).tolist()
    [[1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 1, 0]]
    """
    edges = np.zeros((-(-shape[0] // step), -(-shape[1] // step)), dtype=np.bool_)
    for top, left, rows, columns in boxes:
        first, last = top // step, (top + rows - 1) // step
        start, end = left // step, (left + columns - 1) // step
        edges[[first, last], start : end + 1] = True
        edges[first : last + 1, [start, end]] = True
    return edges
