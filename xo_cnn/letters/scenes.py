"""What stands round a letter: boards, boxes and rings, ruled and squared paper, neighbours, edges, dirt."""

from __future__ import annotations

import math

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.paint import Colour, cover, mixed
from xo_cnn.letters.placed import Laid, Place, any_glyph, penned


def _line(
    laid: Laid, at: tuple[float, float], turn: float, width: float, ends: tuple[float, float], bow: float
) -> Array:
    """The depth of a line through `at` (x, y) that runs from ends[0] to ends[1] pixels along it, bowed a little."""
    y, x = np.ogrid[0 : laid.depth.shape[0], 0 : laid.depth.shape[1]]
    x, y = x + 0.5 - at[0], y + 0.5 - at[1]
    along = math.cos(turn) * x + math.sin(turn) * y
    across = math.cos(turn) * y - math.sin(turn) * x
    length = max(1.0, ends[1] - ends[0])
    across = across + bow * (along / length) ** 2 * length
    beyond = np.maximum(np.maximum(ends[0] - along, along - ends[1]), 0)
    return np.asarray(width - np.sqrt(across * across + beyond * beyond))


def board(dice: Dice, colours: Array, laid: Laid, ink: Colour) -> Array:
    """Lines of a board round the letter, and parts of its neighbours as far as the picture goes."""
    top, bottom, left, right = laid.box
    middle = ((left + right) / 2, (top + bottom) / 2)
    size = max(bottom - top, right - left)
    room = dice.between(1.15, 2.2)
    cell = (room * (right - left if dice.chance(0.4) else size), room * (bottom - top if dice.chance(0.4) else size))
    turn = dice.between(-0.15, 0.15) if dice.chance(0.8) else dice.between(-0.8, 0.8)
    pen = max(0.5, laid.glyph.pen * min(laid.place.half))
    width = min(pen * dice.between(0.4, 1.7), size * 0.2) + 0.15
    paint = ink if dice.chance(0.65) else np.clip(ink + dice.between(-0.2, 0.6) * (dice.many(3)), 0, 1)
    off = (dice.between(-0.12, 0.12) * cell[0], dice.between(-0.12, 0.12) * cell[1])
    closed = dice.chance(0.35)
    depth = np.full(laid.depth.shape, -99.0)
    cos, sin = math.cos(turn), math.sin(turn)
    for side in range(4):
        if not (closed or dice.chance(0.65)):
            continue
        sign, level = (1 if side % 2 else -1), side < 2
        far = sign * (cell[1] if level else cell[0]) / 2
        x, y = (off[0], far + off[1]) if level else (far + off[0], off[1])
        at = (middle[0] + cos * x - sin * y, middle[1] + sin * x + cos * y)
        half = (cell[0] if level else cell[1]) / 2
        ends = tuple(end * half * (1 + dice.between(-0.05, 0.25) if dice.chance(0.4) else 9) for end in (-1, 1))
        tilt = turn + dice.between(-0.06, 0.06) + (0 if level else math.pi / 2)
        depth = np.maximum(depth, _line(laid, at, tilt, width, ends, dice.between(-0.05, 0.05)))  # type: ignore[arg-type]
    colours = mixed(colours, paint, cover(depth))
    return neighbours(dice, colours, laid, ink, cell, turn)


def neighbours(dice: Dice, colours: Array, laid: Laid, ink: Colour, cell: tuple[float, float], turn: float) -> Array:
    """Letters in the cells round this one, of the same pen."""
    top, bottom, left, right = laid.box
    middle = ((left + right) / 2, (top + bottom) / 2)
    cos, sin = math.cos(turn), math.sin(turn)
    for down, across in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1)):
        if not dice.chance(0.4 if down == 0 or across == 0 else 0.2):
            continue
        x, y = across * cell[0] + dice.between(-0.1, 0.1) * cell[0], down * cell[1] + dice.between(-0.1, 0.1) * cell[1]
        at = (middle[0] + cos * x - sin * y, middle[1] + sin * x + cos * y)
        place = Place(laid.place.half, laid.place.turn + dice.between(-0.2, 0.2), laid.place.lean, laid.place.bend)
        label = "X" if dice.chance(0.5) else "O"
        reach = max(place.half)
        if not (-reach < at[0] < laid.depth.shape[1] + reach and -reach < at[1] < laid.depth.shape[0] + reach):
            continue
        depth = laid.beside(penned(label, dice, laid.glyph.pen), place, at)
        colours = mixed(colours, ink, cover(depth))
    return colours


