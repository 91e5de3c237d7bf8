"""Ink: the ways in which a picture can be read, each with the pixels that would be its letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.images.bits import bits_of, box_of
from xo_cnn.images.levels import blocks_of, otsu
from xo_cnn.images.parts import is_new, nearest, region_of, whole, within
from xo_cnn.images.view import Plane, View

Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Reading:
    """Pixels that may be the letter: `mask` (bool, tight) over `box` of the picture, and how they were found.

    `kept` is the share of the ink on that side of the threshold that they hold, before anything is filled;
    `levels` are those of the plane over the mask.
    """

    plane: Plane
    side: str
    part: str
    area: str
    mask: Array
    box: Box
    kept: float
    levels: Array

    @property
    def ink(self) -> str:
        """The side of the threshold that the letter is on: dark or light."""
        other = {"dark": "light", "light": "dark"}
        return other[self.side] if self.area in ("hole", "holes") else self.side

    @property
    def words(self) -> str:
        """The reading in plain words, such as "dark ink, enclosed areas filled"."""
        how = [f"{self.side} ink", _PLANES[self.plane.name], _PARTS[self.part], _AREAS[self.area]]
        return ", ".join(word for word in how if word)


_PLANES = {"light": "", "colour": "by colour", "opacity": "by opacity", "evened": "light evened"}
_PARTS = {
    "all": "",
    "middle": "the piece nearest the middle off the edges",
    "near": "the piece nearest the middle",
    "within": "within the area around the middle",
}
_AREAS = {
    "": "",
    "filled": "enclosed areas filled",
    "largest": "its largest enclosed area filled",
    "hole": "the largest area it encloses",
    "holes": "the areas it encloses",
    "inside": "what it encloses",
}


def first_look(view: View, plane: Plane, seen: list[int]) -> Iterator[Reading]:
    """The two plain readings of a plane, likelier side first: all ink, or if some is at the edges what is no strip."""
    bits = plane.bits
    for side, ink in sorted(plane.inks.items(), key=lambda each: (each[1] & bits.rim).bit_count()):
        if ink:
            pixels = whole(bits, plane.pieces(side)) if ink & bits.margin else ink
            seen.append(pixels)
            yield from _variants(view, plane, side, "all", pixels, ink)


def second_look(view: View, plane: Plane, seen: list[int]) -> Iterator[Reading]:
    """All other readings of a plane, but for what is all but the same as a part already `seen`."""
    bits = plane.bits
    for side, ink in plane.inks.items():
        if not ink or side not in plane.sides:
            continue
        every = whole(bits, plane.pieces(side))
        parts = [("all", every), *nearest(bits, plane.pieces(side))]
        for part, pixels in parts:
            new = is_new(pixels, seen)
            if new:
                yield from _variants(view, plane, side, part, pixels, ink)
            if part == "all" and plane.name != "evened" and (new or plane.name == "light"):
                yield from _variants(view, plane, side, part, pixels, ink, enclosed=True)
        region = region_of(bits, every)
        if region and plane.name != "evened":
            for inner, pixels in within(plane.look, bits, region):
                if pixels and is_new(pixels, seen):
                    yield from _variants(view, plane, inner, "within", pixels, pixels)


def _variants(
    view: View, plane: Plane, side: str, part: str, pixels: int, ink: int, enclosed: bool = False
) -> Iterator[Reading]:
    """A part as it is, or with what it encloses filled or taken instead, in as many pixels as pay."""
    kept = (pixels & ink).bit_count() / ink.bit_count()
    mask, levels, (top, left), (tall, wide) = _closer(view, plane, side, pixels)
    for area, letter in _areas(mask) if enclosed else [("", mask)]:
        y, x, y2, x2 = box_of(letter) if area else (0, 0, *mask.shape)
        box = (
            top + y * tall,
            left + x * wide,
            min(top + y2 * tall, view.shape[0]),
            min(left + x2 * wide, view.shape[1]),
        )
        yield Reading(plane, side, part, area, letter[y:y2, x:x2], box, kept, levels[y:y2, x:x2])


def _areas(mask: Array) -> Iterator[tuple[str, Array]]:
    """What becomes of a mask when what it encloses is filled, taken alone, or freed of what stands around it."""
    bits = bits_of(*mask.shape)
    ink = bits.pack(mask)
    outside = bits.outside(ink)
    enclosed = bits.all & ~ink & ~outside
    if not enclosed:
        return
    yield "filled", bits.unpack(ink | enclosed)
    holes = bits.holes(enclosed)
    largest = max(holes, key=int.bit_count)
    if largest.bit_count() >= 5:
        yield "hole", bits.unpack(largest)
        if len(holes) > 1:
            yield "largest", bits.unpack(ink | largest)
            yield "holes", bits.unpack(enclosed)
    inside = ink & ~bits.flood(bits.grown(outside) & ink, ink)
    if inside.bit_count() >= 5:
        yield "inside", bits.unpack(inside)


def _closer(view: View, plane: Plane, side: str, pixels: int) -> tuple[Array, Array, tuple[int, int], tuple[int, int]]:
    """A part in more pixels where the look had shrunk it: its mask, the levels there, where it begins, its blocks."""
    bits = plane.bits
    top, left, bottom, right = bits.box(pixels)
    tall, wide = view.blocks
    there = slice(top, bottom), slice(left, right)
    here = bits.unpack(pixels)[there], plane.look[there], (top * tall, left * wide), (tall, wide)
    if tall * wide == 1:
        return here
    height, width = plane.look.shape
    top, left, bottom, right = max(0, top - 1), max(0, left - 1), min(height, bottom + 1), min(width, right + 1)
    rows = slice(top * tall, min(bottom * tall, view.shape[0]))
    columns = slice(left * wide, min(right * wide, view.shape[1]))
    fine_tall, fine_wide = blocks_of((rows.stop - rows.start, columns.stop - columns.start))
    if (fine_tall, fine_wide) == (tall, wide):
        return here
    look = plane.closer(rows, columns)
    level = otsu(look)
    found = look >= level if side == "light" else look < level
    near = bits.unpack(bits.grown(pixels) & bits.all)[top:bottom, left:right]
    down = np.minimum(np.arange(look.shape[0]) * fine_tall // tall, near.shape[0] - 1)
    across = np.minimum(np.arange(look.shape[1]) * fine_wide // wide, near.shape[1] - 1)
    found = found & near[np.ix_(down, across)]
    if not found.any():
        return here
    top, left, bottom, right = box_of(found)
    begin = rows.start + top * fine_tall, columns.start + left * fine_wide
    return found[top:bottom, left:right], look[top:bottom, left:right], begin, (fine_tall, fine_wide)
