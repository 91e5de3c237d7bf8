"""The paths of many images: from arguments, folders and lists, as they become known."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import click

from xo_cnn.catalogue import opener
from xo_cnn.cli.inputs import refuse_reading_twice, wait_for
from xo_cnn.cli.messages import complain, note, progress
from xo_cnn.errors import ImageError, XoCnnError
from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.processes import T

# Bytes of a path in a list, and of a list without a path: more is not a list of paths.
MAX_PATH = 1 << 16


class Piped(NamedTuple):
    """Standard input, or a pipe that the command line names: it is read here, where it is open, and by no worker."""

    path: str


class Listing:
    """The images that a command line names; `unread` counts the folders among them that could not be read."""

    def __init__(self, images: tuple[str, ...], recursive: bool, files_from: str | None, null: bool) -> None:
        if null and files_from is None:
            raise click.UsageError("-0 says how --files-from is read; name its file, or - for standard input")
        refuse_reading_twice([*images, *([] if files_from is None else [files_from])])
        self.images = images or (("-",) if files_from is None else ())
        self.recursive = recursive
        self.files_from = files_from
        self.end = b"\0" if null else b"\n"
        self.several = len(images) > 1 or files_from is not None or recursive
        self.unread = 0

    def total(self) -> int | None:
        """The number of images, if that is known before they are read."""
        if self.recursive or self.files_from is None or not os.path.isfile(self.files_from):
            return None if self.recursive or self.files_from else len(self.images)
        with contextlib.suppress(OSError), open(self.files_from, "rb") as stream:
            return len(self.images) + sum(data.count(self.end) for data in iter(lambda: stream.read(1 << 20), b""))
        return None

    def __iter__(self) -> Iterator[str | Piped | ImageError | None]:
        """Yield paths in order, an error for what is not read, and None before a wait for more."""
        for path in self.images:
            if path == "-" or _is_odd(path):
                yield Piped(path)
            else:
                yield from self._found(path)
        for listed in self._listed() if self.files_from is not None else ():
            if listed is not None and _is_odd(listed):
                yield ImageError("is a pipe, a device or a socket; a list names files", listed)
            else:
                yield from [None] if listed is None else self._found(listed)

    def _found(self, path: str) -> Iterator[str]:
        """The path as it is, or with `recursive` the files in a folder and in those below, without hidden ones."""
        if not (self.recursive and os.path.isdir(path)):
            yield path
            return
        folders = [path]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    found = sorted((entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith("."))
            except OSError as error:
                complain(f"{folder}: cannot be read: {error.strerror}")
                self.unread += 1
                continue
            below = []
            for name, is_folder in found:
                inside = os.path.join(folder, name)
                if is_folder:
                    below += [] if os.path.islink(inside) else [inside]
                elif _is_odd(inside):
                    pass_over(inside)
                else:
                    yield inside
            folders += reversed(below)

    def _listed(self) -> Iterator[str | None]:
        """The paths in a list as they come; None before a wait for more."""
        path = str(self.files_from)
        rest, barren, first = b"", 0, True
        with _opened(path) as stream:
            while True:
                if not _has_more(stream):
                    yield None
                try:
                    data = os.read(stream.fileno(), 1 << 16)
                except BlockingIOError:
                    wait_for(stream)
                    continue
                except OSError as error:
                    raise XoCnnError(f"cannot be read: {error.strerror}", path) from error
                if first and data.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise XoCnnError("is UTF-16; save the list as UTF-8", path)
                *lines, rest = (rest + (data.removeprefix(b"\xef\xbb\xbf") if first else data)).split(self.end)
                first, barren = False, 0 if any(lines) else barren + len(data)
                if len(rest) > MAX_PATH or barren > MAX_PATH:
                    end = repr(self.end)[2:-1]
                    raise XoCnnError(f"has {MAX_PATH} bytes without a path; paths end in {end}", path)
                yield from filter(None, map(self._path, lines if data else [rest]))
                if not data:
                    return

    def _path(self, line: bytes) -> str:
        if self.end == b"\n":
            line = line.removesuffix(b"\r")  # lists from elsewhere end their lines in two characters
        try:
            return "./-" if line == b"-" else os.fsdecode(line)  # a file of this name, not standard input
        except UnicodeDecodeError as error:  # on Windows, where names are not bytes
            raise XoCnnError(
                f"has a path that is not UTF-8: {line[:80]!r}; save it as UTF-8", self.files_from
            ) from error


def _is_odd(path: str) -> bool:
    """Whether a path is a pipe, a device or a socket: reading it may never end, or take what is meant for another."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False  # reading it will say what is wrong
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def pass_over(path: str) -> None:
    """Say that something in a folder is not read."""
    note(f"{printable(path)}: passed over, because it is a pipe, a device or a socket")


def do_labelled(
    files: Sequence[tuple[str, Path]], work: Callable[[str], T], jobs: int | None
) -> Iterator[tuple[str, str, T | XoCnnError]]:
    """Do some work on images with labels, showing progress, and yield the label, the path and the outcome of each."""
    from xo_cnn.many import do_many
    from xo_cnn.pictures import outcomes

    with progress("images", len(files)) as step:
        done = do_many([str(path) for _, path in files], partial(outcomes, work=work), jobs=jobs, notify=complain)
        for number, ((label, _), (path, outcome)) in enumerate(zip(files, done, strict=True), start=1):
            yield label, path, outcome
            step(number, None)


def _has_more(stream: BinaryIO) -> bool:
    try:
        import select

        return bool(select.select([stream], [], [], 0)[0])
    except (ImportError, OSError, ValueError):  # not every system can select every stream
        return True


@contextlib.contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path != "-":
        try:
            stream = open(path, "rb", opener=opener)  # noqa: SIM115 - closed below
        except (OSError, ValueError) as error:
            raise XoCnnError(f"cannot be read: {getattr(error, 'strerror', None) or error}", path) from error
        with stream:
            yield stream
        return
    if sys.stdin is None:
        raise XoCnnError("standard input is closed; --files-from - reads paths from it")
    if sys.stdin.isatty():
        raise click.UsageError("--files-from - reads paths from standard input: pipe them in")
    yield sys.stdin.buffer
