"""The paths of many images: from arguments, folders and lists, in batches as they become known."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

import click

from xo_cnn.cli.inputs import refuse_reading_twice, wait_for
from xo_cnn.cli.messages import complain, note
from xo_cnn.errors import XoCnnError
from xo_cnn.words import printable

# Bytes of a path in a list, and of a list without a path: more is not a list of paths.
MAX_PATH = 1 << 16
# Paths of folders that are handed on together.
BATCH = 256


class Listing:
    """The images that a command line names; `unread` counts the folders among them that could not be read."""

    def __init__(self, images: tuple[str, ...], recursive: bool, files_from: str | None, null: bool) -> None:
        if null and files_from is None:
            raise click.UsageError("-0 says how --files-from is read; name its file, or - for standard input")
        refuse_reading_twice([*images, *([] if files_from is None else [files_from])])
        self.images = images
        self.recursive = recursive
        self.files_from = files_from
        self.null = null
        self.unread = 0

    @property
    def several(self) -> bool:
        """Whether there may be more than one image."""
        return len(self.images) > 1 or self.files_from is not None or self.recursive

    @property
    def named(self) -> list[str]:
        """What the command line itself names; standard input if nothing else."""
        listed = [self.files_from] if self.files_from is not None else []
        return [*self.images, *listed] or ["-"]

    @property
    def total(self) -> int | None:
        """The number of images, if that is known before they are read."""
        if self.recursive:
            return None
        if self.files_from is None:
            return len(self.images)
        if not os.path.isfile(self.files_from):
            return None
        end = b"\0" if self.null else b"\n"
        with contextlib.suppress(OSError), open(self.files_from, "rb") as stream:
            return len(self.images) + sum(data.count(end) for data in iter(lambda: stream.read(1 << 20), b""))
        return None

    def batches(self) -> Iterator[list[str]]:
        """Yield paths in order, `["-"]` for standard input, and an empty list before a wait for more."""
        named = self.images if self.images or self.files_from is not None else ("-",)
        for piped, images in groupby(named, key=lambda path: path == "-"):
            if piped:
                yield from (["-"] for _ in images)
            else:
                yield from self._expanded(list(images))
        if self.files_from is not None:
            for paths in _listed(self.files_from, self.null):
                yield from self._expanded(paths) if paths else [[]]

    def _expanded(self, paths: list[str]) -> Iterator[list[str]]:
        """The paths as they are, or with `recursive` the files in folders among them, without hidden ones."""
        batch: list[str] = []
        for path in paths:
            if not (self.recursive and os.path.isdir(path)):
                batch.append(path)
                continue
            for folder, folders, files in os.walk(path, onerror=self._report):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                found = [os.path.join(folder, name) for name in sorted(files) if not name.startswith(".")]
                batch += [name for name in found if _is_file(name)]
                if len(batch) >= BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def _report(self, error: OSError) -> None:
        complain(f"{error.filename}: cannot be read: {error.strerror}")
        self.unread += 1


def _is_file(path: str) -> bool:
    """Whether a path in a folder may be an image, and not a pipe, a device or a socket."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return True  # reading it will say what is wrong
    if not stat.S_ISREG(mode):
        pass_over(path)
    return stat.S_ISREG(mode)


def pass_over(path: str) -> None:
    """Say that something in a folder is not read."""
    note(f"{printable(path)}: passed over, because it is a pipe, a device or a socket")


def _listed(path: str, null: bool) -> Iterator[list[str]]:
    """The paths in a file, in batches as they come; an empty batch before a wait for more."""
    end = b"\0" if null else b"\n"

    def tidy(name: bytes) -> bytes:
        name = name if null else name.removesuffix(b"\r")  # lists from elsewhere end their lines in two characters
        return b"./-" if name == b"-" else name  # a file of this name, not standard input

    with _opened(path) as stream:
        rest, barren = b"", 0
        for data in _read(stream, path):
            if data is None:
                yield []
                continue
            *names, rest = (rest + data).split(end)
            found = [os.fsdecode(name) for name in map(tidy, names) if name]
            barren = 0 if found else barren + len(data)
            if len(rest) > MAX_PATH or barren > MAX_PATH:
                raise XoCnnError(f"has {MAX_PATH} bytes without a path; paths end in {repr(end)[2:-1]}", path)
            if found:
                yield found
        if tidy(rest):
            yield [os.fsdecode(tidy(rest))]


def _read(stream: BinaryIO, path: str) -> Iterator[bytes | None]:
    """The bytes of a list as they come, without the mark of UTF-8; None before a wait for more."""
    first = True
    while True:
        try:
            if not _has_more(stream):
                yield None
            data = os.read(stream.fileno(), 1 << 16)
        except BlockingIOError:
            wait_for(stream)
            continue
        except OSError as error:
            raise XoCnnError(f"cannot be read: {error.strerror}", path) from error
        if not data:
            return
        if first and data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise XoCnnError("is UTF-16; save the list as UTF-8", path)
        yield data.removeprefix(b"\xef\xbb\xbf") if first else data
        first = False


def _has_more(stream: BinaryIO) -> bool:
    try:
        import select

        return bool(select.select([stream], [], [], 0)[0])
    except (ImportError, OSError, ValueError):  # not every system can select every stream
        return True


@contextlib.contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        if sys.stdin is None:
            raise XoCnnError("standard input is closed; --files-from - reads paths from it")
        if sys.stdin.isatty():
            raise click.UsageError("--files-from - reads paths from standard input: pipe them in")
        yield sys.stdin.buffer
        return
    try:
        stream = open(path, "rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        raise XoCnnError(f"cannot be read: {getattr(error, 'strerror', None) or error}", path) from error
    with stream:
        yield stream
