"""The process around a command: its standard streams, its environment, and the signals that end it."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys

from xo_cnn.cli.messages import erase

# Columns and lines of a terminal that a variable may claim: more is a mistake, and lines of it would fill the memory.
MOST_COLUMNS = 10_000


def prepare() -> bool:
    """Make the standard streams, the environment and the interpreter what a command expects.

    Returns whether standard output was blocking before.
    """
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
    if not set(sys.warnoptions) - {"ignore"}:
        import warnings

        warnings.simplefilter("ignore")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    # Another process may have left standard output non-blocking: what a slow reader does not take would be lost.
    try:
        blocking = os.get_blocking(1)
        os.set_blocking(1, True)
    except (OSError, AttributeError):  # closed, or a system that has no such mode
        blocking = True
    return blocking


def end_by_signals() -> None:
    """Let SIGINT, SIGTERM and SIGHUP end the process at once and without a word, whatever it is doing.

    An exception would be lost in a fork's hook or a destructor, and leave the locks of an executor in disorder: what
    has to be tidied up is tidied up here.
    """
    owner = os.getpid()

    def end(number: int, frame: object) -> None:
        try:
            if os.getpid() == owner:  # and no process that has just been forked
                if "multiprocessing" in sys.modules:
                    for worker in sys.modules["multiprocessing"].active_children():
                        worker.kill()
                if "xo_cnn.formats.saving" in sys.modules:
                    for temporary in sys.modules["xo_cnn.formats.saving"].unfinished:
                        with contextlib.suppress(OSError):
                            os.unlink(temporary)
                erase()
        finally:  # whatever goes wrong, the terminal being gone for one
            os._exit(128 + number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as nohup leaves it
            signal.signal(number, end)
