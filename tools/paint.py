"""Colours, how they cover each other, and textures."""

from __future__ import annotations

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice

Colour = Array  # red, green and blue from 0 to 1
BLACK, WHITE = np.zeros(3), np.ones(3)


def luma(colour: Array) -> float:
    """How light a colour is."""
    return float(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2])


def any_colour(dice: Dice) -> Colour:
    """Grey, pure, or anything."""
    kind = dice.between(0, 1)
    if kind < 0.3:
        level = dice.between(0, 1) if dice.chance(0.5) else float(dice.chance(0.5))
        return np.full(3, level)
    colour = dice.many(3)
    # pure: one part stays as it is, the others are pushed to the ends
    return np.clip(0.5 + (colour - 0.5) * 3, 0, 1) if kind < 0.7 else colour


def two_colours(dice: Dice, least: float = 0.25) -> tuple[Colour, Colour]:
    """An ink and a ground that an eye tells apart: by light, or (one in eight) by hue alone."""
    if dice.chance(0.12):
        return _of_one_light(dice)
    while True:
        ink, ground = any_colour(dice), any_colour(dice)
        if abs(luma(ink) - luma(ground)) > least:
            return ink, ground


def _of_one_light(dice: Dice) -> tuple[Colour, Colour]:
    while True:
        ink, ground = dice.many(3), dice.many(3)
        # a few levels stay between them, so that a picture in grey is never blank
        ground = ground + (luma(ink) - luma(ground)) + dice.between(0.015, 0.06)
        if ground.min() >= 0 and ground.max() <= 1 and np.abs(ink - ground).max() > 0.45:
            return ink, ground


def mixed(below: Array, colour: Array, share: Array) -> Array:
    """Colours, with so large a share of another laid over them."""
    return np.asarray(below + share[..., None] * (colour - below))
