"""The terminal: grids, maps, features, verdicts and the chapters of a walk. Only this folder knows Rich."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from shutil import get_terminal_size
from textwrap import wrap
from typing import TextIO

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from xo_cnn.drawing.palette import colour
from xo_cnn.drawing.panels import GAP, RAMP, Panel, has_colour, on, panel, row_panels, side_by_side
from xo_cnn.grid import Map
from xo_cnn.voting import Verdict
from xo_cnn.walk.figures import BLACK_AND_WHITE, GREY_LEVELS, MATCHES, Chapter, Figure
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
    # A terminal says which colours it has; of a file that has to be coloured nothing is known.
    colours = "auto" if terminal or os.environ.get("COLORTERM") else "256"
    reconfigure = getattr(file, "reconfigure", None)
    if reconfigure and not (getattr(file, "encoding", None) or "").lower().replace("-", "").startswith("utf"):
        reconfigure(errors="replace")  # an encoding without × or █ gets a ? of the same width
    columns, lines = get_terminal_size()
    return Console(
        file=file,
        force_terminal=terminal or forced,
        color_system=colours if coloured else None,  # type: ignore[arg-type]
        no_color=not coloured,
        width=80 if plain else min(columns, MOST_COLUMNS),
        height=min(lines, MOST_COLUMNS) if terminal else 40,
        markup=False,
        emoji=False,
        highlight=False,
    )


def write(lines: Iterable[Text], console: Console) -> None:
    """Print lines as they are, cut where the window ends; without colour nothing trails."""
    for line in lines:
        if not has_colour(console):
            line.rstrip()
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)


def draw_maps(maps: Sequence[Map], console: Console, palette: str = "diverging", level: int = 0) -> None:
    """Draw grids and maps with their names, sizes and numbers, side by side where they fit, and a legend below.

    ±1 grids are black and white with their 1 and -1, maps coloured with signed numbers; a map too large for the
    window is shown in blocks, shrunk to it, and its title says how much. With the `palette` grey, maps are levels of
    light and drawn as the pictures that they are. At `level` 2 ±1 grids are drawn in signs.
    """
    figures = [Figure(drawn, palette=palette) for drawn in maps]
    room = (console.width - GAP) // 2 if len(maps) > 1 and console.width >= 2 * 40 + GAP else console.width
    panels = [panel(figure, console, room, level) for figure in figures]
    for block in side_by_side(panels, console.width):
        write([*block, Text()], console)
    black_and_white = [figure.is_black_and_white for figure in figures]
    if any(black_and_white):
        write([Text(IN_SIGNS if level == 2 else BLACK_AND_WHITE)], console)
    if not all(black_and_white):
        meaning = Text(GREY_LEVELS if palette == "grey" else MATCHES)
        write([Text("  ").join([swatch(palette), meaning]) if has_colour(console) else meaning], console)
    if any(drawn.in_blocks for drawn in panels) and not has_colour(console):
        write([Text(f"Without colour, from -1 to 1: |{RAMP}|")], console)


def swatch(palette: str) -> Text:
    """Five numbers in their colours."""
    return Text.assemble(*((f" {signed(value, 1)} ", on(colour(value, palette))) for value in (-1, -0.5, 0, 0.5, 1)))


def draw_verdict(verdict: Verdict, console: Console) -> None:
    """Draw the label, and below it the votes for each label as bars with their numbers."""
    write([Text(printable(verdict), style="bold"), *vote_lines(verdict, console.width)], console)


def vote_lines(verdict: Verdict, width: int) -> list[Text]:
    """A bar for each label's votes, to the right of a common line for what speaks for it, to the left against."""
    names = [Text(printable(label)) for label in verdict.votes]
    for name in names:
        name.truncate(max(width // 4, 1), overflow="ellipsis")
    margin = max(cell_len(name.plain) for name in names)
    numbers = [signed(votes, 3) for votes in verdict.votes.values()]
    longest = max(map(len, numbers))
    low, high = min(0.0, *verdict.votes.values()), max(0.0, *verdict.votes.values())
    scale = max(min(width - margin - longest - 16, 40), 4) / ((high - low) or 1.0)
    left = round(-low * scale)
    lines = []
    for name, number, (label, votes) in zip(names, numbers, verdict.votes.items(), strict=True):
        length = round(abs(votes) * scale)
        against, in_favour = (length, 0) if votes < 0 else (0, length)
        won = label == str(verdict)
        line = Text(style="bold" if won else "").append_text(name)
        line.append(" " * (margin - cell_len(name.plain)) + f" {number.rjust(longest)} ")
        line.append(" " * (left - against) + "█" * against, Style(color=Color.from_rgb(*colour(-0.5))))
        line.append("│")
        line.append("█" * in_favour, Style(color=Color.from_rgb(*colour(1))))
        if won:
            line.append(" ← most votes" if width >= 60 else " ←")
        lines.append(line)
    return lines


def draw_chapters(chapters: Sequence[Chapter], console: Console, introduction: str = "") -> None:
    """Draw chapters one below the other, numbered where there are several, after a sentence of introduction."""
    blocks = [prose([introduction], console)] if introduction else []
    for number, chapter in enumerate(chapters, start=1):
        title = wrap(printable(f"{number}. {chapter.title}" if len(chapters) > 1 else chapter.title), console.width)
        heading = [*(Text(line, style="bold") for line in title), Text("─" * max(map(cell_len, title)))]
        first, *others = _chapter_blocks(chapter, console)
        blocks += [[*heading, *first], *others]
    for number, block in enumerate(blocks):
        write([Text(), *block] if number else block, console)


def _chapter_blocks(chapter: Chapter, console: Console) -> Iterator[list[Text]]:
    """What stands under a chapter's title, in blocks of lines that belong together."""
    if chapter.says:
        yield prose(chapter.says, console)
    rows = [row_panels(row, console) for row in chapter.rows]
    for panels in rows:
        yield from side_by_side(panels, console.width)
    if chapter.legend:
        in_signs = any(isinstance(item, Panel) and item.in_signs for panels in rows for item in panels)
        legend = chapter.legend.replace(BLACK_AND_WHITE, IN_SIGNS) if in_signs else chapter.legend
        coloured = chapter.is_coloured and has_colour(console)
        yield [*([swatch("diverging")] if coloured else []), *prose([legend], console)]
    if chapter.verdict:
        yield vote_lines(chapter.verdict, console.width)
    if chapter.sums_up:
        yield prose(chapter.sums_up, console)


def prose(lines: Iterable[str], console: Console) -> list[Text]:
    """Sentences in lines that are easy to read; those that begin with blanks stay indented."""
    text = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        text += [Text(part) for part in wrap(printable(line), min(console.width, PROSE), subsequent_indent=indent)]
    return text
