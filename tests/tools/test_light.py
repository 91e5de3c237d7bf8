"""What a camera and a file add."""

from __future__ import annotations

import numpy as np
import pytest

from tools.light import _blurred, _squeezed, photographed
from xo_cnn.letters.dice import Dice


def test_a_photograph_keeps_its_size_and_range() -> None:
    """Whatever the light, colours stay between 0 and 1, and sizes that are no multiple of 8 as they are."""
    for seed in range(60):
        colours = Dice(seed).many(13, 22, 3)
        taken = photographed(Dice(seed, 1), colours, most_blur=3)
        assert taken.shape == colours.shape
        assert 0 <= taken.min() <= taken.max() <= 1


def test_blur_keeps_what_is_even_and_softens_edges() -> None:
    """One colour stays; an edge of one step becomes three."""
    even = np.full((5, 6, 3), 0.3)
    assert _blurred(even) == pytest.approx(even)
    edge = np.zeros((4, 6, 3))
    edge[:, 3:] = 1
    assert _blurred(edge)[0, :, 0] == pytest.approx([0, 0, 0.25, 0.75, 1, 1])


def test_small_steps_lose_little_and_large_ones_all_but_the_mean() -> None:
    """JPEG's waves give the picture back but for their rounding."""
    colours = Dice(5).many(16, 10, 3)
    assert _squeezed(colours, 1e-6) == pytest.approx(colours, abs=0.02)
    assert np.ptp(_squeezed(colours, 50.0), axis=(0, 1)).max() < 0.01
