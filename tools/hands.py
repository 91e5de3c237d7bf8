"""X's and O's as most hands, and running hands, write them."""

from __future__ import annotations

import cmath
import itertools
import math
from collections.abc import Sequence

from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Line, Shape, curve, ring, stroked
from xo_cnn.letters.strokes import curled, near


def hand_x(dice: Dice, pen: float) -> Shape:
    """An X as most hands write it: two strokes nearly straight, now and then hooked at an end or drawn twice."""
    sway = dice.between(0, 0.25)
    lines = []
    for side in (-1, 1):
        keep = dice.between(0.65, 1) if dice.chance(0.3) else 1.0
        start, end = near(dice, side - 1j, 0.18), near(dice, complex(-side * keep, keep), 0.18)
        line = curve(start, near(dice, 0, 0.1 + sway), end, steps=6)
        if dice.chance(0.2):
            # a hook where the pen leaves the paper
            line += [near(dice, end - 0.1 - 0.15j, 0.15)]
        lines.append(line)
        if dice.chance(0.08):
            lines.append(curve(near(dice, start, 0.12), near(dice, 0, 0.15), near(dice, end, 0.12), steps=5))
    return stroked(lines, pen)


def hand_o(dice: Dice, pen: float) -> Shape:
    """An O as most hands write it: a round whose end runs past its beginning, or a scribble of several rounds."""
    rounds = int(dice.between(2, 5)) if dice.chance(0.1) else 1
    loose = dice.between(0.03, 0.12)
    start = dice.between(-0.15, 0.15) if dice.chance(0.7) else dice.between(0, 1)
    dents = [(k, dice.between(0, 0.1 / k), dice.between(0, 6.3)) for k in (1, 2, 3)]
    spiral = dice.between(-0.15, 0.15)
    line = []
    for number in range(rounds):
        wide, tall = 1 + dice.between(-loose, loose), 1 + dice.between(-loose, loose)
        gap = dice.between(-0.12, 0.03) if number == rounds - 1 else 0.0
        places = ring(start, gap, steps=28)
        for step, place in enumerate(places):
            turn = cmath.phase(place)
            reach = 1 + sum(share * math.cos(k * turn + phase) for k, share, phase in dents)
            reach *= 1 + spiral * (step / (len(places) - 1) - 0.5)
            line.append(complex(wide * reach * place.real, tall * reach * place.imag))
    if dice.chance(0.15):
        # the pen arrives from above, or leaves to the side
        end = line[0] if dice.chance(0.5) else line[-1]
        knee = end + dice.between(-0.3, 0.3) - 0.1j
        line_ = curve(end, knee, end + complex(dice.between(-0.2, 0.9), -dice.between(0, 0.4)), steps=3)
        return stroked([line, line_], pen)
    return stroked([line], pen)


def nibbed(lines: Sequence[Line], pen: float, thin: float) -> Shape:
    """Lines drawn with a broad pen held slanting: strokes that fall to the right are thick, those that rise thin."""
    pieces: list[Line] = []
    widths = []
    for line in lines:
        for start, end in itertools.pairwise(line):
            way = end - start
            share = abs(way.imag + 0.5 * way.real) / (math.hypot(way.real, way.imag) * 1.12 + 1e-9)
            pieces.append([start, end])
            widths.append(thin + (pen - thin) * min(1.0, share))
    return stroked(pieces, widths)


def cursive_o(dice: Dice) -> list[Line]:
    """A running hand's o: a round from its top and back, often with a loop inside it or a stroke on to the next."""
    lean, wide, begin = dice.between(-0.1, 0.6), dice.between(0.5, 1), dice.between(-0.03, 0.17)
    turns, shrink = dice.between(0.93, 1.15), dice.between(-0.05, 0.2)
    kind = dice.between(0, 1)
    if kind < 0.2:
        turns += dice.between(0.2, 0.7)
        shrink = dice.between(0.15, 0.45)
    line: Line = []
    for step in range(29):
        turn, reach = 2 * math.pi * (begin - turns * step / 28), 1 - shrink * step / 28
        line.append(complex(wide * reach * math.sin(turn), -reach * math.cos(turn)))
    end = line[-1]
    out = complex(wide + dice.between(0.1, 1.2), end.imag + dice.between(-0.3, 0.6))
    lines = [line]
    if 0.2 <= kind < 0.6:
        # a loop inside the round, and out through its side
        deep, left = dice.between(0.2, 1.4), dice.between(0.1, 0.9)
        lines.append(curve(end, end - left + deep * 1j, end + 0.3 + 1.3 * deep * 1j, out))
    elif kind < 0.85:
        lines.append(curve(end, end + 0.2 + dice.between(-0.1, 0.5) * 1j, out - 0.3 + 0.2j, out))
    if dice.chance(0.2):
        start = end + complex(-dice.between(0.2, 1.2), dice.between(-0.3, 1.8))
        lines.append(curve(start, end - 0.1 + 0.3j, line[0]))
    return [[place - lean * place.imag for place in each] for each in lines]


