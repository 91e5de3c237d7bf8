"""What a camera and a file add: uneven light, hard shadows, blur, noise, and what JPEG loses."""

from __future__ import annotations

import math

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice


def photographed(dice: Dice, colours: Array, most_blur: int) -> Array:
    """The picture as a camera has it, colours shaped (rows, columns, 3), blurred up to `most_blur` times."""
    for kind, share in ((_sloping, 0.6), (_shadowed, 0.2), (_darkened, 0.2)):
        if dice.chance(share):
            colours = kind(dice, colours)
    if dice.chance(0.5):
        for _ in range(int(dice.between(1, 1 + min(most_blur, 5)))):
            colours = _blurred(colours)
        if dice.chance(0.25):
            # sharpened again, which leaves a halo round every edge
            colours = colours + dice.between(0.5, 2) * (colours - _blurred(colours))
    if dice.chance(0.6):
        grain = dice.many(*colours.shape[:2]) + dice.many(*colours.shape[:2]) - 1
        colours = colours + dice.between(0, 0.12) * grain[..., None]
    colours = np.clip(colours, 0, 1)
    return _squeezed(colours, dice.between(0.02, 0.25)) if dice.chance(0.4) else colours


def _across(dice: Dice, colours: Array) -> Array:
    """How far each pixel lies beyond a line through about the middle, in any direction; the longer side is 1."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[0:height, 0:width] / float(max(height, width)) - 0.5
    turn = dice.between(0, 2 * math.pi)
    return np.asarray(math.cos(turn) * x + math.sin(turn) * y - dice.between(-0.3, 0.3))


def _sloping(dice: Dice, colours: Array) -> Array:
    """Light from one side."""
    across = _across(dice, colours)
    return np.asarray(colours * (1 - dice.between(0, 0.5) * (across - across.min()))[..., None])


def _shadowed(dice: Dice, colours: Array) -> Array:
    """The edge of a shadow, hard or soft."""
    share = np.clip(_across(dice, colours) * dice.between(4, 60) + 0.5, 0, 1)
    return colours * (1 - dice.between(0.2, 0.5) * share)[..., None]


def _from_place(dice: Dice, colours: Array) -> Array:
    """The squared distance of each pixel from any place; the longer side is 1."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[0:height, 0:width] / float(max(height, width))
    return np.asarray((x - dice.between(0, 1)) ** 2 + (y - dice.between(0, 1)) ** 2)


def _darkened(dice: Dice, colours: Array) -> Array:
    """Darker away from one place: a vignette."""
    return colours * (1 - dice.between(0, 0.5) * np.minimum(_from_place(dice, colours), 1.5))[..., None]


def _blurred(colours: Array) -> Array:
    """Each pixel mixed with its neighbours, 1 2 1 along columns and rows."""
    ends = np.pad(colours, ((1, 1), (1, 1), (0, 0)), mode="edge")
    down = ends[:-2] + 2 * ends[1:-1] + ends[2:]
    return np.asarray((down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 16)


def _squeezed(colours: Array, step: float) -> Array:
    """What JPEG loses: waves of 8×8 pixels rounded to steps, the fine ones and those of colour to coarser ones."""
    height, width = colours.shape[:2]
    whole = np.pad(colours, ((0, -height % 8), (0, -width % 8), (0, 0)), mode="edge")
    rows, columns = whole.shape[:2]
    blocks = (whole @ _TO_LIGHT).reshape(rows // 8, 8, columns // 8, 8, 3).transpose(0, 2, 4, 1, 3)
    steps = step * (1 + _FINE) * np.array([0.5, 1.5, 1.5])[:, None, None]
    # rounding first to nine digits hides what libraries of products differ in
    kept = np.round(np.round(_WAVES @ blocks @ _WAVES.T / steps, 9)) * steps
    back = (_WAVES.T @ kept @ _WAVES).transpose(0, 3, 1, 4, 2).reshape(rows, columns, 3) @ _FROM_LIGHT
    return np.asarray(np.clip(back[:height, :width], 0, 1))


_TO_LIGHT = np.array([[0.299, -0.169, 0.5], [0.587, -0.331, -0.419], [0.114, 0.5, -0.081]])
_FROM_LIGHT = np.linalg.inv(_TO_LIGHT)
_FINE = np.add.outer(np.arange(8), np.arange(8)) / 4.0
_WAVES = np.sqrt(np.where(np.arange(8)[:, None] == 0, 1, 2) / 8) * np.cos(
    np.pi * np.outer(np.arange(8), 2 * np.arange(8) + 1) / 16
)
