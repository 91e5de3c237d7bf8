"""Ink: the ways in which a picture can be read, each with the pixels that would be its letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.images.bits import Bits, bits_of, box_of
from xo_cnn.images.levels import LOOK, along, blocks_of, colour_axis, evened, grain, otsu, shrink
from xo_cnn.images.picture import Picture

Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Plane:
    """One way to see a picture as levels: `look` is the whole of it, shrunk; `closer` shrinks a part of it."""

    name: str
    look: Array
    closer: Callable[[slice, slice], Array]
    sides: tuple[str, ...] = ("dark", "light")

    @cached_property
    def bits(self) -> Bits:
        """The Bits of the look."""
        return bits_of(*self.look.shape)

    @cached_property
    def inks(self) -> dict[str, int]:
        """What is dark and what is light."""
        light = self.bits.pack(self.look >= otsu(self.look))
        return {"dark": self.bits.all & ~light, "light": light}

    @cached_property
    def pieces(self) -> dict[str, list[int]]:
        """What is dark and what is light, parted into pieces."""
        return {side: self.bits.pieces(ink) for side, ink in self.inks.items()}

    @cached_property
    def range(self) -> int:
        """The difference between the lightest and the darkest level."""
        return int(self.look.max()) - int(self.look.min())


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


class View:
    """A picture without repeated rows and columns, and the planes to see it in."""

    def __init__(self, picture: Picture) -> None:
        levels = picture.levels
        rows, columns = grain(levels), grain(levels.T)
        self._places = None
        if (len(rows) - 1) * (len(columns) - 1) < levels.size:
            self._places = np.ix_((rows[:-1] + rows[1:]) // 2, (columns[:-1] + columns[1:]) // 2)
            levels = levels[self._places]
        self.picture, self.levels = picture, levels
        self.rows, self.columns = rows, columns
        self.shape: tuple[int, int] = levels.shape
        self.blocks = blocks_of(levels.shape)

    def light(self) -> Plane | None:
        """The levels of light; None where they are all one."""
        levels = self.levels
        return _plane("light", shrink(levels), lambda rows, columns: shrink(levels[rows, columns]))

    def others(self) -> Iterator[Plane]:
        """Opacity, the axis along which the colours vary most, and light evened for dark and for light ink."""
        planes = [self._opacity(), self._colour(), self._evened(True), self._evened(False)]
        yield from (plane for plane in planes if plane is not None)

    def _without_repeats(self, layer: Array | None) -> Array | None:
        return layer if layer is None or self._places is None else layer[self._places]

    def _opacity(self) -> Plane | None:
        alpha = self._without_repeats(self.picture.alpha)
        if alpha is None:
            return None
        # ink is what can be seen, so dark here means clear
        return _plane("opacity", shrink(alpha), lambda rows, columns: shrink(alpha[rows, columns]))

    def _colour(self) -> Plane | None:
        colours, alpha = self._without_repeats(self.picture.colours), self._without_repeats(self.picture.alpha)
        if colours is None:
            return None
        if alpha is not None:
            share = alpha.astype(np.uint16)[..., None]
            colours = ((colours * share + 255 * (255 - share) + 127) // 255).astype(np.uint8)
        look = shrink(colours)
        axis = colour_axis(look)
        if axis is None:
            return None
        places = look.astype(np.int32) @ axis
        low, high = int(places.min()), int(places.max())

        def closer(rows: slice, columns: slice) -> Array:
            return along(shrink(colours[rows, columns]), axis, low, high)

        return _plane("colour", along(look, axis, low, high), closer)

    def _evened(self, dark: bool) -> Plane | None:
        levels = self.levels
        look = shrink(levels)
        common = np.sort(np.bincount(look.ravel(), minlength=2))[-2:].sum()
        if min(look.shape) < LOOK // 4 or common * 10 >= look.size * 7:
            return None  # a small picture, or a drawing nearly all of one or two levels: no light to even out

        def closer(rows: slice, columns: slice) -> Array:
            return evened(shrink(levels[rows, columns]), dark)

        plane = _plane("evened", evened(look, dark), closer)
        return plane and replace(plane, sides=("dark" if dark else "light",))


def _plane(name: str, look: Array, closer: Callable[[slice, slice], Array]) -> Plane | None:
    return Plane(name, look, closer) if look.min() < look.max() else None


def first_look(view: View, plane: Plane, seen: list[int]) -> Iterator[Reading]:
    """The two plain readings of a plane, likelier side first: all ink, or if some is at the edges what is no strip."""
    bits = plane.bits
    for side, ink in sorted(plane.inks.items(), key=lambda each: (each[1] & bits.rim).bit_count()):
        if ink:
            pixels = _whole(bits, plane.pieces[side]) if ink & bits.margin else ink
            seen.append(pixels)
            yield from _variants(view, plane, side, "all", pixels, ink)


def second_look(view: View, plane: Plane, seen: list[int]) -> Iterator[Reading]:
    """All other readings of a plane, but for what is all but the same as a part already `seen`."""
    bits = plane.bits
    for side, ink in plane.inks.items():
        if not ink or side not in plane.sides:
            continue
        whole = _whole(bits, plane.pieces[side])
        parts = [("all", whole), *_parts(bits, plane.pieces[side])]
        for part, pixels in parts:
            new = _is_new(pixels, seen)
            if new:
                yield from _variants(view, plane, side, part, pixels, ink)
            if part == "all" and plane.name != "evened" and (new or plane.name == "light"):
                yield from _variants(view, plane, side, part, pixels, ink, enclosed=True)
        region = _region(bits, whole)
        if region and plane.name != "evened":
            for inner, pixels in _within(plane, bits, region):
                if pixels and _is_new(pixels, seen):
                    yield from _variants(view, plane, inner, "within", pixels, pixels)


def _is_new(pixels: int, seen: list[int]) -> bool:
    """Whether no part seen so far is all but the same; if so it is seen from now on."""
    if any((pixels ^ other).bit_count() * 30 <= pixels.bit_count() for other in seen):
        return False
    seen.append(pixels)
    return True


def _whole(bits: Bits, pieces: list[int]) -> int:
    """All ink without what keeps to the edges, strips along them, and specks."""
    kept = _pieces_of_letter(bits, pieces)
    if any((kept & edge).bit_count() * 5 >= length * 4 for edge, length in bits.edges):
        # a strip may be joined to the letter: take the lines along the edges away that are nearly all ink
        strips = _strips(bits.unpack(kept))
        if strips is not None:
            rest = kept & ~bits.pack(strips)
            if rest & bits.middle:
                kept = _pieces_of_letter(bits, bits.pieces(rest))
    return kept


def _pieces_of_letter(bits: Bits, pieces: list[int]) -> int:
    """The pieces but for those that keep to the edges, and specks beside the largest."""
    kept = [piece for piece in pieces if piece & bits.middle or not piece & bits.margin]
    if sum(piece.bit_count() for piece in kept) * 50 < bits.height * bits.width:
        kept = pieces
    largest = max(piece.bit_count() for piece in kept)
    return sum(piece for piece in kept if piece.bit_count() * 20 >= largest)


def _strips(pixels: Array) -> Array | None:
    """The lines from an edge inwards that are nearly all ink, where the rest does not reach both ends of that edge."""
    height, width = pixels.shape
    strips = np.zeros_like(pixels)
    across, down = pixels.mean(axis=1) >= 0.8, pixels.mean(axis=0) >= 0.8
    top, bottom = _run(across), _run(across[::-1])
    left, right = _run(down), _run(down[::-1])
    if top + bottom >= height or left + right >= width or (top and bottom and left and right):
        return None
    rest = pixels[top : height - bottom, left : width - right]
    if not rest.any():
        return None
    y, x, y2, x2 = box_of(rest)
    spans_height, spans_width = top + y == 0 and top + y2 == height, left + x == 0 and left + x2 == width
    if (top + bottom > 0 and spans_width) or (left + right > 0 and spans_height):
        return None
    strips[:top], strips[height - bottom :] = True, True
    strips[:, :left], strips[:, width - right :] = True, True
    return strips


def _run(lines: Array) -> int:
    """How many lines from the first on are true."""
    return len(lines) if lines.all() else int(lines.argmin())


def _parts(bits: Bits, pieces: list[int]) -> Iterator[tuple[str, int]]:
    """The piece nearest the middle: of those off the edges, where large ones may lie further away, and of all."""
    middle: tuple[float, int] = (0.0, 0)
    near: tuple[int, int, int] = (len(bits.squares), 0, 0)
    for piece in pieces:
        if piece.bit_count() < 5:
            continue
        away = next(number for number, square in enumerate(bits.squares) if piece & square)
        if piece & bits.rim and away > near[0]:
            continue
        top, left, bottom, right = box_of(bits.unpack(piece))
        off = max(abs(top + bottom - bits.height) / bits.height, abs(left + right - bits.width) / bits.width)
        area = (bottom - top) * (right - left)
        if not piece & bits.rim:
            middle = max(middle, (area * (1 - off) ** 2, piece))
        near = min(near, (away, -area, piece))
    if middle[1]:
        yield "middle", middle[1]
    if near[2]:
        yield "near", near[2]


def _region(bits: Bits, ink: int) -> int:
    """The area around the middle that the ink fills or encloses, without its edge; 0 if it is small or all there is."""
    filled = bits.all & ~bits.outside(ink)
    area = filled & ~bits.grown(bits.all & ~filled)
    count = area.bit_count()
    cells = bits.height * bits.width
    return area if cells * 15 <= count * 100 <= cells * 95 else 0


def _within(plane: Plane, bits: Bits, region: int) -> Iterator[tuple[str, int]]:
    """The ink of either side within a region, by a threshold of its own; what touches its edge is left out."""
    inside = bits.unpack(region)
    light = bits.pack(inside & (plane.look >= otsu(plane.look[inside])))
    edge = region & bits.grown(bits.all & ~region)
    for side, ink in (("dark", region & ~light), ("light", light)):
        pieces = [piece for piece in bits.pieces(ink) if not piece & edge]
        largest = max((piece.bit_count() for piece in pieces), default=0)
        yield side, sum(piece for piece in pieces if piece.bit_count() * 20 >= largest)


def _variants(
    view: View, plane: Plane, side: str, part: str, pixels: int, ink: int, enclosed: bool = False
) -> Iterator[Reading]:
    """A part as it is, or with what it encloses filled or taken instead, in as many pixels as pay."""
    bits = plane.bits
    kept = (pixels & ink).bit_count() / ink.bit_count()
    mask, levels, (top, left), (tall, wide) = _closer(view, plane, side, bits.unpack(pixels))
    for area, letter in _areas(mask) if enclosed else [("", mask)]:
        y, x, y2, x2 = box_of(letter)
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


def _closer(
    view: View, plane: Plane, side: str, pixels: Array
) -> tuple[Array, Array, tuple[int, int], tuple[int, int]]:
    """A part in more pixels where the look had shrunk it: its mask, the levels there, where it begins, its blocks."""
    top, left, bottom, right = box_of(pixels)
    tall, wide = view.blocks
    here = pixels[top:bottom, left:right], plane.look[top:bottom, left:right], (top * tall, left * wide), (tall, wide)
    if tall * wide == 1:
        return here
    height, width = pixels.shape
    top, left, bottom, right = max(0, top - 1), max(0, left - 1), min(height, bottom + 1), min(width, right + 1)
    rows = slice(top * tall, min(bottom * tall, view.shape[0]))
    columns = slice(left * wide, min(right * wide, view.shape[1]))
    fine_tall, fine_wide = blocks_of((rows.stop - rows.start, columns.stop - columns.start))
    if (fine_tall, fine_wide) == (tall, wide):
        return here
    look = plane.closer(rows, columns)
    level = otsu(look)
    found = look >= level if side == "light" else look < level
    bits = bits_of(height, width)
    near = bits.unpack(bits.grown(bits.pack(pixels)) & bits.all)[top:bottom, left:right]
    down = np.minimum(np.arange(look.shape[0]) * fine_tall // tall, near.shape[0] - 1)
    across = np.minimum(np.arange(look.shape[1]) * fine_wide // wide, near.shape[1] - 1)
    found = found & near[np.ix_(down, across)]
    if not found.any():
        return here
    return found, look, (rows.start, columns.start), (fine_tall, fine_wide)
