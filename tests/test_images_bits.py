"""Bits: pieces, holes, Euler numbers and thinning on large integers are what SciPy finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from xo_cnn.images.bits import Bits


@given(seed=st.integers(0, 1000), share=st.floats(0.1, 0.9))
def test_pieces_are_scipys_labels(seed: int, share: float) -> None:
    """The parts that hang together are those that SciPy labels, corners joined."""
    pixels = np.random.default_rng(seed).random((9, 12)) < share
    bits = Bits(9, 12)
    pieces = bits.pieces(bits.pack(pixels))
    labels, count = ndimage.label(pixels, np.ones((3, 3)))
    assert len(pieces) == count
    assert {bits.unpack(piece).tobytes() for piece in pieces} == {
        (labels == number).tobytes() for number in range(1, count + 1)
    }


@given(seed=st.integers(0, 1000), share=st.floats(0.3, 0.95))
def test_thinning_keeps_pieces_and_holes(seed: int, share: float) -> None:
    """Lines hang together as the strokes did, and enclose as many holes."""
    pixels = ndimage.binary_dilation(np.random.default_rng(seed).random((14, 14)) > share, iterations=1)
    bits = Bits(14, 14)
    thin = bits.unpack(bits.thin(bits.pack(pixels)))
    assert not (thin & ~pixels).any()
    assert ndimage.label(thin, np.ones((3, 3)))[1] == ndimage.label(pixels, np.ones((3, 3)))[1]
    assert ndimage.label(~np.pad(thin, 1))[1] == ndimage.label(~np.pad(pixels, 1))[1]


@given(seed=st.integers(0, 1000), share=st.floats(0.1, 0.9))
def test_outside_and_holes_are_scipys(seed: int, share: float) -> None:
    """What is enclosed is what SciPy fills, and it falls into as many holes as SciPy labels; Euler counts both."""
    pixels = np.random.default_rng(seed).random((11, 8)) < share
    bits = Bits(11, 8)
    ink = bits.pack(pixels)
    enclosed = bits.all & ~ink & ~bits.outside(ink)
    assert (bits.unpack(ink | enclosed) == ndimage.binary_fill_holes(pixels)).all()
    holes = bits.pieces(enclosed, corners=False)
    assert len(holes) == ndimage.label(bits.unpack(enclosed))[1]
    assert bits.euler(ink) == ndimage.label(pixels, np.ones((3, 3)))[1] - len(holes)


@given(seed=st.integers(0, 1000))
def test_grown_ink_is_scipys_dilation(seed: int) -> None:
    """All eight neighbours join."""
    pixels = np.random.default_rng(seed).random((9, 12)) < 0.2
    bits = Bits(9, 12)
    grown = bits.unpack(bits.grown(bits.pack(pixels)) & bits.all)
    assert (grown == ndimage.binary_dilation(pixels, np.ones((3, 3)))).all()


def test_edges_and_boxes_are_where_numpy_has_them() -> None:
    """Each edge is one row or column; a box is a slice of rows and columns; none is empty."""
    bits = Bits(5, 8)
    for edge, where in zip(bits.edges, (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]), strict=True):
        pixels = np.zeros((5, 8), dtype=bool)
        pixels[where] = True
        assert (bits.unpack(edge) == pixels).all()
    pixels = np.zeros((5, 8), dtype=bool)
    pixels[1:4, 2:7] = True
    assert (bits.unpack(bits.within(1, 2, 4, 7)) == pixels).all()
    assert bits.within(3, 2, 3, 7) == bits.within(1, 4, 3, 4) == 0


@given(seed=st.integers(0, 1000), reach=st.integers(1, 4))
def test_opening_is_scipys(seed: int, reach: int) -> None:
    """Erosions by squares and crosses in turn, and the dilations that undo them."""
    pixels = ndimage.binary_dilation(np.random.default_rng(seed).random((20, 26)) < 0.03, iterations=4)
    bits = Bits(20, 26)
    shapes = [np.ones((3, 3)) if step % 2 == 0 else None for step in range(reach)]
    opened = pixels
    for shape in shapes:
        opened = ndimage.binary_erosion(opened, shape)
    for shape in shapes:
        opened = ndimage.binary_dilation(opened, shape)
    assert (bits.unpack(bits.opened(bits.pack(pixels), reach)) == opened).all()
