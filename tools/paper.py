"""Kinds of samples that are written: on paper, boards and walls, with what stands round a letter there."""

from __future__ import annotations

import numpy as np

from tools import scenes
from tools.frames import (
    Drawn,
    Margins,
    UnreadableError,
    around,
    as_picture,
    cut_off,
    ground,
    loose,
    readable,
    side,
)
from tools.light import photographed
from tools.paint import Colour, mixed, two_colours
from tools.placed import Laid, any_glyph, any_place, cursive, laid, penned
from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Glyph, cover


def pen(label: str, dice: Dice) -> Drawn:
    """A pen's letter alone, on paper or scanned; the frame may cut it off."""
    margins = cut_off(dice) if dice.chance(0.2) else loose(dice)
    return _written(penned(label, dice), dice, margins)


def running_hand(label: str, dice: Dice) -> Drawn:
    """A cursive letter: an x of two bows or of one line with loops."""
    return _written(cursive(label, dice), dice, loose(dice), black=0.6)


def board(label: str, dice: Dice) -> Drawn:
    """A cell of a board as a phone's owner crops it: lines round the letter, parts of the neighbours."""
    glyph = penned(label, dice) if dice.chance(0.85) else any_glyph(label, dice)
    return _written(glyph, dice, around(dice, 0.1, 0.85), scenes.board)


def boxed(label: str, dice: Dice) -> Drawn:
    """A letter with a box or a ring drawn round it."""
    return _written(any_glyph(label, dice), dice, around(dice, 0.1, 0.8), scenes.box_or_ring)


def ruled(label: str, dice: Dice) -> Drawn:
    """A letter on ruled or squared paper."""
    return _written(penned(label, dice), dice, loose(dice), scenes.ruled)


def clutter(label: str, dice: Dice) -> Drawn:
    """A letter with strips, edges, parts of neighbours and dirt beside it."""
    return _written(any_glyph(label, dice), dice, around(dice, 0.1, 0.6), scenes.clutter)


def _written(
    glyph: Glyph, dice: Dice, margins: Margins, scene: scenes.Scene | None = None, black: float = 0.08
) -> Drawn:
    letter = laid(glyph, any_place(dice, side(dice, 12, 80), dice.chance(0.85)), margins)
    if dice.chance(black):
        ink, paper = np.zeros(3), np.ones(3)
    else:
        ink, paper = _paper(dice) if dice.chance(0.88) else two_colours(dice)
    colours = ground(letter.depth, paper)
    if scene in (scenes.board, scenes.box_or_ring) and dice.chance(0.15):
        colours = scenes.ruled(dice, colours, letter, ink)
    if scene is not None:
        colours = scene(dice, colours, letter, ink)
    colours = mixed(colours, ink, _worn(dice, letter))
    colours = _taken(dice, colours, letter, (ink, paper))
    if not readable(colours, letter.depth):
        raise UnreadableError
    return as_picture(colours), letter.depth >= 0


def _worn(dice: Dice, letter: Laid) -> Array:
    """How much ink lies where: now and then grainy, as pencil and chalk leave it."""
    share = cover(letter.depth)
    if dice.chance(0.12):
        share = share * np.where(dice.many(*share.shape) < dice.between(0.6, 0.95), 1.0, dice.between(0.2, 0.7))
    return share


def _taken(dice: Dice, colours: Array, letter: Laid, pair: tuple[Colour, Colour]) -> Array:
    """The picture photographed, or made one bit or grey."""
    if dice.chance(0.18):
        light = np.round(colours.mean(axis=2), 9)
        colours = (
            ground(letter.depth, np.ones(3)) * (light > np.round((pair[0].mean() + pair[1].mean()) / 2, 9))[..., None]
        )
        return 1 - colours if dice.chance(0.2) else colours
    if dice.chance(0.75):
        colours = photographed(dice, colours, most_blur=1 + int(letter.stroke))
    if dice.chance(0.3):
        colours = ground(letter.depth, np.ones(3)) * colours.mean(axis=2)[..., None]
    return colours


def _paper(dice: Dice) -> tuple[Colour, Colour]:
    """The colours of a pen and of paper; sometimes of chalk and a board."""
    if dice.chance(0.1):
        return np.full(3, dice.between(0.7, 1)), dice.many(3) * 0.3
    paper = dice.between(0.5, 1) + (dice.many(3) - 0.5) * 0.15
    if dice.chance(0.12):
        paper = np.clip(dice.many(3) * 0.6 + 0.4, 0, 1)
    ink = dice.many(3) * 0.35 if dice.chance(0.5) else np.full(3, dice.between(0, 0.3))
    if dice.chance(0.3):
        # a coloured pen
        ink = ink + np.eye(3)[int(dice.between(0, 3))] * dice.between(0.2, 0.5)
    faint = dice.between(0, 0.65) if dice.chance(0.35) else 0.0
    return np.clip(ink + faint * (paper - ink), 0, 1), np.clip(paper, 0, 1)
