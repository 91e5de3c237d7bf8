"""The catalogue: which features and networks are installed, and how a name finds its file."""

from __future__ import annotations

import os
from os.path import basename, dirname, exists, isdir, isfile, join, splitext

from xo_cnn.errors import FeatureError, NetworkError

PACKAGE = dirname(__file__)


def installed() -> str:
    """The folder of the features and networks that ship: in a wheel inside the package, in a clone beside it."""
    inside = join(PACKAGE, "shipped")
    return inside if isdir(inside) else join(dirname(PACKAGE), "features")


def feature_names() -> list[str]:
    """The names of the installed features, in order."""
    return _names(".txt")


def network_names() -> list[str]:
    """The names of the installed networks, in order."""
    return _names(".toml")


def nearest(name: str, names: list[str]) -> str:
    """A hint for a name that is none of `names`: the nearest, or else all of them."""
    from difflib import get_close_matches  # only a slip has to wait for it

    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"


def find_feature(path: str | os.PathLike[str]) -> str:
    """A feature file by its path or installed name; FeatureError suggests the nearest name."""
    given = os.fspath(path)
    found = _find(given, ".txt")
    if found is None:
        raise FeatureError(f"{given}: is no file and no installed feature; {nearest(_stem(given), feature_names())}")
    return found


def find_network(path: str | os.PathLike[str]) -> str:
    """A network file by its path or installed name; NetworkError suggests the nearest name."""
    given = os.fspath(path)
    found = _find(given, ".toml")
    if found is None:
        raise NetworkError(f"{given}: is no file and no installed network; {nearest(_stem(given), network_names())}")
    return found


def _names(ending: str) -> list[str]:
    return sorted(_stem(name) for name in os.listdir(installed()) if name.endswith(ending))


def _stem(path: str) -> str:
    return splitext(basename(path))[0]


def _find(given: str, ending: str) -> str | None:
    # A bare name means what is installed, whatever lies about here; with its ending a file here goes first.
    here = exists(given) and not isdir(given)
    if basename(given) != given or (here and given.endswith(ending)):
        return given
    for name in (given, given + ending):
        if name.endswith(ending) and isfile(join(installed(), name)):
            return join(installed(), name)
    return given if exists(given) else None
