"""From any picture to a grid or a verdict in one call; one picture, or a list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeGuard, TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from xo_cnn.errors import ImageError, OptionError, XoCnnError
from xo_cnn.grid import Map
from xo_cnn.images.fit import Fitted, Ink
from xo_cnn.images.levels import Threshold
from xo_cnn.images.picture import Picture
from xo_cnn.images.reader import Reader, stem
from xo_cnn.limits import MAX_PIXELS
from xo_cnn.network import Network, as_network
from xo_cnn.voting import Verdict

if TYPE_CHECKING:
    from PIL import Image

# One picture: a path, an open binary file, a Pillow image, levels or cells in an array, or the rows of a grid.
Single: TypeAlias = "str | PathLike[str] | BinaryIO | Image.Image | Picture | Map | NDArray[Any]"
One: TypeAlias = "Single | Sequence[Sequence[float]]"
Many: TypeAlias = "Sequence[Single]"

T = TypeVar("T")


@overload
def load_image(  # type: ignore[overload-overlap]  # a str is a sequence of str too, and one picture
    picture: One,
    fit: int | None = None,
    *,
    threshold: Threshold = "auto",
    grey: bool = False,
    ink: Ink | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Map: ...
@overload
def load_image(
    picture: Many,
    fit: int | None = None,
    *,
    threshold: Threshold = "auto",
    grey: bool = False,
    ink: Ink | None = None,
    max_pixels: int = MAX_PIXELS,
) -> list[Map]: ...
def load_image(
    picture: One | Many,
    fit: int | None = None,
    *,
    threshold: Threshold = "auto",
    grey: bool = False,
    ink: Ink | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Map | list[Map]:
    """Read a picture as a grid: each pixel is a cell, 1 where it is white and -1 where it is black.

    `picture` is a path, an open binary file, a Pillow image, an array of levels (uint8, rows × columns, or
    rows × columns × 3 or 4 with colours), or a grid (a Map, or cells in [-1, 1]); a list of them gives a list.
    With `fit` the letter is found, cropped and stretched to fit × fit cells, in which ink is 1.

    A pixel is white at or above `threshold` (0 to 255, by default Otsu's). With `grey`, levels are kept, spread over
    [-1, 1]. `ink` ("white", "black" or "auto") says which side becomes 1: by default white, or the ink with `fit`.

    Raises ImageError for a picture that cannot be read, has the wrong scale or more than `max_pixels` pixels,
    GridError for a file with an invalid grid, and OptionError for an argument outside its range.

    >>> load_image(np.array([[0, 255, 255], [255, 0, 255]], dtype=np.uint8)).values.tolist()
    [[-1, 1, 1], [1, -1, 1]]
    """
    if fit is not None and grey:
        raise OptionError("fit separates ink from paper and grey keeps all levels; use one of them")
    reader = Reader(threshold, ink or ("white" if fit is None else "auto"), max_pixels)

    def load(one: One, name: str | None) -> Map:
        if fit is None:
            return reader.grid(one, name, grey=grey)
        return Map(stem(one), reader.fitted(one, fit, name).grid)

    if is_several(picture):
        return [load(*each) for each in _numbered(picture)]
    return load(cast("One", picture), None)


@overload
def classify(  # type: ignore[overload-overlap]
    picture: One, network: str | PathLike[str] | Network = "xo"
) -> Verdict: ...
@overload
def classify(picture: Many, network: str | PathLike[str] | Network = "xo") -> list[Verdict]: ...
def classify(picture: One | Many, network: str | PathLike[str] | Network = "xo") -> Verdict | list[Verdict]:
    """Classify a picture, or each of a list of pictures, as `xo-cnn classify` does: fit, convolve, pool and vote.

    `picture` is what `load_image` takes; a grid of the network's size is taken as it is. `network` is an installed
    name, a path, or a Network. Raises what `load_image` raises, and NetworkError.

    >>> strokes = np.eye(20, dtype=np.uint8)
    >>> str(classify(255 * (strokes | strokes[::-1])))
    'X'
    """
    loaded = as_network(network)
    reader = Reader()
    if is_several(picture):
        fitted = [reader.fitted(one, loaded.side, name) for one, name in _numbered(picture)]
        verdicts = loaded.classify_all([one.grid for one in fitted])
        return [with_neither(verdict, one) for verdict, one in zip(verdicts, fitted, strict=True)]
    one = reader.fitted(cast("One", picture), loaded.side)
    return with_neither(loaded.classify(one.grid), one)


def with_neither(verdict: Verdict, fitted: Fitted) -> Verdict:
    """The verdict with what neither label got, where the grid was found in a picture and not taken as it is."""
    return verdict if fitted.box is None else Verdict(verdict.votes, fitted.neither)


def outcomes(paths: Sequence[str], work: Callable[[str], T]) -> list[T | XoCnnError]:
    """What some work gives for each path, or the error that says why it gives nothing.

    >>> outcomes(["a"], len)
    [1]
    """
    return [_outcome(path, work) for path in paths]


def _outcome(path: str, work: Callable[[str], T]) -> T | XoCnnError:
    try:
        return work(path)
    except XoCnnError as error:
        return error
    except MemoryError:
        return ImageError("not enough memory", path)


def is_several(picture: One | Many) -> TypeGuard[Many]:
    """Tell several pictures from one: a list of rows is one grid, a list of anything else (or a stack) is several.

    >>> is_several(["x.png", "o.png"]), is_several([[1, -1], [-1, 1]]), is_several([])
    (True, False, True)
    """
    if isinstance(picture, np.ndarray):
        return picture.ndim == (4 if picture.dtype == np.uint8 else 3)
    if not isinstance(picture, (list, tuple)):
        return False
    return not picture or not all(_is_row(row) for row in picture)


def _is_row(row: object) -> bool:
    if isinstance(row, np.ndarray):
        return row.ndim == 1
    return isinstance(row, (list, tuple)) and all(isinstance(cell, (int, float, np.generic)) for cell in row)


def _numbered(pictures: Many) -> Iterator[tuple[One, str | None]]:
    """The pictures of a list, each with its name in errors where it has none of its own."""
    for number, one in enumerate(pictures, start=1):
        yield one, None if isinstance(one, (str, PathLike)) or hasattr(one, "name") else f"picture {number}"
