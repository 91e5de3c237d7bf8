"""JSON lines: a map on each line, as an object with "name", "shape" and "values", or as a bare list of rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from xo_cnn.errors import GridError
from xo_cnn.formats.text import GridBuilder, lines, written_rows
from xo_cnn.grid import Map
from xo_cnn.limits import MAX_BESIDE, MAX_JSON_LINE
from xo_cnn.words import json_text

# In a string the quotes would be escaped: this is a key, and what follows are its rows.
_VALUES = re.compile(r'"values"\s*:')
_MARK = re.compile(r"[ \t\r\n]*(.?)", re.DOTALL)
_ITEM = json.JSONDecoder().raw_decode


def read_json(stream: BinaryIO, max_cells: int, max_line: int = MAX_JSON_LINE) -> Iterator[Map]:
    """Read a map from each line.

    Raises GridError, naming the line, for what is not valid JSON, no grid, or holds anything but numbers.
    """
    for number, line in lines(stream, max_line):
        if line.strip():
            try:
                yield _map(line, GridBuilder(max_cells), number)
            except json.JSONDecodeError as error:
                where = f"{error.msg} at column {error.pos + 1}; write one map per line"
                raise GridError(f"line {number}: not valid JSON: {where}") from None
            except RecursionError as error:
                raise GridError(f"line {number}: not valid JSON: nested too deeply") from error
            except GridError as error:
                raise error if error.message.startswith("line ") else GridError(f"line {number}: {error}") from error
            except ValueError as error:  # Python's own limit on the digits of a whole number
                raise GridError(f"line {number}: holds a number with too many digits") from error


def _map(line: str, rows: GridBuilder, number: int) -> Map:
    """The map of a line: its rows are decoded one by one, and what stands beside them as a whole."""
    found = _VALUES.search(line)
    bare = not found and not line.lstrip().startswith("{")
    start = found.end() if found else 0
    end = _read_rows(line, start, rows, number) if found or bare else 0
    if len(line) - (end - start) > MAX_BESIDE:
        raise GridError(f"has more than {MAX_BESIDE >> 20} MiB beside its values")
    if found and _VALUES.search(line, end):
        raise GridError('lists "values" twice')
    try:
        beside = json.loads(line[:start] + "0" * bool(end) + line[end:])  # a number stands for the rows
    except json.JSONDecodeError as error:
        at = error.pos if error.pos <= start else error.pos - start - bool(end) + end
        raise json.JSONDecodeError(error.msg, line, at) from None
    entry = {"values": beside} if bare else beside
    if "values" not in entry:
        raise GridError('has no "values"; a map is an object with "name", "shape" and "values"')
    name, shape = entry.get("name", ""), [len(rows.lines), rows.columns]
    if not isinstance(name, str):
        raise GridError('"name" must be a string')
    if entry.get("shape", shape) != shape:
        raise GridError(f'has {shape[0]}x{shape[1]} values, but "shape" is {str(entry["shape"])[:40]}')
    return rows.map(name)


def _read_rows(line: str, start: int, rows: GridBuilder, number: int) -> int:
    """Add the rows of a list of rows, of which only one is in memory, and return where the list ends."""
    mark, at = _mark(line, start)
    if mark != "[":
        raise GridError("values must be a list of rows, such as [[1, -1], [-1, 1]]")
    if _mark(line, at + 1)[0] == "]":
        raise GridError("values is empty; a grid has at least one row")
    while mark in ("[", ","):
        row, at = _ITEM(line, _mark(line, at + 1)[1])
        _check(row, len(rows.lines) + 1)
        rows.add(row, number)
        mark, at = _mark(line, at)
    if mark != "]":
        raise json.JSONDecodeError("Expecting ',' delimiter", line, at)
    return at + 1


def _mark(line: str, at: int) -> tuple[str, int]:
    """The next character that is not blank, if there is one, and where it is."""
    found = _MARK.match(line, at)
    assert found is not None
    return found[1], found.start(1)


def _check(row: Any, number: int) -> None:
    if not isinstance(row, list):
        raise GridError("values has one dimension; a grid is a list of rows, such as [[1, -1]]")
    if row and isinstance(row[0], list):
        raise GridError("values has more than two dimensions; write one map per line")
    if not row:
        raise GridError(f"row {number} is empty")
    for column, cell in enumerate(row, start=1) if set(map(type, row)) - {int, float} else ():
        if type(cell) not in (int, float):
            raise GridError(f"row {number}, column {column} holds {json.dumps(cell)[:20]}, not a number")


def write_json(maps: Sequence[Map], stream: BinaryIO) -> None:
    """Write a map on each line; valid UTF-8, whatever the names are."""
    for one in maps:
        rows, columns = one.shape
        stream.write(f'{{"name": {json_text(one.name)}, "shape": [{rows}, {columns}], "values": ['.encode())
        for number, row in enumerate(written_rows(one)):  # json itself writes no float32 in its shortest text
            numbers = ", ".join("-0.0" if text == "-0" else text for text in row)  # JSON's -0 is a whole number, 0
            stream.write((", " if number else "").encode() + b"[" + numbers.encode() + b"]")
        stream.write(b"]}\n")
