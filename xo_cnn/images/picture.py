"""A picture as it was decoded: its levels of light, and what colour and transparency say beyond them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xo_cnn.grid import Map, to_levels

Pixels = NDArray[np.uint8]

# Pixels that are converted at a time, so that nothing but the result grows with the picture.
STRIP = 1 << 16
# The values that usually stand for white, in pictures of fractions.
WHITES = (1.0, 255.0, 65535.0)
# Values that fill less than this share of such a scale are stretched.
SHARE = 0.25
# One pixel in so many may lie far outside the range of the others (a hot pixel, a glint) and does not count.
OUTLIERS = 100_000

# How a camera was held, by the numbers of EXIF, and what brings its pictures upright.
TURNS = dict(zip((2, 4, 8, 3, 6, 5, 7), Image.Transpose, strict=True))
# What a TIFF says of its numbers, by the tags of its standard.
BITS, PHOTOMETRIC, PLANAR, SAMPLE_FORMAT = 258, 262, 284, 339


class Picture:
    """The pixels of one image, upright, or the cells of a grid.

    `light` are its levels of light composited onto white, uint8 shaped (rows, columns), 0 black to 255 white, or a
    grid; `alpha` its opacity, uint8 shaped (rows, columns), or None where every pixel is opaque. `colours` may also be
    a function that returns them, called when they are first asked for: most letters are found without them.
    """

    def __init__(
        self, light: Pixels | Map, colours: Pixels | Callable[[], Pixels] | None = None, alpha: Pixels | None = None
    ) -> None:
        self.grid = light if isinstance(light, Map) else None
        self.shape = light.shape
        self.alpha = alpha
        self._light = light
        self._colours = colours

    @cached_property
    def levels(self) -> Pixels:
        """The levels of light, of a grid's cells too."""
        return to_levels(self._light.values) if isinstance(self._light, Map) else self._light

    @cached_property
    def colours(self) -> Pixels | None:
        """Red, green and blue before compositing, uint8 shaped (rows, columns, 3); None where there is only grey."""
        return self._colours() if callable(self._colours) else self._colours


def from_image(image: Image.Image) -> Picture:
    """The levels of light of a Pillow image, upright and composited onto white, with colours and opacity."""
    image = _upright(image)
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return Picture(cut_to_levels(image))
    if image.mode == "La":  # premultiplied grey, which Pillow turns into LA and into nothing else
        image = image.convert("LA")
    if image.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        levels, alpha = _composited(image)
        if alpha.any():  # where no pixel is visible at all, alpha means nothing
            return Picture(levels, lambda: _converted(image, "RGB", 3), None if alpha.min() == 255 else alpha)
    elif image.mode in ("L", "1"):
        return Picture(np.asarray(image.convert("L")))
    levels = np.asarray(image.convert("L")) if image.mode == "RGB" else _converted(image, "L")  # most photographs
    return Picture(levels, lambda: _converted(image, "RGB", 3))


def strips(image: Image.Image) -> Iterator[tuple[slice, Image.Image]]:
    """Cut an image into strips of whole rows, each with the rows that it covers."""
    width, height = image.size
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        yield slice(top, bottom), image.crop((0, top, width, bottom))


def _converted(image: Image.Image, mode: str, *channels: int) -> Pixels:
    """Convert an image strip by strip, so that nothing but the result takes memory, from any mode through RGBA."""
    pixels = np.empty((image.height, image.width, *channels), dtype=np.uint8)
    for rows, strip in strips(image):
        pixels[rows] = np.asarray(strip.convert("RGBA").convert(mode))
    return pixels


def _composited(image: Image.Image) -> tuple[Pixels, Pixels]:
    """Levels composited onto white, and opacity."""
    alpha = np.empty((image.height, image.width), dtype=np.uint8)
    levels = np.empty_like(alpha)
    for rows, strip in strips(image):
        clear = strip.convert("RGBA")
        white = Image.new("RGBA", strip.size, "white")
        white.alpha_composite(clear)
        levels[rows] = np.asarray(white.convert("L"))
        alpha[rows] = np.asarray(clear.getchannel("A"))
    return levels, alpha


def _upright(image: Image.Image) -> Image.Image:
    """The image as its EXIF data say that it was held; data that cannot be read turn nothing."""
    try:
        with warnings.catch_warnings(action="ignore"):
            turn = TURNS.get(image.getexif().get(0x0112, 1))
    except Exception:  # EXIF data are a format of their own, and break in as many ways
        return image
    return image if turn is None else image.transpose(turn)


def cut_to_levels(image: Image.Image) -> Pixels:
    """Cut a 16-bit, 32-bit or floating-point image to levels of light from 0 to 255.

    The scale is the smallest usual one that holds every value if the values fill a quarter of it, and otherwise their
    own range. Pixels of the transparent value are white; where the file says that 0 is white, levels are inverted.
    """
    clear = image.info.get("transparency")
    black, white = _scale(image, clear)
    inverted = getattr(image, "tag_v2", {}).get(PHOTOMETRIC) == 0
    levels = np.empty((image.height, image.width), dtype=np.uint8)
    for rows, values in _values(image):
        shares = np.subtract(values, black, dtype=np.float32 if values.dtype == np.float32 else np.float64)
        shares *= 255 / (white - black)
        np.rint(np.clip(np.nan_to_num(shares, copy=False), 0, 255, out=shares), out=shares)
        levels[rows] = 255 - shares if inverted else shares
        if clear is not None:
            levels[rows][values == clear] = 255
    return levels


def _values(image: Image.Image) -> Iterator[tuple[slice, NDArray[Any]]]:
    """The numbers of an image, strip by strip; Pillow has no unsigned ones of 32 bits, and gives them a sign."""
    tags = getattr(image, "tag_v2", {})
    unsigned = image.mode == "I" and tags.get(BITS) == (32,) and tags.get(SAMPLE_FORMAT, (1,)) == (1,)
    for rows, strip in strips(image):
        values = np.asarray(strip)
        yield rows, values.view(np.uint32) if unsigned else values


def _scale(image: Image.Image, clear: Any) -> tuple[float, float]:
    """The values that become black and white."""
    least, most = _range(image, clear)
    span = most - least
    bits: int = getattr(image, "tag_v2", {}).get(BITS, (16,))[0]
    for white in WHITES if image.mode == "F" else sorted({65535, 2**bits - 1}):
        if least >= 0 and most <= white and (span >= SHARE * white or span == 0):
            return 0.0, float(white)
    if span == 0:
        return least - 1, most
    return (0.0 if least >= 0 and span >= SHARE * most else least), most


def _range(image: Image.Image, clear: Any) -> tuple[float, float]:
    """The least and the largest value without outliers."""
    outliers = image.width * image.height // OUTLIERS + 1
    ends = []
    for _, values in _values(image):
        seen = np.sort(values[np.isfinite(values)])
        if clear is not None:
            seen = seen[seen != clear]
        # the few lowest and highest of each strip hold those of the whole picture
        ends.append(np.delete(seen, slice(outliers + 1, -outliers - 1)))
    extremes = np.sort(np.concatenate(ends))
    if extremes.size == 0:
        return 0.0, 0.0
    if extremes.size <= 2 * outliers:
        outliers = 0
    least, inner_least, inner_most, most = extremes[[0, outliers, -outliers - 1, -1]].astype(np.float64).tolist()
    if 0 < inner_most - inner_least < (most - least) / 32:
        return inner_least, inner_most
    return least, most
