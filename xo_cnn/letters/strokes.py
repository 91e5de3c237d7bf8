"""X's and O's as pens draw them."""

from __future__ import annotations

import math

from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Line, Point, Shape, curve, ring, stroked


def plain_x(dice: Dice, pen: float) -> Shape:
    """Two straight strokes from corner to corner."""
    dice.chance(1)  # a throw that decides nothing, so that what the seed draws next stays what it was
    return stroked([[(-1.0, -1.0), (1.0, 1.0)], [(-1.0, 1.0), (1.0, -1.0)]], pen)


def plain_o(dice: Dice, pen: float) -> Shape:
    """A ring."""
    return stroked([ring(0.0, 0.0)], pen)


def curled(before: Point, tip: Point, turn: float) -> Line:
    """How a line that comes from `before` goes on beyond its tip in a curl: clockwise, or below 0 the other way."""
    (x, y), ox, oy = tip, tip[0] - before[0], tip[1] - before[1]
    length = math.hypot(ox, oy) + 0.01
    ox, oy = ox / length, oy / length
    return curve(
        tip,
        (x + 0.3 * ox - turn * oy, y + 0.3 * oy + turn * ox),
        (x - 0.1 * ox - 1.6 * turn * oy, y - 0.1 * oy + 1.6 * turn * ox),
        steps=4,
    )[1:]


def pen_x(dice: Dice, pen: float, bend: float = 0.0, off: float = 0.0) -> Shape:
    """Two strokes by hand: one from end to end, the arms of the other meet it near its middle, each where it likes."""
    sway = 0.1 + bend

    def near(x: float, y: float, by: float) -> Point:
        return x + dice.between(-by, by), y + dice.between(-by, by)

    middle = near(0, 0, 0.12 + off)
    if dice.chance(0.08):
        # back to back: two bows that touch
        lines = []
        for side in (-1.0, 1.0):
            touch = dice.between(-0.1, 0.15) * side
            knee = near(side * -0.15 + touch, middle[1], 0.1)
            lines.append(curve(near(side, -1, 0.15), knee, knee, near(side, 1, 0.15)))
        return stroked(lines, pen)
    tips = [near(x, y, 0.2) for x, y in ((-1, -1), (1, 1), (1, -1), (-1, 1))]
    if dice.chance(0.5):
        # an arm or two fall short
        for _ in range(2):
            arm, keep = int(dice.between(0, 4)), dice.between(0.4, 1)
            tips[arm] = (
                middle[0] + keep * (tips[arm][0] - middle[0]),
                middle[1] + keep * (tips[arm][1] - middle[1]),
            )
    split = dice.between(-0.25, 0.25) if dice.chance(0.4) else 0.0
    lines = []
    for arm, (x, y) in enumerate(tips):
        step = split / 2 * (1 if arm == 2 else -1) if arm > 1 else 0.0
        along = (tips[1][0] - tips[0][0], tips[1][1] - tips[0][1])
        root = (middle[0] + step * along[0], middle[1] + step * along[1])
        knee = near((x + root[0]) / 2, (y + root[1]) / 2, sway)
        line = curve(root, knee, (x, y))
        if dice.chance(0.12):
            # the pen curls at the end
            turn = dice.between(0.15, 0.5) * (1 if dice.chance(0.5) else -1)
            line += curled(knee, (x, y), turn)
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
    for step, (x, y) in enumerate(round_):
        turn = math.atan2(y, x)
        reach = (abs(x) ** power + abs(y) ** power) ** (-1 / power)
        reach *= 1 + sum(share * math.cos(k * turn + phase) for k, share, phase in dents)
        reach *= 1 + miss * (step / (len(round_) - 1) - 0.5)
        line.append((reach * x, reach * y))
    lines = [line]
    if dice.chance(0.3):
        # a tail: the pen runs on inside, outside, or arrives with a stroke
        x, y = line[-1] if dice.chance(0.5) else line[0]
        out = dice.between(0.15, 0.75) * (1 if dice.chance(0.5) else -1)
        side = dice.between(-0.6, 0.6)
        lines.append(
            curve(
                (x, y),
                (x + 0.5 * out * x - 0.7 * side * y, y + 0.5 * out * y + 0.7 * side * x),
                (x + out * x - side * y, y + out * y + side * x),
                steps=4,
            )
        )
    return stroked(lines, pen)
