"""Layers fused: all layers of a network run block by block, so that no large map is in memory as a whole.

A block's sums go on through the next layers while they are still in the cache: known as loop or layer fusion. Each
layer says which rows it needs for the rows that are wanted. Sixteen maps of eight megapixels would take 128 MB; fused
with a pooling layer, only what it leaves is written.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xo_cnn.engine.choice import Algorithm, choose, groups
from xo_cnn.engine.threads import for_each
from xo_cnn.engine.tuning import TUNING, Tuning
from xo_cnn.grid import Array, Map
from xo_cnn.layers import Layer


def run_layers(
    grids: Array, features: Sequence[Array], layers: Sequence[Layer], tuning: Tuning = TUNING
) -> list[Array]:
    """Match features with many grids (number, H, W) at once, and run the layers that follow on the sums.

    Gives the sums of each feature's last maps, a stack (number, rows, columns) each, bit for bit as one grid and one
    layer after the other do.
    """
    last: dict[int, Array] = {}
    for numbers, together in groups(features):
        last.update(zip(numbers, _in_blocks(grids, choose(grids, together, tuning), layers, tuning), strict=True))
    return [last[number] for number in range(len(features))]


def run_on_each(layer: Layer, maps: Sequence[Map], tuning: Tuning = TUNING) -> list[Map]:
    """What a layer makes of each of several maps, on threads where that pays."""
    for filtered in maps:
        layer.shape(filtered.shape, filtered)
    after: dict[int, Array] = {}

    def run(number: int) -> None:
        after[number] = layer.run(maps[number].sums)

    pays = sum(filtered.sums.nbytes for filtered in maps) > tuning.large_maps
    for_each(run, range(len(maps)), tuning.workers if pays else 1)
    return [Map(filtered.name, after[number], filtered.cells) for number, filtered in enumerate(maps)]


def _in_blocks(grids: Array, algorithm: Algorithm, layers: Sequence[Layer], tuning: Tuning) -> Array:
    """Match some rows of some grids at a time and run the layers on them: (features, number, rows, columns)."""
    if not layers:
        return algorithm.sums(grids)
    number, height, width = grids.shape
    count, tall, wide = algorithm.features.shape
    shapes = [(height - tall + 1, width - wide + 1)]
    for layer in layers:
        shapes.append(layer.shape(shapes[-1]))
    rows, columns = shapes[-1]

    def behind(top: int, bottom: int) -> tuple[int, int]:
        """The rows of sums behind some rows of what comes out."""
        for layer, (before, _) in zip(layers[::-1], shapes[-2::-1], strict=True):
            top, bottom = layer.rows(top, bottom, before)
        return top, bottom

    row = behind(1, 2)[0] if rows > 1 else shapes[0][0]  # rows of sums for each row that comes out
    many = max(1, tuning.layer_block // (count * shapes[0][0] * shapes[0][1]))
    step = min(rows, max(1, tuning.layer_block // (count * shapes[0][1] * row))) if algorithm.by_rows else rows
    after = np.empty((count, number, rows, columns), algorithm.sums_kind)

    def work(corner: tuple[int, int]) -> None:
        first, top = corner
        end = min(top + step, rows)
        begin, stop = behind(top, end) if algorithm.by_rows else (0, shapes[0][0])
        numbers = algorithm.sums(grids[first : first + many, begin : stop + tall - 1])
        for layer in layers:
            numbers = layer.run(numbers)
        after[:, first : first + many, top:end] = numbers

    blocks = [(first, top) for first in range(0, number, many) for top in range(0, rows, step)]
    large = count * number * shapes[0][0] * shapes[0][1] > tuning.large_layer
    for_each(work, blocks, tuning.workers if large else 1)
    return after
