"""Drawings for the terminal: grids, maps, features and verdicts. Only here and in `walk_terminal` is Rich known."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TextIO

import numpy as np
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from xo_cnn.drawing.cells import is_black_and_white, is_whole, shrink
from xo_cnn.drawing.palette import PALETTES, RGB, colour, indices, ink_on
from xo_cnn.grid import Array, Map
from xo_cnn.voting import Verdict
from xo_cnn.words import count, plain, printable, short, signed, size

GAP = 3  # columns between two drawings side by side
MOST_ROWS = 64  # a taller map is drawn without numbers
TITLE = 36  # columns that a name may take

# From black to white where there is no colour: a character covers more the nearer its number is to 1.
RAMP = " .:-=+*#%@"

WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)

# What an encoding without these characters gets in their place.
_PLAIN = {"×": "x", "≠": "!", "█": "#", "▀": "^", "│": "|", "─": "-", "…": "~", "←": "<-", "·": "-", "÷": "/"}


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    wrong = error.object[error.start : error.end]
    return "".join(_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in wrong), error.end


codecs.register_error("xo_cnn.plain_letters", _in_plain_letters)


def console(file: TextIO, plain: bool = False) -> Console:
    """A Rich console on a file: colour as NO_COLOR, FORCE_COLOR and TERM=dumb say, 80 columns where there is no window.

    COLUMNS sets the width, but not of `plain` text, which is the same wherever it goes. What is written holds no
    colour and no control characters unless it goes to a terminal; with `plain` not even then.
    """
    terminal = file.isatty() and not plain
    dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
    forced = bool(os.environ.get("FORCE_COLOR")) and not plain
    coloured = not os.environ.get("NO_COLOR") and (forced or (terminal and not dumb))
    reconfigure = getattr(file, "reconfigure", None)
    if reconfigure and not (getattr(file, "encoding", None) or "").lower().replace("-", "").startswith("utf"):
        reconfigure(errors="xo_cnn.plain_letters")
    columns = os.environ.get("COLUMNS", "")
    wide = int(columns) if columns.isdecimal() and int(columns) else None
    return Console(
        file=file,
        force_terminal=terminal or forced,
        color_system=_colours(forced and not terminal) if coloured else None,
        no_color=not coloured,
        width=wide if terminal else 80 if plain else wide or 80,
        height=None if terminal else 40,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _colours(somewhere_else: bool) -> Literal["auto", "256"]:
    """How many colours: those that the terminal says it has; of a file that has to be coloured nothing is known."""
    return "256" if somewhere_else and not os.environ.get("COLORTERM") else "auto"


def has_colour(console: Console) -> bool:
    """Whether what is written to a console may be coloured."""
    return console.color_system is not None and not console.no_color


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


@dataclass(frozen=True)
class Marks:
    """What is pointed out in a grid: an outlined rectangle (top, left, rows, columns), or single cells."""

    box: tuple[int, int, int, int] | None = None
    cells: Array | None = None
    sign: str = "≠"

    def before(self, row: int, column: int) -> str:
        """The character between a cell and the one on its left."""
        if self.box is not None:
            top, left, rows, columns = self.box
            if top <= row < top + rows and column in (left, left + columns):
                return "[" if column == left else "]"
        if self.cells is not None and column < self.cells.shape[1] and self.cells[row, column]:
            return self.sign
        return " "


def on(background: RGB, bold: bool = False) -> Style:
    """The style of a cell: its colour, and on it the ink that reads best."""
    return Style(color=Color.from_rgb(*ink_on(background)), bgcolor=Color.from_rgb(*background), bold=bold)


def number_panel(
    one: Map,
    console: Console,
    room: int | None = None,
    palette: str = "diverging",
    marks: Marks | None = None,
    hidden: Array | None = None,
    title: str | None = None,
    places: int = 2,
    write: Callable[[float], str] | None = None,
) -> Panel | None:
    """A drawing with the number of every cell, as wide as `room` allows; None where not even short numbers fit.

    Cells that `hidden` is true for are left blank; `write` may write numbers shorter still, with nothing between.
    """
    black_and_white = is_black_and_white(one)
    rows, columns = one.shape
    room = room or console.width
    if rows > MOST_ROWS or columns > room:
        return None
    values = np.asarray(one.values, dtype=np.float64)
    whole = one.divisor == 1 and places == 2 and is_whole(values)
    full = partial(signed, places=places)
    writings: list[Callable[[float], str]] = [plain] if whole else [full, short] if places == 2 else [full]
    for writing in [write] if write else writings:
        texts = [[writing(value) for value in row] for row in values.tolist()]
        longest = max(1 if write else 2, *(len(text) for line in texts for text in line))
        for space in (0,) if write and marks is None else (1, 0) if whole and marks is None else (1,):
            if (longest + space) * columns + (marks is not None) <= room:
                return Panel(
                    heading(one, title),
                    [
                        _number_line(
                            values[row],
                            texts[row],
                            longest + space,
                            row,
                            palette,
                            black_and_white,
                            marks,
                            None if hidden is None else hidden[row],
                        )
                        for row in range(rows)
                    ],
                )
    return None


def _number_line(
    values: Array,
    texts: Sequence[str],
    width: int,
    row: int,
    palette: str,
    black_and_white: bool,
    marks: Marks | None,
    hidden: Array | None,
) -> Text:
    line = Text(no_wrap=True)
    for column, (value, text) in enumerate(zip(values.tolist(), texts, strict=True)):
        before = marks.before(row, column) if marks else ""
        if hidden is not None and hidden[column]:
            line.append(before + "·".rjust(width - len(before)))
            continue
        background = (WHITE if value > 0 else BLACK) if black_and_white else colour(value, palette)
        if before.strip():
            line.append(before, on(WARM, bold=True))
        else:
            line.append(before, on(background))
        line.append(text.rjust(width - len(before)), on(background, bold=before.strip() not in ("", "]")))
    if marks:
        after = marks.before(row, len(texts))
        line.append(after, on(WARM, bold=True) if after.strip() else Style())
    return line


WARM: RGB = (255, 214, 10)  # what is pointed out, always with a character as well


def heading(one: Map, title: str | None = None) -> Text:
    """A map's name and size, or what else it is called."""
    if title is not None:
        return Text(title, no_wrap=True)
    name = printable(one.name)
    text = Text(name, style="bold", no_wrap=True)
    text.truncate(TITLE, overflow="ellipsis")
    text.append((" " if name else "") + size(one.shape), style="not bold")
    return text


