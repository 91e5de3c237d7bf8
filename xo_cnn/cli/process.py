"""The process around a command: its standard streams, its environment, and the signals that end it."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

# Columns and lines of a terminal that a variable may claim: more is a mistake, and lines of it would fill the memory.
MOST_COLUMNS = 10_000


class Terminated(KeyboardInterrupt):
    """The process was asked to end by a signal; everything that cleans up after Ctrl-C does so."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def prepare() -> None:
    """Make the standard streams, the environment and the interpreter what a command expects."""
    # Modules leave nothing to collect while they are loaded; looking for it takes a tenth of a small verdict.
    gc.set_threshold(100_000)
    # A verdict needs no thread pool for large matrices; starting one takes as long as many a command.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Libraries stumble over sizes of the terminal that cannot be meant.
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "1")
        if not (value.isascii() and value.isdecimal() and len(value) < 9 and 0 < int(value) <= MOST_COLUMNS):
            del os.environ[name]
    # The next file that is opened, perhaps the output, would take the place of a standard stream that is closed, and
    # what a decoder writes there would land in it.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    # With PYTHONUNBUFFERED what the system does not take at once would be lost.
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer), sys.stdout.encoding)
    # Libraries' warnings are not for the users of this program, and odd characters must not stop its output.
    if not sys.warnoptions:
        import warnings

        warnings.simplefilter("ignore")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")


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


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP raise Terminated, at whatever moment they come."""
    owner, last = os.getpid(), -1.0

    def end(number: int, frame: object) -> None:
        nonlocal last
        if os.getpid() != owner:  # a process that has just been forked, and has nothing to clean up
            os._exit(128 + number)
        now = time.monotonic()
        if now > last + 1:  # others that come with the first, to a group say, do not disturb the cleaning up
            last = now
            raise Terminated(number)

    def lost(what: Any) -> None:
        """Raise again, a moment later, what was raised in a destructor or a callback, where nobody can catch it."""
        nonlocal last
        if isinstance(what.exc_value, Terminated) and hasattr(signal, "setitimer"):
            last = -1.0
            number = what.exc_value.number
            signal.signal(signal.SIGALRM, lambda *_: end(number, None))
            signal.setitimer(signal.ITIMER_REAL, 0.01)
        else:
            sys.__unraisablehook__(what)

    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # nohup ignores the signal, and other threads than the first cannot handle any
        with contextlib.suppress(ValueError, OSError):
            if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                before[number] = signal.signal(number, end)
    hook, sys.unraisablehook = sys.unraisablehook, lost
    try:
        yield
    finally:
        sys.unraisablehook = hook
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
