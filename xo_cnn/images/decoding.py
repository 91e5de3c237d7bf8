"""Decode image files with Pillow's own decoders, mend what those would read wrongly, and name what cannot be read."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from threading import Lock
from typing import Any, BinaryIO, cast

import numpy as np
from PIL import Image, ImageFile, PngImagePlugin

from xo_cnn.errors import ImageError
from xo_cnn.images.picture import BITS, PLANAR, SAMPLE_FORMAT, Picture, from_image

# The formats that are opened: Pillow decodes them itself, starts no other program and opens no other file for them.
# Those at the beginning have a signature that nothing else begins with; those at the end have none, and come last.
# The others start Ghostscript (EPS), hand their content to any other decoder (IPTC) or to a handler from elsewhere
# (WMF, BUFR, GRIB, HDF5), or Pillow has no decoder for them (MPEG) or none of its own (FPX, MIC).
SIGNED = ("PNG", "JPEG", "GIF", "BMP", "PPM", "TIFF", "WEBP", "AVIF", "JPEG2000", "PSD", "QOI")
DECODERS = (
    *SIGNED,
    *("DIB", "ICO", "CUR", "ICNS"),
    *("SGI", "SUN", "PCX", "DCX", "DDS", "BLP", "FTEX", "GBR", "FITS", "FLI", "MSP", "MCIDAS"),
    *("PIXAR", "XBM", "XPM", "XVTHUMB", "IM", "IMT", "PCD", "TGA", "SPIDER"),
)
# What people have and Pillow does not read: how it begins, and what turns it into a PNG.
ELSEWHERE = {
    "AVIF": (rb"....ftypavi", "avifdec photo.avif photo.png"),  # where this Pillow has no decoder
    "HEIC": (rb"....ftyp(hei|hev|mif1|msf1)", "heif-convert photo.heic photo.png"),
    "JPEG XL": (rb"\xff\x0a|\0\0\0\x0cJXL ", "djxl photo.jxl photo.png"),
    "SVG": (rb"[^\0]*<(svg:)?svg\b", "rsvg-convert drawing.svg -o drawing.png"),
    "PDF": (rb"\s*%PDF-", "pdftoppm -png -singlefile page.pdf page"),
    "PostScript": (rb"%!PS|\xc5\xd0\xd3\xc6", "gs -o page.png -sDEVICE=pnggray -dSAFER page.eps"),
}
LARGEST_CURSOR = 64 << 20  # bytes; a cursor has at most 256x256 pixels
HEAD = 1024  # bytes in which a format is recognized

_PNG = b"\x89PNG\r\n\x1a\n"
_SILENCE = Lock()
# What Pillow logs goes to those who ask for it, and not to standard error.
logging.getLogger("PIL").addHandler(logging.NullHandler())


def decode(stream: BinaryIO, max_pixels: int) -> Picture:
    """Decode the first frame of an image upright.

    Raises ImageError for what Pillow's own decoders cannot read, and for more than `max_pixels` pixels.
    """
    start = stream.tell()
    head = stream.read(HEAD)
    if not head:
        raise ImageError("is empty (0 bytes)")
    stream.seek(start)
    try:
        try:
            image = _loaded(stream, head, max_pixels)
        except (ImageError, MemoryError):
            raise
        except Exception:
            stream.seek(start)
            if head.startswith(_PNG):
                # A broken text or profile chunk is not the picture: decode again without all that is not needed.
                image = _loaded(io.BytesIO(b"".join(_needed_chunks(stream))), head, max_pixels)
            elif head.startswith(b"\xff\xd8"):
                image = _without_end(stream.read(), head, max_pixels)
            else:
                raise
        return from_image(image)
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        # A decoder meets a broken file with whatever exception its format happens to raise.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ImageError(f"broken or truncated image: {reason}") from error


def _loaded(stream: BinaryIO, head: bytes, max_pixels: int) -> Image.Image:
    """The pixels of a file as a Pillow image, with what Pillow leaves out of some formats."""
    if head.startswith(b"BM") and head[28:30] == b"\x10\0" and head[30:31] in (b"\3", b"\6"):
        return _bitfields(stream, head, max_pixels)
    if head.startswith(b"\0\0\2\0") and head[4:6] != b"\0\0":
        stream, head = _as_icon(stream), b"\0\0\1\0"
    png = head.startswith(_PNG)
    # Pillow warns of broken data that are not the picture.
    with warnings.catch_warnings(action="ignore"):
        # Most images are PNG; asked directly, Pillow need not load its other formats and try them all.
        image: ImageFile.ImageFile = PngImagePlugin.PngImageFile(stream) if png else _opened(stream, head)
        _refuse_large(*image.size, max_pixels)
        sample, box = (str(image.tile[0][3]), image.tile[0][1]) if image.tile else ("", None)
        if image.format == "TIFF":
            return _tiff(image)
        image.load()
    if png and "transparency" in image.info:
        _scale_transparency(image, sample)
    if image.format == "GIF" and box and box != (0, 0, *image.size):
        whole = Image.new("RGBA", image.size)  # what the first frame leaves of the screen is clear
        whole.paste(image.convert("RGBA").crop(box), box[:2])
        return whole
    return image


def _refuse_large(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise ImageError(
            f"has {width * height} pixels ({height}x{width}), more than the limit of {max_pixels}; "
            f"raise it with max_pixels={width * height}"
        )


def _opened(stream: BinaryIO, head: bytes) -> ImageFile.ImageFile:
    """What Pillow's `Image.open` does, without its own limit of pixels, and with the formats in DECODERS alone."""
    start, reasons = stream.tell(), []
    Image.preinit()
    for name in DECODERS:
        if name not in Image.OPEN:
            Image.init()
        factory, accept = Image.OPEN.get(name, (None, None))
        if factory is None or not (accept is None or accept(head[:16]) is True):
            continue
        stream.seek(start)
        try:
            return factory(stream, "")
        except (SyntaxError, IndexError, TypeError, KeyError, EOFError, struct.error) as error:
            if name in SIGNED:
                reasons.append((name, error))
    for name, (beginning, command) in ELSEWHERE.items():
        if re.match(beginning, head, re.DOTALL):
            raise ImageError(f"is {name}, which xo-cnn does not read; convert it first: {command}")
    if reasons:
        raise _odd(*reasons[0], stream)
    raise ImageError("not an image format that xo-cnn reads, and not a grid of numbers")


