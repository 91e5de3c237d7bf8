"""From any picture to a grid or a verdict in one call; one picture, or each of any number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from typing import Any, BinaryIO, Literal, TypeAlias, TypedDict, TypeVar, Unpack, overload

import numpy as np
from PIL import Image

from xo_cnn.errors import OptionError, XoCnnError
from xo_cnn.grid import Array, Map, as_map, depth
from xo_cnn.images.fit import Fitted, Ink
from xo_cnn.images.levels import Threshold
from xo_cnn.images.picture import Picture
from xo_cnn.images.reader import Reader, stem
from xo_cnn.limits import MAX_PIXELS, one_of
from xo_cnn.matching import agreement
from xo_cnn.network import Network, as_network
from xo_cnn.voting import Verdict

# One picture: a path, an open binary file, the bytes of one, a Pillow image, or the rows of a grid. An array may be one
# or several.
Single: TypeAlias = "str | PathLike[str] | BinaryIO | bytes | Image.Image | Picture | Map"
One: TypeAlias = "Single | Sequence[Sequence[float]]"
Many: TypeAlias = "Iterable[Single | Array]"
Net: TypeAlias = "str | PathLike[str] | Network"
Errors = Literal["raise", "return"]

T = TypeVar("T")


class Reading(TypedDict, total=False):
    """How pictures are read: the keywords that every function on pictures takes."""

    threshold: Threshold
    ink: Ink
    max_pixels: int


class Levels(Reading, total=False):
    """The same, and whether levels of light are kept."""

    grey: bool


class Fitting(Reading, total=False):
    """The same, and whether a picture of the network's size is one pixel per cell."""

    no_fit: bool


@overload
def load_image(  # type: ignore[overload-overlap]  # a str is an iterable of str too, and one picture
    picture: One, fit: int | None = None, *, errors: Literal["raise"] = "raise", **options: Unpack[Levels]
) -> Map: ...
@overload
def load_image(
    picture: Array, fit: int | None = None, *, errors: Errors = "raise", **options: Unpack[Levels]
) -> Any: ...
@overload
def load_image(
    picture: Many, fit: int | None = None, *, errors: Literal["raise"] = "raise", **options: Unpack[Levels]
) -> list[Map]: ...
@overload
def load_image(
    picture: Many, fit: int | None = None, *, errors: Literal["return"], **options: Unpack[Levels]
) -> list[Map | XoCnnError]: ...
def load_image(
    picture: One | Array | Many,
    fit: int | None = None,
    *,
    threshold: Threshold = "auto",
    grey: bool = False,
    ink: Ink | None = None,
    max_pixels: int = MAX_PIXELS,
    errors: Errors = "raise",
) -> Map | list[Map] | list[Map | XoCnnError]:
    """Read a picture as a grid: each pixel is a cell, 1 where it is white and -1 where it is black.

    `picture` is a path, an open binary file or its bytes, a Pillow image, an array of levels (uint8, rows × columns,
    or rows × columns × 3 or 4 with colours), or a grid (a Map, or cells in [-1, 1]). Any iterable of them, or a stack,
    gives a list. With `fit` the letter is found, cropped and stretched to fit × fit cells, in which ink is 1.

    A pixel is white at or above `threshold` (0 to 255, by default Otsu's). With `grey`, levels are kept, spread over
    [-1, 1]. `ink` ("white", "black" or "auto") says which side becomes 1: by default white, or the ink with `fit`.

    Raises ImageError for a picture that cannot be read, has the wrong scale or more than `max_pixels` pixels,
    GridError for a file with an invalid grid, and OptionError for an argument outside its range. With
    `errors="return"`, a list has a picture's error in the place of its grid.

    >>> load_image(np.array([[0, 255, 255], [255, 0, 255]], dtype=np.uint8)).values.tolist()
    [[-1, 1, 1], [1, -1, 1]]
    """
    if fit is not None and grey:
        raise OptionError("fit separates ink from paper and grey keeps all levels; use one of them")
    reader = Reader(threshold, ink or ("white" if fit is None else "auto"), max_pixels)

    def load(one: Any, name: str | None) -> Map:
        if fit is None:
            return reader.grid(one, name, grey=grey)
        return Map(stem(one), reader.fitted(one, fit, name).grid)

    grids: Map | list[Map] = for_each(picture, load, errors)
    return grids


