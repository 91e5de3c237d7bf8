"""The catalogue: which features and networks are installed, and which file a name stands for."""

from __future__ import annotations

import os
from os.path import basename, dirname, exists, isdir, join

from xo_cnn.errors import FeatureError, NetworkError
from xo_cnn.words import nearest, stem

PACKAGE = dirname(__file__)
READING = "reading.toml"  # lies beside the networks and is none: the votes that choose how a picture is read


def installed() -> str:
    """The folder of the features and networks that ship: in a clone beside the package, in a wheel inside it."""
    inside, beside = join(PACKAGE, "shipped"), join(dirname(PACKAGE), "features")
    return beside if isdir(beside) and not isdir(inside) else inside


def contents(file: str, most: int = -1) -> bytes:
    """At most so many bytes of a file, which may be an installed one; raises what `open` raises."""
    folder = installed()
    if dirname(file) == folder and not isdir(folder):  # in a zip application, which no path leads into
        from importlib.resources import files

        return files("xo_cnn").joinpath(basename(folder), basename(file)).read_bytes()[: most if most >= 0 else None]
    with open(file, "rb") as stream:
        return stream.read(most)


def feature_names() -> list[str]:
    """The names of the installed features, in order."""
    return _names(".txt")


def network_names() -> list[str]:
    """The names of the installed networks, in order."""
    return [name for name in _names(".toml") if name != stem(READING)]


def find_feature(path: str | os.PathLike[str]) -> str:
    """A feature file by its path or installed name; FeatureError suggests the nearest name."""
    given = os.fspath(path)
    found = _find(given, ".txt")
    if found is None:
        raise FeatureError(f"neither a file nor an installed feature; {nearest(stem(given), feature_names())}", given)
    return found


def find_network(path: str | os.PathLike[str]) -> str:
    """A network file by its path or installed name; NetworkError suggests the nearest name."""
    given = os.fspath(path)
    found = _find(given, ".toml")
    if found is None:
        raise NetworkError(f"neither a file nor an installed network; {nearest(stem(given), network_names())}", given)
    return found


def _names(ending: str) -> list[str]:
    return sorted(stem(name) for name in _files() if name.endswith(ending))


def _files() -> list[str]:
    folder = installed()
    if isdir(folder):
        return os.listdir(folder)
    from importlib.resources import files

    return [entry.name for entry in files("xo_cnn").joinpath(basename(folder)).iterdir()]


def _find(given: str, ending: str) -> str | None:
    # A bare name means what is installed; with its extension, a file in the current folder takes precedence.
    here = exists(given) and not isdir(given)
    if basename(given) != given or (here and given.endswith(ending)):
        return given
    for name in (given, given + ending):
        if name.endswith(ending) and name in _files():
            return join(installed(), name)
    return given if exists(given) else None
