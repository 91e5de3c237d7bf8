"""The choice: which algorithm pays for which features on which grid. Every one gives the sums of `match_sums`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from xo_cnn.engine.additions import add_up, smallest
from xo_cnn.engine.fourier import transform
from xo_cnn.engine.products import multiply
from xo_cnn.engine.tuning import TUNING, Tuning
from xo_cnn.grid import Array


class Algorithm(NamedTuple):
    """How to match features of one shape, good for the grid that it was chosen for and for every part of it.

    `fill` takes the grid laid out flat as `grid_kind`, and fills sums of `sums_kind`, a row for each feature. `by_rows`
    says whether a few rows alone, or many grids at once, give exactly the sums that a whole grid gives, at the same
    pace.
    """

    features: Array
    grid_kind: np.dtype[Any]
    sums_kind: np.dtype[Any]
    fill: Callable[[Array, Array, Array, int], None]
    by_rows: bool

    def sums(self, grids: Array) -> Array:
        """Sums of matches with each feature, (features, number, H-h+1, W-w+1), on grids shaped (number, H, W)."""
        if not self.by_rows and len(grids) > 1:
            return np.concatenate([self.sums(grid[None]) for grid in grids], axis=1)
        # The grids lie one after the other in memory, so that a thousand small ones take no more passes than one.
        several, tall, wide = self.features.shape
        height, width = grids.shape[1:]
        flat = np.ascontiguousarray(grids, self.grid_kind).reshape(-1)
        sums = np.empty((several, flat.size), self.sums_kind)
        self.fill(flat, sums, self.features, width)
        return sums.reshape(several, *grids.shape)[..., : height - tall + 1, : width - wide + 1]


def choose(grids: Array, features: Array, tuning: Tuning = TUNING) -> Algorithm:
    """The algorithm that pays for features shaped (k, h, w), as `groups` gives them, on grids shaped (number, H, W).

    All cells lie in [-1, 1], so that integers are 1, 0 and -1, and no sum is larger than a feature has cells.
    """
    several, size = len(features), features[0].size
    ones = features.dtype == np.int8
    whole = ones and grids.dtype.kind in "iu"
    grid_kind: np.dtype[Any]
    sums_kind: np.dtype[Any]
    if whole:
        # A feature of one cell leaves nothing to divide: these sums are the numbers of the map, which are floats.
        grid_kind, sums_kind = np.dtype(np.int8), np.dtype(np.float32) if size == 1 else smallest(size)
    else:
        double = any(array.dtype.kind == "f" and array.itemsize > 4 for array in (grids, features))
        grid_kind = sums_kind = np.dtype(np.float64 if double else np.float32)
    if _transform_pays(several, size, ones, whole, tuning):
        return Algorithm(features, grid_kind, sums_kind, partial(transform, tuning=tuning), by_rows=False)
    if ones:
        return Algorithm(features, grid_kind, sums_kind, partial(add_up, tuning=tuning), by_rows=True)
    # BLAS adds in an order that depends on how many cells it is given.
    return Algorithm(features, grid_kind, sums_kind, partial(multiply, tuning=tuning), by_rows=False)


def groups(features: Sequence[Array]) -> list[tuple[list[int], Array]]:
    """Features that go together, because they have partial sums in common: their numbers, and their cells stacked."""
    found: dict[tuple[tuple[int, ...], np.dtype[Any]], list[int]] = {}
    plain = [_plainest(feature) for feature in features]
    for number, feature in enumerate(plain):
        found.setdefault((feature.shape, feature.dtype), []).append(number)
    return [(numbers, np.stack([plain[number] for number in numbers])) for numbers in found.values()]


def _transform_pays(several: int, size: int, ones: bool, whole: bool, tuning: Tuning) -> bool:
    if size == 1:
        return False
    if ones:
        return size > (tuning.many_cells if whole else tuning.many_cells // 4)
    # A product costs as much as the feature has cells, a transform as much as 400, whatever is matched; both have a
    # part that all features share.
    return size * (8 + several) > 400 * (1 + several)


def _plainest(feature: Array) -> Array:
    """The same numbers as int8 if all are 1, 0 or -1, and else as floats.

    >>> [_plainest(np.array(row)).dtype.name for row in ([1.0, -1.0], [0.5, -1.0])]
    ['int8', 'float64']
    """
    if ((feature == 1) | (feature == 0) | (feature == -1)).all():
        return feature.astype(np.int8)
    return feature if feature.dtype in (np.float32, np.float64) else feature.astype(np.float32)
