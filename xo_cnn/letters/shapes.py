"""Shapes of ink: how deep each place lies in it, and the pixels that they become."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice

# A letter lives in the square from -1 to 1 (x to the right, y down). Its shape is a function that takes places
# (x, y) and gives for each how deep it lies in the ink, in units of that square: 0 on the outline, less outside.
Shape = Callable[[Array, Array], Array]
Line = list[complex]  # its places, x + y·i: turning one by a right angle is to multiply it by i
Warp = Callable[[Array, Array], tuple[Array, Array]]


def straight(x: Array, y: Array) -> tuple[Array, Array]:
    """No deformation: places stay where they are."""
    return x, y


def bent(dice: Dice, amount: float) -> Warp:
    """A smooth deformation: places move by up to `amount` in waves about as long as the letter."""
    waves = [(dice.between(-2.4, 2.4), dice.between(-2.4, 2.4), dice.between(0, 7)) for _ in range(4)]

    def bent(x: Array, y: Array) -> tuple[Array, Array]:
        moves = [np.sin(a * x + b * y + c) for a, b, c in waves]
        return x + amount / 1.5 * (moves[0] + moves[1]), y + amount / 1.5 * (moves[2] + moves[3])

    return straight if amount == 0 else bent


def curve(*points: complex, steps: int = 8) -> Line:
    """A smooth line: a Bézier curve of two, three or four points, as short straight pieces."""
    line = []
    for step in range(steps + 1):
        t, level = step / steps, list(points)
        while len(level) > 1:
            level = [start + t * (end - start) for start, end in itertools.pairwise(level)]
        line.append(level[0])
    return line


def ring(start: float, gap: float, steps: int = 40) -> Line:
    """A round of radius 1 from the angle `start`, less the share `gap` (more than a round below 0)."""
    turns = [2 * math.pi * (start + gap / 2 + (1 - gap) * step / steps) for step in range(steps + 1)]
    return [complex(math.sin(turn), -math.cos(turn)) for turn in turns]


def stroked(lines: list[Line], pen: float | list[float]) -> Shape:
    """The shape of lines drawn with a round pen, `pen` wide as a share of the letter's side (one for all, or each)."""
    widths = pen if isinstance(pen, list) else [pen] * len(lines)

    def shape(x: Array, y: Array) -> Array:
        depth = np.full(x.shape, -9.0)
        for line, width in zip(lines, widths, strict=True):
            nearest = np.full(x.shape, 81.0)
            for start, end in itertools.pairwise(line):
                ux, uy = end.real - start.real, end.imag - start.imag
                px, py = x - start.real, y - start.imag
                along = np.clip((px * ux + py * uy) / (ux * ux + uy * uy + 1e-12), 0, 1)
                px, py = px - along * ux, py - along * uy
                nearest = np.minimum(nearest, px * px + py * py)
            depth = np.maximum(depth, width - np.sqrt(nearest))
        return depth

    return shape


@dataclass(frozen=True)
class Glyph:
    """A letter's shape, and how wide half a thick stroke and half a thin one is, in the letter's own square."""

    shape: Shape
    pen: float
    thin: float = math.inf


@dataclass(frozen=True)
class Place:
    """How a letter is turned (radians), leaning, bent and stretched: `half` its rows and columns in pixels."""

    half: tuple[float, float]
    turn: float
    lean: float
    bend: Warp


def traced(
    glyph: Glyph, place: Place, rows: tuple[int, int], columns: tuple[int, int], centre: tuple[float, float]
) -> Array:
    """The depth in ink, in pixels, of the pixels of `rows` and `columns`; the letter's middle at `centre` (x, y)."""
    y, x = np.mgrid[rows[0] : rows[1], columns[0] : columns[1]] + 0.5
    x, y = x - centre[0], y - centre[1]
    cos, sin = math.cos(place.turn), math.sin(place.turn)
    x, y = (cos * x + sin * y) / place.half[0], (cos * y - sin * x) / place.half[1]
    x, y = place.bend(x + place.lean * y, y)
    depth = glyph.shape(x, y) * min(place.half)
    # the thinnest line is about a pixel wide
    return np.asarray(depth + max(0.0, 0.55 - glyph.thin * min(place.half)))


def cover(depth: Array, soft: float = 1.0) -> Array:
    """How much of each pixel is ink, from its depth in pixels; `soft` is how wide its edge is."""
    return np.clip(depth / soft + 0.5, 0, 1)


def as_bytes(shades: Array) -> NDArray[np.uint8]:
    """Shades from 0 to 1 as levels. Rounding first to nine digits hides what libraries of sines differ in."""
    return np.clip(np.round(np.round(shades, 9) * 255), 0, 255).astype(np.uint8)
