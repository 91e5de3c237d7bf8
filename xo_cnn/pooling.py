"""Pooling: step a window across a map and keep the maximum at each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from xo_cnn.errors import ShapeError
from xo_cnn.maps import Array, Map, as_map, is_list


def pooled_side(side: int, window: int, stride: int) -> int:
    """How many steps a window takes along a side: a last one may hang over the edge, none begins beyond it.

    >>> [pooled_side(n, window=2, stride=2) for n in (7, 4, 2)]
    [4, 2, 1]
    """
    steps = -(-(side - window) // stride) + 1
    return steps if (steps - 1) * stride < side else steps - 1


def window_maxima(numbers: Array, window: int, stride: int) -> Array:
    """The plain definition: the maximum of each window over the cells that it does cover."""
    rows, columns = (pooled_side(side, window, stride) for side in numbers.shape)
    maxima = np.empty((rows, columns), dtype=numbers.dtype)
    for row, column in np.ndindex(rows, columns):
        top, left = row * stride, column * stride
        maxima[row, column] = numbers[top : top + window, left : left + window].max()
    return maxima


@overload
def max_pool(maps: Map, window: int = 2, stride: int = 2) -> Map: ...
@overload
def max_pool(maps: Sequence[Map], window: int = 2, stride: int = 2) -> list[Map]: ...
@overload
def max_pool(
    maps: ArrayLike | Sequence[Map | ArrayLike], window: int = 2, stride: int = 2
) -> Map | list[Map]: ...
def max_pool(
    maps: Map | ArrayLike | Sequence[Map | ArrayLike], window: int = 2, stride: int = 2
) -> Map | list[Map]:
    """Shrink maps: as many maps come out, each with fewer cells, and the best fit in every window is kept."""
    if window < 1 or stride < 1:
        raise ShapeError(f"window and stride are whole numbers from 1 on, not {window} and {stride}")
    several = is_list(maps)
    result = []
    for item in maps if several else [maps]:  # type: ignore[union-attr]
        one = as_map(item, "a map")
        if window > min(one.shape):
            raise ShapeError(
                f"a window of {window}x{window} is larger than the map {one.name} ({one.shape[0]}x{one.shape[1]})"
            )
        result.append(Map(one.name, window_maxima(one.sums, window, stride), one.cells))
    return result if several else result[0]
