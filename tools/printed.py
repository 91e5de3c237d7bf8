"""Kinds of samples that are printed, painted or made on screens: signs, typefaces, art, buttons, pixels."""

from __future__ import annotations

import numpy as np

from tools import scenes
from tools.finish import brushed, cast, finished, hollow, inlined
from tools.frames import Drawn, Margins, UnreadableError, around, as_picture, ground, loose, readable, side
from tools.light import photographed
from tools.paint import BLACK, WHITE, any_colour, mixed, texture, two_colours
from tools.placed import Laid, any_glyph, any_place, laid, penned, typed
from xo_cnn.grid import Array
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Glyph, cover


def typeface(label: str, dice: Dice) -> Drawn:
    """A typeface's letter, clean: thin to so bold that it covers half of the picture; outlines, inlines, stencils."""
    letter = _laid(dice, typed(label, dice), 8, 90, loose(dice), upright=0.65)
    ink, paper = (BLACK, WHITE) if dice.chance(0.6) else two_colours(dice)
    below, pen = ground(letter.depth, paper), letter.stroke
    if dice.chance(0.12) and pen > 2:
        finish = (hollow, inlined, brushed)[int(dice.between(0, 3))]
        return as_picture(finish(dice, below, letter.depth, ink, pen)), letter.depth >= 0
    depth = scenes.stencilled(dice, letter) if dice.chance(0.08) and pen > 2 else letter.depth
    share = cover(depth) if dice.chance(0.6) else (depth >= 0).astype(float)
    return as_picture(mixed(below, ink, share)), depth >= 0


def sign(label: str, dice: Dice) -> Drawn:
    """A letter of a sign, photographed, now and then between the letters beside it."""
    glyph = typed(label, dice, dice.between(0.08, 0.3)) if dice.chance(0.7) else any_glyph(label, dice)
    letter = _laid(dice, glyph, 10, 64, around(dice, 0.02, 0.35))
    ink, paper = two_colours(dice, dice.between(0.12, 0.4))
    colours = ground(letter.depth, paper)
    if dice.chance(0.3):
        colours = colours + dice.between(0, 0.15) * texture(dice, letter.depth.shape)[..., None]
    if dice.chance(0.35):
        colours = scenes.in_a_word(dice, colours, letter, ink)
    if dice.chance(0.15):
        colours = cast(dice, colours, letter.depth, letter.stroke)
    colours = finished(dice, colours, letter.depth, ink, letter.stroke, 0.65)
    colours = photographed(dice, colours, most_blur=1 + int(letter.stroke))
    if not readable(colours, letter.depth):
        raise UnreadableError
    return as_picture(colours), letter.depth >= 0


def art(label: str, dice: Dice) -> Drawn:
    """Pictures of games, icons and clip art: any colours, finishes, shadows and grounds."""
    letter = _laid(dice, _bold(label, dice), 12, 100, loose(dice))
    ink, paper = two_colours(dice)
    if dice.chance(0.4):
        paper = WHITE if dice.chance(0.6) else BLACK
        if np.abs(ink - paper).max() < 0.3:
            ink = 1 - ink
    colours = ground(letter.depth, paper)
    if dice.chance(0.2):
        colours = np.clip(colours + dice.between(0.03, 0.2) * texture(dice, letter.depth.shape)[..., None], 0, 1)
    if dice.chance(0.35):
        colours = cast(dice, colours, letter.depth, letter.stroke)
    colours = finished(dice, colours, letter.depth, ink, letter.stroke, 0.25)
    return as_picture(colours), letter.depth >= 0


def transparent(label: str, dice: Dice) -> Drawn:
    """Ink of any colour on clear ground; what colour the clear pixels have means nothing."""
    letter = _laid(dice, _bold(label, dice), 12, 100, loose(dice))
    ink, other = two_colours(dice)
    if dice.chance(0.3):
        ink = WHITE if dice.chance(0.6) else BLACK
        other = 1 - ink
    colours = finished(dice, ground(letter.depth, other), letter.depth, ink, letter.stroke, 0.5)
    alpha = cover(letter.depth)
    if dice.chance(0.4):
        # cut out: opaque is what was painted, with a rim outside the letter and without the ground in a hollow one
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


def badge(label: str, dice: Dice) -> Drawn:
    """A letter on a tile, a key, a button or a disc, which lies on something else or on nothing."""
    letter = _laid(dice, any_glyph(label, dice), 10, 56, around(dice, 0.15, 0.7))
    ink, tile = two_colours(dice)
    disc = scenes.tile(dice, letter)
    if bool(((disc < 1) & (letter.depth >= 0)).any()):
        raise UnreadableError
    face = ground(letter.depth, tile)
    if dice.chance(0.3):
        face = np.clip(face + dice.between(0.05, 0.2) * texture(dice, letter.depth.shape)[..., None], 0, 1)
    colours = mixed(ground(letter.depth, any_colour(dice)), face, cover(disc))
    if dice.chance(0.3):
        colours = mixed(colours, any_colour(dice), cover(dice.between(0.5, 2) - np.abs(disc - 2)))
    if dice.chance(0.2):
        colours = scenes.worth(dice, colours, letter, ink)
    colours = finished(dice, colours, letter.depth, ink, letter.stroke, 0.7)
    return as_picture(colours, cover(disc) if dice.chance(0.35) else None), letter.depth >= 0


def tiny(label: str, dice: Dice) -> Drawn:
    """A letter of a twentieth of the picture's side and less."""
    tall = side(dice, 6, 14)
    whole = min(640.0, tall / dice.between(0.018, 0.08))
    above, before, lower = dice.between(0.05, 0.95), dice.between(0.05, 0.95), dice.between(0.6, 1)
    room = (above * lower, (1 - above) * lower, before, 1 - before)
    letter = _laid(dice, any_glyph(label, dice), tall, tall, lambda *_: [int(share * whole) for share in room])
    ink, paper = (BLACK, WHITE) if dice.chance(0.5) else two_colours(dice)
    colours = mixed(ground(letter.depth, paper), ink, cover(letter.depth))
    if dice.chance(0.3):
        colours = np.clip(colours + dice.between(0, 0.04) * (dice.many(*letter.depth.shape)[..., None] - 0.5), 0, 1)
    return as_picture(colours), letter.depth >= 0


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


def _bold(label: str, dice: Dice) -> Glyph:
    if dice.chance(0.3):
        return any_glyph(label, dice)
    pen = dice.between(0.12, 0.34)
    return typed(label, dice, pen) if dice.chance(0.6) else penned(label, dice, pen * 0.8)
