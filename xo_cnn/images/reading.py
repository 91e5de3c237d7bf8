"""Images: any picture that Pillow reads becomes levels of light, and the levels become a ±1 grid."""

from __future__ import annotations

import io
from os import PathLike, fspath
from os.path import basename, splitext
from threading import Lock
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from xo_cnn.errors import GridError, ImageError
from xo_cnn.formats.maps import in_reach, read_grid, sniff
from xo_cnn.grid import Map
from xo_cnn.images.fit import Fitted, fit, otsu
from xo_cnn.limits import MAX_PIXELS

Levels = NDArray[np.uint8]
Ink = Literal["white", "black", "auto"]


def load_image(
    path: str | PathLike[str] | BinaryIO,
    *,
    threshold: Literal["auto"] | int = "auto",
    grey: bool = False,
    ink: Ink = "white",
    max_pixels: int = MAX_PIXELS,
) -> Map:
    """Read an image as a grid: each pixel is a cell, 1 where it is white and -1 where it is black.

    A pixel is white from `threshold` (0 to 255) on, by default a threshold that parts dark from light best (Otsu's).
    With `grey` the levels stay, spread over [-1, 1]. `ink` says which side becomes 1. Text, npy, npz and JSON that
    hold a grid are taken as it. Raises ImageError for what is no image, or has more than `max_pixels`.
    """
    if isinstance(path, (str, PathLike)):
        name = fspath(path)
        try:
            with open(name, "rb") as stream:
                picture = read_image(stream, name, max_pixels)
        except OSError as error:
            raise ImageError(f"{name}: cannot be read: {error.strerror}") from error
        stem = splitext(basename(name))[0]
    else:
        picture, stem = read_image(path, "the image", max_pixels), ""
    return Map(stem, as_grid(picture, threshold=threshold, grey=grey, ink=ink))


def read_image(stream: BinaryIO, source: str, max_pixels: int = MAX_PIXELS) -> Levels | Map:
    """Read levels of light (0 black to 255 white) from a picture, or the grid that a text, npy, npz or JSON file holds.

    Raises ImageError, naming `source`, for an empty file and for what is neither.
    """
    stream = in_reach(stream)
    head = stream.read(256)
    stream.seek(-len(head), io.SEEK_CUR)
    if not head:
        raise ImageError(f"{source}: is empty (0 bytes), so it holds no image")
    if sniff(head) is None:
        return read_levels(stream, source, max_pixels)
    grid = read_grid(stream, source)
    if np.abs(grid.sums).max() > 1:
        raise GridError(f"{source}: has cells outside [-1, 1]; in a grid -1 is black and 1 is white")
    return grid


def read_levels(stream: BinaryIO, source: str, max_pixels: int = MAX_PIXELS) -> Levels:
    """Read a picture's levels of light, upright and laid on white: (height, width) from 0 black to 255 white."""
    try:
        with _opened(stream) as image:
            width, height = image.size
            if width * height > max_pixels:
                raise ImageError(
                    f"{source}: has {width * height} pixels ({height}x{width}), more than the limit of {max_pixels}; "
                    f"lift it with --max-pixels {width * height}"
                )
            return _levels(image)
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError(f"{source}: is no image that Pillow knows, and no grid of numbers") from error
    except MemoryError as error:
        raise ImageError(f"{source}: needs more memory than there is") from error
    except Exception as error:
        # A decoder meets a broken file with whatever exception its format happens to raise.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ImageError(f"{source}: is a broken or cut-off image: {reason}") from error


_OPENING = Lock()


def _opened(stream: BinaryIO) -> Image.Image:
    head = stream.read(8)
    stream.seek(-len(head), io.SEEK_CUR)
    if head == b"\x89PNG\r\n\x1a\n":
        # Most images are PNG; asked directly, Pillow need not load its other formats and ask them all.
        from PIL.PngImagePlugin import PngImageFile

        return PngImageFile(stream)
    with _OPENING:
        # Our own limit is checked next; Pillow's would warn first, and no option could lift it.
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            return Image.open(stream)
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _levels(image: Image.Image) -> Levels:
    image.load()
    # A PNG says in its chunks whether it was turned; asking Pillow for it in general takes as long as a small image.
    if image.format != "PNG" or any(key in image.info for key in ("exif", "Raw profile type exif", "xmp")):
        from PIL import ImageOps

        ImageOps.exif_transpose(image, in_place=True)
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        levels = _from_deep(np.asarray(image))
        clear = image.info.get("transparency")
        return np.where(np.asarray(image) == clear, np.uint8(255), levels) if isinstance(clear, int) else levels
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        laid = Image.new("RGBA", image.size, "white")
        laid.alpha_composite(image.convert("RGBA"))
        return np.asarray(laid.convert("L"))
    if image.mode in ("RGB", "P", "L", "1", "CMYK", "YCbCr"):
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGB").convert("L"))


def _from_deep(deep: NDArray[np.generic]) -> Levels:
    """Sixteen bits, or thirty-two, or fractions down to eight, by the smallest usual white that holds them all."""
    levels = np.nan_to_num(deep.astype(np.float64), posinf=0, neginf=0)
    most = levels.max(initial=0)
    whites = [1.0, 255.0, 65535.0] if deep.dtype.kind == "f" else [65535.0]
    white = next((white for white in whites if most <= white), most)
    return np.rint(levels.clip(0, white) * (255 / white)).astype(np.uint8)


def as_grid(
    picture: Levels | Map,
    *,
    threshold: Literal["auto"] | int = "auto",
    grey: bool = False,
    ink: Ink = "white",
) -> NDArray[np.int8] | NDArray[np.float32]:
    """Turn levels into a ±1 grid (with `grey` into float32 levels in [-1, 1]); a grid that was read stays one."""
    if isinstance(picture, Map) and threshold == "auto":
        grid = picture.values
        two_levels = grey or bool(np.isin(grid, (-1, 1)).all())
        grid = grid if two_levels else np.where(grid >= 0, 1, -1).astype(np.int8)
        black = ink == "black" or (ink == "auto" and fit(to_levels(grid), 16).ink == "black")
        return 0 - grid if black else grid  # not -grid, which makes -0 of 0
    levels = to_levels(picture.values) if isinstance(picture, Map) else picture
    black = ink == "black" or (ink == "auto" and fit(levels, 16).ink == "black")
    if grey:
        # A table of the 256 levels: exact at both ends, and quicker than arithmetic on each pixel.
        table = (np.arange(256, dtype=np.float32) * 2 - 255) / np.float32(-255 if black else 255)
        return table[levels]
    white = levels >= (otsu(levels) if threshold == "auto" else threshold)
    grid = white.view(np.int8)  # a fresh array of 0 and 1, turned in place into -1 and 1
    np.multiply(grid, -2 if black else 2, out=grid)
    np.add(grid, 1 if black else -1, out=grid)
    return grid


def to_levels(grid: NDArray[np.generic]) -> Levels:
    """A grid's cells in [-1, 1] as levels of light from 0 to 255."""
    levels: Levels = np.rint((np.asarray(grid, dtype=np.float32) + 1) * np.float32(127.5)).astype(np.uint8)
    return levels


def fit_image(
    picture: Levels | Map, side: int, *, ink: Ink = "auto", threshold: Literal["auto"] | int = "auto"
) -> Fitted:
    """Find the ink of an image, crop it and stretch it to a grid of `side` by `side` cells in which ink is 1."""
    levels = to_levels(picture.values) if isinstance(picture, Map) else picture
    return fit(levels, side, ink=ink, threshold=None if threshold == "auto" else threshold)
