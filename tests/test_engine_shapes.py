"""Shapes: how many steps a window takes, and what does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xo_cnn.engine.shapes import last_shape, pooled_side
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map
from xo_cnn.pooling import window_starts


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_a_side_has_as_many_steps_as_begin_inside(side: int, window: int, stride: int) -> None:
    """ceil((side - window) / stride) + 1, and one less if the last would begin beyond the edge."""
    window = min(window, side)
    steps = int(np.ceil((side - window) / stride)) + 1
    assert pooled_side(side, window, stride) == len(window_starts(side, window, stride))
    assert pooled_side(side, window, stride) == (steps if (steps - 1) * stride < side else steps - 1)


def test_what_does_not_fit_is_refused_by_name_and_shape() -> None:
    """A feature larger than the image, a window larger than its map: the names, the shapes and the remedy."""
    feature = Map("diag", np.eye(3))
    assert last_shape((9, 8), feature, [(2, 2), (2, 2)]) == (2, 2)
    with pytest.raises(ShapeError, match=r"the feature diag \(3x3\) is larger than the image x \(9x2\): choose a"):
        last_shape((9, 2), feature, [], "x")
    with pytest.raises(ShapeError, match=r"a window of 3x3 is larger than the map diag \(2x1\): choose a smaller"):
        last_shape((6, 4), feature, [(2, 2), (3, 2)])
