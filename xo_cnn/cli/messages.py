"""Messages: one line on standard error, harmless whatever a file is called."""

from __future__ import annotations

import contextlib
import sys


def printable(text: str) -> str:
    r"""A text on one line, in which no control character can move a cursor or end a line.

    >>> printable("a\nb\x1b[2J")
    'a\\nb\\x1b[2J'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or "\udc80" <= c <= "\udcff" else repr(c)[1:-1] for c in text)


def complain(message: str, hint: str = "") -> None:
    """Say on standard error what went wrong; with standard error closed there is no one to tell."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"xo-cnn: {printable(message)}\n" + (f"{hint}\n" if hint else ""))
        sys.stderr.flush()
