"""Skeletons of letters, as pens and typefaces have them."""

from __future__ import annotations

import string

import numpy as np
import pytest

from tools.alphabet import SKELETONS, penned_letter, typed_letter
from xo_cnn.letters.dice import Dice

Y, X = np.mgrid[-1.5:1.5:61j, -1.5:1.5:61j]


def test_there_are_all_capitals_and_digits() -> None:
    """Each has its skeleton, and no other."""
    assert set(SKELETONS) == set(string.ascii_uppercase + string.digits)


@pytest.mark.parametrize("label", SKELETONS)
def test_every_letter_is_as_tall_as_its_square(label: str) -> None:
    """A pen's letter and a typeface's reach from top to bottom."""
    for seed in range(3):
        for shape in (
            penned_letter(label, Dice(seed), 0.1),
            typed_letter(label, Dice(seed), 0.1),
        ):
            ink = shape(X, Y) >= 0
            rows = np.flatnonzero(ink.any(axis=1))
            assert Y[rows[0], 0] < -0.75
            assert Y[rows[-1], 0] > 0.75
            assert not ink[:, [0, -1]].any()
