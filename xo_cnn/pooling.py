"""Pooling: step a window across a map and keep the maximum at each step."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index
from typing import Any, overload

import numpy as np

from xo_cnn.engine.fusion import run_on_each
from xo_cnn.engine.windows import largest_in_windows, steps_along
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Array, Grids, Map, Rows, called, one_or_several
from xo_cnn.layers import NO_FEATURE, Box, Cost, Layer, Shape
from xo_cnn.words import count


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


@dataclass(frozen=True)
class Pool(Layer):
    """A max pooling layer: the sides of its window and its steps, in cells."""

    window: int = 2
    stride: int = 2

    kind = "pool"
    title = "pooling layer"

    def __post_init__(self) -> None:
        try:
            right = min(index(self.window), index(self.stride)) >= 1
        except TypeError:
            right = False
        if not right:
            raise ShapeError(
                f"window and stride must be whole numbers of at least 1, not {self.window!r} and {self.stride!r}"
            )

    def shape(self, shape: Shape, feature: Map = NO_FEATURE) -> Shape:
        if self.window > min(shape):
            raise ShapeError(
                f"a window of {self.window}x{self.window} is larger than {called('the map', feature.name, shape)}: "
                "choose a smaller window, or pool less often"
            )
        rows, columns = (steps_along(side, self.window, self.stride) for side in shape)
        return rows, columns

    def define(self, numbers: Array, feature: Map = NO_FEATURE) -> Array:
        return window_maxima(numbers, self.window, self.stride)

    def run(self, numbers: Array) -> Array:
        return largest_in_windows(numbers, self.window, self.stride)

    def rows(self, top: int, bottom: int, height: int) -> tuple[int, int]:
        return top * self.stride, min((bottom - 1) * self.stride + self.window, height)

    def behind(self, at: tuple[int, int], shape: Shape, feature: Map = NO_FEATURE) -> Box:
        top, left = at[0] * self.stride, at[1] * self.stride
        return top, left, min(self.window, shape[0] - top), min(self.window, shape[1] - left)

    def cost(self, shape: Shape, feature: Map = NO_FEATURE) -> Cost:
        # A window that hangs over the edge covers fewer cells than its size; of n cells, n - 1 comparisons find the
        # largest.
        rows, columns = self.shape(shape, feature)
        tall = sum(self.behind((row, 0), shape)[2] for row in range(rows))
        wide = sum(self.behind((0, column), shape)[3] for column in range(columns))
        return Cost(comparisons=tall * wide - rows * columns)

    @property
    def caption(self) -> str:
        return f"pooled {self.window}×{self.window}"

    @property
    def sentence(self) -> str:
        return (
            f"A window of {self.window}×{self.window} cells steps across each map, {count(self.stride, 'cell')} at a "
            "time, and keeps the largest number. What matters now is that a feature fits, not exactly where."
        )


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
    wanted, several = one_or_several(maps, "a map")
    pooled = run_on_each(Pool(window, stride), wanted)
    return pooled if several else pooled[0]
