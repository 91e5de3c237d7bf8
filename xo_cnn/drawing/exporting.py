"""Saving what the stages give, in the format that a file's extension names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from os.path import basename, dirname, splitext

from numpy.typing import ArrayLike

from xo_cnn.errors import OutputError
from xo_cnn.features import missing_beside, save_with_features
from xo_cnn.formats import EXTENSIONS
from xo_cnn.formats.maps import write_maps
from xo_cnn.formats.saving import save_text, write_file
from xo_cnn.grid import Map, one_or_several
from xo_cnn.network import Network

DATA = {ending: form for form, endings in EXTENSIONS.items() for ending in endings}
PICTURES = (".png", ".pgm", ".svg")


def save(result: Network | Map | ArrayLike | Sequence[Map | ArrayLike], path: str | os.PathLike[str]) -> None:
    r"""Save a grid, a map or a list of maps as .txt, .json, .csv, .npy, .npz, .png, .pgm or .svg; a Network as .toml.

    A .png or .pgm holds one map, one pixel per cell, -1 black and 1 white. The features of a network that are not
    beside its file yet are saved there too. The file is written whole or not at all.

    Raises OutputError for another extension or a file that cannot be written, and GridError for maps that the format
    cannot hold.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save([[1, -1], [-1, 1]], f"{folder}/diag.txt")
    ...     Path(folder, "diag.txt").read_text()
    ' 1 -1\n-1  1\n'
    """
    target = os.fspath(path)
    ending = splitext(target)[1].lower()
    if isinstance(result, Network):
        if ending != ".toml":
            raise OutputError("a network is saved as .toml", target)
        missing = missing_beside(result.features, dirname(target))
        save_with_features(target, result.text(f"The network {basename(result.name)}."), missing)
        return
    maps, _ = one_or_several(result, "a grid")
    if ending in DATA:
        write_file(target, partial(write_maps, maps, DATA[ending]))
    elif ending not in PICTURES:
        raise OutputError(f"unknown extension; use {', '.join([*DATA, *PICTURES])}", target)
    elif ending == ".svg":
        from xo_cnn.drawing.svg import maps_svg

        save_text(target, maps_svg(maps))
    elif len(maps) != 1:
        raise OutputError(f"{len(maps)} maps make {len(maps)} pictures; save them one by one, or as .svg", target)
    else:
        from xo_cnn.drawing.picture import write_picture

        write_file(target, lambda stream: write_picture(maps[0], stream, ending[1:], 1, "grey"))
