"""The choice of a way: each gives the plain definition, exactly for integers, within its bound for floats."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import correlate2d

from xo_cnn.convolution import match_sums
from xo_cnn.engine.choice import match_each
from xo_cnn.engine.tuning import Tuning

INTEGERS = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i2"]
ONES = st.sampled_from([-1, 0, 1])


@st.composite
def grids(draw: st.DrawFn, types: list[str]) -> Any:
    """A grid of any type and shape, small or large cells alike."""
    dtype = np.dtype(draw(st.sampled_from(types)))
    shape = (draw(st.integers(1, 18)), draw(st.integers(1, 18)))
    if dtype.kind == "f":
        return draw(arrays(dtype, shape, elements=st.floats(-1000, 1000, width=16)))
    if dtype.kind == "b":
        return draw(arrays(dtype, shape))
    low, high = max(np.iinfo(dtype).min, -(1 << 40)), min(np.iinfo(dtype).max, 1 << 40)
    ranges = [(low, high), (max(low, -1), 1), (max(low, -20), 20)]
    cells = draw(st.sampled_from(ranges).map(lambda limits: st.integers(*limits)))
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
def test_whole_numbers_add_up_exactly(data: st.DataObject, tuning: Tuning) -> None:
    """Any integers with features of 1, 0, -1 or other whole numbers, against the definition and SciPy."""
    grid = data.draw(grids(INTEGERS))
    cells, dtype = data.draw(st.sampled_from([(ONES, "i1"), (ONES, "f8"), (st.integers(-9, 9), "i8")]))
    features = data.draw(features_for(grid, dtype, cells))
    grid = grid.view(np.int8) if grid.dtype == bool else grid
    for sums, feature in zip(match_each(grid, features, tuning), features, strict=True):
        exact = correlate2d(grid.astype(np.int64), feature.astype(np.int64), mode="valid")
        assert np.array_equal(sums, exact)
        assert np.array_equal(sums, match_sums(grid.astype(np.int64), feature.astype(np.int64)))
        assert sums.dtype.kind == ("i" if feature.size > 1 else "f")


@given(st.data(), TUNED)
def test_floats_add_up_within_their_bound(data: st.DataObject, tuning: Tuning) -> None:
    """No error is larger than the modules state, on any path, whatever the order of the additions."""
    grid = data.draw(grids(["f2", "f4", "f8", ">f4", "i1", "u1"]))
    real = st.floats(-1, 1, width=32)
    cells = data.draw(st.sampled_from([real, ONES, st.integers(-9, 9)])) if grid.dtype.kind == "f" else real
    features = data.draw(features_for(grid, data.draw(st.sampled_from(["f4", "f8"])), cells))
    for sums, feature in zip(match_each(grid, features, tuning), features, strict=True):
        error = np.abs(sums - correlate2d(grid.astype(np.float64), feature.astype(np.float64), mode="valid"))
        products_of = match_sums(np.abs(grid.astype(np.float64)), np.abs(feature.astype(np.float64)))
        summed = feature.size * np.finfo(sums.dtype if sums.dtype.kind == "f" else "f4").eps * products_of
        transformed = 1e-10 * np.abs(grid.astype(np.float64)).max() * np.linalg.norm(feature.astype(np.float64))
        assert (error <= summed + transformed + 1e-40).all()


@given(st.data(), TUNED)
def test_a_batch_is_each_grid_alone(data: st.DataObject, tuning: Tuning) -> None:
    """Grids that lie one after the other in memory do not run into each other."""
    batch = data.draw(arrays(np.int8, (5, 7, 6), elements=st.sampled_from([-1, 1])))
    features = data.draw(features_for(batch[0], "f4", data.draw(st.sampled_from([ONES, st.just(0.5)]))))
    for sums, feature in zip(match_each(batch, features, tuning), features, strict=True):
        assert len(sums) == 5
        for one, grid in zip(sums, batch, strict=True):
            assert np.allclose(one, match_sums(grid, feature), atol=1e-8)
