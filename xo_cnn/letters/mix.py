"""Samples to learn reading from: letters in every hand, paint, place and light, with their true ink."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import Array
from xo_cnn.images.picture import Picture
from xo_cnn.letters import scenes
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.light import photographed
from xo_cnn.letters.paint import any_colour, cover, inked, mixed, shadow, texture, two_colours
from xo_cnn.letters.placed import Glyph, Laid, any_glyph, any_place, cursive, laid, penned, typed


@dataclass(frozen=True, eq=False)
class Sample:
    """A drawn picture, its letter's true ink (bool, the picture's rows and columns), and its kind in plain words.

    What a hollow letter's outline encloses belongs to its ink; the counter of an O does not.
    """

    picture: Picture
    ink: NDArray[np.bool_]
    kind: str


Drawn = tuple[Picture, NDArray[np.bool_]]


def sample(label: str, seed: int, kind: str | None = None) -> Sample:
    """Draw a letter as the world has it: any hand or typeface, paint, surroundings and light, all from the seed.

    `kind` draws only one of KINDS. The same seed gives the same picture on every machine.

    >>> sample("X", 1, "board").ink.any()
    np.True_
    """
    dice = Dice(seed, ord(label), 1)
    if kind is None:
        throw = dice.between(0, sum(weight for weight, _ in KINDS.values()))
        for name, (weight, _) in KINDS.items():
            throw -= weight
            kind = name
            if throw < 0:
                break
    assert kind is not None
    draw = KINDS[kind][1]
    while True:
        made = draw(label, dice)
        if made is not None and made[1].any():
            return Sample(*made, kind)


def _picture(colours: Array, alpha: Array | None = None) -> Picture:
    """Colours (rows, columns, 3) and opacity from 0 to 1 as a picture; grey ones keep no colours."""
    parts = np.clip(np.round(np.round(colours, 9) * 255), 0, 255).astype(np.uint8)
    grey = bool((parts == parts[..., :1]).all())
    shown = parts.astype(np.int64)
    opaque = None
    if alpha is not None:
        opaque = np.clip(np.round(np.round(alpha, 9) * 255), 0, 255).astype(np.uint8)
        part = opaque.astype(np.int64)[..., None]
        shown = (shown * part + 255 * (255 - part) + 127) // 255
    levels = parts[..., 0] if grey and alpha is None else _levels(shown)
    return Picture(np.ascontiguousarray(levels), None if grey and alpha is None else parts, opaque)


def _levels(parts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Levels of light as Pillow counts them."""
    return np.asarray((parts @ np.array([19595, 38470, 7471]) + 0x8000) >> 16, dtype=np.uint8)


def _margins(dice: Dice, low: float, high: float) -> Callable[[int, int], list[int]]:
    """Four margins of about one width, shares of the letter's longer side."""
    about = dice.between(low, high)

    def margins(rows: int, columns: int) -> list[int]:
        size = max(rows, columns)
        return [int(size * max(low, about + dice.between(-0.15, 0.15)) + 0.5) for _ in range(4)]

    return margins


def _loose(dice: Dice) -> Callable[[int, int], list[int]]:
    """Margins from none to a whole letter, each its own; now and then the frame cuts the letter off."""

    def margins(rows: int, columns: int) -> list[int]:
        size = max(rows, columns)
        if dice.chance(0.3):
            return [0, 0, 0, 0]
        loose = dice.between(0, 0.6)
        return [int(size * loose * dice.between(0, 1.5)) for _ in range(4)]

    return margins


def _side(dice: Dice, low: float = 10, high: float = 72) -> float:
    """The letter's height in pixels; small ones are as many as large ones."""
    return low * math.exp(dice.between(0, math.log(high / low)))


def _ground(laid_: Laid, colour: Array) -> Array:
    return np.broadcast_to(colour, (*laid_.depth.shape, 3))


