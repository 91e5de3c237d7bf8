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
    monkeypatch.setattr("time.monotonic", lambda: float(next(seconds)))
    return stream


def test_progress_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a total, part of a bar; without one, the number alone. It is taken away, and the cursor comes back."""
    terminal = watched(monkeypatch)
    with messages.progress("images", 100) as step:
        step(20, None)
        assert "images" in terminal.getvalue()
        assert "20/100" in terminal.getvalue()
        step(60, None)
        assert "60/100" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K\x1b[?25h")
    with messages.progress("images") as step:
        step(5, None)
    assert "  5" in terminal.getvalue()


def test_an_error_stands_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress bar makes room for it."""
    terminal = watched(monkeypatch)
    with messages.progress("images", 2) as step:
        step(1, None)
        messages.complain("bad.png: is empty")
        assert terminal.getvalue().endswith("\r\x1b[K\x1b[?25hxo-cnn: bad.png: is empty\n")


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file it would be noise, and --quiet asks for silence."""
    for stream, shown in ((io.StringIO(), True), (Terminal(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with messages.progress("images", 2, shown) as step:
            step(1, None)
        assert stream.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", None)
    messages.complain("no one reads this")
