"""The choice: which way pays for which features on which grid. Every way gives the sums of `match_sums`."""

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


class Way(NamedTuple):
    """A way to match features of one shape, good for the grid that it was chosen for and for every part of it.

    `fill` takes the grid laid out flat as `grid_kind`, and fills sums of `sums_kind`, a row for each feature. `by_rows`
    says whether a few rows alone give exactly the sums that the whole grid gives there, at the same pace.
    """

    features: Array
    grid_kind: np.dtype[Any]
    sums_kind: np.dtype[Any]
    fill: Callable[[Array, Array, Array, int], None]
    by_rows: bool

    def sums(self, grids: Array) -> Array:
        """Sums of matches with each feature, (features, …, H-h+1, W-w+1), on grids shaped (…, H, W).

        The grids lie one after the other in memory, so that a thousand small ones take no more passes than one.
        """
        several, tall, wide = self.features.shape
        height, width = grids.shape[-2:]
        flat = np.ascontiguousarray(grids, self.grid_kind).reshape(-1)
        sums = np.empty((several, flat.size), self.sums_kind)
        self.fill(flat, sums, self.features, width)
        return sums.reshape(several, *grids.shape)[..., : height - tall + 1, : width - wide + 1]


def choose(grids: Array, features: Array, tuning: Tuning = TUNING) -> Way:
    """The way that pays for features shaped (k, h, w), as `by_shape` gives them, on grids shaped (…, H, W)."""
    several, size = len(features), features[0].size
    ones, whole = features.dtype == np.int8, grids.dtype.kind in "biu" and features.dtype.kind == "i"
    # The largest cell; no sum, and no part of one, is larger than `bound`. Of floats it need not be known.
    peak = float(max(abs(int(grids.max())), abs(int(grids.min())))) if grids.dtype.kind in "biu" else 0.0
    bound = peak * float(np.abs(features.astype(np.float64)).sum(axis=(1, 2)).max())
    whole = whole and bound < 1 << 63  # beyond that no integer type holds the sums: float64 does, rounded
    double = peak > 1 << 24 or any(array.dtype.kind == "f" and array.itemsize > 4 for array in (grids, features))
    sums_kind = smallest(bound) if whole else np.dtype(np.float64 if double else np.float32)
    if size == 1 and whole:  # nothing is left to divide: these sums are the numbers of the map, which are floats
        sums_kind = np.dtype(np.float32 if sums_kind.itemsize < 4 else np.float64)
    if whole and bound >= 1 << 53:
        return Way(features, sums_kind, sums_kind, _multiply_integers, by_rows=True)
    if _transform_pays(several, size, ones, whole, tuning) and (
        bound < 1 << 31 if whole else bool(np.isfinite(grids).all())  # one nan would spread over the whole map
    ):
        kind = smallest(peak) if whole else sums_kind
        return Way(features, kind, sums_kind, partial(transform, tuning=tuning), by_rows=False)
    if ones:
        kind = smallest(peak) if whole else sums_kind
        return Way(features, kind, sums_kind, partial(add_up, peak=peak, tuning=tuning), by_rows=True)
    kind = np.dtype(np.float32 if bound < 1 << 24 else np.float64) if whole else sums_kind
    return Way(features, kind, sums_kind, partial(multiply, tuning=tuning), by_rows=whole)


def by_shape(features: Sequence[Array]) -> list[tuple[list[int], Array]]:
    """Features that go together, because they have partial sums in common: their numbers, and their cells stacked."""
    groups: dict[tuple[tuple[int, ...], np.dtype[Any]], list[int]] = {}
    plain = [_plainest(feature) for feature in features]
    for number, feature in enumerate(plain):
        groups.setdefault((feature.shape, feature.dtype), []).append(number)
    return [(numbers, np.stack([plain[number] for number in numbers])) for numbers in groups.values()]


def match_each(grid: Array, features: Sequence[Array], tuning: Tuning = TUNING) -> list[Array]:
    """The sums of matches of a grid with each of several features of any shapes.

    >>> [sums.tolist() for sums in match_each(np.eye(3, dtype=int), [np.array([[1, -1]]), np.eye(3)])]
    [[[1, 0], [-1, 1], [0, -1]], [[3]]]
    """
    sums: dict[int, Array] = {}
    for numbers, together in by_shape(features):
        sums.update(zip(numbers, choose(grid, together, tuning).sums(grid), strict=True))
    return [sums[number] for number in range(len(features))]


def _transform_pays(several: int, size: int, ones: bool, whole: bool, tuning: Tuning) -> bool:
    if size == 1:
        return False
    if ones:
        return size > (tuning.many_cells if whole else tuning.many_cells // 4)
    # A product costs as much as the feature has cells, a transform as much as 400, whatever is matched; both have a
    # part that all features share.
    return size * (8 + several) > 400 * (1 + several)


def _plainest(features: Array) -> Array:
    """The same numbers as int8 if all are 1, 0 or -1, as int64 if all are whole, and else as floats.

    >>> [_plainest(np.array(row)).dtype.name for row in ([1.0, -1.0], [3.0, -1.0], [0.5, -1.0])]
    ['int8', 'int64', 'float64']
    """
    size = np.abs(features.astype(np.float64))
    if (size < 1 << 53).all() and (size == np.rint(size)).all():
        return features.astype(np.int8 if size.max() <= 1 else np.int64)
    return features if features.dtype in (np.float32, np.float64) else features.astype(np.float32)


def _multiply_integers(flat: Array, sums: Array, features: Array, width: int) -> None:
    """Integers beyond 2**53, which no float type holds exactly: one cell of a feature at a time."""
    sums.fill(0)
    for (row, column), weights in zip(
        np.ndindex(features.shape[1:]), features.reshape(len(features), -1).T, strict=True
    ):
        shift = row * width + column
        sums[:, : flat.size - shift] += weights[:, None] * flat[shift:]
