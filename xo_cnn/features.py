"""Features: small grids in text files, the pieces that a network looks for in an image."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np

from xo_cnn.catalogue import find_feature
from xo_cnn.errors import FeatureError, GridError
from xo_cnn.grids import read_grid
from xo_cnn.maps import Map


def load_feature(path: str | PathLike[str]) -> Map:
    """Read one feature file, by its path or by the name of an installed one; its name is the file's stem.

    Raises FeatureError, naming the file and the line, unless it is one grid of finite numbers in [-1, 1].

    >>> import numpy
    >>> numpy.asarray(load_feature("diag"))
    array([[ 1, -1, -1],
           [-1,  1, -1],
           [-1, -1,  1]], dtype=int8)
    """
    file = find_feature(path)
    try:
        with file.open("rb") as stream:
            feature = read_grid(stream, str(file))
    except GridError as error:
        raise FeatureError(str(error)) from error
    except OSError as error:
        raise FeatureError(f"{file}: cannot be read: {error.strerror}") from error
    outside = np.abs(feature.sums) > 1
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise FeatureError(
            f"{file}: row {row + 1}, column {column + 1} holds {feature.sums[row, column]:g}; "
            "a feature's cells lie between -1 (black) and 1 (white)"
        )
    return Map(file.stem, feature.sums)


def load_features(folder: str | PathLike[str]) -> list[Map]:
    """Read every feature file NAME.txt of a folder, in the order of their names.

    Raises FeatureError for a folder that has none, and for the first file that is no feature.
    """
    root = Path(folder)
    try:
        files = sorted(path for path in root.iterdir() if path.suffix == ".txt")
    except OSError as error:
        raise FeatureError(f"{root}: is no folder that can be read: {error.strerror}") from error
    if not files:
        raise FeatureError(f"{root}: holds no feature files; they end in .txt")
    return [load_feature(file) for file in files]
