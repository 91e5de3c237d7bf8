"""Readings: the ways in which a picture can be read, each with what would be its letter and how that measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.images.bits import Bits, bits_of
from xo_cnn.images.erasing import without_frame, without_lines
from xo_cnn.images.lines import Spread, cells_of, fine_lines, solidity, spreads, with_border
from xo_cnn.images.parts import is_new, middle, region_of, whole, within
from xo_cnn.images.view import Plane, View

SIDE = 16  # cells a side of the grid that the choice looks at
_CELLS = bits_of(SIDE - 2, SIDE - 2)  # without the border

MEASURES = (
    *("rim", "edges", "distance", "size", "kept", "contrast", "share", "solidity", "aspect", "plane", "part", "area"),
    *("filled", "holes", "hole", "pieces", "largest", "thickness", "edge", "cells"),
)
_PLANES = {"light": "", "opacity": "by opacity", "colour": "by colour", "evened": "light evened"}
_PARTS = {
    "all": "",
    "middle": "the piece nearest the middle off the edges",
    "within": "within the area around the middle",
    "lines": "without lines across the picture",
    "frame": "without its frame",
}
_AREAS = {
    "": "",
    "filled": "enclosed areas filled",
    "hole": "the largest area it encloses",
    "inside": "what it encloses",
}
# measures that are one of several kinds, not more or less of something
KINDS = {"plane": tuple(_PLANES), "part": tuple(_PARTS), "area": tuple(_AREAS)}


@dataclass(frozen=True, eq=False)
class Reading:
    """Pixels that may be the letter: `mask` (bool, tight) over `place` of a plane's look, and how they were found.

    `place` is (top, left, bottom, right); `kept` is the share of the ink on that side of the threshold that the
    pixels hold, before anything is filled.
    """

    view: View
    plane: Plane
    side: str
    part: str
    area: str
    mask: Array
    place: tuple[int, int, int, int]
    kept: float

    @property
    def ink(self) -> str:
        """The side of the threshold that the letter is on: dark or light."""
        other = {"dark": "light", "light": "dark"}
        return other[self.side] if self.area == "hole" else self.side

    @property
    def words(self) -> str:
        """The reading in plain words, such as "dark ink, enclosed areas filled"."""
        how = [f"{self.side} ink", _PLANES[self.plane.name], _PARTS[self.part], _AREAS[self.area]]
        return ", ".join(word for word in how if word)

    @property
    def erased(self) -> bool:
        """Whether lines or a frame were erased."""
        return self.part in ("lines", "frame")

    @property
    def alone(self) -> bool:
        """Whether the letter is one piece with one hole at most, and meets one edge at most: as nothing touches it."""
        return self.strokes["pieces"] == 1 and self.strokes["holes"] <= 1 and self.outline["edges"] <= 1

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The place in pixels of the view: top, left, bottom, right."""
        (tall, wide), (height, width) = self.view.blocks, self.view.shape
        top, left, bottom, right = self.place
        return top * tall, left * wide, min(bottom * tall, height), min(right * wide, width)

    @cached_property
    def _spread(self) -> Spread:
        return spreads(self.mask)

    @cached_property
    def _lines(self) -> tuple[Bits, int, int]:
        """The letter stretched to a square: the Bits of it, its ink and its lines."""
        return fine_lines(self.mask, SIDE - 2, self._spread)

    @cached_property
    def _cells(self) -> int:
        """The letter's lines on SIDE - 2 by SIDE - 2 cells."""
        if self.mask.shape == (SIDE - 2, SIDE - 2):
            return _CELLS.thin(_CELLS.pack(self.mask))
        bits, _, lines = self._lines
        return cells_of(bits, lines, SIDE - 2)

    @cached_property
    def grid(self) -> Array:
        """The letter's lines on SIDE x SIDE cells, 1 on ink, with a border of one cell."""
        return with_border(_CELLS.unpack(self._cells))

    def measures(self) -> dict[str, int]:
        """Each measure by its name."""
        return self.outline | self.strokes

    @cached_property
    def outline(self) -> dict[str, int]:
        """The measures that cost little, in whole thousandths: where the letter is, its outline, how it was found."""
        height, width = self.view.shape
        top, left, bottom, right = self.box
        mask = self.mask
        ends = [(top == 0, mask[0], right - left), (bottom == height, mask[-1], right - left)]
        ends += [(left == 0, mask[:, 0], bottom - top), (right == width, mask[:, -1], bottom - top)]
        on_rim = sum(int(np.count_nonzero(line)) * length / line.size for there, line, length in ends if there)
        return {
            "rim": int(1000 * on_rim / (2 * (height + width))),
            "edges": sum(bool(there) for there, _, _ in ends),
            "distance": int(1000 * max(abs(top + bottom - height) / height, abs(left + right - width) / width)),
            "size": int(1000 * max((bottom - top) / height, (right - left) / width)),
            "kept": int(1000 * self.kept),
            "contrast": int(1000 * self._contrast()),
            "share": 1000 * self._spread[0] // mask.size,
            "solidity": int(1000 * solidity(*self._spread)),
            "aspect": 1000 * min(mask.shape) // max(mask.shape),
            "plane": KINDS["plane"].index(self.plane.name),
            "part": KINDS["part"].index(self.part),
            "area": KINDS["area"].index(self.area),
        }

    def _contrast(self) -> float:
        """How far the mean levels of letter and ground are apart, as a share of the range of all levels."""
        top, left, bottom, right = self.place
        levels = self.plane.look[top:bottom, left:right]
        count, ink, total = self._spread[0], int(levels[self.mask].sum()), int(levels.sum())
        ground = levels.size - count
        return abs(ink / count - (total - ink) / ground) / self.plane.range if ground else 0.0

    @cached_property
    def strokes(self) -> dict[str, int]:
        """The measures of the letter stretched to a square, and of its lines."""
        bits, ink, lines = self._lines
        side = bits.height
        count = ink.bit_count()
        enclosed = bits.all & ~ink & ~bits.outside(ink)
        holes = [hole.bit_count() for hole in bits.pieces(enclosed, corners=False)]
        pieces = bits.euler(ink) + len(holes)
        largest = count if pieces == 1 else max(piece.bit_count() for piece in bits.pieces(ink))
        return {
            "filled": int(1000 * solidity(*spreads(bits.unpack(ink | enclosed)))),
            "holes": sum(1 for hole in holes if hole * 300 >= side * side),
            "hole": 1000 * max(holes, default=0) // (side * side),
            "pieces": pieces,
            "largest": 1000 * largest // count,
            "thickness": 1000 * count // (lines.bit_count() * side),
            "edge": 1000 * (ink & bits.rim).bit_count() // bits.rim.bit_count(),
            "cells": self._cells.bit_count(),
        }


