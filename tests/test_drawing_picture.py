"""Pictures: the filtered image itself, one pixel per cell."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from xo_cnn.drawing.picture import levels, write_picture
from xo_cnn.errors import OutputError
from xo_cnn.grid import Map


def pixels(one: Map, form: str = "png", scale: int = 1, palette: str = "grey") -> Image.Image:
    stream = io.BytesIO()
    write_picture(one, stream, form, scale, palette)
    return Image.open(stream)


@given(hnp.arrays(np.int8, (3, 4)), st.integers(1, 127))
def test_levels_of_sums_are_those_of_their_quotients(sums: np.ndarray, cells: int) -> None:
    """Sums of either type give what the arithmetic gives for each cell; beyond [-1, 1] is black or white."""
    plain = np.rint((np.clip(sums / np.float32(cells), -1, 1) + 1) * 127.5)
    assert (levels(Map("", sums, cells)) == plain).all()
    assert (levels(Map("", sums.astype(np.int16), cells)) == plain).all()


def test_a_grid_of_two_levels_is_a_picture_of_one_bit() -> None:
    """Black and white need no more; anything between is grey."""
    grid = Map("", np.array([[1, -1, 1]], dtype=np.int8))
    assert pixels(grid).mode == "1"
    assert np.asarray(pixels(grid).convert("L")).tolist() == [[255, 0, 255]]
    assert pixels(Map("", np.array([[1, 0]], dtype=np.int8))).mode == "L"


@pytest.mark.parametrize("form", ["png", "pgm"])
def test_scale_makes_squares_of_the_cells(form: str) -> None:
    """Each cell as N by N pixels, in either format."""
    one = Map("", np.array([[-1, 0], [0.5, 1]], dtype=np.float32))
    small, large = (np.asarray(pixels(one, form, scale).convert("L")) for scale in (1, 3))
    assert small.tolist() == [[0, 128], [191, 255]]
    assert (large == small.repeat(3, 0).repeat(3, 1)).all()


def test_the_diverging_palette_is_white_at_nothing() -> None:
    """Purple below, orange above; PGM has no colours, and says so."""
    below, zero, above = np.asarray(
        pixels(Map("", np.array([[-1, 0, 1]], dtype=np.float32)), palette="diverging").convert("RGB")
    )[0].astype(int)
    assert below[2] > below[1]
    assert zero.min() > 240
    assert above[0] > above[2]
    with pytest.raises(OutputError, match="PGM holds grey pictures only"):
        pixels(Map("", np.zeros((1, 1), np.float32)), "pgm", palette="diverging")


def test_a_picture_too_large_to_be_read_is_not_begun() -> None:
    """--scale has an end."""
    with pytest.raises(OutputError, match="use a smaller --scale"):
        pixels(Map("", np.zeros((900, 900), np.int8)), scale=1000)
