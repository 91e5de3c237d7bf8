"""Grids and streams of maps: what one command writes every other can read, bit for bit."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from xo_cnn.errors import GridError
from xo_cnn.formats import FORMATS, Format, read_grid, read_maps, write_maps
from xo_cnn.formats import maps as grids
from xo_cnn.formats.rows import shortest
from xo_cnn.grid import Map

finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
arrays = hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=finite)
names = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


def written(maps: list[Map], form: Format) -> bytes:
    stream = io.BytesIO()
    write_maps(maps, form, stream)
    return stream.getvalue()


def read(data: bytes) -> list[Map]:
    return list(read_maps(io.BytesIO(data), "maps"))


@given(st.dictionaries(names, arrays, min_size=1, max_size=3), st.sampled_from([f for f in FORMATS if f != "npy"]))
def test_every_format_reads_back_what_it_wrote(maps: dict[str, np.ndarray], form: Format) -> None:
    """Names, shapes and every bit of every number survive, the sign of zero included."""
    back = read(written([Map(name, values) for name, values in maps.items()], form))
    assert [one.name for one in back] == list(maps)
    for one, values in zip(back, maps.values(), strict=True):
        assert one.values.dtype == np.float32
        assert one.values.tobytes() == values.tobytes()


@given(arrays, st.integers(1, 3))
def test_npy_reads_back_a_map_or_a_stack_of_one_size(values: np.ndarray, count: int) -> None:
    """npy keeps no names; a single map is two-dimensional, several are a stack."""
    back = read(written([Map("m", values)] * count, "npy"))
    assert [one.values.tobytes() for one in back] == [values.tobytes()] * count


@pytest.mark.parametrize("form", FORMATS)
def test_ninths_read_back_as_the_float32_that_they_are(form: Format) -> None:
    """Sums and their number of cells are written as quotients, correctly rounded."""
    ninths = Map("diag", np.arange(-9, 10, dtype=np.int8).reshape(1, -1), cells=9)
    (back,) = read(written([ninths], form))
    assert back.values.tobytes() == ninths.values.tobytes()


def test_text_is_what_numpy_and_gnuplot_share() -> None:
    """`# name`, the rows, two blank lines, the next map; numpy.loadtxt reads the rows."""
    maps = [Map("diag", np.array([[7, -1]], dtype=np.int8), 9), Map("anti", np.array([[0.5, 1]], dtype=np.float32))]
    text = written(maps, "text").decode()
    assert text == "# diag\n  0.7777778 -0.11111111\n\n\n# anti\n0.5   1\n"
    assert np.loadtxt(io.StringIO(text)).shape == (2, 2)


def test_npz_holds_float32_under_the_names_of_the_maps() -> None:
    """numpy.load opens what is written, without pickles."""
    data = written([Map("diag", np.array([[9]], dtype=np.int8), 9), Map("anti", np.zeros((2, 3), np.float32))], "npz")
    with np.load(io.BytesIO(data)) as archive:
        assert {name: archive[name].shape for name in archive} == {"diag": (1, 1), "anti": (2, 3)}
        assert archive["diag"].dtype == np.float32


def test_the_same_maps_give_the_same_bytes() -> None:
    """No date and no order of a dictionary comes into a file."""
    maps = [Map("b", np.eye(3, dtype=np.float32)), Map("a", np.eye(2, dtype=np.float32))]
    for form in ("text", "json", "csv", "npz"):
        assert written(maps, form) == written(maps, form)


def test_a_json_line_carries_name_shape_and_values() -> None:
    """One object a line, numbers as numbers."""
    line = written([Map("diag", np.array([[9, -3]], dtype=np.int8), 9)], "json")
    assert json.loads(line) == {"name": "diag", "shape": [1, 2], "values": [[1, -0.33333334]]}


def test_savetxt_files_and_byte_order_marks_are_read() -> None:
    """Feature files come from editors and from numpy.savetxt."""
    stream = io.BytesIO()
    np.savetxt(stream, [[1, -1], [-1, 1]], fmt="%g")
    assert read_grid(io.BytesIO(b"\xef\xbb\xbf" + stream.getvalue()), "f").sums.tolist() == [[1, -1], [-1, 1]]


def test_comments_before_among_and_behind_the_rows_are_no_cells() -> None:
    """Lines that begin with # are comments, as numpy.loadtxt has it."""
    data = b"# a stroke\n1 -1 # upper\n\n# middle\n-1 1\n"
    assert read_grid(io.BytesIO(data), "f").sums.tolist() == [[1, -1], [-1, 1]]


