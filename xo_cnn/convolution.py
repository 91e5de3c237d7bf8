"""Convolution: try a feature at every possible position of the image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xo_cnn.engine.fusion import run_layers
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Array, Map, called, refuse_beyond_one
from xo_cnn.layers import NO_FEATURE, Box, Cost, Layer, Shape, last_shape


def match_sums(grid: Array, feature: Array) -> Array:
    """The plain definition: lay the feature over every patch of the image, multiply cell by cell, and add.

    A grid of HxW cells and a feature of hxw give sums of (H-h+1)x(W-w+1). Divided by h*w, the number of cells in the
    feature, they are the filtered map.

    >>> match_sums(np.array([[1, -1, -1], [-1, 1, -1]]), np.array([[1, -1], [-1, 1]])).tolist()
    [[4, -2]]
    """
    tall, wide = feature.shape
    rows, columns = grid.shape[0] - tall + 1, grid.shape[1] - wide + 1
    sums = np.zeros((rows, columns), dtype=np.result_type(grid, feature, np.int64))
    for row in range(rows):
        for column in range(columns):
            patch = grid[row : row + tall, column : column + wide]
            sums[row, column] = np.sum(np.multiply(patch, feature, dtype=sums.dtype))
    return sums


@dataclass(frozen=True, eq=False)
class Convolve(Layer):
    """The convolution layer, the first of every network: from the image's grid, one map for each of its features."""

    features: tuple[Map, ...]

    kind = "convolve"
    title = "convolution layer"
    caption = "filtered"
    sentence = (
        "Do the same wherever a feature fits into the image, and write each answer down where it was found: that "
        "is the feature's filtered map. It shows where in the image the feature is."
    )

    def shape(self, shape: Shape, feature: Map = NO_FEATURE) -> Shape:
        rows, columns = (side - length + 1 for side, length in zip(shape, feature.shape, strict=True))
        if min(rows, columns) < 1:
            raise ShapeError(
                f"{feature.called('the feature')} is larger than {called('the image', '', shape)}: "
                "choose a smaller feature or a larger image"
            )
        return rows, columns

    def define(self, numbers: Array, feature: Map = NO_FEATURE) -> Array:
        return np.asarray(match_sums(numbers, feature.values) / feature.sums.size)

    def behind(self, at: tuple[int, int], shape: Shape, feature: Map = NO_FEATURE) -> Box:
        return (*at, *feature.shape)

    def cost(self, shape: Shape, feature: Map = NO_FEATURE) -> Cost:
        rows, columns = self.shape(shape, feature)
        positions, cells = rows * columns, feature.sums.size
        return Cost(products=positions * cells, sums=positions * (cells - 1), divisions=positions)


def convolve_with(layers: Sequence[Layer], image: Map, features: Sequence[Map]) -> list[Map]:
    """Convolve a grid and run the layers that follow at once, as `convolve` and those would, bit for bit.

    No map is in memory as a whole that a layer goes on to shrink. Raises what `convolve` and the layers raise.
    """
    first = Convolve(tuple(features))
    for feature in features:
        last_shape(image.shape, feature, [first, *layers])
        refuse_beyond_one(feature.values, feature.called("the feature"))
    refuse_beyond_one(image.values, "the image's grid")
    stacks = run_layers(image.values[None], [feature.values for feature in features], layers)
    return [Map(feature.name, sums[0], feature.sums.size) for feature, sums in zip(features, stacks, strict=True)]
