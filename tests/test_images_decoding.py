"""Decoding: whatever Pillow's own decoders read becomes levels of light; nothing else is opened."""

from __future__ import annotations

import gc
import importlib
import io
import os
import pkgutil
import struct
import subprocess
import sys
import tracemalloc
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import PIL
import pytest
from conftest import png
from PIL import Image, ImageOps

from xo_cnn import load_image
from xo_cnn.errors import ImageError
from xo_cnn.images.decoding import DECODERS, decode
from xo_cnn.images.reader import Reader

ROWS = [[-1, 1, 1], [1, -1, 1]]
# What is never opened: see DECODERS.
REFUSED = ("EPS", "IPTC", "WMF", "BUFR", "GRIB", "HDF5", "MPEG", "FPX", "MIC")


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    stream.seek(0)
    return stream


def picture(rows: Any = ROWS) -> Image.Image:
    return Image.fromarray(np.where(np.array(rows) > 0, 255, 0).astype(np.uint8))


def test_the_pictures_of_the_text_are_read_cell_by_cell(article: dict[str, Any], samples: Path) -> None:
    """The sample images are the text's grids, a pixel a cell."""
    for name, file in (("X", "x"), ("O", "o"), ("X_deformed", "x_deformed")):
        grid = load_image(samples / f"{file}.png")
        assert grid.name == file
        assert grid.sums.dtype == np.int8
        assert grid.sums.tolist() == article[name]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F", "HSV", "LAB"])
def test_every_mode_gives_the_same_grid(mode: str) -> None:
    """One bit, grey, palette, alpha, colour, sixteen bits: black stays -1 and white 1."""
    if mode in ("I;16", "I"):
        levels = np.where(np.array(ROWS) > 0, 65535, 0)
        image = Image.fromarray(levels.astype(np.uint16 if mode == "I;16" else np.int32))
    elif mode == "F":
        image = Image.fromarray(np.where(np.array(ROWS) > 0, 1, 0).astype(np.float32))
    elif mode in ("HSV", "LAB"):
        from PIL import ImageCms

        image = picture().convert("RGB")
        if mode == "HSV":
            image = image.convert("HSV")
        else:
            lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
            assert changed is not None
            image = changed
    else:
        image = picture().convert(mode)
    stream = io.BytesIO()
    form = {"HSV": None, "I": "TIFF", "CMYK": "TIFF", "YCbCr": "TIFF", "F": "TIFF", "LAB": "TIFF"}.get(mode, "PNG")
    if form is None:
        image = image.convert("RGB")
        form = "PNG"
    image.save(stream, form)
    stream.seek(0)
    try:
        Image.open(stream).load()
    except OSError:
        pytest.skip("this Pillow does not read what it has written: 10.3 with YCbCr in TIFF")
    stream.seek(0)
    assert load_image(stream).sums.tolist() == ROWS


def test_transparency_is_laid_on_white() -> None:
    """What cannot be seen is paper, also where its hidden colour is black, in alpha and in palettes."""
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((0, 0), (0, 0, 0, 255))
    assert load_image(saved(image)).sums.tolist() == [[-1, 1]]
    palette = Image.new("P", (2, 1), 1)
    palette.putpalette([0, 0, 0, 9, 9, 9])
    palette.putpixel((0, 0), 0)
    assert load_image(saved(palette, transparency=1)).sums.tolist() == [[-1, 1]]
    deep = Image.fromarray(np.array([[7, 0]], dtype=np.uint16))
    assert load_image(saved(deep, transparency=0)).sums.tolist() == [[-1, 1]]
    half = Image.new("LA", (2, 1), (0, 0))
    half.putpixel((0, 0), (0, 255))
    assert load_image(saved(half)).sums.tolist() == [[-1, 1]]


def test_a_photograph_stands_upright() -> None:
    """The orientation in EXIF is applied."""
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rows become columns
    sideways = saved(picture(), "PNG", exif=exif)
    assert load_image(sideways).sums.tolist() == np.rot90(ROWS, -1).tolist()