def test_whole_cells_come_as_small_integers() -> None:
    """A ±1 grid takes the exact path of integers; any other stays float32."""
    assert read_grid(io.BytesIO(b"1 -1"), "f").sums.dtype == np.int8
    assert read_grid(io.BytesIO(b"1 0.5"), "f").sums.dtype == np.float32


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "neither text"),
        (b"# only a name\n", "its rows are missing"),
        (b"# a\n1 2\n\n\n# b\n", "line 5: the stream ends after '# b'"),
        (b"1 2\n3\n", "line 2: has 1 numbers, but the rows above have 2"),
        (b"1 two\n", "line 1: 'two' is not a number"),
        (b"1 nan\n", "line 1 holds nan, inf"),
        (b"1\ninf\n", "line 2 holds nan, inf"),
        (b"1e39\n", "too large"),
        (b"hello", "neither text, npy, npz nor JSON"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"{", "line 1: is no JSON"),
        (b'{"name": "a"}', 'has no "values"'),
        (b'{"values": [[1], [1, 2]]}', "rows are of one length"),
        (b'{"values": [["1"]]}', "where real numbers belong"),
        (b'{"values": [[1]], "shape": [2, 1]}', "have the shape [1, 1], not [2, 1]"),
        (b'{"values": [[1]], "name": 3}', 'its "name" is no text'),
        (b'{"values": [[1e999]]}', "nan, inf"),
        (b"[" * 100_000, "is no JSON"),
        (b"PK\x03\x04garbage", "broken npz"),
        (b"\x93NUMPY\x01\x00", "npy header cannot be read"),
        (b"\x93NUMPY\x09\x09\xff\xff", "npy header cannot be read"),
    ],
)
def test_what_holds_no_maps_gets_a_line_that_says_where(data: bytes, message: str) -> None:
    """Every complaint names the source, and the line where there are lines."""
    with pytest.raises(GridError, match=r"^maps") as error:
        read(data)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def npy(header: str, body: bytes = b"") -> bytes:
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000)}", "claims 4000000000000 bytes"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}", "holds object"),
        ("{'descr': '<c8', 'fortran_order': False, 'shape': (1, 1)}", "holds complex64"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", "has the shape (4,)"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4)}", "has the shape (0, 4)"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1, -4)}", "has the shape (1, -4)"),
        ("__import__('os')", "npy header cannot be read"),
    ],
)
def test_an_npy_header_is_checked_before_memory_is_asked_for(header: str, message: str) -> None:
    """A few bytes cannot claim terabytes, objects, or a shape that no grid has."""
    with pytest.raises(GridError) as error:
        read(npy(header, b"\0" * 16))
    assert message in str(error.value)


def test_npy_of_other_types_and_orders_is_read() -> None:
    """Booleans, big-endian numbers and Fortran's order are grids too."""
    for array in (np.eye(3, dtype=bool), np.arange(6, dtype=">i2").reshape(2, 3), np.asfortranarray(np.eye(2, 3))):
        stream = io.BytesIO()
        np.save(stream, array)
        (back,) = read(stream.getvalue())
        assert back.values.tolist() == array.astype(float).tolist()


def test_a_zip_bomb_is_refused_by_what_it_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size in the archive's directory is checked before anything is unpacked."""
    monkeypatch.setattr(grids, "MAX_ARRAY", 1000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", b"\0" * 100_000)
    with pytest.raises(GridError, match="claims 100000 bytes"):
        read(stream.getvalue())


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row is one line, and a line has a limit."""
    monkeypatch.setattr(grids, "MAX_LINE", 100)
    with pytest.raises(GridError, match="line 1: is longer"):
        read(b"1 " * 100)


def test_a_stream_of_too_many_maps_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of maps has a limit too."""
    monkeypatch.setattr(grids, "MAX_MAPS", 2)
    with pytest.raises(GridError, match="more than 2 maps"):
        read(b"1\n\n\n1\n\n\n1\n")


def test_a_grid_is_one_map() -> None:
    """Where one grid belongs, several are an error rather than a choice."""
    with pytest.raises(GridError, match="several maps where one grid belongs"):
        read_grid(io.BytesIO(b"1\n\n\n1\n"), "f")


def test_formats_say_what_they_cannot_hold() -> None:
    """npy needs one size, npz one map of a name."""
    two = [Map("a", np.zeros((1, 1), np.float32)), Map("a", np.zeros((1, 2), np.float32))]
    with pytest.raises(GridError, match=r"a 1x1, a 1x2.*use npz"):
        written(two, "npy")
    with pytest.raises(GridError, match="a comes twice"):
        written(two, "npz")


@given(finite)
def test_the_shortest_text_reads_back_to_the_same_float32(value: float) -> None:
    """No digit is lost and none is wasted: one digit less would read back as another number, or as long."""
    text = shortest(np.float32(value))
    assert np.float32(float(text)) == np.float32(value)
    assert len(text) <= len(repr(np.float32(value).item()))
