"""Deep pictures: the range of their values is looked at before they are cut to 8 bits."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from xo_cnn import ImageError, classify, load_image
from xo_cnn.images.decoding import decode
from xo_cnn.images.picture import STRIP, cut_to_levels

STROKES = np.kron(np.maximum(np.eye(11), np.eye(11)[::-1]), np.ones((4, 4))).astype(bool)


def letter(paper: float, ink: float, dtype: Any) -> Any:
    """A thick X on a margin of paper."""
    cells = np.full((60, 60), paper, dtype=dtype)
    cells[8:52, 8:52][STROKES] = ink
    return cells


def tiff(values: Any, photometric: int) -> io.BytesIO:
    """A TIFF of one uncompressed strip of 16-bit numbers, whose photometric interpretation is free to choose."""
    rows, columns = values.shape
    entries = [(256, columns), (257, rows), (258, 16), (259, 1), (262, photometric), (273, 8), (277, 1), (278, rows)]
    entries.append((279, values.nbytes))
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    data = values.astype("<u2").tobytes()
    return io.BytesIO(struct.pack("<2sHI", b"II", 42, 8 + len(data)) + data + table + bytes(4))


@pytest.mark.parametrize(
    ("paper", "ink", "dtype"),
    [
        (84, 60, np.uint16),  # a camera's ten bits
        (20100, 20000, np.uint16),  # all in a narrow range
        (65535, 0, np.uint16),
        (2_000_000_100, 2_000_000_000, np.int32),
        (0.45, 0.2, np.float32),
        (0.5001, 0.5, np.float32),
        (-3.0, -4.0, np.float32),
        (9e9, 7e9, np.float32),
    ],
)
def test_no_range_is_too_narrow_or_too_wide(paper: float, ink: float, dtype: Any) -> None:
    """The ink is -1, the paper 1, and the letter an X."""
    image = Image.fromarray(letter(paper, ink, dtype))
    assert (load_image(image).values == np.where(letter(1, 0, np.uint8), 1, -1)).all()
    assert classify(image) == "X"


@pytest.mark.parametrize("brightest", [1.1, 3.0, 1000.0, np.inf, np.nan])
def test_a_glint_does_not_darken_the_rest(brightest: float) -> None:
    """Light over 1, however bright and whether or not it is a number at all."""
    values = letter(0.45, 0.2, np.float32)
    values[0, 0] = brightest
    grid = load_image(Image.fromarray(values)).values
    assert (grid.ravel()[1:] == np.where(letter(1, 0, np.uint8), 1, -1).ravel()[1:]).all()


def test_a_hot_pixel_does_not_either() -> None:
    """One of 65535 among a camera's ten bits."""
    values = letter(84, 60, np.uint16)
    values[0, 0] = 65535
    assert (load_image(Image.fromarray(values)).values == np.where(letter(1, 0, np.uint8), 1, -1)).all()


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (np.array([[0, 32768, 65535]], dtype=np.uint16), [[0, 128, 255]]),
        (np.array([[0, 40000, 50000]], dtype=np.uint16), [[0, 156, 195]]),
        (np.array([[0, 0.5, 1]], dtype=np.float32), [[0, 128, 255]]),
        (np.array([[0, 128, 255]], dtype=np.float32), [[0, 128, 255]]),
        (np.array([[0, 500, 1000]], dtype=np.uint16), [[0, 128, 255]]),
        (np.array([[700, 700]], dtype=np.uint16), [[3, 3]]),
        (np.array([[np.nan, np.nan]], dtype=np.float32), [[0, 0]]),
        (np.array([[-5, -5]], dtype=np.float32), [[255, 255]]),
    ],
)
def test_the_usual_scales_stay(values: Any, levels: list[list[int]]) -> None:
    """What fills a quarter of 16 bits, of 0 to 1 or of 0 to 255 is read on that scale."""
    assert cut_to_levels(Image.fromarray(values)).tolist() == levels


def test_a_tiff_in_which_0_is_white() -> None:
    """Its levels are inverted."""
    values = np.array([[0, 25700, 38550, 65535]])
    assert load_image(tiff(values, 0)).values.tolist() == [[1, 1, -1, -1]]
    assert load_image(tiff(values, 1)).values.tolist() == [[-1, -1, 1, 1]]


def test_strips_join_without_a_seam() -> None:
    """A picture of several strips, the byte order reversed too."""
    rows = 2 * STRIP // 400 + 7
    values = (np.arange(rows * 400, dtype=np.uint32) * 2654435761 >> 16).astype(np.uint16).reshape(rows, 400)
    expected = np.rint(values / 257).astype(np.uint8)
    assert np.abs(cut_to_levels(Image.fromarray(values)).astype(int) - expected).max() <= 1
    swapped = Image.frombytes("I;16B", (400, rows), values.astype(">u2").tobytes())
    assert (cut_to_levels(swapped) == cut_to_levels(Image.fromarray(values))).all()


def table_of(entries: dict[int, tuple[int, int, bytes]], order: str) -> bytes:
    """The directory of a TIFF at its end: each tag's type, count and value (four bytes, or an offset)."""
    rows = b"".join(
        struct.pack(order + "HHI", tag, kind, count) + value for tag, (kind, count, value) in sorted(entries.items())
    )
    return struct.pack(order + "H", len(entries)) + rows + bytes(4)


