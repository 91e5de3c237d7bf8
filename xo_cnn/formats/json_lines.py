"""JSON lines: a map on each line, as an object with "name", "shape" and "values", or as a bare list of rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from xo_cnn.errors import GridError
from xo_cnn.formats.text import GridBuilder, lines, written_rows
from xo_cnn.grid import Map
from xo_cnn.limits import MAX_JSON_LINE
from xo_cnn.words import json_text, tame

_ITEM = json.JSONDecoder().raw_decode


def read_json(stream: BinaryIO, max_cells: int, max_line: int = MAX_JSON_LINE) -> Iterator[Map]:
    """Read a map from each line.

    Raises GridError, naming the line, for what is not valid JSON, no grid, or holds anything but numbers.
    """
    for number, line in lines(stream, max_line):
        if line.strip():
            yield _Line(line, GridBuilder(max_cells), number).map()


class _Line:
    """One line, decoded row by row: what is not a row of numbers is found before more of it is in memory."""

    def __init__(self, text: str, rows: GridBuilder, number: int) -> None:
        self.text = text
        self.rows = rows
        self.number = number
        self.at = 0

    def map(self) -> Map:
        entry: dict[str, Any] = {}
        if self._next() == "{":
            for key in self._items("{", "}"):
                self._take(":")
                if not isinstance(key, str):
                    raise self._wrong("not valid JSON: keys must be strings")
                if key in entry:
                    raise self._wrong(f"lists `{tame(key)[:40]}` twice")
                entry[key] = self._read_rows() if key == "values" else self._item()
            if "values" not in entry:
                raise self._wrong('has no "values"; a map is an object with "name", "shape" and "values"')
        else:
            self._read_rows()
        if self._next():
            raise self._wrong("more text after the map; write one map per line")
        name, shape = entry.get("name", ""), [len(self.rows), self.rows.columns]
        if not isinstance(name, str):
            raise self._wrong('"name" must be a string')
        if entry.get("shape", shape) != shape:
            raise self._wrong(f'has {shape[0]}x{shape[1]} values, but "shape" is {str(entry["shape"])[:40]}')
        return self.rows.map(name)

    def _read_rows(self) -> int:
        if self._next() != "[":
            raise self._wrong("values must be a list of rows, such as [[1, -1], [-1, 1]]")
        for number, row in enumerate(self._items("[", "]"), start=1):
            if not isinstance(row, list):
                raise self._wrong("values has one dimension; a grid is a list of rows, such as [[1, -1]]")
            if row and isinstance(row[0], list):
                raise self._wrong("values has more than two dimensions; write one map per line")
            if set(map(type, row)) - {int, float}:
                column, cell = next((c, cell) for c, cell in enumerate(row, 1) if type(cell) not in (int, float))
                what = "a list or an object" if isinstance(cell, list | dict) else json.dumps(cell)[:20]
                raise self._wrong(f"row {number}, column {column} holds {what}, not a number")
            if not row:
                raise self._wrong(f"row {number} is empty")
            self.rows.add(row, self.number)
        if not self.rows:
            raise self._wrong("values is empty; a grid has at least one row")
        return len(self.rows)

    def _items(self, first: str, last: str) -> Iterator[Any]:
        """The items of a list, or the keys of an object, one at a time."""
        self._take(first)
        if self._next() != last:
            yield self._item()
            while self._next() != last:
                self._take(",")
                yield self._item()
        self._take(last)

    def _item(self) -> Any:
        self._next()
        try:
            item, self.at = _ITEM(self.text, self.at)
        except json.JSONDecodeError as error:
            raise self._invalid(error.msg, error.pos) from None
        except RecursionError as error:
            raise self._wrong("not valid JSON: nested too deeply") from error
        except ValueError as error:  # Python's own limit on the digits of a whole number
            raise self._wrong("holds a number with too many digits") from error
        return item

    def _next(self) -> str:
        """Skip blanks and return the next character, without taking it; an empty string at the end of the line."""
        text, at = self.text, self.at
        while text[at : at + 1] in (" ", "\t", "\r", "\n"):
            at += 1
        self.at = at
        return text[at : at + 1]

    def _take(self, character: str) -> None:
        if self._next() != character:
            raise self._invalid(f"Expecting {character!r}", self.at)
        self.at += 1

    def _invalid(self, reason: str, at: int) -> GridError:
        return self._wrong(f"not valid JSON: {reason} at column {at + 1}; write one map per line")

    def _wrong(self, message: str) -> GridError:
        return GridError(f"line {self.number}: {message}")


def write_json(maps: Sequence[Map], stream: BinaryIO) -> None:
    """Write a map on each line; valid UTF-8, whatever the names are."""
    for one in maps:
        rows, columns = one.shape
        stream.write(f'{{"name": {json_text(one.name)}, "shape": [{rows}, {columns}], "values": ['.encode())
        for number, row in enumerate(written_rows(one)):  # json itself writes no float32 in its shortest text
            numbers = ", ".join("-0.0" if text == "-0" else text for text in row)  # JSON's -0 is a whole number, 0
            stream.write((", " if number else "").encode() + b"[" + numbers.encode() + b"]")
        stream.write(b"]}\n")
