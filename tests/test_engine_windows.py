"""The maxima of windows, beside the plain definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pooling import pools

from xo_cnn.engine.tuning import Tuning
from xo_cnn.engine.windows import largest_in_windows, maxima_of_each
from xo_cnn.pooling import window_maxima


@given(pools(), st.integers(1, 300))
def test_the_maxima_are_the_plain_definition(case: tuple[Any, int, int], block: int) -> None:
    """Whatever the shape, the window, the stride, the type, and the rows that are worked on at a time."""
    numbers, window, stride = case
    maxima = largest_in_windows(numbers, window, stride, Tuning(pooling_block=block))
    plain = window_maxima(numbers, window, stride)
    assert maxima.shape == plain.shape
    assert maxima.dtype == numbers.dtype.newbyteorder("=")
    assert np.array_equal(maxima, plain)


@given(pools(2, 3))
def test_many_maps_are_pooled_as_each_alone(case: tuple[Any, int, int]) -> None:
    """All leading axes come through."""
    numbers, window, stride = case
    pooled = largest_in_windows(numbers, window, stride)
    for place in np.ndindex(2, 3):
        assert np.array_equal(pooled[place], window_maxima(numbers[place], window, stride))


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_several_maps_come_out_in_their_order(workers: int) -> None:
    """On any number of threads, maps of any shapes."""
    maps = [np.full((4 + number, 4), number) for number in range(7)]
    maxima = maxima_of_each(maps, 2, 2, Tuning(workers=workers, large_maps=0))
    assert [one.tolist() for one in maxima] == [window_maxima(one, 2, 2).tolist() for one in maps]
