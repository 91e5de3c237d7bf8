"""Saving: a file is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from xo_cnn.errors import OutputError


def save(path: str | os.PathLike[str], write: Callable[[BinaryIO], None]) -> None:
    """Let `write` fill a temporary file beside `path`, and put it in place once it is complete and on the disk.

    An existing file is replaced and keeps its mode; a link keeps pointing at what it pointed at; a device or a pipe is
    written directly. Raises OutputError, and leaves what was there, where that fails.
    """
    try:
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            mode = None
        target = Path(os.path.realpath(path))
        if mode is not None and stat.S_ISDIR(mode):
            raise OutputError(f"{path}: is a folder; name a file in it")
        if mode is not None and not stat.S_ISREG(mode):
            with open(path, "wb") as device:
                write(device)
            return
        _replace(target, write, _new_mode() if mode is None else stat.S_IMODE(mode))
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{os.fspath(path)}: cannot be written: {error.strerror or error}") from error


def _replace(target: Path, write: Callable[[BinaryIO], None], mode: int) -> None:
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only")
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    try:
        with open(handle, "wb") as stream:
            write(stream)
            stream.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        Path(temporary).replace(target)
    except BaseException:  # Ctrl-C too leaves no temporary file behind
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
