"""The one reader: from a file, a stream or a Python picture to a grid, and every error names its source."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike, fsdecode
from typing import Any, BinaryIO, TypeAlias, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from xo_cnn import words
from xo_cnn.catalogue import opener
from xo_cnn.errors import GridError, ImageError, ShapeError, XoCnnError
from xo_cnn.formats.maps import read_grid, recognise
from xo_cnn.grid import Array, Map, as_map, is_plus_minus_one, refuse_wrong_scale, to_cells
from xo_cnn.images.decoding import decode
from xo_cnn.images.fit import Fitted, Ink, fit
from xo_cnn.images.levels import Threshold, binarize
from xo_cnn.images.picture import Picture, from_image
from xo_cnn.limits import MAX_PIXELS, one_of, whole_number

# What is read as a picture: see `Reader.read`.
Source: TypeAlias = "str | PathLike[str] | BinaryIO | Image.Image | Picture | Map | ArrayLike"
KINDS = "a path, an open binary file, bytes, a Pillow image, an array of levels (uint8) or a grid"


@dataclass(frozen=True)
class Reader:
    """How pictures are read: where the threshold lies, which side is ink, and how many pixels are accepted.

    `threshold` is "auto" (Otsu's method) or the grey level from 0 to 255 at or above which a pixel is white; `ink` is
    "white", "black" or "auto"; `no_fit` turns the fit off: a picture then has one pixel per cell, and white is 1.
    Raises OptionError for other values.

    >>> Reader(ink="white").grid(np.array([[0, 255]], dtype=np.uint8)).values.tolist()
    [[-1, 1]]
    """

    threshold: Threshold = "auto"
    ink: Ink = "auto"
    max_pixels: int = MAX_PIXELS
    no_fit: bool = False

    def __post_init__(self) -> None:
        one_of("ink", self.ink, *get_args(Ink))
        if self.threshold != "auto":
            whole_number("threshold", self.threshold, 0, 255, " or 'auto'")
        whole_number("max_pixels", self.max_pixels, 1, None)

    def read(self, source: Source, name: str | None = None) -> Picture:
        """Read a picture, or the grid that a text, csv, npy, npz or JSON file holds; `name` is its name in errors.

        `source` is a path, an open binary file, bytes, a Pillow image, an array of levels (uint8, rows × columns, × 3
        or × 4 with colours), or a grid (a Map, or an array of cells in [-1, 1]). Raises ImageError or GridError.
        """
        with _naming(source, name) as named:
            if isinstance(source, (str, PathLike)):
                with open(source, "rb", opener=opener) as file:
                    return self.read(file, named)
            if isinstance(source, (bytes, bytearray, memoryview)):
                source = io.BytesIO(source)
            if not hasattr(source, "read"):
                return _from_python(source)
            if isinstance(source, io.TextIOBase):
                raise ImageError("is open as text; open it in binary mode ('rb')")
            stream = cast(BinaryIO, source)
            if not stream.seekable():  # a pipe in the place of a file
                stream = io.BytesIO(stream.read())
            if recognise(stream) is None:
                return decode(stream, self.max_pixels)
            grid = read_grid(stream, named, self.max_pixels)
            if grid.sums.min() < -1 or grid.sums.max() > 1:
                raise GridError("has cells outside [-1, 1]; in a grid -1 is black and 1 is white")
            return Picture(grid)

    def grid(self, source: Source, name: str | None = None, *, grey: bool = False) -> Map:
        """Read a whole picture as a grid of ±1, one pixel per cell; with `grey`, levels in [-1, 1].

        The grid is named after the file. Raises ImageError or GridError.
        """
        with _naming(source, name) as named:
            picture = self.read(source, named)
            black = self.ink == "black" or (self.ink == "auto" and self._fit(picture, 16).ink == "black")
            return Map(stem(source) or stem(picture.grid), self._cells(picture, black, grey))

    def fitted(self, source: Source, side: int, name: str | None = None) -> Fitted:
        """Find the letter of a picture and stretch it to side × side cells, in which ink is 1.

        A grid of exactly that size is taken as it is. Raises ImageError where there is no ink, or GridError.
        """
        whole_number("fit", side, 3, 4096)
        with _naming(source, name) as named:
            picture = self.read(source, named)
            if picture.grid is not None:
                refuse_wrong_scale(picture.grid.values, "the grid")
            if picture.shape == (side, side) and (self.no_fit or picture.grid is not None):
                as_it_is = picture.grid is not None and self.threshold == "auto"
                cells = self._cells(picture, self.ink == "black", grey=as_it_is)
                return Fitted(cells, "black" if self.ink == "black" else "white", None)
            if self.no_fit:
                size = "x".join(map(str, picture.shape))
                raise ShapeError(f"is {size}; without the fit it must be {side}x{side}, one pixel per cell")
            return self._fit(picture, side)

    def _fit(self, picture: Picture, side: int) -> Fitted:
        return fit(picture, side, ink=self.ink, threshold=None if self.threshold == "auto" else self.threshold)

    def _cells(self, picture: Picture, black: bool, grey: bool) -> Array:
        if picture.grid is not None and self.threshold == "auto":
            cells = picture.grid.values
            if not grey and not is_plus_minus_one(cells):
                cells = np.where(cells >= 0, 1, -1).astype(np.int8)
            return 0 - cells if black else cells  # not -cells, which makes -0 of 0
        if grey:
            return to_cells(picture.levels, black=black)
        return binarize(picture.levels, self.threshold, black=black)


@contextlib.contextmanager
def _naming(source: Source, name: str | None) -> Iterator[str]:
    """Name a source in every error: by its path, by an open file's own name, or as "the picture"."""
    if name is None:
        own = getattr(source, "name", None) if hasattr(source, "read") else source
        name = fsdecode(own) if isinstance(own, (str, PathLike)) else "the picture"
    try:
        yield name
    except XoCnnError as error:
        raise error.naming(name) from error
    except MemoryError as error:
        raise ImageError("not enough memory", name) from error
    except (OSError, ValueError) as error:
        raise ImageError(f"cannot be read: {getattr(error, 'strerror', None) or error}", name) from error


def stem(source: Source | None) -> str:
    """What the grid of a source is called: the stem of a path, a Map's own name, or nothing.

    >>> stem("scans/letter.png"), stem(Map("diag", np.eye(3)))
    ('letter', 'diag')
    """
    if isinstance(source, (str, PathLike)):
        return words.stem(fsdecode(source))
    return source.name if isinstance(source, Map) else ""


def _from_python(source: Any) -> Picture:
    """A Pillow image, an array of levels or a grid, checked for its scale."""
    if isinstance(source, Picture):
        return source
    if not isinstance(source, (Map, list, tuple)):
        if hasattr(source, "getbands"):
            source.load()
            return from_image(source)
        kind, source = type(source).__name__, np.asarray(source)
        if source.ndim == 0 or source.dtype == np.object_:
            raise ImageError(f"is of the type {kind}; use {KINDS}")
        if source.dtype == np.uint8:
            return _from_levels(source)
        if source.dtype == np.bool_:
            raise ImageError("is an array of booleans; use numpy.where(mask, 1, -1) for a grid")
    grid = as_map(source, "a picture")
    cells = grid.values
    if not (cells.min() >= -1 and cells.max() <= 1):
        raise ImageError(
            f"has values from {cells.min():g} to {cells.max():g}; levels are uint8 from 0 to 255, "
            "and the cells of a grid lie between -1 (black) and 1 (white)"
        )
    refuse_wrong_scale(cells, "it")
    if isinstance(source, np.ndarray) and 0 <= cells.min() < 1:
        raise ImageError("has values from 0 to 1 only; in a grid black is -1 and white is 1: use 2 * values - 1")
    return Picture(grid)


def _from_levels(levels: NDArray[np.uint8]) -> Picture:
    if levels.size and levels.ndim == 2:
        return Picture(levels)
    if levels.size and levels.ndim == 3 and levels.shape[2] in (3, 4):
        return from_image(Image.fromarray(levels))
    raise ImageError(f"has the shape {levels.shape}; levels are (rows, columns), (rows, columns, 3) or (…, 4)")
