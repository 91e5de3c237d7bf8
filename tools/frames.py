"""What every kind of sample shares: how large a letter is, how much room is round it, and the picture it becomes."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import Array
from xo_cnn.images.picture import Picture
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import as_bytes

Drawn = tuple[Picture, NDArray[np.bool_]]  # a picture, and which of its pixels are the letter's true ink
Margins = Callable[[int, int], list[int]]  # from a letter's rows and columns the room above, below, left and right


class UnreadableError(Exception):
    """A drawn letter without ink on its picture, or with none that an eye would find: another is drawn instead."""


def side(dice: Dice, low: float, high: float) -> float:
    """A letter's height in pixels; small ones are as many as large ones."""
    return low * math.exp(dice.between(0, math.log(high / low)))


def around(dice: Dice, low: float, high: float) -> Margins:
    """Four margins of about one width, shares of the letter's longer side."""
    about = dice.between(low, high)
    each = [max(low, about + dice.between(-0.15, 0.15)) for _ in range(4)]
    return lambda rows, columns: [int(max(rows, columns) * share + 0.5) for share in each]


def loose(dice: Dice) -> Margins:
    """No margin at all, four of which each is its own, or, seldom, a frame that cuts the letter off."""
    if dice.chance(0.06):
        return cut_off(dice)
    about = 0.0 if dice.chance(0.3) else dice.between(0, 0.6)
    each = [about * dice.between(0, 1.5) for _ in range(4)]
    return lambda rows, columns: [int(max(rows, columns) * share) for share in each]


def cut_off(dice: Dice) -> Margins:
    """The frame cuts off one side of the letter or more."""
    each = [-dice.between(0, 0.22) if dice.chance(0.35) else 0.0 for _ in range(4)]
    return lambda rows, columns: [int(rows * share) for share in each]


def ground(depth: Array, colour: Array) -> Array:
    """A picture of one colour, as large as a letter's depth."""
    return np.broadcast_to(colour, (*depth.shape, 3))


def readable(colours: Array, depth: Array) -> bool:
    """Whether an eye still finds the letter: its ink is another colour than what lies beside it."""
    inside, beside = colours[depth >= 0], colours[(depth < -1) & (depth > -5)]
    if not len(inside) or not len(beside):
        return False
    apart = np.abs(inside.mean(axis=0) - beside.mean(axis=0)).max()
    return bool(apart > 0.08 + 0.4 * beside.std(axis=0).max())


def as_picture(colours: Array, alpha: Array | None = None) -> Picture:
    """Colours (rows, columns, 3) and opacity, from 0 to 1, as a picture; a grey one keeps no colours."""
    parts, opaque = as_bytes(colours), None if alpha is None else as_bytes(alpha)
    if opaque is None and bool((parts == parts[..., :1]).all()):
        return Picture(np.ascontiguousarray(parts[..., 0]))
    shown = parts.astype(np.int64)
    if opaque is not None:
        part = opaque.astype(np.int64)[..., None]
        shown = (shown * part + 255 * (255 - part) + 127) // 255
    # levels of light as Pillow counts them
    levels = (shown @ np.array([19595, 38470, 7471]) + 0x8000) >> 16
    return Picture(levels.astype(np.uint8), parts, opaque)