def test_the_first_frame_counts() -> None:
    """Of an animation only the beginning is read."""
    stream = saved(picture(), "GIF", save_all=True, append_images=[picture(-np.array(ROWS))])
    assert load_image(stream).sums.tolist() == ROWS


def test_a_picture_over_the_limit_is_refused_without_a_warning() -> None:
    """The message names the size, the limit and the option that lifts it; no memory is asked for."""
    stream = saved(Image.new("1", (2000, 1000)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ImageError, match=r"2000000 pixels \(1000x2000\).* limit of 1000;.*max_pixels=2000000"):
            load_image(stream, max_pixels=1000)
        stream.seek(0)
        assert load_image(stream, max_pixels=2_000_000).shape == (1000, 2000)


def test_a_bomb_can_be_let_in_by_the_option() -> None:
    """Pillow's own limit neither warns nor stops what --max-pixels allows."""
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = 10
    try:
        assert load_image(saved(Image.new("L", (20, 20))), max_pixels=1000).shape == (20, 20)
        assert Image.MAX_IMAGE_PIXELS == 10
    finally:
        Image.MAX_IMAGE_PIXELS = limit


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"hello", "not an image format"),
        (png(np.ones((50, 50)))[:60], "broken or truncated image"),
        (b"GIF89a", "broken or truncated GIF"),
    ],
)
def test_what_is_no_image_gets_one_line(data: bytes, message: str) -> None:
    """Empty, words, cut off: the source is named and the reason given."""
    with pytest.raises(ImageError) as error:
        Reader().read(io.BytesIO(data), "letter.png")
    assert error.value.source == "letter.png"
    assert message in error.value.message
    assert "\n" not in str(error.value)


def chunk(kind: bytes, data: bytes, broken: bool = False) -> bytes:
    """One chunk of a PNG, with its checksum, or with a wrong one."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) ^ broken)


def png_with(*chunks: bytes) -> io.BytesIO:
    """The picture of ROWS with more chunks before its pixels."""
    whole = saved(picture()).getvalue()
    return io.BytesIO(whole[:33] + b"".join(chunks) + whole[33:])


def test_every_plugin_of_pillow_is_known() -> None:
    """A new release cannot add a decoder unseen; those that start programs or hand on what they hold are refused."""
    Image.init()
    for _, name, _ in pkgutil.iter_modules(PIL.__path__):
        if name.endswith("ImagePlugin"):
            try:
                importlib.import_module(f"PIL.{name}")
            except ImportError:
                assert name in ("FpxImagePlugin", "MicImagePlugin"), f"{name} needs a package that is not Pillow"
    assert set(Image.OPEN) <= {*DECODERS, *REFUSED}, "a new plugin of Pillow: add it to DECODERS or REFUSED"
    assert not set(DECODERS) & set(REFUSED)


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 32 32\n%%EndComments\n(forged) print flush\nshowpage\n"


@pytest.mark.parametrize("name", ["x.eps", "x.png", "x.tif"])
def test_a_program_is_never_started(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a PostScript file is called, also inside of something else."""
    from PIL import EpsImagePlugin

    def started(*args: Any, **options: Any) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", started)
    (tmp_path / name).write_bytes(EPS)
    with pytest.raises(ImageError, match="is PostScript, which xo-cnn does not read"):
        load_image(tmp_path / name)
    binary = struct.pack("<4sIIIIIIH", b"\xc5\xd0\xd3\xc6", 32, len(EPS), 0, 0, 0, 0, 0xFFFF) + bytes(2) + EPS
    wrapped = b"\x1c\x03\x3c\0\x02\1\0" + b"\x1c\x03\x14\0\x04\0\0\0\x20" * 2 + b"\x1c\x08\x0a\0\x20" + EPS[:32]
    for data in (binary, wrapped):
        with pytest.raises(ImageError):
            load_image(io.BytesIO(data))


