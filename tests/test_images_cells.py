"""Cells: levels of light become ±1 at a threshold."""

from __future__ import annotations

import numpy as np

from xo_cnn.images.cells import binarize


def test_a_threshold_separates_white_from_black() -> None:
    """A pixel is white at or above the threshold."""
    levels = np.array([[0, 99, 100, 255]], dtype=np.uint8)
    assert binarize(levels, 100).tolist() == [[-1, -1, 1, 1]]
    assert binarize(levels, 100, black=True).tolist() == [[1, 1, -1, -1]]
    assert binarize(levels, 0).tolist() == [[1, 1, 1, 1]]
    assert binarize(levels, 255).tolist() == [[-1, -1, -1, 1]]
    assert binarize(np.array([[10, 20, 200, 210]], dtype=np.uint8)).tolist() == [[-1, -1, 1, 1]]
