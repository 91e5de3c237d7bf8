"""Text and csv: rows of numbers, `# name` above the rows of a map, two blank lines between maps."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from xo_cnn.errors import GridError
from xo_cnn.formats.names import tame
from xo_cnn.formats.rows import Rows, lines, written_rows
from xo_cnn.grid import Map
from xo_cnn.limits import MAX_LINE

# Cells of a map whose columns are lined up for the eye; a photograph is for the next program.
LINED_UP = 1 << 14


def read_text(stream: BinaryIO, max_cells: int, max_line: int = MAX_LINE) -> Iterator[Map]:
    """Read maps from text: numbers separated by blanks, commas or semicolons; `#` begins a comment.

    Raises GridError, naming the line and the column, for what is not a number, and for rows of several lengths.
    """
    rows, name, blank, heading = Rows(max_cells), "", 0, 0
    for number, line in lines(stream, max_line):
        numbers, mark, comment = line.partition("#")
        numbers = numbers.strip()
        if not numbers and not mark:
            blank += 1
            continue
        if blank >= 2 and rows:
            yield rows.map(name)
            rows, name = Rows(max_cells), ""
        blank = 0
        if numbers:
            rows.add(_numbers(numbers, number), number)
            heading = 0
        elif not rows:
            name, heading = comment.strip(), number
    if rows:
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
    column, word = next((column, word) for column, word in enumerate(words, start=1) if not _is_number(word))
    hint = "; write decimals with a point" if "," in word else ""
    problem = f"{word[:20]!r} is not a number{hint}" if word.strip() else "is empty; every cell needs a number"
    raise GridError(f"line {line}, column {column}: {problem}")


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return "_" not in word and word.isascii()


def _fields(text: str, line: int) -> list[str]:
    separator = ";" if ";" in text else "," if "," in text else ""
    if separator:
        try:
            return next(csv.reader([text], delimiter=separator, skipinitialspace=True))
        except csv.Error as error:
            raise GridError(f"line {line}: not valid csv: {error}") from error
    words = text.split() if text.isascii() else re.split(r"\s+", text, flags=re.ASCII)
    if "\t" in text and (empty := re.search(r"\t *\t", text)):
        words.insert(len(text[: empty.start()].split()), "")
    return words


def write_text(maps: Sequence[Map], stream: BinaryIO) -> None:
    """Write maps as text: numbers separated by blanks, lined up in small maps."""
    for number, one in enumerate(maps):
        stream.write(_heading(one, number))
        lined_up = one.sums.size <= LINED_UP
        width = max((len(text) for row in written_rows(one) for text in row), default=0) if lined_up else 0
        for row in written_rows(one):
            stream.write((" ".join(text.rjust(width) for text in row) if width else " ".join(row)).encode() + b"\n")


def write_csv(maps: Sequence[Map], stream: BinaryIO) -> None:
    """Write maps as csv: numbers separated by commas, `# name` above each map."""
    for number, one in enumerate(maps):
        stream.write(_heading(one, number))
        for row in written_rows(one):  # numbers alone need none of the quotes that the csv module is for
            stream.write(",".join(row).encode() + b"\n")


def _heading(one: Map, number: int) -> bytes:
    name = tame(" ".join(one.name.split()))  # a name is one line of the stream, whatever the file was called
    gap = b"\n\n" if number else b""
    return gap + (f"# {name}\n".encode("utf-8", "surrogateescape") if name else b"")