@pytest.mark.parametrize(
    "data",
    [
        b"\xd7\xcd\xc6\x9a" + bytes(18) + b"\x01\0\x09\0" + bytes(40),  # WMF
        b"BUFR" + bytes(40),
        b"GRIB\0\0\0\x01" + bytes(40),
        b"\x89HDF\r\n\x1a\n" + bytes(40),
        b"\0\0\x01\xb3\x01\0\x10" + bytes(40),  # MPEG
    ],
)
def test_formats_without_a_decoder_of_pillows_are_refused(data: bytes) -> None:
    """Even where some package has registered a handler for them."""
    with pytest.raises(ImageError, match="not an image format"):
        load_image(io.BytesIO(data))


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk(b"tEXt", b"Comment\0x", broken=True)],
        [chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(20 << 20)))],
        [chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(20 << 20)))],
        [chunk(b"pHYs", b"\0", broken=True)],
        [chunk(b"gAMA", b"", broken=True), chunk(b"tIME", b"\xff" * 7, broken=True)],
        [chunk(b"tRNS", b"\0\0", broken=True)],
        [chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\3\0\0\0\1\0\6\0\0", broken=True)],
    ],
)
def test_a_broken_chunk_that_is_not_the_picture_does_not_hide_it(chunks: list[bytes]) -> None:
    """Text, profiles and resolutions may be too large or damaged; the pixels are read."""
    assert load_image(png_with(*chunks)).values.tolist() == ROWS


