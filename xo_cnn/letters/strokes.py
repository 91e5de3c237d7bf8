"""X's and O's as pens draw them."""

from __future__ import annotations

import cmath
import math

from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Line, Shape, curve, ring, stroked


def plain_x(dice: Dice, pen: float) -> Shape:
    """Two straight strokes from corner to corner."""
    dice.chance(1)  # a throw that decides nothing, so that what the seed draws next stays what it was
    return stroked([[-1 - 1j, 1 + 1j], [-1 + 1j, 1 - 1j]], pen)


def plain_o(dice: Dice, pen: float) -> Shape:
    """A ring."""
    return stroked([ring(0.0, 0.0)], pen)


def near(dice: Dice, place: complex, by: float) -> complex:
    """A place moved by up to `by` to each side."""
    return place + complex(dice.between(-by, by), dice.between(-by, by))


def curled(before: complex, tip: complex, turn: float) -> Line:
    """How a line that comes from `before` goes on beyond its tip in a curl: clockwise, or below 0 the other way."""
    way = tip - before
    length = math.hypot(way.real, way.imag) + 0.01
    way = complex(way.real / length, way.imag / length)
    return curve(tip, tip + 0.3 * way + turn * 1j * way, tip - 0.1 * way + 1.6 * turn * 1j * way, steps=4)[1:]


def pen_x(dice: Dice, pen: float, bend: float = 0.0, off: float = 0.0) -> Shape:
    """Two strokes by hand: one from end to end, the arms of the other meet it near its middle, each where it likes."""
    middle = near(dice, 0, 0.12 + off)
    if dice.chance(0.08):
        # back to back: two bows that touch
        lines = []
        for side in (-1, 1):
            touch = dice.between(-0.1, 0.15) * side
            knee = near(dice, complex(side * -0.15 + touch, middle.imag), 0.1)
            lines.append(curve(near(dice, side - 1j, 0.15), knee, knee, near(dice, side + 1j, 0.15)))
        return stroked(lines, pen)
    tips = [near(dice, corner, 0.2) for corner in (-1 - 1j, 1 + 1j, 1 - 1j, -1 + 1j)]
    if dice.chance(0.5):
        # an arm or two fall short
        for _ in range(2):
            arm, keep = int(dice.between(0, 4)), dice.between(0.4, 1)
            tips[arm] = middle + keep * (tips[arm] - middle)
    split = dice.between(-0.25, 0.25) if dice.chance(0.4) else 0.0
    lines = []
    for tip, step in zip(tips, (0.0, 0.0, split / 2, -split / 2), strict=True):
        root = middle + step * (tips[1] - tips[0])
        knee = near(dice, (tip + root) / 2, 0.1 + bend)
        line = curve(root, knee, tip)
        if dice.chance(0.12):
            # the pen curls at the end
            line += curled(knee, tip, dice.between(0.15, 0.5) * (1 if dice.chance(0.5) else -1))
        lines.append(line)
    if dice.chance(0.06):
        # the pen does not lift between the strokes
        lines.append([tips[1], tips[3]] if dice.chance(0.5) else [tips[0], tips[2]])
    return stroked(lines, pen)


def pen_o(dice: Dice, pen: float, gap: float = 0.0) -> Shape:
    """A round by hand: squarish, pointed or dented, its ends a little off each other, open or with a tail."""
    start = dice.between(0, 1) if dice.chance(0.4) else dice.between(-0.12, 0.15)
    power = dice.between(1.7, 5) if dice.chance(0.5) else 2.0
    dents = [(k, dice.between(0, 0.22 / k), dice.between(0, 6.3)) for k in (1, 2, 3)]
    miss = dice.between(-0.25, 0.25) if dice.chance(0.5) else 0.0
    line = []
    round_ = ring(start, gap)
    for step, place in enumerate(round_):
        turn = cmath.phase(place)
        reach = (abs(place.real) ** power + abs(place.imag) ** power) ** (-1 / power)
        reach *= 1 + sum(share * math.cos(k * turn + phase) for k, share, phase in dents)
        reach *= 1 + miss * (step / (len(round_) - 1) - 0.5)
        line.append(reach * place)
    lines = [line]
    if dice.chance(0.3):
        # a tail: the pen runs on inside, outside, or arrives with a stroke
        end = line[-1] if dice.chance(0.5) else line[0]
        out = dice.between(0.15, 0.75) * (1 if dice.chance(0.5) else -1)
        side = dice.between(-0.6, 0.6) * 1j
        lines.append(curve(end, end + 0.5 * out * end + 0.7 * side * end, end + out * end + side * end, steps=4))
    return stroked(lines, pen)
