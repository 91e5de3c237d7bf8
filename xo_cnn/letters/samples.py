"""Samples: X's and O's drawn from a seed, shifted, shrunken, rotated, deformed as asked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from xo_cnn.grid import Array

Label = Literal["X", "O"]
Style = Literal["plain", "pen", "type", "wild"]
Amount = float | tuple[float, float]

# A letter lives in the square from -1 to 1 (x to the right, y down). Its shape is a function that takes places
# (x, y) and gives for each how deep it lies in the ink, in units of that square: 0 on the outline, less outside.
Shape = Callable[[Array, Array], Array]
Line = list[tuple[float, float]]
Warp = Callable[[Array, Array], tuple[Array, Array]]


class Dice:
    """Chance from a seed. Only PCG64's plain doubles are drawn: they are the same with every NumPy."""

    def __init__(self, *seed: int) -> None:
        self._draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(list(seed)))).random

    def between(self, low: float, high: float) -> float:
        """Any number from low to high."""
        return low + (high - low) * float(self._draw())

    def chance(self, share: float) -> bool:
        """True in that share of throws."""
        return float(self._draw()) < share

    def amount(self, amount: Amount) -> float:
        """The amount itself, or any from a range of two."""
        return self.between(*amount) if isinstance(amount, tuple) else amount

    def many(self, *shape: int) -> Array:
        """A grid of numbers from 0 to 1."""
        return self._draw(shape)


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
    bend, off = dice.amount(curve), dice.amount(crossing)
    opening = dice.amount(gap)
    if style == "pen":
        shape = _pen_x(dice, pen, bend, off) if label == "X" else _pen_o(dice, pen, opening)
    elif style == "type":
        shape = _type_x(dice, pen, serifs) if label == "X" else _type_o(dice, pen)
    elif label == "X":
        shape = _plain_x(dice, pen, bend, off, serifs)
    else:
        shape = _stroked([_ring(0.0, opening)], pen)
    turn, lean = math.radians(dice.amount(rotate)), math.tan(math.radians(dice.amount(slant)))
    scale = 1 - dice.amount(shrink)
    away, where = 2 * dice.amount(shift), 2 * math.pi * dice.between(0, 1)
    bent = _bent(dice, dice.amount(deform))
    # the letter with its strokes fills 0.8 of the picture
    half = size / 2 * 0.8 * scale / (1 + pen)
    reach = size / 2 * 0.8
    centre = (size / 2 + away * reach * math.cos(where), size / 2 + away * reach * math.sin(where))
    depth = _depth(shape, (size, size), centre, (half, half), turn, lean, bent)
    levels = _inked(depth)
    rough = dice.amount(noise)
    if rough > 0:
        levels = levels + rough * (dice.many(size, size) + dice.many(size, size) - 1)
    return _levels(levels if ink == "white" else 1 - levels)


def _levels(shades: Array) -> Array:
    """Shades from 0 to 1 as grey levels. Rounding first to ten digits hides what libraries of sines differ in."""
    return np.clip(np.round(np.round(shades, 10) * 255), 0, 255).astype(np.uint8)


def _inked(depth: Array) -> Array:
    """How much of each pixel is ink, from its depth in pixels."""
    return np.clip(depth + 0.5, 0, 1)


def _depth(
    shape: Shape,
    size: tuple[int, int],
    centre: tuple[float, float],
    half: tuple[float, float],
    turn: float,
    lean: float,
    bent: Warp,
) -> Array:
    """The depth in ink, in pixels, at the middle of every pixel: each is traced back to its place in the letter."""
    y, x = np.mgrid[0 : size[0], 0 : size[1]] + 0.5
    x, y = x - centre[0], y - centre[1]
    cos, sin = math.cos(turn), math.sin(turn)
    x, y = (cos * x + sin * y) / half[0], (cos * y - sin * x) / half[1]
    x = x + lean * y
    x, y = bent(x, y)
    return shape(x, y) * min(half)


