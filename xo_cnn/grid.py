"""A map: a grid of numbers with a name, and what may stand in for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xo_cnn.errors import ShapeError

Array = NDArray[Any]

# Bytes of a map that are divided at a time: they stay close to the processor between the two passes.
BLOCK = 1 << 19


@dataclass(frozen=True, eq=False, repr=False)
class Map:
    """A grid with a name: an image's grid, a feature, or the filtered map of one.

    `sums` has the shape (rows, columns). The numbers of the map are the sums divided by `cells`, the number
    of cells in the feature: kept apart, ninths stay exact, and pooling runs on small integers.

    >>> import numpy as np
    >>> ninths = Map("diag", np.array([[7, -1]], dtype=np.int8), cells=9)
    >>> np.asarray(ninths)
    array([[ 0.7777778 , -0.11111111]], dtype=float32)
    """

    name: str
    sums: Array
    cells: int = 1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.sums.shape
        return rows, columns

    @property
    def values(self) -> Array:
        """The numbers of the map, float32 once divided; with `cells` 1 the sums as they are."""
        if self.cells == 1:
            return self.sums
        if self.sums.dtype == np.float64:
            return self.sums / self.cells
        values = np.empty(self.shape, np.float32)
        rows = max(1, BLOCK // (4 * self.shape[1]))
        for top in range(0, self.shape[0], rows):
            block = values[top : top + rows]
            np.copyto(block, self.sums[top : top + rows], casting="same_kind")
            np.divide(block, np.float32(self.cells), out=block)
        return values

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.values, dtype=dtype, copy=copy)

    def called(self, what: str) -> str:
        """What a message calls it: `the map diag (7x7)`, or `the map (7x7)` without a name."""
        rows, columns = self.shape
        return f"{what} {self.name and self.name + ' '}({rows}x{columns})"

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"Map({self.name!r}, {rows}x{columns})"


class Layer:
    """The sums of a large convolution layer, added up when they are asked for: of all rows, or of a few at a time.

    Pooling takes the rows as they come, and then the layer is never in memory as a whole. `add_up(top, bottom)` gives
    the sums of some rows of every map, (maps, bottom - top, columns); `shape` is that of one map.
    """

    def __init__(self, add_up: Callable[[int, int], Array], count: int, shape: tuple[int, int]) -> None:
        self.add_up = add_up
        self.count = count
        self.shape = shape

    @cached_property
    def sums(self) -> Array:
        """The sums of all rows, kept from then on."""
        return self.add_up(0, self.shape[0])

    def maps(self, names: Sequence[str], cells: int) -> list[Map]:
        """The maps of the layer, one for each name; what they hold is theirs when it is asked for."""
        return [LayerMap(name, self, number, cells) for number, name in enumerate(names)]


class LayerMap(Map):
    """One of the maps of a layer whose sums may still have to be added up."""

    def __init__(self, name: str, layer: Layer, number: int, cells: int) -> None:
        for attribute, value in (("name", name), ("layer", layer), ("number", number), ("cells", cells)):
            object.__setattr__(self, attribute, value)  # a map is frozen once it is made

    layer: Layer
    number: int

    @property
    def sums(self) -> Array:
        """The sums of this map; the first to ask has those of the whole layer added up."""
        one: Array = self.layer.sums[self.number]
        return one

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.layer.shape

    def __reduce__(self) -> tuple[type[Map], tuple[str, Array, int]]:
        return Map, (self.name, self.sums, self.cells)


def as_map(grid: Map | ArrayLike, what: str = "a grid") -> Map:
    """Take a map as it is and anything else that NumPy reads as two-dimensional numbers for one without a name.

    Raises ShapeError where the shape is not (rows, columns) with at least one cell, or the cells are no numbers.
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
    if array.dtype.kind == "b":
        array = array.view(np.int8)
    return Map("", array)


def is_list(maps: Map | ArrayLike | Sequence[Map | ArrayLike]) -> bool:
    """Tell several grids from one: a list of rows is one grid, a list of grids (or a stack) is several.

    >>> is_list([[1, -1], [-1, 1]]), is_list([[[1, -1], [-1, 1]]]), is_list([])
    (False, True, True)
    """
    if isinstance(maps, np.ndarray):
        return maps.ndim == 3
    if not isinstance(maps, Sequence) or isinstance(maps, str | bytes):
        return False
    return all(isinstance(item, Map) or depth(item) == 2 for item in maps)


def depth(item: object) -> int:
    """How deep the lists of a grid are, also where its rows are ragged."""
    if isinstance(item, Sequence) and not isinstance(item, str | bytes):
        return 1 + max((depth(inner) for inner in item), default=0)
    return np.ndim(item)  # type: ignore[arg-type]
