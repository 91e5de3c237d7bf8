"""Keys as they are pressed, one by one, and a notice when the window is resized."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from xo_cnn.errors import XoCnnError

try:
    import termios
    import tty
except ImportError:  # on Windows
    termios = None  # type: ignore[assignment]

RESIZED = "resized"
END_OF_INPUT = "\x04"


@contextmanager
def keys() -> Iterator[Callable[[], str]]:
    """A function that waits for a key and returns what it sends, or `RESIZED`; the terminal is as before afterwards.

    The keys come from the terminal itself, so that standard input may hold the picture. Raises XoCnnError without one.
    """
    if termios is None:
        import msvcrt

        yield lambda: msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError as error:
        raise XoCnnError(f"there is no terminal to read keys from: {error.strerror}") from error
    before = termios.tcgetattr(terminal)
    # A signal cannot be waited for together with a key; a pipe that its handler writes to can.
    resized, notify = os.pipe()
    handler = signal.signal(signal.SIGWINCH, lambda *_: os.write(notify, b"!"))

    def key() -> str:
        if resized in select.select([terminal, resized], [], [])[0]:
            os.read(resized, 1024)
            return RESIZED
        return os.read(terminal, 16).decode(errors="replace") or END_OF_INPUT

    try:
        tty.setcbreak(terminal)
        yield key
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, handler)
        for file in (terminal, resized, notify):
            os.close(file)
