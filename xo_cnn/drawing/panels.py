"""Panels: a figure drawn in lines of text, with its numbers where they fit and as a picture where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

import numpy as np
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from xo_cnn.drawing.palette import (
    ACCENT,
    PALETTES,
    RGB,
    colour,
    edges_of,
    ink_on,
    number_styles,
    shrunk,
)
from xo_cnn.grid import Array, to_levels
from xo_cnn.walk.figures import Figure, Figures
from xo_cnn.words import in_signs, printable

GAP = 3  # columns between two drawings side by side
MOST_ROWS = 64  # a taller map is drawn without numbers

# From black to white where there is no colour: a character covers more the nearer its number is to 1.
RAMP = " .:-=+*#%@"
FRAME, MARK = "|", "&"  # what is pointed out in a picture without colour

WARM: RGB = (255, 214, 10)  # what is pointed out, always with a character as well


@dataclass(frozen=True)
class Panel:
    """A drawing: a title above lines, none of them wider than `width`; in blocks or in signs it needs a legend."""

    title: Text
    lines: list[Text]
    in_blocks: bool = False
    in_signs: bool = False

    @property
    def width(self) -> int:
        """The columns that it takes."""
        return max(cell_len(line.plain) for line in [self.title, *self.lines])


def on(background: RGB, bold: bool = False) -> Style:
    """The style of a cell: its colour, and on it the ink that reads best."""
    return Style(color=Color.from_rgb(*ink_on(background)), bgcolor=Color.from_rgb(*background), bold=bold)


def number_panel(figure: Figure, room: int, write: Callable[[float], str]) -> Panel | None:
    """A drawing with every cell written, in `room` columns; None where that does not fit."""
    rows, columns = figure.map.shape
    if rows > MOST_ROWS or columns > room:
        return None
    values = figure.map.values.tolist()
    texts = [list(map(write, row)) for row in values]
    signs = _signs(figure)
    width = 1 + max(len(text) for line in texts for text in line)
    gutter = len(str(rows - 1)) + 1 if figure.numbered else 0
    if gutter + width * columns + len(signs[0]) - columns > room:
        return None
    lines = []
    for row, cells in enumerate(zip(texts, values, signs, strict=True)):
        line = Text.assemble((f"{row} ".rjust(gutter)[:gutter], "dim"))
        for text, value, sign in zip_longest(*cells, fillvalue=""):
            style = on(colour(value, figure.colours), bold=sign not in " ]") if text else Style()
            line.append(sign, style if sign == " " else on(WARM, bold=True))
            line.append(text.rjust(width - 1) if text else "", style)
        lines.append(line)
    if figure.numbered:
        most = 10 ** (width - 1)  # where two digits would touch, the last one is enough
        numbers = "".join(f"{column % most:>{width}}" for column in range(columns))
        lines.insert(0, Text(" " * gutter + numbers, style="dim"))
    return Panel(Text(printable(figure.heading), style="bold"), lines, in_signs=write is in_signs)


def _signs(figure: Figure) -> list[list[str]]:
    """The character before each cell: of marks and boxes, which may have one behind the last cell too, or a blank."""
    signs = np.full((figure.map.shape[0], figure.map.shape[1] + 1), " ")
    if figure.marks is not None:
        signs[:, :-1][figure.marks] = figure.sign
    for top, left, rows, columns in figure.boxes:
        signs[top : top + rows, left] = "["
        signs[top : top + rows, left + columns] = "]"
    lines: list[list[str]] = (signs if (signs[:, -1] != " ").any() else signs[:, :-1]).tolist()
    return lines


def block_panel(figure: Figure, console: Console, room: int) -> Panel:
    """A drawing without numbers: a cell in two characters, two in one, or means of as many as it takes to fit."""
    rows, columns = figure.map.shape
    lines = max(console.height - 5, 8)
    large = 2 * columns <= room and rows <= lines
    wide = 1 if large else max(-(-columns // room), -(-rows // (2 * lines)))
    tall = wide if large or console.color_system else 2 * wide
    shown = "" if large else f" shown at 1/{wide}" if wide > 1 else ", two rows a line"
    title = Text.assemble((printable(figure.heading), "bold"), shown)
    title.truncate(max(room, 1), overflow="ellipsis")
    values = shrunk(figure.map.sums, tall, wide) / figure.map.cells
    edges = shrunk(edges_of(figure), tall, wide) > 0
    marks = np.zeros_like(edges) if figure.marks is None else shrunk(figure.marks, tall, wide) > 0
    if console.color_system:
        colours = PALETTES[figure.colours][to_levels(values)]
        colours[marks] = ACCENT
        colours[edges] = WARM
        return Panel(title, _half_blocks(colours.repeat(2, axis=0).repeat(2, axis=1) if large else colours), True)
    signs = np.array(list(RAMP + FRAME + MARK))
    places = np.rint((np.clip(values, -1, 1) + 1) / 2 * (len(RAMP) - 1)).astype(int)
    places[marks] = len(RAMP) + 1
    places[edges] = len(RAMP)
    drawn = signs[places.repeat(2, axis=1) if large else places]
    return Panel(title, [Text("".join(line)) for line in drawn.tolist()], in_blocks=True)


def _half_blocks(colours: Array) -> list[Text]:
    """Two rows a line: the upper half of a character is a cell, and the lower half the cell below."""
    lines = []
    for top in range(0, len(colours), 2):
        line = Text()
        # Neighbours of one colour are written in one go.
        for rgb, cells in groupby(np.concatenate(colours[top : top + 2], axis=1).tolist()):
            below = Color.from_rgb(*rgb[3:]) if rgb[3:] else None
            line.append("▀" * len(list(cells)), Style(color=Color.from_rgb(*rgb[:3]), bgcolor=below))
        lines.append(line)
    return lines


def panel(figure: Figure, console: Console, room: int, shortest: bool) -> Panel:
    """A figure with its numbers where they fit, or with the shortest; in blocks, `room` columns wide, elsewhere."""
    if not figure.is_picture:
        styles = number_styles(figure)
        for write in styles[-1:] if shortest else styles:
            if numbers := number_panel(figure, console.width, write):
                return numbers
    return block_panel(figure, console, room)


def row_panels(row: Figures, console: Console) -> list[Panel | str]:
    """The panels of a row: with their usual numbers, or all with the shortest, if they fit side by side."""
    whole, half = console.width, console.width // 2 - 2 * GAP  # half for a picture beside the grid that is made of it
    room = half if len(row) > 1 and half > 32 else whole

    def drawn(shortest: bool) -> list[Panel | str]:
        return [item if isinstance(item, str) else panel(item, console, room, shortest) for item in row]

    for panels in map(drawn, (False, True)):
        if len(list(side_by_side(panels, whole))) == 1:
            return panels
    return drawn(False)


def side_by_side(panels: Sequence[Panel | str], width: int) -> Iterator[list[Text]]:
    """Drawings side by side in `width` columns, as many as fit in a block of lines; a string stands between two."""
    row: list[Panel] = []
    for number, item in enumerate(panels):
        if isinstance(item, str):
            beside = panels[number - 1 : number + 2 : 2]
            lower = min(len(drawn.lines) for drawn in beside if isinstance(drawn, Panel))
            item = Panel(Text(), [Text(item if line == (lower - 1) // 2 else "") for line in range(lower)])
        if row and sum(drawn.width + GAP for drawn in row) + item.width > width:
            yield _block(row)
            row = []
        row.append(item)
    if row:
        yield _block(row)


def _block(row: Sequence[Panel]) -> list[Text]:
    height = max(len(drawn.lines) for drawn in row)
    block = [Text() for _ in range(height + 1)]
    left = 0
    for drawn in row:
        for line, here in zip(block, [drawn.title, *drawn.lines], strict=False):
            if here.plain:
                line.append(" " * (left - cell_len(line.plain)))
                line.append_text(here)
        left += drawn.width + GAP
    return block if block[0].plain.strip() else block[1:]
