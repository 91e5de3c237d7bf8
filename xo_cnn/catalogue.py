"""The catalogue: which features and networks are installed, and how a name finds its file."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path

from xo_cnn.errors import FeatureError, NetworkError

PACKAGE = Path(__file__).parent


def installed() -> Path:
    """The folder of the features and networks that ship: in a wheel inside the package, in a clone beside it."""
    inside = PACKAGE / "shipped"
    return inside if inside.is_dir() else PACKAGE.parent / "features"


def feature_names() -> list[str]:
    """The names of the installed features, in order."""
    return sorted(path.stem for path in installed().glob("*.txt"))


def network_names() -> list[str]:
    """The names of the installed networks, in order."""
    return sorted(path.stem for path in installed().glob("*.toml"))


def nearest(name: str, names: list[str]) -> str:
    """A hint for a name that is none of `names`: the nearest, or else all of them."""
    from difflib import get_close_matches  # only a slip has to wait for it

    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"


def find_feature(path: str | PathLike[str]) -> Path:
    """A feature file by its path or installed name; FeatureError suggests the nearest name."""
    found = _find(path, ".txt")
    if found is None:
        raise FeatureError(f"{fspath(path)}: is no file and no installed feature; {_near(path, feature_names())}")
    return found


def find_network(path: str | PathLike[str]) -> Path:
    """A network file by its path or installed name; NetworkError suggests the nearest name."""
    found = _find(path, ".toml")
    if found is None:
        raise NetworkError(f"{fspath(path)}: is no file and no installed network; {_near(path, network_names())}")
    return found


def _find(path: str | PathLike[str], ending: str) -> Path | None:
    given = Path(path)
    if len(given.parts) != 1 or given.exists():
        return given
    for name in (given.name, given.name + ending):
        if name.endswith(ending) and (installed() / name).is_file():
            return installed() / name
    return None


def _near(path: str | PathLike[str], names: list[str]) -> str:
    return nearest(Path(path).stem, names)
