"""Grids and streams of maps in any format, recognised by content: what one command writes every other reads."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import BinaryIO

import numpy as np

from xo_cnn.errors import GridError
from xo_cnn.formats import Format
from xo_cnn.grid import Map
from xo_cnn.limits import MAX_MAPS, MAX_PIXELS
from xo_cnn.words import is_number, tame

# Imported when they are asked for: a verdict on a picture waits for no format that it does not read.
_MODULES = {"text": "text", "csv": "text", "json": "json_lines", "npy": "arrays", "npz": "arrays"}

# How the usual pictures begin: to say so where numbers belong, never to read them.
_MAGIC = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*", b"MM\0*", b"RIFF", b"P4", b"P5", b"P6", b"#define ")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Control characters, which the first bytes of a picture may have but text does not.
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE = re.compile(rb"(?:[-+.,;0-9# \t\r\n\[{]\0){2,}|(?:\0[-+.,;0-9# \t\r\n\[{]){2,}")
# The heading line of a csv file: words, with separators between them.
_HEADING = re.compile(rb"[^\0-\x1f,;<>{}[\]#]+[,;\t][^\0-\x08\n-\x1f<>{}]*(?:[\r\n]|$)")


def read_maps(stream: BinaryIO, source: str, max_cells: int = MAX_PIXELS, max_maps: int = MAX_MAPS) -> Iterator[Map]:
    """Read the maps of a stream one after the other, whatever their format; `source` is its name in errors.

    Raises GridError, naming the line or the entry, where there are none, or one is ragged, cut off, not finite, or has
    more than `max_cells` cells, and for more than `max_maps` maps.

    >>> from io import BytesIO
    >>> [one.values.tolist() for one in read_maps(BytesIO(b"1 -1"), "a grid")]
    [[[1.0, -1.0]]]
    """
    try:
        kind = recognise(stream)
        if kind is None:
            raise _no_maps(stream.read(12))
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
    small = grid.sums.clip(-1, 1).astype(np.int8)
    return Map(grid.name, small) if np.array_equal(small, grid.sums) else grid


def write_maps(maps: Sequence[Map], form: Format, stream: BinaryIO) -> None:
    """Write maps in a format that `read_maps` takes back bit for bit (npy keeps no names).

    Raises GridError for maps that the format cannot hold: of several sizes in npy, of one name in npz.
    """
    writer: Callable[[Sequence[Map], BinaryIO], None]
    writer = getattr(import_module(f"xo_cnn.formats.{_MODULES[form]}"), f"write_{form}")
    writer(maps, stream)


def recognise(stream: BinaryIO) -> Format | None:
    r"""The format of a stream, which stays where it is, by its first bytes, not its name; None if it is none of ours.

    csv counts as text. Raises GridError for text whose characters have two or four bytes.

    >>> from io import BytesIO
    >>> [recognise(BytesIO(data)) for data in (b"# diag", b'{"name": ', b"GIF89a", b"#define x_width 9\n")]
    ['text', 'json', None, None]
    """
    start = stream.tell()
    head = first = stream.read(256)
    head = head.removeprefix(BOM_UTF8)
    while head and not head.strip():  # blank lines say nothing yet
        head = stream.read(1 << 16)
    stream.seek(start)
    if encoding := wide(first):
        raise GridError(f"is text in {encoding}; save it as UTF-8 (iconv -f {encoding} -t UTF-8)")
    head = head.lstrip()[:256]
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    if head.startswith(_ZIP):
        return "npz"
    if not first or _CONTROL.search(head[:18]) or head.startswith(_MAGIC):
        return None
    if head[:1] in (b"{", b"["):
        return "json"
    first_word = re.split(rb"[\s,;]", head, maxsplit=1)[0].strip(b'"').decode("latin-1")
    text = head[:1] == b"#" or not first_word or is_number(first_word) or _HEADING.match(head)
    return "text" if text else None


def _no_maps(head: bytes) -> GridError:
    if not head:
        return GridError("is empty; a grid has at least one row of numbers")
    if head.startswith(_MAGIC):
        return GridError("is a picture, not numbers; xo-cnn grid reads it as a grid")
    return GridError(f"neither text, npy, npz nor JSON with a grid; it begins with {head!r}")


def wide(head: bytes) -> str:
    r"""The encoding of text whose characters have two or four bytes, and else nothing.

    >>> wide(b"\xff\xfe1\0"), wide(b"\0\0\xfe\xff"), wide(b"1\0 \0-\x001\0"), wide(b"1 -1")
    ('UTF-16', 'UTF-32', 'UTF-16', '')
    """
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    return "UTF-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _WIDE.match(head) else ""
