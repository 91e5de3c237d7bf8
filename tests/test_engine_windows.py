"""The maxima of windows, beside the plain definition."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from test_pooling import pools

from xo_cnn.engine.tuning import Tuning
from xo_cnn.engine.windows import largest_in_windows
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
