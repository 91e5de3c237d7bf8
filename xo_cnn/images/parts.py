"""Parts: which of the ink of a picture may be its letter, and which belongs to what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.images.bits import Bits, box_of
from xo_cnn.images.levels import otsu


def is_new(pixels: int, seen: list[int]) -> bool:
    """Whether no part seen so far is all but the same; if so it is seen from now on."""
    if any((pixels ^ other).bit_count() * 30 <= pixels.bit_count() for other in seen):
        return False
    seen.append(pixels)
    return True


def whole(bits: Bits, pieces: list[int]) -> int:
    """All ink without what keeps to the edges, strips along them, and specks."""
    kept = _pieces_of_letter(bits, pieces)
    if any((kept & edge).bit_count() * 5 >= edge.bit_count() * 4 for edge in bits.edges):
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
    return _without_specks(kept)


def _without_specks(pieces: list[int]) -> int:
    largest = max((piece.bit_count() for piece in pieces), default=0)
    return sum(piece for piece in pieces if piece.bit_count() * 20 >= largest)


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


def middle(bits: Bits, pieces: list[int]) -> int:
    """The piece nearest the middle of those off the edges, where large ones may lie further away; 0 for none."""
    best: tuple[float, int] = (0.0, 0)
    for piece in pieces:
        if piece.bit_count() >= 5 and not piece & bits.rim:
            top, left, bottom, right = bits.box(piece)
            off = max(abs(top + bottom - bits.height) / bits.height, abs(left + right - bits.width) / bits.width)
            best = max(best, ((bottom - top) * (right - left) * (1 - off) ** 2, piece))
    return best[1]


def region_of(bits: Bits, ink: int) -> int:
    """The area around the middle that the ink fills or encloses, without its edge; 0 if it is small or all there is."""
    filled = bits.all & ~bits.outside(ink)
    area = filled & ~bits.grown(bits.all & ~filled)
    count = area.bit_count()
    cells = bits.height * bits.width
    return area if cells * 15 <= count * 100 <= cells * 95 else 0


def within(look: Array, bits: Bits, region: int) -> Iterator[tuple[str, int]]:
    """The ink of either side within a region, by a threshold of its own; what touches its edge is left out."""
    inside = bits.unpack(region)
    light = bits.pack(inside & (look >= otsu(look[inside])))
    edge = region & bits.grown(bits.all & ~region)
    for side, ink in (("dark", region & ~light), ("light", light)):
        yield side, _without_specks([piece for piece in bits.pieces(ink) if not piece & edge])
