"""Rectification: wherever a number is negative, put 0. A layer that does so is called ReLU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from xo_cnn.engine.fusion import run_on_each
from xo_cnn.grid import Array, Grids, Map, Rows, one_or_several
from xo_cnn.layers import NO_FEATURE, Cost, Layer, Shape


def rectified(number: float) -> float:
    """The plain definition, for one cell.

    >>> rectified(-0.11), rectified(0.77)
    (0, 0.77)
    """
    return number if number > 0 else 0


@dataclass(frozen=True)
class Relu(Layer):
    """A layer that puts 0 wherever a number is negative: as many maps, as many cells."""

    kind = "relu"
    title = "ReLU layer"
    caption = "rectified"
    sentence = "Wherever a number is negative, put 0: a mismatch says no more than no match."

    def define(self, numbers: Array, feature: Map = NO_FEATURE) -> Array:
        return np.array([[rectified(number) for number in row] for row in numbers.tolist()], numbers.dtype)

    def run(self, numbers: Array) -> Array:
        # A row of zeros and not a single one: NumPy compares rows with rows many cells at a time.
        kept: Array = np.maximum(numbers, np.zeros(numbers.shape[-1], numbers.dtype))
        return np.abs(kept, out=kept) if kept.dtype.kind == "f" else kept  # -0.0 becomes 0.0

    def cost(self, shape: Shape, feature: Map = NO_FEATURE) -> Cost:
        return Cost(comparisons=shape[0] * shape[1])


@overload
def relu(maps: Map | Rows) -> Map: ...
@overload
def relu(maps: Grids) -> list[Map]: ...
@overload
def relu(maps: Array) -> Any: ...
def relu(maps: Map | Rows | Grids | Array) -> Map | list[Map]:
    """Rectify maps: wherever a number is negative, put 0; as many maps come out, with as many cells.

    A list of maps (or a stack) gives a list. Raises ShapeError for what is not a grid of numbers.

    >>> relu([[0.77, -0.11], [-0.11, 1.0]]).values
    array([[0.77, 0.  ],
           [0.  , 1.  ]])
    """
    wanted, several = one_or_several(maps, "a map")
    kept = run_on_each(Relu(), wanted)
    return kept if several else kept[0]
