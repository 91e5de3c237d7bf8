"""npy and npz: NumPy's own files are read, and no header is believed."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from xo_cnn.errors import GridError
from xo_cnn.formats import arrays as formats_arrays
from xo_cnn.formats.maps import read_maps, write_maps
from xo_cnn.grid import Map


def read(data: bytes) -> list[Map]:
    return list(read_maps(io.BytesIO(data), "maps"))


def saved(*arrays: np.ndarray) -> bytes:
    """What numpy.save writes, one array after the other."""
    stream = io.BytesIO()
    for array in arrays:
        np.save(stream, array)
    return stream.getvalue()


def npy(shape: str, descr: str = "'<f4'", fortran: str = "False", body: bytes = b"") -> bytes:
    """An npy file whose header says whatever it is told to."""
    return raw(f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}}}", body)


def raw(header: str, body: bytes = b"") -> bytes:
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body


def npz(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_npz_holds_float32_under_the_names_of_the_maps() -> None:
    """numpy.load opens what is written, without pickles."""
    stream = io.BytesIO()
    maps = [Map("diag", np.array([[9]], dtype=np.int8), 9), Map("anti", np.zeros((2, 3), np.float32))]
    write_maps(maps, "npz", stream)
    with np.load(io.BytesIO(stream.getvalue())) as archive:
        assert {name: archive[name].shape for name in archive} == {"diag": (1, 1), "anti": (2, 3)}
        assert archive["diag"].dtype == np.float32


@pytest.mark.parametrize(
    "array",
    [
        np.eye(3, dtype=bool),
        np.arange(6, dtype=">i2").reshape(2, 3),
        np.arange(6, dtype=np.uint64).reshape(2, 3),
        np.asfortranarray(np.eye(2, 3)),
        np.linspace(-1, 1, 6, dtype=np.float16).reshape(2, 3),
        np.linspace(-1, 1, 6, dtype=">f8").reshape(2, 3),
        np.linspace(-1, 1, 6, dtype=np.longdouble).reshape(2, 3),
        np.zeros((600, 700)),
    ],
    ids=lambda array: f"{array.dtype.str}{array.shape}",
)
def test_npy_of_every_real_type_and_order_is_read(array: np.ndarray) -> None:
    """Booleans, big-endian numbers, halves, long doubles and Fortran's order are grids too."""
    (back,) = read(saved(array))
    assert back.values.dtype == np.float32
    assert back.values.tolist() == array.astype(np.float32).tolist()


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_stack_in_either_order_gives_its_maps(order: str) -> None:
    """(maps, rows, columns), also where the cells of all maps are mixed."""
    stack = np.arange(24, dtype=np.float64).reshape(3, 2, 4)
    back = read(saved(np.array(stack, order=order)))  # type: ignore[call-overload]
    assert [one.values.tolist() for one in back] == stack.tolist()


def test_what_follows_an_array_is_an_error() -> None:
    """numpy.save appends to an open file: a second array is not lost in silence."""
    one, other = np.eye(2), np.arange(6).reshape(2, 3)
    for data in (saved(one, other), saved(one) + b"more"):
        with pytest.raises(GridError, match="more bytes after its array; save several as npz"):
            read(data)
        with pytest.raises(GridError, match=r"a.npy: has more bytes after its array"):
            read(npz({"a.npy": data}))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy("(1000000, 1000000)", body=b"\0" * 16), "claims 1000000000000 cells, more than the 144"),
        (npy("(1000000, 1, 1)", body=b"\0" * 16), "claims 1000000 cells"),
        (npy("(2, 8)", body=b"\0" * 16), "ends in the middle of its numbers"),
        (npy("(1, 1)", "'|O'"), "holds object"),
        (npy("(1, 1)", "'<c8'"), "holds complex64, but real numbers are expected"),
        (npy("(1, 1)", "'<U3'"), "holds <U3"),
        (npy("(1, 1)", "'<M8[s]'"), "holds datetime64[s]"),
        (npy("(1, 1)", "[('a', '<f4')]"), "holds [('a', '<f4')]"),
        (npy("(1, 1)", "'|V1000000000'"), "holds |V1000000000"),
        (npy("()"), "has the shape (); a grid has (rows, columns)"),
        (npy("(4,)"), "has the shape (4,)"),
        (npy("(1, 1, 1, 1)"), "has the shape (1, 1, 1, 1)"),
        (npy("(0, 4)"), "has the shape (0, 4)"),
        (npy("(1, -4)"), "has the shape (1, -4)"),
        (npy("(-1, -4)"), "has the shape (-1, -4)"),
        (npy("(True, True)", "'|b1'", body=b"\1"), "has the shape (True, True)"),
        (npy("(1, True)", body=b"\0" * 4), "has the shape (1, True)"),
        (npy("(1.0, 4)"), "npy header cannot be read"),
        (npy("(10**9, 4)"), "npy header cannot be read"),
        (npy("(1, 1)", fortran="1"), "npy header cannot be read"),
        (npy("(1, 1)", body=struct.pack("<f", float("nan"))), "holds nan, inf"),
        (npy("(1, 1)", "'<f8'", body=struct.pack("<d", 1e300)), "holds nan, inf, or a number too large"),
        (raw("__import__('os')"), "npy header cannot be read"),
        (raw("(" * 100), "npy header cannot be read"),
        (b"\x93NUMPY\x01\x00", "npy header cannot be read"),
        (b"\x93NUMPY\x01\x00\xff\x00{", "npy header cannot be read"),
        (b"\x93NUMPY\x09\x09\xff\xff\xff\x7f", "claims an npy header of 2147483647 bytes"),
    ],
)
def test_an_npy_header_is_checked_before_memory_is_asked_for(data: bytes, message: str) -> None:
    """A few bytes cannot claim terabytes, objects, or a shape that no grid has; bare or in an npz."""
    with pytest.raises(GridError, match=r"^maps: ") as error:
        read(data)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    with pytest.raises(GridError, match=r"^maps: a.npy: "):
        read(npz({"a.npy": data}))


