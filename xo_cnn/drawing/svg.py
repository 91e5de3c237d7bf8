"""Figures: grids and maps as SVG, with cells, numbers, names and a legend, and nothing from elsewhere."""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image

from xo_cnn.drawing.cells import is_black_and_white, is_whole, shrink
from xo_cnn.drawing.palette import PALETTES, RGB, colour, hex_colour, indices, ink_on
from xo_cnn.grid import Map
from xo_cnn.words import plain, signed, size

WIDTH = 960  # a figure's usual width; a single wider map may widen it
CELL = 32  # a cell's side where it holds a number
MOST_CELLS = 1024  # a map of more is an embedded picture, without numbers
MOST_PIXELS = 512  # the longer side of an embedded picture; what is larger is shrunken, and says so
TITLE = 22
GAP = 24
EDGE = "stroke='#888' stroke-width='.5'"
FONT = "font-family='ui-monospace,Menlo,Consolas,monospace'"

WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)

# Characters that XML has no way to write at all.
_NEVER = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(words: str) -> str:
    r"""Words as they may stand in XML, whatever they hold.

    >>> text("<diag> & \x1b[2J")
    '&lt;diag&gt; &amp; �[2J'
    """
    return escape(_NEVER.sub("\ufffd", words), {'"': "&quot;", "'": "&#39;"})


@dataclass
class Piece:
    """A part of a figure: its width and height in pixels, and its SVG from the origin on."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> str:
        """The part moved to a place."""
        return f"<g transform='translate({x:g} {y:g})'>" + "".join(self.parts) + "</g>"


def words(line: str, x: float, y: float, size: int = 13, extra: str = "") -> str:
    """A line of words whose baseline begins at x, y."""
    return f"<text x='{x:g}' y='{y:g}' font-size='{size}' {extra}>{text(line)}</text>"


def map_piece(
    one: Map,
    cell: float = CELL,
    palette: str = "diverging",
    title: str | None = None,
    boxes: Sequence[tuple[int, int, int, int]] = (),
    places: int = 2,
) -> Piece:
    """A map with its name and size above: numbered cells, or an embedded picture where there are too many.

    `boxes` are rectangles of cells (top, left, rows, columns) to outline; numbers have so many decimal `places`.
    """
    rows, columns = one.shape
    heading = title if title is not None else f"{one.name} {size(one.shape)}".strip()
    if rows * columns > MOST_CELLS:
        return _picture(one, heading, palette)
    values = np.asarray(one.values, dtype=np.float64)
    black_and_white = is_black_and_white(one)
    whole = one.divisor == 1 and places == 2 and is_whole(values)
    write = plain if whole else partial(signed, places=places)
    longest = max(len(write(value)) for value in values.ravel().tolist())
    wide = max(cell, cell * longest / 5) if not whole else max(cell * 0.75, cell * longest / 4)
    tall = wide if longest <= 5 else cell
    width = max(columns * wide, 7.3 * len(heading))
    side = f"width='{wide:g}' height='{tall:g}'"
    parts = [words(heading, 0, TITLE - 8, 12, "font-weight='bold'")]
    cells, numbers = [], []
    for row, column in np.ndindex(rows, columns):
        value = float(values[row, column])
        background = (WHITE if value > 0 else BLACK) if black_and_white else colour(value, palette)
        x, y = column * wide, TITLE + row * tall
        ink = "" if ink_on(background) == BLACK else " fill='#fff'"
        cells.append(f"<rect x='{x:g}' y='{y:g}' {side} fill='{hex_colour(background)}'/>")
        numbers.append(f"<text x='{x + wide / 2:g}' y='{y + tall / 2 + cell * 0.11:g}'{ink}>{write(value)}</text>")
    parts += [
        f"<g {EDGE}>{''.join(cells)}</g>",
        f"<g text-anchor='middle' font-size='{cell * 0.3:g}'>{''.join(numbers)}</g>",
    ]
    for top, left, down, across in boxes:
        corner = f"x='{left * wide:g}' y='{TITLE + top * tall:g}'"
        place = f"{corner} width='{across * wide:g}' height='{down * tall:g}' fill='none'"
        parts += [
            f"<rect {place} stroke='#fff' stroke-width='5'/>",
            f"<rect {place} stroke='#00857a' stroke-width='3'/>",
        ]
    return Piece(width, TITLE + rows * tall, parts)


def _picture(one: Map, heading: str, palette: str) -> Piece:
    step = math.ceil(max(one.shape) / MOST_PIXELS)
    values = shrink(one, step)
    if step > 1:
        heading += f" shown at 1/{step}"
    image = Image.fromarray(indices(values))
    image.putpalette(PALETTES["grey" if is_black_and_white(one) else palette].tobytes())
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    rows, columns = values.shape
    scale = max(1, MOST_PIXELS // max(rows, columns))
    width, height = columns * scale, rows * scale
    link = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
    box = f"width='{width}' height='{height}'"
    parts = [
        words(heading, 0, TITLE - 8, 12, "font-weight='bold'"),
        f"<image y='{TITLE}' {box} preserveAspectRatio='none' style='image-rendering:pixelated' href='{link}'/>",
        f"<rect y='{TITLE}' {box} fill='none' {EDGE}/>",
    ]
    return Piece(max(width, 7.3 * len(heading)), TITLE + height, parts)


def legend_piece(palette: str = "diverging") -> Piece:
    """What the colours mean: five numbers in theirs, and the text's words for three of them."""
    meanings = {-1.0: "the negative", 0.0: "no match", 1.0: "a perfect match"}
    if palette == "grey":
        meanings = {-1.0: "black", 0.0: "mid-grey", 1.0: "white"}
    parts, x = [], 0.0
    for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
        background = colour(value, palette)
        parts.append(
            f"<rect x='{x:g}' width='44' height='20' fill='{hex_colour(background)}' {EDGE}/>"
            f"<text x='{x + 22:g}' y='14' text-anchor='middle' font-size='11' fill='{hex_colour(ink_on(background))}'>"
            f"{signed(value)}</text>"
        )
        x += 50
        if value in meanings:
            parts.append(words(meanings[value], x, 14, 11))
            x += 7 * len(meanings[value]) + 12
    return Piece(x, 20, parts)