def _paper(dice: Dice) -> tuple[Array, Array]:
    """The colours of a pen and of paper; sometimes chalk and a board."""
    if dice.chance(0.12):
        return np.full(3, dice.between(0.7, 1)), dice.many(3) * 0.3
    paper = dice.between(0.5, 1) + (dice.many(3) - 0.5) * 0.15
    if dice.chance(0.15):
        paper = np.clip(dice.many(3) * 0.6 + 0.4, 0, 1)
    ink = dice.many(3) * 0.35 if dice.chance(0.5) else np.full(3, dice.between(0, 0.3))
    if dice.chance(0.3):
        ink = ink + np.eye(3)[int(dice.between(0, 3))] * dice.between(0.2, 0.5)
    faint = dice.between(0, 0.6) if dice.chance(0.4) else 0.0
    return np.clip(ink + faint * (paper - ink), 0, 1), np.clip(paper, 0, 1)


def _pen_scene(
    label: str, dice: Dice, glyph: Glyph, margins: Callable[[int, int], list[int]], scene: str
) -> Drawn | None:
    side = _side(dice, 14, 64)
    letter = laid(glyph, any_place(dice, side, dice.chance(0.8)), margins)
    if letter is None:
        return None
    ink, paper = _paper(dice) if dice.chance(0.8) else two_colours(dice)
    colours = _ground(letter, paper)
    if dice.chance(0.15):
        colours = colours + 0.05 * texture(dice, letter.depth.shape)[..., None]
    if scene == "ruled" or (scene == "board" and dice.chance(0.2)):
        colours = scenes.ruled(dice, colours, side, ink)
    if scene == "board":
        colours = scenes.board(dice, colours, letter, ink)
    elif scene == "box":
        colours = scenes.box_or_ring(dice, colours, letter, ink)
    elif scene == "clutter":
        colours = scenes.clutter(dice, colours, letter, ink)
    colours = mixed(colours, ink, cover(letter.depth))
    if dice.chance(0.15):
        # one bit
        light = np.round(colours.mean(axis=2), 9)
        colours = np.broadcast_to((light > (ink.mean() + paper.mean()) / 2)[..., None].astype(float), colours.shape)
    elif dice.chance(0.75):
        colours = photographed(dice, colours)
    if dice.chance(0.3):
        colours = np.broadcast_to(colours.mean(axis=2)[..., None], colours.shape)
    return _picture(colours), letter.depth >= 0


def _board(label: str, dice: Dice) -> Drawn | None:
    return _pen_scene(label, dice, penned(label, dice), _margins(dice, 0.15, 0.85), "board")


def _box(label: str, dice: Dice) -> Drawn | None:
    return _pen_scene(label, dice, any_glyph(label, dice), _margins(dice, 0.1, 0.8), "box")


def _ruled(label: str, dice: Dice) -> Drawn | None:
    return _pen_scene(label, dice, penned(label, dice), _loose(dice), "ruled")


def _clutter(label: str, dice: Dice) -> Drawn | None:
    return _pen_scene(label, dice, penned(label, dice), _margins(dice, 0.1, 0.6), "clutter")


def _photo(label: str, dice: Dice) -> Drawn | None:
    """A letter of a sign, photographed."""
    letter = laid(any_glyph(label, dice), any_place(dice, _side(dice), True), _loose(dice))
    if letter is None:
        return None
    ink, ground = two_colours(dice, dice.between(0.1, 0.4))
    colours = _ground(letter, ground)
    if dice.chance(0.3):
        colours = colours + dice.between(0, 0.15) * texture(dice, letter.depth.shape)[..., None]
    colours = inked(dice, colours, letter.depth, ink, letter.glyph.pen * min(letter.place.half), 0.7)
    return _picture(photographed(dice, np.clip(colours, 0, 1))), letter.depth >= 0


def _cursive(label: str, dice: Dice) -> Drawn | None:
    letter = laid(cursive(label, dice), any_place(dice, _side(dice, 16, 64), True), _loose(dice))
    if letter is None:
        return None
    ink, paper = (np.zeros(3), np.ones(3)) if dice.chance(0.6) else _paper(dice)
    share = cover(letter.depth) if dice.chance(0.5) else (letter.depth >= 0).astype(float)
    return _picture(mixed(_ground(letter, paper), ink, share)), letter.depth >= 0


