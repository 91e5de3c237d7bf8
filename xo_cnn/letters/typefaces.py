"""X's and O's as typefaces have them."""

from __future__ import annotations

import math

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Shape, curve, stroked


def type_x(dice: Dice, pen: float, serifs: bool = False) -> Shape:
    """An X of a typeface: a thick and a thin bar, cut off level, with or without serifs."""
    thin = pen * (dice.between(0.25, 1) if dice.chance(0.5) else 1.0)
    wide = dice.between(0.6, 1)
    waist = dice.between(-0.15, 0.1)
    split = dice.between(-0.1, 0.1) if dice.chance(0.3) else 0.0
    lines = [[-wide - 1.2j, wide + 1.2j], [0.85 * wide - 1.2j, split + waist * 1j], [-split + waist * 1j, -wide + 1.2j]]
    widths = [pen, thin, thin]
    if serifs:
        length, slab = dice.between(0.2, 0.45), dice.between(0.05, 0.5) * pen
        for x, y in ((-wide, -1.0), (wide, 1.0), (0.85 * wide, -1.0), (-wide, 1.0)):
            middle = complex(x, y * (1 - slab))
            lines.append([middle - length, middle + length])
            widths.append(slab)
    elif dice.chance(0.3):
        # script: bars end in curls, the thin one more than the thick
        curl, tip = dice.between(0.1, 0.5), dice.between(0.3, 1.0)
        for side, across in ((1, wide), (-1, wide), (1, -wide), (-1, -wide)):
            if across > 0 or dice.chance(0.4):
                x, y = side * across, -side
                lines.append(curve(complex(0.7 * x, 0.75 * y), complex(x, 1.15 * y), complex((1 + curl) * x, tip * y)))
                widths.append(max(0.03, dice.between(0.8, 1.6) * thin))
    strokes = stroked(lines, widths)

    def shape(x: Array, y: Array) -> Array:
        return np.asarray(np.minimum(strokes(x, y), 1 - np.abs(y)))

    return shape


def type_o(dice: Dice, pen: float) -> Shape:
    """An O of a typeface: one round within another, thicker at its sides or along a slanting axis."""
    power = dice.between(1.9, 4) if dice.chance(0.4) else 2.0
    wide = dice.between(0.5, 1)
    side = min(1.1 * pen, 0.42 * wide)
    top = side * (dice.between(0.25, 1) if dice.chance(0.5) else 1.0)
    tilt = dice.between(-0.6, 0.6) if dice.chance(0.4) else 0.0
    if tilt != 0:
        # a slanting counter has less room, in a slender O next to none
        tilt *= 1.6 * (wide - 0.45)
        side, top = 0.8 * side, min(top, 0.7 * side)
    cos, sin = math.cos(tilt), math.sin(tilt)

    def round_(x: Array, y: Array, a: float, b: float) -> Array:
        return (1 - ((np.abs(x) / a) ** power + (np.abs(y) / b) ** power) ** (1 / power)) * min(a, b)

    def shape(x: Array, y: Array) -> Array:
        inside = round_(cos * x + sin * y, cos * y - sin * x, wide - 2 * side, 1 - 2 * top)
        return np.minimum(round_(x, y, wide, 1.0), -inside)

    tail = stroked([curve(0.5 * wide - 0.8j, 1.1 * wide - 0.6j, wide + 0.5 - 1.1j)], max(0.06, top))
    if dice.chance(0.08):
        return lambda x, y: np.maximum(shape(x, y), tail(x, y))
    return shape
