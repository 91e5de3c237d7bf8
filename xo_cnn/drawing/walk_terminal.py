"""The walk on a terminal: its chapters one below the other, and as plain readable text in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from xo_cnn.drawing.look import Look
from xo_cnn.drawing.panels import blocks_of, has_colour
from xo_cnn.drawing.terminal import swatch, vote_lines, write
from xo_cnn.walk.chapter import BLACK_AND_WHITE, Chapter, View
from xo_cnn.words import printable

PROSE = 96  # columns; longer lines are hard to read
IN_SIGNS = "# is 1 (white), . is -1 (black)."


def draw_chapters(chapters: Sequence[Chapter], console: Console, introduction: str = "") -> None:
    """Draw chapters one below the other, numbered where there are several, after a sentence of introduction."""
    if introduction:
        write([*prose([introduction], console), Text()], console)
    for number, chapter in enumerate(chapters, start=1):
        lines = heading(chapter, console, number if len(chapters) > 1 else 0)
        lines += [line for block in body(chapter, console) for line in block]
        write(lines if number < len(chapters) else lines[:-1], console)


def heading(chapter: Chapter, console: Console, number: int = 0) -> list[Text]:
    """A chapter's title, underlined."""
    title = wrap(printable(f"{number}. {chapter.title}" if number else chapter.title), console.width) or [""]
    return [*(Text(line, style="bold") for line in title), Text("─" * max(map(cell_len, title)))]


def body(chapter: Chapter, console: Console) -> Iterator[list[Text]]:
    """What stands under a chapter's title, in blocks of lines that belong together, the last line blank."""
    if chapter.says:
        yield [*prose(chapter.says, console), Text()]
    in_signs = False
    for row in chapter.rows:
        blocks = blocks_of(row, console)
        in_signs |= blocks.in_signs
        yield from ([*block, Text()] for block in blocks.lines)
    if chapter.legend:
        legend = chapter.legend.replace(BLACK_AND_WHITE, IN_SIGNS) if in_signs else chapter.legend
        coloured = has_colour(console) and any(map(_is_coloured, (item for row in chapter.rows for item in row)))
        yield [*([swatch("diverging")] if coloured else []), *prose([legend], console), Text()]
    if chapter.verdict:
        yield [*vote_lines(chapter.verdict, console.width), Text()]
    if chapter.sums_up:
        yield [*prose(chapter.sums_up, console), Text()]


def _is_coloured(item: View | str) -> bool:
    return isinstance(item, View) and Look.of(item.map, item.palette).palette == "diverging"


def prose(lines: Iterable[str], console: Console) -> list[Text]:
    """Sentences in lines that are easy to read; those that begin with blanks stay indented."""
    text = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        text += [Text(part) for part in wrap(printable(line), min(console.width, PROSE), subsequent_indent=indent)]
    return text
