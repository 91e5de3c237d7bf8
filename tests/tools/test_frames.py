"""From depths and colours to pictures."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tools.frames import around, as_picture, cut_off, loose, readable, side
from xo_cnn.letters.dice import Dice


def test_levels_are_those_that_pillow_counts() -> None:
    """Of colours, and of colours with transparency laid on white."""
    colours, alpha = Dice(1).many(20, 30, 3), Dice(2).many(20, 30)
    plain = as_picture(colours)
    assert plain.colours is not None
    assert (plain.levels == np.asarray(Image.fromarray(plain.colours).convert("L"))).all()
    clear = as_picture(colours, alpha)
    assert clear.colours is not None
    assert clear.alpha is not None
    white = Image.new("RGBA", (30, 20), "white")
    white.alpha_composite(Image.fromarray(np.dstack([clear.colours, clear.alpha])))
    assert np.abs(clear.levels.astype(int) - np.asarray(white.convert("L"))).max() <= 1


def test_grey_pictures_keep_no_colours() -> None:
    """Three equal parts are a level of light."""
    picture = as_picture(np.full((2, 3, 3), 0.5))
    assert picture.colours is None
    assert picture.levels.tolist() == [[128, 128, 128]] * 2


def test_margins_are_what_they_are_called() -> None:
    """Those around a letter are about as wide as each other; a frame that cuts off only takes away."""
    for seed in range(20):
        assert np.ptp(around(Dice(seed), 0.1, 0.8)(100, 50)) <= 31
        assert max(cut_off(Dice(seed))(100, 50)) == 0
        assert len(loose(Dice(seed))(100, 50)) == 4
        assert 10 <= side(Dice(seed), 10, 80) <= 80


def test_an_eye_needs_a_difference() -> None:
    """Ink of the paper's colour is not readable, nor ink that the paper's own noise drowns."""
    depth = np.where(np.arange(30) < 10, 1.0, -3.0) * np.ones((30, 1))
    apart = np.where(depth[..., None] > 0, 0.2, 0.6) * np.ones(3)
    assert readable(apart, depth)
    assert not readable(np.full((30, 30, 3), 0.4), depth)
    assert not readable(apart + 4 * (Dice(1).many(30, 30, 3) - 0.5), depth)
    assert not readable(apart, depth - 5)
