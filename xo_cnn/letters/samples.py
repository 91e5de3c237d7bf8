"""Samples: X's and O's drawn from a seed, shifted, shrunken, rotated, deformed as asked."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Amount, Dice
from xo_cnn.letters.paint import cover
from xo_cnn.letters.shapes import bent, depth_in, ring, stroked
from xo_cnn.letters.strokes import pen_o, pen_x, plain_x
from xo_cnn.letters.typefaces import cut, type_o, type_x

Label = Literal["X", "O"]
Style = Literal["plain", "pen", "type", "wild"]


def draw(
    label: Label,
    *,
    seed: int = 0,
    size: int = 64,
    style: Style = "plain",
    thickness: Amount | None = None,
    slant: Amount = 0.0,
    serifs: bool = False,
    gap: Amount = 0.0,
    crossing: Amount = 0.0,
    curve: Amount = 0.0,
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
    (0.75 leaves a quarter of the side), `deform`, `crossing` (how far off centre an X's strokes meet), `curve` (how
    much its strokes bend). `slant` and `rotate` are degrees, clockwise. `gap` is the share of an O's round that stays
    open, and below 0 how far its ends overlap. `noise` is a share of the range of levels. The style is `plain`
    (two strokes, a ring), `pen` (one hand's strokes), `type` (a typeface's shapes) or `wild`: all of them, in all
    conditions, which is what networks are trained on; `wild` takes no other option than the size.

    >>> draw("O", size=6, thickness=0.3, ink="white")
    array([[  0,   0,  88,  88,   0,   0],
           [  0, 199, 202, 202, 199,   0],
           [ 88, 202,   0,   0, 202,  88],
           [ 88, 202,   0,   0, 202,  88],
           [  0, 199, 202, 202, 199,   0],
           [  0,   0,  88,  88,   0,   0]], dtype=uint8)
    """
    dice = Dice(seed, "XO".index(label))
    if style == "wild":
        return _wild(label, dice, size)
    pen = dice.amount(0.12 if thickness is None else thickness)
    curl, off = dice.amount(curve), dice.amount(crossing)
    opening = dice.amount(gap)
    if style == "pen":
        shape = pen_x(dice, pen, curl, off) if label == "X" else pen_o(dice, pen, opening)
    elif style == "type":
        shape = type_x(dice, pen, serifs) if label == "X" else type_o(dice, pen)
    elif label == "X":
        shape = plain_x(dice, pen, curl, off, serifs)
    else:
        shape = stroked([ring(0.0, opening)], pen)
    turn, lean = math.radians(dice.amount(rotate)), math.tan(math.radians(dice.amount(slant)))
    scale = 1 - dice.amount(shrink)
    away, where = 2 * dice.amount(shift), 2 * math.pi * dice.between(0, 1)
    bend = bent(dice, dice.amount(deform))
    # the letter with its strokes fills 0.8 of the picture
    half = size / 2 * 0.8 * scale / (1 + pen)
    reach = size / 2 * 0.8
    centre = (size / 2 + away * reach * math.cos(where), size / 2 + away * reach * math.sin(where))
    depth = depth_in(shape, (size, size), centre, (half, half), turn, lean, bend)
    levels = cover(depth)
    rough = dice.amount(noise)
    if rough > 0:
        levels = levels + rough * (dice.many(size, size) + dice.many(size, size) - 1)
    return _levels(levels if ink == "white" else 1 - levels)


def _levels(shades: Array) -> Array:
    """Shades from 0 to 1 as grey levels. Rounding first to ten digits hides what libraries of sines differ in."""
    return np.clip(np.round(np.round(shades, 10) * 255), 0, 255).astype(np.uint8)


def _wild(label: Label, dice: Dice, size: int) -> Array:
    """A letter as the world has them: any pen or typeface, size, place, turn, ink, paper and light."""
    side = max(8, round(size * (dice.between(0.2, 0.45) if dice.chance(0.35) else dice.between(0.45, 1))))
    typed = dice.chance(0.35)
    if typed:
        pen = dice.between(0.04, 0.34)
        shape = type_x(dice, pen, dice.chance(0.3)) if label == "X" else type_o(dice, pen)
        if dice.chance(0.12) and pen > 0.12:
            shape = cut(dice, shape, pen)
    else:
        pen = dice.between(0.03, 0.12) if dice.chance(0.7) else dice.between(0.12, 0.3)
        if label == "X":
            # many a hand crosses its strokes near one side, as in a k
            off = dice.between(0.2, 0.75) if dice.chance(0.35) else dice.between(0, 0.25)
            shape = pen_x(dice, pen, dice.between(0, 0.25), off)
        else:
            gap = dice.between(-0.15, 0.05) if dice.chance(0.7) else dice.between(0.05, 0.25)
            shape = pen_o(dice, pen, gap)
            if dice.chance(0.1):
                shape = cut(dice, shape, pen)
    turn = dice.between(-math.pi, math.pi) if dice.chance(0.5) else dice.between(-0.25, 0.25)
    lean = dice.between(-0.5, 0.5) if dice.chance(0.5) else 0.0
    bend = bent(dice, dice.between(0, 0.35) if dice.chance(0.6) else 0.0)
    narrow = dice.between(0.4, 1) if dice.chance(0.6) else 1.0
    half = (side / 2 * narrow, side / 2) if dice.chance(0.75) else (side / 2, side / 2 * narrow)
    if not typed:
        # a pen leaves a line of at least a pixel
        least = 0.55 / min(half)
        inner = shape
        if pen < least:
            shape = lambda x, y: inner(x, y) + (least - pen)  # noqa: E731
    span = 2 * side
    depth = depth_in(shape, (span, span), (side, side), half, turn, lean, bend)
    shades = cover(depth)
    if dice.chance(0.4):
        shades = np.where(shades >= 0.5, 1.0, 0.0)
    marked = shades >= 0.5
    if not marked.any():
        return _wild(label, dice, size)
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    box = shades[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    loose = dice.between(0, 1.2) if dice.chance(0.7) else 0.0
    margins = [int(loose * side * dice.between(0, 0.5)) for _ in range(4)]
    shades = np.pad(box, (margins[:2], margins[2:]))
    if dice.chance(0.3):
        shades = _weather(dice, shades, margins)
    return _levels(1 - shades if dice.chance(0.5) else shades)


def _weather(dice: Dice, shades: Array, margins: list[int]) -> Array:
    """Faint ink, uneven light, noise, specks, and strips of something else along the edges."""
    height, width = shades.shape
    low, high = dice.between(0, 0.35), dice.between(0.6, 1)
    shades = low + (high - low) * shades
    if dice.chance(0.4):
        y, x = np.mgrid[0:height, 0:width]
        shades = shades + 0.25 * (high - low) * (dice.between(-1, 1) * y / height + dice.between(-1, 1) * x / width)
    if dice.chance(0.6):
        shades = shades + dice.between(0, 0.25) * (high - low) * (dice.many(height, width) - 0.5)
    if dice.chance(0.3):
        shades = np.where(dice.many(height, width) < 0.004, high, shades)
    if dice.chance(0.3):
        for edge, margin in enumerate(margins):
            if margin >= 3 and dice.chance(0.5):
                strip = int(dice.between(1, margin - 1))
                across = shades if edge < 2 else shades.T
                if edge % 2 == 0:
                    across[:strip] = high
                else:
                    across[len(across) - strip :] = high
    return shades
