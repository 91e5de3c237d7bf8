"""Progress: a bar on standard error, where someone looks at it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

import click


@contextlib.contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told (done, total) and moves a bar; nothing is drawn unless it is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=total, label=what, file=sys.stderr) as bar:
        yield lambda done, total: bar.update(done - bar.pos)
