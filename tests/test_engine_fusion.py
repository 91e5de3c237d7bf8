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

from xo_cnn import convolve
from xo_cnn.convolution import convolve_with, match_sums
from xo_cnn.engine.fusion import run_layers, run_on_each
from xo_cnn.engine.tuning import Tuning
from xo_cnn.errors import GridError, ShapeError
from xo_cnn.grid import Map
from xo_cnn.layers import Layer
from xo_cnn.pooling import Pool, window_maxima
from xo_cnn.rectification import Relu

ONES, REALS = st.integers(-1, 1), st.floats(-1, 1, width=16)


@st.composite
def networks(draw: st.DrawFn) -> tuple[Any, list[Map], list[Layer]]:
    """A grid, features of mixed shapes and kinds, and layers that fit, in any order."""
    side = st.sampled_from([1, 2, 3, 5, 12])  # 12x12 cells need sums of two bytes
    cells = st.sampled_from([("i1", ONES), ("f4", REALS)])
    shapes = st.tuples(side, side, cells)
    arrays_of = shapes.flatmap(lambda case: arrays(case[2][0], case[:2], elements=case[2][1]))
    features = [Map(str(number), feature) for number, feature in enumerate(draw(st.lists(arrays_of, min_size=1)))]
    tall, wide = (max(feature.shape[axis] for feature in features) for axis in (0, 1))
    shape = (tall + draw(st.integers(0, 12)), wide + draw(st.integers(0, 12)))
    kind, elements = draw(cells)
    grid = draw(arrays(kind, shape, elements=elements))
    window = draw(st.integers(1, min(shape[0] - tall, shape[1] - wide) + 1))
    pools = [Pool(window, draw(st.integers(1, 6))), Pool(1, 2)][: draw(st.integers(0, 2))]
    layers: list[Layer] = []
    for pool in pools:
        layers += [*([Relu()] if draw(st.booleans()) else []), pool]
    return grid, features, layers + draw(st.sampled_from([[], [Relu()]]))


def one_after_the_other(grid: Any, features: list[Map], layers: list[Layer]) -> list[Map]:
    """Every layer on all maps before the next."""
    maps = convolve(grid, features)
    for layer in layers:
        maps = run_on_each(layer, maps)
    return maps


TUNED = st.builds(Tuning, workers=st.integers(1, 3), layer_block=st.integers(1, 2000), large_layer=st.just(0))


@given(networks(), TUNED)
def test_layers_run_block_by_block_are_the_layers_run_one_after_the_other(case: Any, tuning: Tuning) -> None:
    """Whatever the block of rows, the layers and the threads: the same numbers of the same type, floats bit for bit."""
    grid, features, layers = case
    expected = one_after_the_other(grid, features, layers)
    assert convolve_with(layers, Map("", grid), features) == expected
    found = run_layers(grid[None], [feature.values for feature in features], layers, tuning)
    for sums, other in zip(found, expected, strict=True):
        assert sums.dtype == other.sums.dtype
        assert np.array_equal(sums[0], other.sums)


def test_products_of_floats_round_alike_although_the_last_rows_are_in_no_window() -> None:
    """BLAS adds in an order that depends on how many cells it is given, so it is given the same ones."""
    grid, feature = np.full((17, 12), 0.5835217, np.float32), Map("", np.full((12, 12), 0.7))
    assert convolve_with([Pool(1, 4)], Map("", grid), [feature]) == one_after_the_other(grid, [feature], [Pool(1, 4)])


@given(arrays(np.int8, (5, 7, 6), elements=st.sampled_from([-1, 1])), st.integers(1, 500))
def test_many_grids_give_what_each_gives_alone(grids: Any, block: int) -> None:
    """A stack comes out per feature, in the order of the grids, and of the plain definitions; floats bit for bit."""
    features = [np.array([[1, -1], [0, 1]]), np.array([[0.3, 0.1, -0.7]])]
    found = run_layers(grids, features, [Pool()], Tuning(layer_block=block))
    for number, grid in enumerate(grids):
        assert np.array_equal(found[0][number], window_maxima(match_sums(grid, features[0]), 2, 2))
        alone = run_layers(grid[None], features, [Pool()], Tuning(layer_block=block))
        assert np.array_equal(found[1][number], alone[1][0])


def test_maps_keep_names_and_divisors_and_travel() -> None:
    """They are plain maps: replaced, pickled and compared like any other."""
    features = [Map("one", np.ones((3, 3), np.int8)), Map("two", np.ones((2, 2), np.int8))]
    maps = convolve_with([Pool()], Map("", np.ones((9, 9), np.int8)), features)
    assert [(one.name, one.cells, one.values.max()) for one in maps] == [("one", 9, 1), ("two", 4, 1)]
    assert pickle.loads(pickle.dumps(maps)) == maps
    assert replace(maps[0], name="other").values.tolist() == maps[0].values.tolist()


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_several_maps_come_out_in_their_order(workers: int) -> None:
    """On any number of threads, maps of any shapes."""
    maps = [Map(str(number), np.full((4 + number, 4), number)) for number in range(7)]
    pooled = run_on_each(Pool(), maps, Tuning(workers=workers, large_maps=0))
    assert [one.name for one in pooled] == [one.name for one in maps]
    assert [one.sums.tolist() for one in pooled] == [window_maxima(one.sums, 2, 2).tolist() for one in maps]


@pytest.mark.parametrize("sides", [[3] * 16, [3] * 16 + [5]])
def test_a_large_layer_is_never_in_memory_as_a_whole(sides: list[int]) -> None:
    """Eight megapixels take at most 40 MB more than what is left of them, with features of mixed shapes too."""
    dice = np.random.default_rng(3)
    features = [dice.choice(np.array([-1, 1], np.int8), (side, side)) for side in sides]
    grid = dice.choice(np.array([-1, 1], np.int8), (2448, 3264))
    tracemalloc.start()
    maxima = run_layers(grid[None], features, [Relu(), Pool()], Tuning(workers=2))
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept >= sum(one.nbytes for one in maxima)
    assert peak - kept < 40e6


def test_what_does_not_fit_is_refused_before_any_work() -> None:
    """A feature, a window, a stride, a scale: the message names them."""
    grid, feature = Map("x", np.ones((4, 4))), Map("diag", np.ones((3, 3)))
    with pytest.raises(ShapeError, match=r"the feature diag \(3x3\) is larger than the image \(2x2\)"):
        convolve_with([], Map("x", np.ones((2, 2))), [feature])
    with pytest.raises(ShapeError, match=r"a window of 2x2 is larger than the map diag \(1x1\)"):
        convolve_with([Pool(), Pool()], grid, [feature])
    with pytest.raises(ShapeError, match="whole numbers of at least 1, not 0 and 2"):
        Pool(0, 2)
    with pytest.raises(GridError, match="the image's grid has cells from 1 to 255"):
        convolve_with([], Map("x", np.array([[1, 255]])), [Map("", np.ones((1, 1)))])