def _bent(dice: Dice, amount: float) -> Warp:
    """A smooth deformation: places move by up to `amount` in waves about as long as the letter."""
    waves = [(dice.between(-2.4, 2.4), dice.between(-2.4, 2.4), dice.between(0, 7)) for _ in range(4)]

    def bent(x: Array, y: Array) -> tuple[Array, Array]:
        if amount == 0:
            return x, y
        moves = [np.sin(a * x + b * y + c) for a, b, c in waves]
        return x + amount / 1.5 * (moves[0] + moves[1]), y + amount / 1.5 * (moves[2] + moves[3])

    return bent


def _curve(*points: tuple[float, float], steps: int = 8) -> Line:
    """A smooth line: a Bézier curve of two, three or four points, as short straight pieces."""
    line = []
    for step in range(steps + 1):
        t, level = step / steps, list(points)
        while len(level) > 1:
            level = [(a + t * (c - a), b + t * (d - b)) for (a, b), (c, d) in itertools.pairwise(level)]
        line.append(level[0])
    return line


def _ring(start: float, gap: float, steps: int = 40) -> Line:
    """A round of radius 1 from the angle `start`, less the share `gap` (more than a round below 0)."""
    turns = [2 * math.pi * (start + gap / 2 + (1 - gap) * step / steps) for step in range(steps + 1)]
    return [(math.sin(turn), -math.cos(turn)) for turn in turns]


def _stroked(lines: list[Line], pen: float | list[float]) -> Shape:
    """The shape of lines drawn with a round pen, `pen` wide as a share of the letter's side (one for all, or each)."""
    widths = pen if isinstance(pen, list) else [pen] * len(lines)

    def shape(x: Array, y: Array) -> Array:
        depth = np.full(x.shape, -9.0)
        for line, width in zip(lines, widths, strict=True):
            nearest = np.full(x.shape, 81.0)
            for (ax, ay), (bx, by) in itertools.pairwise(line):
                ux, uy = bx - ax, by - ay
                px, py = x - ax, y - ay
                along = np.clip((px * ux + py * uy) / (ux * ux + uy * uy + 1e-12), 0, 1)
                px, py = px - along * ux, py - along * uy
                nearest = np.minimum(nearest, px * px + py * py)
            depth = np.maximum(depth, width - np.sqrt(nearest))
        return depth

    return shape


def _plain_x(dice: Dice, pen: float, bend: float, off: float, serifs: bool) -> Shape:
    where = 2 * math.pi * dice.between(0, 1)
    middle = (2 * off * math.cos(where), 2 * off * math.sin(where))
    lines = []
    for corner in (-1.0, 1.0):
        for end in (-1.0, 1.0):
            tip, half = (corner * end, end), (corner * end / 2 + middle[0] / 2, end / 2 + middle[1] / 2)
            lines.append(_curve(middle, (half[0] + 2 * bend * corner * end, half[1] - 2 * bend * end), tip))
    if serifs:
        lines += [[(x - 0.25, y), (x + 0.25, y)] for x in (-1.0, 1.0) for y in (-1.0, 1.0)]
    return _stroked(lines, pen)


def _pen_x(dice: Dice, pen: float, bend: float, off: float) -> Shape:
    """Two strokes by hand: one from end to end, the arms of the other meet it near its middle, each where it likes."""
    sway = 0.1 + bend

    def near(x: float, y: float, by: float) -> tuple[float, float]:
        return x + dice.between(-by, by), y + dice.between(-by, by)

    middle = near(0, 0, 0.12 + off)
    if dice.chance(0.08):
        # back to back: two bows that touch
        lines = []
        for side in (-1.0, 1.0):
            touch = dice.between(-0.1, 0.15) * side
            knee = near(side * -0.15 + touch, middle[1], 0.1)
            lines.append(_curve(near(side, -1, 0.15), knee, knee, near(side, 1, 0.15)))
        return _stroked(lines, pen)
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
        line = _curve(root, knee, (x, y))
        if dice.chance(0.12):
            # the pen curls at the end
            turn = dice.between(0.15, 0.5) * (1 if dice.chance(0.5) else -1)
            ox, oy = x - knee[0], y - knee[1]
            length = math.hypot(ox, oy) + 0.01
            ox, oy = ox / length, oy / length
            line += _curve(
                (x, y),
                (x + 0.3 * ox - turn * oy, y + 0.3 * oy + turn * ox),
                (x - 0.1 * ox - 1.6 * turn * oy, y - 0.1 * oy + 1.6 * turn * ox),
                steps=4,
            )[1:]
        lines.append(line)
    if dice.chance(0.06):
        # the pen does not lift between the strokes
        lines.append([tips[1], tips[3]] if dice.chance(0.5) else [tips[0], tips[2]])
    return _stroked(lines, pen)


