"""Lines: loose ends that are cut off, and those that stay."""

from __future__ import annotations

import numpy as np
import pytest

from xo_cnn.grid import Array
from xo_cnn.images.bits import bits_of
from xo_cnn.images.lines import without_tails


def ring(side: int, radius: float) -> Array:
    """A thin round in the middle of a square."""
    y, x = np.mgrid[0:side, 0:side] - (side - 1) / 2
    bits = bits_of(side, side)
    return bits.unpack(bits.thin(bits.pack(np.abs(np.hypot(x, y) - radius) < 1.2)))


def cut(lines: Array) -> Array:
    bits = bits_of(*lines.shape)
    return bits.unpack(without_tails(bits, bits.pack(lines)))


def test_a_round_loses_its_tails() -> None:
    """A stroke on to the next letter, one inside, and both: what is left is the round."""
    plain = ring(42, 16)
    assert (cut(plain) == plain).all()
    out, inside = plain.copy(), plain.copy()
    out[21, 38:] = True
    inside[21, 6:16] = True
    for tailed in (out, inside, out | inside):
        left = cut(tailed)
        assert (left <= tailed).all()
        assert left.sum() <= plain.sum() + 2
        assert not left[21, 40]


@pytest.mark.parametrize("ends", [1, 2])
def test_a_small_loop_keeps_two_loose_ends_but_not_one(ends: int) -> None:
    """A tenth of the square is a round for lines with one loose end; with more it is a loop of an x."""
    lines = ring(42, 8)
    lines[21, 29:] = True
    if ends == 2:
        lines[21, :13] = True
    assert (cut(lines) == lines).all() == (ends == 2)


def test_lines_that_enclose_nothing_stay() -> None:
    """An X, a C, and dots."""
    x = np.eye(42, dtype=bool) | np.eye(42, dtype=bool)[::-1]
    c = ring(42, 16)
    c[15:27, 30:] = False
    for lines in (x, c, np.pad(np.ones((1, 1), dtype=bool), 4)):
        assert (cut(lines) == lines).all()
