"""The functions that commands still call; `images.reader.Reader` does the work."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import Array, Map, to_levels
from xo_cnn.images.cells import Threshold
from xo_cnn.images.fit import Fitted, Ink
from xo_cnn.images.picture import Picture
from xo_cnn.images.reader import Reader
from xo_cnn.limits import MAX_PIXELS

__all__ = ["as_grid", "fit_image", "read_image", "to_levels"]


def read_image(stream: BinaryIO, source: str, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8] | Map:
    """Read levels of light from a picture, or the grid that a file holds."""
    picture = Reader(max_pixels=max_pixels).read(stream, source)
    return picture if isinstance(picture, Map) else picture.levels


def as_grid(
    picture: NDArray[np.uint8] | Map, *, threshold: Threshold = "auto", grey: bool = False, ink: Ink = "white"
) -> Array:
    """Turn levels into a ±1 grid."""
    source = picture if isinstance(picture, Map) else Picture(picture)
    return Reader(threshold, ink).grid(source, grey=grey).values


def fit_image(
    picture: NDArray[np.uint8] | Map, side: int, *, ink: Ink = "auto", threshold: Threshold = "auto"
) -> Fitted:
    """Fit an image to a grid of side × side cells."""
    levels = to_levels(picture.values) if isinstance(picture, Map) else picture
    return Reader(threshold, ink)._fit(Picture(levels), side)
