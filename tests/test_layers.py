"""Layers: each kind's shapes, rows, cells and costs are those of its own plain definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xo_cnn.convolution import Convolve
from xo_cnn.engine.windows import steps_along
from xo_cnn.errors import ShapeError
from xo_cnn.formats.networks import KINDS
from xo_cnn.grid import Map
from xo_cnn.layers import Layer, last_shape
from xo_cnn.pooling import Pool, window_starts
from xo_cnn.rectification import Relu


def layers_for(shape: tuple[int, int]) -> st.SearchStrategy[Layer]:
    """A layer of any kind that may follow the convolution, and takes a map of this shape."""
    pools = st.builds(Pool, st.integers(1, min(shape)), st.integers(1, 9))
    return pools | st.just(Relu())


@st.composite
def cases(draw: st.DrawFn) -> tuple[Layer, Any]:
    """A layer and the numbers of a map."""
    shape = draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    numbers = draw(arrays(draw(st.sampled_from(["i1", "f4", "f8"])), shape, elements=st.integers(-9, 9)))
    return draw(layers_for(shape)), numbers


def test_every_kind_is_drawn_here() -> None:
    """A new kind of layer needs its place in `layers_for`."""
    assert set(KINDS.values()) == {Pool, Relu}


@given(cases())
def test_what_runs_is_the_plain_definition(case: tuple[Layer, Any]) -> None:
    """The same numbers of the same type, of the shape that the layer says, for one map and for many."""
    layer, numbers = case
    defined = layer.define(numbers)
    assert layer.shape(numbers.shape) == defined.shape
    for ran in (layer.run(numbers), layer.run(np.stack([numbers, -numbers]))[0]):
        assert ran.dtype == numbers.dtype
        assert np.array_equal(ran, defined)


@given(cases(), st.data())
def test_rows_that_a_layer_asks_for_are_enough(case: tuple[Layer, Any], data: st.DataObject) -> None:
    """Any rows of what comes out follow from the rows behind them, and from no others."""
    layer, numbers = case
    whole = layer.run(numbers)
    top = data.draw(st.integers(0, len(whole) - 1))
    bottom = data.draw(st.integers(top + 1, len(whole)))
    first, last = layer.rows(top, bottom, len(numbers))
    assert np.array_equal(layer.run(numbers[first:last]), whole[top:bottom])


@given(cases(), st.data())
def test_the_cells_behind_a_cell_are_all_that_it_depends_on(case: tuple[Layer, Any], data: st.DataObject) -> None:
    """The same cells alone give the same number."""
    layer, numbers = case
    whole = layer.run(numbers)
    at = data.draw(st.tuples(*(st.integers(0, side - 1) for side in whole.shape)))
    top, left, rows, columns = layer.behind(at, numbers.shape)
    assert layer.define(numbers[top : top + rows, left : left + columns]).max() == whole[at]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_a_side_has_as_many_steps_as_begin_inside(side: int, window: int, stride: int) -> None:
    """ceil((side - window) / stride) + 1, and one less if the last would begin beyond the edge."""
    window = min(window, side)
    steps = int(np.ceil((side - window) / stride)) + 1
    assert steps_along(side, window, stride) == len(window_starts(side, window, stride))
    assert steps_along(side, window, stride) == (steps if (steps - 1) * stride < side else steps - 1)


@given(st.tuples(st.integers(1, 12), st.integers(1, 12)), st.data())
def test_costs_are_counted_one_by_one(shape: tuple[int, int], data: st.DataObject) -> None:
    """A window of n cells takes n - 1 comparisons, a rectified cell one, a match its products, sums and division."""
    layer = data.draw(layers_for(shape))
    assert isinstance(layer, Pool | Relu)
    numbers = np.zeros(shape)
    if isinstance(layer, Relu):
        compared = numbers.size
    else:
        starts = [window_starts(side, layer.window, layer.stride) for side in shape]
        windows = [
            numbers[row : row + layer.window, column : column + layer.window]
            for row in starts[0]
            for column in starts[1]
        ]
        compared = sum(window.size - 1 for window in windows)
    assert layer.cost(shape).comparisons == compared
    feature = Map("", np.ones((1, min(shape[1], 3))))
    cost, cells = Convolve((feature,)).cost(shape, feature), feature.sums.size
    positions = shape[0] * (shape[1] - cells + 1)
    assert (cost.products, cost.sums, cost.divisions) == (positions * cells, positions * (cells - 1), positions)


def test_what_does_not_fit_is_refused_by_name_and_shape() -> None:
    """A feature larger than the image, a window larger than its map: the names, the shapes and the remedy."""
    feature = Map("diag", np.eye(3))
    first = Convolve((feature,))
    assert last_shape((9, 8), feature, [first, Pool(), Relu(), Pool()]) == (2, 2)
    with pytest.raises(ShapeError, match=r"the feature diag \(3x3\) is larger than the image \(9x2\): choose a"):
        last_shape((9, 2), feature, [first])
    with pytest.raises(ShapeError, match=r"a window of 3x3 is larger than the map diag \(2x1\): choose a smaller"):
        last_shape((6, 4), feature, [first, Pool(), Pool(3, 2)])
