"""The catalogue: which features and networks are installed, and which file a name stands for."""

from __future__ import annotations

import os
import stat
from os.path import basename, dirname, exists, isdir, join

from xo_cnn.errors import FeatureError, NetworkError, XoCnnError
from xo_cnn.words import nearest, stem

PACKAGE = dirname(__file__)
READING = "reading.toml"  # beside the networks, but not one of them: votes that choose how a picture is read


def installed() -> str:
    """The folder of the features and networks that ship: in a clone beside the package, in a wheel inside it."""
    inside, beside = join(PACKAGE, "shipped"), join(dirname(PACKAGE), "features")
    return beside if isdir(beside) and not isdir(inside) else inside


def opener(path: str, flags: int) -> int:
    """What `open` takes to open a file: it waits for nobody to write into a pipe; OSError where nobody does."""
    number = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(mode := os.fstat(number).st_mode):
        try:
            if stat.S_ISFIFO(mode) and not _has_writer(number):
                raise OSError(None, "nothing is written into this pipe")
            os.set_blocking(number, True)
        except BaseException:
            os.close(number)
            raise
    return number


def _has_writer(pipe: int) -> bool:
    """Whether there is something to read in a pipe, or within a second someone who may still write."""
    from select import select

    if select([pipe], [], [], 1)[0]:
        return True
    try:
        os.read(pipe, 1)  # nothing, where nobody has the other end
    except BlockingIOError:
        return True
    return False


def read_whole(file: str, most: int, what: str, error: type[XoCnnError]) -> bytes:
    """The bytes of a feature or network file; raises `error` where it cannot be read, or has more than `most` bytes."""
    folder = installed()
    try:
        if dirname(file) == folder and not isdir(folder):  # in a zip application, which no path leads into
            from importlib.resources import files

            return files("xo_cnn").joinpath(basename(folder), basename(file)).read_bytes()
        with open(file, "rb", opener=opener) as stream:
            data = stream.read(most + 1)
    except (OSError, ValueError) as cause:
        raise error(f"cannot be read: {getattr(cause, 'strerror', None) or cause}", file) from cause
    if len(data) > most:
        raise error(f"larger than {most >> 20} MiB, the limit for a {what} file", file)
    return data


def feature_names() -> list[str]:
    """The names of the installed features, in order."""
    return _names(".txt")


def network_names() -> list[str]:
    """The names of the installed networks, in order."""
    return _names(".toml")


def find_feature(path: str | os.PathLike[str]) -> str:
    """A feature file by its path or installed name; FeatureError suggests the nearest name."""
    return _find(os.fspath(path), ".txt", "feature", FeatureError)


def find_network(path: str | os.PathLike[str]) -> str:
    """A network file by its path or installed name; NetworkError suggests the nearest name."""
    return _find(os.fspath(path), ".toml", "network", NetworkError)


def _names(ending: str) -> list[str]:
    return sorted(stem(name) for name in _files() if name.endswith(ending) and name != READING)


def _files() -> list[str]:
    folder = installed()
    if isdir(folder):
        return os.listdir(folder)
    from importlib.resources import files

    return [entry.name for entry in files("xo_cnn").joinpath(basename(folder)).iterdir()]


def _find(given: str, ending: str, what: str, error: type[XoCnnError]) -> str:
    # A bare name means what is installed; with its extension, a file in the current folder takes precedence.
    here = exists(given) and not isdir(given)
    if basename(given) != given or (here and given.endswith(ending)):
        return given
    name = given.removesuffix(ending) + ending
    if name in _files():
        return join(installed(), name)
    if not exists(given):
        raise error(f"neither a file nor an installed {what}; {nearest(stem(given), _names(ending))}", given)
    return given