def test_a_broken_chunk_of_the_picture_itself_is_an_error() -> None:
    """Damaged pixels are not guessed."""
    whole = bytearray(saved(picture()).getvalue())
    whole[whole.index(b"IDAT") + 6] ^= 0x55
    with pytest.raises(ImageError, match="broken or truncated"):
        load_image(io.BytesIO(bytes(whole)))


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0garbage",
        b"Exif\0\0b'Exif\\x00\\x00II*\\x00'",
        b"Exif\0\0\0\x08\0\x02\x01\x12\0\x03",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x63\0\0\0\0\0\0",  # orientation 99
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x02x\0\0\0\0\0\0\0",  # as text
        b"",
    ],
)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_exif_data_that_cannot_be_read_turn_nothing(exif: bytes, form: str) -> None:
    """The pixels are read as they are."""
    large = Image.fromarray(np.kron(np.where(np.array(ROWS) > 0, 255, 0), np.ones((8, 8))).astype(np.uint8))
    stream = saved(large, form, exif=exif)
    assert load_image(stream).values[4::8, 4::8].tolist() == ROWS


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_all_orientations_are_those_of_pillow(orientation: int, mode: str) -> None:
    """Levels, colours and opacity are turned together."""
    dice = np.random.default_rng(1)
    image = Image.fromarray(dice.integers(0, 256, (5, 7, len(mode)), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stream = saved(image, "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(stream.getvalue())))
    read = decode(stream, 1000)
    assert (read.colours == np.asarray(upright.convert("RGB"))).all()
    assert read.levels.shape == (upright.height, upright.width)
    if mode == "RGBA":
        assert (read.alpha == np.asarray(upright.getchannel("A"))).all()
    else:
        assert (read.levels == np.asarray(upright.convert("L"))).all()


def grey_png(samples: bytes, columns: int, depth: int, clear: int) -> io.BytesIO:
    """A grey PNG of one row with some bits a pixel, of which one value is transparent."""
    head = struct.pack(">IIBBBBB", columns, 1, depth, 0, 0, 0, 0)
    data = zlib.compress(b"\0" + samples)
    chunks = ((b"IHDR", head), (b"tRNS", struct.pack(">H", clear)), (b"IDAT", data), (b"IEND", b""))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks))


@pytest.mark.parametrize(
    ("samples", "depth", "clear", "levels"),
    [
        (b"\x40", 1, 0, [255, 255]),
        (b"\x1b", 2, 1, [0, 255, 170, 255]),
        (b"\x07\xf0", 4, 7, [0, 255, 255, 0]),
        (b"\0\x64\xff", 8, 100, [0, 255, 255]),
        (b"\0\0\x64\x64\xff\xff", 16, 0x6464, [0, 255, 255]),
    ],
)
def test_the_transparent_grey_has_the_depth_of_the_file(samples: bytes, depth: int, clear: int, levels: Any) -> None:
    """Clear lies on white, whatever the number of bits."""
    assert decode(grey_png(samples, len(levels), depth, clear), 100).levels.tolist() == [levels]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_where_no_pixel_is_visible_alpha_means_nothing(mode: str) -> None:
    """Old icons have an alpha of 0 throughout."""
    if mode == "P":
        image = picture().convert("P")
        stream = saved(image, transparency=bytes(256))
    else:
        image = picture().convert(mode)
        image.putalpha(0)
        stream = saved(image)
    read = decode(stream, 100)
    assert np.where(read.levels > 127, 1, -1).tolist() == ROWS
    assert read.alpha is None


def test_white_ink_on_clear_keeps_its_colours_and_its_opacity() -> None:
    """Its levels are white throughout; what can be seen is in alpha."""
    image = Image.new("LA", (3, 2), (255, 0))
    image.putpixel((1, 1), (255, 255))
    read = decode(saved(image), 100)
    assert read.levels.tolist() == [[255] * 3] * 2
    assert read.alpha is not None
    assert read.alpha.tolist() == [[0, 0, 0], [0, 255, 0]]
    assert read.colours is not None
    assert read.colours.shape == (2, 3, 3)
    assert (read.colours == 255).all()


def test_xbm_and_tga_are_pictures_not_text(tmp_path: Path) -> None:
    """One is C source, the other may begin with any byte, such as # or [."""
    xbm = b"#define im_width 8\n#define im_height 1\nstatic char im_bits[] = {\n0xf0\n};\n"
    assert load_image(io.BytesIO(xbm)).values.tolist() == [[-1] * 4 + [1] * 4]
    for size in (35, 48, 91, 123):
        head = struct.pack("<BBBHHBHHHHBB", size, 0, 3, 0, 0, 0, 0, 0, 3, 2, 8, 0x20)
        tga = head + b"c" * size + bytes(np.where(np.array(ROWS) > 0, 255, 0).astype(np.uint8).ravel().tolist())
        assert load_image(io.BytesIO(tga)).values.tolist() == ROWS


@pytest.mark.parametrize("form", ["BMP", "GIF", "JPEG2000", "PCX", "PPM", "SGI", "TGA", "TIFF", "WEBP", "ICO", "DDS"])
def test_the_usual_formats_are_read(form: str) -> None:
    """By Pillow's own decoders."""
    large = Image.fromarray(np.kron(np.where(np.array(ROWS) > 0, 255, 0), np.ones((16, 16))).astype(np.uint8))
    stream = saved(large.convert("RGB"), form, **({"sizes": [(48, 32)]} if form == "ICO" else {}))
    assert load_image(stream).values[8::16, 8::16].tolist() == ROWS


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "TIFF"])
def test_of_several_frames_the_first_counts(form: str) -> None:
    """In every format that has them."""
    frames = [Image.fromarray(np.full((9, 9), level, dtype=np.uint8)).convert("RGB") for level in (255, 0, 0)]
    assert (load_image(saved(frames[0], form, save_all=True, append_images=frames[1:])).values == 1).all()


def test_a_picture_without_pixels_is_an_error() -> None:
    """Zero rows or columns."""
    with pytest.raises(ImageError):
        load_image(io.BytesIO(b"P5 0 3 255\n"))


