"""Ink and ground in colours: flat, hollow, rimmed, bevelled, glossy, glowing, textured."""

from __future__ import annotations

import math

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice

Colour = Array  # red, green and blue from 0 to 1


def luma(colour: Array) -> Array:
    """How light colours are."""
    return np.asarray(0.299 * colour[..., 0] + 0.587 * colour[..., 1] + 0.114 * colour[..., 2])


def any_colour(dice: Dice) -> Colour:
    """Grey, pure, or anything."""
    kind = dice.between(0, 1)
    if kind < 0.3:
        level = dice.between(0, 1) if dice.chance(0.5) else float(dice.chance(0.5))
        return np.full(3, level)
    colour = dice.many(3)
    if kind < 0.7:
        # pure: one part stays as it is, the others are pushed to the ends
        colour = np.clip(0.5 + (colour - 0.5) * 3, 0, 1)
    return colour


def two_colours(dice: Dice, least: float = 0.25) -> tuple[Colour, Colour]:
    """An ink and a ground that an eye tells apart: by light, or (one in eight) by hue alone."""
    if dice.chance(0.12):
        return one_light(dice)
    while True:
        ink, ground = any_colour(dice), any_colour(dice)
        if abs(float(luma(ink) - luma(ground))) > least:
            return ink, ground


def one_light(dice: Dice) -> tuple[Colour, Colour]:
    """Two colours of about the same light and of different hue."""
    while True:
        ink, ground = dice.many(3), dice.many(3)
        ground = ground + (luma(ink) - luma(ground))
        if ground.min() >= 0 and ground.max() <= 1 and np.abs(ink - ground).max() > 0.45:
            return ink, ground


def cover(depth: Array, soft: float = 1.0) -> Array:
    """How much of each pixel is ink, from its depth in pixels; `soft` is how wide its edge is."""
    return np.clip(depth / soft + 0.5, 0, 1)


def mixed(below: Array, colour: Array, share: Array) -> Array:
    """Colours, with so large a share of another laid over them."""
    return below + share[..., None] * (colour - below)


def texture(dice: Dice, shape: tuple[int, int]) -> Array:
    """Something that varies over the picture, from -1 to 1: noise, coarse noise, stripes, dots, wood, a slope."""
    kind = int(dice.between(0, 6))
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(float)
    turn = dice.between(0, math.pi)
    along, across = math.cos(turn) * x + math.sin(turn) * y, math.cos(turn) * y - math.sin(turn) * x
    if kind == 0:
        return 2 * dice.many(*shape) - 1
    if kind == 1:
        step = int(dice.between(2, 7))
        coarse = 2 * dice.many(-(-shape[0] // step), -(-shape[1] // step)) - 1
        return coarse.repeat(step, 0).repeat(step, 1)[: shape[0], : shape[1]]
    period = dice.between(3, 14)
    if kind == 2:
        return np.where(along % period < period / 2, 1.0, -1.0)
    if kind == 3:
        return np.where((along % period - period / 2) ** 2 + (across % period - period / 2) ** 2 < period, 1.0, -1.0)
    if kind == 4:
        return np.round(np.sin(along * 6 / period + 2 * np.sin(across / (3 * period))), 6)
    return (along - along.min()) / (along.max() - along.min() + 1) * 2 - 1


def inked(dice: Dice, colours: Array, depth: Array, ink: Colour, pen: float, plain: float = 0.4) -> Array:
    """The picture with the letter on it, painted in one way or another; `pen` is half a stroke in pixels."""
    share = cover(depth, dice.between(1, 2.5) if dice.chance(0.2) else 1.0)
    if dice.chance(plain):
        return mixed(colours, ink, share)
    kind = int(dice.between(0, 7))
    paint = np.broadcast_to(ink, colours.shape)
    width = max(1.0, pen * dice.between(0.2, 0.6))
    other = any_colour(dice)
    if kind == 0:
        # hollow: only the outline, what it encloses left as it is or filled
        line = np.minimum(share, cover(width - depth))
        if dice.chance(0.5) and pen > 2:
            colours = mixed(colours, other, share)
        return mixed(colours, ink, line) if pen > 1.5 else mixed(colours, ink, share)
    if kind == 1:
        # a rim round a fill
        rim = 1 - luma(ink) if dice.chance(0.6) else other
        outside = dice.between(0, width) if dice.chance(0.5) else 0.0
        colours = mixed(colours, rim * np.ones(3), cover(depth + outside))
        return mixed(colours, paint, cover(depth - (width - outside)))
    if kind == 2:
        # bevel: edges towards the light are lighter
        paint = paint + _bevel(dice, depth, width)[..., None]
    elif kind == 3:
        # gloss: light from above, with a hard or a soft edge
        y = np.linspace(-1, 1, depth.shape[0])[:, None] * np.ones(depth.shape)
        paint = (
            paint
            + np.where(y < dice.between(-0.4, 0.3), dice.between(0.1, 0.5), -0.1)[..., None]
            * (depth > width / 2)[..., None]
        )
    elif kind == 4:
        paint = paint + dice.between(0.1, 0.35) * texture(dice, depth.shape)[..., None]
    elif kind == 5:
        # two tones
        slope = np.clip(texture(dice, depth.shape) * 0.5 + 0.5, 0, 1)
        paint = mixed(paint, np.clip(ink + 0.6 * (dice.many(3) - 0.5), 0, 1), slope)
    else:
        # an inner line
        paint = mixed(paint, other, cover(1 - np.abs(depth - pen * dice.between(0.3, 0.7))) * (pen > 3))
    return mixed(colours, np.clip(paint, 0, 1), share)


def _bevel(dice: Dice, depth: Array, width: float) -> Array:
    turn = dice.between(-math.pi, 0)
    down, right = np.gradient(np.clip(depth, -2, width))
    strength = dice.between(0.2, 0.6)
    return np.asarray(-strength * (math.sin(turn) * down + math.cos(turn) * right))


def shadow(dice: Dice, colours: Array, depth: Array, side: float) -> Array:
    """What falls on the ground beside the letter: a shadow, hard or soft, or a glow."""
    if dice.chance(0.4):
        reach = side * dice.between(0.05, 0.25) + 1
        outside = np.maximum(-depth, 0) / reach
        return mixed(colours, any_colour(dice), 1 / (1 + 4 * outside * outside))
    rows, columns = (int(side * dice.between(-0.08, 0.12)) + 1 for _ in range(2))
    moved = np.roll(depth, (rows, columns), (0, 1))
    dark = np.full(3, dice.between(0, 0.4))
    return mixed(colours, dark, dice.between(0.3, 0.9) * cover(moved, dice.between(1, 0.15 * side + 1.5)))
