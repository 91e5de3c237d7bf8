"""npy and npz: NumPy's arrays of two dimensions, or of three for a stack of maps."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from xo_cnn.errors import GridError
from xo_cnn.grid import Array, Map, divided
from xo_cnn.limits import MAX_UNPACKED, UNPACKED_PER_BYTE
from xo_cnn.words import repeated, tame, utf8

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

NPY = b"\x93NUMPY"
MAX_HEADER = 10_000  # bytes, as in numpy.load
BLOCK = 1 << 18  # cells that are read at a time


def read_npy(stream: BinaryIO, max_cells: int) -> Iterator[Map]:
    """Read the map, or the maps of the stack, in a npy file.

    Raises GridError for anything but real numbers, for another shape, and for less or more than the header claims.
    """
    start = stream.tell()
    size = stream.seek(0, io.SEEK_END) - start
    stream.seek(start)
    yield from _array(stream, max_cells, size)


def read_npz(stream: BinaryIO, max_cells: int) -> Iterator[Map]:
    """Read the maps in a npz file under the names of its arrays, but for names that NumPy has numbered.

    Raises GridError as `read_npy` does, and, before it unpacks anything, for an archive that would unpack to far more
    than its own size.
    """
    import zipfile

    room = max(MAX_UNPACKED, UNPACKED_PER_BYTE * stream.seek(0, io.SEEK_END))
    try:
        with zipfile.ZipFile(stream) as archive:
            for entry in archive.infolist():
                name = tame(entry.filename)
                try:
                    for one in _member(archive, entry, max_cells, room):
                        room -= one.sums.size
                        yield Map(re.sub(r"\.npy$|^arr_\d+\.npy$", "", name), one.sums)
                except GridError as error:
                    raise GridError(f"{name}: {error}") from error
    except (GridError, MemoryError):
        raise
    except Exception as error:
        # Each part of zipfile has its own kind of error (BadZipFile, zlib.error, EOFError, ...), with no common root.
        raise GridError(f"not a valid npz file: {error}") from error


def _member(archive: ZipFile, entry: ZipInfo, max_cells: int, room: int) -> Iterator[Map]:
    if entry.flag_bits & 1:
        raise GridError("is encrypted")
    if entry.compress_type not in (0, 8):  # stored, deflated: other methods unpack without a limit
        raise GridError("unknown compression; save it with numpy.savez_compressed")
    with archive.open(entry) as member:
        yield from _array(member, max_cells, room)


def _array(stream: Any, max_cells: int, room: int) -> Iterator[Map]:
    """The maps of one array: at most `max_cells` at a time, and `room` of them in all."""
    shape, fortran, dtype = _header(stream)
    if dtype.kind not in "biuf":
        raise GridError(f"holds {str(dtype)[:40]}, but real numbers are expected")
    if len(shape) not in (2, 3) or any(type(side) is not int or side < 1 for side in shape):
        raise GridError(f"has the shape {str(shape)[:40]}; a grid has (rows, columns), a stack (maps, rows, columns)")
    cells = math.prod(shape)
    if cells > room:
        raise GridError(f"claims {cells} cells, more than the {room} that a file of its size may hold")
    at_once = cells if fortran else math.prod(shape[-2:])  # in Fortran's order the cells of all maps are mixed
    if at_once > max_cells:
        raise GridError(f"has {at_once} cells, more than the limit of {max_cells}")
    if fortran:
        values = _cells(stream, at_once, dtype).reshape(shape, order="F")
        yield from (Map("", np.ascontiguousarray(one)) for one in values.reshape(-1, *shape[-2:], order="A"))
    else:
        for _ in range(cells // at_once):
            yield Map("", _cells(stream, at_once, dtype).reshape(shape[-2:]))
    if stream.read(1):
        raise GridError("has more bytes after its array; save several as npz")


def _header(stream: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """The shape, whether the order is Fortran's, and the type: read by NumPy from a header of bounded size."""
    magic = stream.read(len(NPY))
    if magic != NPY:
        raise GridError(f"not an npy array; it begins with {magic!r}")
    width = 2 if stream.read(2)[:1] == b"\x01" else 4
    length = stream.read(width)
    claimed = int.from_bytes(length, "little")
    if claimed > MAX_HEADER:
        raise GridError(f"claims an npy header of {claimed} bytes; at most {MAX_HEADER} are read")
    read = np.lib.format.read_array_header_1_0 if width == 2 else np.lib.format.read_array_header_2_0
    try:
        with warnings.catch_warnings(action="ignore"):  # of Python 2's long integers, on standard error
            return read(io.BytesIO(length + stream.read(claimed)))
    except Exception as error:
        # NumPy reads the header as a Python literal, and a broken one fails in any of the ways that Python's can.
        raise GridError(f"its npy header cannot be read: {' '.join(str(error).split())[:80]}") from error


def _cells(stream: Any, count: int, dtype: np.dtype[Any]) -> Array:
    """The next cells as float32, read a block at a time."""
    cells = np.empty(count, np.float32)
    for start in range(0, count, BLOCK):
        block = cells[start : start + BLOCK]
        data = stream.read(block.size * dtype.itemsize)
        if len(data) < block.size * dtype.itemsize:
            raise GridError("ends in the middle of its numbers")
        with np.errstate(over="ignore"):
            block[:] = np.frombuffer(data, dtype=dtype)
        if not np.isfinite(block).all():
            raise GridError("holds nan, inf, or a number too large; cells are finite")
    return cells


def write_npy(maps: Sequence[Map], stream: BinaryIO) -> None:
    """Write one map as an array of two dimensions, or several of one size as a stack."""
    if len({one.shape for one in maps}) > 1:
        sizes = ", ".join(f"{one.name} {one.shape[0]}x{one.shape[1]}" for one in maps[:4])
        raise GridError(f"npy holds maps of one size, these differ ({sizes}); use npz")
    # A ±1 grid lies in it as int8, all else as float32.
    dtype = np.dtype(np.int8 if all(one.cells == 1 and one.sums.dtype == np.int8 for one in maps) else np.float32)
    shape = (len(maps), *maps[0].shape) if len(maps) > 1 else maps[0].shape
    np.lib.format.write_array_header_1_0(stream, {"descr": dtype.str, "fortran_order": False, "shape": shape})
    step = max(1, (1 << 16) // shape[-1])  # a few rows at a time: what is divided is still in the cache
    for one in maps:
        for top in range(0, one.shape[0], step):
            stream.write(np.ascontiguousarray(divided(one.sums[top : top + step], one.cells), dtype=dtype).data)


def write_npz(maps: Sequence[Map], stream: BinaryIO) -> None:
    """Write each map as an array under its name, the same bytes for the same maps."""
    import zipfile

    names = [utf8(tame(one.name)) or f"arr_{number}" for number, one in enumerate(maps)]
    if twice := repeated(names):
        raise GridError(f"npz holds each name once, but `{twice}` occurs twice; use text or json")
    with zipfile.ZipFile(stream, "w") as archive:
        for name, one in zip(names, maps, strict=True):
            with archive.open(f"{name}.npy", "w", force_zip64=one.sums.size > 1 << 28) as member:
                write_npy([one], cast("BinaryIO", member))
