"""Text and csv: rows of numbers, `# name` above the rows of a map, two blank lines between maps.

The rows themselves, with their numbers in the shortest text, JSON lines have too.
"""

from __future__ import annotations

import contextlib
import csv
import io
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from xo_cnn.errors import GridError
from xo_cnn.grid import Array, Map
from xo_cnn.limits import MAX_LINE
from xo_cnn.words import is_number, tame

# Cells of a map whose columns are lined up for the eye; a photograph is for the next program.
LINED_UP = 1 << 14


def read_text(stream: BinaryIO, max_cells: int, max_line: int = MAX_LINE) -> Iterator[Map]:
    """Read maps from text: numbers separated by blanks, commas or semicolons; `#` begins a comment.

    Raises GridError, naming the line and the column, for what is not a number, and for rows of several lengths.
    """
    rows, name, blank, heading = GridBuilder(max_cells), "", 0, 0
    for number, line in lines(stream, max_line):
        numbers, mark, comment = line.partition("#")
        numbers = numbers.strip()
        if not numbers and not mark:
            blank += 1
            continue
        if blank >= 2 and rows.lines:
            yield rows.map(name)
            rows, name = GridBuilder(max_cells), ""
        blank = 0
        if numbers:
            rows.add(_numbers(numbers, number), number)
            heading = 0
        elif not rows.lines:
            name, heading = comment.strip(), number
    if rows.lines:
        yield rows.map(name)
    elif heading and name:
        raise GridError(f"line {heading}: the stream ends after '# {tame(name)}'; its rows are missing")


def _numbers(text: str, line: int) -> list[float]:
    words = _fields(text, line)
    try:
        # Python reads 1_0 as 10 and knows the digits of many scripts; other programs do not.
        if "_" not in text and text.isascii():
            return list(map(float, words))
    except ValueError:
        pass
    column, word = next(((at, word) for at, word in enumerate(words, start=1) if not is_number(word)), (1, text))
    hint = "; write decimals with a point" if "," in word else "; remove a heading line" if line == 1 else ""
    problem = f"{word[:20]!r} is not a number{hint}" if word.strip() else "is empty; every cell needs a number"
    raise GridError(f"line {line}, column {column}: {problem}")


def _fields(text: str, line: int) -> list[str]:
    separator = ";" if ";" in text else "," if "," in text else ""
    if separator:
        try:
            return next(csv.reader([text], delimiter=separator, skipinitialspace=True))
        except csv.Error as error:
            raise GridError(f"line {line}: not valid csv: {error}") from error
    if "\t" not in text:
        return text.split()
    return [word for cell in text.split("\t") for word in cell.split() or [""]]


def write_text(maps: Sequence[Map], stream: BinaryIO, separator: str = " ") -> None:
    """Write maps as text: numbers separated by blanks, lined up in small maps, and `# name` above each map."""
    for number, one in enumerate(maps):
        lined_up = separator == " " and one.sums.size <= LINED_UP
        width = max(len(text) for row in written_rows(one) for text in row) if lined_up else 0
        name = tame(" ".join(one.name.split()))  # a name is one line of the stream, whatever the file was called
        heading = "\n\n" * bool(number) + f"# {name}\n" * bool(name)
        stream.write(heading.encode("utf-8", "surrogateescape"))
        for row in written_rows(one):
            stream.write(separator.join([text.rjust(width) for text in row] if width else row).encode() + b"\n")


def write_csv(maps: Sequence[Map], stream: BinaryIO) -> None:
    """Write maps as csv: numbers separated by commas, `# name` above each map."""
    write_text(maps, stream, ",")


def lines(stream: BinaryIO, most: int) -> Iterator[tuple[int, str]]:
    """The lines of a text with their numbers, whether they end in LF, CR or both; bytes that are not UTF-8 stay.

    Raises GridError for a line of more than `most` characters.
    """
    text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape")
    try:
        number = 0
        while line := text.readline(most + 1):
            number += 1
            if len(line) > most:
                raise GridError(f"line {number}: is longer than {most >> 20} MiB; save large maps as npz")
            yield number, line
    finally:
        with contextlib.suppress(ValueError):  # its owner has closed the stream already
            text.detach()


class GridBuilder:
    """The rows of one map as they are read, four bytes a cell; every error names the line."""

    def __init__(self, max_cells: int) -> None:
        self.max_cells = max_cells
        self.cells = array("f")
        self.lines = array("L")
        self.columns = 0

    def add(self, row: Sequence[float], line: int) -> None:
        """Add a row; raises GridError where it has another length than the first, or makes the map too large."""
        self.columns = self.columns or len(row)
        if len(row) != self.columns:
            raise GridError(
                f"line {line}: has {len(row)} numbers, but the rows above have {self.columns}; "
                "all rows of a grid need the same length"
            )
        if len(self.cells) + len(row) > self.max_cells:
            raise GridError(f"line {line}: more than the limit of {self.max_cells} cells")
        try:
            self.cells.extend(row)
        except OverflowError as error:
            raise GridError(f"line {line}: holds a number too large for a cell") from error
        self.lines.append(line)

    def map(self, name: str) -> Map:
        """The map of the rows; raises GridError for a cell that is not finite as float32."""
        values: Array = np.frombuffer(self.cells, dtype=np.float32).reshape(-1, self.columns)
        finite = np.isfinite(values).all(axis=1)
        if not finite.all():
            line = self.lines[int(finite.argmin())]
            raise GridError(f"line {line} holds nan, inf, or a number too large; cells are finite")
        return Map(name, values)


class _Texts(dict[Any, str]):
    """The shortest text for each number of a map, found once: a map of ninths has only ten of them."""

    def __init__(self, cells: int) -> None:
        self.cells = cells

    def __missing__(self, number: float) -> str:
        text = shortest(np.float32(number) / np.float32(self.cells))
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


def written_rows(one: Map) -> Iterator[list[str]]:
    """The rows of a map, each number as its shortest text."""
    if one.sums.dtype.kind in "iu" and one.cells < 1 << 24:
        numbers, texts = one.sums, _Texts(one.cells)
    else:
        numbers, texts = one.values.astype(np.float32, copy=False), _Texts(1)
    look_up = texts.__getitem__
    for row in numbers:
        yield list(map(look_up, row.tolist()))
