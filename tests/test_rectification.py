"""Rectification: wherever a number is negative, put 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from xo_cnn import convolve, max_pool
from xo_cnn.grid import Map
from xo_cnn.rectification import relu

NUMBERS = st.sampled_from(["i1", "i2", "f4", "f8"]).flatmap(
    lambda kind: arrays(kind, array_shapes(min_dims=2, max_dims=2), elements=st.integers(-9, 9))
)


@given(NUMBERS)
def test_it_is_what_numpy_says(numbers: Any) -> None:
    """The larger of each number and 0, of the same type."""
    rectified = relu(numbers).sums
    assert rectified.dtype == numbers.dtype
    assert np.array_equal(rectified, np.maximum(numbers, 0))


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
def test_zero_has_no_sign(kind: str) -> None:
    """-0.0 would be printed as another number; which of two zeros NumPy calls the larger depends on the type."""
    assert relu(np.array([[-0.0, -1.0, 0.0]], kind)).values.tobytes() == np.zeros((1, 3), kind).tobytes()


@given(NUMBERS)
def test_it_commutes_with_the_division_and_with_pooling(numbers: Any) -> None:
    """Sums may be rectified before they are divided, and pooled maps after they are pooled."""
    sums = Map("diag", numbers, 9)
    assert np.array_equal(relu(sums).values, relu(sums.values).values)
    assert relu(max_pool(sums, 1, 2)) == max_pool(relu(sums), 1, 2)


def test_lists_and_names_come_through(article: Any) -> None:
    """Maps keep their names and their ninths, a list gives a list, and the input stays what it was."""
    maps = convolve(article["X"], [Map(name, np.array(cells)) for name, cells in article["features"].items()])
    before = [one.sums.copy() for one in maps]
    after = relu(maps)
    assert [(one.name, one.cells) for one in after] == [(one.name, 9) for one in maps]
    assert all(np.array_equal(one.sums, kept) for one, kept in zip(maps, before, strict=True))
    assert min(one.sums.min() for one in after) == 0
    assert relu([]) == []
