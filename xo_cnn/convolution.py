"""Convolution: try a feature at every possible position of the image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from xo_cnn.errors import ShapeError
from xo_cnn.maps import Array, Map, as_map, is_list


def match_sums(grid: Array, feature: Array) -> Array:
    """The plain definition: at every position multiply cell by cell and add, (H,W) with (h,w) to (H-h+1,W-w+1)."""
    rows = grid.shape[0] - feature.shape[0] + 1
    columns = grid.shape[1] - feature.shape[1] + 1
    sums = np.zeros((rows, columns), dtype=np.result_type(grid, feature, np.int64))
    for row, column in np.ndindex(feature.shape):
        sums += feature[row, column] * grid[row : row + rows, column : column + columns]
    return sums


@overload
def convolve(grid: Map | ArrayLike, features: Map) -> Map: ...
@overload
def convolve(grid: Map | ArrayLike, features: Sequence[Map]) -> list[Map]: ...
@overload
def convolve(grid: Map | ArrayLike, features: ArrayLike | Sequence[Map | ArrayLike]) -> Map | list[Map]: ...
def convolve(
    grid: Map | ArrayLike, features: Map | ArrayLike | Sequence[Map | ArrayLike]
) -> Map | list[Map]:
    """Match features with every patch of an image; each gives a filtered map with 1 where it fits perfectly."""
    image = as_map(grid, "an image's grid")
    several = is_list(features)
    result = []
    for item in features if several else [features]:  # type: ignore[union-attr]
        feature = as_map(item, "a feature")
        (height, width), (tall, wide) = image.shape, feature.shape
        if tall > height or wide > width:
            raise ShapeError(
                f"the feature {feature.name} ({tall}x{wide}) is larger than the image ({height}x{width})"
            )
        result.append(Map(feature.name, match_sums(image.values, feature.values), tall * wide))
    return result if several else result[0]