def _type(label: str, dice: Dice) -> Drawn | None:
    letter = laid(typed(label, dice), any_place(dice, _side(dice, 8, 72), dice.chance(0.8)), _loose(dice))
    if letter is None:
        return None
    ink, paper = (np.zeros(3), np.ones(3)) if dice.chance(0.6) else two_colours(dice)
    share = cover(letter.depth) if dice.chance(0.6) else (letter.depth >= 0).astype(float)
    return _picture(mixed(_ground(letter, paper), ink, share)), letter.depth >= 0


def _bold(dice: Dice, label: str) -> Glyph:
    pen = dice.between(0.12, 0.34)
    return typed(label, dice, pen) if dice.chance(0.6) else penned(label, dice, pen * 0.8)


def _art(label: str, dice: Dice) -> Drawn | None:
    side = _side(dice, 12, 80)
    glyph = _bold(dice, label) if dice.chance(0.75) else any_glyph(label, dice)
    letter = laid(glyph, any_place(dice, side, dice.chance(0.8)), _loose(dice))
    if letter is None:
        return None
    ink, ground = two_colours(dice)
    if dice.chance(0.35):
        ground = np.ones(3) if dice.chance(0.6) else np.zeros(3)
        if np.abs(ink - ground).max() < 0.3:
            ink = 1 - ink
    colours = _ground(letter, ground)
    if dice.chance(0.2):
        colours = colours + dice.between(0, 0.2) * texture(dice, letter.depth.shape)[..., None]
    if dice.chance(0.25):
        colours = shadow(dice, colours, letter.depth, side)
    colours = inked(dice, colours, letter.depth, ink, glyph.pen * min(letter.place.half), 0.25)
    return _picture(np.clip(colours, 0, 1)), letter.depth >= 0


def _clear(label: str, dice: Dice) -> Drawn | None:
    """Ink of any colour on clear ground; what colour the clear pixels have means nothing."""
    side = _side(dice, 12, 80)
    glyph = _bold(dice, label) if dice.chance(0.6) else any_glyph(label, dice)
    letter = laid(glyph, any_place(dice, side, dice.chance(0.8)), _loose(dice))
    if letter is None:
        return None
    ink, other = two_colours(dice)
    if dice.chance(0.3):
        ink = np.ones(3) * float(dice.chance(0.6))
    colours = inked(dice, _ground(letter, other), letter.depth, ink, glyph.pen * min(letter.place.half), 0.5)
    alpha = cover(letter.depth)
    kind = dice.between(0, 1)
    hidden = ink if kind < 0.3 else np.zeros(3) if kind < 0.6 else np.ones(3) if kind < 0.8 else any_colour(dice)
    colours = np.where((alpha > 0)[..., None], colours, hidden)
    if dice.chance(0.2):
        alpha = alpha * dice.between(0.5, 1)
    return _picture(np.clip(colours, 0, 1), alpha), letter.depth >= 0


def _badge(label: str, dice: Dice) -> Drawn | None:
    """A letter on a tile, a key, a button or a disc, which lies on something else or on nothing."""
    side = _side(dice, 10, 56)
    glyph = any_glyph(label, dice)
    letter = laid(glyph, any_place(dice, side, True), _margins(dice, 0.15, 0.7))
    if letter is None:
        return None
    ink, tile = two_colours(dice)
    ground = any_colour(dice)
    height, width = letter.depth.shape
    y, x = np.ogrid[0:height, 0:width]
    power = 2.0 if dice.chance(0.35) else dice.between(5, 16)
    fill = dice.between(0.85, 1)
    x, y = np.abs(2 * (x + 0.5) / width - 1) / fill, np.abs(2 * (y + 0.5) / height - 1) / fill
    depth = np.round((1 - (x**power + y**power) ** (1 / power)) * min(height, width) / 2, 6)
    if power == 2.0 and bool(((depth < 1) & (letter.depth >= 0)).any()):
        return None
    colours = mixed(_ground(letter, ground), tile, cover(depth))
    if dice.chance(0.3):
        colours = mixed(colours, any_colour(dice), cover(dice.between(0.5, 2) - np.abs(depth - 2)))
    colours = inked(dice, colours, letter.depth, ink, glyph.pen * min(letter.place.half), 0.7)
    alpha = cover(depth) if dice.chance(0.35) else None
    return _picture(np.clip(colours, 0, 1), alpha), letter.depth >= 0


