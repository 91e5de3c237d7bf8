"""Features: small grids in text files, the pieces that a network looks for in an image."""

from __future__ import annotations

import os
from os.path import basename, join, splitext

import numpy as np

from xo_cnn.catalogue import find_feature
from xo_cnn.errors import FeatureError, GridError
from xo_cnn.formats.maps import read_grid
from xo_cnn.grid import Map


def load_feature(path: str | os.PathLike[str]) -> Map:
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
        with open(file, "rb") as stream:
            feature = read_grid(stream, file)
    except GridError as error:
        raise FeatureError(str(error)) from error
    except (OSError, ValueError) as error:
        raise FeatureError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    outside = np.abs(feature.sums) > 1
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise FeatureError(
            f"{file}: row {row + 1}, column {column + 1} holds {feature.sums[row, column]:.9g}; "
            "a feature's cells lie between -1 (black) and 1 (white)"
        )
    return Map(splitext(basename(file))[0], feature.sums)


def load_features(folder: str | os.PathLike[str]) -> list[Map]:
    """Read every feature file NAME.txt of a folder, in the order of their names.

    Raises FeatureError for a folder that has none, and for the first file that is no feature.
    """
    root = os.fspath(folder)
    try:
        names = sorted(name for name in os.listdir(root) if name.endswith(".txt"))
    except OSError as error:
        raise FeatureError(f"{root}: is no folder that can be read: {error.strerror}") from error
    if not names:
        raise FeatureError(f"{root}: holds no feature files; they end in .txt")
    return [load_feature(join(root, name)) for name in names]