def block_panel(one: Map, console: Console, room: int, palette: str = "diverging", lines: int | None = None) -> Panel:
    """A drawing of a map too large for numbers: two cells a character, or means of as many as it takes."""
    rows, columns = one.shape
    lines = lines or max(console.height - 5, 8)
    step = max(-(-columns // room), -(-rows // (2 * lines)))
    values = shrink(one, step)
    title = heading(one)
    title.append(f" shown at 1/{step}" if step > 1 else ", two rows a line", style="not bold")
    if len(values) % 2:
        values = np.concatenate([values, np.full((1, values.shape[1]), np.nan)])
    draw = _half_blocks if has_colour(console) else _ramp
    table = PALETTES["grey" if is_black_and_white(one) else palette]
    return Panel(title, [draw(values[row], values[row + 1], table) for row in range(0, len(values), 2)], in_blocks=True)


def _half_blocks(upper: Array, lower: Array, table: Array) -> Text:
    line = Text(no_wrap=True)
    last = bool(np.isnan(lower[0]))
    above, below = indices(upper).tolist(), [] if last else indices(lower).tolist()
    start = 0
    for column in range(1, len(above) + 1):
        # Cells of one colour are written in one go.
        if column < len(above) and above[column] == above[start] and (last or below[column] == below[start]):
            continue
        style = Style(
            color=Color.from_rgb(*table[above[start]].tolist()),
            bgcolor=None if last else Color.from_rgb(*table[below[start]].tolist()),
        )
        line.append("▀" * (column - start), style)
        start = column
    return line


def _ramp(upper: Array, lower: Array, table: Array) -> Text:
    mean = upper if np.isnan(lower[0]) else (upper + lower) / 2
    places = np.rint((np.clip(mean, -1, 1) + 1) / 2 * (len(RAMP) - 1)).astype(int)
    return Text("".join(RAMP[place] for place in places.tolist()), no_wrap=True)


def panel(one: Map, console: Console, palette: str = "diverging", several: bool = False) -> Panel:
    """A map with its numbers where they fit, and in blocks where they do not."""
    numbers = number_panel(one, console, palette=palette)
    if numbers is not None:
        return numbers
    room = (console.width - GAP) // 2 if several and console.width >= 2 * 40 + GAP else console.width
    return block_panel(one, console, room, palette)


def print_panels(panels: Iterable[Panel | str], console: Console, indent: int = 0) -> None:
    """Print drawings side by side where they fit, else below each other; a text between two stands on their middle."""
    row: list[Panel] = []
    for item in panels:
        if isinstance(item, str):
            tallest = len(row[-1].lines) if row else 1
            lines = [Text(item if line == (tallest - 1) // 2 else "") for line in range(tallest)]
            item = Panel(Text(""), lines)
        if row and sum(one.width + GAP for one in row) + item.width + indent > console.width:
            _print_row(row, console, indent)
            row = []
        row.append(item)
    if row:
        _print_row(row, console, indent)


def _print_row(row: Sequence[Panel], console: Console, indent: int) -> None:
    blank = Text("")
    for number in range(-1, max(len(one.lines) for one in row)):
        line = Text(" " * indent, no_wrap=True)
        column = 0
        for one in row:
            here = one.title if number < 0 else one.lines[number] if number < len(one.lines) else blank
            if not here.plain:
                continue
            line.append(" " * (_left(row, one) - column))
            line.append_text(here)
            column = _left(row, one) + cell_len(here.plain)
        if number < 0 and not line.plain.strip():
            continue
        write(line, console)
    console.print()


def _left(row: Sequence[Panel], item: Panel) -> int:
    return sum(one.width + GAP for one in row[: [one is item for one in row].index(True)])


def write(line: Text, console: Console) -> None:
    """Print one line as it is, cut where the window ends; without colour nothing trails."""
    if not has_colour(console):
        line.rstrip()
    console.print(line, no_wrap=True, overflow="ellipsis", crop=True)


def draw_maps(maps: Sequence[Map], console: Console, palette: str = "diverging") -> None:
    """Draw grids and maps with their names, sizes and numbers, side by side where they fit, and a legend below.

    ±1 grids are black and white with their 1 and -1, maps coloured with signed numbers; a map too large
    for the window is shown in blocks, shrunken to it, and its title says how much.
    """
    panels = [panel(one, console, palette, several=len(maps) > 1) for one in maps]
    print_panels(panels, console)
    black_and_white = [is_black_and_white(one) for one in maps]
    if any(black_and_white):
        console.print("1 is white, -1 is black.")
    if not all(black_and_white):
        console.print(legend(palette, console))
    if any(one.in_blocks for one in panels) and not has_colour(console):
        console.print(f"Without colour, from -1 to 1: |{RAMP}|")


def legend(palette: str, console: Console) -> Text:
    """What the colours of maps mean: five numbers in theirs, and the text's words for them."""
    text = Text()
    if has_colour(console):
        for value in (-1, -0.5, 0, 0.5, 1):
            text.append(f" {signed(value, 1)} ", on(colour(value, palette)))
        text.append("  ")
    words = {"grey": "-1 is black, 0 mid-grey, 1 white."}
    text.append(words.get(palette, "1 is a perfect match, 0 no match, -1 the negative."))
    return text


def draw_verdict(verdict: Verdict, console: Console) -> None:
    """Draw the label, and below it the votes for each label as bars with their numbers."""
    console.print(Text(printable(verdict), style="bold"))
    for line in vote_lines(verdict, console.width):
        write(line, console)


def vote_lines(verdict: Verdict, width: int) -> list[Text]:
    """A bar for each label's votes, to the right of a common line for what speaks for it, to the left against."""
    names = {label: Text(printable(label)) for label in verdict.votes}
    for name in names.values():
        name.truncate(max(width // 4, 1), overflow="ellipsis")
    margin = max(cell_len(name.plain) for name in names.values())
    numbers = {label: signed(votes, 3) for label, votes in verdict.votes.items()}
    longest = max(map(len, numbers.values()))
    room = max(min(width - margin - longest - 16, 40), 4)
    votes = np.array(list(verdict.votes.values()))
    low, high = min(votes.min(), 0.0), max(votes.max(), 0.0)
    scale = room / ((high - low) or 1.0)
    left = round(-low * scale)
    lines = []
    for label, name in names.items():
        length = round(abs(verdict.votes[label]) * scale)
        against, in_favour = (length, 0) if verdict.votes[label] < 0 else (0, length)
        won = label == str(verdict)
        line = Text(no_wrap=True, style="bold" if won else "")
        line.append_text(name)
        line.append(" " * (margin - cell_len(name.plain)) + f" {numbers[label].rjust(longest)} ")
        line.append(" " * (left - against) + "█" * against, Style(color=Color.from_rgb(*colour(-0.5))))
        line.append("│")
        line.append("█" * in_favour, Style(color=Color.from_rgb(*colour(1))))
        if won:
            line.append(" ← most votes" if width >= 60 else " ←")
        lines.append(line)
    return lines


def draw_features(features: Sequence[Map], networks: Sequence[str], console: Console) -> None:
    """List features with name, size and a small drawing, and below them the names of networks."""
    print_panels([Panel(heading(one), _small(one, console)) for one in features], console)
    if features:
        console.print("White is 1, black is -1." if has_colour(console) else "# is 1 (white), . is -1 (black).")
    if networks:
        console.print(f"{count(len(networks), 'network')}: {', '.join(printable(name) for name in networks)}")


def _small(one: Map, console: Console) -> list[Text]:
    lines = []
    for row in one.values.tolist():
        line = Text(no_wrap=True)
        for value in row:
            if has_colour(console):
                mark = "  " if abs(value) == 1 else " 0" if value == 0 else " +" if value > 0 else " -"
                line.append(mark, on(colour(value, "grey")))
            else:
                line.append({1: "# ", -1: ". "}.get(value, "o "))
        lines.append(line)
    return lines