def flow(pieces: Sequence[Piece], width: float = WIDTH, gap: float = GAP) -> Piece:
    """Set pieces side by side, in as many rows as the width asks for."""
    parts, x, y, tallest, widest = [], 0.0, 0.0, 0.0, 0.0
    for piece in pieces:
        if x and x + piece.width > width:
            x, y, tallest = 0.0, y + tallest + gap, 0.0
        parts.append(piece.at(x, y))
        widest = max(widest, x + piece.width)
        x += piece.width + gap
        tallest = max(tallest, piece.height)
    return Piece(widest, y + tallest, parts)


def column(pieces: Sequence[Piece], gap: float = GAP) -> Piece:
    """Set pieces below each other."""
    parts, y = [], 0.0
    for piece in pieces:
        parts.append(piece.at(0, y))
        y += piece.height + gap
    return Piece(max(piece.width for piece in pieces), y - gap, parts)


def document(piece: Piece, title: str, margin: float = 20) -> str:
    """A whole SVG file on a white ground, with a title that a screen reader reads."""
    width, height = math.ceil(piece.width + 2 * margin), math.ceil(piece.height + 2 * margin)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' "
        f"role='img' {FONT}><title>{text(title)}</title><rect width='{width}' height='{height}' fill='#fff'/>"
        f"{piece.at(margin, margin)}</svg>\n"
    )


def maps_figure(maps: Sequence[Map], palette: str = "diverging") -> str:
    """A figure of grids and maps as one SVG file: cells, numbers, names, and a legend below.

    >>> maps_figure([Map("diag", np.eye(3))]).count("<rect")
    15
    """
    pieces = [flow([map_piece(one, palette=palette) for one in maps])]
    if any(is_black_and_white(one) for one in maps):
        pieces.append(Piece(200, 14, [words("1 is white, -1 is black.", 0, 12, 12)]))
    if not all(is_black_and_white(one) for one in maps):
        pieces.append(legend_piece(palette))
    names = ", ".join(f"{one.name} {size(one.shape)}".strip() for one in maps)
    return document(column(pieces), f"Maps: {names}")
