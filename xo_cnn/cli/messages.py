"""Messages on standard error: one line each, harmless whatever a file is called, and a line that shows progress."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Callable, Iterator

from xo_cnn.words import printable

# Columns that the progress line takes on the terminal at the moment.
_shown = 0


def complain(message: str, hint: str = "") -> None:
    """Print an error on standard error; with standard error closed, do nothing."""
    # Below, messages speak of arguments; here they are options.
    worded = re.sub(r"\b(max_pixels|fit)=(?=\d)", lambda name: f"--{name[1].replace('_', '-')} ", printable(message))
    note(f"xo-cnn: {worded}" + (f"\n{hint}" if hint else ""))


def note(text: str) -> None:
    """Print a line on standard error that is not an error: a summary, or what was done."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        erase()
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


@contextlib.contextmanager
def progress(what: str, total: int | None = None, shown: bool = True) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function to call with the number of things done and the total, or None where that is not known.

    The line is drawn on a terminal only: the number done, the total, a rate and the time left.
    """
    if not shown or sys.stderr is None or not sys.stderr.isatty():
        yield _nothing
        return
    start = last = time.monotonic()

    def step(done: int, known: int | None = None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= 0.2:
            last = now
            _draw(f"{what}: {_pace(done, known or total, now - start)}")

    try:
        yield step
    finally:
        with contextlib.suppress(OSError, ValueError):
            erase()


def _nothing(done: int, total: int | None) -> None:
    """Show nothing."""


def _pace(done: int, total: int | None, seconds: float) -> str:
    """How far something is.

    >>> _pace(600, 1000, 2.0)
    '600 of 1000, 300/s, 0:00:01 left'
    >>> _pace(5, None, 10.0)
    '5, 0.5/s'
    """
    rate = done / seconds
    speed = f"{rate:.0f}/s" if rate >= 10 else f"{rate:.1f}/s"
    if total is None:
        return f"{done}, {speed}"
    left = round(max(0, total - done) / rate) if rate else 0
    return f"{done} of {total}, {speed}, {left // 3600}:{left // 60 % 60:02}:{left % 60:02} left"


def _draw(text: str) -> None:
    global _shown
    with contextlib.suppress(OSError, ValueError):
        text = text[:79]
        sys.stderr.write("\r" + text.ljust(_shown))
        sys.stderr.flush()
        _shown = len(text)


def erase() -> None:
    """Take the progress line away from the terminal."""
    global _shown
    if _shown:
        sys.stderr.write("\r" + " " * _shown + "\r")
        sys.stderr.flush()
        _shown = 0