@overload
def classify(  # type: ignore[overload-overlap]
    picture: One, network: Net = "xo", *, errors: Literal["raise"] = "raise", **options: Unpack[Fitting]
) -> Verdict: ...
@overload
def classify(picture: Array, network: Net = "xo", *, errors: Errors = "raise", **options: Unpack[Fitting]) -> Any: ...
@overload
def classify(
    picture: Many, network: Net = "xo", *, errors: Literal["raise"] = "raise", **options: Unpack[Fitting]
) -> list[Verdict]: ...
@overload
def classify(
    picture: Many, network: Net = "xo", *, errors: Literal["return"], **options: Unpack[Fitting]
) -> list[Verdict | XoCnnError]: ...
def classify(
    picture: One | Array | Many,
    network: Net = "xo",
    *,
    threshold: Threshold = "auto",
    ink: Ink = "auto",
    max_pixels: int = MAX_PIXELS,
    no_fit: bool = False,
    errors: Errors = "raise",
) -> Verdict | list[Verdict] | list[Verdict | XoCnnError]:
    """Classify a picture, or each of any number of pictures, as `xo-cnn classify` does: fit, convolve, pool and vote.

    `picture` and the keywords are what `load_image` takes; a grid of the network's size is taken as it is, and with
    `no_fit` a picture of that size too, one pixel per cell. `network` is an installed name, a path, or a Network.
    Raises what `load_image` raises, and NetworkError.

    >>> strokes = np.eye(20, dtype=np.uint8)
    >>> str(classify(255 * (strokes | strokes[::-1])))
    'X'
    """
    loaded = as_network(network)
    reader = Reader(threshold, ink, max_pixels, no_fit)
    fitted = for_each(picture, lambda one, name: reader.fitted(one, loaded.side, name), errors)
    if isinstance(fitted, Fitted):
        return loaded.classify(fitted.grid)
    verdicts = iter(loaded.classify_all([one.grid for one in fitted if isinstance(one, Fitted)]))
    return [next(verdicts) if isinstance(one, Fitted) else one for one in fitted]


@overload
def compare(picture: One | Array, exemplars: One) -> int: ...  # type: ignore[overload-overlap]
@overload
def compare(picture: One | Array, exemplars: Array) -> Any: ...
@overload
def compare(picture: One | Array, exemplars: Many) -> list[int]: ...
def compare(picture: One | Array, exemplars: One | Array | Many) -> int | list[int]:
    """Count the cells in which a picture and an exemplar of the same size agree, the naive way to tell letters.

    Pictures are read as `load_image` reads them; any iterable of exemplars, or a stack, gives a list of counts.
    Raises ShapeError if the sizes differ, GridError for cells outside [-1, 1], and what `load_image` raises.

    >>> compare([[1, -1], [-1, 1]], [[1, -1], [1, 1]])
    3
    """
    reader = Reader(ink="white")

    def cells(one: Any, name: str | None) -> Map:
        is_grid = isinstance(one, (list, tuple)) or (hasattr(one, "__array__") and not hasattr(one, "getbands"))
        return as_map(one) if is_grid else reader.grid(one, name)

    image = cells(picture, None)
    counts: int | list[int] = for_each(exemplars, lambda one, name: agreement(image, cells(one, name)))
    return counts


def for_each(picture: Any, work: Callable[[Any, str | None], T], errors: Errors = "raise") -> Any:
    """What some work gives for one picture, or a list of what it gives for each of several.

    It is called with the picture and the name that errors give it, None where it has one of its own. Raises
    OptionError for other `errors` than "raise" and "return".

    >>> for_each(iter(["a.png", "b.png"]), lambda picture, name: picture)
    ['a.png', 'b.png']
    """
    one_of("errors", errors, "raise", "return")
    if not is_several(picture):
        return work(picture, None)

    def outcome(one: Any, number: int) -> T | XoCnnError:
        name = None if isinstance(one, (str, PathLike)) or hasattr(one, "name") else f"picture {number}"
        try:
            return work(one, name)
        except XoCnnError as error:
            if errors == "raise":
                raise
            return error

    return [outcome(one, number) for number, one in enumerate(picture, start=1)]


def outcomes(paths: Sequence[str], work: Callable[[str], T]) -> list[T | XoCnnError]:
    """What some work gives for each path, or the error that says why it gives nothing.

    >>> outcomes(["a"], len)
    [1]
    """
    found: list[T | XoCnnError] = for_each(paths, lambda path, _: work(path), "return")
    return found


def is_several(picture: Any) -> bool:
    """Tell several pictures from one: a list of rows is one grid, any other iterable (or a stack) is several.

    >>> is_several(["x.png", "o.png"]), is_several([[1, -1], [-1, 1]]), is_several([]), is_several(b"GIF")
    (True, False, True, False)
    """
    if isinstance(picture, (str, bytes, bytearray, memoryview, dict, Map, Image.Image)):
        return False
    if hasattr(picture, "__array__"):  # arrays, and columns of tables with their paths
        array = np.asarray(picture)
        if array.dtype.kind in "OUT":
            return array.ndim == 1
        # of bytes, three numbers to a cell are its colours, and anything else a stack
        return array.ndim == 4 or (array.ndim == 3 and (array.dtype != np.uint8 or array.shape[2] not in (3, 4)))
    if isinstance(picture, (list, tuple)):
        return not (picture and isinstance(picture[0], (list, tuple, np.ndarray)) and depth(picture[0]) == 1)
    return isinstance(picture, Iterable) and not hasattr(picture, "read")
