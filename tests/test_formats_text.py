"""Text and csv: what NumPy, gnuplot and spreadsheets write is read, and what is no number is named."""

from __future__ import annotations

import io

import numpy as np
import pytest

from xo_cnn.errors import GridError
from xo_cnn.formats.maps import read_grid, read_maps, write_maps
from xo_cnn.formats.text import read_text
from xo_cnn.grid import Map


def read(data: bytes) -> list[Map]:
    return list(read_maps(io.BytesIO(data), "maps"))


def test_text_is_what_numpy_and_gnuplot_share() -> None:
    """`# name`, the rows, two blank lines, the next map; numpy.loadtxt reads the rows."""
    maps = [Map("diag", np.array([[7, -1]], dtype=np.int8), 9), Map("anti", np.array([[0.5, 1]], dtype=np.float32))]
    stream = io.BytesIO()
    write_maps(maps, "text", stream)
    text = stream.getvalue().decode()
    assert text == "# diag\n  0.7777778 -0.11111111\n\n\n# anti\n0.5   1\n"
    assert np.loadtxt(io.StringIO(text)).shape == (2, 2)


def test_savetxt_files_and_byte_order_marks_are_read() -> None:
    """Feature files come from editors and from numpy.savetxt."""
    stream = io.BytesIO()
    np.savetxt(stream, [[1, -1], [-1, 1]], fmt="%g")
    assert read_grid(io.BytesIO(b"\xef\xbb\xbf" + stream.getvalue()), "f").sums.tolist() == [[1, -1], [-1, 1]]


def test_comments_before_among_and_behind_the_rows_are_no_cells() -> None:
    """Lines that begin with # are comments, as numpy.loadtxt has it."""
    data = b"# a stroke\n1 -1 # upper\n\n# middle\n-1 1\n"
    assert read_grid(io.BytesIO(data), "f").sums.tolist() == [[1, -1], [-1, 1]]


@pytest.mark.parametrize(
    "data",
    [
        b"1,-1\r-1,1\r",
        b"1,-1\r\n-1,1\r\n",
        b"1 -1\r-1 1",
        b"\xef\xbb\xbf1;-1\n-1;1\n",
        b'"1", "-1"\n"-1", "1"\n',
        b"1\t-1\t\n-1\t1\n",
        b"1 \t-1\n -1\t 1\n",
        b"+1e0, -.1e1 # so\n-1.0, 1.\n",
    ],
)
def test_line_ends_and_separators_of_other_programs_are_read(data: bytes) -> None:
    """CR, LF or both; commas, semicolons, tabs or blanks; quotes, comments and a byte order mark."""
    assert read_grid(io.BytesIO(data), "f").sums.tolist() == [[1, -1], [-1, 1]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"# only a name\n", "line 1: the stream ends after '# only a name'; its rows are missing"),
        (b"# a\n1 2\n\n\n# b\n", "line 5: the stream ends after '# b'"),
        (b"1 2\n3\n", "line 2: has 1 numbers, but the rows above have 2"),
        (b"1 two\n", "line 1, column 2: 'two' is not a number"),
        (b"1 -1\r-1 two\r", "line 2, column 2: 'two' is not a number"),
        (b"1 -1\n-1 1_0\n", "line 2, column 2: '1_0' is not a number"),
        ("1 \u0661\n".encode(), "line 1, column 2: '\u0661' is not a number"),
        ("1 -1\n-1\u00a01\n".encode(), "line 2, column 1: '-1\\xa01' is not a number"),
        (b"1 nan\n", "line 1 holds nan, inf"),
        (b"# a\n1\n#\ninf\n", "line 4 holds nan, inf"),
        (b"1\n1e39\n", "line 2 holds nan, inf, or a number too large"),
        (b"1,,-1\n1,,1\n", "line 1, column 2: is empty"),
        (b"1,-1\n1,\n", "line 2, column 2: is empty"),
        (b",1\n", "line 1, column 1: is empty"),
        (b"1; ;-1\n", "line 1, column 2: is empty"),
        (b"1\t\t-1\n", "line 1, column 2: is empty"),
        (b"0,5;-1\n", "line 1, column 1: '0,5' is not a number; write decimals with a point"),
        (b"1,-1 1\n", "line 1, column 2: '-1 1' is not a number"),
        (b"1," + b"1" * 200_000, "line 1: not valid csv: field larger than field limit"),
    ],
)
def test_what_is_no_row_of_numbers_is_named_by_line_and_column(data: bytes, message: str) -> None:
    """An empty field, a word, a digit that other programs do not know: nothing is dropped in silence."""
    with pytest.raises(GridError, match=r"^maps") as error:
        read(data)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_line_without_end_is_refused() -> None:
    """A row is one line, and a line has a limit."""
    with pytest.raises(GridError, match="line 1: is longer"):
        list(read_text(io.BytesIO(b"1 " * 100), 1000, max_line=100))