def any_tiff(
    planes: list[Any],
    order: str = "<",
    sign: int = 1,
    photometric: int | None = None,
    extra: int | None = None,
    packed: int = 0,
) -> io.BytesIO:
    """An uncompressed TIFF, a plane for each sample; with `packed` the bits of a sample, and its one plane's bytes."""
    rows, columns = planes[0].shape
    count, bits = len(planes), packed or planes[0].dtype.itemsize * 8
    data, offsets = b"", []
    for plane in planes:
        offsets.append(8 + len(data))
        data += pack12(plane) if packed else plane.astype(plane.dtype.newbyteorder(order)).tobytes()
    sizes = [len(data) // count] * count
    if photometric is None:
        photometric = 2 if count >= 3 else 1
    entries: dict[int, tuple[int, int, bytes]] = {}
    values = {
        256: [columns],
        257: [rows],
        258: [bits] * count,
        259: [1],
        262: [photometric],
        273: offsets,
        277: [count],
    }
    values |= {278: [rows], 279: sizes, 284: [2 if count > 1 else 1], 339: [sign] * count}
    if extra is not None:
        values[338] = [extra]
    for tag, numbers in values.items():
        kind, letter = (4, "I") if tag in (273, 279) else (3, "H")
        value = struct.pack(f"{order}{len(numbers)}{letter}", *numbers)
        if len(value) > 4:
            data, value = data + value + b"\0" * (len(value) % 2), struct.pack(order + "I", 8 + len(data))
        entries[tag] = (kind, len(numbers), value.ljust(4, b"\0"))
    head = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8 + len(data))
    return io.BytesIO(head + data + table_of(entries, order))


def pack12(plane: Any) -> bytes:
    """Numbers of 12 bits, two in three bytes, each row from a byte of its own."""
    bits = (plane[..., None] >> np.arange(11, -1, -1)) & 1
    return b"".join(np.packbits(row.ravel()).tobytes() for row in bits)


UNIT = np.array([[0.1, 0.9, 0.6], [0.7, 0.2, 0.55]])
GRID = [[-1, 1, 1], [1, -1, 1]]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("samples", [3, 4])
def test_planes_of_16_bits_are_read_whole(order: str, samples: int) -> None:
    """As if the samples of each pixel stood together."""
    plane = (UNIT * 65535).astype(np.uint16)
    plane[0, 2] = 0x7F00 + 255  # the low bytes are noise that must not be taken for pixels
    planes = [plane, plane, plane, np.full_like(plane, 65535)][:samples]
    assert load_image(any_tiff(planes, order, extra=2 if samples == 4 else None)).values.tolist() == GRID


@pytest.mark.parametrize("dtype", ["i1", "i2", "u4", "i4", "f4"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_numbers_with_and_without_a_sign(dtype: str, order: str) -> None:
    """Beyond 2^31 too, and below 0; what Pillow does not read is refused by name."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        values = UNIT.astype(kind)
    else:
        info = np.iinfo(kind)
        values = (info.min + UNIT * (float(info.max) - info.min)).astype(kind)
    stream = any_tiff([values], order, {"u": 1, "i": 2, "f": 3}[kind.kind])
    if dtype == "u4" and order == ">":
        with pytest.raises(ImageError, match=r"TIFF with a kind of samples .*unsigned, bits: 32.*magick"):
            load_image(stream)
    else:
        assert load_image(stream).values.tolist() == GRID


@pytest.mark.parametrize("values", [np.full((2, 2), 4095), np.array([[0, 1200], [3000, 2047]])])
def test_the_white_of_12_bits(values: Any) -> None:
    """It is 4095, also where nothing is black, and where nothing is white."""
    levels = decode(any_tiff([values.astype(np.uint16)], packed=12), 100).levels
    assert levels.tolist() == np.rint(values * 255 / 4095).astype(int).tolist()


def test_grey_with_premultiplied_opacity() -> None:
    """It has its own mode in Pillow, La."""
    stream = io.BytesIO()
    grey = Image.merge("LA", [Image.fromarray((UNIT * 255).astype(np.uint8)), Image.new("L", (3, 2), 255)])
    grey.putpixel((1, 0), (0, 0))
    grey.save(stream, "TIFF")
    data = bytearray(stream.getvalue())
    entry = data.index(struct.pack("<HHI", 338, 3, 1))
    data[entry + 8] = 1
    try:
        with Image.open(io.BytesIO(bytes(data))) as image:
            assert image.mode == "La"
    except UnidentifiedImageError:
        with pytest.raises(ImageError, match="TIFF with a kind of samples that xo-cnn does not read"):
            load_image(io.BytesIO(bytes(data)))
        pytest.skip("this Pillow does not read it: 10.3")
    assert load_image(io.BytesIO(bytes(data))).values.tolist() == GRID


@pytest.mark.parametrize(("bits", "dtype", "sign"), [(64, np.float64, 3), (64, np.uint64, 1), (16, np.float16, 3)])
def test_odd_depths_are_named(bits: int, dtype: Any, sign: int) -> None:
    """With the way to convert them."""
    with pytest.raises(ImageError, match=rf"bits: {bits}.*magick picture.tif -depth 8 picture.png"):
        load_image(any_tiff([UNIT.astype(dtype)], sign=sign))