def box_or_ring(dice: Dice, colours: Array, laid: Laid, ink: Colour) -> Array:
    """A box, a rounded box or a ring round the letter, drawn in its ink or another."""
    top, bottom, left, right = laid.box
    y, x = np.mgrid[0 : laid.depth.shape[0], 0 : laid.depth.shape[1]] + 0.5
    x, y = x - (left + right) / 2, y - (top + bottom) / 2
    room = dice.between(1.12, 1.7)
    half = (room * (right - left) / 2 + 2, room * (bottom - top) / 2 + 2)
    if dice.chance(0.6):
        half = (max(half), max(half))
    power = dice.between(1.9, 2.2) if dice.chance(0.4) else dice.between(4, 14)
    if power < 3:
        half = (1.25 * half[0], 1.25 * half[1])
    away = ((np.abs(x) / half[0]) ** power + (np.abs(y) / half[1]) ** power) ** (1 / power)
    depth = np.round((1 - away) * min(half), 6)
    pen = max(0.6, laid.glyph.pen * min(laid.place.half))
    width = pen * dice.between(0.3, 1.5) + 0.3
    if dice.chance(0.3):
        # turned a little: one side comes nearer
        depth = depth + dice.between(-0.1, 0.1) * x + dice.between(-0.1, 0.1) * y
    paint = ink if dice.chance(0.7) else np.clip(ink + 0.5 * (dice.many(3) - 0.5), 0, 1)
    return mixed(colours, paint, cover(width - np.abs(depth)))


def ruled(dice: Dice, colours: Array, side: float, ink: Colour) -> Array:
    """Ruled or squared paper, faint to strong."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[0:height, 0:width] + 0.5
    turn = dice.between(-0.1, 0.1) if dice.chance(0.7) else dice.between(-0.8, 0.8)
    x, y = math.cos(turn) * x + math.sin(turn) * y, math.cos(turn) * y - math.sin(turn) * x
    step = max(3.0, side * (dice.between(0.12, 0.5) if dice.chance(0.6) else dice.between(0.5, 1.3)))
    line, paint, strong = dice.between(0.3, 0.9), _faint(dice, ink), dice.between(0.1, 0.8)
    depth = line - np.abs((y + dice.between(0, step)) % step - step / 2)
    if dice.chance(0.7):
        depth = np.maximum(depth, line - np.abs((x + dice.between(0, step)) % step - step / 2))
    return mixed(colours, paint, strong * cover(depth))


def _faint(dice: Dice, ink: Colour) -> Colour:
    return ink if dice.chance(0.3) else np.array([dice.between(0.2, 0.7), dice.between(0.3, 0.7), dice.between(0.5, 1)])


def clutter(dice: Dice, colours: Array, laid: Laid, ink: Colour) -> Array:
    """Strips along the edges, edges of tables and pages, corners of other letters, dirt."""
    top, bottom, left, right = laid.box
    height, width = laid.depth.shape
    for _ in range(int(dice.between(1, 4))):
        kind = int(dice.between(0, 4))
        paint = ink if dice.chance(0.5) else dice.many(3)
        edge = int(dice.between(0, 4))
        free = (top, height - bottom, left, width - right)[edge]
        if kind == 0 and free >= 2:
            # a strip along an edge
            strip, tilt = dice.between(0.2, 0.8) * free, dice.between(-0.08, 0.08)
            y, x = np.ogrid[0:height, 0:width]
            away = (y, height - 1 - y, x, width - 1 - x)[edge]
            along = (x / 1.0, x / 1.0, y / 1.0, y / 1.0)[edge]
            colours = mixed(
                colours,
                paint,
                cover(np.minimum(strip, free - 1.0) + 0 * laid.depth - away + tilt * (along - along.mean())),
            )
        elif kind == 1 and free >= 3:
            # a piece of a neighbour
            x = (left + right) / 2 + dice.between(-0.3, 0.3) * (right - left)
            y = (top + bottom) / 2 + dice.between(-0.3, 0.3) * (bottom - top)
            reach = max(laid.place.half)
            away = free + reach * dice.between(0.2, 0.8)
            at = ((x, top - away + 0), (x, bottom + away), (left - away, y), (right + away, y))[edge]
            place = Place(laid.place.half, dice.between(-0.3, 0.3), 0.0, laid.place.bend)
            depth = laid.beside(penned("XO"[dice.chance(0.5)], dice, laid.glyph.pen), place, at)
            colours = mixed(colours, paint, cover(np.minimum(depth, -laid.depth - 2)))
        elif kind == 2:
            specks = dice.many(height, width) < dice.between(0, 0.01)
            colours = np.where(specks[..., None], paint, colours)
        elif kind == 3 and free >= 3:
            # letters or scribble along an edge
            for _ in range(int(dice.between(1, 5))):
                size = min(free * 0.4, dice.between(2, 10))
                x, y = dice.between(0, width), dice.between(0, height)
                at = ((x, size), (x, height - size), (size, y), (width - size, y))[edge]
                place = Place((size, size), dice.between(-0.3, 0.3), 0.0, laid.place.bend)
                colours = mixed(colours, paint, cover(laid.beside(any_glyph("XO"[dice.chance(0.5)], dice), place, at)))
    return colours