def _pen_o(dice: Dice, pen: float, gap: float) -> Shape:
    """A round by hand: squarish, pointed or dented, its ends a little off each other, open or with a tail."""
    start = dice.between(0, 1) if dice.chance(0.4) else dice.between(-0.12, 0.15)
    power = dice.between(1.7, 5) if dice.chance(0.5) else 2.0
    dents = [(k, dice.between(0, 0.22 / k), dice.between(0, 6.3)) for k in (1, 2, 3)]
    miss = dice.between(-0.25, 0.25) if dice.chance(0.5) else 0.0
    line = []
    ring = _ring(start, gap)
    for step, (x, y) in enumerate(ring):
        turn = math.atan2(y, x)
        reach = (abs(x) ** power + abs(y) ** power) ** (-1 / power)
        reach *= 1 + sum(share * math.cos(k * turn + phase) for k, share, phase in dents)
        reach *= 1 + miss * (step / (len(ring) - 1) - 0.5)
        line.append((reach * x, reach * y))
    lines = [line]
    if dice.chance(0.3):
        # a tail: the pen runs on inside, outside, or arrives with a stroke
        x, y = line[-1] if dice.chance(0.5) else line[0]
        out = dice.between(0.15, 0.75) * (1 if dice.chance(0.5) else -1)
        side = dice.between(-0.6, 0.6)
        lines.append(
            _curve(
                (x, y),
                (x + 0.5 * out * x - 0.7 * side * y, y + 0.5 * out * y + 0.7 * side * x),
                (x + out * x - side * y, y + out * y + side * x),
                steps=4,
            )
        )
    return _stroked(lines, pen)


def _type_x(dice: Dice, pen: float, serifs: bool) -> Shape:
    """An X of a typeface: a thick and a thin bar, cut off level, with or without serifs."""
    thin = pen * (dice.between(0.25, 1) if dice.chance(0.5) else 1.0)
    wide = dice.between(0.6, 1)
    waist = dice.between(-0.15, 0.1)
    split = dice.between(-0.1, 0.1) if dice.chance(0.3) else 0.0
    lines = [[(-wide, -1.2), (wide, 1.2)], [(0.85 * wide, -1.2), (split, waist)], [(-split, waist), (-wide, 1.2)]]
    widths = [pen, thin, thin]
    if serifs:
        length, slab = dice.between(0.2, 0.45), dice.between(0.05, 0.5) * pen
        for x, y in ((-wide, -1.0), (wide, 1.0), (0.85 * wide, -1.0), (-wide, 1.0)):
            lines.append([(x - length, y - slab * math.copysign(1, y)), (x + length, y - slab * math.copysign(1, y))])
            widths.append(slab)
    elif dice.chance(0.3):
        # script: bars end in curls, the thin one more than the thick
        curl, tip = dice.between(0.1, 0.5), dice.between(0.3, 1.0)
        for side, bar in ((1.0, thin), (-1.0, thin), (1.0, -thin), (-1.0, -thin)):
            if bar > 0 or dice.chance(0.4):
                x, y = side * math.copysign(wide, bar), -side
                lines.append(_curve((0.7 * x, 0.75 * y), (x, 1.15 * y), ((1 + curl) * x, tip * y)))
                widths.append(max(0.03, dice.between(0.8, 1.6) * thin))
    strokes = _stroked(lines, widths)

    def shape(x: Array, y: Array) -> Array:
        return np.asarray(np.minimum(strokes(x, y), 1 - np.abs(y)))

    return shape


