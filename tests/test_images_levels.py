"""Levels: the threshold, uneven light taken away, and colours along one axis, checked against independent oracles."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from xo_cnn.images.levels import along, binarize, colour_axis, evened, grain, otsu, shrink


@given(st.lists(st.integers(0, 255), min_size=2, max_size=60))
def test_otsu_is_the_best_of_all_thresholds(levels: list[int]) -> None:
    """No other level parts the pixels into two classes with less spread within them."""
    pixels = np.array(levels, dtype=np.uint8)
    level = otsu(pixels.reshape(1, -1))

    def within(threshold: int) -> float:
        parts = [part for part in (pixels[pixels < threshold], pixels[pixels >= threshold]) if len(part)]
        return sum(float(part.var()) * len(part) for part in parts)

    if pixels.min() == pixels.max():
        assert level == 128
    else:
        assert within(level) <= min(within(other) for other in range(1, 256)) * (1 + 1e-9) + 1e-6


@given(seed=st.integers(0, 1000), shape=st.tuples(st.integers(8, 40), st.integers(8, 40)))
def test_uneven_light_is_scipys_closing(seed: int, shape: tuple[int, int]) -> None:
    """Dark ink keeps its share of the paper that a grey-scale closing finds around it."""
    levels = np.random.default_rng(seed).integers(1, 256, shape).astype(np.uint8)
    window = 2 * max(1, max(shape) // 8) + 1
    bright = ndimage.maximum_filter(levels, window, mode="nearest")
    paper = ndimage.minimum_filter(bright, window, mode="nearest").astype(int)
    assert (evened(levels, dark=True) == levels.astype(int) * 255 // paper).all()


@given(seed=st.integers(0, 1000))
def test_the_axis_of_colours_is_their_first_principal_component(seed: int) -> None:
    """It is NumPy's eigenvector of the largest eigenvalue, to within its rounding to 64ths, and brighter is more."""
    chance = np.random.default_rng(seed)
    direction = chance.normal(size=3)
    spread = chance.normal(size=(200, 1)) * 60 * direction / np.linalg.norm(direction)
    colours = (128 + spread + chance.normal(size=(200, 3))).clip(0, 255).astype(np.uint8)[None]
    axis = colour_axis(colours)
    assert axis is not None
    expected: Any = np.linalg.eigh(np.cov(colours[0].T))[1][:, -1]
    assert abs(float(axis @ expected)) / 64 > 0.98
    assert axis @ [299, 587, 114] >= 0
    places = along(colours, axis)
    assert places.dtype == np.uint8
    assert places.shape == (1, 200)
    assert (places.min(), places.max()) == (0, 255)


def test_colours_that_are_all_one_have_no_axis() -> None:
    """One colour varies along none."""
    assert colour_axis(np.full((4, 4, 3), 90, dtype=np.uint8)) is None


def test_an_enlarged_picture_has_the_grain_of_the_small_one() -> None:
    """Rows begin where the small picture's did; large pictures are shrunk by whole blocks."""
    small = np.random.default_rng(0).integers(0, 256, (9, 7)).astype(np.uint8)
    assert grain(small.repeat(5, axis=0)).tolist() == list(range(0, 46, 5))
    assert shrink(np.zeros((200, 65), dtype=np.uint8)).shape == (50, 33)


def test_a_threshold_separates_white_from_black() -> None:
    """A pixel is white at or above the threshold."""
    levels = np.array([[0, 99, 100, 255]], dtype=np.uint8)
    assert binarize(levels, 100).tolist() == [[-1, -1, 1, 1]]
    assert binarize(levels, 100, black=True).tolist() == [[1, 1, -1, -1]]
    assert binarize(levels, 0).tolist() == [[1, 1, 1, 1]]
    assert binarize(levels, 255).tolist() == [[-1, -1, -1, 1]]
    assert binarize(np.array([[10, 20, 200, 210]], dtype=np.uint8)).tolist() == [[-1, -1, 1, 1]]
