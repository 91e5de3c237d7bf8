"""X's and O's as most hands, and running hands, write them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Line, Point, Shape, curve, ring, stroked
from xo_cnn.letters.strokes import curled


def hand_x(dice: Dice, pen: float) -> Shape:
    """An X as most hands write it: two strokes nearly straight, now and then hooked at an end or drawn twice."""

    def near(x: float, y: float, by: float) -> Point:
        return x + dice.between(-by, by), y + dice.between(-by, by)

    sway = dice.between(0, 0.25)
    lines = []
    for side in (-1.0, 1.0):
        keep = dice.between(0.65, 1) if dice.chance(0.3) else 1.0
        start, end = near(side, -1, 0.18), near(-side * keep, keep, 0.18)
        line = curve(start, near(0, 0, 0.1 + sway), end, steps=6)
        if dice.chance(0.2):
            # a hook where the pen leaves the paper
            line += [near(end[0] - 0.1, end[1] - 0.15, 0.15)]
        lines.append(line)
        if dice.chance(0.08):
            lines.append(curve(near(*start, 0.12), near(0, 0, 0.15), near(*end, 0.12), steps=5))
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
        for step, (x, y) in enumerate(places):
            turn = math.atan2(y, x)
            reach = 1 + sum(share * math.cos(k * turn + phase) for k, share, phase in dents)
            reach *= 1 + spiral * (step / (len(places) - 1) - 0.5)
            line.append((wide * reach * x, tall * reach * y))
    if dice.chance(0.15):
        # the pen arrives from above, or leaves to the side
        x, y = line[0] if dice.chance(0.5) else line[-1]
        line_ = curve(
            (x, y),
            (x + dice.between(-0.3, 0.3), y - 0.1),
            (x + dice.between(-0.2, 0.9), y - dice.between(0, 0.4)),
            steps=3,
        )
        return stroked([line, line_], pen)
    return stroked([line], pen)


def nibbed(lines: Sequence[Line], pen: float, thin: float) -> Shape:
    """Lines drawn with a broad pen held slanting: strokes that fall to the right are thick, those that rise thin."""
    pieces: list[Line] = []
    widths = []
    for line in lines:
        for start, end in itertools.pairwise(line):
            across, down = end[0] - start[0], end[1] - start[1]
            share = abs(down + 0.5 * across) / (math.hypot(across, down) * 1.12 + 1e-9)
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
        line.append((wide * reach * math.sin(turn), -reach * math.cos(turn)))
    x, y = line[-1]
    out = (wide + dice.between(0.1, 1.2), y + dice.between(-0.3, 0.6))
    lines = [line]
    if 0.2 <= kind < 0.6:
        # a loop inside the round, and out through its side
        deep, left = dice.between(0.2, 1.4), dice.between(0.1, 0.9)
        lines.append(curve((x, y), (x - left, y + deep), (x + 0.3, y + 1.3 * deep), out))
    elif kind < 0.85:
        lines.append(curve((x, y), (x + 0.2, y + dice.between(-0.1, 0.5)), (out[0] - 0.3, out[1] + 0.2), out))
    if dice.chance(0.2):
        lines.append(curve((x - dice.between(0.2, 1.2), y + dice.between(-0.3, 1.8)), (x - 0.1, y + 0.3), line[0]))
    return [[(x - lean * y, y) for x, y in each] for each in lines]


def cursive_x(dice: Dice, pen: float) -> list[Line]:
    """A running hand's x: two bows back to back that touch, cross or nearly touch, or a loop like an alpha's."""
    kind, lean = dice.between(0, 1), dice.between(-0.1, 0.5)

    def near(x: float, y: float, by: float = 0.15) -> Point:
        return x - lean * y + dice.between(-by, by), y + dice.between(-by, by)

    wide = dice.between(0.7, 1.2)
    if kind < 0.15:
        # one line: a bow, and without lifting the pen back up through the middle
        low = dice.between(-0.9, -0.2)
        left = curve(near(-wide, -0.7), near(-0.1, -1.4), near(0.3, 0.4), near(low, 1))
        up = curve(left[-1], near(-0.2, 0.5, 0.1), near(0.3, -0.4, 0.1), near(0.7, -1))
        right = curve(up[-1], near(-0.1, -0.2), near(-0.3, 1.4), near(wide, 0.8)) if dice.chance(0.6) else up[-1:]
        return [left, up, right] if len(right) > 1 else [left, up]
    if kind < 0.3:
        # one line like an alpha: down through the middle, round, and back through it
        down = curve(near(-wide, -0.8), near(-0.3, -1.1), near(0.2, 0.4), near(wide * 0.8, 1))
        back = curve(near(wide, -0.9), near(0.2, -0.6), near(-0.3, 0.9), near(-wide, 0.8))
        joined = dice.chance(0.4)
        round_ = curve(down[-1], near(1.3 * wide, 0.6, 0.1), near(1.3 * wide, -0.5, 0.1), back[0]) if joined else []
        return [down, back, *([round_] if joined else [])]
    if kind < 0.6:
        # a stroke with a hook at both ends, and a bar or a bow across
        high, low = dice.between(0.2, 0.9), dice.between(0.2, 0.9)
        down = curve(near(-wide, -high), near(-0.1, -1.8, 0.25), near(0.1, 1.8, 0.25), near(wide, low))
        across = curve(near(0.9, -0.95), near(0.1, -0.1, 0.3), near(-0.9, 0.95))
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
        top, foot = near(reach, -high, 0.1), near(side * dice.between(0.5, 1.1), low, 0.1)
        # the curve's own middle lies three quarters of the way to its two handles
        pull = (knee - (top[0] + foot[0]) / 8) / 0.75
        line = curve(top, (pull + hook + lean * deep, -deep), (pull - hook - lean * deep, deep), foot, steps=9)
        if dice.chance(0.3):
            line = curled(line[1], top, side * dice.between(0.2, 0.6))[::-1] + line
        if dice.chance(0.3):
            line = line + curled(line[-2], foot, -side * dice.between(0.2, 0.6))
        lines.append(line)
    return lines