def rounds(view: View, ink: str = "auto") -> Iterator[Iterator[Reading]]:
    """All readings of a picture that differ, with `ink` on one side ("white", "black") or either, in three rounds.

    The first are the two plain ones, the second all others in the light as it is, the third those of other planes.
    """
    side = {"black": "dark", "white": "light"}.get(ink)
    seen: set[tuple[object, bytes]] = set()
    parts: list[int] = []

    def new(readings: Iterator[Reading]) -> Iterator[Reading]:
        for reading in readings:
            key = reading.place, reading.mask.tobytes()
            if key not in seen and side in (None, reading.ink):
                seen.add(key)
                yield reading

    light = view.light()
    if light:
        yield new(_plain(view, light, parts))
        yield new(_others(view, light, parts))
    yield new(reading for plane in view.others() for reading in _others(view, plane, parts))


def _plain(view: View, plane: Plane, seen: list[int]) -> Iterator[Reading]:
    """The two plain readings of a plane, likelier side first: all ink, or if some is at the edges what is no strip."""
    bits = plane.bits
    for side, ink in sorted(plane.inks.items(), key=lambda each: (each[1] & bits.rim).bit_count()):
        if ink:
            pixels = whole(bits, plane.pieces(side)) if ink & bits.margin else ink
            seen.append(pixels)
            yield from _variants(view, plane, side, "all", pixels)


def _others(view: View, plane: Plane, seen: list[int]) -> Iterator[Reading]:
    """All other readings of a plane, but for what is all but the same as a part already `seen`."""
    for side, ink in plane.inks.items():
        if ink and side in plane.sides:
            every = whole(plane.bits, plane.pieces(side))
            for part, inner, pixels in _parts(plane, side, every):
                new = bool(pixels) and is_new(pixels, seen)
                if new:
                    yield from _variants(view, plane, inner, part, pixels)
                if part == "all" and plane.name != "evened" and (new or plane.name == "light"):
                    yield from _variants(view, plane, inner, part, pixels, enclosed=True)


def _parts(plane: Plane, side: str, every: int) -> Iterator[tuple[str, str, int]]:
    """The parts of the ink that may be the letter: what each is called, its side and its pixels."""
    bits, ink, faint = plane.bits, plane.inks[side], plane.faint(side)
    yield "all", side, every
    yield "middle", side, middle(bits, plane.pieces(side))
    for part, erased in (("lines", without_lines), ("frame", without_frame)):
        rest = erased(bits, ink, faint)
        yield part, side, rest and whole(bits, bits.pieces(rest))
    region = region_of(bits, every)
    if region and plane.name != "evened":
        for inner, pixels in within(plane.look, bits, region):
            yield "within", inner, pixels


def _variants(view: View, plane: Plane, side: str, part: str, pixels: int, enclosed: bool = False) -> Iterator[Reading]:
    """A part as it is, or with what it encloses filled or taken instead."""
    bits, ink = plane.bits, plane.inks[side]
    kept = (pixels & ink).bit_count() / ink.bit_count()
    for area, letter in _areas(bits, pixels) if enclosed else [("", pixels)]:
        top, left, bottom, right = place = bits.box(letter)
        yield Reading(view, plane, side, part, area, bits.unpack(letter)[top:bottom, left:right], place, kept)


def _areas(bits: Bits, ink: int) -> Iterator[tuple[str, int]]:
    """What becomes of ink when what it encloses is filled, taken alone, or freed of what stands around it."""
    outside = bits.outside(ink)
    enclosed = bits.all & ~ink & ~outside
    if not enclosed:
        return
    yield "filled", ink | enclosed
    largest = max(bits.pieces(enclosed, corners=False), key=int.bit_count)
    inside = ink & ~bits.flood(bits.grown(outside) & ink, ink)
    for area, letter in (("hole", largest), ("inside", inside)):
        if letter.bit_count() >= 5:
            yield area, letter
