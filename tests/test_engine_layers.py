"""Fused layers: pooled block by block, they give what convolving first and pooling then gives, bit for bit."""

from __future__ import annotations

import pickle
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xo_cnn import convolve, max_pool
from xo_cnn.convolution import match_sums
from xo_cnn.engine.layers import convolve_and_pool, last_sums
from xo_cnn.engine.tuning import Tuning
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map
from xo_cnn.pooling import window_maxima

CELLS = {
    "i1": st.sampled_from([[-1, 1], [-1, 0, 1], [-128, 0, 1]]).flatmap(st.sampled_from),
    "f4": st.floats(-1, 1, width=32),
}


@st.composite
def layers_of(draw: st.DrawFn, grid_type: str) -> tuple[Any, list[Any], list[tuple[int, int]]]:
    """A grid, features of mixed shapes and kinds, and pooling layers that fit."""
    side = st.sampled_from([1, 2, 3, 5, 12])  # 12x12 cells need sums of two bytes
    cells = st.sampled_from([st.integers(-1, 1), st.integers(-3, 3)])
    features = draw(
        st.lists(st.tuples(side, side, cells).flatmap(lambda t: arrays(np.int8, t[:2], elements=t[2])), min_size=1)
    )
    tall, wide = (max(feature.shape[axis] for feature in features) for axis in (0, 1))
    shape = (tall + draw(st.integers(0, 12)), wide + draw(st.integers(0, 12)))
    grid = draw(arrays(grid_type, shape, elements=CELLS[grid_type]))
    window = draw(st.integers(1, min(shape[0] - tall, shape[1] - wide) + 1))
    return grid, features, [(window, draw(st.integers(1, 6))), (1, 2)][: draw(st.integers(0, 2))]


TUNED = st.builds(Tuning, workers=st.integers(1, 3), layer_block=st.integers(1, 2000), large_layer=st.just(0))


@given(layers_of("i1"), TUNED)
def test_a_layer_pooled_as_it_is_added_up_is_the_layer_pooled_after(case: Any, tuning: Tuning) -> None:
    """Whatever the block of rows, the windows, the strides and the threads: the same integers of the same type."""
    grid, features, layers = case
    expected = convolve(grid, features)
    for layer in layers:
        expected = max_pool(expected, *layer)
    for sums, other in zip(last_sums(grid[None], features, layers, tuning), expected, strict=True):
        assert (sums.dtype, sums[0].tolist()) == (other.sums.dtype, other.sums.tolist())


@given(layers_of("f4"), TUNED)
def test_floats_come_out_bit_for_bit_too(case: Any, tuning: Tuning) -> None:
    """The order of the additions does not depend on the blocks, and where it would, the layer is not cut."""
    grid, features, layers = case
    together = [Map(str(number), feature) for number, feature in enumerate(features)]
    maps = convolve(grid, together)
    for layer in layers:
        maps = max_pool(maps, *layer)
    assert convolve_and_pool(Map("", grid), together, layers) == maps
    for sums, other in zip(last_sums(grid[None], features, layers, tuning), maps, strict=True):
        assert np.array_equal(sums[0], other.sums)


def test_products_of_floats_round_alike_although_the_last_rows_are_in_no_window() -> None:
    """BLAS adds in an order that depends on how many cells it is given, so it is given the same ones."""
    grid, feature = np.full((17, 12), 0.5835217, np.float32), Map("", np.full((12, 12), 2))
    expected = max_pool(convolve(grid, [feature]), 1, 4)
    assert convolve_and_pool(Map("", grid), [feature], [(1, 4)]) == expected


@given(arrays(np.int8, (5, 7, 6), elements=st.sampled_from([-1, 1])), st.integers(1, 500))
def test_many_grids_give_what_each_gives_alone(grids: Any, block: int) -> None:
    """A stack comes out per feature, in the order of the grids, and of the plain definitions."""
    features = [np.array([[1, -1], [0, 1]]), np.array([[2, 1, 1]])]
    for sums, feature in zip(last_sums(grids, features, [(2, 2)], Tuning(layer_block=block)), features, strict=True):
        for one, grid in zip(sums, grids, strict=True):
            assert np.array_equal(one, window_maxima(match_sums(grid, feature), 2, 2))


def test_maps_keep_names_and_divisors_and_travel() -> None:
    """They are plain maps: replaced, pickled and compared like any other."""
    features = [Map("one", np.ones((3, 3), np.int8)), Map("two", np.ones((2, 2), np.int8))]
    maps = convolve_and_pool(Map("", np.ones((9, 9), np.int8)), features, [(2, 2)])
    assert [(one.name, one.cells, one.values.max()) for one in maps] == [("one", 9, 1), ("two", 4, 1)]
    assert pickle.loads(pickle.dumps(maps)) == maps
    assert replace(maps[0], name="other").values.tolist() == maps[0].values.tolist()


@pytest.mark.parametrize("sides", [[3] * 16, [3] * 16 + [5]])
def test_a_large_layer_is_never_in_memory_as_a_whole(sides: list[int]) -> None:
    """Eight megapixels take at most 40 MB more than what is left of them, with features of mixed shapes too."""
    dice = np.random.default_rng(3)
    features = [dice.choice(np.array([-1, 1], np.int8), (side, side)) for side in sides]
    grid = dice.choice(np.array([-1, 1], np.int8), (2448, 3264))
    tracemalloc.start()
    maxima = last_sums(grid[None], features, [(2, 2)], Tuning(workers=2))
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept >= sum(one.nbytes for one in maxima)
    assert peak - kept < 40e6


def test_what_does_not_fit_is_refused_before_any_work() -> None:
    """A feature, a window, a stride: the message names them."""
    grid, feature = Map("x", np.ones((4, 4))), Map("diag", np.ones((3, 3)))
    with pytest.raises(ShapeError, match=r"the feature diag \(3x3\) is larger than the image x \(2x2\)"):
        convolve_and_pool(Map("x", np.ones((2, 2))), [feature], [])
    with pytest.raises(ShapeError, match=r"a window of 2x2 is larger than the map diag \(1x1\)"):
        convolve_and_pool(grid, [feature], [(2, 2), (2, 2)])
    with pytest.raises(ShapeError, match="whole numbers of at least 1, not 0 and 2"):
        convolve_and_pool(grid, [feature], [(0, 2)])
