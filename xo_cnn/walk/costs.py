"""What the layers cost: products, sums, divisions and comparisons, counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xo_cnn.grid import Array, Map
from xo_cnn.network import Pool


@dataclass(frozen=True)
class Cost:
    """The work for one map or one layer."""

    products: int = 0
    sums: int = 0
    divisions: int = 0
    comparisons: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.products + other.products,
            self.sums + other.sums,
            self.divisions + other.divisions,
            self.comparisons + other.comparisons,
        )


def of_matching(filtered: Map, feature: Map) -> Cost:
    """The work for one filtered map: each of its cells is a sum of products, divided."""
    positions, cells = filtered.sums.size, feature.sums.size
    return Cost(products=positions * cells, sums=positions * (cells - 1), divisions=positions)


def of_choosing(before: Map, after: Map, pool: Pool) -> Cost:
    """The work for one pooled map: each of its cells is the largest in its window."""
    # The windows cover this many cells: one that hangs over the edge covers fewer than its size.
    covered = 1
    for side, steps in zip(before.shape, after.shape, strict=True):
        starts: Array = np.arange(steps) * pool.stride
        covered *= int(np.minimum(pool.window, side - starts).sum())
    return Cost(comparisons=covered - after.sums.size)
