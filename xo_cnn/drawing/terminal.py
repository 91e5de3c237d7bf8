"""The terminal: grids, maps, features, verdicts and the chapters of a walk. Only this folder knows Rich."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from shutil import get_terminal_size
from textwrap import wrap
from typing import TextIO

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from xo_cnn.drawing.palette import colour
from xo_cnn.drawing.panels import RAMP, Panel, on, row_panels, side_by_side
from xo_cnn.grid import Map
from xo_cnn.voting import Verdict
from xo_cnn.walk.figures import BLACK_AND_WHITE, Chapter, gallery
from xo_cnn.words import printable, signed

MOST_COLUMNS = 1000
PROSE = 96  # columns; longer lines are hard to read
IN_SIGNS = "# is 1 (white), . is -1 (black)."


def console(file: TextIO, plain: bool = False) -> Console:
    """A Rich console on a file: colour as NO_COLOR, FORCE_COLOR and TERM=dumb say, 80 columns where there is no window.

    COLUMNS sets the width, except of `plain` text, which always has 80 columns. Colour and control characters are
    written only to a terminal, and with `plain` not even there.
    """
    terminal = file.isatty() and not plain
    dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
    forced = bool(os.environ.get("FORCE_COLOR")) and not plain
    coloured = not os.environ.get("NO_COLOR") and (forced or (terminal and not dumb))
    if isinstance(file, TextIOWrapper):
        file.reconfigure(errors="replace")  # an encoding without × or █ gets a ? of the same width
    columns, lines = get_terminal_size()
    return Console(
        file=file,
        force_terminal=terminal or forced,
        # A terminal says which colours it has; of a file that has to be coloured nothing is known.
        color_system=None if not coloured else "auto" if terminal else "256",
        width=80 if plain else min(columns, MOST_COLUMNS),
        height=min(lines, MOST_COLUMNS) if terminal else 40,
        markup=False,
        emoji=False,
        highlight=False,
    )


def write(lines: Iterable[Text], console: Console) -> None:
    """Print lines as they are, cut where the window ends; without colour nothing trails."""
    for line in lines:
        if not console.color_system:
            line.rstrip()
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)


def draw_maps(maps: Sequence[Map], console: Console, palette: str = "diverging", in_signs: bool = False) -> None:
    """Draw grids and maps with their names, sizes and numbers, side by side where they fit, and a legend below.

    ±1 grids are black and white with their 1 and -1, or `in_signs`, maps coloured with signed numbers; a map too large
    for the window is shown in blocks, shrunk to it, and its title says how much. With the `palette` grey, maps are
    levels of light and drawn as the pictures that they are.
    """
    draw_chapters([gallery(maps, palette, in_signs)], console)


def draw_verdict(verdict: Verdict, console: Console) -> None:
    """Draw the label, and below it the votes for each label as bars with their numbers."""
    write([Text(printable(verdict), style="bold"), *vote_lines(verdict, console.width)], console)


def vote_lines(verdict: Verdict, width: int) -> list[Text]:
    """A bar for each label's votes, to the right of a common line for what speaks for it, to the left against."""
    numbers = [signed(vote, 3) for vote in verdict.votes.values()]
    margin = min(max(cell_len(printable(label)) for label in verdict.votes), max(width // 4, 1))
    longest = max(map(len, numbers))
    low, high = min(0.0, *verdict.votes.values()), max(0.0, *verdict.votes.values())
    scale = max(min(width - margin - longest - 16, 40), 4) / ((high - low) or 1.0)
    left = round(-low * scale)
    lines = []
    for number, (label, vote) in zip(numbers, verdict.votes.items(), strict=True):
        bar = "█" * round(abs(vote) * scale)
        against, in_favour = (bar, "") if vote < 0 else ("", bar)
        won = label == str(verdict)
        line = Text(printable(label), style="bold" if won else "")
        line.truncate(margin, overflow="ellipsis", pad=True)
        line.append(f" {number.rjust(longest)} ")
        line.append(against.rjust(left), Style(color=Color.from_rgb(*colour(-0.5))))
        line.append("│")
        line.append(in_favour, Style(color=Color.from_rgb(*colour(1))))
        if won:
            line.append(" ← most votes")
        lines.append(line)
    return lines


def draw_chapters(chapters: Sequence[Chapter], console: Console, introduction: str = "") -> None:
    """Draw chapters one below the other, numbered where there are several, after a sentence of introduction."""
    blocks = [prose([introduction], console)] if introduction else []
    for number, chapter in enumerate(chapters, start=1):
        title = wrap(printable(f"{number}. {chapter.title}" if len(chapters) > 1 else chapter.title), console.width)
        heading = [Text(line, style="bold") for line in title]
        if title:
            heading.append(Text("─" * max(map(cell_len, title))))
        first, *others = _chapter_blocks(chapter, console)
        blocks += [[*heading, *first], *others]
    for number, block in enumerate(blocks):
        write([Text(), *block] if number else block, console)


def _chapter_blocks(chapter: Chapter, console: Console) -> list[list[Text]]:
    """What stands under a chapter's title, in blocks of lines that belong together."""
    rows = [row_panels(row, console) for row in chapter.rows]
    drawn = [item for panels in rows for item in panels if isinstance(item, Panel)]
    legend = chapter.legend
    if any(one.in_signs for one in drawn):
        legend = f"{IN_SIGNS} {legend.replace(BLACK_AND_WHITE, '')}"
    meaning = prose(legend.splitlines(), console)
    if chapter.is_coloured and console.color_system:
        numbers = ((f" {signed(value, 1)} ", on(colour(value))) for value in (-1, -0.5, 0, 0.5, 1))
        meaning.insert(0, Text.assemble(*numbers))
    if any(one.in_blocks for one in drawn) and not console.color_system:
        meaning.append(Text(f"Without colour, from -1 to 1: |{RAMP}|"))
    blocks = [
        prose(chapter.says, console),
        *(block for panels in rows for block in side_by_side(panels, console.width)),
        meaning,
        vote_lines(chapter.verdict, console.width) if chapter.verdict else [],
        prose(chapter.sums_up, console),
    ]
    return list(filter(None, blocks))


def prose(lines: Iterable[str], console: Console) -> list[Text]:
    """Sentences in lines that are easy to read; those that begin with blanks stay indented."""
    text = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        text += [Text(part) for part in wrap(printable(line), min(console.width, PROSE), subsequent_indent=indent)]
    return text
