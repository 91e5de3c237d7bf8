"""Saving: a file is written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from os.path import basename, dirname, exists, join, realpath, samefile
from typing import Any, BinaryIO, cast

from xo_cnn.errors import OutputError

Path = str | os.PathLike[str]


def save(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Let `write` fill a temporary file beside `path`, and put it in place once it is complete and on the disk.

    An existing file is replaced and keeps its mode; a link keeps pointing at what it pointed at; a device or a pipe is
    written directly. Raises OutputError, and leaves what was there, where that fails; what `write` itself raises, for
    one of its inputs say, passes through unchanged.
    """
    with _blaming(path):
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            mode = None
        if mode is not None and stat.S_ISDIR(mode):
            raise OutputError(f"{os.fspath(path)}: is a folder; name a file in it")
        if mode is not None and stat.S_ISREG(mode) and not os.access(path, os.W_OK):
            raise PermissionError(13, "the file is read-only")
    if mode is None or stat.S_ISREG(mode):
        _replace(path, write, mode)
    else:
        _fill(path, path, "w", None, write)


def save_text(path: Path, text: str) -> None:
    """Save text as UTF-8, as `save` does."""

    def write(stream: BinaryIO) -> None:
        stream.write(text.encode())

    save(path, write)


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths name one file: through links, by other spellings, and where no file is there yet.

    Names of files to be made that differ in case alone count as one: on some systems they are.

    >>> same_file("a.txt", "./b/../a.txt"), same_file("a.txt", "b.txt")
    (True, False)
    """
    with contextlib.suppress(OSError, ValueError):  # one does not exist yet, or is not a valid path
        return samefile(one, other)
    with contextlib.suppress(OSError, ValueError):
        neither = not exists(one) and not exists(other)
        return neither and realpath(one).casefold() == realpath(other).casefold()
    return False


def _replace(path: Path, write: Callable[[BinaryIO], None], mode: int | None) -> None:
    target = realpath(path)
    temporary = join(dirname(target), f".{basename(target)[:40]}.{os.urandom(6).hex()}.part")
    try:
        _fill(path, temporary, "x", mode, write)
        with _blaming(path):
            os.replace(temporary, target)
    except BaseException:  # Ctrl-C too leaves no temporary file behind
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _fill(path: Path, file: Path, opening: str, mode: int | None, write: Callable[[BinaryIO], None]) -> None:
    """Open `file`, let `write` fill it, and see it to the disk; its errors are said of `path`."""
    with _blaming(path):
        raw = _Output(file, opening)
    raw.path = path
    with raw:
        with _blaming(path):
            if mode is not None:
                os.chmod(file, stat.S_IMODE(mode))
        stream = io.BufferedWriter(raw)
        write(cast("BinaryIO", stream))
        with _blaming(path):
            stream.flush()
            if opening == "x":
                os.fsync(io.FileIO.fileno(raw))
        stream.detach()


class _Output(io.FileIO):
    """A file whose failures to write are told from those of the inputs that are read meanwhile."""

    path: Path = ""

    def write(self, data: Any) -> int | None:  # type: ignore[override]
        with _blaming(self.path):
            return super().write(data)

    def fileno(self) -> int:
        """No number: Pillow's encoders write through it directly, and their failures name no cause."""
        raise io.UnsupportedOperation("fileno")


@contextlib.contextmanager
def _blaming(path: Path) -> Iterator[None]:
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{os.fspath(path)}: cannot be written: {error.strerror or error}") from error
