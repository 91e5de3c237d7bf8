"""Letters in their place on a picture: any hand or typeface, turned, leaning, bent, cut to their box."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tools.alphabet import penned_letter, typed_letter
from tools.frames import UnreadableError
from tools.hands import cursive_o, cursive_x, hand_o, hand_x, nibbed
from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Glyph, Line, Place, Shape, bent, stroked, traced
from xo_cnn.letters.strokes import pen_o, pen_x
from xo_cnn.letters.typefaces import type_o, type_x

FAR = -99.0  # how deep in ink, in pixels, what lies far outside is


def like(place: Place, dice: Dice) -> Place:
    """Another letter by the same hand: turned a little otherwise."""
    return replace(place, turn=place.turn + dice.between(-0.2, 0.2))


def penned(label: str, dice: Dice, pen: float | None = None) -> Glyph:
    """A letter as a hand draws it."""
    if pen is None:
        pen = dice.between(0.03, 0.12) if dice.chance(0.7) else dice.between(0.12, 0.3)
    return Glyph(_pen_shape(label, dice, pen), pen, pen)


def _pen_shape(label: str, dice: Dice, pen: float) -> Shape:
    if label not in ("X", "O"):
        return penned_letter(label, dice, pen)
    if dice.chance(0.6):
        return hand_x(dice, pen) if label == "X" else hand_o(dice, pen)
    if label == "O":
        return pen_o(dice, pen, dice.between(-0.15, 0.05) if dice.chance(0.8) else dice.between(0.05, 0.22))
    # many a hand crosses its strokes near one side, as in a k
    off = dice.between(0.2, 0.6) if dice.chance(0.25) else dice.between(0, 0.2)
    return pen_x(dice, pen, dice.between(0, 0.25), off)


def typed(label: str, dice: Dice, pen: float | None = None) -> Glyph:
    """A letter as a typeface has it."""
    if pen is None:
        pen = dice.between(0.04, 0.34)
    serifs = dice.chance(0.35)
    if label in ("X", "O") and dice.chance(0.15):
        pen = 0.7 * min(pen, 0.28)
        shape = nibbed(_cursive_lines(label, dice, pen), pen, pen * dice.between(0.2, 1))
    elif label not in ("X", "O") or dice.chance(0.1):
        shape = typed_letter(label, dice, min(pen, 0.28))
    else:
        shape = type_x(dice, pen, serifs) if label == "X" else type_o(dice, pen)
    return Glyph(shape, pen, 0.35 * pen)


def cursive(label: str, dice: Dice) -> Glyph:
    """A letter as a running hand writes it."""
    pen = dice.between(0.02, 0.08)
    if label not in ("X", "O"):
        return penned(label, dice, pen)
    return Glyph(stroked(_cursive_lines(label, dice, pen), pen), pen, pen)


def _cursive_lines(label: str, dice: Dice, pen: float) -> list[Line]:
    return cursive_x(dice, pen) if label == "X" else cursive_o(dice)


def any_glyph(label: str, dice: Dice) -> Glyph:
    """A letter of any hand or typeface."""
    throw = dice.between(0, 1)
    return penned(label, dice) if throw < 0.5 else typed(label, dice) if throw < 0.9 else cursive(label, dice)


def any_place(dice: Dice, side: float, upright: bool) -> Place:
    """A letter `side` pixels tall, turned and stretched somehow; upright ones turn and lean a little only."""
    turn = dice.between(-0.25, 0.25) if upright else dice.between(-math.pi, math.pi)
    lean = dice.between(-0.4, 0.4) if dice.chance(0.4) else 0.0
    narrow = dice.between(0.5, 1) if dice.chance(0.4) else 1.0
    half = (side / 2 * narrow, side / 2) if dice.chance(0.7) else (side / 2, side / 2 * narrow)
    return Place(half, turn, lean, bent(dice, dice.between(0, 0.35) if dice.chance(0.4) else 0.0))


@dataclass(frozen=True)
class Laid:
    """A letter on a picture: its depth in pixels for each of them, its middle (x, y), its box and its place."""

    depth: Array
    middle: tuple[float, float]
    box: tuple[int, int, int, int]
    glyph: Glyph
    place: Place

    @property
    def size(self) -> tuple[int, int]:
        """The letter's rows and columns."""
        return self.box[1] - self.box[0], self.box[3] - self.box[2]

    @property
    def free(self) -> tuple[int, int, int, int]:
        """How many pixels are free above the letter, below, to the left and to the right."""
        height, width = self.depth.shape
        return self.box[0], height - self.box[1], self.box[2], width - self.box[3]

    def turned(self, place: tuple[float, float], turn: float) -> tuple[float, float]:
        """Where on the picture a place (x, y from the middle of the letter's box) is, turned round that middle."""
        cos, sin = math.cos(turn), math.sin(turn)
        x, y = (self.box[2] + self.box[3]) / 2, (self.box[0] + self.box[1]) / 2
        return x + cos * place[0] - sin * place[1], y + sin * place[0] + cos * place[1]

    def from_middle(self) -> tuple[Array, Array]:
        """How far to the right and below the middle of the letter's box each pixel is."""
        y, x = np.mgrid[0 : self.depth.shape[0], 0 : self.depth.shape[1]] + 0.5
        return x - (self.box[2] + self.box[3]) / 2, y - (self.box[0] + self.box[1]) / 2

    @property
    def stroke(self) -> float:
        """Half of a stroke's width in pixels."""
        return self.glyph.pen * min(self.place.half)

    def beside(self, glyph: Glyph, place: Place, middle: tuple[float, float]) -> Array:
        """The depth of another letter on the same picture, traced only where it can be."""
        reach = 1.6 * max(place.half)
        bounds = []
        for middle_, size in zip(middle[::-1], self.depth.shape, strict=True):
            bounds.append((min(size, max(0, int(middle_ - reach))), max(0, min(size, int(middle_ + reach) + 1))))
        depth = np.full(self.depth.shape, FAR)
        (top, bottom), (left, right) = bounds
        if top < bottom and left < right:
            depth[top:bottom, left:right] = traced(glyph, place, bounds[0], bounds[1], middle)
        return depth


