"""Decode image files with Pillow's own decoders into levels of light, colours and opacity."""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from xo_cnn.errors import ImageError
from xo_cnn.images.deep import cut_to_levels, strips
from xo_cnn.images.picture import Picture, Pixels

# The formats that are opened: Pillow decodes them itself, starts no other program and opens no other file for them.
# Those at the end have no signature of their own, so they are tried last.
DECODERS = (
    *("PNG", "JPEG", "GIF", "BMP", "DIB", "PPM", "TIFF", "WEBP", "AVIF", "JPEG2000", "ICO", "CUR", "ICNS"),
    *("PSD", "QOI", "SGI", "SUN", "PCX", "DCX", "DDS", "BLP", "FTEX", "GBR", "FITS", "FLI", "MSP", "MCIDAS"),
    *("PIXAR", "XBM", "XPM", "XVTHUMB", "IM", "IMT", "PCD", "TGA", "SPIDER"),
)
# The formats that are never opened: they start Ghostscript (EPS), hand their content to any other decoder (IPTC) or to
# a handler from elsewhere (WMF, BUFR, GRIB, HDF5), or Pillow has no decoder for them (MPEG) or none of its own
# (FPX, MIC).
REFUSED = ("EPS", "IPTC", "WMF", "BUFR", "GRIB", "HDF5", "MPEG", "FPX", "MIC")

_PNG = b"\x89PNG\r\n\x1a\n"
_OPENING = Lock()


def decode(stream: BinaryIO, max_pixels: int) -> Picture:
    """Decode the first frame of an image upright.

    Raises ImageError for what Pillow's own decoders cannot read, and for more than `max_pixels` pixels.
    """
    start = stream.tell()
    png = stream.read(len(_PNG)) == _PNG
    stream.seek(start)
    try:
        try:
            return _decoded(stream, max_pixels, png)
        except (ImageError, MemoryError):
            raise
        except Exception:
            if not png:
                raise
            # A broken text or profile chunk is not the picture: decode again without all that is not needed.
            stream.seek(start + len(_PNG))
            return _decoded(io.BytesIO(_PNG + b"".join(_needed_chunks(stream))), max_pixels, png)
    except (ImageError, MemoryError):
        raise
    except UnidentifiedImageError as error:
        raise ImageError("not an image format that xo-cnn reads, and not a grid of numbers") from error
    except Exception as error:
        # A decoder meets a broken file with whatever exception its format happens to raise.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ImageError(f"broken or truncated image: {reason}") from error


