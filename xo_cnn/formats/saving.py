"""Saving: a file is written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from os.path import basename, dirname, join, realpath
from typing import Any, BinaryIO, cast

from xo_cnn.errors import OutputError

Path = str | os.PathLike[str]

# Temporary files that are being written; a signal that ends the process removes them.
unfinished: set[str] = set()


def write_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a temporary file beside `path`, and put it in place once it is complete and on the disk.

    An existing file is replaced and keeps its mode; a link keeps pointing at what it pointed at; a device, a pipe or
    an open file (/dev/stdout) is written directly. Raises OutputError, and leaves what was there, where that fails;
    what `write` itself raises, for one of its inputs say, passes through unchanged.
    """
    mode, opened = None, None
    with blaming(path):
        with contextlib.suppress(FileNotFoundError):
            mode = os.stat(path).st_mode
            opened = _opened(os.fspath(path))
        if mode is not None and stat.S_ISDIR(mode):
            raise OutputError("is a folder; name a file in it", os.fspath(path))
        direct = opened is not None or not (mode is None or stat.S_ISREG(mode))
        if not direct and mode is not None and not os.access(path, os.W_OK):
            raise PermissionError(13, "the file is read-only")
    if direct:
        _fill(path, path if opened is None else os.dup(opened), "w", None, write)
        return
    target = realpath(path)
    temporary = join(dirname(target), f".{basename(target)[:40]}.{os.urandom(6).hex()}.part")
    unfinished.add(temporary)
    try:
        _fill(path, temporary, "x", mode, write)
        with blaming(path):
            os.replace(temporary, target)
    except BaseException:  # Ctrl-C too leaves no temporary file behind
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    finally:
        unfinished.discard(temporary)


def save_text(path: Path, text: str) -> None:
    """Save text as UTF-8, as `write_file` does."""
    write_file(path, lambda stream: stream.write(text.encode()))


def _opened(path: str) -> int | None:
    """The number of the open file that an existing path stands for, as /dev/stdout and /dev/fd/3 do on Linux."""
    while os.path.islink(path):
        folder, name = realpath(dirname(path)), basename(path)
        if folder == f"/proc/{os.getpid()}/fd":
            return int(name)
        path = join(folder, os.readlink(path))
    return None


def identity(file: Path | int) -> object:
    """What is the same for all paths that name one file: through links, by other spellings, or as an open file.

    Of files that are not there yet, names that differ in case alone count as one: on some systems they are.

    >>> identity("a.txt") == identity("./b/../a.txt"), identity("a.txt") == identity("b.txt")
    (True, False)
    """
    with contextlib.suppress(OSError, ValueError):  # it is not there yet, or closed, or not a valid path
        status = os.stat(file)
        return status.st_dev, status.st_ino
    with contextlib.suppress(OSError, ValueError):
        if file and not isinstance(file, int):
            return realpath(file).casefold()
    return object()


def _fill(path: Path, file: Path | int, opening: str, mode: int | None, write: Callable[[BinaryIO], object]) -> None:
    """Open `file`, let `write` fill it, and see it to the disk; its errors are said of `path`."""
    with blaming(path):
        raw = _File(file, opening)
    raw.path = path
    stream = io.BufferedWriter(raw)
    try:
        if mode is not None:
            with blaming(path):
                os.chmod(cast("str", file), stat.S_IMODE(mode))
        write(cast("BinaryIO", stream))
        with blaming(path):
            stream.flush()
            if opening == "x":
                os.fsync(io.FileIO.fileno(raw))
            raw.close()
    finally:
        with contextlib.suppress(OSError):  # of a failed write, which has been reported
            stream.close()
            raw.close()


class _File(io.FileIO):
    """A file whose failures to write are told from those of the inputs that are read meanwhile."""

    path: Path = ""

    def write(self, data: Any) -> int | None:  # type: ignore[override]
        with blaming(self.path):
            return super().write(data)

    def fileno(self) -> int:
        """No number: Pillow's encoders write through it directly, and their failures name no cause."""
        raise io.UnsupportedOperation("fileno")


@contextlib.contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Let what the system refuses be an OutputError of `path`."""
    try:
        yield
    except (OutputError, BrokenPipeError):  # a reader that has seen enough is no failure
        raise
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror or error}", os.fspath(path)) from error
