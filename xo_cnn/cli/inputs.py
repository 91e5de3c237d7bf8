"""Inputs: a named file, or standard input, as a stream that can be read twice."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import click

from xo_cnn.errors import XoCnnError
from xo_cnn.limits import MAX_INPUT

if TYPE_CHECKING:
    from xo_cnn.cli.options import ImageOptions
    from xo_cnn.grid import Map

# Of a pipe this much stays in memory; the rest waits in a temporary file.
IN_MEMORY = 16 << 20
STANDARD_INPUT = "standard input"


@contextlib.contextmanager
def open_input(path: str | None, what: str) -> Iterator[tuple[BinaryIO, str]]:
    """Open a file, or standard input for None and `-`, and say how errors call it; `what` is what it should hold."""
    if path is None or path == "-":
        # Left open: whether the output is this same file is asked later.
        yield _standard_input(what), STANDARD_INPUT
        return
    try:
        stream = open(path, "rb")  # noqa: SIM115 - closed below
    except IsADirectoryError as error:
        raise XoCnnError(f"{path}: is a folder, not {what}; name the files in it") from error
    except (OSError, ValueError) as error:
        raise XoCnnError(f"{path}: cannot be read: {_reason(path, error)}") from error
    with stream:
        yield stream if stream.seekable() else _spooled(stream), path


def _reason(path: str, error: OSError | ValueError) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, FileNotFoundError):
        name = os.path.basename(path)
        if any(mark in path for mark in "*?["):
            return f"{reason}; no file matches the pattern"
        if name.startswith(".") and name.count(".") == 1:
            return f"{reason}; did a space slip into *{name}?"
    return reason


def _standard_input(what: str) -> BinaryIO:
    if sys.stdin is None:
        raise XoCnnError(f"standard input is closed; name {what}, or pipe it in")
    if sys.stdin.isatty():
        raise click.UsageError(f"{what} is missing: name a file, or pipe one in")
    stream = sys.stdin.buffer
    return stream if stream.seekable() else _spooled(stream)


def _spooled(stream: BinaryIO) -> BinaryIO:
    import tempfile  # only a pipe has to wait for it

    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - its reader closes it
    size = 0
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > MAX_INPUT:
            raise XoCnnError(f"{STANDARD_INPUT}: is larger than {MAX_INPUT >> 30} GiB; split it")
        spool.write(chunk)
    spool.seek(0)
    return spool  # type: ignore[return-value]


def read_image_grid(path: str | None, options: ImageOptions) -> Map:
    """The grid of an image, as the options ask for it, under the name of the file."""
    from xo_cnn.grid import Map
    from xo_cnn.images.reading import as_grid, fit_image, read_image

    if options.fit and options.grey:
        raise click.UsageError("--fit parts ink from paper and --grey keeps levels: use one of them")
    with open_input(path, "an image") as (stream, source):
        try:
            picture = read_image(stream, source, options.max_pixels)
            if options.fit:
                ink, threshold = options.ink or "auto", options.threshold
                return Map("", fit_image(picture, options.fit, ink=ink, threshold=threshold).grid)
            grid = as_grid(picture, threshold=options.threshold, grey=options.grey, ink=options.ink or "white")
            return Map("", grid)
        except XoCnnError as error:
            raise error.naming(source) from error


def read_stream(path: str | None, what: str = "a stream of maps") -> Iterator[Map]:
    """The maps of a stream, one after the other."""
    from xo_cnn.formats.maps import read_maps

    with open_input(path, what) as (stream, source):
        yield from read_maps(stream, source)
