"""Layers fused: a convolution layer is pooled block by block, so that it is never in memory as a whole.

A block's sums are pooled while they are still in the cache, and their memory serves the next block: known as loop or
layer fusion. Sixteen maps of eight megapixels would take 128 MB; fused, only what the first pooling leaves is written.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xo_cnn.engine.choice import Way, by_shape, choose
from xo_cnn.engine.shapes import last_shape, pooled_side, whole_steps
from xo_cnn.engine.threads import for_each
from xo_cnn.engine.tuning import TUNING, Tuning
from xo_cnn.engine.windows import largest_in_windows
from xo_cnn.grid import Array, Map

Layers = Sequence[tuple[int, int]]


def convolve_and_pool(grid: Map, features: Sequence[Map], layers: Layers) -> list[Map]:
    """`max_pool(convolve(grid, features), window, stride)` for each (window, stride) in turn, bit for bit.

    Takes a grid of any size and features of any shapes; gives one last map per feature. Raises ShapeError where a
    feature is larger than the grid, or a window larger than its map.

    >>> image, diagonal = Map("", np.eye(9, dtype=int)), Map("diag", np.eye(3, dtype=int))
    >>> convolve_and_pool(image, [diagonal], [(2, 2), (2, 2)])[0].sums.tolist()
    [[3, 0], [0, 3]]
    """
    layers = [whole_steps(*layer) for layer in layers]
    for feature in features:
        last_shape(grid.shape, feature, layers, grid.name)
    last = last_sums(grid.values[None], [feature.values for feature in features], layers)
    return [Map(feature.name, sums[0], feature.sums.size) for feature, sums in zip(features, last, strict=True)]


def last_sums(grids: Array, features: Sequence[Array], layers: Layers, tuning: Tuning = TUNING) -> list[Array]:
    """Run the layers on many grids (number, H, W) at once: the sums of each feature's last maps, a stack each."""
    last: dict[int, Array] = {}
    for numbers, together in by_shape(features):
        way = choose(grids, together, tuning)
        sums = _pooled_at_once(grids, way, *layers[0], tuning) if layers else way.sums(grids)
        for window, stride in layers[1:]:
            sums = largest_in_windows(sums, window, stride, tuning)
        last.update(zip(numbers, sums, strict=True))
    return [last[number] for number in range(len(features))]


def _pooled_at_once(grids: Array, way: Way, window: int, stride: int, tuning: Tuning) -> Array:
    """Match and pool some rows of some grids at a time: (features, number, rows, columns)."""
    number, height, width = grids.shape
    count, tall, wide = way.features.shape
    height, width = height - tall + 1, width - wide + 1
    rows, columns = pooled_side(height, window, stride), pooled_side(width, window, stride)
    many = max(1, tuning.layer_block // (count * height * width))
    step = min(rows, max(1, tuning.layer_block // (count * width * stride))) if way.by_rows else rows
    maxima = np.empty((count, number, rows, columns), way.sums_kind)

    def work(corner: tuple[int, int]) -> None:
        first, top = corner
        last = min(top + step, rows)
        bottom = height if last == rows else (last - 1) * stride + window
        sums = way.sums(grids[first : first + many, top * stride : bottom + tall - 1])
        maxima[:, first : first + many, top:last] = largest_in_windows(sums, window, stride, tuning)

    blocks = [(first, top) for first in range(0, number, many) for top in range(0, rows, step)]
    large = count * number * height * width > tuning.large_layer
    for_each(work, blocks, tuning.workers if large else 1)
    return maxima
