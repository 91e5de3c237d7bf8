"""The walk screen by screen: the heading stays, keys go back and forth, and the terminal is left as it was."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from xo_cnn.drawing.stepping import screens
from xo_cnn.matching import exemplars
from xo_cnn.walk.explaining import explain
from xo_cnn.walk.words import chapters

SECONDS = 30


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10), (20, 5)])
@pytest.mark.parametrize("name", ["article", "xo"])
def test_every_screen_fits_under_its_heading(name: str, size: tuple[int, int]) -> None:
    """No screen has more lines than the window, each begins with its chapter's title, and together they hold all."""
    console = Console(file=io.StringIO(), width=size[0], height=size[1], color_system=None)
    side = {"article": 9, "xo": 16}[name]
    told = chapters(explain(exemplars(side)["X"], name), everything=False)
    shown = list(screens(told, console, "An introduction."))
    assert {screen.chapter for screen in shown} == set(range(len(told)))
    for screen in shown:
        lines = [line.plain for line in screen.lines]
        assert any(line.startswith(f"{screen.chapter + 1}. ") for line in lines[:3])
        assert len(lines) < size[1] or size[1] < 20


def test_a_caption_stays_with_its_grid() -> None:
    """What a line or two say of a grid is on the grid's screen."""
    console = Console(file=io.StringIO(), width=80, height=24, color_system=None)
    picture = np.where(exemplars(9)["X"].values > 0, 255, 0).astype(np.uint8)
    shown = screens(chapters(explain(picture, "article"))[:1], console, "An introduction.\n" * 2)
    for screen in shown:
        text = "\n".join(line.plain for line in screen.lines)
        assert ("1 is white, -1 is black." in text) == ("the grid 9×9" in text)


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *args: str, rows: int = 24, columns: int = 80) -> None:
        environment = {
            name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")
        }
        self.process, self.file = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(
                sys.executable,
                [sys.executable, "-m", "xo_cnn", *args],
                {**environment, "TERM": "xterm-256color"},
            )
        self.seen = ""

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for(self, pattern: str) -> str:
        """What was written until a pattern appears; what was seen before is gone."""
        deadline = time.monotonic() + SECONDS
        while not re.search(pattern, self.seen):
            assert time.monotonic() < deadline, self.seen
            if select.select([self.file], [], [], 1)[0]:
                self.seen += os.read(self.file, 1 << 16).decode(errors="replace")
        seen, self.seen = self.seen, ""
        return seen

    def press(self, keys: str) -> None:
        os.write(self.file, keys.encode())

    def end(self) -> int:
        """Read what is left, and the status that the command ends with."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                chunk = os.read(self.file, 1 << 16)
            except OSError:  # Linux reports the closed end of a terminal as an error
                break
            if not chunk:
                break
            self.seen += chunk.decode(errors="replace")
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


@pytest.fixture
def stepped(samples: Path) -> Iterator[Terminal]:
    """The text's walk, stepped, in a window in which each chapter is one screen."""
    terminal = Terminal("explain", str(samples / "x.png"), "--network", "article", "--step", rows=60)
    yield terminal
    os.close(terminal.file)


def test_keys_go_back_and_forth(stepped: Terminal) -> None:
    """Space and the arrows turn the screens, q ends with status 0 and leaves the other screen and the cursor."""
    assert "\x1b[?1049h" in stepped.wait_for(r"1 of \d+ · ")
    modes = termios.tcgetattr(stepped.file)
    assert not modes[3] & termios.ICANON
    stepped.press(" ")
    assert "Naive matching" in stepped.wait_for(r"(?<!\d)2 of \d+ · ")
    stepped.press("\x1b[C")
    stepped.wait_for(r"(?<!\d)3 of \d+ · ")
    stepped.press("b")
    assert "Naive matching" in stepped.wait_for(r"(?<!\d)2 of \d+ · ")
    stepped.press("?")
    stepped.wait_for(r"(?<!\d)2 of \d+ · ")
    stepped.press("q")
    assert stepped.end() == 0
    assert "\x1b[?1049l" in stepped.seen
    assert "\x1b[?25h" in stepped.seen


def test_a_window_that_changes_its_size_is_drawn_anew(stepped: Terminal) -> None:
    """After a change of size the chapter stays, in as many screens as it now takes."""
    before = re.search(r"of (\d+) · ", stepped.wait_for(r"1 of \d+ · "))
    stepped.press(" ")
    stepped.wait_for(r"(?<!\d)2 of \d+ · ")
    stepped.resize(16, 60)
    seen = stepped.wait_for(r"of \d+ · ")
    after = re.search(r"of (\d+) · ", seen)
    assert "Naive matching" in seen
    assert before is not None
    assert after is not None
    assert int(after[1]) > int(before[1])
    stepped.press("q")
    assert stepped.end() == 0


def test_an_interrupt_leaves_the_terminal_as_it_was(stepped: Terminal) -> None:
    """Ctrl+C ends the command, and lines are edited again."""
    stepped.wait_for(r"1 of \d+ · ")
    os.kill(stepped.process, signal.SIGINT)
    assert stepped.end() != 0
    assert "\x1b[?1049l" in stepped.seen