def _tiny(label: str, dice: Dice) -> Drawn | None:
    """A letter of a twentieth of the picture's side and less."""
    side = _side(dice, 6, 14)
    share = dice.between(0.018, 0.08)
    whole = min(640.0, side / share)

    def margins(rows: int, columns: int) -> list[int]:
        above, before = dice.between(0.05, 0.95), dice.between(0.05, 0.95)
        tall = max(2.0, whole * (dice.between(0.6, 1)) - rows)
        return [int(above * tall), int((1 - above) * tall), int(before * whole), int((1 - before) * whole)]

    letter = laid(any_glyph(label, dice), any_place(dice, side, True), margins)
    if letter is None:
        return None
    ink, ground = (np.zeros(3), np.ones(3)) if dice.chance(0.5) else two_colours(dice)
    colours = mixed(_ground(letter, ground), ink, cover(letter.depth))
    if dice.chance(0.3):
        colours = np.clip(colours + dice.between(0, 0.04) * (dice.many(*letter.depth.shape)[..., None] - 0.5), 0, 1)
    return _picture(colours), letter.depth >= 0


def _pixels(label: str, dice: Dice) -> Drawn | None:
    """Pixel art, and bitmaps of a few pixels."""
    letter = laid(any_glyph(label, dice), any_place(dice, _side(dice, 7, 18), True), _loose(dice))
    if letter is None:
        return None
    ink, ground = (np.zeros(3), np.ones(3)) if dice.chance(0.4) else two_colours(dice)
    if dice.chance(0.3):
        ink, ground = ground, ink
    truth = letter.depth >= 0
    colours = mixed(_ground(letter, ground), ink, truth.astype(float) if dice.chance(0.7) else cover(letter.depth))
    if dice.chance(0.4):
        rim = any_colour(dice)
        colours = np.where(((letter.depth < 0) & (letter.depth > -1.2))[..., None], rim, colours)
    large = int(dice.between(1, 8)) if dice.chance(0.6) else 1
    return _picture(colours.repeat(large, 0).repeat(large, 1)), truth.repeat(large, 0).repeat(large, 1)


def _hand(label: str, dice: Dice) -> Drawn | None:
    """A pen's letter alone, on paper or scanned to one bit, cut off by the frame now and then."""

    def cut(rows: int, columns: int) -> list[int]:
        return [-int(dice.between(0, 0.15) * rows) if dice.chance(0.4) else 0 for _ in range(4)]

    margins = cut if dice.chance(0.12) else _loose(dice)
    return _pen_scene(label, dice, penned(label, dice), margins, "none")


def _shades(label: str, dice: Dice) -> Drawn | None:
    """Any letter in grey: faint, noisy, in uneven light."""
    letter = laid(any_glyph(label, dice), any_place(dice, _side(dice, 8, 64), dice.chance(0.5)), _loose(dice))
    if letter is None:
        return None
    shades = cover(letter.depth)
    if dice.chance(0.4):
        shades = (shades >= 0.5).astype(float)
    if dice.chance(0.4):
        low, high = dice.between(0, 0.35), dice.between(0.6, 1)
        shades = low + (high - low) * shades
        shades = shades + dice.between(0, 0.25) * (high - low) * (dice.many(*shades.shape) - 0.5)
        shades = np.where(dice.many(*shades.shape) < 0.003, high, shades) if dice.chance(0.3) else shades
    shades = np.clip(1 - shades if dice.chance(0.6) else shades, 0, 1)
    return _picture(np.broadcast_to(shades[..., None], (*shades.shape, 3))), letter.depth >= 0


# what is drawn, and how often
KINDS: dict[str, tuple[float, Callable[[str, Dice], Drawn | None]]] = {
    "pen": (14, _hand),
    "cursive": (8, _cursive),
    "typeface": (12, _type),
    "shades": (10, _shades),
    "board": (16, _board),
    "box or ring": (6, _box),
    "ruled paper": (5, _ruled),
    "clutter": (6, _clutter),
    "sign": (8, _photo),
    "art": (12, _art),
    "transparent": (6, _clear),
    "badge": (6, _badge),
    "tiny": (4, _tiny),
    "pixels": (4, _pixels),
}
