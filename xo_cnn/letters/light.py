"""What a camera and a file add: uneven light, hard shadows, blur, noise, and what JPEG loses."""

from __future__ import annotations

import math

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice


def photographed(dice: Dice, colours: Array, strong: float = 1.0, most_blur: int = 2) -> Array:
    """The picture as a camera has it, colours shaped (rows, columns, 3), blurred up to `most_blur` times."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[0:height, 0:width] / float(max(height, width))
    if dice.chance(0.7):
        turn, dark = dice.between(0, 2 * math.pi), dice.between(0, 0.5 * strong)
        along = math.cos(turn) * x + math.sin(turn) * y
        colours = colours * (1 - dark * (along - along.min()))[..., None]
    if dice.chance(0.2 * strong):
        # the edge of a shadow
        turn, where = dice.between(0, 2 * math.pi), dice.between(-0.3, 0.3)
        edge = math.cos(turn) * (x - 0.5) + math.sin(turn) * (y - 0.5) - where
        colours = colours * (1 - dice.between(0.2, 0.5) * np.clip(edge * dice.between(4, 60) + 0.5, 0, 1))[..., None]
    if dice.chance(0.2):
        away = (x - dice.between(0, 1)) ** 2 + (y - dice.between(0, 1)) ** 2
        colours = colours * (1 - dice.between(0, 0.5) * strong * away)[..., None]
    if dice.chance(0.5):
        for _ in range(int(dice.between(1, 1 + min(most_blur, 5)))):
            colours = blurred(colours)
    if dice.chance(0.6):
        rough = dice.between(0, 0.12) * strong
        grain = dice.many(height, width) + dice.many(height, width) - 1
        colours = colours + rough * grain[..., None]
    colours = np.clip(colours, 0, 1)
    return squeezed(colours, dice.between(0.02, 0.25)) if dice.chance(0.4) else colours


def blurred(values: Array) -> Array:
    """Each pixel mixed with its neighbours, 1 2 1 along rows and columns."""
    for axis in (0, 1):
        if values.shape[axis] > 2:
            ends = np.concatenate([values.take([0], axis), values, values.take([-1], axis)], axis)
            low, high = [slice(None)] * values.ndim, [slice(None)] * values.ndim
            low[axis], high[axis] = slice(0, -2), slice(2, None)
            values = (ends[tuple(low)] + 2 * values + ends[tuple(high)]) / 4
    return values


def squeezed(colours: Array, step: float) -> Array:
    """What JPEG loses: waves of 8×8 pixels rounded to steps, the fine ones and those of colour to coarser ones."""
    height, width = colours.shape[:2]
    whole = np.pad(colours, ((0, -height % 8), (0, -width % 8), (0, 0)), mode="edge")
    rows, columns = whole.shape[:2]
    light = whole @ _TO_LIGHT
    blocks = light.reshape(rows // 8, 8, columns // 8, 8, 3).transpose(0, 2, 4, 1, 3)
    waves = _WAVES @ blocks @ _WAVES.T
    steps = step * (1 + _FINE) * np.array([0.5, 1.5, 1.5])[:, None, None]
    # rounding first to nine digits hides what libraries of products differ in
    kept = np.round(np.round(waves / steps, 9)) * steps
    blocks = _WAVES.T @ kept @ _WAVES
    back = blocks.transpose(0, 3, 1, 4, 2).reshape(rows, columns, 3) @ _FROM_LIGHT
    return np.clip(back[:height, :width], 0, 1)


_TO_LIGHT = np.array([[0.299, -0.169, 0.5], [0.587, -0.331, -0.419], [0.114, 0.5, -0.081]])
_FROM_LIGHT = np.linalg.inv(_TO_LIGHT)
_FINE = np.add.outer(np.arange(8), np.arange(8)) / 4.0
_WAVES = np.round(
    np.sqrt(np.where(np.arange(8)[:, None] == 0, 1, 2) / 8)
    * np.cos(np.pi * np.outer(np.arange(8), 2 * np.arange(8) + 1) / 16),
    12,
)
