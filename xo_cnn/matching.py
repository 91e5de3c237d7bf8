"""Naive matching, the way that fails: compare whole pictures cell by cell and take the better exemplar."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map, as_map


def compare(grid: Map | ArrayLike, exemplar: Map | ArrayLike) -> int:
    """Count the cells in which an image and an exemplar, grids of one shape, agree.

    Raises ShapeError where the shapes differ.

    >>> compare([[1, -1], [-1, 1]], [[1, -1], [1, 1]])
    3
    """
    one, other = as_map(grid, "an image's grid"), as_map(exemplar, "an exemplar's grid")
    if one.shape != other.shape:
        raise ShapeError(
            f"an image of {one.shape[0]}x{one.shape[1]} cells cannot be compared with an exemplar of "
            f"{other.shape[0]}x{other.shape[1]}: fit both to one size (--fit N)"
        )
    return int(np.count_nonzero(one.values == other.values))


def better(agreements: Mapping[str, int]) -> str:
    """The exemplar with which most cells agree; the first of equals.

    >>> better({"X": 65, "O": 52})
    'X'
    """
    return max(agreements, key=agreements.__getitem__)


# The saved X and O that every image is compared with: the text's two pictures, a mark for each white cell.
_SAVED = {
    "X": ["#.....#", ".#...#.", "..#.#..", "...#...", "..#.#..", ".#...#.", "#.....#"],
    "O": ["..###..", ".#...#.", "#.....#", "#.....#", "#.....#", ".#...#.", "..###.."],
}


def exemplars(side: int) -> dict[str, Map]:
    """The saved X and O as ±1 grids of `side` by `side` cells, a border of one black cell round each.

    >>> {label: exemplar.shape for label, exemplar in exemplars(9).items()}
    {'X': (9, 9), 'O': (9, 9)}
    """
    if side < 5:
        raise ShapeError(f"a saved exemplar needs five cells a side or more, not {side}")
    result = {}
    for label, rows in _SAVED.items():
        cells = np.array([[mark == "#" for mark in row] for row in rows])
        nearest = (np.arange(side - 2) * 2 + 1) * len(rows) // (2 * (side - 2))
        grid = np.full((side, side), -1, dtype=np.int8)
        grid[1:-1, 1:-1] = np.where(cells[np.ix_(nearest, nearest)], 1, -1)
        result[label] = Map(label, grid)
    return result
