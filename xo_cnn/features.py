"""Features: small grids in text files, the pieces that a network looks for; and where they are installed."""

from __future__ import annotations

import difflib
from os import PathLike, fspath
from pathlib import Path

import numpy as np

from xo_cnn.errors import FeatureError, GridError, NetworkError
from xo_cnn.grids import read_grid
from xo_cnn.maps import Map

PACKAGE = Path(__file__).parent


def installed() -> Path:
    """The folder of the features and networks that ship: in a wheel inside the package, in a clone beside it."""
    inside = PACKAGE / "installed"
    return inside if inside.is_dir() else PACKAGE.parent / "features"


def feature_names() -> list[str]:
    """The names of the installed features, in order."""
    return sorted(path.stem for path in installed().glob("*.txt"))


def network_names() -> list[str]:
    """The names of the installed networks, in order."""
    return sorted(path.stem for path in installed().glob("*.toml"))


def find(path: str | PathLike[str], ending: str) -> Path | None:
    """A file by its path, or else an installed one by its name, with or without the ending."""
    given = Path(path)
    if given.exists() or len(given.parts) != 1:
        return given
    for name in (given.name, given.name + ending):
        if name.endswith(ending) and (installed() / name).is_file():
            return installed() / name
    return None


def _unknown(path: str | PathLike[str], what: str, names: list[str]) -> str:
    name = Path(path).stem
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"installed are {', '.join(names)}"
    return f"{fspath(path)}: there is no such file, and no installed {what} of that name; {hint}"


def find_feature(path: str | PathLike[str]) -> Path:
    """A feature file by its path or installed name; FeatureError suggests the nearest name."""
    found = find(path, ".txt")
    if found is None:
        raise FeatureError(_unknown(path, "feature", feature_names()))
    return found


def find_network(path: str | PathLike[str]) -> Path:
    """A network file by its path or installed name; NetworkError suggests the nearest name."""
    found = find(path, ".toml")
    if found is None:
        raise NetworkError(_unknown(path, "network", network_names()))
    return found


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
