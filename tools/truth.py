"""The truth about drawn samples: the lines of their true ink, and how far other lines agree with them."""

from __future__ import annotations

import numpy as np

from tools.mix import Sample
from xo_cnn.grid import Array
from xo_cnn.images.bits import bits_of, box_of
from xo_cnn.images.lines import stretch
from xo_cnn.images.picture import Picture

WRONG = 0.75  # a reading is wrong if its lines agree less than this with those of the true ink


def true_lines(drawn: Sample, side: int) -> Array:
    """The lines of a sample's true ink (bool), fitted to side x side cells as a picture's letter is."""
    top, left, bottom, right = box_of(drawn.ink)
    return np.pad(stretch(drawn.ink[top:bottom, left:right], side - 2), 1)


def agreement(lines: Array, truth: Array) -> float:
    """The share of one grid's lines that lies on the other's or beside them, the less of both ways.

    >>> agreement(np.eye(5, dtype=bool), np.eye(5, dtype=bool))
    1.0
    """

    def share(one: Array, other: Array) -> float:
        near = np.pad(other, 1)
        near = near[:-2] | near[1:-1] | near[2:]
        near = near[:, :-2] | near[:, 1:-1] | near[:, 2:]
        return int(np.count_nonzero(one & near)) / max(1, int(np.count_nonzero(one)))

    return min(share(lines, truth), share(truth, lines))


def without_letter(drawn: Sample) -> Picture:
    """The picture of a sample with its letter painted over in what lies around it: only its surroundings are left."""
    bits = bits_of(*drawn.ink.shape)
    over = bits.grown(bits.grown(bits.pack(drawn.ink))) & bits.all
    around = bits.unpack(bits.grown(over) & bits.all & ~over)
    covered = bits.unpack(over)

    def painted(layer: Array | None) -> Array | None:
        if layer is None or not around.any():
            return layer
        layer = layer.copy()
        layer[covered] = np.median(layer[around], axis=0)
        return layer

    picture = drawn.picture
    levels = painted(picture.levels)
    assert levels is not None
    return Picture(levels, painted(picture.colours), painted(picture.alpha))
