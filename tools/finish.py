"""How a letter is painted: flat, hollow, rimmed, bevelled, glossy, textured, and what it casts on its ground."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tools.paint import BLACK, WHITE, Colour, any_colour, luma, mixed, texture
from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import cover

# what paints a letter of that depth in its ink over what is below; the number is half a stroke in pixels
Finish = Callable[[Dice, Array, Array, Colour, float], Array]


def flat(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """Ink of one colour, its edge sharp or soft."""
    return mixed(below, ink, cover(depth, dice.between(1, 2.5) if dice.chance(0.2) else 1.0))


def hollow(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """Only the outline; what it encloses is the ground, or filled."""
    width = _width(dice, pen)
    if dice.chance(0.5):
        below = mixed(below, any_colour(dice), cover(depth))
    return mixed(below, ink, cover(np.minimum(depth, width - depth)))


def rimmed(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """A rim within or outside the outline, or one of each, round a fill."""
    width = _width(dice, pen)
    for rim in range(2 if dice.chance(0.2) else 1):
        colour = WHITE * float(luma(ink) < 0.5) if dice.chance(0.6) else any_colour(dice)
        outside = dice.between(0, 1.5 * width) * (2 - rim) if dice.chance(0.6) else 0.0
        below = mixed(below, colour, cover(depth + outside))
    return mixed(below, ink, cover(depth - (width if outside == 0 else 0)))


def bevelled(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """Edges towards the light are lighter, those away from it darker."""
    turn, strength = dice.between(-math.pi, 0), dice.between(0.2, 0.6)
    wide = max(1.5, pen * (1.0 if dice.chance(0.3) else dice.between(0.2, 0.6)))
    down, right = np.gradient(np.clip(depth, -1, wide))
    shade = -strength * (math.sin(turn) * down + math.cos(turn) * right)
    return mixed(below, np.clip(ink + shade[..., None], 0, 1), cover(depth))


def glossy(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """A reflection with a hard edge over one part of it."""
    height, width = depth.shape
    y, x = np.mgrid[0:height, 0:width] / max(height, width) - 0.5
    edge = y + dice.between(-0.6, 0.6) * x + dice.between(-2, 2) * x * x < dice.between(-0.3, 0.3)
    light = dice.between(0.15, 0.5) * (edge & (depth > min(pen / 3, 2.0)))
    return mixed(below, np.clip(ink + light[..., None], 0, 1), cover(depth))


def textured(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """Ink of two tones that change in stripes, dots, patches or slowly."""
    share = 0.5 + 0.5 * texture(dice, depth.shape)
    other = np.clip(ink + dice.between(0.2, 0.9) * (dice.many(3) - 0.5), 0, 1)
    return mixed(below, mixed(np.broadcast_to(ink, below.shape), other, share), cover(depth))


def inlined(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """A light or a dark line inside each stroke."""
    line = cover(max(0.5, 0.15 * pen) - np.abs(depth - pen * dice.between(0.35, 0.8)))
    return mixed(flat(dice, below, depth, ink, pen), any_colour(dice), line)


def brushed(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """A dry brush: streaks along one way, ragged at the edge."""
    height, width = depth.shape
    turn = dice.between(0, math.pi)
    y, x = np.mgrid[0:height, 0:width]
    hairs = dice.many(64)
    hair = (math.cos(turn) * x + math.sin(turn) * y).astype(int) % 64
    rough = depth - pen * dice.between(0.2, 0.7) * hairs[hair] + 0.3 * pen * (dice.many(height, width) - 0.7)
    return mixed(below, ink, cover(rough))


def pieced(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """Made of many small things, beads or patches, each of a colour of its own."""
    height, width = depth.shape
    turn, step = dice.between(0, math.pi), max(3.0, pen * dice.between(0.4, 1.2))
    y, x = np.mgrid[0:height, 0:width] / step
    along, across = math.cos(turn) * x + math.sin(turn) * y, math.cos(turn) * y - math.sin(turn) * x
    paints = np.clip(ink + dice.between(0.2, 1) * (dice.many(8, 8, 3) - 0.5), 0, 1)
    paint = paints[np.floor(along).astype(int) % 8, np.floor(across).astype(int) % 8]
    if dice.chance(0.5):
        bead = dice.between(0.35, 0.55) - np.hypot(along % 1 - 0.5, across % 1 - 0.5)
        depth = np.minimum(depth, step * bead)
    return mixed(below, paint, cover(depth))


FINISHES: list[Finish] = [hollow, rimmed, bevelled, glossy, textured, inlined, brushed, pieced]


def finished(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float, plain: float) -> Array:
    """The letter in one finish or another, flat in the share `plain` of throws, or where strokes are too thin."""
    finish = flat if dice.chance(plain) or pen < 1.3 else FINISHES[int(dice.between(0, len(FINISHES)))]
    return np.clip(finish(dice, below, depth, ink, pen), 0, 1)


def cast(dice: Dice, below: Array, depth: Array, pen: float) -> Array:
    """What the letter casts on the ground beside it: a shadow, hard or soft, a long flank, or a glow."""
    kind = dice.between(0, 1)
    if kind < 0.3:
        reach = (1 + pen) * dice.between(0.3, 1.5)
        outside = np.maximum(-depth, 0) / reach
        return mixed(below, any_colour(dice), 1 / (1 + 4 * outside * outside))
    rows, columns = (round(pen * dice.between(-0.8, 1.2)) + 1 for _ in range(2))
    if kind < 0.55:
        # a flank: the letter is thick, seen from one side
        dark, steps = any_colour(dice) * 0.6, max(abs(rows), abs(columns))
        for step in range(steps, 0, -1):
            moved = np.roll(depth, (round(rows * step / steps), round(columns * step / steps)), (0, 1))
            below = mixed(below, dark, cover(moved))
        return below
    dark = BLACK + dice.between(0, 0.4)
    moved = np.roll(depth, (rows, columns), (0, 1))
    return mixed(below, dark, dice.between(0.3, 0.9) * cover(moved, dice.between(1, pen + 1.5)))


def _width(dice: Dice, pen: float) -> float:
    return max(1.0, pen * dice.between(0.15, 0.6))
