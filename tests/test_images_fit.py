"""Fit: the ink is found, cropped, thinned and stretched; enlarging, margins and inverting change nothing."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from xo_cnn.errors import ImageError
from xo_cnn.images.fit import fit
from xo_cnn.images.picture import Picture
from xo_cnn.letters.samples import draw


def picture(grid: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """White where a grid is 1, black elsewhere."""
    return np.where(np.array(grid) > 0, 255, 0).astype(np.uint8)


@pytest.mark.parametrize("name", ["X", "O", "X_deformed"])
@pytest.mark.parametrize("times", [1, 3, 20])
@pytest.mark.parametrize("inverted", [False, True])
def test_the_texts_grids_come_back(article: dict[str, Any], name: str, times: int, inverted: bool) -> None:
    """The text's three pictures, at any size, are their own grids; black on white as well."""
    levels = picture(article[name]).repeat(times, axis=0).repeat(times, axis=1)
    fitted = fit(255 - levels if inverted else levels, side=9)
    assert fitted.grid.tolist() == article[name]
    assert fitted.ink == ("black" if inverted else "white")


@pytest.mark.parametrize("name", ["X", "O", "X_deformed"])
def test_a_fitted_grid_fits_to_itself(article: dict[str, Any], name: str) -> None:
    """What is thin and of the right size already stays as it is."""
    once = fit(picture(article[name]), side=16).grid
    assert (fit(picture(once), side=16).grid == once).all()


@given(
    margins=st.tuples(*[st.integers(0, 30)] * 4),
    label=st.sampled_from(["X", "O"]),
    thickness=st.sampled_from([0.06, 0.12, 0.3]),
)
def test_a_margin_changes_nothing(margins: tuple[int, int, int, int], label: Any, thickness: float) -> None:
    """However much paper there is around a letter, its grid stays the same."""
    top, left, bottom, right = margins
    levels = np.where(draw(label, size=24, thickness=thickness) >= 128, 255, 0).astype(np.uint8)
    wider = np.pad(levels, ((top, bottom), (left, right)), constant_values=255)
    if max(wider.shape) <= 64:
        assert (fit(wider, 16).grid == fit(levels, 16).grid).all()
    assert fit(wider, 16).ink == "black"


@given(seed=st.integers(0, 10_000), label=st.sampled_from(["X", "O"]), style=st.sampled_from(["plain", "pen", "type"]))
def test_inverting_changes_only_the_ink(seed: int, label: Any, style: Any) -> None:
    """A picture and its negative have one grid, and opposite inks."""
    levels = np.where(draw(label, seed=seed, style=style) >= 128, 255, 0).astype(np.uint8)
    one, other = fit(levels, 16), fit(255 - levels, 16)
    assert (one.grid == other.grid).all()
    assert (one.ink, other.ink) == ("black", "white")
    assert one.box == other.box


@given(seed=st.integers(0, 10_000), side=st.integers(3, 40))
def test_the_border_is_one_cell_wide(seed: int, side: int) -> None:
    """The ink reaches the second cell from each edge and never the first."""
    grid = fit(draw("O", seed=seed, style="pen"), side).grid
    assert grid.shape == (side, side)
    assert set(np.unique(grid)) <= {-1, 1}
    assert (grid[[0, -1]] == -1).all()
    assert (grid[:, [0, -1]] == -1).all()
    assert (grid == 1).any()


def test_the_box_is_where_the_ink_is() -> None:
    """The crop is told in pixels of the picture, whatever its size."""
    levels = np.full((300, 500), 240, dtype=np.uint8)
    levels[100:201, 50:151] = np.where(draw("O", size=101, thickness=0.2) >= 128, 240, 20)
    inked = np.argwhere(levels < 128)
    top, left, bottom, right = fit(levels, 16).box
    assert np.abs(np.array([top, left]) - inked.min(axis=0)).max() <= 2 * 8
    assert np.abs(np.array([bottom, right]) - inked.max(axis=0)).max() <= 2 * 8


def test_strips_and_specks_are_not_ink() -> None:
    """Bright strips along the edges, joined to the letter or not, and specks leave the grid as it was."""
    levels = draw("X", size=60, shrink=0.4, thickness=0.1, ink="white")
    levels = np.where(levels >= 128, 255, 0).astype(np.uint8)
    plain = fit(levels, 16).grid
    framed = levels.copy()
    framed[-6:], framed[:, -4:], framed[3, 3] = 255, 255, 255
    assert (fit(framed, 16).grid == plain).all()
    bottom = fit(levels, 16).box[2]
    joined = levels.copy()
    joined[bottom - 1 :] = 255
    found = fit(joined, 16)
    assert found.ink == "white"
    assert found.box[2] <= bottom


