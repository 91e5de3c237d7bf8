"""Messages on standard error: one line each, harmless whatever a file is called, and a line that shows progress."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

from xo_cnn.words import printable

# Whether a progress bar stands on the terminal at the moment.
_shown = False


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

    On a terminal it draws a bar with the number done and the time left, which is taken away in the end.
    """
    global _shown
    if not shown or sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bar: Any = click.progressbar(iter(()), total, what, show_pos=True, file=sys.stderr)
    last = time.monotonic()

    def step(done: int, known: int | None = None) -> None:
        nonlocal last
        if time.monotonic() - last >= 0.2:
            last = time.monotonic()
            bar.length = known or total
            with contextlib.suppress(OSError, ValueError):
                bar.update(done - bar.pos)

    _shown = True
    try:
        yield step
    finally:
        with contextlib.suppress(OSError, ValueError):
            erase()
        _shown = False


def erase() -> None:
    """Take the progress bar away from the terminal, and show the cursor that it hides."""
    if _shown:
        sys.stderr.write("\r\x1b[K\x1b[?25h")
        sys.stderr.flush()
