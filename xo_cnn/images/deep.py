"""Pictures of more than 8 bits: look at the range of their values first, then cut them to levels of light."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Pixels that are converted at a time, so that nothing but the result grows with the picture.
STRIP = 1 << 16
# The values that usually stand for white, in pictures of whole numbers and of fractions.
WHITES = {"i": (65535,), "u": (65535,), "f": (1.0, 255.0, 65535.0)}
# Values that fill less than this share of such a scale are stretched.
SHARE = 0.25
# One pixel in so many may lie far outside the range of the others (a hot pixel, a glint) and does not count.
OUTLIERS = 100_000


def strips(image: Image.Image) -> Iterator[tuple[slice, Image.Image]]:
    """Cut an image into strips of whole rows, each with the rows that it covers."""
    width, height = image.size
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        yield slice(top, bottom), image.crop((0, top, width, bottom))


def cut_to_levels(image: Image.Image) -> NDArray[np.uint8]:
    """Cut a 16-bit, 32-bit or floating-point image to levels of light from 0 to 255.

    The scale is the smallest usual one that holds every value if the values fill a quarter of it, and otherwise their
    own range. Pixels of the transparent value are white; where the file says that 0 is white, levels are inverted.
    """
    clear = image.info.get("transparency")
    black, white = _scale(image, clear)
    inverted = image.format == "TIFF" and getattr(image, "tag_v2", {}).get(262) == 0
    levels = np.empty((image.height, image.width), dtype=np.uint8)
    for rows, strip in strips(image):
        values = np.asarray(strip)
        shares = np.subtract(values, black, dtype=np.float32 if values.dtype == np.float32 else np.float64)
        shares *= 255 / (white - black)
        np.rint(np.clip(np.nan_to_num(shares, copy=False), 0, 255, out=shares), out=shares)
        levels[rows] = 255 - shares if inverted else shares
        if clear is not None:
            levels[rows][values == clear] = 255
    return levels


def _scale(image: Image.Image, clear: Any) -> tuple[float, float]:
    """The values that become black and white."""
    least, most, kind = _range(image, clear)
    span = most - least
    for white in WHITES[kind]:
        if least >= 0 and most <= white and (span >= SHARE * white or span == 0):
            return 0.0, float(white)
    if span == 0:
        return least - 1, most
    return (0.0 if least >= 0 and span >= SHARE * most else least), most


def _range(image: Image.Image, clear: Any) -> tuple[float, float, str]:
    """The least and the largest value without outliers, and whether they are whole numbers or fractions."""
    outliers = image.width * image.height // OUTLIERS + 1
    ends = []
    for _, strip in strips(image):
        values = np.asarray(strip)
        kind = values.dtype.kind
        seen = values.ravel() if kind == "u" and clear is None else values[np.isfinite(values) & (values != clear)]
        if seen.size > 2 * outliers + 2:
            # the few lowest and highest of each strip hold those of the whole picture
            parted = np.partition(seen, (outliers, seen.size - 1 - outliers))
            seen = np.concatenate([parted[: outliers + 1], parted[seen.size - 1 - outliers :]])
        ends.append(seen)
    extremes = np.sort(np.concatenate(ends)).astype(np.float64)
    if extremes.size == 0:
        return 0.0, 0.0, kind
    least, most = extremes[0], extremes[-1]
    if extremes.size > 2 * outliers:
        inner_least, inner_most = extremes[outliers], extremes[-outliers - 1]
        if 0 < inner_most - inner_least < (most - least) / 32:
            least, most = inner_least, inner_most
    return float(least), float(most), kind
