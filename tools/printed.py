"""Kinds of samples that are printed, painted or made on screens: typefaces, transparent ink, pixels."""

from __future__ import annotations

import numpy as np

from tools.frames import Drawn, Margins, as_picture, ground, loose, side
from tools.paint import BLACK, WHITE, Colour, any_colour, mixed, two_colours
from tools.placed import Laid, any_glyph, any_place, laid, typed
from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Glyph, cover


def hollow(dice: Dice, below: Array, depth: Array, ink: Colour, pen: float) -> Array:
    """Only the outline of a letter of that depth; what it encloses is the ground, or filled."""
    width = max(1.0, pen * dice.between(0.15, 0.6))
    if dice.chance(0.5):
        below = mixed(below, any_colour(dice), cover(depth))
    return mixed(below, ink, cover(np.minimum(depth, width - depth)))


def typeface(label: str, dice: Dice) -> Drawn:
    """A typeface's letter, clean: thin to so bold that it covers half of the picture; now and then hollow."""
    letter = _laid(dice, typed(label, dice), 8, 90, loose(dice), upright=0.65)
    ink, paper = (BLACK, WHITE) if dice.chance(0.6) else two_colours(dice)
    below, depth = ground(letter.depth, paper), letter.depth
    if dice.chance(0.12) and letter.stroke > 2:
        return as_picture(hollow(dice, below, depth, ink, letter.stroke)), depth >= 0
    share = cover(depth) if dice.chance(0.6) else (depth >= 0).astype(float)
    return as_picture(mixed(below, ink, share)), depth >= 0


def transparent(label: str, dice: Dice) -> Drawn:
    """Ink of any colour on clear ground; what colour the clear pixels have means nothing."""
    letter = _laid(dice, any_glyph(label, dice), 12, 100, loose(dice))
    ink, other = two_colours(dice)
    if dice.chance(0.3):
        ink = WHITE if dice.chance(0.6) else BLACK
        other = 1 - ink
    below = ground(letter.depth, other)
    colours, alpha = mixed(below, ink, cover(letter.depth)), cover(letter.depth)
    if dice.chance(0.3) and letter.stroke > 1.3:
        # a hollow one is cut out: opaque is what was painted
        colours = hollow(dice, below, letter.depth, ink, letter.stroke)
        alpha = (np.abs(colours - other).max(axis=2) > 0.03).astype(float)
    if dice.chance(0.15):
        # a soft shadow lies on nothing, too
        moved = np.roll(letter.depth, (1 + int(letter.stroke / 2), 1), (0, 1))
        shade = dice.between(0.3, 0.8) * cover(moved, letter.stroke + 1)
        colours, alpha = mixed(BLACK + 0 * colours, colours, alpha), np.maximum(alpha, shade)
    hidden = (ink, BLACK, WHITE, any_colour(dice))[int(dice.between(0, 4))]
    colours = np.where((alpha > 0)[..., None], colours, hidden)
    if dice.chance(0.2):
        alpha = alpha * dice.between(0.5, 1)
    return as_picture(colours, alpha), letter.depth >= 0


def pixels(label: str, dice: Dice) -> Drawn:
    """Pixel art, and bitmaps of a few pixels."""
    letter = _laid(dice, any_glyph(label, dice), 7, 18, loose(dice))
    ink, paper = (BLACK, WHITE) if dice.chance(0.4) else two_colours(dice)
    if dice.chance(0.3):
        ink, paper = paper, ink
    truth = letter.depth >= 0
    colours = mixed(ground(letter.depth, paper), ink, truth.astype(float) if dice.chance(0.7) else cover(letter.depth))
    if dice.chance(0.4):
        colours = np.where(((letter.depth < 0) & (letter.depth > -1.2))[..., None], any_colour(dice), colours)
    large = int(dice.between(1, 8)) if dice.chance(0.6) else 1
    return as_picture(colours.repeat(large, 0).repeat(large, 1)), truth.repeat(large, 0).repeat(large, 1)


def shades(label: str, dice: Dice) -> Drawn:
    """Any letter in grey, turned anyhow: faint, noisy, specked."""
    letter = _laid(dice, any_glyph(label, dice), 8, 64, loose(dice), upright=0.5)
    share: Array = cover(letter.depth) if dice.chance(0.6) else (letter.depth >= 0).astype(float)
    if dice.chance(0.4):
        low, high = dice.between(0, 0.35), dice.between(0.6, 1)
        share = low + (high - low) * (share + dice.between(0, 0.25) * (dice.many(*share.shape) - 0.5))
        share = np.where(dice.many(*share.shape) < 0.003, high, share) if dice.chance(0.3) else share
    share = 1 - share if dice.chance(0.6) else share
    return as_picture(ground(share, WHITE) * share[..., None]), letter.depth >= 0


def _laid(dice: Dice, glyph: Glyph, low: float, high: float, margins: Margins, upright: float = 0.85) -> Laid:
    return laid(glyph, any_place(dice, side(dice, low, high), dice.chance(upright)), margins)
