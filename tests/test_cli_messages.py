"""Messages on standard error: lines, and the line that shows progress."""

from __future__ import annotations

import io
import itertools
import sys

import pytest

from xo_cnn.cli import messages


class Terminal(io.StringIO):
    """Standard error where someone looks at it."""

    def isatty(self) -> bool:
        return True


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal, and a clock that goes on by a second whenever it is asked."""
    stream, seconds = Terminal(), itertools.count()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(messages.time, "monotonic", lambda: float(next(seconds)))
    return stream


def test_progress_shows_a_rate_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a total; without one there is a rate alone; nothing is left on the screen in the end."""
    terminal = watched(monkeypatch)
    with messages.progress("images", 100) as step:
        step(20, None)
        step(60, None)
    assert terminal.getvalue().split("\r")[1:3] == [
        "images: 20 of 100, 20/s, 0:00:04 left",
        "images: 60 of 100, 30/s, 0:00:01 left",
    ]
    assert terminal.getvalue().endswith("\r" + " " * 37 + "\r")
    with messages.progress("images") as step:
        step(5, None)
    assert "\rimages: 5, 5.0/s\r" in terminal.getvalue()


def test_an_error_stands_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress line makes room for it."""
    terminal = watched(monkeypatch)
    with messages.progress("images", 2) as step:
        step(1, None)
        messages.complain("bad.png: is empty")
    assert terminal.getvalue().split("\r")[-1] == "xo-cnn: bad.png: is empty\n"


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file it would be noise, and --quiet asks for silence."""
    for stream, shown in ((io.StringIO(), True), (Terminal(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with messages.progress("images", 2, shown) as step:
            step(1, None)
        assert stream.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", None)
    messages.complain("no one reads this")
