"""The truth about drawn samples: the lines of their true ink, and how far other lines agree with them."""

from __future__ import annotations

import numpy as np

from tools.mix import Sample
from xo_cnn.grid import Array
from xo_cnn.images.bits import bits_of, box_of
from xo_cnn.images.levels import shrink
from xo_cnn.images.lines import stretch
from xo_cnn.images.picture import Picture
from xo_cnn.images.readings import Reading
from xo_cnn.images.view import View

WRONG = 0.75  # a reading is wrong if its lines agree less than this with those of the true ink
INKED = 100  # of 255, how much of a block of pixels is ink where its letter has ink once shrunk
SMALL = 24  # pixels; lines of a letter smaller than this must agree to a pixel, of others to two


def true_lines(drawn: Sample, side: int) -> Array:
    """The lines of a sample's true ink (bool), fitted to side x side cells as a picture's letter is."""
    top, left, bottom, right = box_of(drawn.ink)
    return np.pad(stretch(drawn.ink[top:bottom, left:right], side - 2), 1)


def lines_in_place(view: View, drawn: Sample) -> int:
    """The lines of a sample's true ink where they lie in the look at its picture, as Bits have them; 0 for none."""
    ink = shrink(view.without_repeats(drawn.ink.view(np.uint8) * np.uint8(255))) >= INKED
    bits = bits_of(*ink.shape)
    return bits.thin(bits.pack(ink))


def agreement_in_place(reading: Reading, truth: int) -> float:
    """The share of a reading's lines that lies on those of the true ink or beside them, the less of both ways.

    They are compared where they lie: a letter may have lost its ends to a frame and be stretched otherwise than all
    of it.
    """
    if not truth:
        return 0.0
    bits = reading.plane.bits
    top, left, bottom, right = reading.place
    mask = np.zeros((bits.height, bits.width), dtype=bool)
    mask[top:bottom, left:right] = reading.mask
    lines = bits.thin(bits.pack(mask))
    y, x, y2, x2 = bits.box(truth)
    reach = 1 if max(y2 - y, x2 - x) < SMALL else 2

    def share(one: int, other: int) -> float:
        for _ in range(reach):
            other = bits.grown(other)
        return (one & other).bit_count() / one.bit_count()

    return min(share(lines, truth), share(truth, lines))


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
