"""The choice of a way: each gives the plain definition, exactly for integers, within its bound for floats."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import correlate2d

from xo_cnn.convolution import match_sums
from xo_cnn.engine.choice import choose, groups
from xo_cnn.engine.tuning import Tuning
from xo_cnn.grid import Array

INTEGERS = ["i1", "i2", "i4", "i8", "u1", ">i2"]
ONES, REALS = st.sampled_from([-1, 0, 1]), st.floats(-1, 1, width=16)


def sums_of(grids: Array, features: list[Array], tuning: Tuning) -> list[Array]:
    """The sums of every feature on many grids, by whatever algorithm pays."""
    found: dict[int, Array] = {}
    for numbers, together in groups(features):
        found.update(zip(numbers, choose(grids, together, tuning).sums(grids), strict=True))
    return [found[number] for number in range(len(features))]


@st.composite
def grids(draw: st.DrawFn, types: list[str]) -> Any:
    """A grid of any type and shape, with cells in [-1, 1]."""
    dtype = np.dtype(draw(st.sampled_from(types)))
    shape = (draw(st.integers(1, 18)), draw(st.integers(1, 18)))
    cells = REALS if dtype.kind == "f" else st.integers(0, 1) if dtype.kind == "u" else ONES
    return draw(arrays(dtype, shape, elements=cells))


def features_for(grid: Any, dtype: str, cells: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """A few features of one shape that fit on a grid."""
    shape = st.tuples(*(st.integers(1, side) for side in grid.shape))
    return shape.flatmap(lambda shape: st.lists(arrays(dtype, shape, elements=cells), min_size=1, max_size=4))


def tuned(block: int, workers: int, many_cells: int) -> Tuning:
    """Work on so few cells at a time that even small grids have many blocks, on so many threads."""
    return Tuning(
        workers=workers,
        additions_block=block,
        many_additions=0,
        many_cells=many_cells,
        products_block=block,
        fourier_span=block,
    )


TUNED = st.builds(tuned, st.sampled_from([1, 7, 64, 1 << 19]), st.integers(1, 3), st.sampled_from([0, 10, 1000]))


@given(st.data(), TUNED)
def test_ones_add_up_exactly(data: st.DataObject, tuning: Tuning) -> None:
    """Grids and features of 1, 0 and -1, whatever their types, against the definition and SciPy."""
    grid = data.draw(grids(INTEGERS))
    features = data.draw(features_for(grid, data.draw(st.sampled_from(["i1", "f8"])), ONES))
    for sums, feature in zip(sums_of(grid[None], features, tuning), features, strict=True):
        exact = correlate2d(grid.astype(np.int64), feature.astype(np.int64), mode="valid")
        assert np.array_equal(sums[0], exact)
        assert np.array_equal(sums[0], match_sums(grid.astype(np.int64), feature.astype(np.int64)))
        assert sums.dtype.kind == ("i" if feature.size > 1 else "f")


@given(st.data(), TUNED)
def test_floats_add_up_within_their_bound(data: st.DataObject, tuning: Tuning) -> None:
    """No error is larger than the modules state, with any algorithm, whatever the order of the additions."""
    grid = data.draw(grids(["f2", "f4", "f8", "i1", "u1"]))
    cells = data.draw(st.sampled_from([REALS, ONES])) if grid.dtype.kind == "f" else REALS
    features = data.draw(features_for(grid, data.draw(st.sampled_from(["f4", "f8"])), cells))
    for sums, feature in zip(sums_of(grid[None], features, tuning), features, strict=True):
        error = np.abs(sums[0] - correlate2d(grid.astype(np.float64), feature.astype(np.float64), mode="valid"))
        products_of = match_sums(np.abs(grid.astype(np.float64)), np.abs(feature.astype(np.float64)))
        summed = feature.size * np.finfo(sums.dtype if sums.dtype.kind == "f" else "f4").eps * products_of
        transformed = 1e-10 * np.abs(grid.astype(np.float64)).max() * np.linalg.norm(feature.astype(np.float64))
        assert (error <= summed + transformed + 1e-40).all()


@given(st.data(), TUNED)
def test_a_batch_is_each_grid_alone(data: st.DataObject, tuning: Tuning) -> None:
    """Grids that lie one after the other in memory do not run into each other, and round alike."""
    batch = data.draw(arrays(np.int8, (5, 7, 6), elements=st.sampled_from([-1, 1])))
    features = data.draw(
        features_for(batch[0], "f4", data.draw(st.sampled_from([ONES, st.just(float(np.float32(0.3)))])))
    )
    for number, sums in enumerate(sums_of(batch, features, tuning)):
        for each, grid in zip(sums, batch, strict=True):
            assert np.array_equal(each, sums_of(grid[None], features, tuning)[number][0])


def test_a_large_feature_of_ones_is_transformed_and_a_small_one_added_up() -> None:
    """The transform serves both kinds of numbers, and keeps whole ones whole."""
    grid = np.random.default_rng(2).choice(np.array([-1, 1], np.int8), (1, 60, 50))
    for side, by_rows in ((31, True), (32, False)):
        features = np.ones((1, side, side), np.int8)
        algorithm = choose(grid, features)
        assert (algorithm.by_rows, algorithm.sums_kind) == (by_rows, np.int16)
        assert np.array_equal(algorithm.sums(grid)[0, 0], match_sums(grid[0], features[0]))
