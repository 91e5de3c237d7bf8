"""Figures: grids and maps as SVG, with cells, numbers, names and a legend, and nothing from elsewhere."""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image

from xo_cnn.drawing.look import Look, any_in, is_black_and_white, shrink
from xo_cnn.drawing.palette import ACCENT, BLACK, PALETTES, colour, hex_colour, ink_on
from xo_cnn.grid import Array, Map, to_levels
from xo_cnn.walk.chapter import BLACK_AND_WHITE, View
from xo_cnn.words import signed, size

WIDTH = 960  # a figure's usual width; a single wider map may widen it
CELL = 32  # a cell's side where it holds a number
MOST_CELLS = 1024  # a map of more is an embedded picture, without numbers
MOST_PIXELS = 512  # the longer side of an embedded picture; what is larger is shrunk, and says so
MOST_NUMBERED = 16  # the rows or columns of a picture in levels of light whose cells have numbers
TITLE = 22
EDGING = 16  # beside a map, for the numbers of its rows and columns
GAP = 24
EDGE = "stroke='#888' stroke-width='.5'"
FONT = "font-family='ui-monospace,Menlo,Consolas,monospace'"
OUTLINE = hex_colour(ACCENT)

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
    """A part of a figure: its width and height in pixels, and its SVG, drawn from the origin."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> str:
        """The part moved to a place."""
        return f"<g transform='translate({x:g} {y:g})'>" + "".join(self.parts) + "</g>"


def words(line: str, x: float, y: float, size: int = 13, extra: str = "") -> str:
    """A line of words whose baseline begins at x, y."""
    return f"<text x='{x:g}' y='{y:g}' font-size='{size}' {extra}>{text(line)}</text>"


def view_piece(view: View, cell: float = CELL) -> Piece:
    """A map under its title: numbered cells, or an embedded picture where there are too many, with boxes and marks."""
    rows, columns = view.map.shape
    heading = f"{view.map.name} {size(view.map.shape)}".strip() if view.title is None else view.title
    most = MOST_NUMBERED**2 if view.palette == "grey" and not is_black_and_white(view.map) else MOST_CELLS
    if rows * columns > most:
        return _picture(view, heading)
    look = Look.of(view.map, view.palette, view.places)
    values = np.asarray(view.map.values, dtype=np.float64)
    longest = max(len(look.writings[0](value)) for value in values.ravel().tolist())
    wide = max(cell * 0.8, cell * longest / 4) if look.whole else max(cell, cell * longest / 5)
    tall = wide if longest <= 5 else cell
    edging = EDGING if view.numbered else 0
    top = TITLE + edging
    parts = [_heading(heading)]
    if view.numbered:
        parts.append(_edging(rows, columns, wide, tall))
    grid = Piece(0, 0, [*_cells(values, look, wide, tall, cell)])
    marks = (
        () if view.marks is None else ((row, column, 1, 1) for row, column in zip(*view.marks.nonzero(), strict=True))
    )
    for box in (*view.boxes, *marks):
        grid.parts += _outline(box, wide, tall)
    parts.append(grid.at(edging, top))
    return Piece(max(edging + columns * wide, 7.3 * len(heading)), top + rows * tall, parts)


def _heading(heading: str) -> str:
    return words(heading, 0, TITLE - 8, 12, "font-weight='bold'")


def _cells(values: Array, look: Look, wide: float, tall: float, cell: float) -> tuple[str, str]:
    side = f"width='{wide:g}' height='{tall:g}'"
    cells, numbers = [], []
    for row, column in np.ndindex(*values.shape):
        value = float(values[row, column])
        background = look.background(value)
        x, y = column * wide, row * tall
        ink = "" if ink_on(background) == BLACK else " fill='#fff'"
        cells.append(f"<rect x='{x:g}' y='{y:g}' {side} fill='{hex_colour(background)}'/>")
        number = look.writings[0](value)
        numbers.append(f"<text x='{x + wide / 2:g}' y='{y + tall / 2 + cell * 0.11:g}'{ink}>{number}</text>")
    return (
        f"<g {EDGE}>{''.join(cells)}</g>",
        f"<g text-anchor='middle' font-size='{cell * 0.3:g}'>{''.join(numbers)}</g>",
    )


def _edging(rows: int, columns: int, wide: float, tall: float) -> str:
    """The numbers of rows and columns."""
    numbers = [
        f"<text x='{EDGING + (column + 0.5) * wide:g}' y='{TITLE + EDGING - 5}'>{column}</text>"
        for column in range(columns)
    ]
    numbers += [
        f"<text x='{EDGING / 2:g}' y='{TITLE + EDGING + (row + 0.5) * tall + 3:g}'>{row}</text>" for row in range(rows)
    ]
    return f"<g text-anchor='middle' font-size='9' fill='#666'>{''.join(numbers)}</g>"


def _outline(box: tuple[int, int, int, int], wide: float, tall: float) -> list[str]:
    top, left, down, across = box
    place = f"x='{left * wide:g}' y='{top * tall:g}' width='{across * wide:g}' height='{down * tall:g}' fill='none'"
    return [f"<rect {place} stroke='#fff' stroke-width='5'/>", f"<rect {place} stroke='{OUTLINE}' stroke-width='3'/>"]


def _picture(view: View, heading: str) -> Piece:
    step = math.ceil(max(view.map.shape) / MOST_PIXELS)
    values = shrink(view.map, step)
    if step > 1:
        heading += f" shown at 1/{step}"
    if view.marks is None:
        image = Image.fromarray(to_levels(values))
        image.putpalette(PALETTES[Look.of(view.map, view.palette).palette].tobytes())
    else:
        colours = PALETTES[Look.of(view.map, view.palette).palette][to_levels(values)]
        colours[any_in(view.marks, step)] = ACCENT
        image = Image.fromarray(colours)
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    rows, columns = values.shape
    scale = max(1, MOST_PIXELS // max(rows, columns)) if view.palette != "grey" else 256 / max(rows, columns)
    width, height = columns * scale, rows * scale
    link = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
    box = f"width='{width:g}' height='{height:g}'"
    picture = [
        f"<image {box} preserveAspectRatio='none' style='image-rendering:pixelated' href='{link}'/>",
        f"<rect {box} fill='none' {EDGE}/>",
    ]
    for outlined in view.boxes:
        picture += _outline(outlined, scale / step, scale / step)
    parts = [_heading(heading), Piece(width, height, picture).at(0, TITLE)]
    return Piece(max(width, 7.3 * len(heading)), TITLE + height, parts)


def legend_piece(palette: str = "diverging", meaning: str = "") -> Piece:
    """What the colours mean: five numbers in theirs, and words for three of them or a whole sentence."""
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
        if value in meanings and not meaning:
            parts.append(words(meanings[value], x, 14, 11))
            x += 7 * len(meanings[value]) + 12
    if meaning:
        parts.append(words(meaning, x, 14, 11))
        x += 7 * len(meaning)
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
    """A whole SVG file on a white ground, as wide as its place but no wider than its natural width.

    A screen reader reads the title.
    """
    width, height = math.ceil(piece.width + 2 * margin), math.ceil(piece.height + 2 * margin)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' "
        f"style='width:100%;max-width:{width}px' role='img' fill='#000' {FONT}><title>{text(title)}</title>"
        f"<rect width='{width}' height='{height}' fill='#fff'/>{piece.at(margin, margin)}</svg>\n"
    )


def maps_figure(maps: Sequence[Map], palette: str = "diverging") -> str:
    """A figure of grids and maps as one SVG file: cells, numbers, names, and a legend below.

    >>> maps_figure([Map("diag", np.eye(3))]).count("<rect")
    15
    """
    black_and_white = [is_black_and_white(drawn) for drawn in maps]
    views = (View(drawn, palette="" if plain else palette) for drawn, plain in zip(maps, black_and_white, strict=True))
    pieces = [flow([view_piece(view) for view in views])]
    if any(black_and_white):
        pieces.append(Piece(200, 14, [words(BLACK_AND_WHITE, 0, 12, 12)]))
    if not all(black_and_white):
        pieces.append(legend_piece(palette))
    names = ", ".join(f"{drawn.name} {size(drawn.shape)}".strip() for drawn in maps)
    return document(column(pieces), f"Maps: {names}")
