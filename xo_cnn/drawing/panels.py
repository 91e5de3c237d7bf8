"""Panels: one map drawn for the terminal, with its numbers where they fit and as a picture where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from xo_cnn.drawing.look import Look, any_in, frame, is_black_and_white, shrink
from xo_cnn.drawing.palette import ACCENT, PALETTES, RGB, ink_on
from xo_cnn.grid import Array, to_levels
from xo_cnn.walk.chapter import View
from xo_cnn.words import printable, size

GAP = 3  # columns between two drawings side by side
MOST_ROWS = 64  # a taller map is drawn without numbers
MOST_NUMBERED = 16  # and so is a picture of more rows or columns, whose numbers say little
LEAST_PICTURE = 30  # columns that a picture needs beside the grid that is made of it
TITLE = 36  # columns that a name may take

# From black to white where there is no colour: a character covers more the nearer its number is to 1.
RAMP = " .:-=+*#%@"
FRAME, MARK = "|", "&"  # what is pointed out in a picture without colour

WARM: RGB = (255, 214, 10)  # what is pointed out, always with a character as well


@dataclass(frozen=True)
class Panel:
    """A drawing: a title above lines, none of them wider than `width`."""

    title: Text
    lines: list[Text]
    in_blocks: bool = False

    @property
    def width(self) -> int:
        """The columns that it takes."""
        return max(cell_len(line.plain) for line in [self.title, *self.lines])


def has_colour(console: Console) -> bool:
    """Whether what is written to a console may be coloured."""
    return console.color_system is not None and not console.no_color


def on(background: RGB, bold: bool = False) -> Style:
    """The style of a cell: its colour, and on it the ink that reads best."""
    return Style(color=Color.from_rgb(*ink_on(background)), bgcolor=Color.from_rgb(*background), bold=bold)


def heading(view: View) -> Text:
    """A map's name and size, or what else it is called."""
    if view.title is not None:
        return Text(printable(view.title), no_wrap=True)
    name = printable(view.map.name)
    text = Text(name, style="bold", no_wrap=True)
    text.truncate(TITLE, overflow="ellipsis")
    text.append((" " if name else "") + size(view.map.shape), style="not bold")
    return text


def _in_signs(value: float) -> str:
    return "#" if value > 0 else "."


def number_panel(view: View, room: int, smaller: int = 0) -> Panel | None:
    """A drawing with the number of every cell, in `room` columns; None where they do not fit.

    Each step `smaller` asks for shorter numbers; in the last, a ±1 grid is written in signs.
    """
    rows, columns = view.map.shape
    if rows > MOST_ROWS or columns > room:
        return None
    look = Look.of(view.map, view.palette, view.places)
    write = _in_signs if smaller == 2 else look.writings[min(smaller, len(look.writings) - 1)]
    values = np.asarray(view.map.values, dtype=np.float64)
    texts = [[write(value) for value in row] for row in values.tolist()]
    marked = bool(view.boxes) or view.marks is not None
    longest = max(1 if write is _in_signs else 2, *(len(text) for line in texts for text in line))
    gutter = len(str(rows - 1)) + 1 if view.numbered else 0
    for space in (1,) if marked else (1, 0) if look.whole else (1,):
        width = longest + space
        if width * columns + marked + gutter > room:
            continue
        lines = [
            Text.assemble(
                (f"{row:>{gutter - 1}} " if gutter else "", "dim"), _line(view, look, text, values, row, width)
            )
            for row, text in enumerate(texts)
        ]
        if view.numbered:
            most = 10 ** (width - 1)  # where two digits would touch, the last one is enough
            numbers = "".join(f"{column if columns <= most else column % 10:>{width}}" for column in range(columns))
            lines.insert(0, Text(" " * gutter + numbers, style="dim", no_wrap=True))
        return Panel(heading(view), lines)
    return None


def _line(view: View, look: Look, texts: Sequence[str], values: Array, row: int, width: int) -> Text:
    line = Text(no_wrap=True)
    columns = values.shape[1]
    marked = bool(view.boxes) or view.marks is not None
    for column in range(columns):
        before = _before(view, row, column) if marked else ""
        background = look.background(float(values[row, column]))
        line.append(before, on(WARM, bold=True) if before.strip() else on(background))
        line.append(texts[column].rjust(width - len(before)), on(background, bold=before.strip() not in ("", "]")))
    if marked:
        after = _before(view, row, columns)
        line.append(after, on(WARM, bold=True) if after.strip() else Style())
    return line


def _before(view: View, row: int, column: int) -> str:
    """The character between a cell and the one on its left."""
    for top, left, rows, columns in view.boxes:
        if top <= row < top + rows and column in (left, left + columns):
            return "[" if column == left else "]"
    if view.marks is not None and column < view.marks.shape[1] and view.marks[row, column]:
        return view.sign
    return " "