def peak(stream: io.BytesIO) -> float:
    """Bytes a pixel that NumPy and Python ask for while a picture is read."""
    gc.collect()
    tracemalloc.start()
    try:
        pixels = load_image(stream).values.size
        return tracemalloc.get_traced_memory()[1] / pixels
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_reading_takes_few_bytes_a_pixel(mode: str) -> None:
    """Beside the decoder's own buffer, which is at most 4 bytes a pixel: 12 are promised, with that buffer."""
    side = 800
    grey = np.zeros((side, side), dtype=np.uint8)
    grey[200:400, 200:400] = 255
    kinds = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
    if mode in kinds:
        image = Image.fromarray((grey.astype(np.float64) * 257).astype(kinds[mode]))
    else:
        image = Image.fromarray(grey).convert(mode)
    form = "TIFF" if mode in ("CMYK", "I", "F") else "PNG"
    assert peak(saved(image, form)) < 8


LARGE = Image.fromarray(np.kron(np.where(np.array(ROWS) > 0, 230, 20), np.ones((16, 16))).astype(np.uint8))


def read_back(data: bytes) -> Any:
    """The cells in the middle of the 16 × 16 pixels of each cell of ROWS."""
    return load_image(io.BytesIO(data)).values[8::16, 8::16].tolist()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 30}, {"subsampling": 2}])
@pytest.mark.parametrize("lacking", [1, 2])
def test_a_jpeg_without_its_end_marker_lacks_no_pixel(options: dict[str, Any], lacking: int) -> None:
    """It is read, in grey and in colour; one that lacks a byte more is refused."""
    for image in (LARGE, LARGE.convert("RGB")):
        whole = saved(image, "JPEG", **options).getvalue()
        expected = load_image(io.BytesIO(whole))
        assert load_image(io.BytesIO(whole[:-lacking])) == expected
        for more in (4, 9, 40):
            with pytest.raises(ImageError, match="broken or truncated"):
                load_image(io.BytesIO(whole[: -2 - more]))


def test_what_a_gifs_first_frame_leaves_of_its_screen_is_clear() -> None:
    """Also where the colour of the background is black, and where the frame lies at an edge."""
    whole = bytearray(saved(picture(), "GIF").getvalue())
    frame = whole.index(b"\x2c", 13)
    for left, top in ((1, 1), (0, 2), (2, 0)):
        whole[6:10] = struct.pack("<HH", 5, 4)
        whole[frame + 1 : frame + 5] = struct.pack("<HH", left, top)
        expected = np.ones((4, 5), dtype=int)
        expected[top : top + 2, left : left + 3] = ROWS
        read = decode(io.BytesIO(bytes(whole)), 100)
        assert np.where(read.levels > 127, 1, -1).tolist() == expected.tolist()
        assert read.alpha is not None


