"""A grid of numbers with a name: a picture's grid, a feature, or a filtered map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xo_cnn.display import Displayed
from xo_cnn.errors import GridError, ShapeError

Array = NDArray[Any]
# What type checkers tell one grid from several by: the rows of one; several of any kind. An array may be either.
Rows = Sequence[Sequence[float]]
Grids = Sequence["Map | Array | Rows"]

# Cells of a map that are divided at a time, so that both passes find them in the cache (two EPYC cores, 1 MB each).
BLOCK = 1 << 17
# What sums of products of cells in [-1, 1] may exceed 1 by, once divided.
ROUNDING = 1e-4


@dataclass(frozen=True, eq=False, repr=False)
class Map(Displayed):
    """A grid with a name: an image's grid, a feature, or the filtered map of one.

    `sums` has the shape (rows, columns). The numbers of the map are the sums divided by `cells`, the number of
    cells in the feature: kept apart, ninths stay exact, and pooling runs on small integers. NumPy takes a map for an
    array of its numbers. Maps are equal if their names and all their numbers are.

    >>> ninths = Map("diag", np.array([[7, -1]], dtype=np.int8), cells=9)
    >>> np.asarray(ninths)
    array([[ 0.7777778 , -0.11111111]], dtype=float32)
    """

    name: str
    sums: Array
    cells: int = 1

    def __post_init__(self) -> None:
        kind = self.sums.dtype
        if not kind.isnative or kind.itemsize > 8:  # another order of bytes, or more bits than a float64
            native = np.dtype(np.float64) if kind.itemsize > 8 else kind.newbyteorder("=")
            object.__setattr__(self, "sums", self.sums.astype(native))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.sums.shape
        return rows, columns

    @property
    def values(self) -> Array:
        """The numbers of the map: float32 once divided, and the sums as they are where `cells` is 1."""
        return divided(self.sums, self.cells)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        # NumPy before 2 never asks for a copy, and its np.array does not take copy=None.
        return np.asarray(self.values, dtype) if copy is None else np.array(self.values, dtype, copy=copy)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Map):
            return NotImplemented
        return self.name == other.name and np.array_equal(self.values, other.values, equal_nan=True)

    def __hash__(self) -> int:
        return hash((self.name, self.shape))

    def called(self, what: str) -> str:
        """What a message calls it: `the map diag (7x7)`, or `the map (7x7)` without a name."""
        return called(what, self.name, self.shape)

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"Map({self.name!r}, {rows}x{columns})"


def divided(sums: Array, cells: int) -> Array:
    """Sums divided by a number of cells, in float32 unless they are float64."""
    if cells == 1:
        return sums
    values = np.empty(sums.shape, np.float64 if sums.dtype == np.float64 else np.float32)
    step = BLOCK // (sums[:1].size + 1) + 1
    for first in range(0, len(sums), step):
        block = values[first : first + step]
        block[...] = sums[first : first + step]
        block /= cells
    return values


def called(what: str, name: str, shape: tuple[int, int]) -> str:
    """What a message calls a grid: `the map diag (7x7)`, or `the map (7x7)` without a name."""
    return f"{what} {name and name + ' '}({shape[0]}x{shape[1]})"


def as_map(grid: Map | ArrayLike, what: str = "a grid") -> Map:
    """Take a map as it is, and anything else that NumPy reads as two-dimensional numbers as a map without a name.

    Raises ShapeError unless the shape is (rows, columns) with at least one cell, and the cells are real numbers.
    """
    if isinstance(grid, Map):
        return grid
    try:
        array = np.asarray(grid)
    except ValueError as error:
        raise ShapeError(f"{what} needs rows of one length: {error}") from error
    if array.ndim != 2 or array.size == 0:
        raise ShapeError(f"{what} needs rows and columns, not the shape {array.shape}")
    if array.dtype.kind not in "biuf":
        raise ShapeError(f"{what} needs real numbers, not {array.dtype}")
    return Map("", array.view(np.int8) if array.dtype.kind == "b" else array)


def is_list(maps: Map | ArrayLike | Sequence[Map | ArrayLike]) -> bool:
    """Tell several grids from one: a list of rows is one grid, a list of grids (or a stack) is several.

    >>> is_list([[1, -1], [-1, 1]]), is_list([[[1, -1], [-1, 1]]]), is_list([])
    (False, True, True)
    """
    if isinstance(maps, Map):
        return False
    if not isinstance(maps, Sequence) or isinstance(maps, str | bytes):
        return np.ndim(maps) == 3
    return all(isinstance(item, Map) or depth(item) == 2 for item in maps)


def one_or_several(maps: Map | ArrayLike | Sequence[Map | ArrayLike], what: str) -> tuple[list[Map], bool]:
    """The maps of one grid, or of a list or stack of them; and whether they are several. Raises what `as_map` does."""
    several = is_list(maps)
    return [as_map(one, what) for one in (maps if several else [maps])], several  # type: ignore[union-attr, arg-type]


def as_maps(maps: ArrayLike | Sequence[Map | ArrayLike], what: str = "a grid") -> list[Map]:
    """The maps of a list or stack of grids; ShapeError for what is not a grid, or for one grid alone."""
    wanted, several = one_or_several(maps, what)
    if not several:
        raise ShapeError(f"expected a list of grids, or a stack shaped (grids, rows, columns), not {what} alone")
    return wanted


def depth(item: object) -> int:
    """How deep the lists of a grid are, also where its rows are ragged."""
    if isinstance(item, Sequence) and not isinstance(item, str | bytes):
        return 1 + max((depth(inner) for inner in item), default=0)
    return np.ndim(item)  # type: ignore[arg-type]


# Cells and light: 1 is white, -1 is black.


def is_plus_minus_one(cells: Array) -> bool:
    """Whether every cell is 1 or -1.

    >>> is_plus_minus_one(np.array([[1, -1]])), is_plus_minus_one(np.array([[1, 0]]))
    (True, False)
    """
    return bool(cells.min() >= -1 and cells.max() <= 1 and np.all(cells * cells == 1))


def refuse_beyond_one(cells: Array, what: str) -> None:
    """Raise GridError unless every cell of a grid lies in [-1, 1], but for a rounding error.

    >>> refuse_beyond_one(np.array([[0, 255]]), "the grid")
    Traceback (most recent call last):
        ...
    xo_cnn.errors.GridError: the grid has cells from 0 to 255, not from -1 (black) to 1 (white)
    """
    low, high = cells.min(), cells.max()
    if not (low >= -1 - ROUNDING and high <= 1 + ROUNDING):
        raise GridError(f"{what} has cells from {low:g} to {high:g}, not from -1 (black) to 1 (white)")


def refuse_wrong_scale(cells: Array, what: str) -> None:
    """Raise GridError unless every cell of a grid, or of a stack, lies in [-1, 1]; and for a grid of 0 and 1 alone."""
    refuse_beyond_one(cells, what)
    low = cells.min(axis=(-2, -1))
    if (low == 0).any() and np.any((low == 0) & ((cells == 0) | (cells == 1)).all(axis=(-2, -1))):
        raise GridError(f"{what} has cells of 0 and 1 alone; black is -1, white is 1")


def to_levels(cells: Array) -> NDArray[np.uint8]:
    """Cells as levels of light: 0 (black) for -1 and below, 128 for 0, 255 (white) for 1 and above.

    >>> to_levels(np.array([[-1, 0, 1]]))
    array([[  0, 128, 255]], dtype=uint8)
    """
    light = np.clip(np.asarray(cells, dtype=np.float32), -1, 1) + np.float32(1)
    levels: NDArray[np.uint8] = np.rint(light * np.float32(127.5)).astype(np.uint8)
    return levels


def to_cells(levels: NDArray[np.uint8], *, black: bool = False) -> NDArray[np.float32]:
    """Levels of light as cells: 0 becomes -1 and 255 becomes 1 (with `black`, the other way round).

    >>> to_cells(np.array([[0, 51, 255]], dtype=np.uint8))
    array([[-1. , -0.6,  1. ]], dtype=float32)
    """
    # A table of the 256 levels: exact at both ends, and faster than arithmetic on each pixel.
    table = (np.arange(256, dtype=np.float32) * 2 - 255) / np.float32(-255 if black else 255)
    return np.asarray(table[levels])
