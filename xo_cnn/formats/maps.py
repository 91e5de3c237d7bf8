"""Grids and streams of maps in any format: what one command writes every other reads."""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import BinaryIO

import numpy as np

from xo_cnn.errors import GridError
from xo_cnn.formats import Format
from xo_cnn.formats.names import tame
from xo_cnn.formats.recognising import HEAD, PICTURES, sniff, wide
from xo_cnn.grid import Map
from xo_cnn.limits import MAX_MAPS, MAX_PIXELS

# Imported when they are asked for: a verdict on a picture waits for no format that it does not read.
_MODULES = {"text": "text", "csv": "text", "json": "json_lines", "npy": "arrays", "npz": "arrays"}


def read_maps(stream: BinaryIO, source: str, max_cells: int = MAX_PIXELS, max_maps: int = MAX_MAPS) -> Iterator[Map]:
    """Read the maps of a stream one after the other, whatever their format; `source` is its name in errors.

    Raises GridError, naming the line or the entry, where there are none, or one is ragged, cut off, not finite, or has
    more than `max_cells` cells, and for more than `max_maps` maps.

    >>> [one.values.tolist() for one in read_maps(io.BytesIO(b"1 -1"), "a grid")]
    [[[1.0, -1.0]]]
    """
    try:
        stream = in_reach(stream)
        kind = _kind(stream)
        reader: Callable[[BinaryIO, int], Iterator[Map]]
        reader = getattr(import_module(f"xo_cnn.formats.{_MODULES[kind]}"), f"read_{kind}")
        count = 0
        for one in reader(stream, max_cells):
            count += 1
            if count > max_maps:
                raise GridError(f"holds more than {max_maps} maps; split it")
            yield Map(tame(one.name), one.sums)
        if count == 0:
            raise GridError("holds no rows of numbers")
    except GridError as error:
        raise error.naming(source) from error
    except OSError as error:
        raise GridError(f"cannot be read: {error.strerror or error}", source) from error


def read_grid(stream: BinaryIO, source: str, max_cells: int = MAX_PIXELS) -> Map:
    """Read the one grid of a stream; cells that are whole numbers from -1 to 1 come as int8.

    Raises GridError for several maps, and for whatever `read_maps` refuses.
    """
    maps = read_maps(stream, source, max_cells)
    grid = next(maps)
    if next(maps, None) is not None:
        raise GridError("holds several maps, but one grid is expected", source)
    values = grid.values
    if values.min() < -1 or values.max() > 1:
        return grid
    small = values.astype(np.int8)
    return Map(grid.name, small if np.array_equal(small, values) else values)


def write_maps(maps: Sequence[Map], form: Format, stream: BinaryIO) -> None:
    """Write maps in a format that `read_maps` takes back bit for bit (npy keeps no names).

    Raises GridError for maps that the format cannot hold: of several sizes in npy, of one name in npz.
    """
    writer: Callable[[Sequence[Map], BinaryIO], None]
    writer = getattr(import_module(f"xo_cnn.formats.{_MODULES[form]}"), f"write_{form}")
    writer(maps, stream)


def in_reach(stream: BinaryIO) -> BinaryIO:
    """The stream itself where it can go back, and else what it holds: a pipe in the place of a file."""
    return stream if stream.seekable() else io.BytesIO(stream.read())


def _kind(stream: BinaryIO) -> str:
    """The format of a stream, which stays where it is."""
    start = stream.tell()
    first = stream.read(HEAD)
    head = first.removeprefix(BOM_UTF8)
    while head and not head.strip():  # blank lines say nothing yet
        head = stream.read(1 << 16)
    stream.seek(start)
    if not first:
        raise GridError("is empty; a grid has at least one row of numbers")
    if encoding := wide(first):
        raise GridError(f"is text in {encoding}; save it as UTF-8 (iconv -f {encoding} -t UTF-8)")
    kind = sniff(head.lstrip()[:HEAD]) if head else "text"
    if kind is None and head.startswith(PICTURES):
        raise GridError("is a picture, not numbers; xo-cnn grid reads it as a grid")
    if kind is None:
        raise GridError(f"neither text, npy, npz nor JSON with a grid; it begins with {head[:12]!r}")
    return kind