def _needed_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The chunks of a PNG that make its picture: the critical ones, and transparency and rotation where intact."""
    while len(header := stream.read(8)) == 8:
        (length,) = struct.unpack(">I", header[:4])
        kind, rest = header[4:], stream.read(length + 4)
        intact = zlib.crc32(kind + rest[:-4]) == int.from_bytes(rest[-4:], "big")
        if not kind[0] & 0x20 or (kind in (b"tRNS", b"eXIf") and intact):
            yield header + rest


def _decoded(stream: BinaryIO, max_pixels: int, png: bool) -> Picture:
    with contextlib.nullcontext() if png else _without_warnings(), _opened(stream, png) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise ImageError(
                f"has {width * height} pixels ({height}x{width}), more than the limit of {max_pixels}; "
                f"raise it with --max-pixels {width * height}"
            )
        sample = str(image.tile[0][3]) if png else ""
        image.load()
        if "transparency" in image.info:
            _scale_transparency(image, sample)
        return from_image(image)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep Pillow from warning of broken data that are not the picture."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _scale_transparency(image: Image.Image, sample: str) -> None:
    """Bring a PNG's transparent colour, which has the depth of the file's samples, to the depth of the pixels."""
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        image.info["transparency"] = clear * {"1": 255, "L;2": 85, "L;4": 17}.get(sample, 1)
    elif isinstance(clear, tuple) and sample == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in clear)


def _opened(stream: BinaryIO, png: bool) -> ImageFile.ImageFile:
    if png:
        # Most images are PNG; asked directly, Pillow need not load its other formats and try them all.
        from PIL.PngImagePlugin import PngImageFile

        return PngImageFile(stream)
    with _OPENING:
        # Our own limit is checked next; Pillow's would warn first, and no option could raise it.
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            Image.preinit()
            try:
                return Image.open(stream, formats=_available())
            except UnidentifiedImageError:
                Image.init()
                return Image.open(stream, formats=_available())
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _available() -> list[str]:
    """The decoders that this Pillow has loaded, in their order."""
    return [name for name in DECODERS if name in Image.OPEN]


def from_image(image: Image.Image) -> Picture:
    """The levels of light of a Pillow image, upright and composited onto white, with colours and opacity."""
    turned = _turn(_orientation(image))
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return Picture(turned(cut_to_levels(image)))
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        levels, alpha = _composited(image)
        opaque = alpha.min() == 255 or not alpha.any()
        return Picture(turned(levels), lambda: turned(_colours(image)), None if opaque else turned(alpha))
    if image.mode in ("L", "1"):
        grey = image if image.mode == "L" else image.convert("L")
        return Picture(turned(np.frombuffer(grey.tobytes(), np.uint8).reshape(image.height, image.width)))
    if image.mode in ("RGB", "P", "CMYK", "YCbCr"):
        levels = np.asarray(image.convert("L"))
    else:
        levels = _converted(image, lambda strip: strip.convert("RGB").convert("L"))
    return Picture(turned(levels), lambda: turned(_colours(image)))


def _converted(image: Image.Image, convert: Callable[[Image.Image], Image.Image], *channels: int) -> Pixels:
    """Convert an image strip by strip, so that nothing but the result takes memory."""
    pixels = np.empty((image.height, image.width, *channels), dtype=np.uint8)
    for rows, strip in strips(image):
        pixels[rows] = np.asarray(convert(strip))
    return pixels


def _colours(image: Image.Image) -> Pixels:
    through = "RGBA" if image.mode in ("LA", "La", "PA", "RGBa") or "transparency" in image.info else image.mode
    return _converted(image, lambda strip: strip.convert(through).convert("RGB"), 3)


def _composited(image: Image.Image) -> tuple[Pixels, Pixels]:
    """Levels composited onto white, and opacity; where no pixel is visible at all, alpha means nothing."""
    alpha = np.empty((image.height, image.width), dtype=np.uint8)
    levels = np.empty_like(alpha)
    for rows, strip in strips(image):
        clear = strip.convert("RGBA")
        white = Image.new("RGBA", strip.size, "white")
        white.alpha_composite(clear)
        levels[rows] = np.asarray(white.convert("L"))
        alpha[rows] = np.asarray(clear.getchannel("A"))
    if not alpha.any():
        levels = _converted(image, lambda strip: strip.convert("RGBA").convert("RGB").convert("L"))
    return levels, alpha


def _orientation(image: Image.Image) -> int:
    """How the EXIF data says that the camera was turned (1 to 8); data that cannot be read turn nothing."""
    # A PNG says in its chunks whether it was turned; asking Pillow in general takes as long as a small image.
    if image.format == "PNG" and not any(key in image.info for key in ("exif", "Raw profile type exif", "xmp")):
        return 1
    try:
        with _without_warnings():
            turned: Any = image.getexif().get(0x0112, 1)
    except Exception:  # EXIF data are a format of their own, and break in as many ways
        return 1
    return turned if turned in range(1, 9) else 1


def _turn(orientation: int) -> Callable[[Pixels], Pixels]:
    """What brings pixels upright that a camera turned so."""

    def turned(pixels: Pixels) -> Pixels:
        if orientation in (2, 3, 7, 8):
            pixels = pixels[:, ::-1]
        if orientation in (3, 4, 6, 7):
            pixels = pixels[::-1]
        if orientation >= 5:
            pixels = pixels.swapaxes(0, 1)
        return np.ascontiguousarray(pixels)

    return turned