def cursive_x(dice: Dice, pen: float) -> list[Line]:
    """A running hand's x: two bows back to back that touch, cross or nearly touch, or a loop like an alpha's."""
    kind, lean = dice.between(0, 1), dice.between(-0.1, 0.5)

    def leaning(x: float, y: float, by: float = 0.15) -> complex:
        return near(dice, complex(x - lean * y, y), by)

    wide = dice.between(0.7, 1.2)
    if kind < 0.15:
        # one line: a bow, and without lifting the pen back up through the middle
        low = dice.between(-0.9, -0.2)
        left = curve(leaning(-wide, -0.7), leaning(-0.1, -1.4), leaning(0.3, 0.4), leaning(low, 1))
        up = curve(left[-1], leaning(-0.2, 0.5, 0.1), leaning(0.3, -0.4, 0.1), leaning(0.7, -1))
        right = (
            curve(up[-1], leaning(-0.1, -0.2), leaning(-0.3, 1.4), leaning(wide, 0.8)) if dice.chance(0.6) else up[-1:]
        )
        return [left, up, right] if len(right) > 1 else [left, up]
    if kind < 0.3:
        # one line like an alpha: down through the middle, round, and back through it
        down = curve(leaning(-wide, -0.8), leaning(-0.3, -1.1), leaning(0.2, 0.4), leaning(wide * 0.8, 1))
        back = curve(leaning(wide, -0.9), leaning(0.2, -0.6), leaning(-0.3, 0.9), leaning(-wide, 0.8))
        joined = dice.chance(0.4)
        round_ = (
            curve(down[-1], leaning(1.3 * wide, 0.6, 0.1), leaning(1.3 * wide, -0.5, 0.1), back[0]) if joined else []
        )
        return [down, back, *([round_] if joined else [])]
    if kind < 0.6:
        # a stroke with a hook at both ends, and a bar or a bow across
        high, low = dice.between(0.2, 0.9), dice.between(0.2, 0.9)
        down = curve(leaning(-wide, -high), leaning(-0.1, -1.8, 0.25), leaning(0.1, 1.8, 0.25), leaning(wide, low))
        across = curve(leaning(0.9, -0.95), leaning(0.1, -0.1, 0.3), leaning(-0.9, 0.95))
        return [down, across]
    # two bows: their knees cross, touch, or stand a little apart
    apart = -dice.between(0, 0.4) if dice.chance(0.7) else dice.between(0, 0.1) + 1.1 * pen
    lines = []
    for side in (-1.0, 1.0):
        reach, knee = side * dice.between(0.5, 1.1), side * apart
        deep, hook = dice.between(0.5, 1.3), side * dice.between(-0.3, 0.3)
        # a bow that begins low, or ends high, arches all the more
        high, low = (dice.between(0, 1) if dice.chance(0.35) else dice.between(0.5, 1) for _ in range(2))
        deep += max(0.0, 0.8 - min(high, low))
        top, foot = leaning(reach, -high, 0.1), leaning(side * dice.between(0.5, 1.1), low, 0.1)
        # the curve's own middle lies three quarters of the way to its two handles
        pull = (knee - (top.real + foot.real) / 8) / 0.75
        line = curve(
            top, complex(pull + hook + lean * deep, -deep), complex(pull - hook - lean * deep, deep), foot, steps=9
        )
        if dice.chance(0.3):
            line = curled(line[1], top, side * dice.between(0.2, 0.6))[::-1] + line
        if dice.chance(0.3):
            line = line + curled(line[-2], foot, -side * dice.between(0.2, 0.6))
        lines.append(line)
    return lines
