"""Grids and streams of maps as text, csv, JSON lines, npy and npz: what one command writes every other reads."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Literal, get_args

import numpy as np

from xo_cnn.errors import GridError
from xo_cnn.grid import Array, Map
from xo_cnn.limits import MAX_ARRAY, MAX_JSON_LINE, MAX_LINE, MAX_MAPS, MAX_NAME

Format = Literal["text", "json", "npy", "npz", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

# How the usual pictures begin: to say so where numbers belong, never to read them.
PICTURES = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*", b"MM\0*", b"RIFF", b"P4", b"P5", b"P6")
_NPY = b"\x93NUMPY"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


# Reading


def sniff(head: bytes) -> Format | None:
    """Recognise a format by the first bytes of a file; None for a picture, or for anything else.

    >>> sniff(b"# diag"), sniff(b'{"name": '), sniff(b"GIF89a")
    ('text', 'json', None)
    """
    if head.startswith(_NPY):
        return "npy"
    if head.startswith(_ZIP):
        return "npz"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        return "json"
    first_word = text.replace(b",", b" ").split(maxsplit=1)[:1]
    if text.startswith(b"#") or (first_word and _is_number(first_word[0])):
        return "text"
    return None


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def read_maps(stream: BinaryIO, source: str) -> Iterator[Map]:
    """Read the maps of a stream one after the other, whatever their format; `source` is its name in errors.

    Raises GridError, naming the line or the entry, where there are none, or one is ragged, cut off, or not finite.
    """
    stream = in_reach(stream)
    head = stream.read(256)
    stream.seek(-len(head), 1)
    if not head:
        raise GridError(f"{source}: is empty; a grid has at least one row of numbers")
    kind = sniff(head)
    if kind is None and head.startswith(PICTURES):
        raise GridError(f"{source}: is a picture, not numbers; xo-cnn grid makes a grid of it")
    if kind is None:
        raise GridError(f"{source}: is neither text, npy, npz nor JSON with a grid; it begins with {head[:12]!r}")
    readers: dict[str, Callable[[BinaryIO, str], Iterator[Map]]] = {
        "text": _read_text,
        "json": _read_json,
        "npy": _read_npy,
        "npz": _read_npz,
    }
    count = 0
    for one in readers[kind](stream, source):
        count += 1
        if count > MAX_MAPS:
            raise GridError(f"{source}: holds more than {MAX_MAPS} maps; split it")
        yield Map(_tame(one.name), one.sums)
    if count == 0:
        raise GridError(f"{source}: holds no rows of numbers")


def in_reach(stream: BinaryIO) -> BinaryIO:
    """The stream itself where it can go back, and else what it holds: a pipe in the place of a file."""
    return stream if stream.seekable() else io.BytesIO(stream.read())


def _tame(name: str) -> str:
    """A name from elsewhere, fit for every format: of bounded length, and without what no text can hold."""
    return "".join(c for c in name[:MAX_NAME] if c.isprintable() or "\udc80" <= c <= "\udcff")


def read_grid(stream: BinaryIO, source: str) -> Map:
    """Read the one grid of a stream; cells that are whole numbers come as int8.

    Raises GridError for several maps, and for whatever `read_maps` refuses.
    """
    maps = read_maps(stream, source)
    grid = next(maps)
    if next(maps, None) is not None:
        raise GridError(f"{source}: holds several maps where one grid belongs")
    values = grid.values
    small = values.astype(np.int8) if np.abs(values).max() <= 1 else values
    return Map(grid.name, small if (small == values).all() else values)


def _finite(values: Array, source: str, where: str) -> Array:
    """float32 from anything numeric; a number that is none, or too large to be one, is an error."""
    if values.dtype.kind not in "biuf":
        raise GridError(f"{source}: {where} holds {values.dtype} where real numbers belong")
    with np.errstate(over="ignore"):
        numbers = values.astype(np.float32, copy=False)
    if not np.isfinite(numbers).all():
        raise GridError(f"{source}: {where} holds nan, inf, or a number too large; cells are finite")
    return numbers


def _lines(stream: BinaryIO, source: str, most: int) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(most + 1):
        number += 1
        if len(line) > most:
            raise GridError(f"{source}, line {number}: is longer than {most >> 20} MiB; large maps travel as npz")
        yield number, line


def _read_text(stream: BinaryIO, source: str) -> Iterator[Map]:
    rows: list[Array] = []
    name = ""
    named = False  # a name has been read whose rows are still to come
    blank = 0
    start = 0
    for number, line in _lines(stream, source, MAX_LINE):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        cells, _, comment = line.partition(b"#")
        cells = cells.strip()
        if not cells:
            if b"#" in line:
                if blank >= 2 and rows:
                    yield _stacked(name, rows)
                    rows, name = [], ""
                if not rows:
                    name = comment.strip().decode("utf-8", "surrogateescape")
                    named, start = True, number
                blank = 0
            else:
                blank += 1
            continue
        if blank >= 2 and rows:
            yield _stacked(name, rows)
            rows, name = [], ""
        blank, named = 0, False
        row = _row(cells, source, number)
        if rows and row.size != rows[0].size:
            raise GridError(
                f"{source}, line {number}: has {row.size} numbers, but the rows above have {rows[0].size}; "
                "the rows of a grid are of one length"
            )
        rows.append(row)
    if rows:
        yield _stacked(name, rows)
    elif named and name:
        raise GridError(f"{source}, line {start}: the stream ends after '# {name}'; its rows are missing")


def _stacked(name: str, rows: list[Array]) -> Map:
    return Map(name, np.stack(rows))


def _row(cells: bytes, source: str, number: int) -> Array:
    words = cells.replace(b",", b" ").split()
    try:
        if b"_" in cells:
            raise ValueError("Python takes 1_0 for 10, other programs do not")
        row = np.array(list(map(float, words)), dtype=np.float64)
    except ValueError:
        word = next(word for word in words if b"_" in word or not _is_number(word))
        text = word[:20].decode("utf-8", "replace")
        raise GridError(f"{source}, line {number}: {text!r} is not a number") from None
    return _finite(row, source, f"line {number}")


def _read_json(stream: BinaryIO, source: str) -> Iterator[Map]:
    import json  # here and below: a verdict on a picture waits for no format that it does not read

    for number, line in _lines(stream, source, MAX_JSON_LINE):
        if not line.strip():
            continue
        where = f"{source}, line {number}"
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise GridError(f"{where}: is no JSON: {error}; one object a line") from error
        if isinstance(entry, list):
            entry = {"values": entry}
        if not isinstance(entry, dict) or "values" not in entry:
            raise GridError(f'{where}: has no "values"; a map is an object with "name", "shape" and "values"')
        name = entry.get("name", "")
        if not isinstance(name, str):
            raise GridError(f'{where}: its "name" is no text')
        try:
            values = np.array(entry["values"])
        except (ValueError, TypeError, OverflowError) as error:
            raise GridError(f"{where}: its values are no grid of numbers; rows are of one length") from error
        shape = entry.get("shape", list(values.shape))
        if values.ndim != 2 or values.size == 0 or list(values.shape) != shape:
            raise GridError(f"{where}: its values have the shape {list(values.shape)}, not {shape}")
        yield Map(name, _finite(values, source, f"line {number}"))


def _read_npy(stream: BinaryIO, source: str) -> Iterator[Map]:
    start = stream.tell()
    stream.seek(0, 2)
    size = stream.tell() - start
    stream.seek(start)
    return _arrays("", stream, size, source)


def _read_npz(stream: BinaryIO, source: str) -> Iterator[Map]:
    import zipfile

    try:
        with zipfile.ZipFile(stream) as archive:
            for entry in archive.infolist():
                # Refused by what the archive claims; reading stops at the claimed size whatever follows.
                if entry.file_size > MAX_ARRAY:
                    raise GridError(f"{source}: {entry.filename} claims {entry.file_size} bytes; at most {MAX_ARRAY}")
                if entry.flag_bits & 1:
                    raise GridError(f"{source}: {entry.filename} is encrypted")
                name = entry.filename.removesuffix(".npy")
                with archive.open(entry) as member:
                    yield from _arrays(_unnumbered(name), member, entry.file_size, f"{source}: {entry.filename}")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, GridError):
            raise
        raise GridError(f"{source}: is a broken npz: {error}") from error
    except Exception as error:
        # Each decompressor has its own kind of error (zlib.error, LZMAError, ...), with no common root.
        raise GridError(f"{source}: is a broken npz: {error}") from error


def _arrays(name: str, stream: Any, size: int, source: str) -> Iterator[Map]:
    """One npy array of two dimensions, or of three for a stack of maps, read map by map."""
    try:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read_header(stream)
    except Exception as error:
        # NumPy reads the header as a Python literal, and a broken one fails in any of the ways that Python's can.
        raise GridError(f"{source}: its npy header cannot be read: {' '.join(str(error).split())[:80]}") from error
    if dtype.kind not in "biuf" or dtype.hasobject:
        raise GridError(f"{source}: holds {dtype} where real numbers belong")
    if len(shape) not in (2, 3) or min(shape) < 1 or (fortran and len(shape) == 3):
        raise GridError(f"{source}: has the shape {shape}; a grid has rows and columns, a stack of maps comes first")
    claimed = math.prod(shape) * dtype.itemsize
    if claimed > min(size, MAX_ARRAY):
        raise GridError(f"{source}: claims {claimed} bytes of numbers, more than the {size} that are there")
    count, (rows, columns) = (shape[0] if len(shape) == 3 else 1), shape[-2:]
    for _ in range(count):
        data = stream.read(rows * columns * dtype.itemsize)
        if len(data) < rows * columns * dtype.itemsize:
            raise GridError(f"{source}: ends in the middle of its numbers")
        values: Array = np.frombuffer(data, dtype=dtype)
        values = values.reshape(columns, rows).T if fortran else values.reshape(rows, columns)
        yield Map(name, _finite(values, source, "the array"))


# Writing


def write_maps(maps: Sequence[Map], form: Format, stream: BinaryIO) -> None:
    """Write maps in a format that `read_maps` takes back bit for bit (npy keeps no names).

    Raises GridError for maps that the format cannot hold: of several sizes in npy, of one name in npz.
    """
    writers: dict[Format, Callable[[Sequence[Map], BinaryIO], None]] = {
        "text": _write_text,
        "csv": _write_csv,
        "json": _write_json,
        "npy": _write_npy,
        "npz": _write_npz,
    }
    writers[form](maps, stream)


class _Texts(dict[Any, str]):
    """The shortest text for each number of a map, found once: a map of ninths has only ten of them."""

    def __init__(self, one: Map) -> None:
        self.divisor = one.divisor

    def __missing__(self, number: float) -> str:
        text = shortest(np.float32(number) / np.float32(self.divisor))
        if number != 0 and len(self) < 65536:  # -0.0 would find the text of 0.0; and random numbers never come again
            self[number] = text
        return text


def shortest(value: np.float32) -> str:
    """The shortest text that reads back to the same float32.

    >>> shortest(np.float32(7) / np.float32(9)), shortest(np.float32(-1))
    ('0.7777778', '-1')
    """
    plain = np.format_float_positional(value, trim="-")
    if 1e-3 <= abs(value) < 1e4 or value == 0:
        return plain
    return min(plain, np.format_float_scientific(value, trim="-", exp_digits=1), key=len)


def _numbers(one: Map) -> tuple[Array, _Texts]:
    """The cells to look up and their texts: sums where they are whole numbers, float32 values otherwise."""
    if one.sums.dtype.kind in "iu" and one.divisor < 1 << 24:
        return one.sums, _Texts(one)
    values = Map(one.name, one.values.astype(np.float32, copy=False))
    return values.sums, _Texts(values)


def _rows(one: Map) -> Iterator[list[str]]:
    sums, texts = _numbers(one)
    look_up = texts.__getitem__
    for row in sums:
        yield list(map(look_up, row.tolist()))


def _write_text(maps: Iterable[Map], stream: BinaryIO) -> None:
    for number, one in enumerate(maps):
        stream.write(_heading(one, number))
        # Small grids are for the eye, so their columns stand straight; a photograph is for the next program.
        width = max((len(text) for row in _rows(one) for text in row), default=0) if one.sums.size <= 1 << 14 else 0
        for row in _rows(one):
            stream.write((" ".join(text.rjust(width) for text in row) if width else " ".join(row)).encode() + b"\n")


def _write_csv(maps: Iterable[Map], stream: BinaryIO) -> None:
    for number, one in enumerate(maps):
        stream.write(_heading(one, number))
        for row in _rows(one):
            stream.write(",".join(row).encode() + b"\n")


def _heading(one: Map, number: int) -> bytes:
    name = " ".join(one.name.split())  # a name is one line of the stream, whatever the file was called
    gap = b"\n\n" if number else b""
    return gap + (f"# {name}\n".encode("utf-8", "surrogateescape") if name else b"")


def _write_json(maps: Iterable[Map], stream: BinaryIO) -> None:
    import json

    for one in maps:
        name = json.dumps(_readable(one.name))
        rows, columns = one.shape
        stream.write(f'{{"name": {name}, "shape": [{rows}, {columns}], "values": ['.encode())
        for number, row in enumerate(_rows(one)):
            numbers = ", ".join("-0.0" if text == "-0" else text for text in row)  # JSON's -0 is a whole number, 0
            stream.write((", " if number else "").encode() + b"[" + numbers.encode() + b"]")
        stream.write(b"]}\n")


def _stored_type(one: Map) -> np.dtype[Any]:
    """How a map lies in npy and npz: a ±1 grid as int8, all else as float32."""
    return np.dtype(np.int8 if one.divisor == 1 and one.sums.dtype == np.int8 else np.float32)


def _write_header(stream: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    header = {"descr": dtype.str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)


def _write_cells(one: Map, dtype: np.dtype[Any], stream: Any) -> None:
    """A few rows at a time: what is divided is still in the cache when it is written."""
    rows = max(1, (1 << 16) // one.shape[1])
    for top in range(0, one.shape[0], rows):
        values = one.rows(top, top + rows)
        stream.write(np.ascontiguousarray(values, dtype=dtype).data)


def _readable(name: str) -> str:
    """A name whose bytes were no UTF-8, made fit for JSON and zip."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _write_npy(maps: Sequence[Map], stream: BinaryIO) -> None:
    shapes = {one.shape for one in maps}
    if len(shapes) > 1:
        sizes = ", ".join(f"{one.name} {one.shape[0]}x{one.shape[1]}" for one in maps[:4])
        raise GridError(f"npy holds maps of one size, these differ ({sizes}); use npz")
    same = len({_stored_type(one) for one in maps}) == 1
    dtype = _stored_type(maps[0]) if same else np.dtype(np.float32)
    _write_header(stream, (len(maps), *maps[0].shape) if len(maps) > 1 else maps[0].shape, dtype)
    for one in maps:
        _write_cells(one, dtype, stream)


def _write_npz(maps: Sequence[Map], stream: BinaryIO) -> None:
    import zipfile

    names = [_readable(one.name) or f"arr_{number}" for number, one in enumerate(maps)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise GridError(f"npz holds each name once, {twice} comes twice; use text or json")
    with zipfile.ZipFile(stream, "w") as archive:
        for name, one in zip(names, maps, strict=True):
            # A fixed date makes the same maps the same bytes.
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            with archive.open(entry, "w", force_zip64=one.sums.size > 1 << 28) as member:
                _write_header(member, one.shape, _stored_type(one))
                _write_cells(one, _stored_type(one), member)


def _unnumbered(name: str) -> str:
    """NumPy's names for arrays without one are no names."""
    return "" if name.removeprefix("arr_").isdigit() and name.startswith("arr_") else name