def test_headers_of_python_2_are_read_without_a_warning() -> None:
    """Its long integers end in L; NumPy warns of them on standard error."""
    assert read(npy("(1L, 1L)", body=struct.pack("<f", 0.5)))[0].values.tolist() == [[0.5]]


@pytest.mark.parametrize(
    ("members", "method", "message"),
    [
        ({"a.npy": npy("(20000, 20000)", "'|b1'") + bytes(1 << 22)}, zipfile.ZIP_DEFLATED, "claims 400000000 cells"),
        ({"a.npy": npy("(20000, 1, 20000)", "'|b1'")}, zipfile.ZIP_DEFLATED, "claims 400000000 cells"),
        ({"a.npy": saved(np.eye(2))}, zipfile.ZIP_BZIP2, "unknown compression; save it with numpy.savez_compressed"),
        ({"a.npy": saved(np.eye(2))}, zipfile.ZIP_LZMA, "unknown compression"),
        ({"word/document.xml": b"<?xml?>"}, zipfile.ZIP_DEFLATED, "word/document.xml: not an npy array"),
        ({"a.npy": b""}, zipfile.ZIP_STORED, "a.npy: not an npy array"),
    ],
)
def test_an_archive_is_refused_before_it_is_unpacked(members: dict[str, bytes], method: int, message: str) -> None:
    """Far more cells than the file has bytes, decompressors without a limit, another program's archive."""
    with pytest.raises(GridError, match=r"^maps: ") as error:
        read(npz(members, method))
    assert message in str(error.value)


def test_the_arrays_of_an_archive_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small bombs are a large one."""
    monkeypatch.setattr(formats_arrays, "MAX_UNPACKED", 0)
    monkeypatch.setattr(formats_arrays, "UNPACKED_PER_BYTE", 4)
    zeros = saved(np.zeros((40, 40)))
    assert len(read(npz({"a.npy": zeros}, zipfile.ZIP_STORED))) == 1
    with pytest.raises(GridError, match=r"b.npy: claims 1600 cells, more than the"):
        read(npz({"a.npy": zeros, "b.npy": zeros}))


def test_a_broken_archive_is_an_error_of_one_line(tmp_path: Path) -> None:
    """Cut off, encrypted, or no archive at all."""
    whole = npz({"a.npy": saved(np.eye(3))})
    encrypted = bytearray(whole)
    encrypted[whole.rindex(b"PK\x01\x02") + 8] |= 1
    for data, message in (
        (b"PK\x03\x04garbage", "not a valid npz file"),
        (whole[:-30], "not a valid npz file"),
        (whole[:60] + b"\0\0\0\0" + whole[64:], "not a valid npz file"),
        (bytes(encrypted), "a.npy: is encrypted"),
        (npz({}), "holds no rows of numbers"),
    ):
        with pytest.raises(GridError, match=r"^maps: ") as error:
            read(data)
        assert message in str(error.value)


def test_formats_say_what_they_cannot_hold() -> None:
    """npy needs one size, npz one map of a name."""
    two = [Map("a", np.zeros((1, 1), np.float32)), Map("a", np.zeros((1, 2), np.float32))]
    with pytest.raises(GridError, match=r"a 1x1, a 1x2.*use npz"):
        write_maps(two, "npy", io.BytesIO())
    with pytest.raises(GridError, match="`a` occurs twice"):
        write_maps(two, "npz", io.BytesIO())
