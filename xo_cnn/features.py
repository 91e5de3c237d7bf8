"""Features: small grids in text files, the pieces that a network looks for in an image."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from functools import lru_cache
from os.path import dirname, exists, isfile, join
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from xo_cnn.catalogue import find_feature, installed, read_whole
from xo_cnn.convolution import convolve_with
from xo_cnn.errors import FeatureError, GridError, OutputError
from xo_cnn.formats.maps import read_grid, write_maps
from xo_cnn.grid import Array, Grids, Map, Rows, as_map, one_or_several
from xo_cnn.limits import MAX_DRAWING, MAX_FEATURE
from xo_cnn.words import in_signs, stem

# A feature by its file, by the name of an installed one, or by a drawing of it.
Named: TypeAlias = "str | os.PathLike[str]"


def load_feature(source: str | os.PathLike[str]) -> Map:
    """Read one feature: a file by its path, an installed one by its name, or a drawing such as `#../.#./..#`.

    A feature file holds a grid of numbers in [-1, 1], or rows of such a drawing, in which `#` is 1 and `.` is -1.
    The feature's name is the file's name without extension; that of a drawing is its rows joined by `_`.

    Raises FeatureError, with the file and the line, for anything else.

    >>> np.asarray(load_feature("diag"))
    array([[ 1, -1, -1],
           [-1,  1, -1],
           [-1, -1,  1]], dtype=int8)
    """
    given = os.fspath(source)
    return _drawn(given, given) if is_drawing(given) else read_feature(find_feature(given))


def read_feature(file: str) -> Map:
    """Read a feature file by its path; raises FeatureError as `load_feature` does."""
    return _read_installed(file) if dirname(file) == installed() else _read(file)


def _read(file: str) -> Map:
    data = read_whole(file, MAX_FEATURE, "feature", FeatureError)
    text = data.decode("utf-8-sig", "replace")
    sums = (_drawn(text, file) if _marks_only(text) else _numbers(data, file)).sums
    sums.setflags(write=False)  # what is kept, here or by a network, stays as it was read
    return Map(stem(file), sums)


# What ships is read once, by whichever network names it.
_read_installed = lru_cache(maxsize=64)(_read)


def load_features(folder: str | os.PathLike[str]) -> list[Map]:
    """Read every feature file NAME.txt of a folder, in the order of their names.

    Raises FeatureError for a folder without any, and for the first file that is not a feature.
    """
    root = os.fspath(folder)
    try:
        names = sorted(name for name in os.listdir(root) if name.endswith(".txt"))
    except OSError as error:
        raise FeatureError(f"not a folder that can be read: {error.strerror}", root) from error
    if not names:
        raise FeatureError("holds no feature files; their names end in .txt", root)
    files = [join(root, name) for name in names]
    for file in files:
        if not isfile(file):  # nothing waits for what a FIFO may bring
            raise FeatureError("not a regular file", file)
    return [read_feature(file) for file in files]


def feature_text(feature: Map) -> str:
    """The text of a feature file, in the shortest numbers that read back to the same float32.

    >>> print(feature_text(Map("", np.array([[1, -0.25], [0, 1]]))), end="")
        1 -0.25
        0     1
    """
    stream = io.BytesIO()
    write_maps([Map("", feature.values)], "text", stream)
    return stream.getvalue().decode()


def missing_beside(features: Sequence[Map], folder: str) -> list[Map]:
    """Those of some features that have no file NAME.txt in a folder yet.

    Raises OutputError where such a file holds other cells.
    """
    missing = []
    for feature in features:
        beside = join(folder, f"{feature.name}.txt")
        if not exists(beside):
            missing.append(feature)
        elif not np.array_equal(load_feature(beside).values, feature.values):
            raise OutputError("already exists with different cells; rename one of the two features", beside)
    return missing


def save_with_features(path: str, text: str, missing: Sequence[Map]) -> None:
    """Save the features that are `missing` beside a network file, each as NAME.txt, and then the file itself."""
    from xo_cnn.formats.saving import save_text  # who only reads features does not wait for it

    for feature in missing:
        save_text(join(dirname(path), f"{feature.name}.txt"), feature_text(feature))
    save_text(path, text)


def feature_drawing(feature: Map) -> str:
    """A feature's cells as a drawing: `#` for 1, `.` for -1, `o` for any other number; `/` between rows.

    >>> feature_drawing(load_feature("diag"))
    '#../.#./..#'
    """
    return "/".join("".join(map(in_signs, row)) for row in feature.values.tolist())


def is_drawing(source: str) -> bool:
    """Whether this is a drawing of `#` and `.`, and not a path such as `..`."""
    return _marks_only(source) and not exists(source)


def _marks_only(text: str) -> bool:
    return bool({"#", "."} & set(text)) and set(text) <= set("#./ \t\r\n")


def _drawn(text: str, source: str) -> Map:
    if len(text) > MAX_DRAWING:
        raise FeatureError(f"a drawing of more than {MAX_DRAWING >> 20} MiB; write a large feature as numbers", source)
    rows = text.replace("/", "\n").split()
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1:
        raise FeatureError(f"the rows of a drawing must have one length, not {lengths[0]} and {lengths[-1]}", source)
    cells = np.array([[1 if mark == "#" else -1 for mark in row] for row in rows], dtype=np.int8)
    return Map("_".join(rows), cells)


def _numbers(data: bytes, source: str) -> Map:
    try:
        feature = read_grid(io.BytesIO(data), source)
    except GridError as error:
        raise FeatureError(error.message, error.source).naming(source) from error
    outside = (feature.sums > 1) | (feature.sums < -1)
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise FeatureError(
            f"row {row + 1}, column {column + 1} holds {feature.sums[row, column]:.9g}; "
            "a feature's cells lie between -1 (black) and 1 (white)",
            source,
        )
    return feature


@overload
def convolve(  # type: ignore[overload-overlap]  # a str is a sequence of str too
    grid: Map | ArrayLike, features: Map | Rows | Named
) -> Map: ...
@overload
def convolve(grid: Map | ArrayLike, features: Grids | Sequence[Named]) -> list[Map]: ...
@overload
def convolve(grid: Map | ArrayLike, features: Array) -> Any: ...
def convolve(grid: Map | ArrayLike, features: Map | Rows | Grids | Array | Named | Sequence[Named]) -> Map | list[Map]:
    """Match features with every patch of an image; each gives a filtered map with 1 where it fits perfectly.

    A grid of HxW cells and a feature of hxw give a map of (H-h+1)x(W-w+1), named after the feature: at every position
    the cells are multiplied one by one, added, and divided by the number of cells in the feature. A list of features
    (or a stack) gives a list of maps. Sums of 1, 0 and -1 are exact; other numbers add up in float32, or in float64 if
    they come as such.

    Raises ShapeError if a feature is larger than the image, or something is not a grid of numbers, and GridError for
    cells outside [-1, 1]; for names, what `load_feature` raises.

    >>> diagonal = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    >>> convolve([[1, -1, -1, -1], [-1, 1, -1, -1], [-1, -1, 1, -1]], diagonal).values
    array([[ 1.        , -0.11111111]], dtype=float32)
    """
    image = as_map(grid, "an image's grid")

    def named(one: Any) -> Any:
        return load_feature(one) if isinstance(one, str | os.PathLike) else one

    given = [named(one) for one in features] if isinstance(features, list | tuple) else named(features)
    wanted, several = one_or_several(given, "a feature")
    maps = convolve_with([], image, wanted)
    return maps if several else maps[0]
