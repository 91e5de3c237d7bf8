"""The process around a command: its standard streams, its environment, and the signals that end it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

# Columns and lines of a terminal that a variable may claim: more is a mistake, and lines of it would fill the memory.
MOST_COLUMNS = 10_000


class Terminated(KeyboardInterrupt):
    """The process was asked to end by a signal other than Ctrl-C; it cleans up in the same way."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


def open_closed_streams() -> None:
    """Put the null device in the place of standard streams that are closed.

    Otherwise the next file that is opened, perhaps the output, takes the place of standard error, and what a decoder
    writes there lands in it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


@contextlib.contextmanager
def blocking_output() -> Iterator[None]:
    """Let standard output wait for a slow reader, where another process has left it non-blocking.

    A write that cannot be done at once would otherwise fail, and its data be lost.
    """
    try:
        blocking = os.get_blocking(1)
    except (OSError, AttributeError):  # closed, or a system that has no such mode
        blocking = True
    if not blocking:
        os.set_blocking(1, True)
    try:
        yield
    finally:
        if not blocking:
            os.set_blocking(1, False)


def tidy_environment() -> None:
    """Remove sizes of the terminal that cannot be meant, so that no library stumbles over them."""
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "1")
        if not (value.isascii() and value.isdecimal() and len(value) < 9 and 0 < int(value) <= MOST_COLUMNS):
            del os.environ[name]


def keep_apart_from_data() -> None:
    """Keep libraries' warnings from the users of this program, and odd characters from stopping its output."""
    if not sys.warnoptions:
        import warnings

        warnings.simplefilter("ignore")
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise Terminated once, so that everything that cleans up after Ctrl-C does so too."""

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise Terminated(number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # nohup ignores the signal, and other threads than the first cannot handle any
        with contextlib.suppress(ValueError, OSError):
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def flushed(status: int) -> tuple[int, str]:
    """Write what is still buffered for standard output; the exit status after that, and what went wrong."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        _discard_output()
        return status or 1, "" if status else f"standard output: {error.strerror}"
    return status, ""


def _discard_output() -> None:
    """Let the interpreter's last flush go to the null device; it would complain again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
