"""The walk on a terminal, a screen at a time: the chapter's heading stays, and keys go back and forth."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from xo_cnn.drawing.keyboard import END_OF_INPUT
from xo_cnn.drawing.terminal import window, write
from xo_cnn.drawing.walk_terminal import body, heading, prose
from xo_cnn.walk.chapter import Chapter

FORWARD = (" ", "\r", "\n", "n", "j", "l", "\x1b[C", "\x1b[B", "\x1b[6~", "\x1bOC", "\x1bOB")
BACK = ("b", "p", "k", "h", "\x7f", "\x08", "\x1b[D", "\x1b[A", "\x1b[5~", "\x1bOD", "\x1bOA")
CAPTION = 3  # lines
END = ("q", "Q", "\x1b", END_OF_INPUT)


@dataclass(frozen=True)
class Screen:
    """What stands on the terminal at a time: a part of one chapter under its heading."""

    chapter: int
    lines: list[Text]


def step(chapters: Sequence[Chapter], console: Console, key: Callable[[], str], introduction: str = "") -> None:
    """Show chapters screen by screen; `key` waits for the next key. A window that changes its size is drawn anew."""
    at, size = 0, (0, 0)
    shown: list[Screen] = []
    with console.screen(hide_cursor=True):
        while True:
            if window(sys.stdout) != size:
                chapter = shown[at].chapter if shown else 0
                size = window(sys.stdout)
                console.size = size
                shown = list(screens(chapters, console, introduction))
                at = next(number for number, screen in enumerate(shown) if screen.chapter == chapter)
            _show(shown, at, console)
            pressed = key()
            if pressed in END:
                return
            if pressed in FORWARD:
                if at == len(shown) - 1:
                    return
                at += 1
            elif pressed in BACK:
                at = max(at - 1, 0)


def screens(chapters: Sequence[Chapter], console: Console, introduction: str = "") -> Iterator[Screen]:
    """Chapters cut into screens: blocks stay whole where they fit under the heading, and are cut where none would."""
    for number, chapter in enumerate(chapters):
        head = heading(chapter, console, number + 1)
        if introduction and not number:
            head = [*prose([introduction], console), *head]
        room = max(console.height - len(head) - 1, 1)  # the last line is for the keys
        for lines in _cut([*body(chapter, console)], room):
            yield Screen(number, [*head, *lines[:room]])


def _cut(blocks: Sequence[list[Text]], room: int) -> Iterator[list[Text]]:
    """Blocks in as few screens as hold them; what is said in a line or two stays with the block that it is about."""
    screen: list[list[Text]] = []
    for block in blocks:
        length = len(block) - (not block[-1].plain)
        if screen and sum(map(len, screen)) + length > room:
            last = screen[-1]
            together = length <= CAPTION < len(last) and len(screen) > 1 and len(last) + length <= room
            yield [line for each in screen[: -1 if together else None] for line in each]
            screen = [last] if together else []
        screen.append(block)
        lines = [line for each in screen for line in each]
        if any(line.plain for line in lines[room:]):
            while any(line.plain for line in lines[room:]):
                yield lines[:room]
                lines = lines[room:]
            screen = [lines]
    yield [line for each in screen for line in each]


def _show(shown: Sequence[Screen], at: int, console: Console) -> None:
    console.clear()
    write(shown[at].lines, console)
    rest = console.height - len(shown[at].lines) - 1
    foot = Text(f"{at + 1} of {len(shown)} · space or → on, ← back, q to end", style="dim", no_wrap=True)
    foot.truncate(console.width - 1, overflow="ellipsis")
    console.print("\n" * max(rest, 0), end="")
    console.print(foot, end="", no_wrap=True, crop=True)