def _type_o(dice: Dice, pen: float) -> Shape:
    """An O of a typeface: one round within another, thicker at its sides or along a slanting axis."""
    power = dice.between(1.9, 4) if dice.chance(0.4) else 2.0
    wide = dice.between(0.5, 1)
    side = min(1.1 * pen, 0.42 * wide)
    top = side * (dice.between(0.25, 1) if dice.chance(0.5) else 1.0)
    tilt = dice.between(-0.6, 0.6) if dice.chance(0.4) else 0.0
    cos, sin = math.cos(tilt), math.sin(tilt)

    def round_(x: Array, y: Array, a: float, b: float) -> Array:
        return (1 - ((np.abs(x) / a) ** power + (np.abs(y) / b) ** power) ** (1 / power)) * min(a, b)

    def shape(x: Array, y: Array) -> Array:
        inside = round_(cos * x + sin * y, cos * y - sin * x, wide - 2 * side, 1 - 2 * top)
        return np.minimum(round_(x, y, wide, 1.0), -inside)

    tail = _stroked([_curve((0.5 * wide, -0.8), (1.1 * wide, -0.6), (wide + 0.5, -1.1))], max(0.06, top))
    if dice.chance(0.08):
        return lambda x, y: np.maximum(shape(x, y), tail(x, y))
    return shape


def _cut(dice: Dice, shape: Shape, pen: float) -> Shape:
    """A stencil's bridges, an outline's hollow, or a dry brush's streaks."""
    kind, turn = dice.between(0, 3), dice.between(0, math.pi)
    cos, sin, width = math.cos(turn), math.sin(turn), dice.between(0.02, 0.1)
    if kind < 1:
        return lambda x, y: np.minimum(shape(x, y), np.abs(cos * x + sin * y) - width)
    if kind < 2:
        return lambda x, y: np.minimum(shape(x, y), pen * (0.3 + 2 * width) - shape(x, y))
    often = dice.between(6, 20)
    return lambda x, y: shape(x, y) - pen * (0.4 + 0.8 * np.sin(often * (cos * x + sin * y)) * np.sin(3 * (x - y)))


def _wild(label: Label, dice: Dice, size: int) -> Array:
    """A letter as the world has them: any pen or typeface, size, place, turn, ink, paper and light."""
    side = max(8, round(size * (dice.between(0.2, 0.45) if dice.chance(0.35) else dice.between(0.45, 1))))
    typed = dice.chance(0.35)
    if typed:
        pen = dice.between(0.04, 0.34)
        shape = _type_x(dice, pen, dice.chance(0.3)) if label == "X" else _type_o(dice, pen)
        if dice.chance(0.12) and pen > 0.12:
            shape = _cut(dice, shape, pen)
    else:
        pen = dice.between(0.03, 0.12) if dice.chance(0.7) else dice.between(0.12, 0.3)
        if label == "X":
            # many a hand crosses its strokes near one side, as in a k
            off = dice.between(0.2, 0.75) if dice.chance(0.35) else dice.between(0, 0.25)
            shape = _pen_x(dice, pen, dice.between(0, 0.25), off)
        else:
            gap = dice.between(-0.15, 0.05) if dice.chance(0.7) else dice.between(0.05, 0.25)
            shape = _pen_o(dice, pen, gap)
            if dice.chance(0.1):
                shape = _cut(dice, shape, pen)
    turn = dice.between(-math.pi, math.pi) if dice.chance(0.5) else dice.between(-0.25, 0.25)
    lean = dice.between(-0.5, 0.5) if dice.chance(0.5) else 0.0
    bent = _bent(dice, dice.between(0, 0.35) if dice.chance(0.6) else 0.0)
    narrow = dice.between(0.4, 1) if dice.chance(0.6) else 1.0
    half = (side / 2 * narrow, side / 2) if dice.chance(0.75) else (side / 2, side / 2 * narrow)
    if not typed:
        # a pen leaves a line of at least a pixel
        least = 0.55 / min(half)
        inner = shape
        if pen < least:
            shape = lambda x, y: inner(x, y) + (least - pen)  # noqa: E731
    span = 2 * side
    depth = _depth(shape, (span, span), (side, side), half, turn, lean, bent)
    shades = _inked(depth)
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
