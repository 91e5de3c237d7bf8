"""What stands round a letter: boards and neighbours, boxes and rings, ruled paper."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tools.paint import Colour, mixed
from tools.placed import FAR, Laid, like, penned
from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import cover

# what lays things round a letter on the picture, given the letter's ink
Scene = Callable[[Dice, Array, Laid, Colour], Array]


def board(dice: Dice, colours: Array, laid: Laid, ink: Colour) -> Array:
    """Lines of a board round the letter, and parts of its neighbours as far as the picture goes."""
    room = dice.between(0.85, 1.15) if dice.chance(0.5) else dice.between(1.15, 2.2)
    tall, wide = laid.size
    large = max(tall, wide)
    cell = (room * (wide if dice.chance(0.4) else large), room * (tall if dice.chance(0.4) else large))
    turn = dice.between(-0.15, 0.15) if dice.chance(0.8) else dice.between(-0.8, 0.8)
    width = min(max(0.5, laid.stroke) * dice.between(0.4, 2.2), large * 0.2) + 0.15
    paint = ink if dice.chance(0.65) else np.clip(ink + dice.between(-0.2, 0.6) * dice.many(3), 0, 1)
    off = (dice.between(-0.12, 0.12) * cell[0], dice.between(-0.12, 0.12) * cell[1])
    closed = dice.chance(0.35)
    depth = np.full(laid.depth.shape, FAR)
    for edge in range(4):
        if not (closed or dice.chance(0.65)):
            continue
        sign, level = (1 if edge % 2 else -1), edge < 2
        far = sign * (cell[1] if level else cell[0]) / 2
        at = laid.turned((off[0], far + off[1]) if level else (far + off[0], off[1]), turn)
        half = (cell[0] if level else cell[1]) / 2
        # a line ends at the corner, or runs on
        ends = [half * (1 + dice.between(-0.05, 0.25) if dice.chance(0.4) else 9) for _ in range(2)]
        tilt = turn + dice.between(-0.06, 0.06) + (0 if level else math.pi / 2)
        line = _line(laid, at, tilt, (-ends[0], ends[1]), dice.between(-0.05, 0.05))
        depth = np.maximum(depth, width - line)
    colours = mixed(colours, paint, cover(depth))
    apart = (max(cell[0], 1.2 * wide), max(cell[1], 1.2 * tall))
    return _neighbours(dice, colours, laid, ink, apart, turn)


def _line(laid: Laid, at: tuple[float, float], turn: float, ends: tuple[float, float], bow: float) -> Array:
    """How far each pixel is from a line through `at` (x, y), from ends[0] to ends[1] along it, bowed a little."""
    y, x = np.ogrid[0 : laid.depth.shape[0], 0 : laid.depth.shape[1]]
    x, y = x + 0.5 - at[0], y + 0.5 - at[1]
    along = math.cos(turn) * x + math.sin(turn) * y
    across = math.cos(turn) * y - math.sin(turn) * x
    length = max(1.0, ends[1] - ends[0])
    across = across + bow * (along / length) ** 2 * length
    beyond = np.maximum(np.maximum(ends[0] - along, along - ends[1]), 0)
    return np.asarray(np.sqrt(across * across + beyond * beyond))


def _neighbours(dice: Dice, colours: Array, laid: Laid, ink: Colour, cell: tuple[float, float], turn: float) -> Array:
    """Letters in the cells round this one, of the same pen."""
    for down, across in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1)):
        if not dice.chance(0.4 if down == 0 or across == 0 else 0.2):
            continue
        place = ((across + dice.between(-0.1, 0.1)) * cell[0], (down + dice.between(-0.1, 0.1)) * cell[1])
        glyph = penned("XO"[dice.chance(0.5)], dice, laid.glyph.pen)
        depth = laid.beside(glyph, like(laid.place, dice), laid.turned(place, turn))
        colours = mixed(colours, ink, cover(depth))
    return colours


def box_or_ring(dice: Dice, colours: Array, laid: Laid, ink: Colour) -> Array:
    """A box, a rounded box or a ring round the letter, drawn in its ink or another."""
    x, y = laid.from_middle()
    touching = dice.chance(0.6)
    room = dice.between(0.85, 1.2) if touching else dice.between(1.2, 1.65)
    half = (room * laid.size[1] / 2, room * laid.size[0] / 2)
    if dice.chance(0.5):
        half = (max(half), max(half))
    power = dice.between(1.9, 2.2) if dice.chance(0.5) else dice.between(4, 20)
    if power < 3:
        wider = dice.between(1.05, 1.25)
        half = (wider * half[0], wider * half[1])
    depth = _round(x, y, half, power)
    if dice.chance(0.3):
        # turned a little: one side comes nearer
        depth = depth + dice.between(-0.1, 0.1) * x + dice.between(-0.1, 0.1) * y
    width = max(0.6, laid.stroke) * dice.between(0.3, 1.5) + 0.3
    paint = ink if dice.chance(0.7) else np.clip(ink + 0.5 * (dice.many(3) - 0.5), 0, 1)
    return mixed(colours, paint, cover(width - np.abs(depth)))


def _round(x: Array, y: Array, half: tuple[float, float], power: float) -> Array:
    """The depth in a superellipse: a disc for the power 2, nearly a box for 10."""
    away = ((np.abs(x) / half[0]) ** power + (np.abs(y) / half[1]) ** power) ** (1 / power)
    return np.asarray((1 - away) * min(half))


def ruled(dice: Dice, colours: Array, laid: Laid, ink: Colour) -> Array:
    """Ruled or squared paper, faint to strong."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[0:height, 0:width] + 0.5
    turn = dice.between(-0.1, 0.1) if dice.chance(0.7) else dice.between(-0.8, 0.8)
    x, y = math.cos(turn) * x + math.sin(turn) * y, math.cos(turn) * y - math.sin(turn) * x
    share = dice.between(0.12, 0.5) if dice.chance(0.6) else dice.between(0.5, 1.3)
    step = max(3.0, 2 * max(laid.place.half) * share)
    if dice.chance(0.4):
        # as strong as the letter, which stands on a line or is crossed by some
        line, strong = min(max(0.6, laid.stroke) * dice.between(0.3, 1.1), 0.2 * step), 1.0
    else:
        line, strong = dice.between(0.2, min(0.9, 0.15 * step)), dice.between(0.1, 0.8)
    paint = ink if dice.chance(0.4) else np.array([0.3, 0.4, 0.6]) + 0.4 * (dice.many(3) - 0.5)
    depth = line - np.abs((y + dice.between(0, step)) % step - step / 2)
    if dice.chance(0.5):
        depth = np.maximum(depth, line - np.abs((x + dice.between(0, step)) % step - step / 2))
    return mixed(colours, paint, strong * cover(depth))


