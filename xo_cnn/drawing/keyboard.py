"""Keys, one by one as they are pressed, and notice of a window that changes its size meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

try:
    import termios
    import tty
except ImportError:  # on Windows
    termios = None  # type: ignore[assignment]

RESIZED = "resized"


class _ResizedError(Exception):
    """The window has changed its size while a key was waited for."""


@contextmanager
def keys() -> Iterator[Callable[[], str]]:
    """A function that waits for a key and returns what it sends, or `RESIZED`; the terminal is as before afterwards.

    The keys come from the terminal itself, so that standard input may hold the picture. Raises OSError without one.
    """
    if termios is None:
        import msvcrt

        yield lambda: msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
        return
    terminal = os.open("/dev/tty", os.O_RDONLY)
    before = termios.tcgetattr(terminal)

    def resized(*_: Any) -> None:
        raise _ResizedError

    def key() -> str:
        handler = signal.getsignal(signal.SIGWINCH)
        try:
            signal.signal(signal.SIGWINCH, resized)
            return os.read(terminal, 16).decode(errors="replace") or "\x04"
        except _ResizedError:
            return RESIZED
        finally:
            signal.signal(signal.SIGWINCH, handler)

    try:
        tty.setcbreak(terminal)
        yield key
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        os.close(terminal)
