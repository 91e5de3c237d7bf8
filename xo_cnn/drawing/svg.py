"""Drawings as SVG: grids, maps and the chapters of a walk, with cells, numbers and legends, and no links."""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

import numpy as np
from PIL import Image

from xo_cnn.drawing.palette import ACCENT, BLACK, PALETTES, colour, hex_colour, ink_on, number_styles, shrunk
from xo_cnn.grid import Map, to_levels
from xo_cnn.layers import Box
from xo_cnn.voting import Verdict
from xo_cnn.walk.figures import Chapter, Figure, Figures, gallery
from xo_cnn.words import signed

WIDTH = 1000  # a drawing's usual width; a single wider map may widen it
CELL = 28  # a cell's side where it holds a number
MOST_NUMBERS = 1024  # a map of more is an embedded picture, without numbers
MOST_PIXELS = 512  # the longer side of an embedded picture; what is larger is shrunk, and says so
TITLE = 22
EDGING = 16  # beside a map, for the numbers of its rows and columns
GAP, MARGIN = 24, 20
LINE, LETTER = 17, 7.3  # the height of a line of prose, and the width of its letters
EDGE = "stroke='#888' stroke-width='.5'"
FONT = "font-family='ui-monospace,Menlo,Consolas,monospace'"
BOLD = "font-weight='bold'"

FIVE = Map("", np.array([[-1.0, -0.5, 0.0, 0.5, 1.0]]))  # numbers whose colours a legend shows

# Characters that XML has no way to write at all.
_NEVER = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(line: str) -> str:
    r"""Words as they may stand in XML, whatever they hold.

    >>> xml_text("<diag> & \x1b[2J")
    '&lt;diag&gt; &amp; �[2J'
    """
    return escape(_NEVER.sub("\ufffd", line))


@dataclass
class Piece:
    """A part of a drawing: its width and height in pixels, and its SVG, drawn from the origin."""

    width: float
    height: float
    parts: list[str]

    def at(self, x: float, y: float) -> str:
        """The part moved to a place."""
        return f"<g transform='translate({x:g} {y:g})'>" + "".join(self.parts) + "</g>"


def words(line: str, x: float, y: float, size: int, extra: str = "") -> str:
    """A line of words whose baseline begins at x, y."""
    return f"<text x='{x:g}' y='{y:g}' font-size='{size}' {extra}>{xml_text(line)}</text>"


def figure_piece(figure: Figure) -> Piece:
    """A map under its title: numbered cells, or an embedded picture where there are too many, with boxes and marks."""
    rows, columns = figure.map.shape
    if figure.is_picture or rows * columns > MOST_NUMBERS:
        return _embedded(figure)
    write = number_styles(figure)[0]
    numbers = [[write(value) for value in row] for row in figure.map.values.tolist()]
    longest = max(len(number) for row in numbers for number in row)
    wide = CELL * max(0.8, longest / 5)
    tall = wide if longest <= 5 else CELL
    edging = EDGING if figure.numbered else 0
    parts = [words(figure.heading, 0, TITLE - 8, 12, BOLD)]
    if figure.numbered:
        parts.append(_edging(rows, columns, wide, tall))
    grid = Piece(0, 0, _cells(figure, numbers, wide, tall))
    marks = () if figure.marks is None else zip(*figure.marks.nonzero(), strict=True)
    for box in (*figure.boxes, *((row, column, 1, 1) for row, column in marks)):
        grid.parts += _outline(box, wide, tall)
    parts.append(grid.at(edging, TITLE + edging))
    return Piece(max(edging + columns * wide, LETTER * len(figure.heading)), TITLE + edging + rows * tall, parts)


def _cells(figure: Figure, numbers: Sequence[Sequence[str]], wide: float, tall: float) -> list[str]:
    side = f"width='{wide:g}' height='{tall:g}'"
    cells, written = [], []
    for (row, column), value in np.ndenumerate(figure.map.values):
        background = colour(float(value), figure.colours)
        x, y = column * wide, row * tall
        ink = "" if ink_on(background) == BLACK else " fill='#fff'"
        cells.append(f"<rect x='{x:g}' y='{y:g}' {side} fill='{hex_colour(background)}'/>")
        middle = f"x='{x + wide / 2:g}' y='{y + tall / 2 + CELL * 0.11:g}'"
        written.append(f"<text {middle}{ink}>{numbers[row][column]}</text>")
    return [
        f"<g {EDGE}>{''.join(cells)}</g>",
        f"<g text-anchor='middle' font-size='{CELL * 0.3:g}'>{''.join(written)}</g>",
    ]


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


def _outline(box: Box, wide: float, tall: float) -> list[str]:
    top, left, down, across = box
    place = f"x='{left * wide:g}' y='{top * tall:g}' width='{across * wide:g}' height='{down * tall:g}' fill='none'"
    lines = (("#fff", 5), (hex_colour(ACCENT), 3))
    return [f"<rect {place} stroke='{line}' stroke-width='{width}'/>" for line, width in lines]


