"""Samples: X's and O's drawn from a seed, shifted, shrunken, rotated, deformed as asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Literal

from xo_cnn.errors import OptionError
from xo_cnn.grid import Array
from xo_cnn.letters.dice import Amount, Dice
from xo_cnn.letters.shapes import Glyph, Place, Shape, as_bytes, bent, cover, traced
from xo_cnn.letters.strokes import pen_o, pen_x, plain_o, plain_x
from xo_cnn.letters.typefaces import type_o, type_x
from xo_cnn.limits import one_of, whole_number

Label = Literal["X", "O"]
Style = Literal["plain", "pen", "type"]
LABELS: tuple[Label, ...] = ("X", "O")
SHAPES: dict[Style, tuple[Callable[[Dice, float], Shape], ...]] = {
    "plain": (plain_x, plain_o),
    "pen": (pen_x, pen_o),
    "type": (type_x, type_o),
}
STYLES = (*SHAPES,)


def draw(
    label: Label,
    *,
    seed: int = 0,
    size: int = 64,
    style: Style = "plain",
    thickness: Amount | None = None,
    shift: Amount = 0.0,
    shrink: Amount = 0.0,
    rotate: Amount = 0.0,
    deform: Amount = 0.0,
    noise: Amount = 0.0,
    ink: Literal["white", "black"] = "black",
) -> Array:
    """Draw an X or an O as grey levels from 0 to 255, shaped (size, size); the same seed gives the same levels.

    Every amount is a number or a range (low, high) from which the seed picks. Lengths are shares of the letter's
    side: `thickness` of the strokes, `shift` away from the middle in a direction that the seed picks, `shrink`
    (0.75 leaves a quarter of the side), `deform`. `rotate` is in degrees, clockwise. `noise` is a share of the range
    of levels. The style is `plain` (two strokes, a ring), `pen` (one hand's strokes) or `type` (a typeface's shapes).

    Raises OptionError for an argument outside its range.

    >>> draw("O", size=6, thickness=0.3, ink="white")
    array([[  0,   0,  88,  88,   0,   0],
           [  0, 199, 202, 202, 199,   0],
           [ 88, 202,   0,   0, 202,  88],
           [ 88, 202,   0,   0, 202,  88],
           [  0, 199, 202, 202, 199,   0],
           [  0,   0,  88,  88,   0,   0]], dtype=uint8)
    """
    whole_number("seed", seed, 0, None)
    whole_number("size", size, 1, 4096)
    one_of("label", label, *LABELS)
    one_of("style", style, *STYLES)
    one_of("ink", ink, "white", "black")
    _refuse_beyond(0, 1, thickness=thickness or 0.0, shift=shift, deform=deform, noise=noise)
    _refuse_beyond(0, 0.95, shrink=shrink)
    _refuse_beyond(-360, 360, rotate=rotate)
    dice = Dice(seed, LABELS.index(label))
    pen = dice.amount(0.12 if thickness is None else thickness)
    shape = SHAPES[style][LABELS.index(label)](dice, pen)
    turn = math.radians(dice.amount(rotate))
    scale = 1 - dice.amount(shrink)
    away, where = 2 * dice.amount(shift), 2 * math.pi * dice.between(0, 1)
    bend = bent(dice, dice.amount(deform))
    reach = size / 2 * 0.8  # the letter with its strokes fills 0.8 of the picture
    half = reach * scale / (1 + pen)
    centre = (size / 2 + away * reach * math.cos(where), size / 2 + away * reach * math.sin(where))
    place = Place((half, half), turn, 0.0, bend)
    levels = cover(traced(Glyph(shape, pen), place, (0, size), (0, size), centre))
    rough = dice.amount(noise)
    if rough > 0:
        levels = levels + rough * (dice.many(size, size) + dice.many(size, size) - 1)
    return as_bytes(levels if ink == "white" else 1 - levels)


def _refuse_beyond(low: float, high: float, **amounts: Amount) -> None:
    for name, amount in amounts.items():
        ends = amount if isinstance(amount, tuple) else (amount, amount)
        if len(ends) != 2 or not all(isinstance(end, Real) and low <= end <= high for end in ends):
            raise OptionError(f"{name} is {amount!r}; use a number from {low} to {high}, or a range (low, high)")
