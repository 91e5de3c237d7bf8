"""Erasing: lines and frames go, letters stay, and what is neither line nor frame is left alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from xo_cnn.images.bits import bits_of
from xo_cnn.images.erasing import without_frame, without_lines
from xo_cnn.images.fit import fit
from xo_cnn.network import Network

XO = Network.load("xo")
SIDE = 64


def drawn(*strokes: tuple[str, tuple[int, ...], int], side: int = SIDE) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Strokes (line, ellipse, rectangle, points, width) in black on white, drawn four times as large and shrunk."""
    picture = Image.new("L", (4 * side, 4 * side), 255)
    draw = ImageDraw.Draw(picture)
    for kind, points, width in strokes:
        places = [4 * place for place in points]
        if kind == "line":
            draw.line(places, fill=0, width=4 * width)
        else:
            getattr(draw, kind)(places, outline=0, width=4 * width)
    return np.asarray(picture.resize((side, side), Image.Resampling.BOX))


X = [("line", (16, 16, 48, 48), 4), ("line", (48, 16, 16, 48), 4)]
O = [("ellipse", (16, 16, 48, 48), 4)]  # noqa: E741 (the letter)
LETTERS = pytest.mark.parametrize(("label", "letter"), [("X", X), ("O", O)])
BOX = ("rectangle", (14, 14, 50, 50), 2)
BOARD = [("line", (0, 14, 64, 16), 3), ("line", (0, 49, 64, 48), 3), ("line", (15, 0, 14, 64), 3)]


def verdict(levels: np.ndarray[Any, Any]) -> str:
    """What the default network says of the picture."""
    return str(XO.classify(fit(levels, 16).grid))


@LETTERS
@pytest.mark.parametrize(
    "around",
    [
        [("line", (0, 48, 64, 48), 3)],
        [("line", (0, 46, 64, 49), 2)],
        [("line", (47, 0, 49, 64), 3)],
        [("line", (0, 28, 64, 30), 2)],
        BOARD,
    ],
    ids=["stands on", "leans", "beside", "crossed", "board"],
)
def test_a_letter_that_lines_touch_is_read(label: str, letter: Any, around: Any) -> None:
    """It stands on a line, is crossed by one, or lies between those of a board; the negative says the same."""
    levels = drawn(*letter, *around)
    assert verdict(levels) == label
    assert verdict(255 - levels) == label


@pytest.mark.parametrize(
    "frame", [BOX, ("rectangle", (16, 16, 48, 48), 3), ("ellipse", (9, 9, 55, 55), 2), ("ellipse", (11, 11, 53, 53), 3)]
)
def test_an_x_that_ends_in_its_frame_stays_an_x(frame: Any) -> None:
    """A checkbox or a ring that its arms reach or cross."""
    levels = drawn(*X, frame)
    assert verdict(levels) == "X"
    assert verdict(255 - levels) == "X"


@LETTERS
def test_a_letter_alone_stays_what_it_is(label: str, letter: Any) -> None:
    """No line and no frame is found in an X; an O is no frame of anything."""
    assert verdict(drawn(*letter)) == label
    bits = bits_of(SIDE, SIDE)
    ink = bits.pack(drawn(*letter) < 128)
    assert without_lines(bits, ink, ink) == 0
    assert without_frame(bits, ink, ink) == 0


@pytest.mark.parametrize(
    "box",
    [
        [("rectangle", (16, 16, 48, 48), 4)],
        [("rectangle", (14, 10, 50, 54), 8)],
        [("rectangle", (20, 12, 44, 52), 5)],
        [("ellipse", (14, 14, 50, 50), 4), ("line", (30, 32, 34, 32), 3)],
    ],
    ids=["square", "bold", "tall", "dotted"],
)
def test_a_letter_that_is_a_box_is_an_o(box: Any) -> None:
    """A square O of a pixel font, and an O with a dot or a short bar in it."""
    assert verdict(drawn(*box)) == "O"


def test_lines_in_pixels() -> None:
    """A line from edge to edge goes with a pixel round it, and a stroke that crossed it is whole again."""
    ink = np.zeros((32, 32), dtype=bool)
    ink[4:28, 15:18] = True
    alone = ink.copy()
    ink[20:22] = True
    bits = bits_of(32, 32)
    packed = bits.pack(ink)
    rest = bits.unpack(without_lines(bits, packed, packed))
    assert (rest[:18] == alone[:18]).all()
    assert rest[:28, 16].sum() == 24
    assert not rest[:, :12].any()
    assert without_lines(bits, bits.pack(alone), bits.pack(alone)) == 0


def test_frames_in_pixels() -> None:
    """What stands in a frame and does not touch it is left to the pixel."""
    ink = np.zeros((40, 40), dtype=bool)
    ink[4:36, 4:36] = True
    ink[6:34, 6:34] = False
    inside = np.zeros_like(ink)
    inside[12:28, 18:22] = True
    bits = bits_of(40, 40)
    packed = bits.pack(ink | inside)
    assert (bits.unpack(without_frame(bits, packed, packed)) == inside).all()


@given(seed=st.integers(0, 500), share=st.floats(0.05, 0.25))
def test_nothing_is_added(seed: int, share: float) -> None:
    """What is left of any ink is a part of it, but for what mends a gap along a line."""
    pixels = np.random.default_rng(seed).random((24, 30)) < share
    pixels[11:13] = True
    bits = bits_of(24, 30)
    ink = bits.pack(pixels)
    assert without_frame(bits, ink, ink) & ~ink == 0
    added = bits.unpack(without_lines(bits, ink, ink) & ~ink)
    assert not added[:8].any()
    assert not added[16:].any()
    turned = bits_of(30, 24)
    other = turned.unpack(without_lines(turned, turned.pack(pixels.T), turned.pack(pixels.T)))
    assert (bits.unpack(without_lines(bits, ink, ink)) == other.T).all()
