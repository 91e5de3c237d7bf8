"""Deep pictures: the range of their values is looked at before they are cut to 8 bits."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image

from xo_cnn import classify, load_image
from xo_cnn.images.deep import STRIP, cut_to_levels

STROKES = np.kron(np.maximum(np.eye(11), np.eye(11)[::-1]), np.ones((4, 4))).astype(bool)


def letter(paper: float, ink: float, dtype: Any) -> Any:
    """A thick X on a margin of paper."""
    cells = np.full((60, 60), paper, dtype=dtype)
    cells[8:52, 8:52][STROKES] = ink
    return cells


def tiff(values: Any, photometric: int) -> io.BytesIO:
    """A TIFF of one uncompressed strip of 16-bit numbers, whose photometric interpretation is free to choose."""
    rows, columns = values.shape
    entries = [(256, columns), (257, rows), (258, 16), (259, 1), (262, photometric), (273, 8), (277, 1), (278, rows)]
    entries.append((279, values.nbytes))
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    data = values.astype("<u2").tobytes()
    return io.BytesIO(struct.pack("<2sHI", b"II", 42, 8 + len(data)) + data + table + bytes(4))


@pytest.mark.parametrize(
    ("paper", "ink", "dtype"),
    [
        (84, 60, np.uint16),  # a camera's ten bits
        (20100, 20000, np.uint16),  # all in a narrow range
        (65535, 0, np.uint16),
        (2_000_000_100, 2_000_000_000, np.int32),
        (0.45, 0.2, np.float32),
        (0.5001, 0.5, np.float32),
        (-3.0, -4.0, np.float32),
        (9e9, 7e9, np.float32),
    ],
)
def test_no_range_is_too_narrow_or_too_wide(paper: float, ink: float, dtype: Any) -> None:
    """The ink is -1, the paper 1, and the letter an X."""
    image = Image.fromarray(letter(paper, ink, dtype))
    assert (load_image(image).values == np.where(letter(1, 0, np.uint8), 1, -1)).all()
    assert classify(image) == "X"


@pytest.mark.parametrize("brightest", [1.1, 3.0, 1000.0, np.inf, np.nan])
def test_a_glint_does_not_darken_the_rest(brightest: float) -> None:
    """Light over 1, however bright and whether or not it is a number at all."""
    values = letter(0.45, 0.2, np.float32)
    values[0, 0] = brightest
    grid = load_image(Image.fromarray(values)).values
    assert (grid.ravel()[1:] == np.where(letter(1, 0, np.uint8), 1, -1).ravel()[1:]).all()


def test_a_hot_pixel_does_not_either() -> None:
    """One of 65535 among a camera's ten bits."""
    values = letter(84, 60, np.uint16)
    values[0, 0] = 65535
    assert (load_image(Image.fromarray(values)).values == np.where(letter(1, 0, np.uint8), 1, -1)).all()


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (np.array([[0, 32768, 65535]], dtype=np.uint16), [[0, 128, 255]]),
        (np.array([[0, 40000, 50000]], dtype=np.uint16), [[0, 156, 195]]),
        (np.array([[0, 0.5, 1]], dtype=np.float32), [[0, 128, 255]]),
        (np.array([[0, 128, 255]], dtype=np.float32), [[0, 128, 255]]),
        (np.array([[0, 500, 1000]], dtype=np.uint16), [[0, 128, 255]]),
        (np.array([[700, 700]], dtype=np.uint16), [[3, 3]]),
        (np.array([[np.nan, np.nan]], dtype=np.float32), [[0, 0]]),
        (np.array([[-5, -5]], dtype=np.float32), [[255, 255]]),
    ],
)
def test_the_usual_scales_stay(values: Any, levels: list[list[int]]) -> None:
    """What fills a quarter of 16 bits, of 0 to 1 or of 0 to 255 is read on that scale."""
    assert cut_to_levels(Image.fromarray(values)).tolist() == levels


def test_a_tiff_in_which_0_is_white() -> None:
    """Its levels are inverted."""
    values = np.array([[0, 25700, 38550, 65535]])
    assert load_image(tiff(values, 0)).values.tolist() == [[1, 1, -1, -1]]
    assert load_image(tiff(values, 1)).values.tolist() == [[-1, -1, 1, 1]]


def test_strips_join_without_a_seam() -> None:
    """A picture of several strips, the byte order reversed too."""
    rows = 2 * STRIP // 400 + 7
    values = (np.arange(rows * 400, dtype=np.uint32) * 2654435761 >> 16).astype(np.uint16).reshape(rows, 400)
    expected = np.rint(values / 257).astype(np.uint8)
    assert np.abs(cut_to_levels(Image.fromarray(values)).astype(int) - expected).max() <= 1
    swapped = Image.frombytes("I;16B", (400, rows), values.astype(">u2").tobytes())
    assert (cut_to_levels(swapped) == cut_to_levels(Image.fromarray(values))).all()
