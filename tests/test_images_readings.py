"""Readings: whatever stands around a letter, and however its ink is painted, one reading finds it and is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from xo_cnn.errors import ImageError
from xo_cnn.images.fit import Fitted, fit
from xo_cnn.images.picture import Picture
from xo_cnn.images.readings import MEASURES, rounds
from xo_cnn.images.view import View
from xo_cnn.letters.samples import draw
from xo_cnn.network import Network

XO = Network.load("xo")
LETTERS = pytest.mark.parametrize("label", ["X", "O"])


def letter(label: Any, size: int = 60, thickness: float = 0.12, around: int = 20) -> np.ndarray[Any, Any]:
    """Where a drawn letter has ink (bool), with `around` pixels of ground on every side."""
    return np.pad(draw(label, size=size, thickness=thickness) < 128, around)


def shown(ink: np.ndarray[Any, Any], dark: int = 30, light: int = 230) -> np.ndarray[Any, Any]:
    """Dark ink on a light ground."""
    return np.where(ink, np.uint8(dark), np.uint8(light))


def coloured(ink: np.ndarray[Any, Any], one: tuple[int, int, int], other: tuple[int, int, int]) -> Picture:
    """Ink of one colour on another, with the levels of light that Pillow would give."""
    colours = np.where(ink[..., None], np.uint8(one), np.uint8(other))
    levels = (colours.astype(int) @ [299, 587, 114] // 1000).astype(np.uint8)
    return Picture(levels, colours)


def verdict(fitted: Fitted) -> str:
    """What the default network says."""
    return str(XO.classify(fitted.grid))


def grown(ink: np.ndarray[Any, Any], by: int) -> np.ndarray[Any, Any]:
    """Ink and all that is up to `by` pixels away, along rows and columns."""
    for axis in (0, 1):
        ink = np.any([np.roll(ink, step, axis) for step in range(-by, by + 1)], axis=0)
    return ink


@LETTERS
def test_a_drawn_box_is_no_part_of_the_letter(label: Any) -> None:
    """A box or a ring around the letter is left out."""
    ink = letter(label, around=24)
    side = len(ink)
    away = np.abs(np.arange(side) - (side - 1) / 2)
    for far in (np.maximum.outer(away, away), np.hypot.outer(away, away)):
        framed = ink | (np.abs(far - side / 2 + 4) < 2)
        fitted = fit(shown(framed), 16)
        assert verdict(fitted) == label
        assert fitted.box is not None
        assert fitted.box[0] > 8
        assert fitted.box[3] < side - 8


@LETTERS
def test_lines_and_neighbours_are_left_out(label: Any) -> None:
    """The lines of a board around the letter, and parts of neighbours at the edges."""
    ink = letter(label, around=30)
    ink[12:16], ink[:, 10:13], ink[-14:-11] = True, True, True
    ink[40:70, :5] = True
    fitted = fit(shown(ink), 16)
    assert verdict(fitted) == label


@LETTERS
def test_a_hollow_letter_is_what_its_outline_encloses(label: Any) -> None:
    """Only the outline of a bold letter is drawn."""
    ink = letter(label, size=90, thickness=0.28)
    outline = grown(ink, 2) & ~ink
    assert verdict(fit(shown(outline), 16)) == label


@LETTERS
def test_a_letter_of_one_light_with_its_ground_is_read_by_colour(label: Any) -> None:
    """Red ink on a green that is exactly as light."""
    picture = coloured(letter(label), (200, 0, 0), (0, 102, 0))
    flat = Picture(np.full_like(picture.levels, 60), picture.colours)
    fitted = fit(flat, 16)
    assert verdict(fitted) == label
    assert "by colour" in fitted.reading


@LETTERS
def test_ink_on_transparency_is_read_whatever_its_colour(label: Any) -> None:
    """White ink on clear, whose levels on white are one flat level."""
    ink = letter(label)
    levels = np.full(ink.shape, 255, dtype=np.uint8)
    fitted = fit(Picture(levels, None, np.where(ink, np.uint8(255), np.uint8(0))), 16)
    assert verdict(fitted) == label
    assert "by opacity" in fitted.reading


@LETTERS
def test_a_letter_on_a_disc_is_read_within_it(label: Any) -> None:
    """The disc differs more from its ground than the letter from the disc."""
    ink = letter(label, size=50, around=30)
    away = np.arange(len(ink)) - (len(ink) - 1) / 2
    disc = np.hypot.outer(away, away) < len(ink) / 2 - 4
    levels = np.where(ink, np.uint8(190), np.where(disc, np.uint8(240), np.uint8(10)))
    assert verdict(fit(levels, 16)) == label


@LETTERS
@pytest.mark.parametrize("seed", range(4))
def test_a_letter_of_two_percent_of_the_side_is_found(label: Any, seed: int) -> None:
    """A small letter far from the middle of a large sheet."""
    small = draw(label, seed=seed, size=12, thickness=0.12, style="plain")
    levels = np.full((500, 500), 255, dtype=np.uint8)
    levels[60 + 90 * seed :, 400 - 80 * seed :][:12, :12] = small
    assert verdict(fit(levels, 16)) == label


def test_a_reading_says_in_plain_words_what_it_is() -> None:
    """Side, plane, part and area; the letter lies in its box, and the runner-up is another reading."""
    fitted = fit(shown(letter("O")), 16)
    assert fitted.reading == "dark ink"
    assert fitted.box is not None
    assert fitted.letter is not None
    top, left, bottom, right = fitted.box
    assert fitted.letter.shape == (bottom - top, right - left)
    assert (fitted.letter == letter("O")[top:bottom, left:right]).all()
    hollow = letter("X", size=90, thickness=0.28)
    found = fit(shown(grown(hollow, 2) & ~hollow), 16)
    assert found.runner_up is not None
    assert found.runner_up.reading != found.reading


def test_readings_that_are_the_same_are_read_once() -> None:
    """All readings of a picture differ in what they hold or where it lies."""
    found = [one for round_ in rounds(View(Picture(shown(letter("X"))))) for one in round_]
    assert len({(one.box, one.mask.tobytes()) for one in found}) == len(found)
    assert all(tuple(one.measures()) == MEASURES for one in found)


@pytest.mark.parametrize("ink", ["white", "black"])
def test_a_given_ink_leaves_the_other_readings_out(ink: Any) -> None:
    """With --ink only readings of that side are chosen from."""
    assert fit(shown(letter("X")), 16, ink=ink).ink == ink


def test_one_flat_level_has_nothing_to_read() -> None:
    """Nor has one colour under one opacity."""
    with pytest.raises(ImageError, match="one flat level"):
        fit(Picture(np.full((9, 9), 7, dtype=np.uint8), None, np.full((9, 9), 128, dtype=np.uint8)), 16)


def test_a_view_leaves_out_rows_and_columns_that_repeat() -> None:
    """A picture enlarged in either direction is seen as the small one, and the small one as it is."""
    small = np.random.default_rng(0).integers(0, 256, (3, 4), dtype=np.uint8)
    for rows, columns in ((5, 7), (2, 1), (1, 2)):
        view = View(Picture(small.repeat(rows, axis=0).repeat(columns, axis=1)))
        assert view.levels.tolist() == small.tolist()
    assert View(Picture(small)).levels is small
