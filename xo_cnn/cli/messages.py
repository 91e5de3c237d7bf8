"""Messages: one line on standard error, harmless whatever a file is called."""

from __future__ import annotations

import contextlib
import sys

from xo_cnn.words import printable


def complain(message: str, hint: str = "") -> None:
    """Say on standard error what went wrong; with standard error closed there is no one to tell."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"xo-cnn: {printable(message)}\n" + (f"{hint}\n" if hint else ""))
        sys.stderr.flush()