def test_a_bold_letter_that_fills_its_crop_is_still_ink() -> None:
    """Where strokes cover half of a picture and reach its edges, the paper is what lies in pieces between them."""
    for label in ("X", "O"):
        levels = np.where(draw(label, size=80, thickness=0.3) >= 128, 255, 0).astype(np.uint8)  # type: ignore[arg-type]
        top, left, bottom, right = fit(levels, 16).box
        tight = levels[top:bottom, left:right]
        assert fit(tight, 16).ink == "black"
        assert fit(255 - tight, 16).ink == "white"


@pytest.mark.parametrize("label", ["X", "O"])
def test_a_shadow_is_evened_out(label: Any) -> None:
    """Where a shadow darkens the paper as much as the ink does, the letter is found all the same."""
    shade = np.where(np.add.outer(np.arange(64), np.arange(64)) < 64, 0.5, 1)
    letter = draw(label, thickness=0.12, noise=0.05)
    levels = np.rint((235 - 0.6 * (235 - letter.astype(float))) * shade).astype(np.uint8)
    lit, plain = fit(levels, 16), fit(letter, 16)
    assert lit.ink == "black"
    assert np.count_nonzero(lit.grid != plain.grid) <= 16


def test_a_slender_leaning_letter_keeps_its_counter() -> None:
    """An O that leans far over is set upright, so that its two long sides stay apart."""
    upright = draw("O", size=120, thickness=0.06)
    wide = np.pad(upright, ((0, 0), (60, 60)), constant_values=255)
    leaning = np.stack([np.roll(row, number - 60) for number, row in enumerate(wide)])
    grid = fit(leaning, 16).grid
    assert (grid[6:10, 6:10] == -1).all()


@pytest.mark.parametrize("pixels", [0, 128, 255])
def test_no_ink_is_a_clear_error(pixels: int) -> None:
    """One flat level has no ink, and so has a picture that lies on one side of the threshold."""
    with pytest.raises(ImageError, match="no ink to fit: the whole picture is one flat level"):
        fit(np.full((20, 20), pixels, dtype=np.uint8), 16)
    with pytest.raises(ImageError, match="at the threshold 200"):
        fit(np.array([[10, 20], [30, 40]], dtype=np.uint8), 16, threshold=200)
    with pytest.raises(ImageError, match="3x3 cells or more"):
        fit(np.array([[10, 20], [30, 40]], dtype=np.uint8), 2)


def test_a_given_ink_and_threshold_are_taken() -> None:
    """`ink` and `threshold` overrule what would be found."""
    levels = draw("X", size=40)
    assert fit(levels, 16, ink="white").ink == "white"
    faint = np.full((30, 30), 255, dtype=np.uint8)
    faint[10:20, 15], faint[5, 5:25] = 0, 200
    assert (fit(faint, 5, threshold=100).grid == 1).sum() < (fit(faint, 5, threshold=220).grid == 1).sum()


def test_eight_megapixels_are_fitted() -> None:
    """A small letter in a large photograph is looked at again, closer."""
    levels = np.full((2400, 3200), 230, dtype=np.uint8)
    levels[1000:1300, 2000:2300] = np.where(draw("O", size=300, thickness=0.08) >= 128, 230, 40)
    grid = fit(levels, 16).grid
    assert (grid[5:11, 5:11] == -1).all()
    assert ndimage.label(grid == 1, np.ones((3, 3)))[1] == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (1, 7), (7, 1), (1, 300)])
def test_a_picture_of_one_line_is_read_or_refused(shape: tuple[int, int]) -> None:
    """A single row or column has ink, or the error says that there is none."""
    levels = np.zeros(shape, dtype=np.uint8)
    with pytest.raises(ImageError):
        fit(levels, 9)
    levels[-1, -1] = 255
    if levels.size > 1:
        assert fit(levels, 9).grid.shape == (9, 9)


def test_fitting_a_large_picture_takes_few_bytes_a_pixel() -> None:
    """Colours and opacity in all their pixels take no more than the 12 bytes a pixel that are promised."""
    side = 2000
    pixels = np.full((side, side, 4), 255, dtype=np.uint8)
    pixels[::7, ::5] = 90, 120, 30, 128
    picture = Picture(pixels[..., 0].copy(), pixels[..., :3].copy(), pixels[..., 3].copy())
    tracemalloc.start()
    try:
        fit(picture, 16)
        held = tracemalloc.get_traced_memory()[1] / side**2
    finally:
        tracemalloc.stop()
    assert held < 7