def _odd(name: str, reason: object, stream: BinaryIO) -> ImageError:
    """Why a file that begins as one of a format should cannot be read; of a TIFF, what its samples are."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2  # slow to import, and Pillow has done so by now

    with contextlib.suppress(Exception):
        stream.seek(0)
        header = stream.read(8)
        tags = ImageFileDirectory_v2(header + (stream.read(8) if 43 in header[2:4] else b""))
        stream.seek(tags.next)
        tags.load(stream)
        kind = ("unsigned", "signed", "floating-point")[tags.get(SAMPLE_FORMAT, (1,))[0] - 1]
        bits = ", ".join(map(str, tags[BITS]))
        return ImageError(
            f"is a TIFF with a kind of samples that xo-cnn does not read ({kind}, bits: {bits}; {reason}); "
            "convert it first: magick picture.tif -depth 8 picture.png"
        )
    return ImageError(f"broken or truncated {name}, or a kind of {name} that xo-cnn does not read ({reason})")


def _tiff(image: Any) -> Image.Image:
    """A TIFF's pixels, where Pillow mistakes how its numbers are stored."""
    tags = image.tag_v2
    wide = tags.get(PLANAR) == 2 and tags.get(BITS, (1,))[0] == 16
    for number, tile in enumerate(image.tile):
        codec, box, offset, (mode, *rest) = tile
        if codec == "libtiff":  # which gives numbers in this machine's order, whatever the file's
            mode = re.sub(r"^([IF];\d+)B", r"\1N", mode)
        elif wide:  # planes of 16 bits are taken for planes of 8
            mode += ";16B" if tags.prefix == b"MM" else ";16L"
        make = getattr(tile, "_make", tuple)  # Pillow before 11 has plain tuples
        image.tile[number] = make((codec, box, offset, (mode, *rest)))
    try:
        with _silence():
            image.load()
    except ValueError as error:
        raise _odd("TIFF", error, image.fp) from error
    if image.mode == "L" and tags.get(SAMPLE_FORMAT) == (2,):  # the sign is taken for a bit of the number
        return Image.fromarray(np.asarray(image).view(np.int8).astype(np.int32))
    return cast(Image.Image, image)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep the words of libtiff, which go past Python, from standard error."""
    with _SILENCE:
        try:
            kept = os.dup(2)
        except OSError:  # it is closed
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)


def _as_icon(stream: BinaryIO) -> BinaryIO:
    """A cursor as an icon: Pillow heeds the masks of icons alone, and where those have a depth cursors have a spot."""
    data = bytearray(stream.read(LARGEST_CURSOR))
    data[2] = 1
    for entry in range(6, min(6 + 16 * int.from_bytes(data[4:6], "little"), len(data) - 15), 16):
        header = int.from_bytes(data[entry + 12 : entry + 16], "little")
        data[entry + 4 : entry + 8] = data[header + 12 : header + 16].ljust(4, b"\0")
    return io.BytesIO(data)


def _bitfields(stream: BinaryIO, head: bytes, max_pixels: int) -> Image.Image:
    """A BMP of 16 bits per pixel that says which of them are red, green, blue and opacity."""
    (data,), (width, height) = struct.unpack_from("<I", head, 10), struct.unpack_from("<ii", head, 18)
    _refuse_large(width, abs(height), max_pixels)
    masks = struct.unpack_from("<4I", head, 54)
    if head[14] < 56 and head[30] == 3:
        masks = (*masks[:3], 0)
    stride = (width * 2 + 3) // 4 * 4
    stream.seek(data, io.SEEK_CUR)
    rows = np.frombuffer(stream.read(stride * abs(height)), "<u2").reshape(abs(height), -1)[:, :width]
    pixels = np.full((*rows.shape, 4), 255, dtype=np.uint8)
    for channel, mask in enumerate(masks):
        if mask := mask & 0xFFFF:
            pixels[..., channel] = np.rint((rows & mask) * np.float32(255 / mask))
    return Image.fromarray(pixels[::-1] if height > 0 else pixels)


def _without_end(data: bytes, head: bytes, max_pixels: int) -> Image.Image:
    """A JPEG that lacks its end marker, but no pixel: those that are missing would depend on what follows."""
    data, end = data.rstrip(b"\xff"), b"\xff\xd9"  # half a marker is none
    image, other = (
        _loaded(io.BytesIO(data + more + end), head, max_pixels) for more in (b"", b"\xfe\x55\x33\x0f" * 512)
    )
    if image.tobytes() != other.tobytes():
        raise OSError("pixels are missing")
    return image


def _needed_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The chunks of a PNG that make its picture: the critical ones, and transparency and rotation where intact."""
    yield stream.read(len(_PNG))
    while len(header := stream.read(8)) == 8:
        (length,) = struct.unpack(">I", header[:4])
        kind, rest = header[4:], stream.read(length + 4)
        intact = zlib.crc32(kind + rest[:-4]) == int.from_bytes(rest[-4:], "big")
        if not kind[0] & 0x20 or (kind in (b"tRNS", b"eXIf") and intact):
            yield header + rest


def _scale_transparency(image: Image.Image, sample: str) -> None:
    """Bring a PNG's transparent colour, which has the depth of the file's samples, to the depth of the pixels."""
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        image.info["transparency"] = clear * {"1": 255, "L;2": 85, "L;4": 17}.get(sample, 1)
    elif isinstance(clear, tuple) and sample == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in clear)
