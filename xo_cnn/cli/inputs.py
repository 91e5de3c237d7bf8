"""Inputs: a named file, or standard input, as a stream that can be read twice."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

import click

from xo_cnn.catalogue import opener
from xo_cnn.errors import XoCnnError
from xo_cnn.limits import MAX_INPUT, MAX_PIXELS

if TYPE_CHECKING:
    from xo_cnn.grid import Map

# Of a pipe this much stays in memory; the rest waits in a temporary file.
IN_MEMORY = 16 << 20


@contextlib.contextmanager
def open_input(path: str | None, what: str) -> Iterator[tuple[BinaryIO, str]]:
    """Open a file, or standard input for None and `-`, and yield it with its name for errors.

    `what` says what the file should hold. Raises XoCnnError for a file that cannot be opened or read.
    """
    source = "standard input" if path is None or path == "-" else path
    try:
        # Standard input is not closed here: whether the output is this same file is asked later.
        standard = contextlib.nullcontext(_standard_input(what)) if source is not path else None
        with standard or open(source, "rb", opener=opener) as stream:
            yield stream if stream.seekable() else _spooled(stream, source), source
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


def wait_for(stream: BinaryIO) -> None:
    """Wait until a non-blocking stream has something to read."""
    try:
        import select

        select.select([stream], [], [])
    except (ImportError, OSError, ValueError):  # not every system can select every stream
        time.sleep(0.01)


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
            wait_for(stream)
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