def clutter(dice: Dice, colours: Array, laid: Laid, ink: Colour) -> Array:
    """Strips along the edges, parts of neighbours, dirt: some of them."""
    for _ in range(int(dice.between(1, 4))):
        kind = (_strip, _piece, _dirt)[int(dice.between(0, 3))]
        paint = ink if dice.chance(0.5) else dice.many(3)
        colours = kind(dice, colours, laid, paint)
    return colours


def _strip(dice: Dice, colours: Array, laid: Laid, paint: Colour) -> Array:
    """A strip along one edge of the picture, or all round: of a table, a page, a frame; its edge may be ragged."""
    height, width = laid.depth.shape
    edges = range(4) if dice.chance(0.25) else [int(dice.between(0, 4))]
    y, x = np.ogrid[0:height, 0:width]
    for edge in edges:
        wide = dice.between(0.1, 0.8) * laid.free[edge]
        away = (y, height - 1 - y, x, width - 1 - x)[edge]
        along = (x, y)[edge // 2]
        tilt = dice.between(-0.08, 0.08) * (along - along.mean())
        rough = dice.many(*along.shape) * dice.between(0, 2) if dice.chance(0.3) else 0.0
        colours = mixed(colours, paint, cover(np.minimum(wide - away + tilt + rough, -1 - laid.depth)))
    return colours


def _piece(dice: Dice, colours: Array, laid: Laid, paint: Colour) -> Array:
    """A part of a neighbour that comes in at one edge."""
    edge = int(dice.between(0, 4))
    tall, wide = laid.size
    away = laid.free[edge] + max(laid.place.half) * dice.between(0.2, 0.8)
    along = dice.between(-0.3, 0.3)
    place = (
        (along * wide, -tall / 2 - away),
        (along * wide, tall / 2 + away),
        (-wide / 2 - away, along * tall),
        (wide / 2 + away, along * tall),
    )[edge]
    glyph = penned("XO"[dice.chance(0.5)], dice, laid.glyph.pen)
    depth = laid.beside(glyph, like(laid.place, dice), laid.turned(place, 0.0))
    return mixed(colours, paint, cover(np.minimum(depth, -2 - laid.depth)))


def _dirt(dice: Dice, colours: Array, laid: Laid, paint: Colour) -> Array:
    """Specks."""
    specks = dice.many(*laid.depth.shape) < dice.between(0, 0.01)
    return np.where(specks[..., None], paint, colours)
