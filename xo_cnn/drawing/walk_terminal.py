"""The walk on a terminal: chapter by chapter, stepped or animated, and plain readable text in a pipe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import wrap

import numpy as np
from rich.cells import cell_len
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from xo_cnn.drawing.terminal import (
    Marks,
    Panel,
    draw_verdict,
    has_colour,
    legend,
    number_panel,
    panel,
    print_panels,
)
from xo_cnn.grid import Array, Map
from xo_cnn.walk.walk import Chapter, Walk, chapters, place, work_out
from xo_cnn.words import printable, signed, size, tenth

PROSE = 96  # columns; longer lines are hard to read
FEW = 4  # features of no more than this are each shown in the whole image
LISTED = 64  # cells that vote; of more than this the numbers are written only where they are asked for

DELAY = 0.12  # seconds between two positions of a sliding feature, where there are not too many


def draw_walk(
    told: Walk,
    console: Console,
    only: str | None = None,
    kinds: Sequence[str] = (),
    pause: Callable[[], None] | None = None,
    animated: bool = False,
) -> None:
    """Draw the chapters of a walk, or `only` those of one stage, or of some `kinds` alone.

    `pause` is called between two; `animated`, the feature slides before the convolution layer is shown.
    """
    shown = [
        chapter for chapter in chapters(told) if only in (None, chapter.only) and (not kinds or chapter.kind in kinds)
    ]
    for number, chapter in enumerate(shown, start=1):
        if number > 1 and pause:
            pause()
        title = wrap(printable(chapter.title if only or kinds else f"{number}. {chapter.title}"), console.width)
        for line in title:
            console.print(Text(line, style="bold"))
        console.print("─" * max(map(cell_len, title)))
        _say(chapter.says, console)
        console.print()
        if animated and chapter.kind == "convolution":
            animate(told, console)
            console.print()
        _draw(chapter, told, console, only)
        _say(chapter.sums_up, console)
        if number < len(shown) and chapter.sums_up:
            console.print()


def _say(lines: Iterable[str], console: Console) -> None:
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        for part in wrap(printable(line), min(console.width, PROSE), subsequent_indent=indent):
            console.print(Text(part))


def _draw(chapter: Chapter, told: Walk, console: Console, only: str | None) -> None:
    if chapter.kind == "grid":
        print_panels([panel(told.grid, console)], console)
    elif chapter.kind == "matching":
        print_panels(_likenesses(told, console), console)
    elif chapter.kind == "features":
        _draw_features(told, console)
    elif chapter.kind == "patch":
        _draw_patch(told, console)
    elif chapter.kind == "convolution":
        print_panels((panel(one, console) for one in told.convolution.maps), console)
        _draw_legend(console)
    elif chapter.kind == "window":
        _draw_window(told, console)
    elif chapter.kind == "pooling":
        print_panels((panel(one, console) for one in told.pooling[chapter.layer].maps), console)
    elif chapter.kind == "votes":
        _draw_votes(told, console, everything=only is not None)
    else:
        draw_verdict(told.verdict, console)


def _draw_legend(console: Console) -> None:
    if has_colour(console):
        console.print(legend("diverging", console))
        console.print()


def _likenesses(told: Walk, console: Console) -> Iterator[Panel]:
    for one in told.likenesses:
        title = f"the saved {one.exemplar.name} {size(one.exemplar.shape)}, ≠ differs"
        marked = number_panel(one.exemplar, console, marks=Marks(cells=one.differ), title=title)
        yield marked or panel(one.exemplar, console)


def _outlined(told: Walk, box: tuple[int, int, int, int], console: Console, title: str) -> Panel:
    marked = number_panel(told.grid, console, marks=Marks(box=box), title=title)
    return marked or panel(told.grid, console)


def _draw_features(told: Walk, console: Console) -> None:
    for fit in told.fits if len(told.fits) <= FEW else ():
        where = f"fits best at {place(fit.at)}: {signed(fit.quotient)}"
        print_panels([panel(fit.feature, console), _outlined(told, fit.box, console, where)], console)
    if len(told.fits) <= FEW:
        return
    pairs = []
    for fit in told.fits:
        # The feature and the patch are one drawing, so that no line comes between them.
        feature, patch = panel(fit.feature, console), panel(fit.patch, console)
        lines = [
            Text.assemble(one, " " * 3, other, no_wrap=True)
            for one, other in zip(feature.lines, patch.lines, strict=True)
        ]
        feature.title.append(f" {signed(fit.quotient)} at {fit.at[0]},{fit.at[1]}", style="not bold")
        pairs.append(Panel(feature.title, lines))
    _say(["Each feature, and the patch of the image at the row,column of its best fit:"], console)
    console.print()
    print_panels(pairs, console)


def _draw_patch(told: Walk, console: Console) -> None:
    match = told.match
    print_panels(
        [_outlined(told, match.box, console, f"the image {size(told.grid.shape)}, the patch in brackets")], console
    )
    feature = panel(match.feature, console)
    print_panels([panel(match.patch, console), "×", feature, "=", panel(match.products, console)], console)


def _draw_window(told: Walk, console: Console) -> None:
    window = told.window
    assert window is not None
    whole, smaller = told.convolution.maps[told.chosen], told.pooling[0].maps[told.chosen]
    before = number_panel(whole, console, marks=Marks(box=window.box)) or panel(whole, console)
    cell = Marks(box=(*window.at, 1, 1))
    after = number_panel(smaller, console, marks=cell, title=f"{printable(whole.name)} pooled {size(smaller.shape)}")
    best = Marks(box=(window.best[0] - window.box[0], window.best[1] - window.box[1], 1, 1))
    covered = number_panel(window.cells, console, marks=best, title=f"the window {size(window.cells.shape)}")
    print_panels([before, *([covered] if covered else []), after or panel(smaller, console)], console)


def _draw_votes(told: Walk, console: Console, everything: bool) -> None:
    cells = sum(one.sums.size for one in told.last)
    if cells <= LISTED or everything:
        for label, grids in told.votes.items():
            _say([f"Votes for {label}, number × weight:"], console)
            votes = [Map(one.name, grid) for one, grid in zip(told.last, grids, strict=True)]
            print_panels((number_panel(one, console, places=3) or panel(one, console) for one in votes), console)
        return
    names = [Text(printable(one.name), no_wrap=True) for one in told.last]
    for name in names:
        name.truncate(max(console.width // 3, 8), overflow="ellipsis")
    margin = max(cell_len(name.plain) for name in names)
    labels = [printable(label)[:9] for label in told.votes]
    console.print(Text(" " * margin + "".join(f"  {label:>9}" for label in labels), style="bold"))
    for number, name in enumerate(names):
        line = Text(name.plain + " " * (margin - cell_len(name.plain)), no_wrap=True)
        for grids in told.votes.values():
            line.append(f"  {signed(float(grids[number].sum()), 3):>9}")
        console.print(line)
    console.print()


def animate(told: Walk, console: Console, seconds: float = 20) -> None:
    """Let the chosen feature slide over the image while its map fills, on a terminal, within so many seconds."""
    one, feature = told.convolution.maps[told.chosen], told.network.features[told.chosen]
    hidden = np.ones(one.shape, dtype=bool)
    delay = min(DELAY, seconds / one.sums.size)
    with Live(console=console, auto_refresh=False, transient=False) as live:
        for at in np.ndindex(one.shape):
            hidden[at] = False
            live.update(Group(*_slide(told, one, feature, (at[0], at[1]), hidden, console)), refresh=True)
            time.sleep(delay)


def _slide(told: Walk, one: Map, feature: Map, at: tuple[int, int], hidden: Array, console: Console) -> list[Text]:
    match = work_out(told.grid, one, feature, at)
    title = f"the image {size(told.grid.shape)}"
    image = _outlined(told, match.box, console, title)
    filling = number_panel(one, console, hidden=hidden) or panel(one, console)
    line = Text(
        f"{printable(feature.name)} at {place(at)}: sum {match.total:.6g} ÷ {feature.sums.size} cells = "
        f"{signed(match.quotient)}"
    )
    if image.width + 3 + filling.width > console.width and len(image.lines) + len(filling.lines) + 4 > console.height:
        # Too tall to stand below each other: marks for the image's cells, and one decimal for the map's.
        box = Marks(box=match.box)
        image = number_panel(told.grid, console, marks=box, title=title, write=lambda v: "#" if v > 0 else ".") or image
        filling = number_panel(one, console, hidden=hidden, write=tenth) or filling
    if image.width + 3 + filling.width > console.width:
        return [image.title, *image.lines, filling.title, *filling.lines, line]
    lines = []
    for number in range(max(len(image.lines), len(filling.lines)) + 1):
        left, right = ([drawn.title, *drawn.lines, *[Text("")] * 99][number].copy() for drawn in (image, filling))
        left.append(" " * (image.width + 3 - cell_len(left.plain)))
        lines.append(Text.assemble(left, right, no_wrap=True))
    return [*lines, line]
