"""Drawings for the terminal: grids, maps, features and verdicts. Only this folder knows Rich."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Sequence
from typing import Literal, TextIO

import numpy as np
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from xo_cnn.drawing.look import is_black_and_white
from xo_cnn.drawing.palette import colour
from xo_cnn.drawing.panels import GAP, RAMP, Panel, has_colour, heading, on, panel, side_by_side
from xo_cnn.grid import Map
from xo_cnn.voting import Verdict
from xo_cnn.walk.chapter import BLACK_AND_WHITE, MATCHES, View
from xo_cnn.words import PLAIN_LETTERS, count, printable, signed

MOST_COLUMNS = 1000


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    wrong = error.object[error.start : error.end]
    return "".join(PLAIN_LETTERS.get(c) or c.encode("ascii", "backslashreplace").decode() for c in wrong), error.end


codecs.register_error("xo_cnn.plain_letters", _in_plain_letters)


def console(file: TextIO, plain: bool = False) -> Console:
    """A Rich console on a file: colour as NO_COLOR, FORCE_COLOR and TERM=dumb say, 80 columns where there is no window.

    COLUMNS sets the width, except of `plain` text, which always has 80 columns. Colour and control characters are
    written only to a terminal, and with `plain` not even there.
    """
    terminal = file.isatty() and not plain
    dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
    forced = bool(os.environ.get("FORCE_COLOR")) and not plain
    coloured = not os.environ.get("NO_COLOR") and (forced or (terminal and not dumb))
    reconfigure = getattr(file, "reconfigure", None)
    if reconfigure and not (getattr(file, "encoding", None) or "").lower().replace("-", "").startswith("utf"):
        reconfigure(errors="xo_cnn.plain_letters")
    columns, lines = window(file if terminal else None)
    return Console(
        file=file,
        force_terminal=terminal or forced,
        color_system=_colours(forced and not terminal) if coloured else None,
        no_color=not coloured,
        width=80 if plain else columns,
        height=lines if terminal else 40,
        markup=False,
        emoji=False,
        highlight=False,
    )


def window(terminal: TextIO | None) -> tuple[int, int]:
    """The columns and lines to draw in: as COLUMNS and LINES say, else as the terminal does, else 80 by 24."""
    try:
        columns, lines = os.get_terminal_size(terminal.fileno()) if terminal else (80, 24)
    except (OSError, ValueError):
        columns, lines = 80, 24
    return _asked("COLUMNS", MOST_COLUMNS) or columns or 80, _asked("LINES", MOST_COLUMNS) or lines or 24


def _asked(variable: str, most: int) -> int:
    """A size from the environment; 0 where it is missing or no size at all."""
    digits = os.environ.get(variable, "").strip().lstrip("0")
    if not (digits.isascii() and digits.isdecimal()):
        return 0
    return int(digits) if len(digits) < 6 and int(digits) <= most else most


def _colours(somewhere_else: bool) -> Literal["auto", "256"]:
    """How many colours: those that the terminal says it has; of a file that has to be coloured nothing is known."""
    return "256" if somewhere_else and not os.environ.get("COLORTERM") else "auto"


def write(lines: Iterable[Text], console: Console) -> None:
    """Print lines as they are, cut where the window ends; without colour nothing trails."""
    for line in lines:
        if not has_colour(console):
            line.rstrip()
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)


def draw_maps(maps: Sequence[Map], console: Console, palette: str = "diverging") -> None:
    """Draw grids and maps with their names, sizes and numbers, side by side where they fit, and a legend below.

    ±1 grids are black and white with their 1 and -1, maps coloured with signed numbers; a map too large for the
    window is shown in blocks, shrunk to it, and its title says how much. With the `palette` grey, maps are levels of
    light and drawn as the pictures that they are.
    """
    black_and_white = [is_black_and_white(drawn) for drawn in maps]
    views = [
        View(drawn, palette="grey" if plain else palette) for drawn, plain in zip(maps, black_and_white, strict=True)
    ]
    room = (console.width - GAP) // 2 if len(maps) > 1 and console.width >= 2 * 40 + GAP else console.width
    panels = [panel(view, console, room) for view in views]
    for block in side_by_side(panels, console.width):
        write([*block, Text()], console)
    if any(black_and_white):
        write([Text(BLACK_AND_WHITE)], console)
    if not all(black_and_white):
        write([legend(palette, console)], console)
    if any(drawn.in_blocks for drawn in panels) and not has_colour(console):
        write([Text(f"Without colour, from -1 to 1: |{RAMP}|")], console)


def legend(palette: str, console: Console) -> Text:
    """What the colours of maps mean: five numbers in theirs, and the text's words for them."""
    words = "-1 is black, 0 mid-grey, 1 white." if palette == "grey" else MATCHES
    return Text.assemble(swatch(palette), "  ", words) if has_colour(console) else Text(words)


def swatch(palette: str) -> Text:
    """Five numbers in their colours."""
    text = Text()
    for value in (-1, -0.5, 0, 0.5, 1):
        text.append(f" {signed(value, 1)} ", on(colour(value, palette)))
    return text


def draw_verdict(verdict: Verdict, console: Console) -> None:
    """Draw the label, and below it the votes for each label as bars with their numbers."""
    console.print(Text(printable(verdict), style="bold"))
    write(vote_lines(verdict, console.width), console)


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
    drawn = [Panel(heading(View(feature)), _small(feature, console)) for feature in features]
    for block in side_by_side(drawn, console.width):
        write([*block, Text()], console)
    if features:
        console.print("White is 1, black is -1." if has_colour(console) else "# is 1 (white), . is -1 (black).")
    if networks:
        console.print(f"{count(len(networks), 'network')}: {', '.join(printable(name) for name in networks)}")


def _small(feature: Map, console: Console) -> list[Text]:
    lines = []
    for row in feature.values.tolist():
        line = Text(no_wrap=True)
        for value in row:
            if has_colour(console):
                mark = "  " if abs(value) == 1 else " 0" if value == 0 else " +" if value > 0 else " -"
                line.append(mark, on(colour(value, "grey")))
            else:
                line.append({1: "# ", -1: ". "}.get(value, "o "))
        lines.append(line)
    return lines
