"""Decode image files with Pillow's own decoders into levels of light, colours and opacity."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from threading import Lock
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from xo_cnn.errors import ImageError
from xo_cnn.images.deep import cut_to_levels, strips
from xo_cnn.images.picture import Picture

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


def decode(stream: BinaryIO, max_pixels: int, *, colours: bool = True) -> Picture:
    """Decode the first frame of an image upright; without `colours`, only its levels of light.

    Raises ImageError for what Pillow's own decoders cannot read, and for more than `max_pixels` pixels.
    """
    start = stream.tell()
    try:
        try:
            return _decoded(stream, max_pixels, colours)
        except (ImageError, MemoryError):
            raise
        except Exception:
            # A broken text or profile chunk is not the picture: decode again without all that is not needed.
            stream.seek(start)
            if stream.read(len(_PNG)) != _PNG:
                raise
            return _decoded(io.BytesIO(_PNG + b"".join(_needed_chunks(stream))), max_pixels, colours)
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


def _decoded(stream: BinaryIO, max_pixels: int, colours: bool) -> Picture:
    with _opened(stream) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise ImageError(
                f"has {width * height} pixels ({height}x{width}), more than the limit of {max_pixels}; "
                f"raise it with --max-pixels {width * height}"
            )
        sample = str(image.tile[0][3]) if image.format == "PNG" and image.tile else ""
        image.load()
        _scale_transparency(image, sample)
        return from_image(image, colours=colours)


def _scale_transparency(image: Image.Image, sample: str) -> None:
    """Bring a PNG's transparent colour, which has the depth of the file's samples, to the depth of the pixels."""
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        image.info["transparency"] = clear * {"1": 255, "L;2": 85, "L;4": 17}.get(sample, 1)
    elif isinstance(clear, tuple) and sample == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in clear)


def _opened(stream: BinaryIO) -> ImageFile.ImageFile:
    head = stream.read(len(_PNG))
    stream.seek(-len(head), io.SEEK_CUR)
    if head == _PNG:
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


def from_image(image: Image.Image, *, colours: bool = True) -> Picture:
    """The levels of light of a loaded Pillow image, upright, composited onto white, with colours and opacity."""
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        picture = Picture(cut_to_levels(image))
    elif image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        picture = _composited(image, colours)
    elif image.mode in ("L", "1"):
        picture = Picture(np.asarray(image.convert("L")))
    else:
        picture = _coloured(image, colours)
    return _upright(picture, _orientation(image))


def _empty(image: Image.Image, *channels: int) -> NDArray[np.uint8]:
    return np.empty((image.height, image.width, *channels), dtype=np.uint8)


def _coloured(image: Image.Image, colours: bool) -> Picture:
    if not colours and image.mode in ("RGB", "P", "CMYK", "YCbCr"):
        return Picture(np.asarray(image.convert("L")))
    levels, kept = _empty(image), _empty(image, 3) if colours else None
    for rows, strip in strips(image):
        if strip.mode in ("RGB", "P", "CMYK", "YCbCr"):
            levels[rows] = np.asarray(strip.convert("L"))
        else:
            levels[rows] = np.asarray(strip.convert("RGB").convert("L"))
        if kept is not None:
            kept[rows] = np.asarray(strip.convert("RGB"))
    return Picture(levels, kept)


def _composited(image: Image.Image, colours: bool) -> Picture:
    """Composite an image with transparency onto white; where no pixel is visible at all, alpha means nothing."""
    levels, alpha, kept = _empty(image), _empty(image), _empty(image, 3) if colours else None
    for rows, strip in strips(image):
        clear = strip.convert("RGBA")
        white = Image.new("RGBA", strip.size, "white")
        white.alpha_composite(clear)
        levels[rows] = np.asarray(white.convert("L"))
        alpha[rows] = np.asarray(clear.getchannel("A"))
        if kept is not None:
            kept[rows] = np.asarray(clear.convert("RGB"))
    if alpha.any():
        return Picture(levels, kept, None if alpha.min() == 255 else alpha)
    for rows, strip in strips(image):
        levels[rows] = np.asarray(strip.convert("RGBA").convert("RGB").convert("L"))
    return Picture(levels, kept)


def _orientation(image: Image.Image) -> int:
    """How the EXIF data says that the camera was turned (1 to 8); data that cannot be read turn nothing."""
    # A PNG says in its chunks whether it was turned; asking Pillow in general takes as long as a small image.
    if image.format == "PNG" and not any(key in image.info for key in ("exif", "Raw profile type exif", "xmp")):
        return 1
    try:
        turned: Any = image.getexif().get(0x0112, 1)
    except Exception:  # EXIF data are a format of their own, and break in as many ways
        return 1
    return turned if turned in range(1, 9) else 1


def _upright(picture: Picture, orientation: int) -> Picture:
    if orientation == 1:
        return picture

    def turned(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if orientation in (2, 3, 7, 8):
            pixels = pixels[:, ::-1]
        if orientation in (3, 4, 6, 7):
            pixels = pixels[::-1]
        if orientation >= 5:
            pixels = pixels.swapaxes(0, 1)
        return np.ascontiguousarray(pixels)

    rest = (None if pixels is None else turned(pixels) for pixels in (picture.colours, picture.alpha))
    return Picture(turned(picture.levels), *rest)
