"""Naive matching, the way that fails: compare whole pictures cell by cell and take the better exemplar."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map, refuse_wrong_scale


def agreement(image: Map, exemplar: Map) -> int:
    """The plain definition: count the cells in which an image and an exemplar, grids of one shape, agree.

    Raises ShapeError if the shapes differ, GridError for cells outside [-1, 1].

    >>> agreement(Map("X", np.array([[1, -1], [-1, 1]])), Map("O", np.array([[1, -1], [1, 1]])))
    3
    """
    if image.shape != exemplar.shape:
        raise ShapeError(
            f"an image of {image.shape[0]}x{image.shape[1]} cells cannot be compared with an exemplar of "
            f"{exemplar.shape[0]}x{exemplar.shape[1]}: fit both to one size (fit=16)"
        )
    refuse_wrong_scale(image.values, "the image's grid")
    refuse_wrong_scale(exemplar.values, "the exemplar's grid")
    return int(np.count_nonzero(image.values == exemplar.values))


def better(agreements: Mapping[str, int]) -> str:
    """The name of the exemplar with which most cells agree; the first of equals.

    >>> better({"X": 65, "O": 52})
    'X'
    """
    return max(agreements, key=agreements.__getitem__)


# The saved X and O that every image is compared with: the text's two pictures, one # per white cell.
_SAVED = {
    "X": ["#.....#", ".#...#.", "..#.#..", "...#...", "..#.#..", ".#...#.", "#.....#"],
    "O": ["..###..", ".#...#.", "#.....#", "#.....#", "#.....#", ".#...#.", "..###.."],
}


def exemplars(side: int) -> dict[str, Map]:
    """The saved X and O as ±1 grids of `side` by `side` cells, each with a border of one black cell.

    Raises ShapeError for fewer than five cells a side.

    >>> {label: exemplar.shape for label, exemplar in exemplars(9).items()}
    {'X': (9, 9), 'O': (9, 9)}
    """
    if side < 5:
        raise ShapeError(f"a saved exemplar needs at least five cells a side, not {side}")
    result = {}
    for label, rows in _SAVED.items():
        cells = np.array([[mark == "#" for mark in row] for row in rows])
        nearest = (np.arange(side - 2) * 2 + 1) * len(rows) // (2 * (side - 2))
        grid = np.full((side, side), -1, dtype=np.int8)
        grid[1:-1, 1:-1] = np.where(cells[np.ix_(nearest, nearest)], 1, -1)
        result[label] = Map(label, grid)
    return result
