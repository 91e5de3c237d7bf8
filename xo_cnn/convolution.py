"""Convolution: try a feature at every possible position of the image."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from xo_cnn.engine.choice import match_each
from xo_cnn.engine.shapes import map_shape
from xo_cnn.grid import Array, Grids, Map, Rows, as_map, one_or_several


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


@overload
def convolve(grid: Map | ArrayLike, features: Map | Rows) -> Map: ...
@overload
def convolve(grid: Map | ArrayLike, features: Grids) -> list[Map]: ...
@overload
def convolve(grid: Map | ArrayLike, features: Array) -> Any: ...
def convolve(grid: Map | ArrayLike, features: Map | Rows | Grids | Array) -> Map | list[Map]:
    """Match features with every patch of an image; each gives a filtered map with 1 where it fits perfectly.

    A grid of HxW cells and a feature of hxw give a map of (H-h+1)x(W-w+1), named after the feature: at every position
    the cells are multiplied one by one, added, and divided by the number of cells in the feature. A list of features
    (or a stack) gives a list of maps. Whole numbers add up exactly; floats add up in float32, or in float64 if they
    come as such.

    Raises ShapeError if a feature is larger than the image, or something is not a grid of numbers.

    >>> diagonal = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    >>> convolve([[1, -1, -1, -1], [-1, 1, -1, -1], [-1, -1, 1, -1]], diagonal).values
    array([[ 1.        , -0.11111111]], dtype=float32)
    """
    image = as_map(grid, "an image's grid")
    wanted, several = one_or_several(features, "a feature")
    for feature in wanted:
        map_shape(image.shape, feature, image.name)
    # The same sums as match_sums gives, by the way that is fastest for these features.
    sums = match_each(image.values, [feature.values for feature in wanted])
    maps = [Map(feature.name, one, feature.sums.size) for feature, one in zip(wanted, sums, strict=True)]
    return maps if several else maps[0]
