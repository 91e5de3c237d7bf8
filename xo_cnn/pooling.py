"""Pooling: step a window across a map and keep the maximum at each step."""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from xo_cnn.engine.shapes import pooled_shape, whole_steps
from xo_cnn.engine.windows import maxima_of_each
from xo_cnn.grid import Array, Grids, Map, Rows, one_or_several


def window_maxima(numbers: Array, window: int, stride: int) -> Array:
    """The plain definition: the maximum of each window over the cells that it covers.

    >>> window_maxima(np.array([[7, -1, 1], [-1, 9, -1], [1, -1, 9]]), window=2, stride=2).tolist()
    [[9, 1], [1, 9]]
    """
    tops, lefts = (window_starts(side, window, stride) for side in numbers.shape)
    maxima = [[numbers[top : top + window, left : left + window].max() for left in lefts] for top in tops]
    return np.array(maxima, dtype=numbers.dtype)


def window_starts(side: int, window: int, stride: int) -> list[int]:
    """Where the windows along a side begin: one after the other, until one reaches the edge or would lie beyond it.

    >>> window_starts(7, window=2, stride=2)
    [0, 2, 4, 6]
    """
    starts = [0]
    while starts[-1] + window < side and starts[-1] + stride < side:
        starts.append(starts[-1] + stride)
    return starts


@overload
def max_pool(maps: Map | Rows, window: int = 2, stride: int = 2) -> Map: ...
@overload
def max_pool(maps: Grids, window: int = 2, stride: int = 2) -> list[Map]: ...
@overload
def max_pool(maps: Array, window: int = 2, stride: int = 2) -> Any: ...
def max_pool(maps: Map | Rows | Grids | Array, window: int = 2, stride: int = 2) -> Map | list[Map]:
    """Shrink maps: each keeps the best fit in every window, so as many maps come out, with fewer cells.

    A side of n cells gives ceil((n - window) / stride) + 1: a window that hangs over the right or lower edge is kept,
    over the cells that it covers (one that would begin beyond the edge is not). A list of maps (or a stack) gives a
    list.

    Raises ShapeError if a window is larger than a map, or window and stride are not whole numbers of at least 1.

    >>> max_pool([[7, -1, 1], [-1, 9, -1], [1, -1, 9]]).values
    array([[9, 1],
           [1, 9]])
    """
    window, stride = whole_steps(window, stride)
    wanted, several = one_or_several(maps, "a map")
    for one in wanted:
        pooled_shape(one.shape, window, stride, one.name)
    # The same maxima as window_maxima gives, faster. The largest sum divided is the largest number.
    maxima = maxima_of_each([one.sums for one in wanted], window, stride)
    pooled = [Map(one.name, best, one.cells) for one, best in zip(wanted, maxima, strict=True)]
    return pooled if several else pooled[0]
