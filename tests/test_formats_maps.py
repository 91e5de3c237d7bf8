"""Grids and streams of maps: what one command writes every other can read, bit for bit."""

from __future__ import annotations

import codecs
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from xo_cnn.errors import GridError
from xo_cnn.formats import EXTENSIONS, Format
from xo_cnn.formats.maps import read_grid, read_maps, recognise, write_maps
from xo_cnn.formats.text import shortest
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


@given(st.dictionaries(names, arrays, min_size=1, max_size=3), st.sampled_from([f for f in EXTENSIONS if f != "npy"]))
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


@pytest.mark.parametrize("form", EXTENSIONS)
def test_ninths_read_back_as_the_float32_that_they_are(form: Format) -> None:
    """Sums and their number of cells are written as quotients, correctly rounded."""
    ninths = Map("diag", np.arange(-9, 10, dtype=np.int8).reshape(1, -1), cells=9)
    (back,) = read(written([ninths], form))
    assert back.values.tobytes() == ninths.values.tobytes()


def test_the_same_maps_give_the_same_bytes() -> None:
    """No date and no order of a dictionary comes into a file."""
    maps = [Map("b", np.eye(3, dtype=np.float32)), Map("a", np.eye(2, dtype=np.float32))]
    for form in ("text", "json", "csv", "npz"):
        assert written(maps, form) == written(maps, form)


def test_whole_cells_come_as_small_integers() -> None:
    """A ±1 grid takes the exact path of integers; any other stays float32."""
    assert read_grid(io.BytesIO(b"1 -1"), "f").sums.dtype == np.int8
    assert read_grid(io.BytesIO(b"1 0.5"), "f").sums.dtype == np.float32


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "holds no rows of numbers"),
        (b"\n" * 100_000, "holds no rows of numbers"),
        (b"hello", "neither text, npy, npz nor JSON"),
        (b"\0\1\2\3", "neither text, npy, npz nor JSON"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"#define x_width 1\n#define x_height 1\nstatic char x_bits[] = {0x00};", "is a picture"),
        (b"8BPS\0\1", "neither text"),
        (codecs.BOM_UTF16_LE + "1 -1\r\n".encode("utf-16-le"), "is text in UTF-16; save it as UTF-8"),
        (codecs.BOM_UTF16_BE + "1 -1\n".encode("utf-16-be"), "is text in UTF-16"),
        ("1 -1\n".encode("utf-16-le"), "is text in UTF-16"),
        ("[[1, -1]]\n".encode("utf-16-be"), "is text in UTF-16"),
        (codecs.BOM_UTF32_LE + "1 -1\n".encode("utf-32-le"), "is text in UTF-32"),
    ],
)
def test_what_holds_no_maps_is_said_to_be_what_it_is(data: bytes, message: str) -> None:
    """Empty, blank, words, a picture, text of wide characters: one line that names the source."""
    with pytest.raises(GridError, match=r"^maps: ") as error:
        list(read_maps(io.BytesIO(data), "maps"))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("blanks", [b"\n" * 254, b"\n" * 300, b" \r\n" * 70_000, codecs.BOM_UTF8 + b"\n" * 300])
@pytest.mark.parametrize("rows", [b"1 -1\n-1 1\n", b"[[1, -1], [-1, 1]]\n"])
def test_blank_lines_before_a_grid_are_passed_over(blanks: bytes, rows: bytes) -> None:
    """Any number of them, before any format of text; the stream is recognised as data by its head."""
    assert recognise(io.BytesIO(blanks + rows)) in ("text", "json")
    assert read_grid(io.BytesIO(blanks + rows), "f").sums.tolist() == [[1, -1], [-1, 1]]


@pytest.mark.parametrize("form", EXTENSIONS)
def test_a_grid_of_too_many_cells_is_refused_in_every_format(form: Format) -> None:
    """The limit on pixels is one on cells too, and counts the cells of each map."""
    data = written([Map("a", np.ones((30, 40), np.float32)), Map("b", np.ones((30, 40), np.float32))], form)
    assert len(list(read_maps(io.BytesIO(data), "maps", max_cells=1200))) == 2
    with pytest.raises(GridError, match="more than the limit of 1199"):
        list(read_maps(io.BytesIO(data), "maps", max_cells=1199))


def test_a_stream_of_too_many_maps_is_refused() -> None:
    """The number of maps has a limit too."""
    with pytest.raises(GridError, match="more than 2 maps"):
        list(read_maps(io.BytesIO(b"1\n\n\n1\n\n\n1\n"), "maps", max_maps=2))


def test_a_stream_stays_open_and_may_be_left_in_the_middle() -> None:
    """Who opened it closes it."""
    stream = io.BytesIO(b"1\n\n\n2\n")
    maps = read_maps(stream, "maps")
    assert next(maps).values.tolist() == [[1]]
    maps.close()  # type: ignore[attr-defined]
    assert not stream.closed
    maps = read_maps(stream := io.BytesIO(stream.getvalue()), "maps")
    next(maps)
    stream.close()
    del maps  # without a word of the closed stream


@pytest.mark.parametrize("form", [form for form in EXTENSIONS if form != "npy"])
def test_names_that_are_harmful_or_no_utf8_are_written_harmlessly(form: Format) -> None:
    """No control characters, and nothing but UTF-8 in JSON and npz; text keeps the bytes of a file's name."""
    (back,) = list(read_maps(io.BytesIO(written([Map("a\x1b[2J\nb\udce9\ud800", np.eye(1))], form)), "maps"))
    kept = "a[2J b\udce9" if form in ("text", "csv") else "a[2Jb\ufffd"
    assert back.name in (kept, kept + "\ufffd")
    assert b"\x1b" not in written([Map("a\x1b[2J", np.eye(1))], form)
    if form == "json":
        written([Map("\udce9\ud800", np.eye(1))], form).decode("utf-8")


def test_a_grid_is_one_map() -> None:
    """Where one grid belongs, several are an error rather than a choice."""
    with pytest.raises(GridError, match="several maps, but one grid is expected"):
        read_grid(io.BytesIO(b"1\n\n\n1\n"), "f")


@given(finite)
def test_the_shortest_text_reads_back_to_the_same_float32(value: float) -> None:
    """No digit is lost and none is wasted: one digit less would read back as another number, or as long."""
    text = shortest(np.float32(value))
    assert np.float32(float(text)) == np.float32(value)
    assert len(text) <= len(repr(np.float32(value).item()))
