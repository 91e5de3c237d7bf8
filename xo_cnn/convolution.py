"""Convolution: try a feature at every possible position of the image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from xo_cnn.engine.additions import add_up, smallest
from xo_cnn.engine.products import multiply, transform
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Array, Layer, Map, as_map, is_list

# Cells of a feature of 1, 0 and -1 from which on the Fourier transform is quicker than additions of small integers.
MANY_CELLS = 1000
# Cells of all maps of a layer from which on it is not added up before it is needed.
LARGE_LAYER = 1 << 24


def match_sums(grid: Array, feature: Array) -> Array:
    """The plain definition: at every position multiply cell by cell and add, (H,W) with (h,w) to (H-h+1,W-w+1)."""
    rows = grid.shape[-2] - feature.shape[0] + 1
    columns = grid.shape[-1] - feature.shape[1] + 1
    sums = np.zeros((*grid.shape[:-2], rows, columns), dtype=np.result_type(grid, feature, np.int64))
    for row, column in np.ndindex(feature.shape):
        sums += feature[row, column] * grid[..., row : row + rows, column : column + columns].astype(sums.dtype)
    return sums


@overload
def convolve(grid: Map | ArrayLike, features: Map) -> Map: ...
@overload
def convolve(grid: Map | ArrayLike, features: Sequence[Map]) -> list[Map]: ...
@overload
def convolve(grid: Map | ArrayLike, features: ArrayLike | Sequence[Map | ArrayLike]) -> Map | list[Map]: ...
def convolve(grid: Map | ArrayLike, features: Map | ArrayLike | Sequence[Map | ArrayLike]) -> Map | list[Map]:
    """Match features with every patch of an image; each gives a filtered map with 1 where it fits perfectly.

    A grid of HxW cells and a feature of hxw give a map of (H-h+1)x(W-w+1), named after the feature: at every position
    the cells are multiplied one by one, added, and divided by the number of cells in the feature. A list of features
    gives a list of maps. Whole numbers add up exactly; floats add up in float32, or in float64 if they came as such.

    Raises ShapeError where a feature is larger than the image, or something is no grid of numbers.

    >>> diagonal = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    >>> convolve([[1, -1, -1, -1], [-1, 1, -1, -1], [-1, -1, 1, -1]], diagonal).values
    array([[ 1.        , -0.11111111]], dtype=float32)
    """
    image = as_map(grid, "an image's grid")
    if not is_list(features):
        return convolve(image, [as_map(features, "a feature")])[0]  # type: ignore[arg-type]
    wanted = [as_map(feature, "a feature") for feature in features]  # type: ignore[union-attr]
    for feature in wanted:
        if feature.shape[0] > image.shape[0] or feature.shape[1] > image.shape[1]:
            raise ShapeError(
                f"{feature.called('the feature')} is larger than {image.called('the image')}: "
                f"choose a smaller feature or a larger image"
            )
    groups: dict[tuple[tuple[int, int], np.dtype[Any]], list[int]] = {}
    for number, feature in enumerate(wanted):
        groups.setdefault((feature.shape, plainest(feature.values).dtype), []).append(number)
    maps: dict[int, Map] = {}
    for numbers in groups.values():
        # Features of one shape go together, for they have partial sums in common.
        together = np.stack([plainest(wanted[number].values) for number in numbers])
        names = [wanted[number].name for number in numbers]
        maps.update(zip(numbers, matches(image.values, together, names), strict=True))
    return [maps[number] for number in range(len(wanted))]


def matches(grid: Array, features: Array, names: Sequence[str]) -> list[Map]:
    """The maps of features (k,h,w) of one shape; a large layer on a ±1 grid is added up when it is asked for."""
    tall, wide = features.shape[1:]
    cells = tall * wide
    rows, columns = grid.shape[0] - tall + 1, grid.shape[1] - wide + 1
    ones = grid.dtype == np.int8 and features.dtype == np.int8 and 1 < cells < MANY_CELLS
    # Only of ±1 are the sums of every few rows of one type, whatever is in them.
    if ones and len(features) * rows * columns > LARGE_LAYER and is_plus_minus_one(grid):
        kept = grid.copy()  # whoever lent it may change it before it is asked for

        def add_up(top: int, bottom: int) -> Array:
            return convolve_batch(kept[top : bottom + tall - 1], features)

        return Layer(add_up, len(features), (rows, columns)).maps(names, cells)
    sums = convolve_batch(grid, features)
    if cells == 1 and sums.dtype.kind == "i":
        sums = sums.astype(np.float32 if sums.itemsize < 4 else np.float64)
    return [Map(name, one, cells) for name, one in zip(names, sums, strict=True)]


def is_plus_minus_one(grid: Array) -> bool:
    """Whether every cell is 1 or -1."""
    return bool(grid.min() >= -1 and grid.max() <= 1 and np.count_nonzero(grid) == grid.size)


def plainest(features: Array) -> Array:
    """The same numbers as int8 if all are 1, 0 or -1, as int64 if all are whole, and else as floats.

    >>> [plainest(np.array(row)).dtype.name for row in ([1.0, -1.0], [3.0, -1.0], [0.5, -1.0])]
    ['int8', 'int64', 'float64']
    """
    size = np.abs(features.astype(np.float64))
    if (size < 1 << 53).all() and (size == np.rint(size)).all():
        return features.astype(np.int8 if size.max() <= 1 else np.int64)
    return features if features.dtype in (np.float32, np.float64) else features.astype(np.float32)


def convolve_batch(grids: Array, features: Array) -> Array:
    """Sums of matches of features (k,h,w) with grids (...,H,W), (k,...,H-h+1,W-w+1): `match_sums` for each, only fast.

    Integers come in the smallest type that holds them, floats as float32, or as float64 if they were. The grids lie
    one after the other in memory, so that a thousand small ones take no more passes than one.

    >>> convolve_batch(np.eye(3, dtype=int)[None], np.array([[[1, -1]]])).tolist()
    [[[[1, 0], [-1, 1], [0, -1]]]]
    """
    features = plainest(features)
    several, tall, wide = features.shape
    height, width = grids.shape[-2:]
    ones, whole = features.dtype == np.int8, grids.dtype.kind in "biu" and features.dtype.kind == "i"
    # The largest cell; no sum, and no part of one, is larger than `bound`. Of floats it need not be known.
    peak = float(max(abs(int(grids.max())), abs(int(grids.min())))) if grids.dtype.kind in "biu" else 0.0
    bound = peak * float(np.abs(features.astype(np.float64)).sum(axis=(1, 2)).max())
    if whole and bound >= 1 << 53:
        return np.stack([match_sums(grids, feature) for feature in features])

    double = peak > 1 << 24 or any(array.dtype.kind == "f" and array.itemsize > 4 for array in (grids, features))
    sums_kind = smallest(bound) if whole else np.dtype(np.float64 if double else np.float32)
    transformed = transform_pays(several, tall * wide, ones, whole) and (
        bound < 1 << 31 if whole else all_finite(grids)
    )
    if not whole:
        kind = sums_kind
    elif ones or transformed:
        kind = smallest(peak)
    else:
        kind = np.dtype(np.float32 if bound < 1 << 24 else np.float64)
    flat = np.ascontiguousarray(grids, kind).reshape(-1)
    sums = np.empty((several, flat.size), sums_kind)
    if transformed:
        transform(flat, sums, features, width)
    elif ones:
        add_up(flat, sums, features, width, peak)
    else:
        multiply(flat, sums, features, width)
    return sums.reshape(several, *grids.shape)[..., : height - tall + 1, : width - wide + 1]


def all_finite(grids: Array) -> bool:
    """Whether no cell is infinite or no number: the transform would spread it over the whole map."""
    return bool(np.isfinite(grids).all())


def transform_pays(several: int, cells: int, ones: bool, whole: bool) -> bool:
    """Weigh the Fourier transform, which costs nearly the same for features of any size, against work on each cell."""
    if ones:
        return cells > (MANY_CELLS if whole else MANY_CELLS // 4)
    return cells * (8 + several) > 400 * (1 + several)
