"""Readings: what a letter looks like, as measures of its shape and place that votes can be cast on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.images.bits import Bits, bits_of
from xo_cnn.images.ink import Reading
from xo_cnn.images.lines import Spread, cells_of, fine_ink, solidity, spreads
from xo_cnn.images.view import View

SIDE = 16  # cells a side of the grid that the choice looks at
_CELLS = bits_of(SIDE - 2, SIDE - 2)  # without the border

MEASURES = (
    *("rim", "edges", "distance", "size", "kept", "contrast", "share", "solidity", "aspect", "plane", "part", "area"),
    *("filled", "holes", "hole", "pieces", "largest", "thickness", "edge", "cells"),
)
# measures that are one of several kinds, not more or less of something
KINDS = {
    "plane": ("light", "opacity", "colour", "evened"),
    "part": ("all", "middle", "near", "within"),
    "area": ("", "filled", "largest", "hole", "holes", "inside"),
}


@dataclass(frozen=True, eq=False)
class Look:
    """A reading looked at closely: its lines on a grid, and its measures in whole thousandths."""

    reading: Reading
    view: View

    @cached_property
    def _spread(self) -> Spread:
        return spreads(self.reading.mask)

    @cached_property
    def _lines(self) -> tuple[Bits, int, int]:
        """The letter stretched to a square: the Bits of it, its ink and its lines."""
        fine = fine_ink(self.reading.mask, SIDE - 2, self._spread)
        bits = bits_of(*fine.shape)
        ink = bits.pack(fine)
        return bits, ink, bits.thin(ink)

    @cached_property
    def _cells(self) -> int:
        """The letter's lines on SIDE - 2 by SIDE - 2 cells."""
        mask = self.reading.mask
        if mask.shape == (SIDE - 2, SIDE - 2):
            return _CELLS.thin(_CELLS.pack(mask))
        bits, _, lines = self._lines
        return cells_of(bits, lines, SIDE - 2)

    @cached_property
    def grid(self) -> Array:
        """The letter's lines on SIDE x SIDE cells, 1 on ink, with a border of one cell."""
        grid = _CELLS.unpack_with_rim(self._cells).view(np.int8)
        return np.where(grid, np.int8(1), np.int8(-1))

    def measures(self) -> dict[str, int]:
        """Each measure by its name."""
        return self.outline | self.strokes

    @cached_property
    def outline(self) -> dict[str, int]:
        """The measures that cost little: where the letter is, its outline, and how it was found."""
        mask, reading = self.reading.mask, self.reading
        return self._place() | {
            "share": 1000 * self._spread[0] // mask.size,
            "solidity": int(1000 * solidity(*self._spread)),
            "aspect": 1000 * min(mask.shape) // max(mask.shape),
            "plane": KINDS["plane"].index(reading.plane.name),
            "part": KINDS["part"].index(reading.part),
            "area": KINDS["area"].index(reading.area),
        }

    def _place(self) -> dict[str, int]:
        """Where the letter is in its picture, and how it stands out."""
        reading, (height, width) = self.reading, self.view.shape
        top, left, bottom, right = reading.box
        mask, levels = reading.mask, reading.levels
        ends = [(top == 0, mask[0], right - left), (bottom == height, mask[-1], right - left)]
        ends += [(left == 0, mask[:, 0], bottom - top), (right == width, mask[:, -1], bottom - top)]
        on_rim = sum(int(np.count_nonzero(line)) * length / line.size for there, line, length in ends if there)
        count, ink, total = self._spread[0], int(levels[mask].sum()), int(levels.sum())
        ground = levels.size - count
        contrast = abs(ink / count - (total - ink) / ground) if ground else 0.0
        return {
            "rim": int(1000 * on_rim / (2 * (height + width))),
            "edges": sum(bool(there) for there, _, _ in ends),
            "distance": int(1000 * max(abs(top + bottom - height) / height, abs(left + right - width) / width)),
            "size": int(1000 * max((bottom - top) / height, (right - left) / width)),
            "kept": int(1000 * reading.kept),
            "contrast": int(1000 * contrast / reading.plane.range),
        }

    @cached_property
    def strokes(self) -> dict[str, int]:
        """The measures of the letter stretched to a square, and of its lines."""
        bits, ink, lines = self._lines
        side = bits.height
        count = ink.bit_count()
        enclosed = bits.all & ~ink & ~bits.outside(ink)
        holes = [hole.bit_count() for hole in bits.holes(enclosed)]
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
