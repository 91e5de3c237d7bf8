"""Inputs: a named file, or standard input, as a stream that can be read twice; and the paths of many images."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import click

from xo_cnn.catalogue import opener
from xo_cnn.cli.messages import complain, note, progress
from xo_cnn.errors import ImageError, XoCnnError
from xo_cnn.limits import MAX_INPUT, MAX_PIXELS
from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.grid import Map
    from xo_cnn.processes import T

# Of a pipe this much stays in memory; the rest waits in a temporary file.
IN_MEMORY = 16 << 20
# Bytes of a path in a list, and of a list without a path: more is not a list of paths.
MAX_PATH = 1 << 16


@contextlib.contextmanager
def open_input(path: str | None, what: str, whole: bool = True) -> Iterator[tuple[BinaryIO, str]]:
    """Open a file, or standard input for None and `-`, and yield it with its name for errors.

    `what` says what the file should hold. A pipe is read first, so that it can be read twice, unless it is not taken as
    a `whole`. Raises XoCnnError for a file that cannot be opened or read.
    """
    source = "standard input" if path is None or path == "-" else path
    try:
        # Standard input is not closed here: whether the output is this same file is asked later.
        standard = contextlib.nullcontext(_standard_input(what)) if source is not path else None
        with standard or open(source, "rb", opener=opener) as stream:
            yield _spooled(stream, source) if whole and not stream.seekable() else stream, source
    except XoCnnError as error:
        raise error.naming(source) from error
    except OSError as error:
        raise XoCnnError(remedy(source, what) or f"cannot be read: {error.strerror or error}", source) from error


def refuse_reading_twice(paths: Iterable[str | None]) -> None:
    """Refuse a command line that names standard input more than once."""
    if sum(path in (None, "-") for path in paths) > 1:
        raise click.UsageError("standard input can be read once; name the other inputs")


@contextlib.contextmanager
def open_maps(path: str | None, max_pixels: int = MAX_PIXELS) -> Iterator[tuple[Iterator[Map], bool]]:
    """Open a stream of maps, or a picture, which is one map of its grey levels; yield the maps and whether it is one.

    The maps are read one after the other, so that of large ones only one need be in memory.
    """
    from xo_cnn.formats.maps import read_maps, recognise

    with open_input(path, "maps or an image") as (stream, source):
        if recognise(stream):
            yield read_maps(stream, source, max_pixels), False
        else:
            from xo_cnn.images.reader import Reader

            yield iter([Reader(ink="white", max_pixels=max_pixels).grid(stream, source, grey=True)]), True


def is_ready(stream: BinaryIO, seconds: float | None = None) -> bool:
    """Whether a stream has something to read, which is waited for: at most for some seconds, or until it has."""
    try:
        import select

        return bool(select.select([stream], [], [], seconds)[0])
    except (ImportError, OSError, ValueError):  # not every system can select every stream
        time.sleep(0.01)
        return True


def remedy(path: str, what: str, other: str = "") -> str:
    """What is wrong with a path that is not `what`, and how to mend it; nothing if the system's reason says enough.

    `other` is what else the command can do with a folder.
    """
    name = os.path.basename(path)
    if os.path.isdir(path):
        return f"is a folder, not {what}; name the files in it{other}"
    if os.path.lexists(path):
        return ""
    if any(mark in path for mark in "*?["):
        return "cannot be read: No such file; no file matches the pattern"
    if name.startswith(".") and name.count(".") == 1:
        return f"cannot be read: No such file; did a space slip into *{name}?"
    return ""


def _standard_input(what: str) -> BinaryIO:
    if sys.stdin is None:
        raise XoCnnError(f"standard input is closed; name {what}, or pipe it in")
    if sys.stdin.isatty():
        raise click.UsageError(f"{what} is missing: name a file, or pipe one in")
    return sys.stdin.buffer


def _spooled(stream: BinaryIO, source: str) -> BinaryIO:
    import tempfile  # only a pipe has to wait for it

    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - its reader closes it
    size = 0
    while (chunk := stream.read(1 << 20)) != b"":
        if chunk is None:
            is_ready(stream)
            continue
        size += len(chunk)
        if size > MAX_INPUT:
            raise XoCnnError(f"is larger than {MAX_INPUT >> 30} GiB; split it", source)
        try:
            spool.write(chunk)
        except OSError as error:
            raise XoCnnError(f"cannot be kept in the temporary folder: {error.strerror}", source) from error
    spool.seek(0)
    return spool  # type: ignore[return-value]


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
        with open_input(path, "a list of paths", whole=False) as (stream, _):
            while True:
                if not is_ready(stream, seconds=0):
                    yield None
                try:
                    data = os.read(stream.fileno(), 1 << 16)
                except BlockingIOError:
                    is_ready(stream)
                    continue
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