def bmp(values: Any, masks: tuple[int, int, int, int], size: int, upside_down: bool = True) -> bytes:
    """A BMP of 16 bits a pixel that says by masks which of them are red, green, blue and opacity."""
    rows, columns = values.shape
    lines = [line.astype("<u2").tobytes().ljust((columns * 2 + 3) // 4 * 4, b"\0") for line in values]
    data = b"".join(lines[::-1] if upside_down else lines)
    compression = 6 if size == 40 and masks[3] else 3
    height = rows if upside_down else -rows
    head = struct.pack("<IiiHHIIiiII", size, columns, height, 1, 16, compression, len(data), 0, 0, 0, 0)
    head += struct.pack("<4I", *masks)[: 16 if size > 40 or masks[3] else 12] + bytes(max(0, size - 56))
    return b"BM" + struct.pack("<IHHI", 14 + len(head) + len(data), 0, 0, 14 + len(head)) + head + data


@pytest.mark.parametrize("size", [40, 56, 108, 124])
@pytest.mark.parametrize("upside_down", [True, False])
@pytest.mark.parametrize(
    "masks",
    [(0x7C00, 0x3E0, 0x1F, 0x8000), (0xF00, 0xF0, 0xF, 0xF000), (0xF800, 0x7C0, 0x3E, 0x1), (0xF800, 0x7E0, 0x1F, 0)],
)
def test_a_bitmap_of_16_bits_says_which_are_opacity(masks: Any, size: int, upside_down: bool) -> None:
    """Black that cannot be seen is paper; where no bits are opacity, everything is seen."""
    ink, paper = masks[3], masks[0] | masks[1] | masks[2] | masks[3]
    values = np.where(np.array(ROWS) > 0, paper, ink)
    values[1, 0] = 0
    read = decode(io.BytesIO(bmp(values, masks, size, upside_down)), 100)
    clear = 255 if masks[3] else 0
    assert read.levels.tolist() == [[0, 255, 255], [clear, 0, 255]]


@pytest.mark.parametrize("bits", [1, 8, 24, 32])
def test_what_the_mask_of_a_cursor_hides_is_clear(bits: int) -> None:
    """As in an icon, whatever stands where an icon has its depth."""
    seen = np.kron(np.array(ROWS) < 0, np.ones((8, 8))).astype(bool)
    rows, columns = seen.shape

    def lines(values: Any, align: int = 4) -> bytes:
        return b"".join(bytes(line).ljust(-(-len(bytes(line)) // align) * align, b"\0") for line in values[::-1])

    if bits == 32:
        pixels = np.zeros((rows, columns, 4), dtype=np.uint8)
        pixels[..., 3] = np.where(seen, 255, 0)
        ink = lines(pixels.reshape(rows, -1))
    else:
        ink = lines(np.zeros((rows, columns * bits // 8), dtype=np.uint8))
    hidden = lines(np.packbits(~seen, axis=1))
    palette = bytes(4 << bits) if bits <= 8 else b""
    sizes = (40, columns, 2 * rows, 1, bits, 0, len(ink) + len(hidden), 0, 0, 0, 0)
    bitmap = struct.pack("<IiiHHIIiiII", *sizes) + palette + ink + hidden
    entry = struct.pack("<BBBBHHII", columns, rows, 0, 0, 5, 7, len(bitmap), 22)
    assert read_back_8(struct.pack("<HHH", 0, 2, 1) + entry + bitmap) == ROWS


def read_back_8(data: bytes) -> Any:
    return load_image(io.BytesIO(data)).values[4::8, 4::8].tolist()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0heic", "HEIC"),
        (b"\xff\x0a\xfa\x1f\x01", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg width="9">', "SVG"),
        (b"<svg xmlns='x'/>", "SVG"),
        (b"%PDF-1.7\n", "PDF"),
        (b"%!PS-Adobe-3.0\n", "PostScript"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_way_to_convert_it(head: bytes, kind: str) -> None:
    """One line: what it is, and a command that makes a PNG of it."""
    with pytest.raises(ImageError, match=f"is {kind}, which xo-cnn does not read; convert it first: .*png"):
        load_image(io.BytesIO(head + bytes(40)))


def test_the_words_of_a_decoder_stay_from_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    """Those of libtiff, which it prints itself; what others print then still arrives."""
    broken = bytearray(saved(LARGE, "TIFF", compression="tiff_lzw").getvalue())
    broken[8:40] = b"\xff" * 32
    with pytest.raises(ImageError):
        load_image(io.BytesIO(bytes(broken)))
    os.write(2, b"here")
    assert capfd.readouterr().err == "here"


def test_what_pillow_logs_stays_from_standard_error(tmp_path: Path) -> None:
    """In a process of its own, where nobody listens: one line, ours."""
    many = bytearray(saved(LARGE.convert("RGB"), "TIFF").getvalue())
    many[many.index(struct.pack("<HHI", 277, 3, 1)) + 8] = 80  # samples to a pixel: Pillow logs that
    (tmp_path / "many.tif").write_bytes(many)
    command = [sys.executable, "-m", "xo_cnn", "grid", tmp_path / "many.tif"]
    errors = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert errors.startswith("xo-cnn: ")
    assert errors.count("\n") == 1