def block_panel(view: View, console: Console, room: int) -> Panel:
    """A drawing without numbers: a cell in two characters, two in one, or means of as many as it takes to fit."""
    rows, columns = view.map.shape
    lines = max(console.height - 5, 8)
    look = Look.of(view.map, view.palette, view.places)
    title = heading(view)
    large = 2 * columns <= room and rows <= lines
    step = 1 if large else max(-(-columns // room), -(-rows // (2 * lines)))
    if not large:
        title.append(f" shown at 1/{step}" if step > 1 else ", two rows a line", style="not bold")
    title.truncate(max(room, 1), overflow="ellipsis")
    values = shrink(view.map, step)
    edges = frame(view.map.shape, view.boxes, step)
    marks = np.zeros_like(edges) if view.marks is None else any_in(view.marks, step)
    if has_colour(console):
        colours = PALETTES[look.palette][to_levels(values)]
        colours[marks] = ACCENT
        colours[edges] = WARM
        return Panel(title, list(_large(colours) if large else _half_blocks(colours)), in_blocks=True)
    signs = np.array(list(RAMP + FRAME + MARK))
    if not large:
        edges, marks = _any_in_pairs(edges), _any_in_pairs(marks)
        values = np.stack([values[top : top + 2].mean(axis=0) for top in range(0, len(values), 2)])
    places = np.rint((np.clip(values, -1, 1) + 1) / 2 * (len(RAMP) - 1)).astype(int)
    places[marks] = len(RAMP) + 1
    places[edges] = len(RAMP)
    drawn = signs[places.repeat(2, axis=1) if large else places]
    return Panel(title, [Text("".join(line), no_wrap=True) for line in drawn.tolist()], in_blocks=True)


def _any_in_pairs(marks: Array) -> Array:
    """Which pairs of rows hold a mark, column by column."""
    both: Array = np.logical_or.reduceat(marks, np.arange(0, len(marks), 2), axis=0)
    return both


def _runs(colours: Array) -> Iterator[tuple[int, list[int]]]:
    """Neighbours of one colour along a line (columns, channels), with their number: they are written in one go."""
    starts = [0, *(np.flatnonzero((colours[1:] != colours[:-1]).any(axis=1)) + 1).tolist(), len(colours)]
    for start, end in pairwise(starts):
        yield end - start, colours[start].tolist()


def _large(colours: Array) -> Iterator[Text]:
    for row in colours:
        line = Text(no_wrap=True)
        for length, rgb in _runs(row):
            line.append("  " * length, Style(bgcolor=Color.from_rgb(*rgb)))
        yield line


def _half_blocks(colours: Array) -> Iterator[Text]:
    for top in range(0, len(colours), 2):
        line = Text(no_wrap=True)
        for length, rgb in _runs(np.concatenate(colours[top : top + 2], axis=1)):
            below = Color.from_rgb(*rgb[3:]) if rgb[3:] else None
            line.append("▀" * length, Style(color=Color.from_rgb(*rgb[:3]), bgcolor=below))
        yield line


def panel(view: View, console: Console, room: int = 0, smaller: int = 0) -> Panel:
    """A map with its numbers where they fit; in blocks, `room` columns wide or as the window, where they do not."""
    if not _is_picture(view):
        for step in range(smaller, 2 + (smaller == 2)):
            numbers = number_panel(view, console.width, step)
            if numbers is not None:
                return numbers
    return block_panel(view, console, room or console.width)


def _is_picture(view: View) -> bool:
    """Whether a map shows levels of light, too many of them for numbers."""
    return view.palette == "grey" and not is_black_and_white(view.map) and max(view.map.shape) > MOST_NUMBERED


class Blocks(NamedTuple):
    """A row of views as blocks of lines, and whether ±1 grids in it are written in signs."""

    lines: list[list[Text]]
    in_signs: bool


def blocks_of(items: Sequence[View | str], console: Console) -> Blocks:
    """Views side by side where they fit, else below each other, as blocks of lines; a string stands between two.

    Where all of a row fit with shorter numbers they are shortened, ±1 grids to signs. Pictures get the room that is
    left.
    """
    pictures = sum(isinstance(item, View) and _is_picture(item) for item in items)
    views = [item for item in items if isinstance(item, View) and not _is_picture(item)]
    signs = all(is_black_and_white(view.map) for view in views)
    for smaller in range(3 if signs else 2):
        numbers = {id(view): panel(view, console, console.width // 2 - GAP, smaller) for view in views}
        taken = sum(drawn.width + GAP for drawn in numbers.values()) + (1 + GAP) * (len(items) - len(views) - pictures)
        room = (console.width - taken) // pictures - GAP if pictures else 0
        if pictures and room < LEAST_PICTURE:
            continue
        panels = [
            item if isinstance(item, str) else numbers.get(id(item)) or panel(item, console, room) for item in items
        ]
        blocks = list(side_by_side(panels, console.width))
        if len(blocks) == 1:
            return Blocks(blocks, smaller == 2)
    alone = [item if isinstance(item, str) else panel(item, console) for item in items]
    return Blocks(list(side_by_side(alone, console.width)), in_signs=False)


def side_by_side(panels: Sequence[Panel | str], width: int) -> Iterator[list[Text]]:
    """Drawings side by side in `width` columns, as many as fit in a block of lines; a string stands between two."""
    row: list[Panel] = []
    for number, item in enumerate(panels):
        if isinstance(item, str):
            beside = panels[number - 1 : number + 2 : 2]
            lower = min(len(drawn.lines) for drawn in beside if isinstance(drawn, Panel))
            item = Panel(Text(""), [Text(item if line == (lower - 1) // 2 else "") for line in range(lower)])
        if row and sum(drawn.width + GAP for drawn in row) + item.width > width:
            yield _block(row)
            row = []
        row.append(item)
    if row:
        yield _block(row)


def _block(row: Sequence[Panel]) -> list[Text]:
    lines = []
    for number in range(-1, max(len(drawn.lines) for drawn in row)):
        line, column, left = Text(no_wrap=True), 0, 0
        for drawn in row:
            here = drawn.title if number < 0 else drawn.lines[number] if number < len(drawn.lines) else Text("")
            if here.plain:
                line.append(" " * (left - column))
                line.append_text(here)
                column = left + cell_len(here.plain)
            left += drawn.width + GAP
        if number >= 0 or line.plain.strip():
            lines.append(line)
    return lines