def _embedded(figure: Figure) -> Piece:
    """A map as a picture, a cell a pixel or shrunk."""
    step = math.ceil(max(figure.map.shape) / MOST_PIXELS)
    heading = f"{figure.heading} shown at 1/{step}" if step > 1 else figure.heading
    colours = PALETTES[figure.colours][to_levels(shrunk(figure.map.sums, step, step) / figure.map.cells)]
    if figure.marks is not None:
        colours[shrunk(figure.marks, step, step) > 0] = ACCENT
    data = io.BytesIO()
    Image.fromarray(colours).save(data, "PNG", optimize=True)
    rows, columns, _ = colours.shape
    scale = MOST_PIXELS / max(rows, columns)
    width, height = columns * scale, rows * scale
    link = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
    side = f"width='{width:g}' height='{height:g}'"
    picture = [
        f"<image {side} preserveAspectRatio='none' style='image-rendering:pixelated' href='{link}'/>",
        f"<rect {side} fill='none' {EDGE}/>",
    ]
    for box in figure.boxes:
        picture += _outline(box, scale / step, scale / step)
    parts = [words(heading, 0, TITLE - 8, 12, BOLD), Piece(width, height, picture).at(0, TITLE)]
    return Piece(max(width, LETTER * len(heading)), TITLE + height, parts)


def _beside(pieces: Sequence[Piece], width: float = WIDTH, gap: float = GAP) -> Piece:
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


def _below(pieces: Sequence[Piece], gap: float) -> Piece:
    """Set pieces below each other."""
    return _beside(pieces, 0, gap)


def _document(piece: Piece, title: str) -> str:
    """A whole SVG file on a white ground, as wide as its place but no wider than its natural width.

    A screen reader reads the title.
    """
    width, height = math.ceil(piece.width) + 2 * MARGIN, math.ceil(piece.height) + 2 * MARGIN
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' "
        f"style='width:100%;max-width:{width}px' role='img' fill='#000' {FONT}><title>{xml_text(title)}</title>"
        f"<rect width='{width}' height='{height}' fill='#fff'/>{piece.at(MARGIN, MARGIN)}</svg>\n"
    )


def maps_svg(maps: Sequence[Map], palette: str = "diverging") -> str:
    """Grids and maps as one SVG file: cells, numbers, names, and a legend below.

    >>> maps_svg([Map("diag", np.eye(3))]).count("<rect")
    15
    """
    return _document(_chapter(gallery(maps, palette)), f"Maps: {', '.join(one.name for one in maps)}")


def verdict_svg(verdict: Verdict) -> str:
    """The labels with their votes as bars, as one SVG file."""
    return _document(_votes(verdict), f"The verdict: {verdict}")


def chapters_svg(chapters: Sequence[Chapter], title: str) -> str:
    """Chapters as one SVG file under a title, the same bytes for the same walk."""
    return _document(_below([_prose([title]), *map(_chapter, chapters)], 36), title)


def _chapter(chapter: Chapter) -> Piece:
    title = [words(chapter.title, 0, 16, 16, BOLD)] if chapter.title else []
    pieces = [
        Piece(9.7 * len(chapter.title), 22, title),
        _prose(chapter.says),
        _beside([_row(row) for row in chapter.rows]),
        figure_piece(Figure(FIVE, chapter.legend)) if chapter.is_coloured else _prose([chapter.legend]),
        _votes(chapter.verdict) if chapter.verdict else Piece(0, 0, []),
        _prose(chapter.sums_up),
    ]
    return _below([piece for piece in pieces if piece.parts], 12)


def _row(row: Figures) -> Piece:
    """Figures side by side, and signs between them on the middle of the lower one."""
    pieces = [figure_piece(item) if isinstance(item, Figure) else Piece(14, 0, []) for item in row]
    for number, item in enumerate(row):
        if isinstance(item, str):
            lower = min(pieces[number - 1].height, pieces[number + 1].height)
            pieces[number] = Piece(14, 0, [words(item, 0, lower / 2 + 16, 18)])
    return _beside(pieces, 1.5 * WIDTH, 18)


def _prose(lines: Iterable[str]) -> Piece:
    parts: list[str] = []
    widest = 0.0
    for line in lines:
        indent = 14 if line.startswith("  ") else 0
        for part in wrap(line.strip(), int((WIDTH - indent) / LETTER)):
            parts.append(words(part, indent, (len(parts) + 1) * LINE - 4, 12))
            widest = max(widest, indent + LETTER * len(part))
    return Piece(widest, len(parts) * LINE, parts)


def _votes(verdict: Verdict) -> Piece:
    """The labels with their votes as bars and numbers."""
    votes = verdict.votes
    low, high = min(0.0, *votes.values()), max(0.0, *votes.values())
    scale = 360 / ((high - low) or 1.0)
    axis = 70 - low * scale
    parts = []
    for number, (label, vote) in enumerate(votes.items()):
        y = number * 30
        left = axis + min(vote, 0.0) * scale
        box = f"x='{left:.1f}' y='{y}' width='{abs(vote) * scale:.1f}' height='22'"
        short = label if len(label) <= 8 else label[:7] + "…"
        weight = BOLD if label == str(verdict) else ""
        parts += [
            words(short, 0, y + 15, 14, weight),
            f"<rect {box} fill='{hex_colour(colour(1.0 if vote >= 0 else -1.0))}'/>",
            words(signed(vote, 3), 442, y + 15, 13, weight),
        ]
    parts.append(f"<path d='M{axis:.1f} -4v{len(votes) * 30}' stroke='#555'/>")
    return Piece(510, len(votes) * 30, parts)