def laid(glyph: Glyph, place: Place, margins: Callable[[int, int], list[int]], room: float = 0.3) -> Laid:
    """The letter, with margins (top, bottom, left, right in pixels, as `margins` answers to its rows and columns).

    A margin below 0 cuts the letter off. Raises UnreadableError if no ink is left.
    """
    cos, sin = abs(math.cos(place.turn)), abs(math.sin(place.turn))
    wide, tall = place.half[0] * (1.25 + abs(place.lean)), place.half[1] * 1.25
    pen = 2 * glyph.pen * max(place.half) + 2 + room * max(place.half)
    reach_x, reach_y = int(cos * wide + sin * tall + pen), int(sin * wide + cos * tall + pen)
    depth = traced(glyph, place, (0, 2 * reach_y), (0, 2 * reach_x), (reach_x, reach_y))
    marked = depth >= 0
    if not marked.any():
        raise UnreadableError
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    above, below, before, after = margins(bottom - top, right - left)
    height, width = bottom - top + above + below, right - left + before + after
    whole = np.full((height, width), FAR)
    # where the picture and what was traced overlap
    from_row, from_column = top - above, left - before
    first_row, first_column = max(0, -from_row), max(0, -from_column)
    piece = depth[max(0, from_row) : from_row + height, max(0, from_column) : from_column + width]
    whole[first_row : first_row + piece.shape[0], first_column : first_column + piece.shape[1]] = piece
    if not (whole >= 0).any():
        raise UnreadableError
    middle = (float(reach_x - from_column), float(reach_y - from_row))
    box = (above, bottom - top + above, before, right - left + before)
    return Laid(whole, middle, tuple(map(int, box)), glyph, place)  # type: ignore[arg-type]
